"""sitemap.xml for search engines: an index, and a file for the records of each month and for each other sort of page.

A record stands in the file of the month it was published in, so that a publication changes one file; where a month has
more than the protocol allows there are several. The other files list what the apps bake (their families), without the
numbered pages of lists. All of it is baked: a family's file is made anew when a key brings a page of it into being.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from xml.sax.saxutils import escape

from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import slugify

from gongkai.bake.families import Family, families
from gongkai.bake.models import Page, Read
from gongkai.bake.reading import reads, until
from gongkai.ledger import clock
from gongkai.library import queries, showing
from gongkai.records.models import Record, Version

#: Addresses in one file: the protocol's limit.
MOST = 50_000
UNDATED = "undated"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
#: Families whose pages stand elsewhere: records by month; what is no page for people.
_LEFT_OUT = {"records", "histories", "machines"}
_MONTH = re.compile(r"records-(\d{4}-\d{2}|undated)(?:-([1-9]\d?))?")
_NUMBERED = re.compile(r"/page-\d+/$")
INDEX = "/sitemap.xml"


def index(request: HttpRequest) -> HttpResponse:
    """Every file there is."""
    names = [*_months(), *(_slug(one) for one in _listed() if any(_pages(one)))]
    here = request.build_absolute_uri
    rows = (f"<sitemap><loc>{escape(here(_address(name)))}</loc></sitemap>" for name in names)
    return _xml(f"<sitemapindex {_XMLNS}>\n", rows, "</sitemapindex>\n")


def part(request: HttpRequest, name: str) -> HttpResponse:
    """One file."""
    found = _MONTH.fullmatch(name)
    if found:
        pages: Iterable[tuple[str, date | None]] = _records(found[1], int(found[2] or 1))
    else:
        family = next((one for one in _listed() if _slug(one) == name), None)
        if family is None:
            raise Http404
        pages = [(address, None) for address in _pages(family)][:MOST]
    return _urls(request, pages)


def _urls(request: HttpRequest, pages: Iterable[tuple[str, date | None]]) -> HttpResponse:
    here = request.build_absolute_uri
    rows = [
        f"<url><loc>{escape(here(address))}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
        for address, day in pages
    ]
    if not rows:
        raise Http404
    return _xml(f"<urlset {_XMLNS}>\n", rows, "</urlset>\n")


def _xml(begin: str, rows: Iterable[str], end: str) -> HttpResponse:
    return HttpResponse(_HEAD + begin + "\n".join(rows) + "\n" + end, content_type="application/xml; charset=utf-8")


def _address(name: str) -> str:
    return reverse("portal:api:sitemap_part", args=[name])


# Records by month -----------------------------------------------------------------------------------------------------


def _month(day: date | None) -> str:
    return day.isoformat()[:7] if day else UNDATED


def _months() -> list[str]:
    """The files of records, the oldest first."""
    counts: Counter[str] = Counter()
    for day, number in queries.public().order_by().values_list("published_on").annotate(number=Count("key")):
        counts[_month(day)] += number
    return [name for month in sorted(counts) for name in _names(month, counts[month])]


def _names(month: str, count: int) -> list[str]:
    parts = -(-count // MOST)
    return [f"records-{month}", *(f"records-{month}-{n}" for n in range(2, parts + 1))]


def _records(month: str, number: int) -> list[tuple[str, date | None]]:
    """(address, last change) of the records of a month, in a steady order."""
    rows = queries.public().filter(_within(month)).order_by("key")
    days = dict(rows.values_list("key", "published_on")[(number - 1) * MOST : number * MOST])
    reads(*(f"record:{key}" for key in days))
    texts = Version.objects.filter(record__in=queries.public().filter(_within(month)), number__gt=1)
    today = clock.today()
    later = texts.filter(since__gt=today).order_by("since").values_list("since", flat=True).first()
    until(later)
    changed = dict(texts.filter(since__lte=today).values_list("record").annotate(since=Max("since")))
    return [
        (showing.address(key), max(filter(None, (day, changed.get(key))), default=None)) for key, day in days.items()
    ]


def _within(month: str) -> Q:
    if month == UNDATED:
        return Q(published_on=None)
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Http404 from None
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return Q(published_on__gte=first, published_on__lt=following)


# Everything else ------------------------------------------------------------------------------------------------------


def _listed() -> list[Family]:
    return [one for one in families() if one.name not in _LEFT_OUT]


def _slug(family: Family) -> str:
    return slugify(family.name)


def _pages(family: Family) -> Iterable[str]:
    """The pages for people of a family, each list by its first page."""
    return (one for one in family.addresses() if one.endswith("/") and not _NUMBERED.search(one))


def addresses() -> Sequence[str]:
    """Every file there is now, for the baker."""
    return [INDEX, *map(_address, (*_months(), *(_slug(one) for one in _listed() if any(_pages(one)))))]


def born(key: str) -> Sequence[str]:
    """The files that a key may bring, take or change. The index only where a file comes or goes: it costs most."""
    if key.startswith("record:"):
        return _born_record(key)
    if "#" in key or "@" in key:  # a place in a list: only numbered pages come and go
        return []
    touched = [_address(_slug(one)) for one in _listed() if any(one.born(key))]
    return [INDEX, *touched] if touched else []


def _born_record(key: str) -> Sequence[str]:
    row = Record.objects.filter(key=key.removeprefix("record:"), public=True).first()
    month = _month(row.published_on) if row else ""
    names = _names(month, queries.public().filter(_within(month)).count()) if row else []
    files = [_address(name) for name in names]
    stood = set(Read.objects.filter(key=key, page__address__startswith="/sitemap/").values_list("page", flat=True))
    baked = Page.objects.filter(address__in=files).count()
    return [*files, INDEX] if baked < len(files) or stood - set(files) else files
