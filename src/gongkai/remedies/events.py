"""Reviews, suits and complaints replayed from their lines: pure functions, nothing stored that can be computed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from gongkai.law.calendar import CHINA, Calendar
from gongkai.law.remedies import REVIEW_FIRST_SINCE, Proceeding, Result, Window
from gongkai.ledger.models import Event
from gongkai.ledger.subjects import stepping
from gongkai.ledger.tally import OPEN
from gongkai.procedure import NEW

from .procedure import AFTER_REVIEW, COMPLAINT, LAWSUIT, RECONSIDERATION

#: How often a suit may be reopened: appeal, remand once, appeal again (行政诉讼法 Arts 85, 89). A retrial is a new suit.
REOPENINGS = 2


@dataclass(frozen=True)
class Ending:
    """A decision of the forum; an appeal reopens it."""

    on: date
    result: str
    reopened_on: date | None = None


@dataclass(frozen=True)
class Case:
    """A review or suit as its lines make it. ``endings`` are its decisions, the last one standing unless reopened."""

    state: str = NEW
    number: str = ""
    body: str = ""
    forum: str = ""
    case_number: str = ""
    matter: str = ""
    contested: str = ""
    request: str = ""
    route: str = ""
    reconsideration: str = ""
    review_document: str = ""
    personal: str = ""
    document_number: str = ""
    filed_on: date | None = None
    accepted_on: date | None = None
    answered_on: date | None = None
    drafted_by: str = ""
    hearings: int = 0
    remanded: bool = False
    endings: tuple[Ending, ...] = ()

    @property
    def ending(self) -> Ending | None:
        """The decision that stands."""
        last = self.endings[-1] if self.endings else None
        return last if last and last.reopened_on is None else None

    @property
    def result(self) -> str:
        """The result that stands, empty while pending."""
        return self.ending.result if self.ending else ""


@dataclass(frozen=True)
class Complaint:
    """A complaint as its lines make it. ``handled_on`` is the day it was decided, transferred or withdrawn."""

    state: str = NEW
    number: str = ""
    body: str = ""
    door: str = ""
    channel: str = ""
    against: str = ""
    matter: str = ""
    request: str = ""
    personal: str = ""
    received_on: date | None = None
    finding: str = ""
    measure: str = ""
    drafted_by: str = ""
    handled_on: date | None = None
    mended: bool = False

    @property
    def must_mend(self) -> bool:
        """Whether the body complained of was told to correct."""
        return self.measure.startswith("order")


def review_answer_due(copy_received: date, calendar: Calendar = CHINA) -> date:
    """The last day to answer a review: ten working days (行政复议法 2023 Arts 48, 88), before 2024 ten days."""
    if copy_received >= REVIEW_FIRST_SINCE:
        return calendar.add_workdays(copy_received, 10)
    return Window(days=10).closes(copy_received, calendar)


def suit_answer_due(copy_received: date, calendar: Calendar = CHINA) -> date:
    """The last day to answer a suit: fifteen days from the copy of the complaint (行政诉讼法 Art 67)."""
    return Window(days=15).closes(copy_received, calendar)


S = TypeVar("S", Case, Complaint)


def _enter(case: S, e: Event) -> S:
    """Take over what the opening line says, as far as the subject keeps it."""
    known = case.__dataclass_fields__.keys() - {"state"}
    return replace(case, **{name: value for name, value in e.data.items() if name in known})


def _accept(case: Case, e: Event) -> Case:
    return replace(case, accepted_on=e.legal_day, case_number=e.data.get("case_number") or case.case_number)


def _end(case: Case, e: Event, result: str) -> Case:
    endings = (*case.endings, Ending(e.legal_day, result))
    return replace(case, endings=endings, document_number=e.data.get("document_number") or case.document_number)


def _conclude(case: Case, e: Event) -> Case:
    """A judgment taking effect is no new decision; everything else is."""
    return case if case.ending else _end(case, e, e.data["result"])


def _reopen(case: Case, e: Event) -> Case:
    return replace(case, endings=(*case.endings[:-1], replace(case.endings[-1], reopened_on=e.legal_day)))


def _rectify(case: Case, e: Event) -> Case:
    return replace(case, endings=(*case.endings[:-1], replace(case.endings[-1], result=e.data["result"])))


_SHARED: dict[str, Callable[[Case, Event], Case]] = {
    "file": lambda case, e: replace(_enter(case, e), filed_on=e.legal_day),
    "accept": _accept,
    "refuse": lambda case, e: _end(case, e, Result.OTHER.value),
    "draft_answer": lambda case, e: replace(case, drafted_by=e.actor),
    "approve_answer": lambda case, e: replace(case, answered_on=e.legal_day),
    "hear": lambda case, e: replace(case, hearings=case.hearings + 1),
    "conclude": _conclude,
    "withdraw": lambda case, e: _end(case, e, Result.OTHER.value),
    "rectify": _rectify,
}
_LAWSUIT: dict[str, Callable[[Case, Event], Case]] = _SHARED | {
    "judge": lambda case, e: _end(case, e, e.data["result"]),
    "appeal": _reopen,
    "remand": lambda case, e: replace(case, remanded=True),
    "withdraw_appeal": lambda case, e: _end(case, e, case.endings[-1].result),
}
_COMPLAINT: dict[str, Callable[[Complaint, Event], Complaint]] = {
    "receive": lambda case, e: replace(_enter(case, e), received_on=e.legal_day),
    "propose": lambda case, e: replace(case, finding=e.data["finding"], measure=e.data["measure"], drafted_by=e.actor),
    "decide": lambda case, e: replace(case, handled_on=e.legal_day),
    "transfer": lambda case, e: replace(case, handled_on=e.legal_day),
    "withdraw": lambda case, e: replace(case, handled_on=e.legal_day),
    "mend": lambda case, e: replace(case, mended=True),
}


#: Replay one line of a review, a suit, a complaint.
step_reconsideration = stepping(RECONSIDERATION, _SHARED)
step_lawsuit = stepping(LAWSUIT, _LAWSUIT)
step_complaint = stepping(COMPLAINT, _COMPLAINT)


def reconsideration_facts(case: Case) -> dict[str, Any] | None:
    """What table four counts of a review; None for a void registration."""
    if case.filed_on is None or case.state == "void":
        return None
    ending = case.ending
    return {
        "body_id": case.body,
        "filed_on": case.filed_on,
        "ended_on": ending.on if ending else OPEN,
        "result": case.result,
    }


def lawsuit_facts(case: Case) -> dict[str, Any] | None:
    """What table four counts of a suit: its block, and every decision with the appeal that reopened it."""
    facts = reconsideration_facts(case)
    if facts is None:
        return None
    after_review = case.route == AFTER_REVIEW
    facts["block"] = (Proceeding.SUIT_AFTER_REVIEW if after_review else Proceeding.DIRECT_SUIT).value
    earlier = [ending for ending in case.endings if ending.reopened_on]
    for n in range(REOPENINGS):
        past = earlier[n] if n < len(earlier) else Ending(OPEN, "", OPEN)
        facts |= {f"ended{n + 1}_on": past.on, f"result{n + 1}": past.result, f"reopened{n + 1}_on": past.reopened_on}
    return facts


def complaint_facts(case: Complaint) -> dict[str, Any] | None:
    """What the narrative counts of a complaint; None for a void registration."""
    if case.received_on is None or case.state == "void":
        return None
    return {"body_id": case.body, "received_on": case.received_on, "handled_on": case.handled_on or OPEN}
