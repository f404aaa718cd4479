"""From what became public to the mails that wait: each record meets each subscription once, and is mailed once.

Matching writes its rows and marks the record in one transaction; a digest is written and its rows are marked in one
transaction. So a crash anywhere leaves a step done or not begun. Nothing of a record is copied into what waits: the
letter is made when it leaves (:mod:`.letters`), of what is public then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction

from gongkai.ledger import clock
from gongkai.library import finding, indexing, queries, vocabulary
from gongkai.library.models import Waiting
from gongkai.notices.outbox import channels
from gongkai.records.models import Record
from gongkai.sites.models import Entry, Pending

from . import contacts, letters, services
from .models import Arrival, Hit, Subscription
from .procedure import SORTS

BATCH = 200
#: When the day's and the week's mails are written.
MORNING = time(8)


def keep_up() -> int:
    """One look of the worker; returns how many mails were written."""
    services.lapse_due()
    services.stop_bouncing()
    while match() == BATCH:
        pass
    return write() if "email" in channels() else 0


# Which records are for whom -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Fresh:
    """A record as subscriptions look at it."""

    key: str
    sorts: Mapping[str, frozenset[str]]


def match() -> int:
    """Hold what has arrived against every subscription; returns how many records were taken.

    A record waits until the index has it, because subscriptions to words are answered by the search itself, and until
    it stands in its columns.
    """
    ready = Arrival.objects.filter(matched=False).exclude(record__in=Waiting.objects.values("record"))
    ready = ready.exclude(record__in=Pending.objects.filter(what="record").values("key"))
    keys = list(ready.order_by("record").values_list("record", flat=True)[:BATCH])
    if not keys:
        return 0
    found = _hits(_fresh(keys))
    with transaction.atomic():
        new = Arrival.objects.select_for_update().filter(record__in=keys, matched=False)
        mine = set(new.values_list("record", flat=True))  # not what another worker has just done
        now = clock.now()
        rows = [Hit(subscription=one, record=key, found_at=now) for one, key in found if key in mine]
        Hit.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        Arrival.objects.filter(record__in=mine).update(matched=True)
    return len(keys)


def _fresh(keys: Sequence[str]) -> list[_Fresh]:
    columns: dict[str, set[str]] = {}
    for key, column in Entry.objects.filter(record__in=keys).values_list("record_id", "column_id"):
        columns.setdefault(key, set()).add(column)
    return [_seen(record, columns.get(record.key, set())) for record in queries.public().filter(key__in=keys)]


def _seen(record: Record, columns: Iterable[str]) -> _Fresh:
    sorts = {
        "kinds": {record.kind}, "bodies": {record.body_id, *record.bodies},
        "topics": set(record.topics), "columns": set(columns),
    }  # fmt: skip
    return _Fresh(record.key, {name: frozenset(values) for name, values in sorts.items()})


def _hits(fresh: Sequence[_Fresh]) -> list[tuple[str, str]]:
    """(subscription, record) for each that fits."""
    if not fresh:
        return []
    searched: dict[str, frozenset[str]] = {}
    hits: list[tuple[str, str]] = []
    active = Subscription.objects.filter(state="active").order_by("key")
    for part in _parts(active.values("key", "words", *SORTS).iterator(chunk_size=1000), 1000):
        words = contacts.queries_of([row["key"] for row in part if row["words"]])
        for row in part:
            fits = [one.key for one in fresh if all(not row[n] or one.sorts[n].intersection(row[n]) for n in SORTS)]
            if row["words"] and fits:
                asked = words[row["key"]]
                if asked not in searched:
                    searched[asked] = _search(asked, fresh)
                fits = [key for key in fits if key in searched[asked]]
            hits += [(row["key"], key) for key in fits]
    return hits


def _parts(rows: Iterable[dict[str, object]], size: int) -> Iterable[list[dict[str, object]]]:
    part = []
    for row in rows:
        part.append(row)
        if len(part) == size:
            yield part
            part = []
    yield part


def _search(query: str, fresh: Sequence[_Fresh]) -> frozenset[str]:
    """Which of these records a search for the words finds, every word in them, as the search page would."""
    wanted = {one.key for one in fresh}
    oldest = queries.public().filter(key__in=wanted).order_by("published_on").values_list("published_on", flat=True)[0]
    found: set[str] = set()
    start, total = 0, 1
    while query and start < total:
        results = indexing.port().search(
            query, filters={"published_on": finding.between(oldest.isoformat(), "")}, readers=(indexing.PUBLIC,),
            facets=(), limit=BATCH, offset=start, sort="newest", vocabulary=vocabulary.current(),
        )  # fmt: skip
        if results.mode != "and":
            break
        found |= wanted.intersection(hit.key for hit in results.hits)
        start, total = start + BATCH, results.total
    return frozenset(found)


# The mails ------------------------------------------------------------------------------------------------------------


def due_before(frequency: str, now: datetime) -> datetime:
    """What was found before this instant is to be mailed: now, since this morning, since Monday morning."""
    if frequency == "at_once":
        return now + timedelta(microseconds=1)
    local = now.astimezone(clock.SHANGHAI)
    day = local.date() - timedelta(days=local.weekday() if frequency == "weekly" else 0)
    morning = datetime.combine(day, MORNING, clock.SHANGHAI)
    step = timedelta(days=7 if frequency == "weekly" else 1)
    return morning if morning <= local else morning - step


def write(most: int = 1000) -> int:
    """Write the mails that are due, one for each subscription; returns how many."""
    now, written = clock.now(), 0
    for frequency in ("at_once", "daily", "weekly"):
        before = due_before(frequency, now)
        waiting = Hit.objects.filter(message=None, found_at__lt=before).values("subscription")
        due = Subscription.objects.filter(state="active", frequency=frequency, key__in=waiting).order_by("key")
        for row in due.select_related("body")[:most]:
            written += _write(row, before)
    return written


def _write(row: Subscription, before: datetime) -> bool:
    with transaction.atomic():
        waiting = Hit.objects.select_for_update().filter(subscription=row.key, message=None, found_at__lt=before)
        hits = list(waiting.order_by("id").values_list("id", flat=True))
        if not hits:  # another worker was faster
            return False
        message = letters.post_digest(row.key, row.body, hits[0], len(hits))
        Hit.objects.filter(id__in=hits).update(message=message)
    return True
