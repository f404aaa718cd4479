"""Questions and mistakes replayed from their lines: pure functions."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from gongkai.law.derivation import Deadline
from gongkai.ledger.models import Event
from gongkai.ledger.subjects import stepping
from gongkai.ledger.tally import OPEN
from gongkai.procedure import NEW

from . import clock
from .procedure import MESSAGE, MISTAKE
from .rules import SIMPLE


@dataclass(frozen=True)
class Message:
    """A question as its lines make it.

    ``days`` are the working days its answer may take, ``months`` the veto line, ``rule`` the pack both came from.
    ``into`` is the key of the message it was merged into. ``heading`` and ``question`` are the public wording, ``reply``
    the answer, which holds no personal data. ``channel`` says how it came when staff entered it, ``place`` names the zone
    whose terminal it was sent from. ``on`` is the legal day of the last line.
    """

    state: str = NEW
    number: str = ""
    body: str = ""
    title: str = ""
    personal: str = ""
    publish: bool = False
    received_on: date | None = None
    difficulty: str = SIMPLE
    days: int = 5
    months: int = 3
    rule: str = ""
    unit: str = ""
    handler: str = ""
    reply: str = ""
    drafted_by: str = ""
    answered_on: date | None = None
    into: str = ""
    heading: str = ""
    question: str = ""
    prepared_by: str = ""
    published_on: date | None = None
    withdrawn_on: date | None = None
    reason: str = ""
    channel: str = ""
    place: str = ""
    erased_on: date | None = None
    on: date | None = None

    def deadline(self) -> Deadline | None:
        """When it is to be answered, and why."""
        return clock.deadline(self.received_on, self.days, "收到留言") if self.received_on else None

    @property
    def veto_on(self) -> date | None:
        """The last day before it counts as unanswered for too long."""
        return clock.limit(self.received_on, self.months) if self.received_on else None

    @property
    def took(self) -> int:
        """The working days the answer took."""
        return clock.taken(self.received_on, self.answered_on) if self.received_on and self.answered_on else 0


@dataclass(frozen=True)
class Mistake:
    """A mistake as its lines make it. ``said`` is what its reporter is told of the outcome."""

    state: str = NEW
    number: str = ""
    body: str = ""
    page: str = ""
    kind: str = ""
    personal: str = ""
    received_on: date | None = None
    days: int = 3
    rule: str = ""
    unit: str = ""
    handler: str = ""
    said: str = ""
    to: str = ""
    ended_on: date | None = None
    erased_on: date | None = None
    on: date | None = None

    def deadline(self) -> Deadline | None:
        """When it is to be dealt with, and why."""
        return clock.deadline(self.received_on, self.days, "收到纠错") if self.received_on else None

    @property
    def title(self) -> str:
        """What it is called in notices: the page's address."""
        return self.page


S = TypeVar("S", Message, Mistake)


def _enter(case: S, e: Event) -> S:
    known = case.__dataclass_fields__.keys() - {"state"}
    return replace(case, **{name: value for name, value in e.data.items() if name in known}, received_on=e.legal_day)


def _assign(case: S, e: Event) -> S:
    known = {name: e.data[name] for name in ("difficulty", "days", "rule") if name in e.data}
    return replace(case, unit=e.data["unit"], handler=e.data.get("handler", ""), **known)


def _why(case: Message, e: Event) -> Message:
    return replace(case, reason=e.data["reason"])


def erased(case: Any, e: Event) -> Any:
    """The sender's data was erased."""
    return replace(case, erased_on=e.legal_day)


_MESSAGE: dict[str, Callable[[Message, Event], Message]] = {
    "send": _enter,
    "enter": _enter,
    "erase": erased,
    "assign": _assign,
    "merge": lambda case, e: replace(case, into=e.data["into"]),
    "part": lambda case, e: replace(case, into=""),
    "draft": lambda case, e: replace(case, reply=e.data["reply"], drafted_by=e.actor),
    "approve": lambda case, e: replace(case, answered_on=e.legal_day),
    "answer_with": lambda case, e: replace(case, answered_on=e.legal_day, reply=e.data["reply"]),
    "refuse": _why,
    "prepare": lambda case, e: replace(
        case, heading=e.data["heading"], question=e.data["question"], prepared_by=e.actor
    ),
    "publish": lambda case, e: replace(case, published_on=e.legal_day),
    "keep": _why,
    "withdraw": lambda case, e: _why(replace(case, withdrawn_on=e.legal_day), e),
}
_MISTAKE: dict[str, Callable[[Mistake, Event], Mistake]] = {
    "report": _enter,
    "erase": erased,
    "assign": _assign,
    "mend": lambda case, e: replace(case, said=e.data["result"], ended_on=e.legal_day),
    "reject": lambda case, e: replace(case, said=e.data["reason"], ended_on=e.legal_day),
    "refer": lambda case, e: replace(case, said=e.data["reason"], to=e.data["to"], ended_on=e.legal_day),
}


#: Replay one line of a question, of a mistake.
step_message = stepping(MESSAGE, _MESSAGE, dated=True)
step_mistake = stepping(MISTAKE, _MISTAKE, dated=True)


def message_facts(case: Message) -> dict[str, Any] | None:
    """What is counted of a question; None for what was refused."""
    if case.received_on is None or case.state == "refused":
        return None
    due = case.deadline()
    assert due
    return {
        "body_id": case.body,
        "received_on": case.received_on,
        "due_on": due.due,
        "veto_on": case.veto_on,
        "answered_on": case.answered_on or OPEN,
        "took": case.took,
        "published_on": case.published_on or OPEN,
    }


def mistake_facts(case: Mistake) -> dict[str, Any] | None:
    """What is counted of a mistake."""
    due = case.deadline()
    if due is None:
        return None
    return {
        "body_id": case.body,
        "received_on": case.received_on,
        "due_on": due.due,
        "ended_on": case.ended_on or OPEN,
        "mended_on": (case.ended_on if case.state == "mended" else None) or OPEN,
    }
