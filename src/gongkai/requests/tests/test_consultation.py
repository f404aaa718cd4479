"""Parallel consultations: what the clock excludes is the union of the parties' intervals, counted day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.law.calendar import CHINA
from gongkai.law.clocks import ClockEvent, deadline
from gongkai.ledger import clock
from gongkai.organs.testing import small_city
from gongkai.procedure import Refused
from gongkai.requests.consultation import RETURNED, SENT, sequence
from gongkai.requests.events import Case
from gongkai.requests.models import Request
from gongkai.requests.queries import case
from gongkai.requests.services import do
from gongkai.requests.testing import event_data

from .test_procedure import MONDAY, bring, by

START = date(2021, 3, 1)


def slow_due(received: date, extension: int, intervals: list[tuple[date, date]]) -> date:
    """Counting day by day: a working day counts unless a consultation sent before the end covers it."""
    day, left = received, 20 + extension
    while True:
        day += timedelta(days=1)
        if CHINA.is_workday(day) and not any(after < day <= until for after, until in intervals):
            left -= 1
            if left == 0:
                return day


@st.composite
def rounds(draw):
    """Letters in the answer period, opinions after them (some late, some never), an extension now and then."""
    letters = sorted(draw(st.lists(st.integers(0, 17), min_size=1, max_size=4)))
    acts = [(day, 0, n) for n, day in enumerate(letters)]
    for n, day in enumerate(letters):
        wait = draw(st.one_of(st.none(), st.integers(0, 30)))
        if wait is not None:
            acts.append((day + wait, 1, n))
    if draw(st.booleans()):
        acts.append((draw(st.integers(0, 17)), 2, draw(st.integers(1, 20))))
    return sorted(acts)


@given(rounds())
@settings(max_examples=300, deadline=None)
def test_the_union_is_excluded(acts):
    """Against an oracle that walks the days; with every opinion, cap and gap the parties can produce."""
    from dataclasses import replace

    now, extension = Case(received_on=START, clock_from=START), 0
    for offset, what, n in acts:
        day = START + timedelta(days=offset)
        if what == 0:
            now = now.with_clock_event(ClockEvent(SENT, day), "third_party")
        elif what == 1:
            party = replace(now.parties[n], returned_on=day, reply=len(now.clock_events))
            now = replace(now, parties=(*now.parties[:n], party, *now.parties[n + 1 :]))
            now = now.with_clock_event(ClockEvent(RETURNED, day))
        else:
            extension, now = n, now.with_clock_event(ClockEvent("extended", day, days=n))
    intervals = [(party.sent_on, party.end()) for party in now.parties]
    assert deadline(START, sequence(now.clock_events, now.parties)).due == slow_due(START, extension, intervals)


@pytest.fixture
def city(db):
    with clock.at(MONDAY):
        yield small_city()


def test_two_parties_each_with_a_clock(city):
    """The case goes on when the last opinion is in; the due date moves by the union, once."""
    key = bring(city, "consulting")
    with clock.at(MONDAY + timedelta(days=4)):
        do(key, "consult", by("consult"), event_data("consult") | {"name": "另一公司"})
    opened = case(key)
    assert [(n, p.due().isoformat()) for n, p in opened.awaited] == [(1, "2021-03-22"), (2, "2021-03-26")]
    with clock.at(MONDAY + timedelta(days=9)):
        with pytest.raises(Refused, match="还在等待 2 方"):
            do(key, "consulted", by("x"), event_data("consulted"))
        with pytest.raises(Refused, match="没有等待第 3 方"):
            do(key, "opinion", by("x"), {"party": 3, "opinion": "agree"})
        do(key, "opinion", by("x"), {"party": 1, "opinion": "refuse"})
    with clock.at(MONDAY + timedelta(days=11)):
        done = do(key, "consulted", by("x"), event_data("consulted"))
    assert done.state.state == "handling" and [p.opinion for p in done.state.parties] == ["refuse", "agree"]
    # 2—12 March excluded: nine working days after the twentieth.
    assert Request.objects.get(key=key).due_on == CHINA.add_workdays(START, 20 + 9)
