"""Working days on the State Council's calendar: public holidays and make-up work days (调休), from 2004 on.

The arrangements come from the ``holidays`` package, which follows the General Office's yearly notices
(国务院办公厅关于某年部分节假日安排的通知). A year without a notice yet has only the statutory holidays of the
全国年节及纪念日放假办法: it is *provisional* and :meth:`Calendar.announced` says so. A correction is data: it makes a
new calendar and leaves the old one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import NamedTuple

FIRST_YEAR = 2004
LAST_YEAR = 2060
FIRST_DAY = date(FIRST_YEAR, 1, 1)
_BASE = FIRST_DAY.toordinal()
_LENGTH = date(LAST_YEAR + 1, 1, 1).toordinal() - _BASE
_NEIGHBOUR = 8  # days: a substituted day off lies within a week of the festival it belongs to
_SATURDAY = 5


class Kind(StrEnum):
    """What a day is on the calendar."""

    WORKDAY = "workday"
    RESTDAY = "restday"
    HOLIDAY = "holiday"
    MAKE_UP = "make-up"


class Day(NamedTuple):
    """A day's kind and its Chinese name (工作日, 休息日, the festival, 调休上班)."""

    kind: Kind
    name: str


@dataclass(frozen=True)
class _Arrangements:
    """What the notices say: days off with their festival, week-end days worked, years with a notice."""

    days_off: Mapping[date, str]
    made_up: frozenset[date]
    announced: frozenset[int]


@lru_cache(maxsize=1)
def _arrangements() -> _Arrangements:
    # Imported here: the package takes a moment to load and most of law/ has no need of it.
    from holidays.countries.china import China, ChinaStaticHolidays

    source = China(years=range(FIRST_YEAR, LAST_YEAR + 1), language="zh_CN")  # type: ignore[no-untyped-call]
    # Only years with a notice carry substituted days; every notice since 2001 has some.
    announced = frozenset(
        year for year in ChinaStaticHolidays.special_public_holidays if FIRST_YEAR <= year <= LAST_YEAR
    )
    return _Arrangements(_festivals(dict(source.items())), frozenset(source.weekend_workdays), announced)


def _festivals(names: Mapping[date, str]) -> dict[date, str]:
    """Days off named by their festival: 休息日（由…调休） takes the name of the nearest one, 春节（补假） is 春节."""
    plain = {day: name.split("（")[0].replace("; ", "、") for day, name in names.items()}
    festivals = {day: name for day, name in plain.items() if name != "休息日"}
    found = dict(festivals)
    for day in plain.keys() - festivals.keys():
        near = (day + timedelta(sign * step) for step in range(1, _NEIGHBOUR) for sign in (-1, 1))
        found[day] = next((festivals[other] for other in near if other in festivals), "调休放假")
    return found


class _Table(NamedTuple):
    """Prefix sums over the whole calendar: ``before[i]`` working days precede day i; ``workdays`` in order."""

    before: list[int]
    workdays: list[date]


@dataclass(frozen=True)
class Calendar:
    """An immutable calendar: the notices' arrangements plus ``corrections`` (day → is it a working day).

    ``also_announced`` are years known to be announced beyond those the package holds. All methods raise ``ValueError``
    (in Chinese) for a day outside 2004–2060.
    """

    corrections: tuple[tuple[date, bool], ...] = ()
    also_announced: frozenset[int] = frozenset()

    @cached_property
    def _changes(self) -> dict[date, bool]:
        return dict(self.corrections)

    @cached_property
    def _table(self) -> _Table:
        arrangements = _arrangements()
        working = [index % 7 not in _WEEKEND for index in range(_LENGTH)]
        edits = [(day, False) for day in arrangements.days_off] + [(day, True) for day in arrangements.made_up]
        for day, is_work in [*edits, *self.corrections]:
            index = day.toordinal() - _BASE
            if 0 <= index < _LENGTH:
                working[index] = is_work
        before, count = [0], 0
        for is_work in working:
            count += is_work
            before.append(count)
        return _Table(before, [date.fromordinal(_BASE + index) for index, is_work in enumerate(working) if is_work])

    def is_workday(self, day: date) -> bool:
        """Whether the day is worked, make-up days included."""
        index, before = _index(day), self._table.before
        return before[index + 1] > before[index]

    def kind(self, day: date) -> Day:
        """The day's kind and Chinese name."""
        weekend = day.weekday() >= _SATURDAY
        if self.is_workday(day):
            return Day(Kind.MAKE_UP, "调休上班") if weekend else Day(Kind.WORKDAY, "工作日")
        festival = _arrangements().days_off.get(day)
        if festival:
            return Day(Kind.HOLIDAY, festival)
        return Day(Kind.RESTDAY, "休息日") if weekend else Day(Kind.HOLIDAY, "调整放假")

    def add_workdays(self, day: date, count: int) -> date:
        """The last day of a period of ``count`` ≥ 1 working days; ``day`` itself is not counted."""
        if count < 1:
            raise ValueError(f"期限至少为 1 个工作日：{count}")
        before, workdays = self._table
        position = before[_index(day) + 1] + count - 1
        if position >= len(workdays):
            raise ValueError(f"期限超出日历范围（{FIRST_YEAR}—{LAST_YEAR}年）")
        return workdays[position]

    def workdays_between(self, after: date, until: date) -> int:
        """Working days after the first day up to and including the last; negative if ``until`` is before ``after``."""
        before = self._table.before
        return before[_index(until) + 1] - before[_index(after) + 1]

    def announced(self, year: int) -> bool:
        """Whether the State Council's notice for the year is known; if not, days of that year are provisional."""
        return year in self.also_announced or year in _arrangements().announced

    def corrected(self, changes: Mapping[date, bool], *, announced: Iterable[int] = ()) -> "Calendar":
        """A new calendar with these days worked (True) or not (False) and these years marked announced."""
        for day in changes:
            _index(day)
        merged = self._changes | dict(changes)
        return Calendar(tuple(sorted(merged.items())), self.also_announced | frozenset(announced))

    def differences(self, other: "Calendar") -> list[date]:
        """The days, in order, that one of the two calendars works and the other does not."""
        days = sorted(self._changes.keys() | other._changes.keys())
        return [day for day in days if self.is_workday(day) != other.is_workday(day)]


_WEEKEND = {(_SATURDAY - FIRST_DAY.weekday()) % 7, (_SATURDAY + 1 - FIRST_DAY.weekday()) % 7}


def _index(day: date) -> int:
    index = day.toordinal() - _BASE
    if not 0 <= index < _LENGTH:
        raise ValueError(f"日历只覆盖 {FIRST_YEAR}—{LAST_YEAR} 年：{day.isoformat()}")
    return index


CHINA = Calendar()
"""The calendar as announced; its tables are built when first asked."""
