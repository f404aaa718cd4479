"""Questions: the annual report of any body, year, day and state of knowledge, straight from the figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from gongkai import figure
from gongkai.annual.equations import check, equations
from gongkai.annual.forms import FORM_2019
from gongkai.annual.report import Report
from gongkai.figure import Ask, Figure
from gongkai.figure.registry import family_of
from gongkai.ledger import clock
from gongkai.ledger.services import lines
from gongkai.organs.models import Body
from gongkai.organs.queries import Reach, counted
from gongkai.organs.scope import Scope

from . import content, narrative, rendering
from .content import Figures, Months, Value, cell_ids, report_of
from .events import Case
from .models import AnnualReport
from .projection import SUBJECT

#: Years a report can be on: the prescribed forms begin with 2019.
YEARS = range(FORM_2019.from_year, 2101)
#: Stands for a figure's name in an address that is made once and used for every cell of a report.
NO_FIGURE = "figure-name"


def check_year(year: int) -> None:
    """Raises ValueError (Chinese) for a year no report can be on."""
    if year not in YEARS:
        raise ValueError(f"年度应在 {YEARS[0]} 与 {YEARS[-1]} 之间，不能是 {year}")


def ask(
    body: Body, year: int, as_of: date | None = None, known_at: datetime | None = None, reach: Reach = "own"
) -> Ask:
    """What the figures of a body for a year count. Raises ValueError (Chinese) for an impossible year or day."""
    check_year(year)
    return Ask.year(counted(body, reach), year, as_of, known_at)


def compile_report(
    body: Body, year: int, as_of: date | None = None, known_at: datetime | None = None, reach: Reach = "own"
) -> Report:
    """The three tables of a body for a year, on the 2021 form, from figures and nothing else.

    ``as_of``: the last legal day counted; ``known_at``: what was recorded later is left out; ``reach``: the body (with
    those it reports for) or everything below. Raises ValueError for an impossible year or day, LookupError where a
    cell has no figure.
    """
    names = dict.fromkeys(family_of(cell).name for cell in cell_ids())
    return report_of(body.name, year, figure.count(ask(body, year, as_of, known_at, reach), names))


def live_content(
    body: Body, year: int, as_of: date | None = None, known_at: datetime | None = None, reach: Reach = "own"
) -> dict[str, Any]:
    """The whole report as counted at this moment, marked 草稿; its text is the report's own where one is begun."""
    asked = ask(body, year, as_of, known_at, reach)
    found = Figures(body.name, year, asked.last, known_at or clock.now(), figure.count(asked), months(asked))
    begun = AnnualReport.objects.filter(body=body, year=year).values_list("narrative", flat=True).first()
    sections = content.narrative(begun) if begun else narrative.first_draft()
    return rendering.content_of(found, sections, None, (*rendering.marks(), rendering.DRAFT_MARK))


def months(asked: Ask) -> dict[int, dict[str, int]]:
    """What has a day, month by month, of all bodies asked for together."""
    return added(figure.count_by_month(asked).values())


def added(parts: Iterable[Months]) -> dict[int, dict[str, int]]:
    """Figures by month of several bodies together."""
    sums: dict[int, dict[str, int]] = {}
    for part in parts:
        for month, values in part.items():
            into = sums.setdefault(month, {})
            for name, number in values.items():
                into[name] = into.get(name, 0) + number
    return dict(sorted(sums.items()))


def summary(
    body: Body, year: int, as_of: date | None = None, known_at: datetime | None = None, reach: Reach = "own"
) -> str:
    """The report in a dozen Chinese lines, for a terminal."""
    report = compile_report(body, year, as_of, known_at, reach)
    value, findings = report.values, check(report)
    standing = f"{len(findings)} 个不成立" if findings else "全部成立"
    suits = value["t4.direct_suit.total"] + value["t4.suit_after_reconsideration.total"]
    said = [
        rendering.title_of(report.body, report.year),
        f"统计截止 {ask(body, year, as_of).last.isoformat()}",
        f"  新收申请 {value['t3.1.total']} 件，上年结转 {value['t3.2.total']} 件",
        f"  办结 {value['t3.3.7.total']} 件，结转下年度 {value['t3.4.total']} 件",
        f"  制发规章 {value['t2.regulation.issued']} 件，行政规范性文件 {value['t2.normative_document.issued']} 件",
        f"  现行有效规章 {value['t2.regulation.in_force']} 件，"
        f"行政规范性文件 {value['t2.normative_document.in_force']} 件",
        f"  行政复议 {value['t4.reconsideration.total']} 件，行政诉讼 {suits} 件",
        f"  勾稽关系 {len(equations(report.form))} 个，{standing}",
        *(f"    {finding.rule} {finding.message}" for finding in findings),
    ]
    return "\n".join(said)


@dataclass(frozen=True)
class Counted:
    """A figure with its value and the address of the rows it counts."""

    figure: Figure
    value: Value
    rows_url: str

    def as_json(self) -> dict[str, Any]:
        """As ``gongkai figures --json`` gives it."""
        number = self.value if isinstance(self.value, int) else float(self.value)
        one = self.figure
        return {
            "id": one.id,
            "label": one.label,
            "value": number,
            "unit": one.unit,
            "definition": one.definition,
            "rows_url": self.rows_url,
        }


def all_figures(
    body: Body, year: int, as_of: date | None = None, known_at: datetime | None = None, reach: Reach = "own"
) -> list[Counted]:
    """Every registered figure of a body for a year."""
    values = figure.count(ask(body, year, as_of, known_at, reach))
    return [
        Counted(one, values[one.id], rows_url(one.id, body.key, year, as_of, known_at, reach))
        for one in figure.figures()
    ]


def rows_url(
    name: str,
    body: str,
    year: int,
    as_of: date | None = None,
    known_at: datetime | None = None,
    reach: Reach = "own",
) -> str:
    """The desk's page of the rows a figure counts."""
    asked: dict[str, Any] = {"body": body, "year": year}
    asked |= {"as_of": as_of.isoformat()} if as_of else {}
    asked |= {"known_at": known_at.isoformat()} if known_at else {}
    asked |= {"reach": reach} if reach != "own" else {}
    return f"{reverse('office:reporting:figure', args=[name])}?{urlencode(asked)}"


def figure_named(name: str) -> Figure:
    """A registered figure. Raises LookupError (Chinese)."""
    return next(one for one in family_of(name).figures if one.id == name)


def case(key: str) -> Case:
    """A report as its lines make it."""
    found: Case = SUBJECT.fold(lines(SUBJECT.kind, key))
    return found


def visible(scope: Scope) -> QuerySet[AnnualReport]:
    """The reports a person may see."""
    return scope.limit(AnnualReport.objects.select_related("body"), "reports.view")


def published() -> QuerySet[AnnualReport]:
    """The reports the public may see."""
    return AnnualReport.objects.filter(state="published").select_related("body")
