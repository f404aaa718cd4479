"""Reading the annual reports 年度报告 that are published: which there are, and the three tables of one, as frozen."""

from datetime import date
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from ninja import Field, Path, Query, Router, Schema

from gongkai.annual.report import Report
from gongkai.figure import figures
from gongkai.reporting import content, queries
from gongkai.reporting.models import AnnualReport
from gongkai.ui.addresses import origin

from . import paging, tables
from .paging import Order, Paging
from .records import REFUSALS
from .refusals import Refusal

router = Router()
ORDERS = {
    "-published_on": Order("published_on"),
    "-year": Order("year", day=False),
    "year": Order("year", False, False),
}


class ReportSummary(Schema):
    """A published report."""

    key: str
    body: str
    body_name: str
    year: int
    published_on: date | None
    as_of: date = Field(description="统计截止日")
    sha256: str = Field(description="冻结内容的校验值")
    url: str
    content_url: str = Field(description="冻结的内容，逐字节与校验值一致")


class Reports(Schema):
    """A page of reports."""

    total: int
    next: str | None = Field(description="下一页的地址；最后一页为空")
    reports: list[ReportSummary]


class ReportFigure(Schema):
    """A cell of the tables, or another figure frozen with the report."""

    id: str
    label: str
    unit: str
    value: int | str


class ReportWhole(ReportSummary):
    """A report with its numbers."""

    title: str
    report: dict[str, Any] = Field(description="三张表")
    sections: dict[str, list[str]] = Field(description="六个部分的文字")
    figures: list[ReportFigure]


class Asked(Schema):
    """Which reports."""

    body: str = Field("", max_length=32, pattern=r"^[^\u0000]*$")
    year: int | None = Field(None, ge=1900, le=2200)
    sort: Literal["-published_on", "-year", "year"] = "-year"


def _rows(asked: Asked) -> QuerySet[AnnualReport]:
    rows = queries.published()
    rows = rows.filter(body=asked.body) if asked.body else rows
    return rows.filter(year=asked.year) if asked.year else rows


def _told(row: AnnualReport, site: str) -> dict[str, Any]:
    return {
        "key": row.key,
        "body": row.body_id,
        "body_name": row.body.name,
        "year": row.year,
        "published_on": row.published_on,
        "as_of": row.as_of,
        "sha256": row.content,
        "url": site + reverse("portal:reporting:report", args=[row.body_id, row.year]),
        "content_url": site + reverse("portal:reporting:content", args=[row.body_id, row.year]),
    }


@router.get("/reports", response={200: Reports, **REFUSALS}, summary="年度报告", operation_id="list_reports")
def list_reports(request: HttpRequest, asked: Query[Asked], of: Query[Paging]) -> Any:
    """已公布的政府信息公开工作年度报告。"""
    rows = _rows(asked)
    found = paging.part(rows, ORDERS[asked.sort], of)
    return paging.answer(request, "reports", rows, found, [_told(row, origin(request)) for row in found.rows])


@router.get(
    "/reports.csv", response=REFUSALS, summary="年度报告（CSV）", operation_id="reports_csv",
    openapi_extra=tables.DOCUMENTED,
)  # fmt: skip
def reports_csv(request: HttpRequest, asked: Query[Asked]) -> Any:
    """同样的列表，一次给出全部行。"""
    order, site = ORDERS[asked.sort], origin(request)
    sign = "-" if order.down else ""
    rows = _rows(asked).order_by(f"{sign}{order.column}", f"{sign}key").iterator(chunk_size=tables.CHUNK)
    return tables.table("reports", ReportSummary, (_told(row, site) for row in rows))


@router.get(
    "/reports/{body}/{year}", response={200: ReportWhole, **REFUSALS}, summary="一份年度报告",
    operation_id="show_report",
)  # fmt: skip
def show_report(
    request: HttpRequest,
    body: str = Path(..., pattern=r"^[A-Za-z0-9_-]{1,32}$"),
    year: int = Path(..., ge=1900, le=2200),
) -> Any:
    """一份已公布的年度报告：表格、文字和全部指标，均为公布时冻结的内容。"""
    row = queries.published().filter(body=body, year=year).first()
    if row is None:
        raise Refusal(404, [("body", "没有这份已公布的年度报告，请核对机关标识和年度")])
    whole = content.load(row.content)
    return _told(row, origin(request)) | {
        "title": whole["title"],
        "report": Report.from_json(whole["report"]).to_json(),
        "sections": whole["sections"],
        "figures": _figures(whole["figures"]),
    }


def _figures(values: dict[str, int | str]) -> list[dict[str, Any]]:
    """Frozen figures with their names of today; a figure that is no longer kept has its id only."""
    known = {one.id: one for one in figures()}
    return [
        {"id": name, "label": known[name].label if name in known else name,
         "unit": known[name].unit if name in known else "", "value": value}
        for name, value in values.items()
    ]  # fmt: skip
