"""Which body has published which report, which are still to come and which are missing (Art 49)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gongkai.bake.reading import reads, until
from gongkai.ledger import clock
from gongkai.organs.models import Body
from gongkai.ui.lists import Table
from gongkai.ui.templatetags.ui import day

from . import comparing, content, dashboard, years
from .models import AnnualReport
from .queries import published

#: The groups a list of bodies is read in.
GROUPS = (
    ("本级政府及办公厅", (Body.Kind.GOVERNMENT, Body.Kind.OFFICE)),
    ("政府部门", (Body.Kind.DEPARTMENT,)),
    ("区县人民政府", (Body.Kind.DISTRICT,)),
    ("其他机关", (Body.Kind.TOWNSHIP, Body.Kind.INSTITUTION)),
)
#: Side by side: the columns of the dashboard's table that a report has.
HEADS = tuple(head for head in comparing.HEADS if head[0] not in {"answered_on_time_rate", "average_answer_workdays"})


@dataclass(frozen=True)
class Owed:
    """The report of a body on a year: published, or owed until ``due_on``."""

    body: Body
    year: int
    due_on: date
    report: AnnualReport | None
    today: date

    @property
    def missing(self) -> bool:
        """Whether it is overdue."""
        return self.report is None and self.today > self.due_on

    @property
    def words(self) -> str:
        """How it stands."""
        return "已公布" if self.report else "本站没有" if self.missing else "待公布"

    @property
    def published_on(self) -> date | None:
        """When it was published."""
        return self.report.published_on if self.report else None

    @property
    def digest(self) -> str:
        """The SHA-256 of what was frozen."""
        return self.report.content if self.report else ""

    @property
    def cell(self) -> SafeString | str:
        """How it stands, leading to the report; where it does not, until when it is owed."""
        if self.report:
            page = reverse("portal:reporting:report", args=[self.body.key, self.year])
            return format_html('<a href="{}">{}</a>', page, day(self.published_on))
        if self.missing:
            return format_html('<span class="quiet">{}</span>', self.words)
        return format_html('<span class="quiet">{}月{}日前</span>', self.due_on.month, self.due_on.day)


def years_of() -> list[int]:
    """The years there can be a report on, the newest first: from the first published one to last year."""
    last = clock.today().year - 1
    first = published().order_by("year").values_list("year", flat=True).first()
    return list(range(last, (last if first is None else min(first, last)) - 1, -1))


def every() -> list[Owed]:
    """Every body and year, bodies in their order, the newest year first; what nobody owes is listed where it is there."""
    reads(years.ALL)
    today = clock.today()
    reports = {(row.body_id, row.year): row for row in published()}
    found, numbers = [], years_of()
    for body in years.reporters():
        for year in numbers:
            report = reports.get((body.key, year))
            if report or body.kind in years.OBLIGED:
                found.append(Owed(body, year, years.due_on(body, year), report, today))
    turns = [one.due_on + timedelta(1) for one in found if one.report is None and not one.missing]
    until(*turns, date(today.year + 1, 1, 1))
    return found


def groups(found: Sequence[Owed]) -> list[tuple[str, Table]]:
    """Bodies by years, group by group."""
    numbers = sorted({one.year for one in found}, reverse=True)
    made = []
    for title, kinds in GROUPS:
        rows: dict[str, dict[str, Any]] = {}
        for one in found:
            if one.body.kind in kinds:
                page = reverse("portal:reporting:of_body", args=[one.body.key])
                row = rows.setdefault(one.body.key, {"body": comparing.linked(one.body.name, page)})
                row[f"y{one.year}"] = one.cell
        if rows:
            heads = [(f"y{year}", f"{year}年", False) for year in numbers]
            made.append((title, comparing.table([("body", "机关", False), *heads], list(rows.values()))))
    return made


def side_by_side(found: Sequence[Owed]) -> Table:
    """The published reports of a year in numbers."""
    rows = []
    for one in found:
        if one.report:
            values, _ = content.frozen(one.report.content)
            page = reverse("portal:reporting:report", args=[one.body.key, one.year])
            row: dict[str, Any] = {"body": comparing.linked(one.body.name, page), "on": day(one.published_on)}
            row |= {
                f"c{n}": comparing.number(dashboard.shown(name, values), f"{page}#{name}")
                for n, (name, _) in enumerate(HEADS)
            }
            rows.append(row)
    heads = [(f"c{n}", head, True) for n, (_, head) in enumerate(HEADS)]
    return comparing.table([("body", "机关", False), ("on", "公布日期", False), *heads], rows)
