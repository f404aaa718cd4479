"""How a replayed clean-up becomes its rows, and once published its page in the library."""

from gongkai.law.attributes import Attribute
from gongkai.ledger.bulk import insert
from gongkai.ledger.subjects import Subject, register
from gongkai.records import shelf

from ..projection import columns
from . import events
from .models import Cleanup, CleanupItem
from .procedure import CLEANUP

#: The library's kind of a published decision.
KIND = "norm_decision"
#: How the page of the decision says what it does to each norm.
VERBS = {"amend": "amends", "repeal": "repeals", "declare_lapsed": "declares_lapsed"}


def project(key: str, one: events.Cleanup) -> None:
    """Write the row, the items that differ from what stands, and the page of a published decision."""
    row = {
        "key": key, "body_id": one.body, "title": one.decision_title or one.title, "package": one.package,
        "reach": one.reach, "state": one.state, "drawn_on": one.drawn_on, "total": len(one.items),
        "undecided": one.count(""), "document_number": one.document_number, "published_on": one.published_on,
    }  # fmt: skip
    insert(Cleanup, [row], replace=True)
    _items(key, one)
    if one.published_on is not None:
        _shelve(key, one)


def _items(key: str, one: events.Cleanup) -> None:
    columns = ("id", "norm_id", "position", "department_id", "decision", "reason", "outcome")
    standing = {row[0]: row for row in CleanupItem.objects.filter(cleanup=key).values_list(*columns)}
    wanted = {
        f"{key}/{norm}": (f"{key}/{norm}", norm, n, item.department, item.decision, item.reason, item.outcome)
        for n, (norm, item) in enumerate(one.items.items(), 1)
    }
    gone = standing.keys() - wanted.keys()
    if gone:
        CleanupItem.objects.filter(cleanup=key, norm__in=[standing[pk][1] for pk in gone]).delete()
    changed = [values for pk, values in wanted.items() if standing.get(pk) != values]
    rows = [{"cleanup_id": key, **dict(zip(columns, values, strict=True))} for values in changed]
    insert(CleanupItem, rows, replace=True)


def _shelve(key: str, one: events.Cleanup) -> None:
    row = {
        "subject_kind": "cleanup",
        "kind": KIND,
        "state": one.state,
        "body_id": one.body,
        "bodies": [one.body],
        "title": one.decision_title,
        "document_number": one.document_number,
        "category": "20(1)",
        "attribute": Attribute.ACTIVE.value,
        "published_on": one.published_on,
        "text": one.record,
        "public": True,
    }
    links = [
        shelf.Link(VERBS[item.decision], norm, "", one.from_on)
        for norm, item in one.items.items()
        if item.decision in VERBS and item.outcome == "done"
    ]
    texts = [shelf.Text(one.published_on, one.record)] if one.record and one.published_on else []
    shelf.put(key, row, texts=texts, columns=columns(KIND), links=links)


CLEANUPS = register(
    Subject("cleanup", "清理", CLEANUP, events.Cleanup(), events.step, project, (CleanupItem, Cleanup))
)  # fmt: skip
