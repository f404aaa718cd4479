"""Published annual reports, offered to people about to ask for what stands in them."""

from collections.abc import Sequence

from django.urls import reverse

from gongkai.ui.pieces import Item

from . import queries


def candidates(grams: Sequence[str], limit: int) -> list[Item]:
    """Published reports, newest first, whose titles hold some of the given pairs of characters."""
    rows = queries.published().select_related("body")
    found = [row for row in rows if any(gram in str(row) for gram in grams)]
    return [
        Item(str(row), reverse("portal:reporting:report", args=[row.body_id, row.year]), row.body.name)
        for row in found[:limit]
    ]
