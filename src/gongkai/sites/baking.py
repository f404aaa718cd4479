"""The pages of sites there are to bake, and what each touched key brings into being."""

from collections.abc import Iterable

from django.db.models import QuerySet

from gongkai.bake import chunks
from gongkai.bake.families import Family
from gongkai.library.feeds import FORMS

from . import addresses, content, queries, showing
from .models import Column, Entry, Page, Site
from .vocabulary import GUIDE, LEADER, LISTING, TOPIC


def _fixed(site: Site) -> Iterable[str]:
    yield site.url
    yield f"{site.url}sitemap/"
    yield from (f"{site.url}gov-info/{part}" for part in ("", "guide/", "systems/", "statutory/"))
    yield from (f"{site.url}{where}" for where in ("leaders/", "functions/", "contact/", "topics/"))


def _feeds(where: str) -> Iterable[str]:
    return (f"{where}feed.{form}" for form in FORMS)


def _of_column(one: Column) -> Iterable[str]:
    where = one.url
    if one.kind in LISTING:
        yield from chunks.addresses(where, queries.entries(one.key).order_by().count())
        yield from _feeds(where)
    else:
        yield where


def _of_page(page: Page) -> Iterable[str]:
    yield addresses.page(page.site, page)
    if page.form == GUIDE:
        yield from (f"{page.site.url}gov-info/guide/v{one.number}/" for one in page.versions.all())
    yield from (
        showing.picture(showing.files_of(page.key), {"digest": d, "type": kind})
        for d, kind in content.pictures(page.shown).items()
    )


def _front() -> Iterable[str]:
    return [address for site in queries.sites() for address in _fixed(site)]


def _columns() -> Iterable[str]:
    rows = Column.objects.filter(site__state="open", state="open").select_related("site").order_by("key")
    return [address for one in rows for address in _of_column(one)]


def _rows_at(addresses: Iterable[str]) -> Iterable[tuple[str, QuerySet[Entry]]]:
    """The rows of the columns that begin at these addresses."""
    rows = Column.objects.filter(state="open", kind__in=LISTING).select_related("site")
    found = ((one.url, one) for one in rows)
    return [(where, queries.entries(one.key)) for where, one in found if where in addresses]


def _pages() -> Iterable[str]:
    rows = Page.objects.filter(site__state="open").select_related("site").prefetch_related("versions").order_by("key")
    return [address for one in rows for address in _of_page(one)]


def _born_site(key: str) -> Iterable[str]:
    """A site that opens or closes brings or takes everything it has."""
    if not key.startswith("site:"):
        return []
    site = Site.objects.filter(key=key.removeprefix("site:")).first()
    if site is None:
        return []
    found = list(_fixed(site))
    found += [address for one in site.columns.order_by("key") for address in _of_column(one)]
    pages = site.pages.select_related("site").prefetch_related("versions").order_by("key")
    return found + [address for one in pages for address in _of_page(one)]


def _born_column(key: str) -> Iterable[str]:
    name, _, number = key.removeprefix("column:").partition("#")
    one = Column.objects.select_related("site").filter(key=name).first() if key.startswith("column:") else None
    if one is None:
        return []
    where = one.url
    if not number:
        return list(_of_column(one))
    return [where, *_feeds(where)] if number == "0" else [f"{where}page-{number}/"]


def _born_page(key: str) -> Iterable[str]:
    found = (
        Page.objects.select_related("site").prefetch_related("versions").filter(key=key.removeprefix("page:")).first()
    )
    return list(_of_page(found)) if found and key.startswith("page:") else []


def _born_list(key: str) -> Iterable[str]:
    """The first page of a form brings its list into being."""
    name, _, form = key.removeprefix("pages:").partition("/")
    site = Site.objects.filter(key=name).first() if key.startswith("pages:") else None
    where = {LEADER: "leaders/", TOPIC: "topics/"}.get(form)
    return [f"{site.url}{where}"] if site and where else []


baked = [
    Family("sites", _front, _born_site),
    Family("columns", _columns, _born_column, lambda addresses: chunks.together(addresses, _rows_at)),
    Family("pages", _pages, lambda key: [*_born_page(key), *_born_list(key)]),
]
