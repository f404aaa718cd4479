"""Browsing: the front page of the library, the list of records with its filters, the download of everything."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import django_filters
from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gongkai.bake.reading import reads
from gongkai.ledger import clock
from gongkai.organs.models import Body
from gongkai.records import kinds, vocabulary
from gongkai.records.models import Record
from gongkai.records.vocabulary import SEPARATOR
from gongkai.ui.addresses import origin
from gongkai.ui.lists import Column, DayColumn, FilterSet, ListPage, Table
from gongkai.ui.pieces import Crumb

from . import archive, queries, showing
from .validity import SOON, status

START, HOME = Crumb("首页", "/"), Crumb("政府信息", "/records/")
NEWEST = 12
#: What a reader asks of validity, and the rows it is.
VALIDITY: dict[str, tuple[str, Any]] = {
    "in_force": ("有效", lambda day: Q(effective_on__lte=day, ceased_on__gt=day)),
    "pending": ("已公布未施行", lambda day: Q(effective_on__gt=day, ceased_on__gt=day)),
    "expiring": ("半年内到期", lambda day: Q(valid_until__range=(day, day + SOON), ceased_on__gt=day)),
    "ended": ("废止、失效", lambda day: Q(ceased_on__lte=day)),
}


def _kinds(_request: HttpRequest | None = None) -> list[tuple[str, str]]:
    return [(one.key, one.label) for one in kinds.kinds().values()]


class RecordFilter(FilterSet):
    """By words of the title or a number, kind, body, theme, year and validity."""

    q = django_filters.CharFilter(label="标题或文号", method="search")
    kind = django_filters.ChoiceFilter(label="类别", choices=_kinds, empty_label="不限")
    body = django_filters.ChoiceFilter(label="发布机关", field_name="body", empty_label="不限")
    theme = django_filters.CharFilter(label="主题分类", method="by_theme")
    topic = django_filters.ChoiceFilter(
        label="专题", method="by_topic", choices=lambda _=None: vocabulary.topic_choices(), empty_label="不限"
    )
    year = django_filters.NumberFilter(label="发布年份", field_name="published_on", lookup_expr="year")
    validity = django_filters.ChoiceFilter(
        label="有效性", method="by_validity", empty_label="不限",
        choices=[(key, label) for key, (label, _) in VALIDITY.items()],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        shown = Body.objects.filter(key__in=queries.public().values("body")).values_list("key", "name")
        self.filters["body"].extra["choices"] = list(shown)

    def search(self, rows: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """In the title and every number; the search page looks into the texts."""
        numbers = Q(document_number__icontains=value) | Q(index_number__icontains=value)
        return rows.filter(Q(title__icontains=value) | numbers | Q(register_number__icontains=value))

    def by_theme(self, rows: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """The theme with everything below it."""
        return rows.filter(theme__startswith=value)

    def by_topic(self, rows: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """Both databases find an element of a JSON list as a quoted word in its text."""
        return rows.filter(topics__icontains=f'"{value}"')

    def by_validity(self, rows: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """As of today."""
        return rows.filter(VALIDITY[value][1](clock.today()))


class KindColumn(Column):
    """The kind's name."""

    def render(self, value: str) -> str:
        """会议."""
        return kinds.label(value)

    def value(self, value: str) -> str:
        """The same in a file."""
        return kinds.label(value)


class StatusColumn(Column):
    """The validity today."""

    def render(self, record: Record) -> SafeString | str:
        """The pill; nothing where the question does not arise."""
        found = status(record, clock.today())
        return format_html('<span class="pill {}">{}</span>', found.tone, found.label) if found else ""

    def value(self, record: Record) -> str:
        """The words."""
        return status(record, clock.today()).label


class RecordTable(Table):
    """A record in the list."""

    title = Column("标题", linkify=lambda record: showing.address(record.key))
    document_number = Column("发文字号")
    kind = KindColumn("类别")
    body = Column("发布机关")
    published_on = DayColumn("发布日期")
    validity = StatusColumn("有效性", accessor="ceased_on")


