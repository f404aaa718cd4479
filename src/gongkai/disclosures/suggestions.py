"""Published items of the log, offered to people about to ask for the same."""

from collections.abc import Sequence

from django.db.models import Case, IntegerField, Q, Value, When

from gongkai.ui.pieces import Item

from . import queries, showing


def candidates(grams: Sequence[str], limit: int) -> list[Item]:
    """The items whose titles hold most of the given pairs of characters: one query."""
    hits, wanted = Value(0), Q()
    for gram in grams:
        hits += Case(When(title__contains=gram, then=1), default=0, output_field=IntegerField())
        wanted |= Q(title__contains=gram)
    rows = queries.published().filter(wanted).annotate(hits=hits).order_by("-hits", "-published_on", "key")
    return [Item(row.title, showing.page_of(row.key), row.body.name, "已公开", "ok") for row in rows[:limit]]
