"""What the public page of a year shows: facts, pictures and tables, from figures and nothing else.

Every number leads to the page that says what it counts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gongkai import figure
from gongkai.annual.forms import APPEALS, OUTCOMES
from gongkai.law.applicants import COLUMNS
from gongkai.law.decisions import LEAVES
from gongkai.law.receipt import Channel
from gongkai.records.figures import BY_KIND
from gongkai.records.kinds import kinds
from gongkai.requests.figures import CHANNELS
from gongkai.ui.charts import MOST_SERIES, Picture, Series
from gongkai.ui.pieces import BarChart, Fact

from . import showing
from .content import Months, Value

Link = Callable[[str], str]
Values = Mapping[str, Value]

MONTHS = tuple(f"{month}月" for month in range(1, 13))
#: The row of big numbers: figure, what it is called there, its unit.
HEADLINES = (
    ("records_published", "主动公开信息", "条"),
    ("t2.normative_document.in_force", "现行有效行政规范性文件", "件"),
    ("t3.1.total", "新收公开申请", "件"),
    ("t3.3.7.total", "办结申请", "件"),
    ("answered_on_time_rate", "按期答复率", "%"),
    ("average_answer_workdays", "平均答复用时", "个工作日"),
)
#: The tables of each section: figure and what its row is called.
NORMS = tuple(
    (f"t2.{kind}.{column}", f"{name}{words}")
    for kind, name in (("regulation", "规章"), ("normative_document", "行政规范性文件"))
    for column, words in (("issued", "本年制发"), ("repealed", "本年废止"), ("in_force", "现行有效"))
)
DISCLOSED = (
    ("records_published", "主动公开信息"),
    *NORMS,
    ("t2.licence.decisions", "行政许可处理决定"),
    ("t2.penalty.decisions", "行政处罚处理决定"),
    ("t2.coercion.decisions", "行政强制处理决定"),
    ("t2.fee.amount", "行政事业性收费金额"),
    ("published_on_time_rate", "信息按期公开率"),
    ("attribute_labelling_rate", "公文标注公开属性率"),
)
ASKED = (
    ("t3.1.total", "本年新收申请"),
    ("t3.2.total", "上年结转申请"),
    ("t3.3.7.total", "办结申请"),
    ("t3.4.total", "结转下年度继续办理"),
    ("requests_answered", "书面答复"),
    ("requests_answered_on_time", "其中按期答复"),
    ("answered_on_time_rate", "按期答复率"),
    ("average_answer_workdays", "平均答复用时"),
    ("disclosure_log_items", "公开到依申请公开信息目录"),
)
REMEDIED = (
    ("reconsiderations", "行政复议"),
    ("lawsuits", "行政诉讼"),
    ("complaints_received", "投诉、举报"),
    ("complaints_handled_rate", "投诉、举报已调查处理"),
)


@dataclass(frozen=True)
class Line:
    """A row of a section's table: what it counts, the year, the year before, and by how much it differs."""

    label: str
    url: str
    unit: str
    value: Value | None
    before: Value | None = None

    @property
    def change(self) -> str:
        """More (or less) than the year before."""
        return showing.change(None if self.value is None or self.before is None else self.value - self.before)


@dataclass(frozen=True)
class Section:
    """A part of the page: its pictures, its bars, its table."""

    id: str
    title: str
    pictures: Sequence[Picture]
    bars: Sequence[BarChart]
    lines: Sequence[Line]


def shown(name: str, values: Values) -> Value | None:
    """A figure's value to show: None where it is not known, and for a share of nothing."""
    ratio = next(one for one in figure.family_of(name).figures if one.id == name).ratio
    if ratio and not values.get(ratio.whole):
        return None
    return values.get(name)


def facts(values: Values, link: Link) -> list[Fact]:
    """The row of big numbers; what is not known is left out."""
    known = [(name, label, unit, shown(name, values)) for name, label, unit in HEADLINES]
    return [Fact(value, label, link(name), unit) for name, label, unit, value in known if value is not None]  # type: ignore[arg-type]


