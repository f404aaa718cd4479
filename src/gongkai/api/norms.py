"""Reading the regulations and normative documents 规章、行政规范性文件 that are public, as they stand on any day."""

from datetime import date
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from gongkai.law.validity import OPEN, status
from gongkai.ledger import clock
from gongkai.library import queries, showing
from gongkai.library.browse import VALIDITY
from gongkai.norms.models import Norm
from gongkai.norms.procedure import KINDS
from gongkai.records.models import Version
from gongkai.ui.addresses import origin

from . import paging, tables
from .paging import Order, Paging
from .records import REFUSALS
from .refusals import Refusal

router = Router()
ORDERS = {
    "-issued_on": Order("issued_on"),
    "issued_on": Order("issued_on", down=False),
    "valid_until": Order("valid_until", down=False),
}
_TEXT, _KEY = r"^[^\u0000]*$", r"^[A-Za-z0-9_-]{1,64}$"


class NormSummary(Schema):
    """A document and what it is on the day asked for."""

    key: str
    url: str
    title: str
    kind: Literal["regulation", "normative_document"]
    kind_label: str
    body: str
    body_name: str
    document_number: str | None
    register_number: str | None
    issued_on: date | None
    effective_on: date | None
    valid_until: date | None = Field(description="有效的最后一天")
    ceased_on: date | None = Field(description="不再有效的第一天")
    ended_how: str | None = Field(description="repealed 废止；lapsed 宣布失效")
    ended_by: str | None
    on: date
    status: str = Field(description="在 on 那一天的状态")
    status_label: str


class Norms(Schema):
    """A page of documents."""

    total: int
    next: str | None = Field(description="下一页的地址；最后一页为空")
    on: date
    norms: list[NormSummary]


class NormText(Schema):
    """One text of a document."""

    number: int
    since: date = Field(description="开始适用的日期")
    by: str | None = Field(description="由哪个文件修改")
    sha256: str
    url: str


class NormWhole(NormSummary):
    """A document with its text of the day."""

    text: str = Field(description="在 on 那一天适用的文本；当时还没有文本的为空")
    texts: list[NormText]


class Asked(Schema):
    """Which documents, on which day."""

    on: date | None = Field(None, description="哪一天的状态，默认今天")
    kind: Literal["", "regulation", "normative_document"] = ""
    body: str = Field("", max_length=32, pattern=_TEXT, description="制定机关的标识")
    validity: Literal["", "in_force", "pending", "expiring", "ended"] = Field("", description="在 on 那一天的有效性")
    since: date | None = Field(None, description="公布日期不早于")
    sort: Literal["-issued_on", "issued_on", "valid_until"] = "-issued_on"


def _rows(asked: Asked, on: date) -> QuerySet[Norm]:
    """What the public may read and was issued by the day."""
    shown = queries.public().filter(subject_kind="norm").order_by().values("key")
    rows = Norm.objects.filter(key__in=shown, issued_on__lte=on).select_related("body")
    rows = rows.filter(kind=asked.kind) if asked.kind else rows
    rows = rows.filter(body=asked.body) if asked.body else rows
    rows = rows.filter(VALIDITY[asked.validity][1](on)) if asked.validity else rows
    return rows.filter(issued_on__gte=asked.since) if asked.since else rows


def _day(asked: date | None) -> date:
    """The day asked for, today by default; a day nobody can know of is refused."""
    on = asked or clock.today()
    if not date(1949, 10, 1) <= on <= date(2200, 12, 31):
        raise Refusal(422, [("on", "“on”应在 1949-10-01 与 2200-12-31 之间")])
    return on


def _told(row: Norm, on: date, site: str) -> dict[str, Any]:
    found = status(row.validity, on)
    return {
        "key": row.key,
        "url": site + showing.address(row.key),
        "title": row.title,
        "kind": row.kind,
        "kind_label": dict(KINDS)[row.kind],
        "body": row.body_id,
        "body_name": row.body.name,
        "document_number": row.document_number or None,
        "register_number": row.register_number or None,
        "issued_on": row.issued_on,
        "effective_on": row.effective_on,
        "valid_until": row.valid_until,
        "ceased_on": row.ceased_on if row.ceased_on != OPEN else None,
        "ended_how": row.ended_how or None,
        "ended_by": row.ended_by or None,
        "on": on,
        "status": found.value,
        "status_label": found.label,
    }


@router.get("/norms", response={200: Norms, **REFUSALS}, summary="规章和行政规范性文件", operation_id="list_norms")
def list_norms(request: HttpRequest, asked: Query[Asked], of: Query[Paging]) -> Any:
    """公开的规章和行政规范性文件，及其在某一天（on）的状态。"""
    on = _day(asked.on)
    rows = _rows(asked, on)
    found = paging.part(rows, ORDERS[asked.sort], of)
    told = [_told(row, on, origin(request)) for row in found.rows]
    return paging.answer(request, "norms", rows, found, told) | {"on": on}


@router.get(
    "/norms.csv", response=REFUSALS, summary="规章和行政规范性文件（CSV）", operation_id="norms_csv",
    openapi_extra=tables.DOCUMENTED,
)  # fmt: skip
def norms_csv(request: HttpRequest, asked: Query[Asked]) -> Any:
    """同样的列表，一次给出全部行。"""
    on, order, site = _day(asked.on), ORDERS[asked.sort], origin(request)
    sign = "-" if order.down else ""
    rows = _rows(asked, on).order_by(f"{sign}{order.column}", f"{sign}key").iterator(chunk_size=tables.CHUNK)
    return tables.table("norms", NormSummary, (_told(row, on, site) for row in rows))


@router.get(
    "/norms/{key}", response={200: NormWhole, **REFUSALS}, summary="一件规章或者规范性文件", operation_id="show_norm"
)
def show_norm(request: HttpRequest, key: str = Path(..., pattern=_KEY), on: date | None = None) -> Any:
    """它在某一天（on）的状态和适用的文本，以及历次文本。"""
    day = _day(on)
    row = _rows(Asked(), date(9999, 12, 31)).filter(key=key).first()
    if row is None:
        raise Refusal(404, [("key", "没有这件公开的规章或者规范性文件，请核对标识")])
    site = origin(request)
    versions = list(Version.objects.filter(record=key).order_by("number"))
    current = next((one for one in reversed(versions) if one.since <= day), None)
    texts = [
        {"number": v.number, "since": v.since, "by": v.by or None, "sha256": v.text,
         "url": site + showing.address(key, v.since)}
        for v in versions
    ]  # fmt: skip
    return _told(row, day, site) | {"text": queries.text_of(current.text) if current else "", "texts": texts}
