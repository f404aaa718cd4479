"""Reading the bodies 行政机关 of the installation, and the columns of its sites with what stands in them."""

from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from gongkai.library import data, queries
from gongkai.organs.models import Body
from gongkai.sites.models import Column, Entry
from gongkai.sites.queries import sites
from gongkai.sites.vocabulary import LISTING
from gongkai.ui.addresses import origin

from . import paging, tables
from .paging import Order, Paging, Part
from .records import REFUSALS, Records
from .refusals import Refusal

router = Router()
_KEY = r"^[A-Za-z0-9_-]{1,64}$"


class BodyTold(Schema):
    """A body, as the public finds it."""

    key: str
    name: str
    short_name: str
    kind: str
    kind_label: str
    parent: str | None = Field(description="上级机关的标识")
    reported_by: str | None = Field(description="由哪个机关一并编制年度报告")
    document_code: str | None = Field(description="机关代字")
    credit_code: str | None = Field(description="统一社会信用代码")
    address: str | None
    phone: str | None


class Bodies(Schema):
    """A page of bodies."""

    total: int
    next: str | None = Field(description="下一页的地址；最后一页为空")
    bodies: list[BodyTold]


class BodyAsked(Schema):
    """Which bodies."""

    kind: Literal["", "government", "office", "department", "district", "township", "institution"] = ""
    under: str = Field("", max_length=32, pattern=r"^[^\u0000]*$", description="只要这个机关和它下面的")


_BY_KEY = Order("key", down=False, day=False)


def _bodies(asked: BodyAsked) -> QuerySet[Body]:
    rows = Body.objects.select_related("parent", "reported_by")
    rows = rows.filter(kind=asked.kind) if asked.kind else rows
    return rows.filter(path__contains=f"/{asked.under}/") if asked.under else rows


def _told(row: Body) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": row.name,
        "short_name": row.short_name,
        "kind": row.kind,
        "kind_label": row.get_kind_display(),
        "parent": row.parent.key if row.parent else None,
        "reported_by": row.reported_by.key if row.reported_by else None,
        "document_code": row.document_code or None,
        "credit_code": row.credit_code or None,
        "address": row.address or None,
        "phone": row.phone or None,
    }


@router.get("/bodies", response={200: Bodies, **REFUSALS}, summary="行政机关", operation_id="list_bodies")
def list_bodies(request: HttpRequest, asked: Query[BodyAsked], of: Query[Paging]) -> Any:
    """本平台的行政机关，按标识排列。"""
    rows = _bodies(asked)
    found = paging.part(rows, _BY_KEY, of)
    return paging.answer(request, "bodies", rows, found, [_told(row) for row in found.rows])


@router.get(
    "/bodies.csv", response=REFUSALS, summary="行政机关（CSV）", operation_id="bodies_csv",
    openapi_extra=tables.DOCUMENTED,
)  # fmt: skip
def bodies_csv(request: HttpRequest, asked: Query[BodyAsked]) -> Any:
    """同样的列表，一次给出全部行。"""
    rows = _bodies(asked).order_by("key").iterator(chunk_size=tables.CHUNK)
    return tables.table("bodies", BodyTold, map(_told, rows))


class ColumnTold(Schema):
    """A column of a site."""

    key: str = Field(description="网站标识_栏目标识")
    site: str
    site_name: str
    name: str
    description: str
    parent: str | None
    url: str
    feed: str


class Columns(Schema):
    """A page of columns."""

    total: int
    next: str | None = Field(description="下一页的地址；最后一页为空")
    columns: list[ColumnTold]


def _columns() -> QuerySet[Column]:
    """The columns that list records, of every open site."""
    return Column.objects.filter(state="open", kind__in=LISTING, site__in=sites()).select_related("site")


@router.get("/columns", response={200: Columns, **REFUSALS}, summary="网站栏目", operation_id="list_columns")
def list_columns(
    request: HttpRequest, of: Query[Paging], site: str = Query("", max_length=24, pattern=r"^[^\u0000]*$")
) -> Any:
    """各网站列出公开信息的栏目。"""
    rows = _columns().filter(site=site) if site else _columns()
    found, here = paging.part(rows, _BY_KEY, of), origin(request)
    told = [
        {"key": row.key, "site": row.site_id, "site_name": row.site.name, "name": row.name,
         "description": row.description, "parent": row.parent_id, "url": here + row.url,
         "feed": f"{here}{row.url}feed.atom"}
        for row in found.rows
    ]  # fmt: skip
    return paging.answer(request, "columns", rows, found, told)


@router.get(
    "/columns/{key}/records", response={200: Records, **REFUSALS}, summary="栏目里的公开信息",
    operation_id="column_records",
)  # fmt: skip
def column_records(request: HttpRequest, of: Query[Paging], key: str = Path(..., pattern=_KEY)) -> Any:
    """一个栏目里的公开信息，最新的在前。"""
    if not _columns().filter(key=key).exists():
        raise Refusal(404, [("key", "没有这个栏目，请核对标识")])
    entries = Entry.objects.filter(column=key, record__in=queries.public()).select_related("record__body")
    found = paging.part(entries, Order("on"), of, key="record_id")
    told = [data.summary(entry.record, origin(request)) for entry in found.rows]
    return paging.answer(request, "records", entries, Part(found.rows, found.cursor), told)
