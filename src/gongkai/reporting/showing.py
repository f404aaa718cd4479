"""What both faces show of a report: the tables with linked cells, the equation bar, the row of facts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from gongkai.annual import html
from gongkai.annual.document import Document, run_in
from gongkai.annual.equations import Finding, check, equations
from gongkai.annual.forms import FORM_2021, SECTIONS
from gongkai.annual.grid import grids
from gongkai.annual.report import Report, report_from_values
from gongkai.law.articles import cite
from gongkai.ui.pieces import Equation, Fact, Term

from .content import Value

Link = Callable[[str], str]
#: What stands for a number that is not known.
NONE = "—"
#: The row of facts over a report: figure, label, unit.
FACTS = (
    ("t3.1.total", "全年新收申请", "件"),
    ("t3.3.7.total", "办结", "件"),
    ("t3.4.total", "结转下年度", "件"),
    ("t2.regulation.in_force", "现行有效规章", "件"),
    ("t2.normative_document.in_force", "现行有效行政规范性文件", "件"),
)
_CARRIED = (
    (("t3.1.total", "本年新收"), ("t3.2.total", "上年结转")),
    (("t3.3.7.total", "办结"), ("t3.4.total", "结转下年")),
)
#: What each table answers to in the Regulation; table two names its own item of Article 20 beside it.
_ARTICLES = {"t2": "50(1)", "t3": "50(2)", "t4": "50(3)"}


@dataclass(frozen=True)
class Section:
    """One of the six sections: heading, paragraphs as (run-in heading, rest), the table that stands in it."""

    number: int
    heading: str
    paragraphs: tuple[tuple[str, str], ...]
    table: SafeString | None = None


@dataclass(frozen=True)
class Balance:
    """The equation bar: how many equations there are, which fail, and the official one with its numbers."""

    total: int
    findings: tuple[Finding, ...]
    official: Equation


def sections(document: Document) -> list[Section]:
    """The six sections with their tables; the tables come escaped from :mod:`gongkai.annual.html`."""
    tables = {grid.number: mark_safe(html.table(document, grid)) for grid in grids(document.report)}
    return [
        Section(number, heading, tuple(map(run_in, document.paragraphs(number))), tables.get(number))
        for number, heading in enumerate(SECTIONS, 1)
    ]


def balance(report: Report, link: Link, previous: Report | None = None) -> Balance:
    """The equations of a report; with the report of the year before also those across years."""
    value = report.values
    left, right = ([Term(int(value[cell]), label, link(cell)) for cell, label in side] for side in _CARRIED)
    findings = tuple(check(report, previous))
    holds = not any(finding.where == "t3.4.total" and finding.rule == "E1" for finding in findings)
    return Balance(len(equations(report.form)), findings, Equation(left, right, holds, "E1"))


def facts(values: Mapping[str, Value], link: Link) -> list[Fact]:
    """The row of facts."""
    return [Fact(int(values[cell]), label, link(cell), unit) for cell, label, unit in FACTS]


def article_of(name: str) -> str:
    """The article a figure of the report answers to, in Chinese; empty for figures outside the tables."""
    table = name.split(".")[0]
    if table not in _ARTICLES:
        return ""
    blocks = {f"t2.{item.id}.{column.id}": b.article for b, item in FORM_2021.items() for column in b.columns}
    own = f"，条例{blocks[name]}" if name in blocks else ""
    return cite(_ARTICLES[table]) + own


def place_of(name: str) -> str:
    """The cell of the report a figure fills, in words; empty for figures outside the tables."""
    words = {"t2": "表二", "t3": "表三", "t4": "表四"}.get(name.split(".")[0])
    labels = {cell.id: cell.label for cell in report_from_values("", FORM_2021.from_year, {}).cells()} if words else {}
    return f"年度报告{words}：{labels[name]}" if name in labels else ""


def change(value: Value | None) -> str:
    """A difference with its sign; nothing changed is 持平."""
    if value is None:
        return NONE
    return "持平" if not value else f"{'+' if value > 0 else '−'}{abs(value):,}"


def differences(report: Report, now: Report) -> list[dict[str, Any]]:
    """The cells where a report and the ledger of today differ."""
    return [
        {"id": cell.id, "label": cell.label, "then": cell.value, "now": now.values[cell.id]}
        for cell in report.cells()
        if cell.value != now.values[cell.id]
    ]
