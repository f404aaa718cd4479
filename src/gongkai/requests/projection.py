"""How a replayed request becomes its list row."""

from gongkai.ledger.subjects import Subject, register

from .events import Case, facts, step
from .models import Request, RequestTally
from .procedure import PROCEDURE


def row(key: str, case: Case) -> Request:
    """The list row of a request, not yet written."""
    deadline = case.deadline()
    return Request(
        key=key,
        number=case.number,
        body_id=case.body,
        title=case.title,
        state=case.state,
        channel=case.channel,
        category=case.category,
        personal=case.personal,
        unit=case.unit,
        handler=case.handler,
        received_on=case.received_on,
        due_on=deadline.due if deadline else None,
        provisional=deadline.provisional if deadline else False,
        decided_on=case.decided_on,
        answered_on=case.answered_on,
        leaf=case.leaf or "",
        document_number=case.document_number,
        rounds=case.rounds,
        items=case.items,
        application=case.application,
        archived_on=case.archived_on,
        erasure_on=case.erasure.on if case.erasure else None,
    )


#: What an event may change of it: everything but the key.
_CHANGED = [field.attname for field in Request._meta.concrete_fields if not field.primary_key]


def project(key: str, case: Case) -> None:
    """Write the list row of a request."""
    # One statement, whether the row is new or not.
    Request.objects.bulk_create([row(key, case)], update_conflicts=True, unique_fields=["key"], update_fields=_CHANGED)


SUBJECT = register(Subject("request", "依申请公开", PROCEDURE, Case(), step, project, (Request,), RequestTally, facts))
