"""How questions and mistakes become their list rows, and which baked pages that changes."""

from typing import Any

from django.db.models import Model

from gongkai.bake import chunks
from gongkai.bake.touched import touch
from gongkai.ledger.subjects import Subject, register

from . import events, models
from .procedure import MESSAGE, MISTAKE

#: The public list of questions, and the key of everything counted on public pages.
LIST, STATISTICS = "/messages/", "interaction"


def write(model: type[Model], key: str, row: dict[str, Any]) -> None:
    """New, or in place of what stood there."""
    rows = model._default_manager
    if not rows.filter(pk=key).update(**row):
        rows.create(pk=key, **row)


def project_message(key: str, case: events.Message) -> None:
    """Write the row; when the public sees something else than before, say which pages are to be baked anew."""
    due = case.deadline()
    assert due
    shown = case.state in {"published", "withdrawn"}
    row = {
        "number": case.number, "body_id": case.body, "title": case.title, "state": case.state, "publish": case.publish,
        "unit": case.unit, "handler": case.handler, "received_on": case.received_on, "due_on": due.due,
        "veto_on": case.veto_on, "answered_on": case.answered_on, "took": case.took if case.answered_on else None,
        "into": case.into, "heading": case.heading if shown else "", "question": case.question if shown else "",
        "reply": case.reply if shown else "", "published_on": case.published_on, "withdrawn_on": case.withdrawn_on,
        "withdrawn_why": case.reason if case.withdrawn_on else "", "channel": case.channel, "place": case.place,
        "erased_on": case.erased_on,
    }  # fmt: skip
    before = models.Message.objects.filter(pk=key).values_list("state", flat=True).first()
    write(models.Message, key, row)
    touch(STATISTICS)
    if "published" in {before, case.state} and before != case.state:
        _touch_list(key, case)


def _touch_list(key: str, case: events.Message) -> None:
    rows = models.Message.objects.filter(state="published").exclude(pk=key)
    older = rows.filter(published_on__lt=case.published_on) | rows.filter(published_on=case.published_on, key__lt=key)
    touch(f"message:{key}", *chunks.changed(LIST, older.count(), rows.count() + 1))


def project_mistake(key: str, case: events.Mistake) -> None:
    """Write the row."""
    due = case.deadline()
    assert due
    same = "number page kind state unit handler received_on ended_on erased_on"
    row = {name: getattr(case, name) for name in same.split()} | {"body_id": case.body, "due_on": due.due}
    write(models.Mistake, key, row)
    touch(STATISTICS)


MESSAGE_SUBJECT = register(
    Subject(
        MESSAGE.name, MESSAGE.label, MESSAGE, events.Message(), events.step_message, project_message,
        (models.Message,), models.MessageTally, events.message_facts,
    )
)  # fmt: skip
MISTAKE_SUBJECT = register(
    Subject(
        MISTAKE.name, MISTAKE.label, MISTAKE, events.Mistake(), events.step_mistake, project_mistake,
        (models.Mistake,), models.MistakeTally, events.mistake_facts,
    )
)  # fmt: skip