def sections(values: Values, months: Months, link: Link, before: Values | None = None) -> list[Section]:
    """The three parts of the page; ``before`` are the values of the year before, where they may be held against."""
    return [
        Section("disclosed", "主动公开", _disclosed(months, link), (), lines(DISCLOSED, values, link, before)),
        Section(
            "asked", "依申请公开", _asked(months, link),
            [chart for chart in _ways(values, link) if chart.bars], lines(ASKED, values, link, before),
        ),
        Section("remedied", "行政复议、行政诉讼和监督", _remedied(values, link), (), lines(REMEDIED, values, link, before)),
    ]  # fmt: skip


def lines(rows: Sequence[tuple[str, str]], values: Values, link: Link, before: Values | None = None) -> list[Line]:
    """A section's table; rows not known at all are left out."""
    units = {one.id: one.unit for one in figure.figures()}
    made = [
        Line(label, link(name), units[name], shown(name, values), shown(name, before) if before else None)
        for name, label in rows
        if name in units
    ]
    return [line for line in made if line.value is not None or line.before is not None]


def _monthly(months: Months, name: str) -> list[int]:
    return [months.get(month, {}).get(name, 0) for month in range(1, 13)]


def _disclosed(months: Months, link: Link) -> list[Picture]:
    """What was published in each month: the kinds there is most of, and the rest."""
    if not months:
        return []
    order = sorted(kinds().values(), key=lambda one: -sum(_monthly(months, BY_KIND[one.key].id)))
    most = [one for one in order[: MOST_SERIES - 1] if sum(_monthly(months, BY_KIND[one.key].id))]
    series = [Series(one.label, _monthly(months, BY_KIND[one.key].id), link(BY_KIND[one.key].id)) for one in most]
    whole = _monthly(months, "records_published")
    rest = [all_ - sum(one.values[n] or 0 for one in series) for n, all_ in enumerate(whole)]  # type: ignore[misc]
    if any(rest):
        series.append(Series("其他", rest, link("records_published")))
    norms = [
        Series(label, _monthly(months, name), link(name))
        for name, label in (("t2.normative_document.issued", "行政规范性文件"), ("t2.regulation.issued", "规章"))
    ]
    pictures = [Picture("stack", "每月主动公开信息，按类别", MONTHS, series, "条", summed=True)] if series else []
    return [*pictures, Picture("columns", "每月制发的规章和行政规范性文件", MONTHS, norms)]


def _asked(months: Months, link: Link) -> list[Picture]:
    if not months:
        return []
    series = [
        Series(label, _monthly(months, name), link(name))
        for name, label in (("t3.1.total", "新收"), ("t3.3.7.total", "办结"))
    ]
    return [Picture("columns", "每月新收和办结的申请", MONTHS, series)]


def _ways(values: Values, link: Link) -> list[BarChart]:
    """How requests were decided, how they came, who asked: the most frequent first, what did not happen left out."""
    decided = [(f"t3.{leaf.code}.total", leaf.title) for leaf in LEAVES.values()]
    came = [(CHANNELS[channel.value], channel.label) for channel in Channel]
    who = [(f"t3.1.{applicant.value}", applicant.label) for applicant in COLUMNS]
    return [
        BarChart.of(title, _bars(names, values, link), "件")
        for title, names in (("办理结果", decided), ("提出的渠道", came), ("申请人", who))
    ]


def _bars(names: Sequence[tuple[str, str]], values: Values, link: Link) -> list[tuple[str, int | float, str]]:
    rows = [(label, int(values.get(name, 0)), link(name)) for name, label in names]
    return sorted((row for row in rows if row[1]), key=lambda row: -row[1])


def _remedied(values: Values, link: Link) -> list[Picture]:
    """How reviews and suits ended; nothing where there was none."""
    cells = [[f"t4.{appeal.id}.{outcome.id}" for appeal in APPEALS] for outcome in OUTCOMES[:-1]]
    if not any(values.get(cell) for row in cells for cell in row):
        return []
    series = [
        Series(outcome.label, [values.get(cell, 0) for cell in row], urls=[link(cell) for cell in row])
        for outcome, row in zip(OUTCOMES, cells, strict=False)
    ]
    urls = [link(f"t4.{appeal.id}.total") for appeal in APPEALS]
    names = [appeal.key for appeal in APPEALS]
    return [Picture("stack", "行政复议和行政诉讼的结果", names, series, heading="途径", urls=urls, summed=True)]
