"""Atom feeds (RFC 4287) of what was published last: of everything, one kind, one body, one theme, or of a search."""

from datetime import UTC, date, datetime, time

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed

from gongkai.bake.reading import reads
from gongkai.ledger.clock import SHANGHAI
from gongkai.records import kinds
from gongkai.records.models import Record
from gongkai.ui.context import site_of_settings

from . import showing
from .browse import narrowed

#: How many entries a feed has.
ENTRIES = 50


def feed(request: HttpRequest) -> HttpResponse:
    """The newest records, narrowed by the same words of the address as the list."""
    reads("library")
    rows, words = narrowed(request)
    newest = rows.select_related("body").order_by("-published_on", "-key")[:ENTRIES]
    site = site_of_settings()
    title = f"{site.government}政府信息公开{f'：{words}' if words else ''}"
    made = Atom1Feed(
        title=title,
        link=request.build_absolute_uri(showing.listed(**request.GET.dict())),
        feed_url=request.build_absolute_uri(),
        description=title,
        language="zh-CN",
        author_name=site.host or site.government,
    )
    for record in newest:
        made.add_item(
            title=record.title,
            link=request.build_absolute_uri(showing.address(record.key)),
            unique_id=request.build_absolute_uri(showing.address(record.key)),
            description=_summary(record),
            pubdate=_instant(record.published_on),
            updateddate=_instant(record.published_on),
            author_name=record.issuer or record.body.name,
            categories=[kinds.label(record.kind), *filter(None, [record.theme])],
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _summary(record: Record) -> str:
    return "　".join(
        filter(None, [record.issuer or record.body.name, record.document_number, kinds.label(record.kind)])
    )


def _instant(day: date | None) -> datetime:
    return datetime.combine(day, time(), SHANGHAI) if day else datetime.fromtimestamp(0, UTC)
