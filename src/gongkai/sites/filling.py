"""Which records stand in which column, and the navigation that follows: kept up with the library, or made anew.

What changed waits in :class:`.models.Pending`, written in the transaction of the change; rows go with the work done. An
empty column is no part of the navigation (国办发〔2017〕47号: no empty columns).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from gongkai.bake import chunks
from gongkai.bake.touched import touch
from gongkai.ledger.bulk import insert
from gongkai.organs.models import Body
from gongkai.records.models import Placement, Record

from . import addresses
from .models import Column, Entry, Page, Pending, Placed, Shell, Site
from .vocabulary import LEADER, LINK, LISTING, PAGE, QUERY

BATCH = 500
#: PostgreSQL advisory lock: one process at a time decides what stands where.
_LOCK = 7_204_733
Place = tuple[date, str]


class Paths:
    """The bodies a column's condition means: a body with those it reports for, or everything below them."""

    def __init__(self) -> None:
        rows = list(Body.objects.values_list("key", "path", "reported_by__key"))
        self.path = {key: path for key, path, _ in rows}
        self.own: dict[str, set[str]] = {key: {key} for key in self.path}
        for key, _, by in rows:
            if by:
                self.own[by].add(key)

    def within(self, body: str, key: str, below: bool) -> bool:
        """Whether ``key`` is meant by ``body``."""
        own = self.own.get(body, set())
        return key in own or (below and any(self.path.get(key, "").startswith(self.path[one]) for one in own))


def rows_of(column: Column, paths: Paths) -> QuerySet[Record]:
    """The public records a column shows, in any order."""
    wanted = Q(placements__column=column.slot) if column.slot else Q(pk__in=[])
    wanted |= Q(key__in=Placed.objects.filter(column=column).values("record"))
    if column.kind == QUERY:
        wanted |= Q(key__in=_query(column, paths).values("key"))
    return Record.objects.filter(wanted, public=True, published_on__isnull=False).distinct()


def _query(column: Column, paths: Paths) -> QuerySet[Record]:
    rows = Record.objects.filter(public=True)
    if column.kinds:
        rows = rows.filter(kind__in=column.kinds)
    if column.theme:
        rows = rows.filter(theme__startswith=column.theme)
    if column.category:
        rows = rows.filter(category=column.category)
    if column.topic:
        rows = rows.filter(topics__icontains=f'"{column.topic}"')
    if column.body:
        own = sorted(paths.own.get(column.body, ()))
        bodies = Q(body__in=own)
        for key in own:
            bodies |= Q(body__path__startswith=paths.path[key]) if column.below else Q(bodies__icontains=f'"{key}"')
        rows = rows.filter(bodies)
    return rows


def matches(column: Column, record: Record, paths: Paths) -> bool:
    """Whether a column's query finds a record: the same as :func:`rows_of`, of one record already read."""
    return (
        (not column.kinds or record.kind in column.kinds)
        and record.theme.startswith(column.theme)
        and (not column.category or record.category == column.category)
        and (not column.topic or column.topic in record.topics)
        and (not column.body or _of_body(column, record, paths))
    )


def _of_body(column: Column, record: Record, paths: Paths) -> bool:
    if paths.within(column.body, record.body_id, column.below):
        return True
    return not column.below and not paths.own.get(column.body, set()).isdisjoint(record.bodies)


@dataclass
class _Change:
    """What comes into a column and what goes, each with its place."""

    come: list[Place] = field(default_factory=list)
    gone: list[Place] = field(default_factory=list)


def keep_up() -> int:
    """Look again at everything that waits; returns how many things were looked at. May be called by anybody, any time."""
    looked = 0
    while done := _round():
        looked += done
    return looked


@transaction.atomic
def _round() -> int:
    if not Pending.objects.exists():
        return 0
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    rows = list(Pending.objects.order_by("id")[: BATCH * 2])
    by: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        by[row.what].add(row.key)
    paths, sites = Paths(), set(by["site"])
    for column in Column.objects.filter(key__in=by["column"]).select_related("site").order_by("key"):
        sites.add(column.site_id)
        _refill(column, paths)
    sites |= _settle(by["record"], paths)
    for site in Site.objects.filter(key__in=sites).order_by("key"):
        navigate(site)
    Pending.objects.filter(id__in=[row.id for row in rows]).delete()
    return len(rows)


def _refill(column: Column, paths: Paths) -> None:
    """A column from nothing."""
    listing = column.kind in LISTING and column.state == "open"
    wanted = set(rows_of(column, paths).values_list("published_on", "key")) if listing else set()
    standing = set(Entry.objects.filter(column=column).values_list("on", "record_id"))
    _apply(column.key, _Change(sorted(wanted - standing), sorted(standing - wanted)))


def _settle(keys: Collection[str], paths: Paths) -> set[str]:
    """The columns of records that changed; returns the sites of columns that changed."""
    if not keys:
        return set()
    records = list(Record.objects.filter(key__in=keys).order_by("key"))
    wanted = _wanted(records, paths)
    changes: dict[str, _Change] = defaultdict(_Change)
    standing = set(Entry.objects.filter(record__in=keys).values_list("column_id", "on", "record_id"))
    for column, on, key in sorted(wanted - standing):
        changes[column].come.append((on, key))
    for column, on, key in sorted(standing - wanted):
        changes[column].gone.append((on, key))
    crossed = {key for key, change in sorted(changes.items()) if _apply(key, change)}
    return set(Column.objects.filter(key__in=crossed).values_list("site_id", flat=True))


