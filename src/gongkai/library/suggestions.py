"""Public records, offered to people about to ask for them: what the search finds for the words of their request."""

from collections.abc import Sequence

from gongkai.ledger import clock
from gongkai.records import kinds
from gongkai.records.models import Record
from gongkai.search import BadQuery
from gongkai.ui.pieces import Item

from . import indexing, showing
from .validity import status


def candidates(grams: Sequence[str], limit: int) -> list[Item]:
    """Public records with these pairs of characters, the closest first; what is no longer in force is left out."""
    try:
        hits = indexing.port().search(" ".join(grams), limit=limit).hits
    except BadQuery:
        return []
    rows = Record.objects.select_related("body").filter(public=True).in_bulk([hit.key for hit in hits])
    found = [rows[hit.key] for hit in hits if hit.key in rows]
    return [_item(row) for row in found if not status(row, clock.today()).ended]


def _item(row: Record) -> Item:
    said = status(row, clock.today())
    note = f"{row.body.name} {row.document_number}".strip()
    return Item(row.title, showing.address(row.key), note, said.label or kinds.label(row.kind), said.tone or "ok")
