"""The numbers of every body and year as the public sees them.

A body's numbers of a year are those of its published report, frozen. Until the report is due (Art 49) and where there is
none yet, they are counted as of the end of yesterday, from what was known at midnight: the same all day, whatever is
entered meanwhile. Once it is overdue nothing stands in for a missing report.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from gongkai import figure
from gongkai.bake.reading import Sources, reads, recording, until
from gongkai.bake.touched import touch
from gongkai.figure import FAMILIES, Ask, Figure, Value
from gongkai.ledger import clock
from gongkai.organs.models import Body
from gongkai.organs.queries import counted

from . import content
from .content import Months
from .models import AnnualReport
from .queries import YEARS, added, published

#: Bodies that must publish a report every year (Art 49); others may.
OBLIGED = (Body.Kind.GOVERNMENT, Body.Kind.OFFICE, Body.Kind.DEPARTMENT, Body.Kind.DISTRICT)
#: What pages about several bodies or years read; a report that is published touches it (projection.py).
ALL = "reports"
#: What is touched once a day: a new year, and what was counted yesterday, bring pages into being.
DAY = "report-day"


def midnight() -> datetime:
    """The first instant of today: what was known by the end of yesterday."""
    return datetime.combine(clock.today(), time(0), clock.SHANGHAI)


def due_on(body: Body, year: int) -> date:
    """The last day for a body's report on a year (Art 49): 31 March for a government's, 31 January for the rest."""
    governments = (Body.Kind.GOVERNMENT, Body.Kind.DISTRICT)
    speaks = body.kind in governments or any(one.kind in governments for one in body.reports_for.all())
    return date(year + 1, 3, 31) if speaks else date(year + 1, 1, 31)


def reporters() -> list[Body]:
    """The bodies that report for themselves, in their order. The names are theirs of today."""
    reads("bodies")
    rows = Body.objects.filter(reported_by=None).prefetch_related("reports_for")
    return list(rows.order_by("order", "id"))


def running() -> int:
    """The year yesterday was in: the last one with a number."""
    return (clock.today() - timedelta(1)).year


def known() -> list[int]:
    """The years there are numbers of, the newest first: from the first published report to the running year."""
    reads(ALL)
    last = running()
    until(date(last + 1, 1, 2))
    first = published().order_by("year").values_list("year", flat=True).first() or last
    return list(range(last, max(first, YEARS[0]) - 1, -1))


@dataclass(frozen=True)
class Standing:
    """The numbers of one body for one year: from its ``report``, or (None) counted to ``as_of``."""

    body: Body
    year: int
    as_of: date
    values: Mapping[str, Value]
    months: Months
    report: AnnualReport | None = None

    @cached_property
    def empty(self) -> bool:
        """Whether there is nothing to show: no report, and nothing counted."""
        return self.report is None and not any(self.values.values())


@dataclass(frozen=True)
class Year:
    """Every body that has numbers for a year, in order; the sums are the sums of what is listed."""

    year: int
    standings: tuple[Standing, ...]
    missing: tuple[Body, ...]

    @cached_property
    def values(self) -> dict[str, Value]:
        """The figures of all together; one that neither sums nor is made of such is left out."""
        return total([one.values for one in self.standings])

    @cached_property
    def months(self) -> Months:
        """The same by month."""
        return added(one.months for one in self.standings)

    @property
    def reported(self) -> tuple[Standing, ...]:
        """Those whose numbers are a report's."""
        return tuple(one for one in self.standings if one.report)

    @property
    def as_of(self) -> date | None:
        """To which day numbers were counted; None where every one is a report's."""
        return next((one.as_of for one in self.standings if one.report is None), None)


def total(parts: Sequence[Mapping[str, Value]]) -> dict[str, Value]:
    """Figures of several bodies together: sums of what every part has, and ratios made anew from them."""
    known_figures = figure.figures()
    summed = [one.id for one in known_figures if one.sums and one.ratio is None]
    sums: dict[str, Value] = {
        name: sum(values[name] for values in parts) for name in summed if all(name in values for values in parts)
    }
    return sums | {one.id: one.ratio.of(sums) for one in known_figures if one.ratio and _made(one, sums)}


def _made(one: Figure, values: Mapping[str, Value]) -> bool:
    return one.ratio is not None and one.ratio.part in values and one.ratio.whole in values


