"""Public pages of one record: its page now and as of a day, its history, two texts compared, its files."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, register_converter, reverse
from django.utils.http import content_disposition_header

from gongkai.bake.families import Family
from gongkai.bake.reading import reads
from gongkai.ledger import blobs, clock
from gongkai.ledger.uploads import KINDS as UPLOADS
from gongkai.records.models import Record, Version
from gongkai.ui.addresses import to
from gongkai.ui.pieces import Crumb, Entry

from . import browse, feeds, files, listings, queries, record_page, search_page, showing


class DayConverter:
    """A day in an address: 2021-12-31."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """The day; an impossible one is no address."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """The day as written."""
        return value.isoformat()


register_converter(DayConverter, "day")


def _public(request: HttpRequest, key: str) -> Record:
    """A public record. Raises Http404 for what is not, :class:`_Gone` for what was taken down."""
    reads(f"record:{key}")
    record = queries.find(key)
    if record is None:
        gone = queries.withdrawn(key)
        raise _Gone(gone) if gone else Http404
    return record


class _Gone(Exception):
    """A record that was taken down."""

    def __init__(self, record: Record):
        self.record = record


def _open(view: Any) -> Any:
    """Decorator: what was taken down is answered 410 with the reason."""

    def handle(request: HttpRequest, key: str, **rest: Any) -> HttpResponse:
        try:
            return view(request, _public(request, key), **rest)
        except _Gone as gone:
            context = {
                "title": "这条信息已经撤下",
                "record": gone.record,
                "trail": (record_page.START, record_page.HOME, Crumb("已撤下")),
            }
            return render(request, "library/gone.html", context, status=410)

    return handle


@_open
def record(request: HttpRequest, record: Record) -> HttpResponse:
    """The page of a record with the text of today; ``?on=`` leads to that of a day."""
    asked = request.GET.get("on", "")
    if asked:
        try:
            return HttpResponseRedirect(showing.address(record.key, date.fromisoformat(asked)))
        except ValueError:
            return HttpResponseRedirect(to("portal:library:history", record.key))
    return record_page.answer(request, queries.sight(record), clock.today(), None)


@_open
def at(request: HttpRequest, record: Record, day: date) -> HttpResponse:
    """The page as of a day: the text and the validity of that day."""
    return record_page.answer(request, queries.sight(record), day, day)


@_open
def history(request: HttpRequest, record: Record) -> HttpResponse:
    """Every text of a record that has more than one, and the way to the one of a day."""
    versions = list(Version.objects.filter(record=record.key).order_by("number"))
    if len(versions) < 2:
        raise Http404
    context = {
        "title": "历次文本",
        "record": record,
        "trail": record_page.trail(record, Crumb("正文", showing.address(record.key)), Crumb("历次文本")),
        "versions": list(reversed(versions)),
        "page": showing.address(record.key),
        "today": clock.today(),
    }
    return render(request, "library/history.html", context)


@_open
def comparison(request: HttpRequest, record: Record, old: int, new: int) -> HttpResponse:
    """What differs between two texts, side by side, article by article."""
    versions = {one.number: one for one in Version.objects.filter(record=record.key, number__in=(old, new))}
    if old not in versions or new not in versions or old == new:
        raise Http404
    texts = [queries.text_of(versions[number].text) for number in (old, new)]
    context = {
        "title": "修改前后对照",
        "record": record,
        "trail": record_page.trail(record, Crumb("历次文本", to("portal:library:history", record.key)), Crumb("对照")),
        "old": versions[old],
        "new": versions[new],
        "changes": showing.changes(*texts),
        "page": showing.address(record.key),
    }
    return render(request, "library/comparison.html", context)


@_open
def file(request: HttpRequest, record: Record, name: str) -> HttpResponse:
    """The record as a file."""
    if name not in files.FORMATS:
        raise Http404
    return files.answer(request, queries.sight(record), name)


@_open
def attachment(request: HttpRequest, record: Record, place: int) -> HttpResponse:
    """A file that belongs to the record, only to be saved."""
    if not 1 <= place <= len(record.attachments):
        raise Http404
    one: Mapping[str, Any] = record.attachments[place - 1]
    known = UPLOADS.get(str(one.get("type", "")))
    response = HttpResponse(blobs.get(one["digest"]), content_type=known.mime if known else "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, one["name"]) or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _of_record(key: str) -> list[str]:
    return [showing.address(key), *(to("portal:library:file", key, name) for name in BAKED_FORMS)]


def _with_history() -> list[str]:
    amended = Version.objects.filter(number=2).order_by("record").values_list("record", flat=True)
    return [to("portal:library:history", key) for key in amended]


def _records() -> list[str]:
    shown = Record.objects.filter(Q(public=True) | Q(withdrawn_on__isnull=False)).order_by("key")
    return [one for key in shown.values_list("key", flat=True) for one in _of_record(key)]


def _born(key: str) -> list[str]:
    name = key.removeprefix("record:")
    if name == key:
        return []
    amended = Version.objects.filter(record=name, number=2).exists()
    return [*_of_record(name), *([to("portal:library:history", name)] if amended else [])]


def _together(addresses: Sequence[str]) -> AbstractContextManager[None]:
    """Pages of records are read in a few queries for many."""
    return queries.holding([one.split("/")[2].partition(".")[0] for one in addresses])


#: Forms of a record that are baked with its page; Word and PDF are made when asked for.
BAKED_FORMS = ("json", "txt")
baked = [
    Family("records", _records, _born, _together),
    Family("histories", _with_history),
    listings.FAMILY,
    Family(
        "library", lambda: [record_page.HOME.url, reverse("portal:library:feed"), reverse("portal:library:download")]
    ),
]
entries = [
    Entry("搜索", "portal:library:search", "在全部公开信息里查找：标题、文号、正文、机关。"),
    Entry("全部公开信息", "portal:library:all", "按类别、主题、机关和年份浏览。", on_home=False),
    Entry("批量下载", "portal:library:download", "全部公开信息的原文和数据，附校验值。", on_home=False),
]
urlpatterns = [
    path("search/", search_page.search, name="search"),
    path("search/suggest.json", search_page.suggest, name="suggest"),
    path("search/help/", search_page.help_page, name="help"),
    path("records/", browse.home, name="home"),
    path("records/list/", browse.RecordList.as_view(), name="list"),
    path("records/all/", listings.page, name="all"),
    path("records/all/page-<int:number>/", listings.page, name="all_page"),
    path("records/by-<slug:sort>/<slug:name>/", listings.page, name="listing"),
    path("records/by-<slug:sort>/<slug:name>/page-<int:number>/", listings.page, name="listing_page"),
    path("records/list.<slug:rows_as>", browse.RecordList.as_view(), name="rows"),
    path("records/feed.atom", feeds.feed, name="feed"),
    path("records/feed.<slug:form>", feeds.feed, name="feed_as"),
    path("search/feed.<slug:form>", feeds.search, name="search_feed"),
    path("records/download/", browse.download, name="download"),
    path("records/download/records.zip", browse.bulk, name="bulk"),
    path("records/<slug:key>/", record, name="record"),
    path("records/<slug:key>/@<day:day>/", at, name="at"),
    path("records/<slug:key>/history/", history, name="history"),
    path("records/<slug:key>/compare/<int:old>/<int:new>/", comparison, name="compare"),
    path("records/<slug:key>/files/<int:place>/", attachment, name="attachment"),
    path("records/<slug:key>.<slug:name>", file, name="file"),
]
