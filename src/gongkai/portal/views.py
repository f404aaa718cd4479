"""The public site's own pages: the main site's front page and site map, or those of an installation without sites."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongkai.sites import pages as sites
from gongkai.sites.front import facts
from gongkai.ui import modes
from gongkai.ui.pieces import Crumb

from .home import entries, everything


def home(request: HttpRequest) -> HttpResponse:
    """The front page."""
    if sites.main():
        return sites.home(request)
    return render(request, "portal/home.html", {"entries": entries(), "facts": facts(request)})


def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page."""
    if sites.main():
        return sites.sitemap(request)
    trail = [Crumb("首页", "/"), Crumb("网站地图")]
    return render(request, "portal/sitemap.html", {"links": everything(), "trail": trail})


def mode(request: HttpRequest) -> HttpResponse:
    """Choose the display, or see what can be chosen."""
    trail = [Crumb("首页", "/"), Crumb("显示设置")]
    context = {"trail": trail, "sizes": modes.SIZES, "colours": modes.COLOURS}
    return modes.choose(request) or render(request, "portal/mode.html", context)
