"""Surveys and what was sent to them replayed from their lines: pure functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from gongkai.ledger.models import Event
from gongkai.ledger.subjects import stepping
from gongkai.ledger.tally import OPEN
from gongkai.procedure import NEW

from .events import erased
from .questions import Question, from_json
from .survey_procedure import SUBMISSION, SURVEY

COMING, RUNNING, OVER, TOLD = "coming", "open", "closed", "published"
PHASES = {COMING: "即将开始", RUNNING: "正在征集", OVER: "已结束，结果整理中", TOLD: "已公布结果"}


def phase(state: str, since: date, until: date, day: date) -> str:
    """Where an approved survey stands on a day; empty while nobody may see it."""
    if state == "published":
        return TOLD
    if state not in {"approved", "summarised"}:
        return ""
    return COMING if day < since else RUNNING if day <= until else OVER


@dataclass(frozen=True)
class Survey:
    """A survey as its lines make it.

    ``written_by`` is everybody who wrote in it; ``text`` the SHA-256 of the document asked about; ``results`` what the
    published page counts, frozen when it was published.
    """

    state: str = NEW
    number: str = ""
    body: str = ""
    form: str = ""
    title: str = ""
    background: str = ""
    record: str = ""
    text: str = ""
    since: date = OPEN
    until: date = OPEN
    contact: str = ""
    questions: tuple[Question, ...] = ()
    drafted_by: str = ""
    written_by: frozenset[str] = frozenset()
    approved_on: date | None = None
    summary: str = ""
    summarised_by: str = ""
    results: Mapping[str, Any] | None = None
    published_on: date | None = None
    withdrawn_on: date | None = None
    reason: str = ""
    on: date | None = None

    def phase(self, day: date) -> str:
        """Where it stands on a day."""
        return phase(self.state, self.since, self.until, day)


def _write(survey: Survey, e: Event) -> Survey:
    plain = {name: e.data.get(name, "") for name in ("form", "title", "background", "record", "text", "contact")}
    return replace(
        survey,
        **plain,
        since=date.fromisoformat(e.data["since"]),
        until=date.fromisoformat(e.data["until"]),
        questions=from_json(e.data["questions"]),
        drafted_by=e.actor,
        written_by=survey.written_by | {e.actor},
    )


def _begin(survey: Survey, e: Event) -> Survey:
    return _write(replace(survey, number=e.data["number"], body=e.data["body"]), e)


def _send_back(survey: Survey, e: Event) -> Survey:
    return survey if survey.state == "summarised" else replace(survey, approved_on=None)


_SURVEY: dict[str, Callable[[Survey, Event], Survey]] = {
    "draft": _begin,
    "revise": _write,
    "review": lambda survey, e: replace(survey, approved_on=e.legal_day),
    "send_back": _send_back,
    "prolong": lambda survey, e: replace(survey, until=date.fromisoformat(e.data["until"])),
    "summarise": lambda survey, e: replace(survey, summary=e.data["summary"], summarised_by=e.actor),
    "publish": lambda survey, e: replace(survey, published_on=e.legal_day, results=e.data["results"]),
    "withdraw": lambda survey, e: replace(survey, withdrawn_on=e.legal_day, reason=e.data["reason"]),
    "drop": lambda survey, e: replace(survey, reason=e.data["reason"]),
}


@dataclass(frozen=True)
class Submission:
    """What one person sent: ``chosen`` are (question, option) numbers from 0; the words lie in the vault."""

    state: str = NEW
    number: str = ""
    body: str = ""
    survey: str = ""
    form: str = ""
    personal: str = ""
    chosen: tuple[tuple[int, int], ...] = ()
    received_on: date | None = None
    gist: str = ""
    outcome: str = ""
    reason: str = ""
    erased_on: date | None = None
    on: date | None = None


def _receive(sent: Submission, e: Event) -> Submission:
    plain = {name: e.data[name] for name in ("number", "body", "survey", "form")}
    chosen = tuple((int(q), int(o)) for q, o in e.data["chosen"])
    return replace(sent, **plain, chosen=chosen, personal=e.data.get("personal", ""), received_on=e.legal_day)


def _settle(sent: Submission, e: Event) -> Submission:
    return replace(sent, gist=e.data["gist"], outcome=e.data["outcome"], reason=e.data.get("reason", ""))


_SUBMISSION: dict[str, Callable[[Submission, Event], Submission]] = {
    "send": _receive,
    "settle": _settle,
    "void": lambda sent, e: replace(sent, reason=e.data["reason"]),
    "erase": erased,
}

#: Replay one line of a survey, of a submission.
step_survey = stepping(SURVEY, _SURVEY, dated=True)
step_submission = stepping(SUBMISSION, _SUBMISSION, dated=True)


def survey_facts(survey: Survey) -> dict[str, Any] | None:
    """What is counted of a survey: from its approval on, unless it was taken back before it began."""
    if survey.approved_on is None:
        return None
    published = survey.published_on or OPEN
    return {"body_id": survey.body, "form": survey.form, "since": survey.since, "published_on": published}


def submission_facts(sent: Submission) -> dict[str, Any] | None:
    """What is counted of a submission; None for what does not count."""
    if sent.received_on is None or sent.state == "void":
        return None
    return {"body_id": sent.body, "form": sent.form, "received_on": sent.received_on, "outcome": sent.outcome}
