"""Questions about sites. What the public may see of them is decided here."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, QuerySet
from django.http import HttpRequest

from gongkai.bake.reading import baking, kept, reads
from gongkai.ledger.memo import as_of_now
from gongkai.organs.scope import Scope
from gongkai.records.models import Record
from gongkai.ui import context

from .models import Column, Entry, Page, Redirect, Site
from .vocabulary import LISTING, PERIOD_DAYS

RIGHT = "sites.view"
OPEN_PAGES = ("draft", "review", "approved", "revising", "revision", "revised")


def visible(scope: Scope) -> QuerySet[Site]:
    """The sites of the bodies a person works for."""
    return scope.limit(Site.objects.select_related("body"), RIGHT)


def sites() -> QuerySet[Site]:
    """Every site the public may visit."""
    return Site.objects.filter(state="open").select_related("shell")


def site(key: str) -> Site | None:
    """A site by key, the main one for ""; also one that is closed, to say so."""
    rows = Site.objects.select_related("shell").exclude(state="draft")
    return rows.filter(main=True, state="open").first() if not key else rows.filter(key=key).first()


def shell(row: Site) -> context.Site:
    """A site as every page's head and foot show it."""
    reads(f"site:{row.key}")
    tree = row.shell.navigation if hasattr(row, "shell") else []
    return context.Site(
        government=row.name, title=row.title or row.name, host=row.host, code=row.code, icp=row.icp, police=row.police,
        contact=row.contact, mistakes=context.address("portal:interaction:mistake") or "", key=row.key, url=row.url,
        domain=row.hosts[0] if row.hosts else "", tint=row.tint,
        navigation=tuple((one["name"], one["url"]) for one in tree if one["listed"]),
    )  # fmt: skip


def of_request(request: HttpRequest) -> context.Site | None:
    """The site a public page belongs to where its view does not say: the main one (``settings.SITE_OF``)."""
    if request.path.startswith(("/office/", "/api/")):
        return None
    # The baker asks after followers that write no line: it must not be told what was so before them.
    return kept("main site", _main) if baking() else as_of_now("main site", _main)


def _main() -> context.Site | None:
    reads("sites")
    row = site("")
    return shell(row) if row else None


def walk(tree: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every entry of a navigation, depth first."""
    for one in tree:
        yield one
        yield from walk(one["children"])


def entries(column: str) -> QuerySet[Entry]:
    """What stands in a column, the newest first."""
    return (
        Entry.objects.filter(column=column, record__public=True)
        .select_related("record__body")
        .order_by("-on", "-record")
    )


def newest(column: str, limit: int) -> list[Record]:
    """The newest records of a column."""
    reads(f"column:{column}", f"column:{column}#0")
    rows = [one.record for one in entries(column)[:limit]]
    reads(*(f"record:{one.key}" for one in rows))
    return rows


def pages(row: Site, form: str) -> list[Page]:
    """The public pages of a form, in their order."""
    reads(f"pages:{row.key}/{form}")
    newest_first = ["-published_on", "-key"] if form == "topic" else ["order", "key"]
    return list(Page.objects.filter(site=row, form=form).exclude(shown="").order_by(*newest_first))


def redirect(path: str) -> str | None:
    """Where an old address leads."""
    return Redirect.objects.filter(old=path, state="active").values_list("to", flat=True).first()


def late(columns: Sequence[Column], today: date) -> dict[str, date | None]:
    """Columns not updated within their period, with the day of their newest entry."""
    newest_on = dict(
        Entry.objects.filter(column__in=[one.key for one in columns])
        .order_by()
        .values_list("column")
        .annotate(Max("on"))
    )
    return {
        one.key: newest_on.get(one.key)
        for one in columns
        if one.kind in LISTING and one.state == "open" and (days := PERIOD_DAYS[one.period])
        and (newest_on.get(one.key) or date.min) < today - timedelta(days)
    }  # fmt: skip
