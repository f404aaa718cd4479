"""Lists of zones that are baked page by page: all of them, those of a level, those with an area; the newest first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse

from gongkai.bake import chunks
from gongkai.bake.families import Family

from .models import Zone
from .procedure import AREAS, LEVELS

PREFIX = "zone-list:"
#: States the public sees.
SHOWN = ("open", "suspended")


@dataclass(frozen=True)
class Listing:
    """A list of zones. ``condition`` and ``holds`` say the same, of rows and of one zone."""

    sort: str
    name: str
    title: str
    condition: Q
    holds: Callable[[Zone], bool]

    @property
    def key(self) -> str:
        """Its name among all lists: level/city."""
        return f"{self.sort}/{self.name}" if self.name else self.sort

    @property
    def address(self) -> str:
        """Its first page."""
        return (
            reverse("portal:zones:listing", args=[self.sort, self.name]) if self.name else reverse("portal:zones:all")
        )

    def rows(self) -> QuerySet[Zone]:
        """Its zones."""
        return shown().filter(self.condition).order_by("-opened_on", "-key")


def shown() -> QuerySet[Zone]:
    """The zones the public sees."""
    return Zone.objects.filter(state__in=SHOWN)


def _of_level(key: str, label: str) -> Listing:
    return Listing("level", key, f"{label}政务公开专区", Q(level=key), lambda one: one.level == key)


def _with_area(key: str, label: str) -> Listing:
    # Both databases find an element of a JSON list as a quoted word in its text.
    condition = Q(areas__icontains=f'"{key}"')
    return Listing("area", key, f"提供{label}的政务公开专区", condition, lambda one: key in one.areas)


_EVERY = (
    Listing("all", "", "全部政务公开专区", Q(), lambda one: True),
    *(_of_level(key, label) for key, label in LEVELS),
    *(_with_area(key, label) for key, label in AREAS),
)
EVERY = {one.key: one for one in _EVERY}


def moved(rows: Iterable[Zone]) -> list[str]:
    """What to touch when these zones came, went or moved: for every list that holds one, the oldest place that changed."""
    found = []
    seen = [row for row in rows if row.opened_on is not None]
    for key, one in EVERY.items():
        places = [(row.opened_on.isoformat(), row.key) for row in seen if row.opened_on and one.holds(row)]
        if places:
            day, zone = min(places)
            found.append(f"{PREFIX}{key}@{day}/{zone}")
    return found


def _addresses() -> Iterable[str]:
    for one in EVERY.values():
        yield from chunks.addresses(one.address, one.rows().order_by().count())


def _born(key: str) -> Iterable[str]:
    """The pages that may differ after a change at a place: two queries."""
    if not key.startswith(PREFIX):
        return ()
    name, _, place = key.removeprefix(PREFIX).partition("@")
    day, _, zone = place.partition("/")
    one = EVERY[name]
    older = one.rows().filter(Q(opened_on__lt=day) | Q(opened_on=day, key__lt=zone)).order_by().count()
    return chunks.changed(one.address, older, one.rows().order_by().count())


FAMILY = Family("zone lists", _addresses, _born)
