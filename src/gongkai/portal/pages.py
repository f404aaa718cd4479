"""Pages that stand ready as files for the server in front: a style sheet for each display mode, the page shown while the
application is down; and the front page of an installation without sites."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from gongkai.bake.families import Family
from gongkai.sites import pages as sites
from gongkai.ui import modes
from gongkai.ui.pieces import Crumb


def mode_sheet(request: HttpRequest, name: str) -> HttpResponse:
    """The style sheet of a display mode by its name, ``elder.dark``."""
    if name not in modes.sheets():
        raise Http404
    return HttpResponse(modes.sheets()[name], content_type="text/css; charset=utf-8")


def down(request: HttpRequest) -> HttpResponse:
    """What readers see where a form or a search would be, while the application does not answer."""
    return render(
        request, "portal/down.html", {"title": "这项服务暂时停用", "trail": (Crumb("首页", "/"), Crumb("暂时停用"))}
    )


def _own() -> Iterable[str]:
    """The front page and site map where there is no main site to have them."""
    return () if sites.main() else ("/", reverse("portal:sitemap"))


urlpatterns = [
    path("modes/<str:name>.css", mode_sheet, name="mode"),
    path("down/", down, name="down"),
]
baked = [
    Family("modes", lambda: [reverse("portal:portal:mode", args=[name]) for name in sorted(modes.sheets())]),
    Family("portal", lambda: [reverse("portal:portal:down"), *_own()]),
]