class RecordList(ListPage):
    """Everything public, the newest first."""

    title = "全部公开信息"
    table_class, filter_class = RecordTable, RecordFilter
    base_template, template_name = "portal/base.html", "library/list.html"
    trail = (START, HOME)
    empty = "没有符合条件的公开信息。"
    empty_hint = "可以到搜索页在正文里查找；确实没有公开的，可以依申请公开。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Record]:
        """Public rows with their bodies."""
        return queries.public().select_related("body")

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """What is asked, for the feeds of the same rows."""
        return {"asked": request.GET.urlencode()}


def narrowed(request: HttpRequest) -> tuple[QuerySet[Record], str]:
    """The rows the address asks for, and what it asks in words; a filter that makes no sense finds nothing."""
    filters = RecordFilter(request.GET or None, queryset=queries.public(), request=request)
    if filters.is_bound and not filters.is_valid():
        return queries.public().none(), ""
    told = []
    for name, one in filters.filters.items():
        value = request.GET.get(name, "")
        choices = dict(one.field.choices) if hasattr(one.field, "choices") else {}
        told += [str(choices.get(value, value))] if value else []
    return filters.qs, "、".join(told)


def home(request: HttpRequest) -> HttpResponse:
    """The front page of the library: what kinds there are and how many, the newest, the ways in."""
    reads("library")
    rows = queries.public()
    by_kind, by_body = queries.counts(rows, "kind"), queries.counts(rows, "body")
    bodies = Body.objects.filter(key__in=by_body).order_by("order", "key").values_list("key", "name")
    themes: dict[str, int] = {}
    for theme, number in queries.counts(rows.exclude(theme=""), "theme").items():
        top = theme.split(SEPARATOR)[0]
        themes[top] = themes.get(top, 0) + number
    # By day in the database, by year here: asking each row for its year takes ten times as long.
    years: dict[int, int] = {}
    for day, number in queries.counts(rows.filter(published_on__isnull=False), "published_on").items():
        years[day.year] = years.get(day.year, 0) + number
    context = {
        "title": "政府信息",
        "trail": (START, Crumb(HOME.label)),
        "kinds": [
            (one.label, by_kind[one.key], reverse("portal:library:listing", args=["kind", one.key]))
            for one in kinds.kinds().values()
            if one.key in by_kind
        ],
        "bodies": [(name, by_body[key], reverse("portal:library:listing", args=["body", key])) for key, name in bodies],
        "themes": [(name, number, showing.listed(theme=name)) for name, number in sorted(themes.items())],
        "years": [
            (year, number, showing.listed(year=str(year))) for year, number in sorted(years.items(), reverse=True)
        ],
        "newest": [
            (row, showing.address(row.key))
            for row in rows.select_related("body").order_by("-published_on", "-key")[:NEWEST]
        ],
        "total": sum(by_kind.values()),
    }
    return render(request, "library/home.html", context)


def download(request: HttpRequest) -> HttpResponse:
    """What the bulk download holds, and how to check it."""
    reads("library")
    newest: date | None = queries.public().aggregate(day=Max("published_on"))["day"]
    context = {
        "title": "批量下载",
        "trail": (START, HOME, Crumb("批量下载")),
        "count": queries.public().count(),
        "newest": newest,
        "kinds": [(one.label, f"?kind={one.key}") for one in kinds.kinds().values()],
    }
    return render(request, "library/download.html", context)


def bulk(request: HttpRequest) -> HttpResponseBase:
    """The archive, streamed as it is made; the same filters as the list."""
    rows, _ = narrowed(request)
    chunks: Iterator[bytes] = archive.stream(rows, origin(request))
    response = StreamingHttpResponse(chunks, content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="records.zip"'
    return response
