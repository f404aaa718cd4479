"""Reading what is public: records with filters and pages, one record whole, the search. No token, from any site."""

from datetime import date
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from gongkai.ledger import clock
from gongkai.library import data, finding, queries
from gongkai.library.browse import VALIDITY
from gongkai.records.models import Record
from gongkai.ui.addresses import origin

from . import paging, tables
from .answers import Faults
from .paging import Order, Paging
from .refusals import Refusal

router = Router()
REFUSALS = dict.fromkeys((404, 405, 422, 429, 503), Faults)
#: How a list of records may be sorted.
ORDERS = {
    "-published_on": Order("published_on"),
    "published_on": Order("published_on", down=False),
    "-written_on": Order("written_on"),
    "title": Order("title", down=False, day=False),
}
_TEXT = r"^[^\u0000]*$"
_KEY = r"^[A-Za-z0-9_-]{1,64}$"


class Attached(Schema):
    """An attachment."""

    name: str
    type: str | None
    size: int | None = Field(description="字节")
    sha256: str
    url: str


class RecordSummary(Schema):
    """What is known of a record, without its text."""

    key: str
    url: str
    title: str
    kind: str
    kind_label: str
    body: str = Field(description="发布机关的标识")
    body_name: str
    bodies: list[str]
    issuer: str | None = Field(description="不是本平台机关的发文机关")
    document_number: str | None
    register_number: str | None
    index_number: str | None
    theme: str | None
    category: str | None = Field(description="法定公开类别：条例第二十条、第二十一条的项")
    category_label: str | None
    audience: list[str]
    attribute: str | None
    attribute_label: str | None
    written_on: date | None
    published_on: date | None
    effective_on: date | None
    valid_until: date | None
    ceased_on: date | None = Field(description="不再有效的第一天")
    validity: str | None = Field(description="今天的有效性")
    validity_label: str | None
    ended_by: str | None
    text_sha256: str | None
    data: dict[str, Any] = Field(description="这个类别自己的项目")
    attachments: list[Attached]


class Records(Schema):
    """A page of records."""

    total: int
    next: str | None = Field(description="下一页的地址；最后一页为空")
    records: list[RecordSummary]


class RecordWhole(RecordSummary):
    """A record with everything."""

    text: str
    versions: list[dict[str, Any]]
    relations: list[dict[str, Any]]
    citations: list[dict[str, Any]]
    cited_by: list[dict[str, Any]]
    formats: dict[str, str]


class FoundRecord(Schema):
    """A record found."""

    key: str
    url: str
    title: str
    snippet: str = Field(description="安全的 HTML，命中的词在 <mark> 里")
    score: float


class Found(Schema):
    """What a search found."""

    total: int
    mode: Literal["and", "or"] = Field(description="and：含有所有的词；or：没有含有所有词的，这些含有一部分")
    hits: list[FoundRecord]
    facets: dict[str, dict[str, int]]
    did_you_mean: str


class Narrowing(Schema):
    """How a list is narrowed."""

    kind: str = Field("", max_length=32, pattern=_TEXT, description="类别的标识，如 normative_document")
    body: str = Field("", max_length=32, pattern=_TEXT, description="发布机关的标识")
    theme: str = Field("", max_length=60, pattern=_TEXT, description="主题分类，一级或者“一级\\二级”")
    year: int | None = Field(None, ge=1900, le=2200, description="发布年份")
    validity: Literal["", "in_force", "pending", "expiring", "ended"] = Field("", description="今天的有效性")
    topic: str = Field("", max_length=40, pattern=_TEXT, description="专题的标识")
    category: str = Field("", max_length=24, pattern=_TEXT, description="法定公开类别，如 20.1")
    since: date | None = Field(None, description="发布日期不早于")
    until: date | None = Field(None, description="发布日期不晚于")
    sort: Literal["-published_on", "published_on", "-written_on", "title"] = Field("-published_on", description="排序")


