"""Citations of records: read from a text when it changes, led to the record meant, both ways.

A citation leads to the record of that name which was in force on the day of the citing document; when a record is
published later, the citations of its name find it then.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from gongkai.bake.touched import touch
from gongkai.ledger.bulk import insert
from gongkai.records.models import Record, Version
from gongkai.text.citations import Citation as Cited
from gongkai.text.citations import cite, title_key
from gongkai.text.nodes import Tree
from gongkai.text.numbers import BadNumber, parse_number
from gongkai.text.structure import node_at, parse

from . import queries
from .models import Citation, Name

CHUNK = 2000
#: Records read in one transaction: nobody who writes meanwhile waits longer.
PART = 250
#: What is read of a record: its text, and what it is cited by.
_NAMED_BY = ("key", "text", "title", "issuer", "document_number", "register_number", "body__name")
_WRAPPED = re.compile(r"关于(?:印发|发布|公布|颁布)《?(?P<inner>.{4,200}?)》?的(?:通知|公告|令|决定|通告)\Z")
_AMENDED = re.compile(r"（[^（）]{0,20}(?:修正|修订|修改)[^（）]{0,6}）\Z")


def names_of(record: Any, bodies: Iterable[str]) -> set[str]:
    """The names by which others cite a record (or a row of ``_NAMED_BY``): its title, without its issuer, what it promulgates, its 文号."""
    title = _AMENDED.sub("", record.title)
    titles = {title}
    titles |= {title.removeprefix(name) for name in (record.issuer, *bodies) if name}
    if wrapped := _WRAPPED.search(title):
        titles.add(wrapped["inner"])
    names = {title_key(one)[:300] for one in titles}
    for number in (record.document_number, record.register_number):
        if written := _number(number):
            names.add(written)
    return names - {""}


def _number(written: str) -> str:
    try:
        return parse_number(written).text if written else ""
    except BadNumber:
        return ""


def read(keys: Sequence[str], others: bool = True, texts: Mapping[str, str] = MappingProxyType({})) -> None:
    """Read the citations of these records anew; with ``others`` also lead to them whatever cites their names.

    ``texts``: those of their texts that are at hand, by key.
    """
    for start in range(0, len(keys), PART):
        _read(keys[start : start + PART], others, texts)


def _read(keys: Sequence[str], others: bool, texts: Mapping[str, str]) -> None:
    records = list(Record.objects.filter(key__in=keys, public=True).values_list(*_NAMED_BY, named=True))
    rows = [row for one in records for row in _rows(one.key, texts.get(one.key) or queries.text_of(one.text))]
    names = [{"record": one.key, "name": name} for one in records for name in names_of(one, [one.body__name])]
    with transaction.atomic():
        affected = set(Name.objects.filter(record__in=keys).values_list("name", flat=True))
        Citation.objects.filter(record__in=keys).delete()
        Name.objects.filter(record__in=keys).delete()
        insert(Name, names)
        Citation.objects.bulk_create(rows, batch_size=1000)
        if others:
            affected |= {one["name"] for one in names}
            resolve(Citation.objects.filter(Q(record__in=keys) | Q(name__in=affected) | Q(other__in=affected)))


def _rows(key: str, text: str) -> list[Citation]:
    tree = cache(partial(parse, text))
    return [_row(key, one, tree) for one in cite(text, tree)]


def _row(key: str, one: Cited, tree: Callable[[], Tree]) -> Citation:
    title, number = title_key(one.title)[:300], one.number.text if one.number else ""
    made = Citation(record=key, start=one.start, end=one.end, words=one.text[:300], name=(number or title)[:300])
    made.other = title if number else ""
    provision = one.provisions[0] if one.provisions else None
    if one.internal:
        made.target, made.anchor = key, _place(tree(), provision)
    elif provision:
        made.anchor = provision.anchor[:64]
    return made


def _place(tree: Tree, provision: object) -> str:
    """The anchor of a place in this text; empty where the text has no such place."""
    from gongkai.text.provisions import Provision

    if not isinstance(provision, Provision):
        return ""
    if provision.anchor in tree.by_anchor:
        return provision.anchor
    if provision.article is None:
        return ""
    node = node_at(tree, provision.article, provision.paragraph, provision.item, inserted=provision.inserted)
    return node.anchor if node else ""


@dataclass(frozen=True)
class _Named:
    """A record of a name, with the days it was in force."""

    key: str
    begins: date
    ceased: date


def resolve_all() -> None:
    """Lead every citation to its record (after a rebuild)."""
    resolve(Citation.objects.all())


def resolve(rows: QuerySet[Citation]) -> None:
    """Lead these citations to the records they mean, as the library stands; writes only what changes."""
    last = 0
    outward = rows.exclude(name="").order_by("pk")
    while part := list(outward.filter(pk__gt=last)[:CHUNK]):
        last = part[-1].pk
        _resolve(part)


def _resolve(part: Sequence[Citation]) -> None:
    known = _known({name for one in part for name in (one.name, one.other) if name})
    days = _days({one.record for one in part})
    found = [(one, _meant(known, one, days.get(one.record, date.max))) for one in part]
    texts = _texts({key for _, key in found if key})
    changed, touched = [], set[str]()
    for one, key in found:
        as_of = _as_of(texts.get(key, ()), days.get(one.record, date.max))
        if (one.target, one.as_of) != (key, as_of):
            touched |= {f"around:{other}" for other in (one.record, one.target, key) if other}
            one.target, one.as_of = key, as_of
            changed.append(one)
    Citation.objects.bulk_update(changed, ["target", "as_of"], batch_size=500)
    touch(*sorted(touched))


def _known(names: Collection[str]) -> dict[str, list[_Named]]:
    """Every record of these names."""
    pairs = list(Name.objects.filter(name__in=names).values_list("name", "record"))
    fields = ("key", "effective_on", "published_on", "written_on", "ceased_on")
    days = {
        key: (effective or published or written or date.min, ceased)
        for key, effective, published, written, ceased in Record.objects.filter(
            key__in={key for _, key in pairs}, public=True
        ).values_list(*fields)
    }
    known: dict[str, list[_Named]] = {}
    for name, key in pairs:
        if key in days:
            known.setdefault(name, []).append(_Named(key, *days[key]))
    return known


def _days(keys: Collection[str]) -> dict[str, date]:
    """The day on which each record cites."""
    rows = Record.objects.filter(key__in=keys).values_list("key", "written_on", "published_on", "effective_on")
    return {key: written or published or effective or date.max for key, written, published, effective in rows}


def _texts(keys: Collection[str]) -> dict[str, list[date]]:
    """The days from which each record's texts apply."""
    found: dict[str, list[date]] = {}
    for key, since in Version.objects.filter(record__in=keys).order_by("number").values_list("record", "since"):
        found.setdefault(key, []).append(since)
    return found


def _meant(known: dict[str, list[_Named]], one: Citation, day: date) -> str:
    """The record meant: of its 文号, else of its title."""
    candidates = known.get(one.name) or known.get(one.other) or []
    return chosen(candidates, day) if candidates else ""


def chosen(candidates: Sequence[_Named], day: date) -> str:
    """Of several records of one name: that in force on the day, else the last before it, else the first after it."""
    begun = sorted((one for one in candidates if one.begins <= day), key=lambda one: (one.begins, one.key))
    in_force = [one for one in begun if day < one.ceased]
    later = sorted(candidates, key=lambda one: (one.begins, one.key))
    return (in_force or begun)[-1].key if begun else later[0].key


def _as_of(since: Sequence[date], day: date) -> date | None:
    """The citing day, where the text of that day has been replaced by a later one."""
    if len(since) < 2 or day >= since[-1] or day < since[0]:
        return None
    return day
