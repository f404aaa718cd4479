"""How replayed records come onto the shelf; makes the kind of subject known to the ledger."""

from collections.abc import Sequence
from typing import Any

from gongkai.law.attributes import Attribute
from gongkai.ledger.subjects import Subject, register
from gongkai.ledger.tally import OPEN

from . import events, models, shelf
from .events import Piece
from .kinds import kinds, tags_of
from .procedure import RECORD


def row_of(piece: Piece) -> dict[str, Any]:
    """The library's row of a record."""
    entry = piece.entry
    strangers = [name for name, key in zip(entry.bodies, entry.body_keys, strict=False) if not key]
    return {
        "subject_kind": "record",
        "kind": piece.kind,
        "state": piece.state,
        "body_id": piece.body,
        "bodies": [piece.body, *filter(None, entry.body_keys)],
        "issuer": entry.issuer or "、".join(strangers),
        "unit": entry.unit,
        "title": entry.title,
        "document_number": piece.document_number,
        "index_number": piece.index_number,
        "theme": entry.theme,
        "topics": list(entry.topics),
        "category": entry.category,
        "audience": list(entry.audience),
        "attribute": piece.attribute,
        "written_on": entry.written_on or piece.signed_on,
        "published_on": piece.published_on,
        "effective_on": entry.effective_on,
        "issued_on": piece.signed_on,
        "due_on": piece.due_on if piece.waiting else None,
        "reassess_on": piece.reassess_on,
        "withdrawn_on": piece.withdrawn_on,
        "withdrawn_why": piece.withdrawn_why[:300],
        "text": piece.texts[-1].digest if piece.texts else entry.text,
        "attachments": list(entry.attachments),
        "source_url": entry.source_url,
        "data": entry.data,
        "public": piece.public,
    }


def _links(piece: Piece) -> list[shelf.Link]:
    relayed = piece.entry.relays
    if not relayed:
        return []
    known = bool(models.Record.objects.filter(key=relayed).exists())
    return [shelf.Link("relays", target=relayed if known else "", name="" if known else relayed)]


def _put(key: str, piece: Piece) -> shelf.Put:
    return shelf.Put(key, row_of(piece), piece.texts, piece.entry.columns, _links(piece))


def project(key: str, piece: Piece) -> None:
    """Put one record onto the shelf."""
    one = _put(key, piece)
    shelf.put(one.key, one.row, texts=one.texts, columns=one.columns, links=one.links)


def project_many(pieces: Sequence[tuple[str, Piece]]) -> None:
    """Put many new ones there."""
    shelf.put_many([_put(key, piece) for key, piece in pieces])


def facts(piece: Piece) -> dict[str, Any] | None:
    """What the figures count of a record; None before it is issued or published."""
    known = kinds().get(piece.kind)
    document = bool(known and known.document)
    signed = piece.signed_on if piece.state not in {"draft", "signed"} else None
    issued = signed or (piece.entry.written_on or piece.published_on if piece.public and document else None)
    if issued is None and piece.published_on is None:
        return None
    return {
        "body_id": piece.body,
        "kind": piece.kind,
        "document": document,
        "attribute": piece.attribute,
        "issued_on": issued or OPEN,
        "published_on": piece.published_on or OPEN,
        "withdrawn_on": piece.withdrawn_on or OPEN,
        "due_on": _first_due(piece) or OPEN,
        "tags": tags_of(piece.kind, piece.entry.data, piece.entry.topics)[:1000],
    }


def _first_due(piece: Piece) -> Any:
    """When it had to be published first; a later change has a clock of its own and does not move this."""
    return piece.first_due_on if piece.attribute == Attribute.ACTIVE else None


SHELF_MODELS = (models.Version, models.Placement, models.Relation, models.Record)

RECORDS = register(
    Subject(
        "record", RECORD.label, RECORD, Piece(), events.step, project, SHELF_MODELS, models.RecordTally, facts,
        project_many,
    )
)  # fmt: skip
