"""How replayed norms and entries become their list rows and their place in the library; makes both kinds known."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model

from gongkai.law.attributes import Attribute
from gongkai.ledger.bulk import insert
from gongkai.ledger.subjects import Subject, register
from gongkai.records import kinds, shelf

from . import events, models
from .procedure import ENTRY, FEE, NORM

#: States in which a norm is on the shelf for everybody.
PUBLIC = frozenset({"issued", "repealed", "lapsed", "expired"})
#: Where Art 20 puts norms.
CATEGORY = "20(1)"

_SAME = (
    "kind", "title", "state", "department", "document_number", "register_number", "issued_on", "effective_on", "valid_until",
    "ended_on", "ended_how", "ended_by", "ceased_on", "comment_until", "filing_due_on", "filed_on", "evaluated_on", "text",
)  # fmt: skip


def _write(model: type[Model], key: str, row: dict[str, Any]) -> None:
    rows = model._default_manager
    if not rows.filter(pk=key).update(**row):
        rows.create(pk=key, **row)


def _row(norm: events.Norm) -> dict[str, Any]:
    return {name: getattr(norm, name) for name in _SAME} | {
        "body_id": norm.body,
        "amended_from": [day.isoformat() for day in norm.amended_from],
        "earlier_terms": [[day.isoformat(), until.isoformat()] for day, until in norm.earlier_terms],
        "stages": [[day.isoformat(), stage.value] for day, stage in norm.stages],
    }


def shelved(norm: events.Norm) -> tuple[dict[str, Any], list[shelf.Text], list[shelf.Link]]:
    """The norm as the library shows it: row, texts and relations. Its latest text is the row's."""
    versions = norm.versions
    row = {
        "subject_kind": "norm",
        "kind": norm.kind,
        "state": norm.state,
        "body_id": norm.body,
        "bodies": [norm.body],
        "unit": norm.department[:60],
        "title": norm.title,
        "document_number": norm.document_number,
        "register_number": norm.register_number,
        "index_number": norm.index_number,
        "category": CATEGORY,
        "attribute": Attribute.ACTIVE.value,
        "published_on": norm.issued_on,
        "effective_on": norm.effective_on,
        "valid_until": norm.valid_until,
        "ceased_on": norm.ceased_on,
        "ended_how": norm.ended_how if norm.ended_on == norm.ceased_on else "",
        "ended_by": norm.ended_by,
        "text": versions[-1][1] if versions else "",
        "public": norm.state in PUBLIC,
    }
    links = [shelf.Link(one.verb, one.target, one.name, one.since) for one in norm.relations]
    return row, [shelf.Text(*version) for version in versions], links


def columns(kind: str) -> list[str]:
    """The column a kind is shown in."""
    return [column] if (column := kinds.kind(kind).column) else []


def project_norm(key: str, norm: events.Norm) -> None:
    """Write the list row of a norm, and once it was issued its place in the library."""
    _write(models.Norm, key, _row(norm))
    if norm.issued_on is not None:
        row, texts, links = shelved(norm)
        shelf.put(key, row, texts=texts, columns=columns(norm.kind), links=links)


def project_norms(states: Sequence[tuple[str, events.Norm]]) -> None:
    """The same for norms that are all new."""
    insert(models.Norm, [{"key": key, **_row(norm)} for key, norm in states])
    rows = [(key, *shelved(norm)) for key, norm in states if norm.issued_on is not None]
    shelf.put_many([shelf.Put(key, row, texts, columns(row["kind"]), links) for key, row, texts, links in rows])


def project_entry(key: str, entry: events.Entry) -> None:
    """Write the list row of an entry."""
    fee = entry.register == FEE
    row = {
        "body_id": entry.body,
        "register": entry.register,
        "state": entry.state,
        "matter": entry.matter,
        "decided_on": entry.decided_on,
        "count": None if fee else entry.count,
        "amount": entry.amount if fee else None,
        "reference": entry.reference,
    }
    _write(models.Entry, key, row)


NORMS = register(
    Subject(
        "norm", "规章和规范性文件", NORM, events.Norm(), events.step_norm,
        project_norm, (models.Norm,), models.NormTally, events.norm_facts, project_norms,
    )
)  # fmt: skip
ENTRIES = register(
    Subject(
        "register_entry", "管理事项登记", ENTRY, events.Entry(), events.step_entry,
        project_entry, (models.Entry,), models.EntryTally, events.entry_facts,
    )
)  # fmt: skip
