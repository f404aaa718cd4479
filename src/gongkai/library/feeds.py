"""Feeds, Atom (RFC 4287) or RSS 2.0, of what was published last: of everything, of what the list's filters leave, of a
search; sites and other rooms make theirs with :func:`answer`."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed

from gongkai.bake.reading import reads
from gongkai.ledger.clock import SHANGHAI
from gongkai.records import kinds
from gongkai.records.models import Record
from gongkai.ui.context import site_of_settings

from . import finding, queries, showing
from .browse import narrowed
from .search_page import Asked

#: How many entries a feed has.
ENTRIES = 50
#: The forms a feed has, by the ending of its address.
FORMS = {"atom": "application/atom+xml; charset=utf-8", "rss": "application/rss+xml; charset=utf-8"}


def feed(request: HttpRequest, form: str = "atom") -> HttpResponse:
    """The newest records, narrowed by the same words of the address as the list."""
    reads("library")
    rows, words = narrowed(request)
    newest = rows.select_related("body").order_by("-published_on", "-key")[:ENTRIES]
    return answer(request, list(newest), words, showing.listed(**request.GET.dict()), form)


def search(request: HttpRequest, form: str = "atom") -> HttpResponse:
    """The newest records that a search finds with every word, narrowed as on its page; 404 for words without sense."""
    asked = Asked.of(request.GET)
    found = finding.find(asked.query, asked.filters, size=ENTRIES, newest=True) if asked.anything else None
    if found is None or found.fault:
        raise Http404
    keys = [hit.key for hit in found.results.hits] if found.results.mode == "and" else []
    rows = queries.public().filter(key__in=keys).select_related("body").order_by("-published_on", "-key")
    link = f"{reverse('portal:library:search')}?{request.GET.urlencode()}"
    return answer(request, list(rows), f"搜索“{asked.query}”" if asked.query else "搜索", link, form)


def answer(request: HttpRequest, rows: Sequence[Record], words: str, link: str, form: str = "atom") -> HttpResponse:
    """A feed of records, the newest first, with their bodies already read.

    ``words`` says what it is of (empty: everything), ``link`` is the page with the same rows, ``form`` a key of
    :data:`FORMS`: raises Http404 for another. Nothing in it depends on the moment it is made.
    """
    if form not in FORMS:
        raise Http404
    site, here = getattr(request, "site", None) or site_of_settings(), request.build_absolute_uri
    name = site.government
    title = f"{name}政府信息公开{f'：{words}' if words else ''}"
    kind: Any = Atom1Feed if form == "atom" else Rss201rev2Feed
    made = kind(
        title=title, link=here(link), feed_url=here(), description=title, language="zh-CN",
        author_name=site.host or name,
    )  # fmt: skip
    for record in rows:
        made.add_item(
            title=record.title,
            link=here(showing.address(record.key)),
            unique_id=here(showing.address(record.key)),
            description=_summary(record),
            pubdate=_instant(record.published_on),
            updateddate=_instant(record.published_on),
            author_name=record.issuer or record.body.name,
            categories=[kinds.label(record.kind), *filter(None, [record.theme])],
        )
    newest = _instant(rows[0].published_on if rows else None)
    made.latest_post_date = lambda: newest
    return HttpResponse(made.writeString("utf-8"), content_type=FORMS[form])


def _summary(record: Record) -> str:
    return "　".join(
        filter(None, [record.issuer or record.body.name, record.document_number, kinds.label(record.kind)])
    )


def _instant(day: date | None) -> datetime:
    return datetime.combine(day, time(), SHANGHAI) if day else datetime.fromtimestamp(0, UTC)
