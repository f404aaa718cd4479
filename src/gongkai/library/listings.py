"""Lists of records that are baked page by page: of everything, of a kind, of a body, of a topic; sites add their columns.

A list says which records it holds; the catalogue keeps, for each record, the lists it stood in (:class:`.models.Shown`),
so that a record that comes, goes or moves touches exactly the pages where it stands, stood or will stand.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from gongkai.bake import chunks
from gongkai.bake.families import Family
from gongkai.bake.reading import reads
from gongkai.bake.touched import touch
from gongkai.ledger import clock
from gongkai.organs.models import Body
from gongkai.records import kinds, vocabulary
from gongkai.records.models import Record
from gongkai.ui.pieces import Crumb

from . import queries
from .models import Shown
from .validity import status, turns

PREFIX = "list:"
MIN = date.min


@dataclass(frozen=True)
class Listing:
    """A list of public records, the newest first. ``condition`` and ``holds`` say the same, of rows and of one record.

    ``address`` is its first page and ends in a slash; ``key`` names it among all lists (``kind/meeting``).
    """

    key: str
    address: str
    title: str
    condition: Q
    holds: Callable[[Record], bool]

    def rows(self) -> QuerySet[Record]:
        """Its records."""
        return queries.public().filter(self.condition).order_by("-published_on", "-key")


#: What offers lists: functions that return them all. Sites add their columns here.
OFFERS: list[Callable[[], Iterable[Listing]]] = []


def offer(make: Callable[[], Iterable[Listing]]) -> Callable[[], Iterable[Listing]]:
    """Decorator: these lists are baked."""
    OFFERS.append(make)
    return make


def every() -> dict[str, Listing]:
    """Every list there is, by key."""
    return {one.key: one for make in OFFERS for one in make()}


def address(sort: str, name: str = "") -> str:
    """The first page of a list of the library."""
    return reverse("portal:library:listing", args=[sort, name]) if name else reverse("portal:library:all")


def _everything() -> Listing:
    return Listing("all", address("all"), "全部公开信息", Q(), lambda one: True)


def _of_kind(key: str, label: str) -> Listing:
    return Listing(f"kind/{key}", address("kind", key), label, Q(kind=key), lambda one: one.kind == key)


def _of_body(key: str, name: str) -> Listing:
    return Listing(f"body/{key}", address("body", key), name, Q(body=key), lambda one: one.body_id == key)


def _of_topic(key: str, label: str) -> Listing:
    # Both databases find an element of a JSON list as a quoted word in its text.
    condition = Q(topics__icontains=f'"{key}"')
    return Listing(f"topic/{key}", address("topic", key), label, condition, lambda one: key in one.topics)


@offer
def own() -> list[Listing]:
    """The lists of the library itself."""
    bodies = Body.objects.values_list("key", "name")
    return [
        _everything(),
        *(_of_kind(one.key, one.label) for one in kinds.kinds().values()),
        *(_of_topic(key, label) for key, label in vocabulary.topic_choices()),
        *(_of_body(key, name) for key, name in bodies),
    ]


def _one(sort: str, name: str) -> Listing | None:
    """A list of the library by its address."""
    if sort == "all":
        return _everything()
    if sort == "kind" and (kind := kinds.kinds().get(name)):
        return _of_kind(kind.key, kind.label)
    if sort == "topic" and (label := dict(vocabulary.topic_choices()).get(name)):
        return _of_topic(name, label)
    if sort == "body" and (body := Body.objects.filter(key=name).first()):
        return _of_body(body.key, body.name)
    return None


def note(keys: Sequence[str]) -> None:
    """These records changed: touch what shows them, and the lists they came into, left or moved in."""
    records = {one.key: one for one in Record.objects.filter(key__in=keys).prefetch_related("placements")}
    stood = {one.record: one for one in Shown.objects.filter(record__in=keys)}
    lists, oldest = every(), dict[str, tuple[date, str]]()
    fresh: list[Shown] = []
    touched = [f"record:{key}" for key in keys]
    for key in keys:
        record, before = records.get(key), stood.get(key)
        shown = record is not None and record.public
        now = [one.key for one in lists.values() if record is not None and one.holds(record)] if shown else []
        day = (record.published_on or MIN) if record is not None and shown else MIN
        if before is None or (before.day, before.lists) != (day, now):
            for one, when in [
                *((name, day) for name in now),
                *((n, before.day) for n in (before.lists if before else [])),
            ]:
                oldest[one] = min(oldest.get(one, (when, key)), (when, key))
            fresh.append(Shown(record=key, day=day, lists=now))
        if shown or (before and before.lists):
            touched.append("library")
    Shown.objects.bulk_create(fresh, update_conflicts=True, unique_fields=["record"], update_fields=["day", "lists"])
    touched += [f"{PREFIX}{key}@{_position(lists[key], *place)}" for key, place in oldest.items() if key in lists]
    touch(*touched, *(f"relates:{target}" for target in queries.targets_of(keys)))


def _position(one: Listing, day: date, key: str) -> int:
    """How many of its records are older than a place in a list."""
    return one.rows().filter(Q(published_on__lt=day) | Q(published_on=day, key__lt=key)).order_by().count()


def _addresses() -> Iterable[str]:
    for one in every().values():
        yield from chunks.addresses(one.address, one.rows().order_by().count())


def _born(key: str) -> Iterable[str]:
    if not key.startswith(PREFIX):
        return ()
    name, _, position = key.removeprefix(PREFIX).rpartition("@")
    one = every().get(name)
    return chunks.changed(one.address, int(position), one.rows().order_by().count()) if one else ()


FAMILY = Family("lists", _addresses, _born)


def rows_of(one: Listing, number: int) -> chunks.Chunk:
    """A page of a list with the status of each record today. Raises Http404 for a page that is not."""
    found = chunks.chunk(one.rows().select_related("body"), number, one.address)
    if found is None:
        raise Http404
    today = clock.today()
    reads(*(f"record:{row.key}" for row in found.rows))
    for row in found.rows:
        row.status = status(row, today)
        turns(row)
    return found


def page(request: HttpRequest, sort: str = "all", name: str = "", number: int = 0) -> HttpResponse:
    """A page of a list of the library."""
    one = _one(sort, name)
    if one is None:
        raise Http404
    context = {
        "title": one.title,
        "trail": (Crumb("首页", "/"), Crumb("政府信息", "/records/"), Crumb(one.title)),
        "list": one,
        "chunk": rows_of(one, number),
        "sort": sort,
        "name": name,
    }
    return render(request, "library/listing.html", context)
