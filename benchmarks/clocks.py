"""Every open deadline recomputed after a correction of the calendar, beside a naive recount day by day.

100,000 open cases with realistic events; the State Council moves a holiday; which due dates move? The recount lives
through every day of every case on both calendars (the tests' oracle). Every answer is compared; a difference or the limit
missed makes the exit status 1.

``--exhaustive`` instead compares clock and oracle for every receipt day 2008–2026 with every combination of events up to
four deep, each with ``--rounds`` choices of the days between them.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial
from typing import TypeVar

from _harness import progress, say, table

from gongkai.law.calendar import CHINA, FIRST_DAY, Calendar
from gongkai.law.clocks import ClockEvent, deadline, recompute
from gongkai.law.tests.histories import Dice, explore, worked_days
from gongkai.law.tests.oracle import Oracle

CASES, LIMIT = 100_000, 1.5  # seconds
FIRST, LAST = date(2008, 1, 1), date(2026, 12, 31)
# A notice late in the year's first quarter: a bridge day off on Friday 30 April, worked off on Sunday 9 May.
CORRECTION = {date(2021, 4, 30): False, date(2021, 5, 9): True}
T = TypeVar("T")
Case = tuple[int, date, list[ClockEvent]]


def open_cases(count: int) -> list[Case]:
    """Cases open in spring 2021 (received January to May), the same every run.

    A third have consulted (a sixth of those still do), a fifth were extended, a tenth corrected, some paid or delayed.
    """
    rng = random.Random(711)
    return [(number, *_case(rng, date(2021, 1, 4) + timedelta(rng.randrange(140)))) for number in range(count)]


def _case(rng: random.Random, received: date) -> tuple[date, list[ClockEvent]]:
    day, events = received, list[ClockEvent]()

    def after(kind: str, workdays: int, **details: object) -> None:
        nonlocal day
        day = CHINA.add_workdays(day, workdays)
        events.append(ClockEvent(kind, day, **details))  # type: ignore[arg-type]

    if rng.random() < 0.10:
        after("clarification_requested", rng.randint(1, 7))
        after("clarified", rng.randint(1, 15))
    if rng.random() < 0.33:
        after("consultation_sent", rng.randint(1, 6))
        if rng.random() < 0.83:
            after("consultation_returned", rng.randint(1, 17))
    if rng.random() < 0.02:
        after("fee_noticed", rng.randint(1, 5))
        after("fee_paid", rng.randint(1, 18))
    if rng.random() < 0.20:
        after("extended", rng.randint(1, 6), days=rng.choice((5, 10, 15, 20)))
    elif rng.random() < 0.02:
        after("reasonable_delay", 1, until=received + timedelta(200))
    return received, events


def recount(cases: Sequence[Case], calendar: Calendar) -> list[date]:
    """Each due date by living through the days."""
    worked, base = worked_days(calendar), FIRST_DAY.toordinal()
    dues = []
    for _, received, events in cases:
        oracle = Oracle(received.toordinal(), worked, base)
        for event in events:
            until = event.until.toordinal() if event.until else None
            oracle.happen((str(event.kind), event.on.toordinal(), event.days, until))
        dues.append(date.fromordinal(oracle.due()))
    return dues


def measured(work: Callable[[], T], runs: int = 1) -> tuple[T, float]:
    """The answer and the median milliseconds of processor time: one thread computes, other work must not count."""
    spent = []
    for _ in range(runs):
        start = time.process_time()
        answer = work()
        spent.append((time.process_time() - start) * 1000)
    return answer, statistics.median(spent)


def correction() -> int:
    """Measure, compare, print; 1 if an answer differs or the limit is missed."""
    new = CHINA.corrected(CORRECTION)
    with progress(f"{CASES:,} open cases made"):
        cases = open_cases(CASES)
    moved, ours = measured(lambda: recompute(cases, CHINA, new), 5)
    dues, explained = measured(lambda: [deadline(day, evs, new, replay=True).due for _, day, evs in cases], 3)
    (before, after), naive = measured(lambda: (recount(cases, CHINA), recount(cases, new)))
    pairs = zip(cases, before, after, strict=True)
    expected = {case[0]: (old, now) for case, old, now in pairs if old != now}
    listed = {move.case: (move.old, move.new) for move in moved}
    equal = listed == expected and dues == after
    rows = [
        ("which deadlines move (recompute)", ours),
        ("every deadline with its derivation", explained),
        ("naive recount day by day", naive),
    ]
    table(("", "CPU ms", "naive is"), [(name, f"{spent:,.0f}", f"{naive / spent:.1f}x") for name, spent in rows])
    later = sum(move.new > move.old for move in moved)
    say(f"  moved: {len(moved):,} of {CASES:,} ({later:,} later, {len(moved) - later:,} earlier)")
    say(f"  answers equal: {'yes' if equal else 'NO'}; limit {LIMIT * 1000:,.0f} ms for recompute")
    return int(not equal or ours > LIMIT * 1000)


def _explore(day: int, rounds: int) -> tuple[int, int]:
    worked = worked_days() if not _WORKED else _WORKED[0]
    _WORKED[:] = [worked]
    outcomes = [ok for turn in range(rounds) for ok in explore(day, worked, 4, Dice(day * 1000 + turn))]
    return len(outcomes), sum(outcomes)


_WORKED: list[list[bool]] = []


def exhaustive(rounds: int, processes: int) -> int:
    """Every receipt day, every combination; an AssertionError shows the first history that differs."""
    days = range(FIRST.toordinal(), LAST.toordinal() + 1)
    histories = possible = 0
    with progress("receipt days") as show, ProcessPoolExecutor(processes) as pool:
        for done, (all_, good) in enumerate(pool.map(partial(_explore, rounds=rounds), days, chunksize=50), 1):
            histories, possible = histories + all_, possible + good
            show(done, len(days))
    say(f"  {len(days):,} receipt days, {histories:,} histories compared, {possible:,} possible: all equal")
    return 0


def main() -> int:
    """Parse the options and run."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--exhaustive", action="store_true", help="compare clock and oracle completely")
    options.add_argument("--rounds", type=int, default=1, help="choices of days for each combination (exhaustive)")
    options.add_argument("--processes", type=int, default=2)
    chosen = options.parse_args()
    return exhaustive(chosen.rounds, chosen.processes) if chosen.exhaustive else correction()


if __name__ == "__main__":
    sys.exit(main())
