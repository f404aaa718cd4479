"""Questions to the library. What the public may see is decided here and nowhere else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from gongkai.bake.reading import reads
from gongkai.ledger import blobs, clock
from gongkai.ledger.models import Event
from gongkai.organs.models import Body
from gongkai.records import kinds
from gongkai.records.models import Record, Relation, Version
from gongkai.records.relations import VERBS
from gongkai.text.nodes import Tree
from gongkai.text.structure import parse

from .models import Citation
from .validity import turns

#: How many back-links a page names; the rest is a number.
MOST_BACKLINKS = 100
#: Lines of the ledger that make a record public.
PUBLISHING = ("publish", "promulgate", "republish", "release")
#: What the page of a record is made of: itself, and what stands around it (what it cites, what cites it, what acts on it).
TIES = ("record", "around")


def public() -> QuerySet[Record]:
    """What anybody may read now."""
    return Record.objects.filter(public=True)


def withdrawn(key: str) -> Record | None:
    """A record that was public and was taken down."""
    return Record.objects.filter(key=key, public=False, withdrawn_on__isnull=False).first()


def text_of(digest: str) -> str:
    """A stored text; empty for none."""
    if (held := _held.get()) and (tree := held.trees.get(digest)):
        return tree.text
    return blobs.get(digest).decode() if digest else ""


@dataclass(frozen=True)
class Related:
    """A record on the other side of a relation, as this side's page says it. ``key`` is empty when it is not here."""

    words: str
    title: str
    key: str = ""
    since: date | None = None


@dataclass(frozen=True)
class Sight:
    """Everything the page of a record shows, read in a number of queries that does not grow.

    ``published_at`` is the instant it was published where the hour is known, else the day.
    """

    record: Record
    bodies: Sequence[str]
    versions: Sequence[Version]
    related: Sequence[Related]
    citations: Sequence[Citation]
    cited_by: Sequence[tuple[str, str]]
    cited_by_count: int
    titles: Mapping[str, str] = field(default_factory=dict)
    sources: frozenset[str] = frozenset()
    published_at: date | datetime | None = None

    def version_on(self, day: date) -> Version | None:
        """The text in force on a day; None before the first."""
        return next((one for one in reversed(self.versions) if one.since <= day), None)

    @property
    def issuers(self) -> list[str]:
        """The names of all who issued it, the lead first."""
        return issuers(self.record, self.bodies)

    @property
    def changes(self) -> list[date]:
        """The days from which later texts apply."""
        return [version.since for version in self.versions[1:]]


def sight(record: Record) -> Sight:
    """The record with its surroundings; eight queries, none where it is held (:func:`holding`)."""
    held = _held.get()
    found = held.sights.get(record.key) if held else None
    found = found or sights([record])[record.key]
    reads(*found.sources)
    turns(record, found.changes)
    return found


def sights(records: Sequence[Record]) -> dict[str, Sight]:
    """Many records with their surroundings, in as many queries as one takes."""
    keys = [one.key for one in records]
    relations: dict[str, dict[int, Relation]] = {key: {} for key in keys}
    for tie in Relation.objects.filter(Q(record__in=keys) | Q(target__in=keys)).order_by("since", "id"):
        for key in {tie.record_id, tie.target} & relations.keys():
            relations[key][tie.pk] = tie
    citations = _grouped(keys, Citation.objects.filter(record__in=keys), "record")
    versions = _grouped(keys, Version.objects.filter(record__in=keys).order_by("record", "number"), "record_id")
    sources: dict[str, list[str]] = {key: [] for key in keys}
    back = Citation.objects.filter(target__in=keys).exclude(record=F("target"))
    for target, source in back.order_by("target", "record").values_list("target", "record").distinct():
        if len(sources[target]) <= MOST_BACKLINKS:
            sources[target].append(source)
    wanted = {key: _wanted(citations[key], relations[key].values()) for key in keys}
    asked = {key for key in keys for key in (*wanted[key], *sources[key])}
    titles = dict(public().filter(key__in=asked).values_list("key", "title"))
    names = dict(
        Body.objects.filter(key__in={key for one in records for key in one.bodies or [one.body_id]}).values_list(
            "key", "name"
        )
    )
    moments = _published_at(records)
    made = {}
    for one in records:
        key, about = one.key, {*wanted[one.key], *sources[one.key]}
        own = {name: titles[name] for name in about if name in titles}
        ties = relations[key].values()
        made[key] = Sight(
            record=one,
            bodies=[names.get(body, body) for body in one.bodies or [one.body_id]],
            versions=versions[key],
            related=[_related(tie, key, own) for tie in ties if _told(tie, key, own)],
            citations=citations[key],
            cited_by=[(source, own[source]) for source in sources[key] if source in own],
            cited_by_count=len(sources[key]),
            titles=own,
            sources=frozenset([*(f"{tie}:{key}" for tie in TIES), *(f"record:{name}" for name in about)]),
            published_at=moments[key],
        )
    return made


