"""Reading figures 指标: what each means, its values as the public sees them, and, with the right, the rows it counts."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from ninja import Field, Path, Query, Router, Schema

from gongkai import figure
from gongkai.figure import Ask, Figure
from gongkai.ledger import clock
from gongkai.organs.models import Body
from gongkai.organs.queries import counted
from gongkai.reporting import queries, rows, showing, years
from gongkai.reporting.content import plain
from gongkai.ui.addresses import origin

from . import paging, tables
from .callers import caller
from .paging import Order, Paging
from .records import REFUSALS
from .refusals import Refusal

router = Router()
_TEXT = r"^[^\u0000]*$"
_NAME = r"^[A-Za-z0-9_.-]{1,80}$"


class FigureTold(Schema):
    """A figure and its definition."""

    id: str
    label: str
    unit: str
    definition: str
    article: str = Field(description="依据的条款；年度报告表格以外的为空")
    url: str


class Figures(Schema):
    """Every figure."""

    total: int
    figures: list[FigureTold]


class Value(Schema):
    """A value of a figure for a body and a year."""

    body: str
    body_name: str
    year: int
    as_of: date = Field(description="统计到哪一天")
    value: int | str = Field(description="件数为数字；金额和比率为文字，以保持精确")
    report: str | None = Field(description="取自哪份年度报告；还没有报告、由台账统计的为空")


class FigureValues(FigureTold):
    """A figure with its values."""

    year: int
    values: list[Value]


class Period(Schema):
    """Which days are counted."""

    since: date | None = Field(None, description="期间的第一天，默认今年 1 月 1 日")
    until: date | None = Field(None, description="期间的最后一天，默认今天")


class Row(Schema):
    """A row that a figure counts: nothing personal."""

    key: str
    told: dict[str, Any]


class Rows(Schema):
    """A page of rows."""

    total: int
    next: str | None = Field(description="下一页的地址；最后一页为空")
    columns: dict[str, str] = Field(description="told 里各项的名称")
    rows: list[Row]


def _told(one: Figure, site: str) -> dict[str, Any]:
    url = site + reverse("portal:reporting:figure", args=[one.id])
    told = {name: getattr(one, name) for name in ("id", "label", "unit", "definition")}
    return told | {"article": showing.article_of(one.id), "url": url}


def _figure(name: str) -> Figure:
    try:
        return queries.figure_named(name)
    except LookupError:
        raise Refusal(404, [("name", "没有这个指标，可用的见 /api/v1/figures")]) from None


@router.get("/figures", response={200: Figures, **REFUSALS}, summary="全部指标", operation_id="list_figures")
def list_figures(request: HttpRequest, q: str = Query("", max_length=80, pattern=_TEXT)) -> Any:
    """全部指标及其定义；q 在标识、名称和定义中查找。"""
    found = [_told(one, origin(request)) for one in _asked(q)]
    return {"total": len(found), "figures": found}


def _asked(q: str) -> list[Figure]:
    words = q.lower().split()
    return [o for o in figure.figures() if all(w in f"{o.id} {o.label} {o.definition}".lower() for w in words)]


@router.get(
    "/figures.csv", response=REFUSALS, summary="全部指标（CSV）", operation_id="figures_csv",
    openapi_extra=tables.DOCUMENTED,
)  # fmt: skip
def figures_csv(request: HttpRequest, q: str = Query("", max_length=80, pattern=_TEXT)) -> Any:
    """同样的列表。"""
    site = origin(request)
    return tables.table("figures", FigureTold, (_told(one, site) for one in _asked(q)))


@router.get("/figures/{name}", response={200: FigureValues, **REFUSALS}, summary="一个指标", operation_id="show_figure")
def show_figure(
    request: HttpRequest,
    name: str = Path(..., pattern=_NAME),
    year: int | None = Query(None, ge=1900, le=2200, description="年度，默认最近有数据的一年"),
    body: str = Query("", max_length=32, pattern=_TEXT, description="机关的标识，默认全部"),
) -> Any:
    """定义，以及各机关一个年度的数值：已公布年度报告的取自报告，报告期限届满以前由台账统计到昨天。"""
    one, known = _figure(name), years.known()
    asked = year or next(iter(known), clock.today().year)
    standings: Sequence[years.Standing] = ()
    if asked in known:
        standings = years.of_year(asked, [figure.family_of(name).name]).standings
    site = origin(request)
    values = [_value(found, name, site) for found in standings if not body or found.body.key == body]
    return _told(one, site) | {"year": asked, "values": [told for told in values if told]}


def _value(found: years.Standing, name: str, site: str) -> dict[str, Any] | None:
    if name not in found.values:
        return None
    report = reverse("portal:reporting:report", args=[found.body.key, found.year]) if found.report else ""
    return {
        "body": found.body.key,
        "body_name": found.body.name,
        "year": found.year,
        "as_of": found.as_of,
        "value": plain(found.values[name]),
        "report": site + report if report else None,
    }


@router.get(
    "/figures/{name}/rows", response={200: Rows, 401: REFUSALS[404], 403: REFUSALS[404], **REFUSALS},
    summary="指标所计的各项", operation_id="figure_rows",
)  # fmt: skip
def figure_rows(
    request: HttpRequest,
    of: Query[Paging],
    during: Query[Period],
    name: str = Path(..., pattern=_NAME),
    body: str = Query(..., max_length=32, pattern=_TEXT, description="机关的标识（含由它一并报告的）"),
) -> Any:
    """须有 figures 范围的令牌。列出期间内这个指标所计的各项，不含个人信息。"""
    who = caller(request)
    if who.token is None:
        raise Refusal(401, [("Authorization", "查看明细须有 figures 范围的令牌")], WWW_Authenticate="Bearer")
    if not who.may("figures"):
        raise Refusal(403, [("Authorization", "这个令牌的范围不含 figures（查看指标明细）")])
    _figure(name)
    row = Body.objects.filter(key=body).first()
    if row is None:
        raise Refusal(422, [("body", "没有这个机关，可用的见 /api/v1/bodies")])
    last = during.until or clock.today()
    first = during.since or date(last.year, 1, 1)
    if not date(1949, 1, 1) <= first <= last <= clock.today() + timedelta(days=1):
        raise Refusal(422, [("since", "期间的第一天不能晚于最后一天，最后一天不能晚于今天")])
    found = figure.rows(Ask(counted(row), first, last), name)
    model = found.model
    key = model._meta.pk.name
    part = paging.part(found.order_by(), Order(key, down=False, day=False), of, key=key)
    table = rows.table_of(model)
    columns = {column: str(one.verbose_name) for column, one in table.base_columns.items()}
    shown = [{"key": str(one.pk), "told": _cells(table, one)} for one in part.rows]
    return paging.answer(request, "rows", found, part, shown) | {"columns": columns}


def _cells(table: Any, row: Any) -> dict[str, Any]:
    bound = table([row]).rows[0]
    return {name: _plain(bound.get_cell_value(name)) for name in table.base_columns}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if not isinstance(value, int | type(None)) or isinstance(value, Decimal) else value
