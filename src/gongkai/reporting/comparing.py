"""Tables of numbers side by side: years of a body, bodies of a year, two reports cell by cell. On a phone rows are cards."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from gongkai.annual.equations import Report
from gongkai.annual.forms import APPEALS, APPLICANTS, OUTCOMES
from gongkai.figure import Figure
from gongkai.ui.lists import Column, Table
from gongkai.ui.templatetags.ui import figure as written

from . import dashboard
from .content import Value
from .models import AnnualReport
from .showing import NONE, change
from .years import Standing, Year

Link = Callable[[str], str]
NUMBER = {"td": {"class": "n"}, "th": {"class": "n"}}
#: Side by side: figure and the short head of its column.
HEADS = (
    ("t2.normative_document.in_force", "现行有效规范性文件"),
    ("t3.1.total", "新收申请"),
    ("t3.3.7.total", "办结"),
    ("t3.3.1.total", "予以公开"),
    ("t3.3.2.total", "部分公开"),
    ("t3.4.total", "结转"),
    ("answered_on_time_rate", "按期答复率%"),
    ("average_answer_workdays", "平均用时（工作日）"),
    ("t4.reconsideration.total", "复议"),
    ("lawsuits", "诉讼"),
)


class Fixed(Table):
    """A table in the order given: nothing to sort, nothing to page."""

    class Meta:
        orderable = False


def table(columns: Sequence[tuple[str, str, bool]], rows: Sequence[Mapping[str, Any]]) -> Table:
    """A table of (name, head, whether numbers) columns; a cell may be marked-safe HTML."""
    made = [(name, Column(head, attrs=NUMBER if number else {}, default="")) for name, head, number in columns]
    return Fixed(data=list(rows), extra_columns=made)


def number(value: Value | None, url: str = "") -> SafeString | str:
    """A number as it is written, leading to what it counts."""
    if value is None:
        return NONE
    return format_html('<a href="{}">{}</a>', url, written(value)) if url else written(value)


def linked(text: str, url: str) -> SafeString:
    """A link."""
    return format_html('<a href="{}">{}</a>', url, text)


def years_table(found: Sequence[Year], link: Link) -> Table:
    """The years of all bodies together; how many bodies are in the sums stands beside them."""
    rows = []
    for one in found:
        row: dict[str, Any] = {"year": linked(f"{one.year}年", reverse("portal:reporting:year", args=[one.year]))}
        row["bodies"] = f"{len(one.reported)}份年报" if one.as_of is None else f"{len(one.standings)}个机关"
        row |= {f"c{n}": number(dashboard.shown(name, one.values), link(name)) for n, (name, _) in enumerate(HEADS)}
        rows.append(row)
    heads = [(f"c{n}", head, True) for n, (_, head) in enumerate(HEADS)]
    return table([("year", "年度", False), ("bodies", "数据来自", False), *heads], rows)


def bodies_table(found: Year, link: Link) -> Table:
    """The bodies of a year, each leading to its own numbers and its report."""
    rows = [_body_row(one, link) for one in found.standings]
    rows += [{"body": body.name, "source": "没有年度报告"} for body in found.missing]
    heads = [(f"c{n}", head, True) for n, (_, head) in enumerate(HEADS)]
    return table([("body", "机关", False), ("source", "来源", False), *heads], rows)


def _body_row(one: Standing, link: Link) -> dict[str, Any]:
    page = reverse("portal:reporting:body", args=[one.year, one.body.key])
    row: dict[str, Any] = {"body": linked(one.body.name, page), "source": source_of(one)}
    return row | {f"c{n}": number(dashboard.shown(name, one.values), link(name)) for n, (name, _) in enumerate(HEADS)}


def source_of(one: Standing) -> SafeString | str:
    """Where numbers come from: the report, or the count to the day the page names."""
    if one.report:
        return linked("年度报告", reverse("portal:reporting:report", args=[one.body.key, one.year]))
    return "统计"


def values_table(one: Figure, found: Sequence[tuple[int, Year]]) -> Table:
    """A figure for every body and year; where it adds up, the sum of each year with the number of bodies in it."""
    bodies = {standing.body.key: standing.body for _, year in found for standing in year.standings}
    places = {(s.body.key, number): s for number, year in found for s in year.standings}
    rows = []
    for key, body in sorted(bodies.items(), key=lambda pair: (pair[1].order, pair[1].pk)):
        row: dict[str, Any] = {"body": body.name}
        for at, _ in found:
            row[f"y{at}"] = _placed(one, places.get((key, at)))
        rows.append(row)
    if len(rows) > 1 and (one.sums or one.ratio):
        last = {f"y{at}": format_html("<b>{}</b>", number(dashboard.shown(one.id, year.values))) for at, year in found}
        rows.append({"body": mark_safe("<b>合计</b>"), **last})
    heads = [(f"y{at}", f"{at}年", True) for at, _ in reversed(found)]
    return table([("body", "机关", False), *heads], rows)


def _placed(one: Figure, standing: Standing | None) -> SafeString | str:
    if standing is None:
        return NONE
    value = dashboard.shown(one.id, standing.values)
    if standing.report is None or value is None:
        page = reverse("portal:reporting:body", args=[standing.year, standing.body.key])
    else:
        page = reverse("portal:reporting:report", args=[standing.body.key, standing.year])
        page += f"#{one.id}" if one.id.startswith("t") and "." in one.id else ""
    return number(value, page)


@dataclass(frozen=True)
class Compared:
    """A part of two or more reports side by side."""

    id: str
    title: str
    table: Table


def reports_side_by_side(reports: Sequence[tuple[AnnualReport, Report]], link: Link) -> list[Compared]:
    """The tables of a body's reports, year by year, with what the last year differs from the one before.

    Of table three the column 总计; a cell that a form does not have is left open.
    """
    parts = (
        ("t2", "表二：主动公开政府信息", _cells_of(reports, "t2.")),
        ("t3", "表三：收到和处理申请（总计）", [one for one in _cells_of(reports, "t3.") if one[0].endswith(".total")]),
        ("t4", "表四：行政复议、行政诉讼", _cells_of(reports, "t4.")),
    )
    return [Compared(id_, title, _yearly(reports, cells, link)) for id_, title, cells in parts]


def _cells_of(reports: Sequence[tuple[AnnualReport, Report]], prefix: str) -> list[tuple[str, str]]:
    found = {cell.id: cell.label for _, report in reversed(reports) for cell in report.cells()}
    short = {name: label.removesuffix("·总计") if prefix == "t3." else label for name, label in found.items()}
    return [(name, label) for name, label in short.items() if name.startswith(prefix)]


def _yearly(reports: Sequence[tuple[AnnualReport, Report]], cells: Sequence[tuple[str, str]], link: Link) -> Table:
    rows = []
    for name, label in cells:
        row: dict[str, Any] = {"label": linked(label, link(name))}
        values = [report.values.get(name) for _, report in reports]
        for (one, _), value in zip(reports, values, strict=True):
            page = f"{reverse('portal:reporting:report', args=[one.body_id, one.year])}#{name}"
            row[f"y{one.year}"] = number(value, page)
        newest, before = values[-1], values[-2] if len(values) > 1 else None
        row["change"] = change(None if newest is None or before is None else newest - before)
        rows.append(row)
    heads = [(f"y{one.year}", f"{one.year}年", True) for one, _ in reports]
    return table([("label", "项目", False), *heads, ("change", "比上年", True)], rows)


def cell_by_cell(old: Report, new: Report, link: Link) -> list[Compared]:
    """Two reports of a body, every cell: the newer number, and in brackets by how much it differs."""
    made = [Compared("t2", "表二：主动公开政府信息", _pairs(old, new, "t2.", link))]
    made.append(Compared("t3", "表三：收到和处理申请", _by_applicant(old, new, link)))
    columns = [(outcome.id, outcome.label) for outcome in OUTCOMES]
    rows = [(f"t4.{appeal.id}", appeal.key) for appeal in APPEALS]
    return [*made, Compared("t4", "表四：行政复议、行政诉讼", _matrix(rows, columns, old, new, link))]


def _pairs(old: Report, new: Report, prefix: str, link: Link) -> Table:
    rows = []
    for cell in new.cells():
        if cell.id.startswith(prefix):
            then, now = old.values.get(cell.id), cell.value
            differs = None if then is None else now - then
            rows.append({"label": linked(cell.label, link(cell.id)), "old": number(then), "new": number(now)})
            rows[-1]["change"] = change(differs)
    heads = (("old", f"{old.year}年", True), ("new", f"{new.year}年", True), ("change", "增减", True))
    return table([("label", "项目", False), *heads], rows)


def _by_applicant(old: Report, new: Report, link: Link) -> Table:
    rows = [(f"t3.{row.code}", row.path) for row in new.form.rows]
    return _matrix(rows, [(one.id, one.label) for one in APPLICANTS], old, new, link)


def _matrix(
    rows: Sequence[tuple[str, str]], columns: Sequence[tuple[str, str]], old: Report, new: Report, link: Link
) -> Table:
    made = []
    for prefix, label in rows:
        row: dict[str, Any] = {"label": label}
        for column, _ in columns:
            name = f"{prefix}.{column}"
            row[column] = _both(old.values.get(name), new.values[name], link(name))
        made.append(row)
    return table([("label", "项目", False), *((id_, label, True) for id_, label in columns)], made)


def _both(then: Value | None, now: Value, url: str) -> SafeString:
    if then is None or then == now:
        return format_html("{}", number(now, url))
    return format_html("{} <small>（{}）</small>", number(now, url), change(now - then))
