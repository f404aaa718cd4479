"""The clock on a request: a pure function from receipt day and events to the due date and its derivation.

Two modes stand side by side. A *restart* (correction received, fee paid) begins a new answer period of twenty working
days; extension and delay of the former period end with it. An *exclusion* (asking a third party or another agency)
takes an interval out of the running period. The day a period starts from is never counted; it ends with its last
working day. ``docs/explanation/clocks.md`` gives the reasons for each rule.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from gongkai.law import running
from gongkai.law.articles import Article, article
from gongkai.law.calendar import CHINA, Calendar
from gongkai.law.derivation import (
    ClockEvent,
    Deadline,
    EventKind,
    Finding,
    ImpossibleSequence,
    Step,
    Waiting,
    chinese_day,
)
from gongkai.law.receipt import RULES, Channel
from gongkai.law.strip import Cell, CellKind, strip

__all__ = [
    "SUB_CLOCKS",
    "URGENCIES",
    "Cell",
    "CellKind",
    "ClockEvent",
    "Deadline",
    "EventKind",
    "Finding",
    "ImpossibleSequence",
    "Moved",
    "Step",
    "SubClock",
    "Urgency",
    "Waiting",
    "chinese_day",
    "deadline",
    "overdue",
    "recompute",
    "remaining",
    "strip",
    "urgency",
    "used",
]


def deadline(
    received: date,
    events: Iterable[ClockEvent] = (),
    calendar: Calendar = CHINA,
    channel: Channel | None = None,
    *,
    as_of: date | None = None,
    replay: bool = False,
) -> Deadline:
    """When the answer to a request is due, and why (Arts 30–35).

    ``received`` is the receipt day (Art 31), ``events`` are in the order they happened. With ``as_of`` an open
    consultation is counted to that day at most, otherwise to the end of its fifteen working days, when silence ends it.
    Raises :class:`ImpossibleSequence` for events the law or logic excludes, ``ValueError`` beyond the calendar.

    ``replay`` is for events that were accepted when they happened: what only a calendar corrected since would refuse (an
    extension on what has become the day after the last) stands and is noted as a finding, so a correction can never
    make a recorded case unreadable.
    """
    clock = _run(received, events, calendar, channel, replay)
    due = _with_open_consultation(clock, as_of)
    waiting = clock.waiting
    if clock.asked and waiting is None:
        last = running.opinion_due(clock.asked, calendar)
        waiting = Waiting("consultation", clock.asked, last, running.THIRD_PARTY)
    return Deadline(
        due=due,
        provisional=not all(map(calendar.announced, range(received.year, due.year + 1))),
        steps=tuple(clock.steps),
        received=received,
        start=clock.start,
        paused=tuple((max(after, clock.start), end) for after, end in clock.paused(as_of) if end > clock.start),
        waiting=waiting,
        findings=tuple(clock.findings),
    )


def _run(
    received: date,
    events: Iterable[ClockEvent],
    calendar: Calendar,
    channel: Channel | None = None,
    replay: bool = False,
) -> running.Clock:
    clock = running.Clock(received, calendar, received, replay)
    due = clock.due()
    sentence, basis = (RULES[channel].sentence, RULES[channel].article) if channel else ("收到申请", running.RECEIPT)
    clock.step("receipt", basis, received, received, 0, due, sentence)
    clock.step("answer", running.ANSWER, received, due, running.ANSWER_WORKDAYS, due)
    previous = received
    for event in events:
        running.apply(clock, event, previous)
        previous = event.on
    return clock


def _with_open_consultation(clock: running.Clock, as_of: date | None) -> date:
    due = clock.due(as_of)
    if clock.asked:
        until = clock.paused(as_of)[-1][1]
        days = clock.excluded(clock.asked, until, clock.statutory(clock.asked))
        clock.step("consultation", running.EXCLUSION, clock.asked, until, days, due, "征求意见，尚未收回")
    return due


@dataclass(frozen=True)
class SubClock:
    """A clock beside the answer's: working days from its first day (not counted), and what silence at its end means."""

    code: str
    label: str
    workdays: int
    article: Article
    silence: str

    def due(self, start: date, calendar: Calendar = CHINA) -> date:
        """The last day of a period that begins with ``start``."""
        return calendar.add_workdays(start, self.workdays)


