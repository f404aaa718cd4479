"""Sites, columns, pages and redirects replayed from their lines: pure functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from gongkai.ledger import clock
from gongkai.ledger.models import Event
from gongkai.ledger.subjects import stepping
from gongkai.procedure import NEW

from .procedure import COLUMN, DETAILS, MARKS, PAGE, REDIRECT, SITE


@dataclass(frozen=True)
class Site:
    """A site as its lines make it; ``marks`` are its name, hosts, colour and footer marks (:data:`.procedure.MARKS`)."""

    state: str = NEW
    body: str = ""
    main: bool = False
    marks: Mapping[str, Any] = field(default_factory=dict)
    opened_on: date | None = None
    closed_on: date | None = None
    closed_why: str = ""


@dataclass(frozen=True)
class Column:
    """A column; ``details`` are what :data:`.procedure.DETAILS` asks for, ``placed`` keys of records, the latest first."""

    state: str = NEW
    body: str = ""
    site: str = ""
    slug: str = ""
    parent: str = ""
    order: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)
    placed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Version:
    """One wording the public reads or read: SHA-256 of the content, from when; ``at`` where the hour is known."""

    digest: str
    on: date
    at: datetime | None = None


@dataclass(frozen=True)
class Page:
    """A page. ``draft`` is the SHA-256 of the content under work, ``shown`` of what the public reads ("" for nothing).

    ``written_by`` is everybody who wrote since the last publication.
    """

    state: str = NEW
    body: str = ""
    site: str = ""
    form: str = ""
    slug: str = ""
    title: str = ""
    shown_title: str = ""
    draft: str = ""
    shown: str = ""
    written_by: frozenset[str] = frozenset()
    versions: tuple[Version, ...] = ()
    publish_on: date | None = None
    withdraw_on: date | None = None
    withdrawn_on: date | None = None
    withdrawn_why: str = ""

    @property
    def public(self) -> bool:
        """Whether anybody may read it."""
        return bool(self.shown) and self.state not in {"withdrawn", "draft", "review", "approved", "dropped"}


@dataclass(frozen=True)
class Redirect:
    """An old address and where it leads now."""

    state: str = NEW
    body: str = ""
    site: str = ""
    old: str = ""
    to: str = ""


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _marks(e: Event) -> dict[str, Any]:
    return {one.name: e.data[one.name] for one in MARKS if one.name in e.data}


def _details(e: Event) -> dict[str, Any]:
    return {one.name: e.data[one.name] for one in DETAILS if one.name in e.data}


_SITE: dict[str, Callable[[Site, Event], Site]] = {
    "create": lambda s, e: replace(s, body=e.data["body"], main=e.data["main"], marks=_marks(e)),
    "change": lambda s, e: replace(s, marks=_marks(e)),
    "launch": lambda s, e: replace(s, opened_on=e.legal_day),
    "close": lambda s, e: replace(s, closed_on=e.legal_day, closed_why=e.data["reason"]),
    "reopen": lambda s, e: replace(s, closed_on=None, closed_why="", opened_on=s.opened_on or e.legal_day),
}


def _create_column(c: Column, e: Event) -> Column:
    known = {name: e.data[name] for name in ("body", "site", "slug")}
    return replace(c, **known, parent=e.data.get("parent", ""), order=e.data.get("order", 0), details=_details(e))


def _without(c: Column, e: Event) -> tuple[str, ...]:
    return tuple(key for key in c.placed if key != e.data["record"])


_COLUMN: dict[str, Callable[[Column, Event], Column]] = {
    "create": _create_column,
    "change": lambda c, e: replace(c, details=_details(e)),
    "move": lambda c, e: replace(c, parent=e.data.get("parent", ""), order=e.data.get("order", 0)),
    "place": lambda c, e: replace(c, placed=(e.data["record"], *_without(c, e))),
    "unplace": lambda c, e: replace(c, placed=_without(c, e)),
}


def _write(p: Page, e: Event) -> Page:
    return replace(p, title=e.data["title"], draft=e.data["content"], written_by=p.written_by | {e.actor})


def _create_page(p: Page, e: Event) -> Page:
    return _write(replace(p, **{name: e.data[name] for name in ("body", "site", "form", "slug")}), e)


def _publish(p: Page, e: Event) -> Page:
    at = e.recorded_at if clock.day_of(e.recorded_at) == e.legal_day else None
    version = Version(p.draft, e.legal_day, at)
    return replace(
        p, shown=p.draft, shown_title=p.title, versions=(*p.versions, version), written_by=frozenset(), publish_on=None,
        withdrawn_on=None, withdrawn_why="",
    )  # fmt: skip


_PAGE: dict[str, Callable[[Page, Event], Page]] = {
    "create": _create_page,
    "write": _write,
    "approve": lambda p, e: replace(
        p, publish_on=_day(e.data.get("publish_on")) or e.legal_day, withdraw_on=_day(e.data.get("withdraw_on"))
    ),
    "publish": _publish,
    "schedule": lambda p, e: replace(p, withdraw_on=_day(e.data.get("withdraw_on"))),
    "send_back": lambda p, e: replace(p, publish_on=None),
    "give_up": lambda p, e: replace(p, draft=p.shown, title=p.shown_title, written_by=frozenset()),
    "withdraw": lambda p, e: replace(
        p, withdrawn_on=e.legal_day, withdrawn_why=e.data["reason"], withdraw_on=None, publish_on=None
    ),
}
_REDIRECT: dict[str, Callable[[Redirect, Event], Redirect]] = {
    "add": lambda r, e: replace(r, **{name: e.data[name] for name in ("body", "site", "old", "to")}),
    "change": lambda r, e: replace(r, to=e.data["to"]),
}


#: Replay one line of a site, a column, a page, a redirect.
step_site = stepping(SITE, _SITE)
step_column = stepping(COLUMN, _COLUMN)
step_page = stepping(PAGE, _PAGE)
step_redirect = stepping(REDIRECT, _REDIRECT)
