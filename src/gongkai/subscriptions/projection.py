"""How a replayed subscription becomes its list row; makes the kind of subject known to the ledger."""

from typing import Any

from gongkai.ledger.subjects import Subject, register

from . import events, models
from .procedure import PROCEDURE


def project(key: str, one: events.Subscription) -> None:
    """Write the row."""
    row: dict[str, Any] = {
        "number": one.number,
        "body_id": one.body,
        "state": one.state,
        "kinds": list(one.kinds),
        "bodies": list(one.bodies),
        "topics": list(one.topics),
        "columns": list(one.columns),
        "words": one.words,
        "frequency": one.frequency,
        "asked_on": one.asked_on,
        "confirmed_on": one.confirmed_on,
        "ended_on": one.ended_on,
    }
    models.Subscription.objects.bulk_create(
        [models.Subscription(key=key, **row)], update_conflicts=True, unique_fields=["key"], update_fields=list(row)
    )


SUBJECT = register(
    Subject(
        PROCEDURE.name, PROCEDURE.label, PROCEDURE, events.Subscription(), events.step, project,
        (models.Subscription,), models.SubscriptionTally, events.facts,
    )
)  # fmt: skip