class Searching(Schema):
    """A search."""

    q: str = Field("", max_length=1000, pattern=_TEXT, description="搜索词，写法同搜索页")
    kind: str = Field("", max_length=32, pattern=_TEXT)
    issuer: str = Field("", max_length=100, pattern=_TEXT, description="发文机关的全称")
    year: int | None = Field(None, ge=1900, le=2200)
    newest: bool = False
    page: int = Field(1, ge=1, le=finding.DEEPEST)
    size: int = Field(finding.PAGE, ge=1, le=100)


def _rows(asked: Narrowing) -> QuerySet[Record]:
    rows = queries.public().select_related("body")
    rows = rows.filter(kind=asked.kind) if asked.kind else rows
    rows = rows.filter(body=asked.body) if asked.body else rows
    rows = rows.filter(theme__startswith=asked.theme) if asked.theme else rows
    rows = rows.filter(published_on__year=asked.year) if asked.year else rows
    rows = rows.filter(VALIDITY[asked.validity][1](clock.today())) if asked.validity else rows
    rows = rows.filter(category=asked.category) if asked.category else rows
    # Both databases find an element of a JSON list as a quoted word in its text.
    rows = rows.filter(topics__icontains=f'"{asked.topic}"') if asked.topic else rows
    rows = rows.filter(published_on__gte=asked.since) if asked.since else rows
    return rows.filter(published_on__lte=asked.until) if asked.until else rows


@router.get("/records", response={200: Records, **REFUSALS}, summary="公开信息列表", operation_id="list_records")
def list_records(request: HttpRequest, asked: Query[Narrowing], of: Query[Paging]) -> Any:
    """公开信息，默认最新发布的在前。"""
    rows = _rows(asked)
    found = paging.part(rows, ORDERS[asked.sort], of)
    return paging.answer(request, "records", rows, found, [data.summary(row, origin(request)) for row in found.rows])


@router.get(
    "/records.csv", response=REFUSALS, summary="公开信息列表（CSV）", operation_id="records_csv",
    openapi_extra=tables.DOCUMENTED,
)  # fmt: skip
def records_csv(request: HttpRequest, asked: Query[Narrowing]) -> Any:
    """同样的列表，一次给出全部行，供表格软件打开。"""
    order, site = ORDERS[asked.sort], origin(request)
    sign = "-" if order.down else ""
    rows = _rows(asked).order_by(f"{sign}{order.column}", f"{sign}key").iterator(chunk_size=tables.CHUNK)
    return tables.table("records", RecordSummary, (data.summary(row, site) for row in rows), ("data", "attachments"))


@router.get(
    "/records/{key}", response={200: RecordWhole, **REFUSALS}, summary="一条公开信息", operation_id="show_record"
)
def show_record(request: HttpRequest, key: str = Path(..., pattern=_KEY)) -> Any:
    """一条公开信息的全部内容：元数据、正文、历次文本、相关文件、引用。"""
    row = queries.public().select_related("body").filter(key=key).first()
    if row is None:
        raise Refusal(404, [("key", "没有这条公开信息，请核对标识")])
    return data.whole(queries.sight(row), origin(request))


@router.get("/search", response={200: Found, **REFUSALS}, summary="搜索公开信息", operation_id="search_records")
def search_records(request: HttpRequest, asked: Query[Searching]) -> Any:
    """与搜索页相同；看不懂的搜索词回答 422，说明怎样改。"""
    filters = {"kind": asked.kind, "body_names": asked.issuer, "year": str(asked.year or "")}
    answer = finding.find(asked.q, filters, page=asked.page, size=asked.size, newest=asked.newest)
    if answer.fault:
        raise Refusal(422, [("q", answer.fault)])
    found, site = answer.results, origin(request)
    return {
        "total": found.total,
        "mode": found.mode,
        "hits": [
            {"key": one.key, "url": site + one.url, "title": one.title, "snippet": one.snippet, "score": one.score}
            for one in found.hits
        ],
        "facets": {name: dict(values) for name, values in found.facets.items()},
        "did_you_mean": found.did_you_mean,
    }