SUB_CLOCKS: dict[str, SubClock] = {
    clock.code: clock
    for clock in (
        SubClock(
            "third_party",
            "第三方提出意见",
            running.OPINION_WORKDAYS,
            running.THIRD_PARTY,
            "逾期未提出意见的，由行政机关决定是否公开",
        ),
        SubClock(
            "joint_maker",
            "共同制作机关提出意见",
            running.OPINION_WORKDAYS,
            running.JOINT_MAKER,
            "逾期未提出意见的，视为同意公开",
        ),
        SubClock(
            "clarification_notice",
            "告知补正",
            running.CLARIFICATION_NOTICE_WORKDAYS,
            running.CLARIFICATION,
            "逾期告知的，记为问题",
        ),
        SubClock(
            "fee_payment", "缴纳信息处理费", running.PAYMENT_WORKDAYS, running.PAYMENT, "逾期未缴纳的，视为放弃申请"
        ),
        SubClock("active_publication", "主动公开", 20, article("26"), "逾期未公开的，记为问题"),
    )
}


def remaining(clock: Deadline, today: date, calendar: Calendar = CHINA) -> int:
    """Working days left after ``today`` up to and including the due date, excluded days not counted.

    0 on the due date; negative once it has passed. While the clock stands still: the days left when it stopped.
    """
    if clock.stopped and clock.waiting:
        today = min(today, clock.waiting.since)
    if today > clock.due:
        return -calendar.workdays_between(clock.due, today)
    excluded = (
        calendar.workdays_between(max(after, today), min(until, clock.due))
        for after, until in clock.paused
        if until > today and after < clock.due
    )
    return calendar.workdays_between(today, clock.due) - sum(excluded)


def used(clock: Deadline, day: date, calendar: Calendar = CHINA) -> int:
    """Working days of the running period gone by on ``day``, that day included, excluded days not counted.

    While the clock stands still: the days gone when it stopped.
    """
    if clock.stopped and clock.waiting:
        day = min(day, clock.waiting.since)
    excluded = (
        calendar.workdays_between(max(after, clock.start), min(until, day))
        for after, until in clock.paused
        if after < day
    )
    return calendar.workdays_between(clock.start, day) - sum(excluded)


def overdue(clock: Deadline, today: date) -> bool:
    """Whether the due date has passed without the clock standing still. Derived each time, never stored."""
    return today > clock.due and not clock.stopped


@dataclass(frozen=True)
class Urgency:
    """A warning level: shown when at most ``at_most`` working days remain (None: always)."""

    code: str
    label: str
    at_most: int | None


URGENCIES: tuple[Urgency, ...] = (
    Urgency("red", "红", 0),
    Urgency("yellow", "黄", 5),
    Urgency("green", "绿", None),
)
"""Most urgent first: red on the last day and after it, yellow in the last week of work."""


def urgency(clock: Deadline, today: date, calendar: Calendar = CHINA, levels: Sequence[Urgency] = URGENCIES) -> Urgency:
    """The first level that applies; a clock that stands still is never urgent."""
    if clock.stopped:
        return levels[-1]
    if overdue(clock, today):
        return levels[0]
    left = remaining(clock, today, calendar)
    return next((level for level in levels if level.at_most is None or left <= level.at_most), levels[-1])


Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Moved(Generic[Key]):
    """A case whose due date is another on the new calendar."""

    case: Key
    old: date
    new: date


def recompute(
    cases: Iterable[tuple[Key, date, Sequence[ClockEvent]]], old: Calendar, new: Calendar
) -> list[Moved[Key]]:
    """The cases (key, receipt day, accepted events) whose due date moves when the calendar is corrected.

    A deadline depends only on the days between receipt and the later of due date and last event, so a case with no
    changed day there is not counted a second time.
    """
    changed = old.differences(new)
    moved = []
    for key, received, events in cases:
        before = _run(received, events, old, replay=True).due()
        end = max(before, events[-1].on) if events else before
        if bisect_right(changed, received) == bisect_right(changed, end):
            continue
        after = _run(received, events, new, replay=True).due()
        if before != after:
            moved.append(Moved(key, before, after))
    return moved
