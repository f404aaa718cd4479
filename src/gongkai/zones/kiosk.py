"""The kiosk mode: one visit of one person at a terminal, from the start page to the start page.

Every page of a visit lies below ``/kiosk/<zone>/<visit>/`` and is answered only while the browser's cookie names the same
visit. The start page begins a new one, so whatever lies in the browser's history leads nobody back: no script is needed
for that, nor for the reset (the ``Refresh`` header leads to the start page when nobody touches the terminal).
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from gongkai.requests.intake import Place
from gongkai.ui import modes
from gongkai.ui.context import address
from gongkai.ui.pieces import Crumb

from . import devices, showing
from .models import Zone

COOKIE, _SALT = "visit", "gongkai.zones.visit"
#: No visit lasts longer than this many seconds, however busy.
LONGEST = 2 * 3600
#: Somebody who writes needs time: pages with fields wait so many times longer, and at least so many seconds.
WRITING, AT_LEAST = 5, 300
#: Cookies the house sets for every path.
ROOTED = frozenset({settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME, "messages", modes.COOKIE})
#: Where a question is asked, the first of these that is installed.
ASK = ("portal:interaction:write", "portal:interaction:ask", "portal:interaction:home")


@dataclass(frozen=True)
class Visit:
    """A visit at a terminal of a zone. ``proven``: the browser was set up with the zone's link."""

    zone: Zone
    token: str
    proven: bool

    def page(self, name: str, *args: str) -> str:
        """The address of a page of this visit."""
        return reverse(f"portal:zones:{name}", args=[self.zone.key, self.token, *args])

    @property
    def start(self) -> str:
        """The page that ends it."""
        return devices.path_of(self.zone.key)

    @property
    def menu(self) -> str:
        """Its first page."""
        return self.page("menu")

    @property
    def place(self) -> Place | None:
        """Where an application of this visit is handed in; only a proven terminal stands in the zone."""
        return Place(self.zone.key, self.zone.name) if self.proven else None


View = Callable[..., HttpResponse]


def private(response: HttpResponse) -> HttpResponse:
    """Keep nothing of it: no browser, proxy or search engine."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def show(
    request: HttpRequest,
    visit: Visit,
    template: str,
    context: dict[str, Any],
    *,
    writing: bool = False,
    status: int = 200,
) -> HttpResponse:
    """A page of the kiosk: in its shell, with the reset."""
    seconds = max(visit.zone.idle * WRITING, AT_LEAST) if writing else visit.zone.idle
    shell = {"visit": visit, "seconds": visit.zone.idle, "start": visit.start}
    response = private(render(request, f"zones/kiosk/{template}.html", shell | context, status=status))
    response.headers["Refresh"] = f"{seconds}; url={visit.start}"
    return response


def visiting(view: View) -> View:
    """Decorator: the visit of the address, while it lasts; else back to the start page."""

    @wraps(view)
    def handle(request: HttpRequest, zone: str, visit: str, **rest: Any) -> HttpResponse:
        row = Zone.objects.filter(pk=zone, kiosk__gt=0).first()
        if row is None:
            return closed(request)
        kept: str = request.get_signed_cookie(COOKIE, "", salt=_SALT + zone, max_age=LONGEST)
        if row.state != "open" or not constant_time_compare(kept, visit):
            return private(HttpResponseRedirect(devices.path_of(zone)))
        return view(request, Visit(row, visit, devices.is_terminal(request, zone, row.kiosk)), **rest)

    return handle


def closed(request: HttpRequest) -> HttpResponse:
    """404: there is no kiosk here."""
    return private(render(request, "zones/kiosk/closed.html", {"title": "自助服务没有启用"}, status=404))


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What the kiosk mode is, for whoever came without a zone."""
    trail = (Crumb("首页", "/"), Crumb("政务公开专区", "/zones/"), Crumb("自助终端"))
    return render(request, "zones/kiosk/front.html", {"title": "自助终端", "trail": trail})


@require_safe
def device(request: HttpRequest, zone: str, told: str) -> HttpResponse:
    """Make this browser a terminal of the zone, with the link from the desk."""
    row = Zone.objects.filter(pk=zone).first()
    if row is None or not devices.is_right(zone, row.kiosk, told):
        return closed(request)
    response = private(HttpResponseRedirect(devices.path_of(zone)))
    devices.remember(request, response, zone, row.kiosk)
    return response


@require_safe
def start(request: HttpRequest, zone: str) -> HttpResponse:
    """The start page: ends whatever was going on in this browser and begins a new visit."""
    row = Zone.objects.filter(pk=zone, kiosk__gt=0).first()
    if row is None:
        return closed(request)
    terminal = devices.is_terminal(request, zone, row.kiosk)
    visit = Visit(row, secrets.token_urlsafe(12), terminal)
    if terminal and settings.SESSION_COOKIE_NAME in request.COOKIES:
        request.session.flush()
    context = {"visit": visit, "paused": showing.paused(row), "start": visit.start, "tiles": _tiles(visit)}
    response = private(render(request, "zones/kiosk/start.html", context))
    _forget(request, response, zone, terminal)
    response.set_signed_cookie(
        COOKIE,
        visit.token,
        salt=_SALT + zone,
        path=visit.start,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


def _forget(request: HttpRequest, response: HttpResponse, zone: str, terminal: bool) -> None:
    """Take away what the last visit left: pages shown here set their cookies for the zone's path, the house its own at the root.

    Only a proven terminal ends sessions: somebody at a desk of the house may look at the start page too.
    """
    kept = {devices.COOKIE, COOKIE} | (set() if terminal else {settings.SESSION_COOKIE_NAME})
    for name in request.COOKIES.keys() - kept:
        response.delete_cookie(name, path="/" if name in ROOTED else devices.path_of(zone))


def _tiles(visit: Visit) -> list[tuple[str, str, str]]:
    """(name, what for, address) of what one may do here."""
    tiles = [
        ("查信息", "输入文件名称、文号或者几个词", visit.page("kiosk-search")),
        ("看公开", "按类别浏览最新公开的信息", visit.page("kiosk-read")),
        ("打印", "打印公开的信息和纸质申请表", visit.page("kiosk-print")),
        ("申请公开", "申请没有主动公开的信息，查询办理情况", visit.page("mount", "apply/")),
    ]
    ask = next((found for name in ASK if (found := address(name))), "")
    return [*tiles, ("问一问", "向有关机关提出咨询", visit.page("mount", ask.lstrip("/")))] if ask else tiles


@visiting
@require_safe
def menu(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The tiles again, within the same visit."""
    return show(request, visit, "menu", {"tiles": _tiles(visit)})