def _published_at(records: Sequence[Record]) -> dict[str, date | datetime | None]:
    """When each was published: the instant of its line where that was written on the day, else the day."""
    found: dict[str, date | datetime | None] = {one.key: one.published_on for one in records}
    sorts, days = {one.subject_kind for one in records}, dict(found)
    lines = Event.objects.filter(subject_kind__in=sorts, subject__in=list(found), kind__in=PUBLISHING).order_by("-seq")
    for key, day, instant in lines.values_list("subject", "legal_day", "recorded_at"):
        if day == days[key] == clock.day_of(instant):
            found[key] = instant
    return found


def _grouped(keys: Sequence[str], rows: Iterable[Any], by: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {key: [] for key in keys}
    for row in rows:
        found[getattr(row, by)].append(row)
    return found


def _wanted(citations: Iterable[Citation], relations: Iterable[Relation]) -> set[str]:
    """The records that a page would like to name."""
    cited = {one.target for one in citations}
    tied = {name for one in relations for name in (one.target, one.record_id)}
    return (cited | tied) - {""}


@dataclass
class _Held:
    """What is read once for pages that are rendered together."""

    records: dict[str, Record]
    sights: dict[str, Sight]
    trees: dict[str, Tree] = field(default_factory=dict)


_held: ContextVar[_Held | None] = ContextVar("held", default=None)


@contextmanager
def holding(keys: Sequence[str]) -> Iterator[None]:
    """Inside, these records, their surroundings and texts are read once."""
    records = {one.key: one for one in public().select_related("body").filter(key__in=keys)}
    token = _held.set(_Held(records, sights(list(records.values()))))
    try:
        yield
    finally:
        _held.reset(token)


def find(key: str) -> Record | None:
    """A public record with its body."""
    held = _held.get()
    if held and key in held.records:
        return held.records[key]
    return public().select_related("body").filter(key=key).first()


def tree_of(digest: str) -> Tree:
    """The pieces of a stored text."""
    held = _held.get()
    if held is None:
        return parse(text_of(digest))
    if digest not in held.trees:
        held.trees[digest] = parse(text_of(digest))
    return held.trees[digest]


def _told(relation: Relation, key: str, titles: Mapping[str, str]) -> bool:
    """A relation of something that is not public says nothing here."""
    return relation.record_id in titles or relation.record_id == key


def _related(relation: Relation, key: str, titles: Mapping[str, str]) -> Related:
    there, back = VERBS.get(relation.verb, (relation.verb, relation.verb))
    if relation.record_id == key:
        known = relation.target if relation.target in titles else ""
        return Related(there, titles.get(relation.target) or relation.name, known, relation.since)
    return Related(back, titles[relation.record_id], relation.record_id, relation.since)


def names_of(keys: Iterable[str]) -> list[str]:
    """Names of bodies in the order of their keys; a key the house does not know is a name itself."""
    wanted = list(keys)
    known = dict(Body.objects.filter(key__in=wanted).values_list("key", "name"))
    return [known.get(key, key) for key in wanted]


def issuers(record: Record, names: Sequence[str]) -> list[str]:
    """Who issued a record. ``names`` are those of its bodies: with them stand the issuers that are no bodies of the
    house, or alone where the text is somebody else's and the body only keeps it (kinds without an 索引号)."""
    strangers = [name for name in record.issuer.split("、") if name]
    known = kinds.kinds().get(record.kind)
    return strangers if strangers and known and not known.indexed else [*names, *strangers]


def targets_of(keys: Iterable[str]) -> list[str]:
    """The records that these act on."""
    acted = Relation.objects.filter(record__in=list(keys)).exclude(target="")
    return sorted(set(acted.values_list("target", flat=True)))


def counts(rows: QuerySet[Record], column: str) -> dict[Any, int]:
    """How many rows there are for each value of a column. With an index on it, only that is read."""
    return dict(rows.order_by().values_list(column).annotate(number=Count("*")))
