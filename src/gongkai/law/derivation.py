"""What a clock is told and what it answers: events in; steps, findings, waiting and the due date out."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from gongkai.law.articles import Article


class ImpossibleSequence(ValueError):
    """Events that cannot have happened so; the message says in Chinese which and why."""


class EventKind(StrEnum):
    """What can happen to the clock."""

    CLARIFICATION_REQUESTED = "clarification_requested"
    CLARIFIED = "clarified"
    CONSULTATION_SENT = "consultation_sent"
    CONSULTATION_RETURNED = "consultation_returned"
    EXTENDED = "extended"
    REASONABLE_DELAY = "reasonable_delay"
    FEE_NOTICED = "fee_noticed"
    FEE_PAID = "fee_paid"

    @property
    def label(self) -> str:
        """The event in Chinese."""
        return EVENT_LABELS[self]


EVENT_LABELS: dict[EventKind, str] = {
    EventKind.CLARIFICATION_REQUESTED: "告知补正",
    EventKind.CLARIFIED: "收到补正",
    EventKind.CONSULTATION_SENT: "发出征求意见书",
    EventKind.CONSULTATION_RETURNED: "收到意见",
    EventKind.EXTENDED: "延期",
    EventKind.REASONABLE_DELAY: "确定延迟答复的合理期限",
    EventKind.FEE_NOTICED: "发出收费通知",
    EventKind.FEE_PAID: "缴费",
}


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """Something that happened on a legal day.

    ``days``: working days of an extension. ``until``: the last day of a reasonable delay, or (optional) the last day
    set for a correction. ``kind`` may be the plain word; an unknown one is refused when the clock reads it.
    """

    kind: EventKind | str
    on: date
    days: int | None = None
    until: date | None = None


# One sentence for each rule. {start} {end} {due} are days, {days} working days, {note} what only this step knows.
_SENTENCES: dict[str, str] = {
    "receipt": "{start} {note}",
    "answer": "自次日起 {days} 个工作日 → {due}",
    "clarification": "{end} 一次性告知补正（收到后 {days} 个工作日），答复期限待收到补正后重新计算",
    "clarified": "{start} 收到补正的申请，自次日起重新计算 {days} 个工作日 → {due}",
    "consultation": "{start}—{end} {note}，{days} 个工作日不计入 → {due}",
    "extension": "{note} 经负责人同意并告知申请人，延长 {days} 个工作日 → {due}",
    "reasonable_delay": "{note} 确定延迟答复的合理期限 → {due}",
    "fee_notice": "{start} 发出收费通知，应于 {end} 前缴费（{days} 个工作日），答复期限待缴费后重新计算",
    "fee_paid": "{start} 完成缴费，自次日起重新计算 {days} 个工作日 → {due}",
}


class Step(NamedTuple):
    """One step of a derivation: the rule and its article, from which day to which, how many working days.

    ``due`` is the due date after this step; ``text`` the step as a Chinese sentence.
    """

    rule: str
    article: Article
    start: date
    end: date
    days: int
    due: date
    note: str = ""

    @property
    def text(self) -> str:
        """The step in Chinese; a day of another year than the step's first is written with its year."""
        days = {"start": self.start, "end": self.end, "due": self.due}
        written = {name: chinese_day(day, self.start.year) for name, day in days.items()}
        return _SENTENCES[self.rule].format(**written, days=self.days, note=self.note)

    def as_json(self) -> dict[str, str | int]:
        """The step as the command line prints it."""
        return {
            "rule": self.rule,
            "article": self.article.short,
            "from": self.start.isoformat(),
            "to": self.end.isoformat(),
            "days": self.days,
        }


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the clock waits for: ``clarification``, ``fee`` or ``consultation``; since when; the last day for it.

    ``due`` is None where the agency set no day for the correction.
    """

    kind: str
    since: date
    due: date | None
    article: Article

    def lapsed(self, today: date) -> bool:
        """Whether the last day has passed."""
        return self.due is not None and today > self.due


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault the law does not undo: it is noted for supervision while the clock goes on."""

    rule: str
    article: Article
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """The due date with everything needed to explain it.

    While ``waiting`` for a correction or a fee the clock stands still and ``due`` is the day it stood at. While a
    consultation is open, ``due`` supposes the opinion comes on its last day (or on ``as_of``, if that is earlier).
    ``start`` is the day the running period counts from; ``paused`` are its excluded intervals, each after its first
    day up to and including its last.
    """

    due: date
    provisional: bool
    steps: tuple[Step, ...]
    received: date
    start: date
    paused: tuple[tuple[date, date], ...] = ()
    waiting: Waiting | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def stopped(self) -> bool:
        """Whether the clock stands still until the applicant acts."""
        return self.waiting is not None and self.waiting.kind != "consultation"


def chinese_day(day: date, year: int | None = None) -> str:
    """3月2日; with the year in front unless it is ``year``: 2021年3月2日."""
    return ("" if day.year == year else f"{day.year}年") + f"{day.month}月{day.day}日"
