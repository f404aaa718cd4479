"""Norms in force, offered to people about to ask for them."""

from collections.abc import Sequence

from django.db.models import Case, F, IntegerField, Q, Value, When

from gongkai.ledger import clock
from gongkai.ui.context import address
from gongkai.ui.pieces import Item

from .models import Norm
from .queries import in_force


def candidates(grams: Sequence[str], limit: int) -> list[Item]:
    """The norms in force whose titles hold most of the given pairs of characters: one query."""
    hits = Value(0)
    wanted = Q()
    for gram in grams:
        hits += Case(When(title__contains=gram, then=1), default=0, output_field=IntegerField())
        wanted |= Q(title__contains=gram)
    rows = in_force(Norm.objects.filter(wanted), clock.today()).annotate(hits=hits, by=F("body__name"))
    return [
        Item(
            row.title,
            address("portal:norms:norm", row.key) or "",
            f"{row.by} {row.document_number}".strip(),
            "有效",
            "ok",
        )
        for row in rows.order_by("-hits", "-issued_on", "key")[:limit]
    ]
