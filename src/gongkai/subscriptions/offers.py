"""What can be subscribed to: the kinds, bodies, topics and columns there are, with their Chinese names."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from gongkai.library import queries
from gongkai.organs.models import Body
from gongkai.records import kinds, vocabulary
from gongkai.sites.models import Column
from gongkai.sites.vocabulary import LISTING

from .procedure import SORTS

Labels = Mapping[str, str]


def _kinds() -> Labels:
    return {one.key: one.label for one in kinds.kinds().values()}


def _bodies() -> Labels:
    """The bodies that have published something."""
    shown = queries.public().order_by().values("body")
    return dict(Body.objects.filter(key__in=shown).order_by("order", "id").values_list("key", "name"))


def _topics() -> Labels:
    return dict(vocabulary.topic_choices())


def _columns() -> Labels:
    """The columns of every open site; those of the main one come first and need no site's name."""
    rows = Column.objects.filter(state="open", kind__in=LISTING, site__state="open").select_related("site")
    ordered = rows.order_by("-site__main", "site", "order", "key")
    return {one.key: one.name if one.site.main else f"{one.site.name}：{one.name}" for one in ordered}


_OFFERS: Mapping[str, Callable[[], Labels]] = {
    "kinds": _kinds, "bodies": _bodies, "topics": _topics, "columns": _columns,
}  # fmt: skip


def labels(sort: str) -> Labels:
    """Every value of a sort with its name, in the order to be offered."""
    return _OFFERS[sort]()


def shown(sort: str, chosen: Collection[str] = ()) -> list[tuple[str, str]]:
    """What a form lists: everything, but of the columns only the main site's and those ``chosen`` already."""
    every = labels(sort)
    if sort != "columns":
        return list(every.items())
    main = set(Column.objects.filter(site__main=True).values_list("key", flat=True)).union(chosen)
    return [(key, label) for key, label in every.items() if key in main]


def told(wanted: Any, known: Callable[[str], Labels] = labels) -> list[tuple[str, str]]:
    """(sort's name, values in words) of what a subscription (replayed, or its row) wants; what is left open is not named."""
    chosen = [(sort, label, getattr(wanted, sort)) for sort, label in SORTS.items()]
    return [(label, "、".join(known(sort).get(one, one) for one in values)) for sort, label, values in chosen if values]
