"""Lists that are baked page by page (:mod:`.chunks`), the newest first: which rows each holds, and what a change touches.

A row that comes, goes or moves touches, in each list, the oldest place that changed: the pages from there on are baked anew.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from . import chunks
from .families import Family

#: Where a row stands in every list: its day, then its key.
Place = tuple[date, str]


@dataclass(frozen=True)
class Listing:
    """A list. ``condition`` and ``holds`` say the same, of rows and of one row.

    ``address`` (text, or lazy) is its first page and ends in a slash; ``key`` names it among all lists (``kind/meeting``).
    """

    key: str
    address: Any
    title: str
    condition: Q
    holds: Callable[[Any], bool]


@dataclass(frozen=True)
class Lists:
    """The lists of one sort of rows.

    ``prefix`` begins the keys that are touched; ``shown()`` are the rows the public sees and ``day`` their field that
    orders them; ``every()`` are the lists, ``find(key)`` is one of them, None where there is none.
    """

    prefix: str
    day: str
    shown: Callable[[], QuerySet[Any]]
    every: Callable[[], Iterable[Listing]]
    find: Callable[[str], Listing | None]

    def rows(self, one: Listing) -> QuerySet[Any]:
        """The rows of a list, the newest first."""
        return self.shown().filter(one.condition).order_by(f"-{self.day}", "-key")

    def touched(self, key: str, oldest: Place) -> str:
        """What to touch when rows of a list changed, none of them at an older place."""
        return f"{self.prefix}{key}@{oldest[0].isoformat()}/{oldest[1]}"

    def family(self, name: str) -> Family:
        """Their pages."""
        return Family(name, self._addresses, self._born, lambda addresses: chunks.together(addresses, self._rows_at))

    def page(self, one: Listing, number: int) -> chunks.Chunk | None:
        """A page of a list; None where there is no such page."""
        return chunks.chunk(lambda: self.rows(one), number, str(one.address))

    def _rows_at(self, addresses: Iterable[str]) -> Iterable[tuple[str, QuerySet[Any]]]:
        wanted = set(addresses)
        return [(where, self.rows(one)) for one in self.every() if (where := str(one.address)) in wanted]

    def _addresses(self) -> Iterable[str]:
        for one in self.every():
            yield from chunks.addresses(str(one.address), self.rows(one).order_by().count())

    def _born(self, key: str) -> Iterable[str]:
        """The pages that may differ after a change at a place: two queries."""
        if not key.startswith(self.prefix):
            return ()
        name, _, place = key.removeprefix(self.prefix).partition("@")
        day, _, row = place.partition("/")
        one = self.find(name)
        if one is None:
            return ()
        rows = self.rows(one).order_by()
        # What came last is what changes: the newer ones are few to count.
        newer = rows.filter(Q(**{f"{self.day}__gt": day}) | Q(key__gte=row), **{f"{self.day}__gte": day}).count()
        count = rows.count()
        return chunks.changed(str(one.address), count - newer, count)
