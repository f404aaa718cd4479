"""The only way onto the shelf of the library: projections put rows here, whichever room keeps the subject.

``put`` is called by a subject's projection (``Subject.project``), so that a rebuild gives the same rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.ledger.bulk import insert

from .models import Placement, Record, Relation, Version


@dataclass(frozen=True)
class Text:
    """One text of a record: in force from ``since``, stored in ``ledger.blobs`` under ``digest``."""

    since: date
    digest: str
    by: str = ""


@dataclass(frozen=True)
class Link:
    """A relation of a record to another one (``target``, its key) or to something the library does not hold (``name``).

    ``verb`` is a key of :data:`.relations.VERBS`.
    """

    verb: str
    target: str = ""
    name: str = ""
    since: date | None = None


def put(
    key: str,
    row: Mapping[str, Any],
    *,
    texts: Sequence[Text] = (),
    columns: Sequence[str] = (),
    links: Sequence[Link] = (),
) -> None:
    """Write the row of a record with its versions, placements and relations; whatever stood under ``key`` is replaced.

    ``row`` has the fields of :class:`.models.Record` but ``key``; those left out keep their defaults.
    """
    Record.objects.bulk_create(
        [Record(key=key, **row)],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=[f.name for f in Record._meta.concrete_fields if f.name != "key"],
    )
    _replace(
        Version,
        key,
        [Version(**one) for one in _versions(key, texts)],
        lambda one: (one.number, one.since, one.text, one.by),
    )
    placed = [Placement(record_id=key, column=column) for column in columns]
    _replace(Placement, key, placed, lambda one: one.column)
    _replace(
        Relation,
        key,
        [Relation(**one) for one in _relations(key, links)],
        lambda one: (one.verb, one.target, one.name, one.since or date.min),
    )


@dataclass(frozen=True)
class Put:
    """What :func:`put` takes, for :func:`put_many`."""

    key: str
    row: Mapping[str, Any]
    texts: Sequence[Text] = ()
    columns: Sequence[str] = ()
    links: Sequence[Link] = ()


def put_many(wanted: Sequence[Put]) -> None:
    """The same for many records that are all new on the shelf, in a few statements."""
    insert(Record, [{"key": one.key, **one.row} for one in wanted])
    insert(Version, [version for one in wanted for version in _versions(one.key, one.texts)])
    insert(Placement, [{"record_id": one.key, "column": column} for one in wanted for column in one.columns])
    insert(Relation, [relation for one in wanted for relation in _relations(one.key, one.links)])


def _versions(key: str, texts: Sequence[Text]) -> list[dict[str, Any]]:
    return [
        {"record_id": key, "number": n, "since": t.since, "text": t.digest, "by": t.by} for n, t in enumerate(texts, 1)
    ]


def _relations(key: str, links: Sequence[Link]) -> list[dict[str, Any]]:
    return [{"record_id": key, "verb": a.verb, "target": a.target, "name": a.name, "since": a.since} for a in links]


def _replace(model: Any, key: str, wanted: list[Any], same: Any) -> None:
    """Rows of a record as wanted, written only where something differs."""
    standing = list(model.objects.filter(record=key))
    if sorted(map(same, standing)) != sorted(map(same, wanted)):
        model.objects.filter(record=key).delete()
        model.objects.bulk_create(wanted)
