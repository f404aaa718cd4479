"""Lists of zones that are baked page by page: all of them, those of a level, those with an area; the newest first."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.urls import reverse_lazy

from gongkai.bake.lists import Listing, Lists

from .models import Zone
from .procedure import AREAS, LEVELS

#: States the public sees.
SHOWN = ("open", "suspended")


def shown() -> QuerySet[Zone]:
    """The zones the public sees."""
    return Zone.objects.filter(state__in=SHOWN).select_related("district")


def _of_level(key: str, label: str) -> Listing:
    where = reverse_lazy("portal:zones:listing", args=["level", key])
    return Listing(f"level/{key}", where, f"{label}政务公开专区", Q(level=key), lambda one: one.level == key)


def _with_area(key: str, label: str) -> Listing:
    where = reverse_lazy("portal:zones:listing", args=["area", key])
    # Both databases find an element of a JSON list as a quoted word in its text.
    condition = Q(areas__icontains=f'"{key}"')
    return Listing(f"area/{key}", where, f"提供{label}的政务公开专区", condition, lambda one: key in one.areas)


_EVERY = (
    Listing("all", reverse_lazy("portal:zones:all"), "全部政务公开专区", Q(), lambda one: True),
    *(_of_level(key, label) for key, label in LEVELS),
    *(_with_area(key, label) for key, label in AREAS),
)
EVERY = {one.key: one for one in _EVERY}
LISTS = Lists("zone-list:", "opened_on", shown, EVERY.values, EVERY.get)


def moved(rows: Iterable[Zone]) -> list[str]:
    """What to touch when these zones came, went or moved: for every list that holds one, the oldest place that changed."""
    seen = [(row, (row.opened_on, row.key)) for row in rows if row.opened_on is not None]
    places = {key: [place for row, place in seen if one.holds(row)] for key, one in EVERY.items()}
    return [LISTS.touched(key, min(found)) for key, found in places.items() if found]


FAMILY = LISTS.family("zone lists")
