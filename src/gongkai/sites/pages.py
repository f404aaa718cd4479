"""Public pages of sites. Every address stands twice: at the root for the main site, below ``/s/<site>/`` for the others."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from gongkai.bake import chunks
from gongkai.bake.reading import reads, until
from gongkai.ledger import blobs, clock
from gongkai.library import feeds
from gongkai.ui.pieces import Crumb

from . import addresses, content, front, images, queries, showing
from .baking import baked  # noqa: F401 found here by the baker
from .models import Column, Page, PageVersion, Site
from .vocabulary import ARTICLE, CONTACT, FUNCTIONS, GUIDE, LEADER, LISTING, PAGE, TOPIC

View = Callable[..., HttpResponse]


def _of_site(view: View) -> View:
    """Decorator: the view is about an open site; a closed one is answered 410, one that never was 404."""

    @require_safe
    @wraps(view)
    def handle(request: HttpRequest, site: str = "", **rest: Any) -> HttpResponse:
        reads("sites", f"site:{site}")
        row = queries.site(site)
        if row is None:
            raise Http404
        if site and row.main and row.state == "open":
            return HttpResponsePermanentRedirect("/" + request.path.split("/", 3)[3])
        request.site = queries.shell(row)  # type: ignore[attr-defined]
        if row.state == "closed":
            return render(
                request, "sites/public/closed.html", {"title": f"{row.name}网站已经关停", "row": row}, status=410
            )
        return view(request, row, **rest)

    return handle


def main() -> Site | None:
    """The main site, if there is one."""
    reads("sites")
    return queries.site("")


@_of_site
def home(request: HttpRequest, site: Site) -> HttpResponse:
    """The front page of a site."""
    return front_page(request, site)


def front_page(request: HttpRequest, site: Site) -> HttpResponse:
    """The front page; the main site shows the numbers of the installation too."""
    reads("library")
    until(clock.today() + timedelta(1))
    shown = [one for one in front.entries() if one.on_home]
    context = showing.home(site) | {
        "row": site,
        "services": front.links(shown),
        "facts": front.facts(request) if site.main else [],
    }
    return render(request, "sites/public/home.html", context)


# Columns -------------------------------------------------------------------------------------------------------------


@_of_site
def column(request: HttpRequest, site: Site, slug: str, number: int = 0) -> HttpResponse:
    """A page of a column; 404 while it is empty, so that no empty column is ever shown."""
    one, way = _column(site, slug)
    where = f"{site.url}c/{slug}/"
    chunk = None
    if one.kind in LISTING:
        chunk = chunks.chunk(queries.entries(one.key), number, where)
        reads(f"column:{one.key}#{number}")
        if chunk is None:
            raise Http404
        rows = showing.with_status([entry.record for entry in chunk.rows])
        reads(*(f"record:{row.key}" for row in rows))
    elif one.kind == PAGE and number == 0:
        if page := Page.objects.filter(key=one.page).exclude(shown="").first():
            return HttpResponsePermanentRedirect(addresses.page(site, page))
        raise Http404
    elif number:
        raise Http404
    here = way[-1]
    context = {
        "title": one.name,
        "row": site,
        "column": one,
        "meta": showing.column_meta(one),
        "trail": (showing.start(site), *(Crumb(step["name"], step["url"]) for step in way)),
        "chunk": chunk,
        "rows": rows if chunk else [],
        "where": where,
        "beside": here["children"] or (way[-2]["children"] if len(way) > 1 else []),
        "section": here if here["children"] else way[-2] if len(way) > 1 else here,
        "groups": _groups(site, here) if not chunk or not chunk.rows else [],
        "slug": slug,
    }
    return render(request, "sites/public/column.html", context)


def _column(site: Site, slug: str) -> tuple[Column, list[dict[str, Any]]]:
    """A column and the way to it; Http404 while it is not shown."""
    key = f"{site.key}_{slug}"
    reads(f"column:{key}")
    one = Column.objects.filter(key=key, state="open").first()
    way = showing.found(showing.tree_of(site), slug)
    if one is None or not way:
        raise Http404
    return one, way


def _groups(site: Site, here: dict[str, Any]) -> list[dict[str, Any]]:
    """The newest of every column below a group."""
    return [
        child | {"rows": showing.newest(f"{site.key}_{child['slug']}", 5) if child["kind"] in LISTING else []}
        for child in here["children"]
    ]


@_of_site
def feed(request: HttpRequest, site: Site, slug: str, form: str) -> HttpResponse:
    """The newest of a column as a feed, Atom or RSS."""
    one, _ = _column(site, slug)
    if one.kind not in LISTING:
        raise Http404
    rows = queries.newest(one.key, feeds.ENTRIES)
    return feeds.answer(request, rows, one.name, f"{site.url}c/{slug}/", form)


# Pages ---------------------------------------------------------------------------------------------------------------

TEMPLATES = {TOPIC: "topic", LEADER: "leader", CONTACT: "contact"}


def _show(request: HttpRequest, site: Site, page: Page | None, trail: Iterable[Crumb], **more: Any) -> HttpResponse:
    """A page of a site; one that was taken down is answered 410 with the reason."""
    if page is None:
        raise Http404
    reads(f"page:{page.key}")
    if not page.shown:
        if page.withdrawn_on is None:
            raise Http404
        context = {
            "title": "这个页面已经撤下",
            "row": site,
            "page": page,
            "trail": (showing.start(site), Crumb("已撤下")),
        }
        return render(request, "sites/public/gone.html", context, status=410)
    kept = content.get(page.shown)
    return render(request, f"sites/public/{TEMPLATES.get(page.form, 'page')}.html",
                  shown(request, site, page, kept, trail) | more)  # fmt: skip


def shown(
    request: HttpRequest, site: Site, page: Page, kept: dict[str, Any], trail: Iterable[Crumb] = (), files: str = ""
) -> dict[str, Any]:
    """What the template of a page shows of a content."""
    files = files or showing.files_of(page.key)
    about, url = kept["about"], request.build_absolute_uri(addresses.page(site, page))
    return {
        "title": page.shown_title or page.title,
        "row": site,
        "page": page,
        "about": about,
        "blocks": showing.blocks(site, files, kept),
        "has_chart": any(one["kind"] == "chart" for one in kept["blocks"]),
        "image": showing.picture(files, about["image"]) if about.get("image") else "",
        "moment": showing.moment(page.updated_at or page.updated_on),
        "meta": showing.page_meta(site, page, kept, url),
        "canonical": url,
        "trail": (showing.start(site), *trail, Crumb(page.shown_title or page.title)),
    }


def _page(site: Site, form: str, slug: str) -> Page | None:
    reads(f"pages:{site.key}/{form}")
    return Page.objects.filter(site=site, form=form, slug=slug).first()


@_of_site
def article(request: HttpRequest, site: Site, slug: str) -> HttpResponse:
    """A page of the site."""
    return _show(request, site, _page(site, ARTICLE, slug), ())


@_of_site
def topics(request: HttpRequest, site: Site) -> HttpResponse:
    """Every topic page."""
    cards = showing.topic_cards(site)
    if not cards:
        raise Http404
    context = {"title": "专题", "row": site, "topics": cards, "trail": (showing.start(site), Crumb("专题"))}
    return render(request, "sites/public/topics.html", context)


@_of_site
def topic(request: HttpRequest, site: Site, slug: str) -> HttpResponse:
    """A topic page."""
    return _show(request, site, _page(site, TOPIC, slug), (Crumb("专题", f"{site.url}topics/"),))


@_of_site
def leaders(request: HttpRequest, site: Site) -> HttpResponse:
    """The leaders, with their posts and duties."""
    rows = queries.pages(site, LEADER)
    if not rows:
        raise Http404
    reads(*(f"page:{one.key}" for one in rows))
    people = [(one, content.get(one.shown)["about"], addresses.page(site, one)) for one in rows]
    context = {"title": "领导信息", "row": site, "people": people, "trail": (showing.start(site), Crumb("领导信息"))}
    return render(request, "sites/public/leaders.html", context)


@_of_site
def leader(request: HttpRequest, site: Site, slug: str) -> HttpResponse:
    """One leader: post, duties, résumé."""
    return _show(request, site, _page(site, LEADER, slug), (Crumb("领导信息", f"{site.url}leaders/"),))


@_of_site
def functions(request: HttpRequest, site: Site) -> HttpResponse:
    """What the body is for, and how it is made up."""
    return _show(request, site, showing.single(site, FUNCTIONS), ())


@_of_site
def contact(request: HttpRequest, site: Site) -> HttpResponse:
    """How to reach the body."""
    return _show(request, site, showing.single(site, CONTACT), ())


# 政府信息公开 (国办公开办函〔2019〕61号) --------------------------------------------------------------------------------------


def _gov(site: Site) -> Crumb:
    return Crumb("政府信息公开", f"{site.url}gov-info/")


@_of_site
def gov_info(request: HttpRequest, site: Site) -> HttpResponse:
    """The front of the column: the four parts, and the way to apply."""
    context = {
        "title": "政府信息公开", "row": site, "parts": showing.gov_info(site), "statutory": showing.in_part(site, "statutory"),
        "trail": (showing.start(site), Crumb("政府信息公开")),
    }  # fmt: skip
    return render(request, "sites/public/gov_info.html", context)


@_of_site
def guide(request: HttpRequest, site: Site) -> HttpResponse:
    """The guide in force, and its earlier versions."""
    page = showing.single(site, GUIDE)
    if page is None:
        context = {"title": "政府信息公开指南", "row": site, "parts": showing.gov_info(site),
                   "trail": (showing.start(site), _gov(site), Crumb("政府信息公开指南"))}  # fmt: skip
        return render(request, "sites/public/no_guide.html", context)
    versions = list(PageVersion.objects.filter(page=page).order_by("-number"))
    return _show(request, site, page, (_gov(site),), versions=versions, where=f"{site.url}gov-info/guide/",
                 parts=showing.gov_info(site))  # fmt: skip


@_of_site
def guide_version(request: HttpRequest, site: Site, number: int) -> HttpResponse:
    """An earlier version of the guide."""
    page = showing.single(site, GUIDE)
    version = PageVersion.objects.filter(page=page, number=number).first() if page else None
    if page is None or version is None:
        raise Http404
    reads(f"page:{page.key}")
    where = f"{site.url}gov-info/guide/"
    context = shown(request, site, page, content.get(version.digest), (_gov(site), Crumb("指南", where))) | {
        "versions": list(PageVersion.objects.filter(page=page).order_by("-number")), "version": version, "where": where,
        "parts": showing.gov_info(site), "moment": version.since.isoformat(),
    }  # fmt: skip
    return render(request, "sites/public/page.html", context)


def _part(name: str, title: str, words: str) -> View:
    @_of_site
    def view(request: HttpRequest, site: Site) -> HttpResponse:
        columns = [
            one | {"rows": showing.newest(f"{site.key}_{one['slug']}", 5) if one["kind"] in LISTING else []}
            for one in showing.in_part(site, name)
        ]
        context = {
            "title": title, "row": site, "columns": columns, "words": words, "parts": showing.gov_info(site),
            "trail": (showing.start(site), _gov(site), Crumb(title)),
        }  # fmt: skip
        return render(request, "sites/public/part.html", context)

    return view


systems = _part("systems", "政府信息公开制度", "政府信息公开的法律、法规、规章和工作制度。")
statutory = _part(
    "statutory", "法定主动公开内容", "依照《中华人民共和国政府信息公开条例》第二十条、第二十一条主动公开的政府信息。"
)


# Others --------------------------------------------------------------------------------------------------------------


@_of_site
def sitemap(request: HttpRequest, site: Site) -> HttpResponse:
    """Everything of a site, and what the installation offers."""
    context = {
        "title": "网站地图", "row": site, "tree": showing.tree_of(site), "gov_info": showing.gov_info(site),
        "ways": showing.ways(site), "services": front.links(front.entries()),
        "sites": [one for one in queries.sites() if one.key != site.key] if site.main else [],
        "trail": (showing.start(site), Crumb("网站地图")),
    }  # fmt: skip
    return render(request, "sites/public/sitemap.html", context)


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """The notice before leaving for an address that is not the government's; only for links this installation made."""
    to = addresses.left_for(request.GET.get("to", ""))
    context = {
        "title": "您将离开本网站" if to else "这个链接不能打开",
        "to": to,
        "trail": (Crumb("首页", "/"), Crumb("离开提示")),
    }
    return render(request, "sites/public/leave.html", context, status=200 if to else 400)


