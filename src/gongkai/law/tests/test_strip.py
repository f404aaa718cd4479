"""The strip, what remains, and how urgent it is."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.clocks import CellKind, ClockEvent, deadline, overdue, remaining, strip, urgency

RECEIVED = date(2021, 2, 8)
ASKED = [ClockEvent("consultation_sent", date(2021, 3, 2)), ClockEvent("consultation_returned", date(2021, 3, 10))]


def test_the_strip_of_the_example():
    cells = strip(deadline(RECEIVED, ASKED), date(2021, 3, 10))
    letters = {"done": "d", "left": "l", "paused": "p", "rest": "r", "holiday": "h"}
    drawn = "".join(letters[cell.kind] for cell in cells)
    assert drawn == "dd" + "hhhhhhh" + "dddr" + "dddddrr" + "ddppprr" + "pppllrr" + "lllllrr" + "l"
    assert [cell.date for cell in cells if cell.make_up] == [date(2021, 2, 20)]
    assert [cell.date for cell in cells if cell.due] == [date(2021, 3, 22)]
    texts = {cell.date: cell.text for cell in cells}
    assert texts[date(2021, 2, 12)] == "2月12日 星期五 节假日，春节"
    assert texts[date(2021, 2, 20)] == "2月20日 星期六 已过，调休上班"
    assert texts[date(2021, 3, 10)] == "3月10日 星期三 不计入，今天"
    assert texts[date(2021, 3, 22)] == "3月22日 星期一 剩余，期限"


def test_remaining_and_overdue():
    clock = deadline(RECEIVED)
    counted = {day: remaining(clock, date(2021, 3, day)) for day in (11, 12, 13, 14, 15, 16)}
    assert counted == {11: 1, 12: 0, 13: 0, 14: 0, 15: -1, 16: -2}
    assert not overdue(clock, date(2021, 3, 12)) and overdue(clock, date(2021, 3, 13))


def test_urgency():
    clock = deadline(RECEIVED)
    levels = {day: urgency(clock, date(2021, 3, day)).label for day in (4, 5, 11, 12, 13, 30)}
    assert levels == {4: "绿", 5: "黄", 11: "黄", 12: "红", 13: "红", 30: "红"}


def test_a_stopped_clock_is_neither_late_nor_urgent():
    clock = deadline(RECEIVED, [ClockEvent("clarification_requested", date(2021, 2, 19))])
    later = date(2021, 6, 1)
    assert not overdue(clock, later)
    assert urgency(clock, later).label == "绿"
    assert remaining(clock, later) == remaining(clock, date(2021, 2, 19)) == 16
    kinds = {cell.kind for cell in strip(clock, later) if cell.date > date(2021, 2, 19)}
    assert kinds == {CellKind.PAUSED, CellKind.REST}


@given(st.dates(date(2008, 1, 1), date(2026, 1, 1)), st.integers(0, 25), st.integers(0, 40), st.integers(0, 90))
def test_cells_left_are_the_days_remaining(received, sent, answered, passed):
    asked = received + timedelta(sent)
    events = [ClockEvent("consultation_sent", asked)]
    events += [ClockEvent("consultation_returned", asked + timedelta(answered))]
    clock, today = deadline(received, events), received + timedelta(passed)
    cells = strip(clock, today)
    assert [cell.date for cell in cells] == sorted({cell.date for cell in cells})
    assert cells[-1].due and len(cells) == (clock.due - received).days
    if today <= clock.due:
        assert remaining(clock, today) == sum(cell.kind is CellKind.LEFT for cell in cells)
