"""Public pages of the log: the list, its feed, an item with its copies; and an applicant's own suggestion (Art 44)."""

import secrets
from datetime import datetime, time
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.ledger import blobs, clock, uploads
from gongkai.ledger.services import Conflict, replay
from gongkai.organs.models import Body
from gongkai.procedure import NEW, Invalid, Refused
from gongkai.records.models import Record
from gongkai.requests import access
from gongkai.requests import queries as requests
from gongkai.ui.context import address, site_of_settings
from gongkai.ui.forms import EventForm
from gongkai.ui.lists import Column, DayColumn, FilterSet, ListPage, Table
from gongkai.ui.pieces import Crumb, Entry

from . import queries, services, showing
from .procedure import ITEM, OUTCOMES, PROPOSAL

START = Crumb("首页", "/")
HOME = Crumb("依申请公开信息目录", "/disclosed/")
#: How many entries the feed has.
NEWEST = 50


class LogTable(Table):
    """An item as the public lists it."""

    title = Column("标题", linkify=lambda record: reverse("portal:disclosures:item", args=[record.key]))
    body = Column("机关", accessor="body__name")
    outcome = Column("处理决定", accessor="data__outcome", orderable=False)
    written_on = DayColumn("答复日期")
    published_on = DayColumn("公开日期")

    def render_outcome(self, value: str) -> str:
        """予以公开 or 部分公开."""
        return dict(OUTCOMES).get(value, value)

    def value_outcome(self, value: str) -> str:
        """The same in an export."""
        return self.render_outcome(value)


