"""Public addresses for machines that stand at the root of the site, and the widgets other sites may embed."""

from datetime import date
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from gongkai.bake.families import Family
from gongkai.bake.reading import reads, until
from gongkai.ledger import clock
from gongkai.ui.context import address, site_of
from gongkai.ui.pieces import Entry

from . import sitemap, widgets

#: What is for one person or one moment, and no page of the site: not to be visited by search engines.
CLOSED = (
    "/office/", "/mode/", "/search/", "/subscribe/", "/leave/", "/kiosk/", "/real-name/", "/apply/status/",
    "/apply/receipt/", "/apply/found/", "/complain/done/", "/messages/status/", "/messages/mine/", "/mistakes/status/",
    "/mistakes/mine/", "/status/", "/*?",
)  # fmt: skip


def robots(request: HttpRequest) -> HttpResponse:
    """Where search engines need not go, and where the list of everything lies (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {one}" for one in CLOSED), "Allow: /search/help/", ""]
    lines.append(f"Sitemap: {request.build_absolute_uri(sitemap.INDEX)}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def opensearch(request: HttpRequest) -> HttpResponse:
    """The search, as browsers add it to their own (OpenSearch 1.1)."""
    reads("sites")
    here, name = request.build_absolute_uri, site_of(request).government
    found = [
        ("text/html", f"{here(address('portal:library:search'))}?q={{searchTerms}}"),
        ("application/atom+xml", f"{here(address('portal:library:search_feed', 'atom'))}?q={{searchTerms}}"),
    ]
    urls = "".join(f"<Url type={quoteattr(kind)} template={quoteattr(url)}/>\n" for kind, url in found)
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{escape(name[:16])}</ShortName>\n<Description>{escape(f'搜索{name}公开的政府信息')}</Description>\n"
        f"<Language>zh-CN</Language>\n<InputEncoding>UTF-8</InputEncoding>\n{urls}</OpenSearchDescription>\n"
    )
    return HttpResponse(text, content_type="application/opensearchdescription+xml; charset=utf-8")


def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116); 404 while the installation names nobody."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    year = clock.today().year
    until(date(year + 1, 1, 1))
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {year + 1}-06-30T00:00:00Z",
        "Preferred-Languages: zh, en",
        f"Canonical: {request.build_absolute_uri()}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


_FIXED = ("/robots.txt", "/opensearch.xml", "/.well-known/security.txt", "/widgets/")
baked = [Family("machines", lambda: (*_FIXED, *sitemap.addresses()), sitemap.born)]
entries = [Entry("嵌入到别的网站", "portal:api:widgets", "把最新公开的信息、指标放进自己的网页。", on_home=False)]
urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("opensearch.xml", opensearch, name="opensearch"),
    path(".well-known/security.txt", security, name="security"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap/<slug:name>.xml", sitemap.part, name="sitemap_part"),
    path("widgets/", widgets.home, name="widgets"),
    path("widgets/latest/", widgets.latest, name="widget_latest"),
    path("widgets/figure/", widgets.figure, name="widget_figure"),
    path("widgets/<slug:colour>.css", widgets.style, name="widget_style"),
]
