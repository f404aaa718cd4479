"""How a replayed request becomes its list row."""

from gongkai.ledger.subjects import Subject, register

from .events import Case, facts, step
from .models import Request, RequestTally
from .procedure import PROCEDURE


def project(key: str, case: Case) -> None:
    """Write the list row of a request."""
    deadline = case.deadline()
    row = {
        "number": case.number,
        "body_id": case.body,
        "title": case.title,
        "state": case.state,
        "channel": case.channel,
        "category": case.category,
        "personal": case.personal,
        "unit": case.unit,
        "handler": case.handler,
        "received_on": case.received_on,
        "due_on": deadline.due if deadline else None,
        "provisional": deadline.provisional if deadline else False,
        "decided_on": case.decided_on,
        "answered_on": case.answered_on,
        "leaf": case.leaf or "",
        "document_number": case.document_number,
        "rounds": case.rounds,
        "items": case.items,
        "application": case.application,
    }
    # One statement, whether the row is new or not.
    Request.objects.bulk_create(
        [Request(key=key, **row)], update_conflicts=True, unique_fields=["key"], update_fields=list(row)
    )


SUBJECT = register(Subject("request", "依申请公开", PROCEDURE, Case(), step, project, (Request,), RequestTally, facts))