class LogFilter(FilterSet):
    """By words, body, decision and day of publication."""

    q = django_filters.CharFilter(label="关键词", method="search")
    body = django_filters.ModelChoiceFilter(
        label="机关", queryset=lambda request: _publishers(), to_field_name="key", empty_label="不限"
    )
    outcome = django_filters.ChoiceFilter(
        label="处理决定", choices=OUTCOMES, field_name="data__outcome", empty_label="不限"
    )
    published_from = django_filters.DateFilter(label="公开日期自", field_name="published_on", lookup_expr="gte")
    published_to = django_filters.DateFilter(label="至", field_name="published_on", lookup_expr="lte")

    def search(self, rows: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """In the title, in what was asked and in what was answered."""
        words = Q(title__icontains=value) | Q(data__asked__icontains=value) | Q(data__answer__icontains=value)
        return rows.filter(words)


def _publishers() -> QuerySet[Body]:
    """The bodies that have something in the log."""
    return Body.objects.filter(key__in=queries.published().order_by().values("body")).order_by("order", "id")


class Log(ListPage):
    """Everything that was released to one applicant and is published to all."""

    title = HOME.label
    summary = "依照申请公开过的政府信息，经保密审查和个人信息审查后在这里向所有人公开，不必再次申请。"
    table_class, filter_class = LogTable, LogFilter
    base_template, template_name = "portal/base.html", "disclosures/public/log.html"
    trail = (START,)
    empty = "目录里还没有公开的信息。"
    empty_hint = "需要的信息没有公开的，可以提出申请。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Record]:
        """What the public may read."""
        return queries.published()

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """The way to apply, and the feed."""
        return {"apply_url": address("portal:requests:home"), "feed_url": reverse("portal:disclosures:feed")}


@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """The newest items as an Atom feed; an entry is updated when its item is corrected."""
    site, here = site_of_settings(), request.build_absolute_uri
    made = Atom1Feed(
        title=f"{site.government}{HOME.label}",
        link=here(reverse("portal:disclosures:home")),
        description="",
        language="zh-Hans",
        feed_url=here(reverse("portal:disclosures:feed")),
        author_name=site.government,
    )
    for row in queries.published().prefetch_related("versions")[:NEWEST]:
        latest = max((version.since for version in row.versions.all()), default=row.published_on)
        made.add_item(
            title=row.title,
            link=here(reverse("portal:disclosures:item", args=[row.key])),
            unique_id=here(reverse("portal:disclosures:item", args=[row.key])),
            description=row.data["answer"],
            author_name=row.body.name,
            pubdate=_instant(row.published_on),
            updateddate=_instant(latest),
        )
    return HttpResponse(made.writeString("utf-8"), content_type=made.content_type)


def _instant(day: Any) -> datetime:
    """Legal days carry no hour: the start of the day."""
    return datetime.combine(day, time(), clock.SHANGHAI)


def _item(key: str) -> Record:
    """An item the public may read, or 404."""
    row = queries.published().filter(pk=key).first()
    if row is None:
        raise Http404
    return row


@require_GET
def item(request: HttpRequest, key: str) -> HttpResponse:
    """One item: the library's page where there is one; what was taken down says so."""
    if url := address("portal:library:record", key):
        if not Record.objects.filter(pk=key, subject_kind=ITEM.name).exists():
            raise Http404
        return redirect(url)
    gone = Record.objects.filter(pk=key, subject_kind=ITEM.name, public=False, withdrawn_on__isnull=False).first()
    if gone:
        context = {"title": "这条信息已经撤下", "trail": (START, HOME, Crumb("已撤下")), "row": gone}
        return render(request, "disclosures/public/gone.html", context, status=410)
    row = _item(key)
    files = [
        (f"{one['name']}（{showing.size(one['size'])}）", reverse("portal:disclosures:file", args=[key, place]))
        for place, one in enumerate(row.attachments, 1)
    ]
    context = {
        "title": row.title,
        "trail": (START, HOME, Crumb(row.title)),
        "row": row,
        "outcome": dict(OUTCOMES)[row.data["outcome"]],
        "files": files,
    }
    return render(request, "disclosures/public/item.html", context)


@require_GET
def file(request: HttpRequest, key: str, place: int) -> HttpResponse:
    """A public copy, only to be saved."""
    row = _item(key)
    if not 1 <= place <= len(row.attachments):
        raise Http404
    one = row.attachments[place - 1]
    headers = {
        "Content-Disposition": content_disposition_header(True, one["name"]) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(blobs.get(one["digest"]), content_type=uploads.KINDS[one["type"]].mime, headers=headers)


# An applicant's suggestion -------------------------------------------------------------------------------------------


@access.private
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest) -> HttpResponse:
    """Suggest that what one was given be published actively, and see what came of it (Art 44 para 2)."""
    row = access.proved(request)
    if row is None:
        return redirect("portal:requests:status")
    form = EventForm(_asked(), request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            token = request.POST.get("token", "")[:64].replace("\x00", "")
            try:
                key = f"web/suggest/{row.key}/{token}" if token else None
                services.suggest(row.key, form.event_data["why"], key=key)
                return redirect("portal:disclosures:suggest")
            except (Invalid, Refused, Conflict) as refusal:
                for name, message in getattr(refusal, "errors", [("", str(refusal))]):
                    form.add_error(name if name in form.fields else None, message)
    standing = queries.standing_proposal(row.key)
    proposal = replay(PROPOSAL.name, standing.key) if standing else None
    mine = proposal is not None and row.key in proposal.suggested_by
    context = {
        "title": "建议主动公开",
        "trail": (
            START,
            Crumb("依申请公开", "/apply/"),
            Crumb(row.number, reverse("portal:requests:mine")),
            Crumb("建议主动公开"),
        ),
        "row": row,
        "form": form,
        "token": request.POST.get("token") or secrets.token_urlsafe(16),
        "proposal": proposal if mine else None,
        "state": standing.get_state_display() if standing and mine else "",
        "record_url": showing.page_of(proposal.record) if mine and proposal and proposal.record else "",
        "may": services.may_suggest(requests.case(row.key)) and not mine,
    }
    return render(request, "disclosures/public/suggest.html", context, status=status)


def _asked() -> tuple[Any, ...]:
    return tuple(field for field in PROPOSAL.move(NEW, "suggest").fields if field.kind != "hidden")


entries = (Entry(HOME.label, "portal:disclosures:home", "别人申请过、已经公开的信息，可以直接查阅，不必再次申请。"),)
urlpatterns = [
    path("disclosed/", Log.as_view(), name="home"),
    path("disclosed/list.<slug:rows_as>", Log.as_view(), name="rows"),
    path("disclosed/feed.atom", feed, name="feed"),
    path("disclosed/<slug:key>/", item, name="item"),
    path("disclosed/<slug:key>/files/<int:place>/", file, name="file"),
    path("apply/status/suggest/", suggest, name="suggest"),
]