#: Years read for all pages that are baked together, each with what it was made of.
_shared: ContextVar[dict[int, tuple[Year, Sources]] | None] = ContextVar("years", default=None)


@contextmanager
def together(addresses: Sequence[str]) -> Iterator[None]:
    """Inside, a year is counted once for all pages that show it."""
    token = _shared.set({})
    try:
        yield
    finally:
        _shared.reset(token)


def of_year(year: int, families: Sequence[str] | None = None) -> Year:
    """Every body's numbers for a year; with ``families`` at least theirs, and nothing by month, in fewer queries."""
    shared = _shared.get()
    if shared is None:
        return _of_year(year, families)
    if year not in shared:
        with recording() as sources:
            shared[year] = _of_year(year), sources
    found, sources = shared[year]
    reads(*sources.keys)
    until(sources.until)
    return found


def _of_year(year: int, families: Sequence[str] | None = None) -> Year:
    reads(ALL)
    bodies = reporters()
    reports = {row.body_id: row for row in published().filter(year=year)}
    waiting = [one for one in bodies if one.key not in reports and _counted(one, year)]
    live = _live(waiting, year, families)
    standings = [_frozen(one, reports[one.key]) if one.key in reports else live.get(one.key) for one in bodies]
    absent = [one for one in bodies if one.key not in reports and one not in waiting and one.kind in OBLIGED]
    return Year(year, tuple(one for one in standings if one and not one.empty), tuple(absent))


def of_body(body: Body, year: int) -> Standing | None:
    """One body's numbers for a year; None for a year that is over without a report."""
    reads(f"report:{body.key}-{year}", f"body:{body.key}")
    row = published().filter(body=body, year=year).first()
    if row is not None:
        return _frozen(body, row)
    if not _counted(body, year):
        return None
    known_already = of_year(year).standings if _shared.get() is not None else ()
    return next((one for one in known_already if one.body == body), None) or _live([body], year)[body.key]


def of_which(body: Body) -> list[int]:
    """The years a body has numbers of, the newest first."""
    reads(ALL)
    reported = set(published().filter(body=body).values_list("year", flat=True))
    return [year for year in known() if year in reported or _counted(body, year)]


def _frozen(body: Body, row: AnnualReport) -> Standing:
    values, months = content.frozen(row.content)
    return Standing(body, row.year, row.as_of, values, months, row)


def _counted(body: Body, year: int) -> bool:
    """Whether a body's year without a report is counted: until the report is due."""
    last = due_on(body, year)
    counted_still = year <= running() and clock.today() <= last
    until(last + timedelta(1) if counted_still else None)
    return counted_still


def _live(bodies: list[Body], year: int, families: Sequence[str] | None = None) -> dict[str, Standing]:
    """Counted numbers, each body's with those it reports for."""
    if not bodies:
        return {}
    until(clock.today() + timedelta(1))
    keys = {body.key: [body.key, *(one.key for one in body.reports_for.all())] for body in bodies}
    wanted = Body.objects.filter(key__in=[key for several in keys.values() for key in several])
    asked = Ask.year(wanted, year, clock.today() - timedelta(1), midnight())
    values = figure.count_by_body(asked, families)
    months = {} if families else figure.count_by_month(asked)
    names = [one for family in families or FAMILIES for one in FAMILIES[family].figures]
    made = {}
    for body in bodies:
        parts = [{one.id: values.get(key, {}).get(one.id, 0) for one in names} for key in keys[body.key]]
        monthly = added(months[key] for key in keys[body.key] if key in months)
        made[body.key] = Standing(body, year, asked.last, _whole(body, asked, parts), monthly)
    return made


def _whole(body: Body, asked: Ask, parts: list[dict[str, Value]]) -> Mapping[str, Value]:
    """The figures of a body with those it reports for; what cannot be added up is counted again."""
    if len(parts) == 1:
        return parts[0]
    again = {figure.family_of(one.id).name for one in figure.figures() if not one.sums and one.id in parts[0]}
    wide = Ask(counted(body), asked.first, asked.last, asked.known_at)
    return total(parts) | figure.count(wide, again)


def turn() -> None:
    """A new day has begun. May be repeated."""
    touch(DAY)
