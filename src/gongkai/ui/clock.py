"""The clock strip: a deadline's days as cells, as runs in words, and as one sentence for those who cannot see it.

``strip(deadline, today)`` prepares what ``<c-clock-strip :clock="…" />`` draws. The law computes (days, kinds, steps);
this module only words and groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from gongkai.law.calendar import CHINA, Calendar
from gongkai.law.clocks import Cell, CellKind, Deadline, Step, remaining, urgency
from gongkai.law.clocks import strip as cells_of

#: The edge of the clock by the law's warning levels.
EDGES = {"red": "late", "yellow": "soon", "green": ""}


@dataclass(frozen=True)
class Day:
    """A cell as it is drawn."""

    number: int
    classes: str
    title: str


@dataclass(frozen=True)
class Run:
    """Days of one kind that follow each other."""

    start: date
    end: date
    days: int
    words: str


@dataclass(frozen=True)
class Strip:
    """Everything the component shows. ``left`` says what remains; ``kind`` colours the edge."""

    due: date
    provisional: bool
    left: str
    kind: str
    months: Sequence[tuple[str, Sequence[Day]]]
    key: Sequence[tuple[str, str]]
    runs: Sequence[Run]
    sentence: str
    steps: Sequence[Step]


def _flags(cell: Cell) -> list[tuple[str, str]]:
    """(class, word) of each flag a cell carries."""
    flags = [("today", "今天", cell.today), ("due", "期限", cell.due), ("make_up", "调休上班", cell.make_up)]
    return [(name, word) for name, word, raised in flags if raised]


def _day(cell: Cell) -> Day:
    return Day(cell.date.day, " ".join([cell.kind, *(name for name, _ in _flags(cell))]), cell.text)


def _words(cell: Cell) -> str:
    return "，".join([cell.kind.label, *(word for _, word in _flags(cell))])


def _key(cells: Sequence[Cell]) -> list[tuple[str, str]]:
    present = {cell.kind for cell in cells}
    kinds = [(kind.value, kind.label) for kind in CellKind if kind in present]
    flags = dict(flag for cell in cells for flag in _flags(cell))
    return kinds + [(f"{CellKind.LEFT} {name}", word) for name, word in flags.items()]


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _sentence(cells: Sequence[Cell], due: date) -> str:
    if not cells:
        return f"期限 {_chinese(due)}"
    counts = [(kind.label, sum(cell.kind is kind for cell in cells)) for kind in CellKind]
    counted = "，".join(f"{label} {count} 天" for label, count in counts if count)
    today = "".join(f"，今天 {_chinese(cell.date)}" for cell in cells if cell.today)
    return f"{_chinese(cells[0].date)}至{_chinese(cells[-1].date)}：{counted}{today}，期限 {_chinese(due)}"


def left_words(deadline: Deadline, today: date, calendar: Calendar = CHINA) -> str:
    """还剩 9 个工作日, 今日到期, 已逾期 2 个工作日, or that the clock waits."""
    if deadline.stopped:
        return f"等待申请人；停止前为 {_chinese(deadline.due)}"
    left = remaining(deadline, today, calendar)
    if left < 0 or today > deadline.due:
        return f"已逾期 {-left} 个工作日"
    return f"还剩 {left} 个工作日" if left else "今日到期"


def strip(deadline: Deadline, today: date, calendar: Calendar = CHINA, closed: str = "") -> Strip:
    """The strip on ``today``. ``closed`` (已于3月10日答复) replaces what remains once nothing does."""
    cells = cells_of(deadline, today, calendar)
    months = [
        (f"{month}月", [_day(cell) for cell in group])
        for (_, month), group in groupby(cells, key=lambda cell: (cell.date.year, cell.date.month))
    ]
    runs = []
    for words, group in groupby(cells, key=_words):
        days = list(group)
        runs.append(Run(days[0].date, days[-1].date, len(days), words))
    kind = "pause" if deadline.stopped else EDGES[urgency(deadline, today, calendar).code]
    return Strip(
        due=deadline.due,
        provisional=deadline.provisional,
        left=closed or left_words(deadline, today, calendar),
        kind="ok" if closed else kind,
        months=months,
        key=_key(cells),
        runs=runs,
        sentence=_sentence(cells, deadline.due),
        steps=deadline.steps,
    )
