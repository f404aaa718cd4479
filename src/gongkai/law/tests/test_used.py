"""Working days of the running period gone by."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.calendar import CHINA
from gongkai.law.clocks import ClockEvent, EventKind, deadline, remaining, used


@given(st.dates(date(2020, 1, 1), date(2023, 12, 31)), st.integers(0, 60))
def test_days_gone_and_days_left_make_the_period(received, after):
    clock = deadline(received)
    day = received + timedelta(after)
    if day <= clock.due:
        assert used(clock, day) + remaining(clock, day) == 20


def test_a_correction_begins_anew_and_a_consultation_is_left_out():
    received = date(2021, 3, 1)
    sent, back = CHINA.add_workdays(received, 3), CHINA.add_workdays(received, 9)
    events = [ClockEvent(EventKind.CLARIFICATION_REQUESTED, sent), ClockEvent(EventKind.CLARIFIED, back)]
    assert used(deadline(received, events[:1]), back) == 3
    assert used(deadline(received, events), CHINA.add_workdays(back, 5)) == 5
    asked, returned = CHINA.add_workdays(received, 2), CHINA.add_workdays(received, 8)
    events = [ClockEvent(EventKind.CONSULTATION_SENT, asked), ClockEvent(EventKind.CONSULTATION_RETURNED, returned)]
    assert used(deadline(received, events), CHINA.add_workdays(received, 12)) == 12 - 6
