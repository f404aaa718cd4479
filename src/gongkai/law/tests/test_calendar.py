"""The calendar against ``chinesecalendar``, and its arithmetic against walking."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.calendar import CHINA, FIRST_YEAR, LAST_YEAR, Kind

# 国办发明电〔2005〕35号 (2006): 12月31日（星期六）上班. chinesecalendar misses this make-up day of the year before.
CHINESECALENDAR_MISSES = {date(2005, 12, 31)}
dates = st.dates(date(FIRST_YEAR, 1, 1), date(2035, 12, 31))


def _known_to_both() -> list[date]:
    last = max(chinese_calendar.holidays)
    years = range(FIRST_YEAR, min(last.year, max(year for year in range(2004, 2061) if CHINA.announced(year))) + 1)
    start, end = date(years[0], 1, 1), date(years[-1], 12, 31)
    return [start + timedelta(step) for step in range((end - start).days + 1)]


def test_equal_to_chinesecalendar_on_every_day_both_know():
    days = _known_to_both()
    assert len(days) >= 365 * 23
    differing = {day for day in days if CHINA.is_workday(day) != chinese_calendar.is_workday(day)}
    assert differing == CHINESECALENDAR_MISSES
    assert all(CHINA.kind(day).kind is Kind.MAKE_UP for day in differing)


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (date(2021, 2, 10), Kind.WORKDAY, "工作日"),
        (date(2021, 2, 12), Kind.HOLIDAY, "春节"),
        (date(2021, 2, 16), Kind.HOLIDAY, "春节"),  # a substituted day off takes its festival's name
        (date(2021, 2, 20), Kind.MAKE_UP, "调休上班"),
        (date(2021, 2, 21), Kind.RESTDAY, "休息日"),
        (date(2020, 1, 31), Kind.HOLIDAY, "春节延长假期"),
        (date(2020, 10, 1), Kind.HOLIDAY, "中秋节、国庆节"),
    ],
)
def test_kinds(day, kind, name):
    assert CHINA.kind(day) == (kind, name)


def test_every_day_off_has_a_festival():
    days = [date(year, 1, 1) + timedelta(step) for year in range(2004, 2027) for step in range(365)]
    assert not [day for day in days if "（" in CHINA.kind(day).name or CHINA.kind(day).name == "调休放假"]


def test_a_year_without_notice_is_provisional():
    assert CHINA.announced(2004) and CHINA.announced(2026)
    unannounced = next(year for year in range(2026, 2061) if not CHINA.announced(year))
    # Statutory holidays are still there, make-up days are not guessed.
    assert CHINA.kind(date(unannounced, 10, 1)).kind is Kind.HOLIDAY
    days = [date(unannounced, 1, 1) + timedelta(step) for step in range(365)]
    assert not [day for day in days if CHINA.kind(day).kind is Kind.MAKE_UP]
    assert CHINA.corrected({}, announced=[unannounced]).announced(unannounced)


def test_a_correction_makes_a_new_calendar():
    saturday, monday = date(2027, 4, 10), date(2027, 4, 12)
    new = CHINA.corrected({saturday: True, monday: False, date(2027, 4, 13): True})
    assert new.kind(saturday).kind is Kind.MAKE_UP and new.kind(monday) == (Kind.HOLIDAY, "调整放假")
    assert CHINA.kind(saturday).kind is Kind.RESTDAY
    assert new.differences(CHINA) == CHINA.differences(new) == [saturday, monday]
    assert new.corrected({saturday: False, monday: True}).differences(CHINA) == []
    assert new == CHINA.corrected({monday: False}).corrected({saturday: True, date(2027, 4, 13): True})


@given(dates, st.integers(1, 60))
def test_add_workdays_is_walking(day, count):
    walked, left = day, count
    while left:
        walked += timedelta(1)
        left -= CHINA.is_workday(walked)
    assert CHINA.add_workdays(day, count) == walked
    assert CHINA.workdays_between(day, walked) == count


@given(dates, dates)
def test_workdays_between_is_counting(first, second):
    after, until = min(first, second), max(first, second)
    after = max(after, until - timedelta(400))
    walked = sum(CHINA.is_workday(after + timedelta(step)) for step in range(1, (until - after).days + 1))
    assert CHINA.workdays_between(after, until) == walked == -CHINA.workdays_between(until, after)


@pytest.mark.parametrize("day", [date(FIRST_YEAR - 1, 12, 31), date(LAST_YEAR + 1, 1, 1)])
def test_beyond_the_calendar_is_refused(day):
    for ask in (CHINA.is_workday, CHINA.kind, lambda d: CHINA.add_workdays(d, 1), lambda d: CHINA.corrected({d: True})):
        with pytest.raises(ValueError, match="日历只覆盖"):
            ask(day)
    with pytest.raises(ValueError, match="超出日历范围"):
        CHINA.add_workdays(date(LAST_YEAR, 12, 30), 20)
    with pytest.raises(ValueError, match="至少为 1"):
        CHINA.add_workdays(date(2021, 1, 1), 0)
