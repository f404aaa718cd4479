"""Questions to the library. What the public may see is decided here and nowhere else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet

from gongkai.bake.reading import reads
from gongkai.ledger import blobs
from gongkai.organs.models import Body
from gongkai.records import kinds
from gongkai.records.models import Record, Relation, Version
from gongkai.records.relations import VERBS

from .models import Citation

#: How many back-links a page names; the rest is a number.
MOST_BACKLINKS = 100
#: What the page of a record is made of: itself, what it cites, what cites it, what acts on it.
TIES = ("record", "citations", "cites", "relates")


def public() -> QuerySet[Record]:
    """What anybody may read now."""
    return Record.objects.filter(public=True)


def withdrawn(key: str) -> Record | None:
    """A record that was public and was taken down."""
    return Record.objects.filter(key=key, public=False, withdrawn_on__isnull=False).first()


def text_of(digest: str) -> str:
    """A stored text; empty for none."""
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
    """Everything the page of a record shows, read in a number of queries that does not grow."""

    record: Record
    bodies: Sequence[str]
    versions: Sequence[Version]
    related: Sequence[Related]
    citations: Sequence[Citation]
    cited_by: Sequence[tuple[str, str]]
    cited_by_count: int
    titles: Mapping[str, str] = field(default_factory=dict)

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
    """The record with its surroundings; seven queries."""
    relations = list(Relation.objects.filter(Q(record=record.key) | Q(target=record.key)).order_by("since", "id"))
    citations = list(Citation.objects.filter(record=record.key))
    back = Citation.objects.filter(target=record.key).exclude(record=record.key)
    sources = list(back.values_list("record", flat=True).distinct().order_by("record")[: MOST_BACKLINKS + 1])
    wanted = (
        {one.target for one in citations} | {one.target for one in relations} | {one.record_id for one in relations}
    )
    reads(*(f"{tie}:{record.key}" for tie in TIES), *(f"record:{key}" for key in {*wanted, *sources} - {""}))
    titles = dict(public().filter(key__in={*wanted, *sources} - {""}).values_list("key", "title"))
    return Sight(
        record=record,
        bodies=names_of(record.bodies or [record.body_id]),
        versions=list(Version.objects.filter(record=record.key).order_by("number")),
        related=[_related(one, record.key, titles) for one in relations if _told(one, record.key, titles)],
        citations=citations,
        cited_by=[(key, titles[key]) for key in sources if key in titles],
        cited_by_count=len(sources),
        titles=titles,
    )


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


def counts(rows: QuerySet[Record], field_name: str) -> list[tuple[str, int]]:
    """How many public records there are for each value of a column, the most first."""
    found = rows.exclude(**{field_name: ""}).values_list(field_name).annotate(number=Count("pk"))
    return list(found.order_by("-number", field_name))
