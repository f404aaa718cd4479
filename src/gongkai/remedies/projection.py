"""How replayed remedies become their list rows; makes the three kinds known to the ledger."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Model

from gongkai.ledger.subjects import Subject, register

from . import events, models
from .procedure import COMPLAINT, LAWSUIT, RECONSIDERATION


def _write(model: type[Model], key: str, row: dict[str, Any]) -> None:
    rows = model._default_manager
    if not rows.filter(pk=key).update(**row):
        rows.create(pk=key, **row)


def _row(case: events.Case, answer_due: Callable[[date], date]) -> dict[str, Any]:
    same = (
        "number forum case_number matter contested request personal document_number state filed_on answered_on result"
    )
    return {name: getattr(case, name) for name in same.split()} | {
        "body_id": case.body,
        "answer_due_on": answer_due(case.accepted_on) if case.accepted_on else None,
        "ended_on": case.ending.on if case.ending else None,
    }


def project_reconsideration(key: str, case: events.Case) -> None:
    """Write the list row of a review."""
    _write(models.Reconsideration, key, _row(case, events.review_answer_due))


def project_lawsuit(key: str, case: events.Case) -> None:
    """Write the list row of a suit."""
    more = {name: getattr(case, name) for name in ("route", "reconsideration", "review_document")}
    _write(models.Lawsuit, key, _row(case, events.suit_answer_due) | more)


def project_complaint(key: str, case: events.Complaint) -> None:
    """Write the list row of a complaint."""
    same = "number state door against matter request personal received_on finding measure handled_on"
    row = {name: getattr(case, name) for name in same.split()}
    _write(models.Complaint, key, row | {"body_id": case.body})


SUBJECTS = {
    subject.kind: register(subject)
    for subject in (
        Subject(
            "reconsideration", "行政复议", RECONSIDERATION, events.Case(), events.step_reconsideration,
            project_reconsideration, (models.Reconsideration,), models.ReconsiderationTally, events.reconsideration_facts,
        ),
        Subject(
            "lawsuit", "行政诉讼", LAWSUIT, events.Case(), events.step_lawsuit,
            project_lawsuit, (models.Lawsuit,), models.LawsuitTally, events.lawsuit_facts,
        ),
        Subject(
            "complaint", "投诉举报", COMPLAINT, events.Complaint(), events.step_complaint,
            project_complaint, (models.Complaint,), models.ComplaintTally, events.complaint_facts,
        ),
    )
}  # fmt: skip
