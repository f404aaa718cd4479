"""Widgets: small pages without head and foot that other sites may show in a frame. No script, no cookie, nothing private.

``/widgets/latest/`` lists the newest records of a kind, body, theme, topic, column or search; ``/widgets/figure/`` shows
a figure over the years. They alone may be framed by anybody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from gongkai.bake.reading import reads
from gongkai.library import finding, queries, showing
from gongkai.organs.models import Body
from gongkai.organs.queries import host
from gongkai.records import kinds, vocabulary
from gongkai.records.models import Record
from gongkai.reporting import dashboard, years
from gongkai.reporting.content import plain
from gongkai.reporting.queries import figure_named
from gongkai.sites.models import Column, Entry
from gongkai.ui import modes
from gongkai.ui.context import site_of
from gongkai.ui.middleware import SECURITY_HEADERS
from gongkai.ui.pieces import Crumb

#: How many records a widget lists, by default and at the most.
USUAL, MOST = 6, 20
#: Years a figure is shown over.
YEARS = 5
COLOURS = ("light", "dark")
_CSP = SECURITY_HEADERS["Content-Security-Policy"].replace("frame-ancestors 'none'", "frame-ancestors *")
View = Callable[..., HttpResponse]


def _framed(view: View) -> View:
    """Decorator: may be framed by anybody, and kept for five minutes."""

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Content-Security-Policy"] = _CSP
        response["Cache-Control"] = "public, max-age=300"
        response["X-Robots-Tag"] = "noindex"
        return response

    return xframe_options_exempt(require_safe(handle))


@dataclass(frozen=True)
class Shown:
    """What a list widget shows: its title, the rows, the page that has them all."""

    title: str
    rows: QuerySet[Record]
    url: str


@_framed
def latest(request: HttpRequest) -> HttpResponse:
    """The newest of what the address asks for; 404 for what there is not."""
    shown = _shown(request.GET)
    rows = shown.rows.select_related("body").order_by("-published_on", "-key")[: _size(request.GET)]
    context = _frame(request, shown.title) | {
        "rows": [(row, showing.address(row.key)) for row in rows],
        "url": shown.url,
    }
    return render(request, "api/latest.html", context)


def _size(words: QueryDict) -> int:
    asked = words.get("size", "")
    return min(max(int(asked), 1), MOST) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else USUAL


def _frame(request: HttpRequest, title: str) -> dict[str, Any]:
    own, colour = request.GET.get("title", "").replace("\x00", "").strip()[:60], request.GET.get("colour", "")
    style_url = reverse("portal:api:widget_style", args=[colour if colour in COLOURS else "auto"])
    return {"title": own or title, "style_url": style_url, "site": site_of(request)}


def _shown(words: QueryDict) -> Shown:
    asked = {
        name: words.get(name, "").replace("\x00", "").strip()
        for name in ("kind", "body", "theme", "topic", "column", "q")
    }
    rows, titles = queries.public(), []
    for name, narrow in _NARROW.items():
        if asked[name]:
            rows, title = narrow(rows, asked[name])
            titles.append(title)
    plain_words = {name: asked[name] for name in ("kind", "body", "theme", "topic") if asked[name]}
    url = showing.listed(**plain_words)
    if asked["q"]:
        url = f"{reverse('portal:library:search')}?{urlencode({'q': asked['q'], 'sort': 'newest'})}"
    elif asked["column"]:
        url = Column.objects.select_related("site").get(key=asked["column"]).url
    return Shown("、".join(titles) or "最新公开", rows, url)


Narrowed = tuple[QuerySet[Record], str]


def _kind(rows: QuerySet[Record], key: str) -> Narrowed:
    if key not in kinds.kinds():
        raise Http404
    return rows.filter(kind=key), kinds.label(key)


def _body(rows: QuerySet[Record], key: str) -> Narrowed:
    body = Body.objects.filter(key=key).first()
    if body is None:
        raise Http404
    return rows.filter(body=key), body.short_name


def _theme(rows: QuerySet[Record], key: str) -> Narrowed:
    try:
        theme = vocabulary.theme(key)
    except ValueError:
        raise Http404 from None
    return rows.filter(theme__startswith=theme), theme.replace(vocabulary.SEPARATOR, " › ")


def _topic(rows: QuerySet[Record], key: str) -> Narrowed:
    label = dict(vocabulary.topic_choices()).get(key)
    if label is None:
        raise Http404
    return rows.filter(topics__icontains=f'"{key}"'), label


def _column(rows: QuerySet[Record], key: str) -> Narrowed:
    column = Column.objects.filter(key=key, state="open", site__state="open").first()
    if column is None:
        raise Http404
    return rows.filter(key__in=Entry.objects.filter(column=key).values("record")), column.name


def _query(rows: QuerySet[Record], words: str) -> Narrowed:
    answer = finding.find(words[:200], {}, size=100, newest=True)
    found = answer.results.hits if answer.results.mode == "and" and not answer.fault else ()
    return rows.filter(key__in=[hit.key for hit in found]), words[:200]


_NARROW: Mapping[str, Callable[[QuerySet[Record], str], Narrowed]] = {
    "kind": _kind, "body": _body, "theme": _theme, "topic": _topic, "column": _column, "q": _query,
}  # fmt: skip


@_framed
def figure(request: HttpRequest) -> HttpResponse:
    """A figure (``figure``) of a body (``body``, by default the one of the site) over the years; 404 for what there is not."""
    try:
        one = figure_named(request.GET.get("figure", ""))
    except LookupError:
        raise Http404 from None
    body = _reporter(request.GET.get("body", ""))
    values = []
    for year in years.known()[:YEARS]:
        found = years.of_body(body, year)
        value = dashboard.shown(one.id, found.values) if found else None
        if value is not None:
            values.append((year, plain(value)))
    context = _frame(request, one.label) | {
        "one": one,
        "body": body,
        "values": values,
        "url": reverse("portal:reporting:figure", args=[one.id]),
    }
    return render(request, "api/figure.html", context)


def _reporter(key: str) -> Body:
    """The body that reports for itself and for the one asked for."""
    rows = Body.objects.select_related("reported_by").prefetch_related("reports_for")
    asked = rows.filter(key=key.replace("\x00", "")).first() if key else host()
    if asked is None:
        raise Http404
    return asked.reported_by or asked


@require_safe
def style(request: HttpRequest, colour: str) -> HttpResponse:
    """The colours of a widget: as the reader's device has them (``auto``), or as the page around it wants them."""
    if colour not in ("auto", *COLOURS):
        raise Http404
    response = HttpResponse(modes.sheets()[str(modes.Mode("standard", colour))], content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    return response


def home(request: HttpRequest) -> HttpResponse:
    """What there is to embed, and how."""
    reads("sites")
    here = request.build_absolute_uri
    latest_url, figure_url = here(reverse("portal:api:widget_latest")), here(reverse("portal:api:widget_figure"))
    context = {
        "title": "嵌入到别的网站",
        "trail": (Crumb("首页", "/"), Crumb("嵌入到别的网站")),
        "latest": f'<iframe src="{latest_url}?kind=policy&amp;size=6" title="最新政策文件" width="100%" height="420" '
        'loading="lazy"></iframe>',
        "figure": f'<iframe src="{figure_url}?figure=t3.1.total&amp;body=cq-office" title="新收政府信息公开申请" width="100%" '
        'height="300" loading="lazy"></iframe>',
        "words": _WORDS,
        "most": MOST,
        "usual": USUAL,
    }
    return render(request, "api/widgets.html", context)


#: What may stand in the address of a list widget.
_WORDS = (
    ("kind", "类别的标识，如 policy"),
    ("body", "发布机关的标识，如 cq-office"),
    ("theme", "主题分类"),
    ("topic", "专题的标识"),
    ("column", "栏目的标识，见开放接口 /api/v1/columns"),
    ("q", "搜索词，写法同搜索页"),
    ("size", f"列出几条，1 至 {MOST}，默认 {USUAL}"),
    ("title", "自己写的标题"),
    ("colour", "light 浅色，dark 深色；不写就随读者的设备"),
)
