"""Lists of records that are baked page by page: of everything, of a kind, of a body, of a topic.

The catalogue keeps, for each record, the lists it stood in (:class:`.models.Shown`), so that a record that comes, goes or
moves touches exactly the pages where it stands, stood or will stand.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from gongkai.bake import chunks
from gongkai.bake.drawing import drawn
from gongkai.bake.lists import Listing, Lists, Place
from gongkai.bake.reading import kept, reads
from gongkai.bake.touched import touch
from gongkai.ledger import clock
from gongkai.ledger.bulk import insert
from gongkai.organs.models import Body
from gongkai.records import kinds, vocabulary
from gongkai.records.models import Record
from gongkai.ui.addresses import shape, to
from gongkai.ui.pieces import Crumb

from . import queries, showing
from .models import Shown
from .validity import status, turns


def address(sort: str, name: str = "") -> str:
    """The first page of a list of the library."""
    return to("portal:library:listing", sort, name) if name else to("portal:library:all")


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


def every() -> list[Listing]:
    """Every list there is."""
    return [
        _everything(),
        *(_of_kind(one.key, one.label) for one in kinds.kinds().values()),
        *(_of_topic(key, label) for key, label in vocabulary.topic_choices()),
        *(_of_body(key, name) for key, name in Body.objects.values_list("key", "name")),
    ]


def find(key: str) -> Listing | None:
    """A list by its key, without making the others."""
    sort, _, name = key.partition("/")
    if key == "all":
        return _everything()
    if sort == "kind" and (kind := kinds.kinds().get(name)):
        return _of_kind(kind.key, kind.label)
    if sort == "topic" and (label := dict(vocabulary.topic_choices()).get(name)):
        return _of_topic(name, label)
    if sort == "body" and (body := Body.objects.filter(key=name).first()):
        return _of_body(body.key, body.name)
    return None


#: What an entry of a list shows, and what its validity is derived from.
_COLUMNS = (
    "key", "title", "document_number", "issuer", "published_on", "effective_on", "valid_until", "ceased_on", "ended_how",
    "body_id",
)  # fmt: skip


#: What decides in which lists a record stands, and where.
_DECIDING = ("key", "kind", "body_id", "topics", "published_on")


def _rows() -> QuerySet[Any]:
    # Rows, not models, and of one table: a list of a hundred thousand records is counted often and read whole to be baked.
    return queries.public().values_list(*_COLUMNS, named=True)


LISTS = Lists("list:", "published_on", _rows, every, find)
FAMILY = LISTS.family("lists")


class _Stand(NamedTuple):
    """Where a record stands: its day, and the keys of the lists that have it."""

    day: date
    lists: list[str]


_NOWHERE = _Stand(date.min, [])


def note(keys: Sequence[str]) -> None:
    """These records changed: touch what shows them, and the lists they came into, left or moved in."""
    rows = Record.objects.filter(key__in=keys, public=True).values_list(*_DECIDING, named=True)
    records = {one.key: one for one in rows}
    stood = {
        key: _Stand(day, names)
        for key, day, names in Shown.objects.filter(record__in=keys).values_list("record", "day", "lists")
    }
    lists, places, fresh = every(), dict[str, list[Place]](), dict[str, _Stand]()
    touched = [f"record:{key}" for key in keys]
    for key in keys:
        before, now = stood.get(key, _NOWHERE), _stand(records.get(key), lists)
        if before != now:
            for one in (before, now):
                for name in one.lists:
                    places.setdefault(name, []).append((one.day, key))
            fresh[key] = now
        if before.lists or now.lists:
            touched.append("library")
    insert(Shown, [{"record": key, "day": one.day, "lists": one.lists} for key, one in fresh.items()], replace=True)
    touched += [LISTS.touched(name, min(found)) for name, found in places.items()]
    touch(*touched, *(f"around:{target}" for target in queries.targets_of(keys)))


def _stand(record: Any | None, lists: Sequence[Listing]) -> _Stand:
    """Where a public record (a row of ``_DECIDING``) stands now; without one, nowhere."""
    if record is None:
        return _NOWHERE
    return _Stand(record.published_on or date.min, [one.key for one in lists if one.holds(record)])


def rows_of(one: Listing, number: int) -> chunks.Chunk:
    """A page of a list. Raises Http404 for a page that is not."""
    found = LISTS.page(one, number)
    if found is None:
        raise Http404
    reads(*(f"record:{row.key}" for row in found.rows))
    return found


def _entries(rows: Sequence[Any]) -> SafeString:
    """The records as entries of the list, with the validity of today where that is over."""
    today = clock.today()
    for row in rows:
        turns(row, (), today)
    names = kept("short names", lambda: dict(Body.objects.values_list("key", "short_name")))
    page = shape("portal:library:record")
    return SafeString(
        "".join(
            showing.entry(row, names.get(row.body_id, ""), status(row, today), page.format(row.key)) for row in rows
        )
    )


def page(request: HttpRequest, sort: str = "all", name: str = "", number: int = 0) -> HttpResponse:
    """A page of a list of the library."""
    key = f"{sort}/{name}" if name else sort
    one = kept(("list", key), lambda: find(key))
    if one is None:
        raise Http404
    chunk = rows_of(one, number)
    shared = {
        "title": one.title,
        "trail": (Crumb("首页", "/"), Crumb("政府信息", "/records/"), Crumb(one.title)),
        "list": one,
        "sort": sort,
        "name": name,
    }
    words = {
        "number": str(number or ""),
        "entries": _entries(chunk.rows),
        "newer": chunk.newer,
        "older": chunk.older,
    }
    return drawn(
        request,
        "library/listing.html",
        words,
        lambda known: {**shared, **known},
        lambda known: chunks.page_of(str(one.address), known.get("number", "")),
        by=one.key,
    )
