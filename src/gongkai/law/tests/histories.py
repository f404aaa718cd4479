"""Every history of events up to a depth, from one receipt day, clock and oracle side by side."""

from collections.abc import Iterator
from datetime import date

from gongkai.law.calendar import CHINA, FIRST_DAY, Calendar
from gongkai.law.clocks import ClockEvent, EventKind, ImpossibleSequence, deadline
from gongkai.law.tests.oracle import Event, Impossible, Oracle

KINDS = tuple(kind.value for kind in EventKind)
# Days between events: same day, days around 7, 15 and 20 working days, and far beyond them.
GAPS = (0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 13, 14, 17, 20, 21, 22, 23, 26, 27, 28, 29, 30, 33, 41, 64)
EXTENSIONS = (1, 5, 10, 19, 20, 20, 20, 21, 0)
DELAYS = (0, 10, 30, 31, 45, 60, 90)
_BASE = FIRST_DAY.toordinal()


def worked_days(calendar: Calendar = CHINA, last_year: int = 2030) -> list[bool]:
    """Whether each day from the calendar's first on is worked: all that clock and oracle share."""
    return [calendar.is_workday(date.fromordinal(day)) for day in range(_BASE, date(last_year, 12, 31).toordinal() + 1)]


class Dice:
    """A small reproducible source of choices (a linear congruential generator: cheap, and the same everywhere)."""

    def __init__(self, seed: int) -> None:
        self.state = (seed * 2862933555777941757 + 3037000493) & 0xFFFFFFFFFFFFFFFF

    def pick(self, values: tuple[int, ...]) -> int:
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        return values[(self.state >> 33) % len(values)]


def event(kind: str, after: int, dice: Dice) -> Event:
    on = after + dice.pick(GAPS)
    days = dice.pick(EXTENSIONS) if kind == "extended" else None
    until = on + dice.pick(DELAYS) if kind in ("reasonable_delay", "clarification_requested") else None
    return kind, on, days, until or None


def as_clock_event(raw: Event) -> ClockEvent:
    kind, on, days, until = raw
    return ClockEvent(kind, date.fromordinal(on), days, date.fromordinal(until) if until else None)


def compare(oracle: Oracle, received: int, history: tuple[Event, ...], calendar: Calendar = CHINA) -> Oracle | None:
    """Add the history's last event to the oracle before it; both must refuse it or agree on the due date.

    Returns the oracle after it, or None if it is impossible.
    """
    after: Oracle | None = oracle.copy()
    try:
        if history:
            after.happen(history[-1])
        expected = date.fromordinal(after.due())
    except Impossible:
        after = expected = None
    try:
        found = deadline(date.fromordinal(received), map(as_clock_event, history), calendar).due
    except ImpossibleSequence:
        found = None
    assert found == expected, (date.fromordinal(received), [as_clock_event(raw) for raw in history], found, expected)
    return after


def explore(received: int, worked: list[bool], depth: int, dice: Dice, calendar: Calendar = CHINA) -> Iterator[bool]:
    """Compare on every combination of kinds up to ``depth``; yields for each whether it is possible.

    An impossible history is not continued: nothing after it can make it possible.
    """

    def below(oracle: Oracle, history: tuple[Event, ...]) -> Iterator[bool]:
        for kind in KINDS:
            longer = (*history, event(kind, oracle.day, dice))
            after = compare(oracle, received, longer, calendar)
            yield after is not None
            if after and len(longer) < depth:
                yield from below(after, longer)

    start = Oracle(received, worked, _BASE)
    assert compare(start, received, (), calendar)
    yield True
    yield from below(start, ())