@require_safe
def picture(request: HttpRequest, key: str, digest: str, kind: str) -> HttpResponse:
    """A picture of a page, while the page shows it."""
    reads(f"page:{key}")
    page = Page.objects.filter(key=key).exclude(shown="").first()
    if page is None or content.pictures(page.shown).get(digest) != kind:
        raise Http404
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(blobs.get(digest), content_type=images.MIME[kind], headers=headers)


#: Below a site: (address, view, name). At the root they are the main site's; below ``/s/<site>/`` the names begin ``site_``.
_PLACES = (
    ("c/<slug:slug>/", column, "column"),
    ("c/<slug:slug>/page-<int:number>/", column, "column_page"),
    ("c/<slug:slug>/feed.<slug:form>", feed, "feed"),
    ("p/<slug:slug>/", article, "page"),
    ("topics/", topics, "topics"),
    ("topics/<slug:slug>/", topic, "topic"),
    ("leaders/", leaders, "leaders"),
    ("leaders/<slug:slug>/", leader, "leader"),
    ("functions/", functions, "functions"),
    ("contact/", contact, "contact"),
    ("gov-info/", gov_info, "gov_info"),
    ("gov-info/guide/", guide, "guide"),
    ("gov-info/guide/v<int:number>/", guide_version, "guide_version"),
    ("gov-info/systems/", systems, "systems"),
    ("gov-info/statutory/", statutory, "statutory"),
)
urlpatterns = [
    path("s/<slug:site>/", home, name="home"),
    path("s/<slug:site>/sitemap/", sitemap, name="sitemap"),
    path("leave/", leave, name="leave"),
    path("page-files/<slug:key>/<slug:digest>.<slug:kind>", picture, name="picture"),
    *(path(where, view, name=name) for where, view, name in _PLACES),
    *(path(f"s/<slug:site>/{where}", view, name=f"site_{name}") for where, view, name in _PLACES),
]