def _wanted(records: Sequence[Record], paths: Paths) -> set[tuple[str, date, str]]:
    columns = list(Column.objects.filter(state="open", kind__in=LISTING).order_by("key"))
    public = [one for one in records if one.public and one.published_on]
    keys = [one.key for one in public]
    known = {one.key for one in columns}
    placed: dict[str, set[str]] = defaultdict(set)
    for key, column in Placed.objects.filter(record__in=keys).values_list("record", "column_id"):
        placed[key] |= {column} & known
    slots: dict[str, set[str]] = defaultdict(set)
    for column in columns:
        if column.slot:
            slots[column.slot].add(column.key)
    for key, slot in Placement.objects.filter(record__in=keys).values_list("record_id", "column"):
        placed[key] |= slots[slot]
    by_kind = _by_kind(columns)
    return {
        (column, one.published_on, one.key)
        for one in public
        if one.published_on
        for column in {*placed[one.key], *(c.key for c in by_kind(one.kind) if matches(c, one, paths))}
    }


def _by_kind(columns: Iterable[Column]) -> Callable[[str], list[Column]]:
    """The query columns a record of a kind may stand in."""
    any_kind: list[Column] = []
    some: dict[str, list[Column]] = defaultdict(list)
    for column in columns:
        if column.kind != QUERY:
            continue
        for kind in column.kinds:
            some[kind].append(column)
        if not column.kinds:
            any_kind.append(column)
    return lambda kind: [*some[kind], *any_kind]


def _apply(column: str, change: _Change) -> bool:
    """Make a change and say which pages of the column it changes; whether it became empty, or is no longer."""
    if not change.come and not change.gone:
        return False
    here = Entry.objects.filter(column=column)
    before = here.count()
    if change.gone:
        gone = [key for _, key in change.gone]
        for start in range(0, len(gone), BATCH):
            here.filter(record__in=gone[start : start + BATCH]).delete()
    insert(Entry, [{"column_id": column, "record_id": key, "on": on} for on, key in change.come])
    after = before - len(change.gone) + len(change.come)
    on, key = min([*change.come, *change.gone])
    position = here.filter(Q(on__lt=on) | Q(on=on, record__lt=key)).count()
    last = chunks.full(max(before, after)) + 1
    touch(*(f"column:{column}#{n}" for n in (0, *range(chunks.touched_from(position), last + 1))))
    return (before == 0) != (after == 0)


# Navigation ----------------------------------------------------------------------------------------------------------


class Filled:
    """What a site's columns hold: who is empty, and why. Three queries."""

    def __init__(self, site: Site):
        self.site = site
        self.columns = list(site.columns.order_by("order", "key"))
        self.counted = set(
            Entry.objects.filter(column__site=site).order_by().values_list("column_id", flat=True).distinct()
        )
        self.pages = {one.key: one for one in Page.objects.filter(site=site).exclude(shown="")}
        self.children: dict[str | None, list[Column]] = defaultdict(list)
        known = {one.key for one in self.columns}
        for one in self.columns:
            self.children[one.parent_id if one.parent_id in known else None].append(one)

    def empty(self, one: Column) -> str:
        """Why a column is not shown (Chinese), "" when it is."""
        if one.state != "open":
            return "栏目已停用"
        if any(not self.empty(child) for child in self.children[one.key]):
            return ""
        if one.kind in LISTING:
            found = one.key in self.counted
            return "" if found else "还没有符合条件的信息" if one.kind == QUERY else "还没有放入信息"
        if one.kind == PAGE:
            return "" if one.page in self.pages else "页面还没有发布"
        if one.kind == LINK:
            return self._linked(one)
        return "下级栏目都是空的"

    def _linked(self, one: Column) -> str:
        if one.link == "site:leaders/" and not any(page.form == LEADER for page in self.pages.values()):
            return "领导信息还没有发布"
        return "" if addresses.link(self.site, one.link) else "链接的功能页没有安装"

    def tree(self, parent: str | None = None, depth: int = 0) -> list[dict[str, Any]]:
        """The columns that are not empty, as the navigation stores them."""
        if depth > 4:
            return []
        return [
            {
                "name": one.name, "slug": one.slug, "url": addresses.column(self.site, one, self.pages),
                "part": one.part, "spot": one.spot, "kind": one.kind, "listed": not one.unlisted, "about": one.description,
                "children": self.tree(one.key, depth + 1),
            }
            for one in self.children[parent]
            if not self.empty(one)
        ]  # fmt: skip


def navigate(site: Site) -> None:
    """Write the navigation of a site anew; what differs is told to every page that shows it."""
    tree = Filled(site).tree()
    shell = Shell.objects.filter(site=site).first()
    if shell is None or shell.navigation != tree:
        Shell.objects.update_or_create(site=site, defaults={"navigation": tree})
        touch(f"site:{site.key}")
