"""The clock strip: each day of the running period a cell, with words for those who cannot see it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from gongkai.law.calendar import CHINA, Calendar, Kind
from gongkai.law.derivation import Deadline, chinese_day

_WEEKDAYS = "一二三四五六日"


class CellKind(StrEnum):
    """What a day is to the clock."""

    DONE = "done"
    LEFT = "left"
    PAUSED = "paused"
    REST = "rest"
    HOLIDAY = "holiday"

    @property
    def label(self) -> str:
        """已过, 剩余, 不计入, 休息日 or 节假日."""
        return {"done": "已过", "left": "剩余", "paused": "不计入", "rest": "休息日", "holiday": "节假日"}[self]


@dataclass(frozen=True, slots=True)
class Cell:
    """One day: its kind, whether it is today, the due date, a make-up work day; ``text`` says it all in Chinese."""

    date: date
    kind: CellKind
    today: bool
    due: bool
    make_up: bool
    text: str


def strip(clock: Deadline, today: date, calendar: Calendar = CHINA) -> list[Cell]:
    """The cells from the day after the running period's first to the due date."""
    return [_cell(clock, day, today, calendar) for day in _days(clock)]


def _days(clock: Deadline) -> Iterator[date]:
    for offset in range(1, (clock.due - clock.start).days + 1):
        yield clock.start + timedelta(offset)


def _cell(clock: Deadline, day: date, today: date, calendar: Calendar) -> Cell:
    kind, name = calendar.kind(day)
    cell = _kind(clock, day, today, kind)
    shown = [cell.label]
    if kind in (Kind.HOLIDAY, Kind.MAKE_UP):
        shown.append(name)
    shown += [word for word, is_so in (("今天", day == today), ("期限", day == clock.due)) if is_so]
    text = f"{chinese_day(day, clock.start.year)} 星期{_WEEKDAYS[day.weekday()]} {'，'.join(shown)}"
    return Cell(day, cell, day == today, day == clock.due, kind is Kind.MAKE_UP, text)


def _kind(clock: Deadline, day: date, today: date, kind: Kind) -> CellKind:
    if kind is Kind.HOLIDAY:
        return CellKind.HOLIDAY
    if kind is Kind.RESTDAY:
        return CellKind.REST
    stopped = clock.stopped and clock.waiting is not None and day > clock.waiting.since
    if stopped or any(after < day <= until for after, until in clock.paused):
        return CellKind.PAUSED
    return CellKind.DONE if day <= today else CellKind.LEFT
