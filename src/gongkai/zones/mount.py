"""Pages of the public site inside the kiosk: the application, the enquiry about it, the question.

The page is asked of its own view, with the kiosk's path as the prefix of every address it makes (what WSGI calls
SCRIPT_NAME), so that its forms, redirects and links stay below the visit. Of what it answers only the content is shown,
in the kiosk's shell; links that lead elsewhere become plain text, and nothing offers a file or remembers an entry.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, get_script_prefix, resolve, set_script_prefix
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from lxml import html

from .kiosk import ROOTED, Visit, show, visiting

#: What may be shown, as addresses of the public site: pages, never files.
ALLOWED = re.compile(
    r"/(?:apply/(?:new/|found/|receipt/|form/|status/(?:mine/|leave/|suggest/)?)?|messages/(?:[\w@-]+/)*)"
)
_RECORD = re.compile(r"/records/([\w-]+)/(?:@[\d-]+/)?")
_TITLES = {"apply": "申请公开", "messages": "问一问"}
#: Fields in which somebody writes.
_WRITTEN = ".//textarea | .//input[@type='text' or @type='search' or @type='email' or @type='tel' or @type='date' or not(@type)]"


@csrf_exempt  # the inner view is protected as it always is
@visiting
def page(request: HttpRequest, visit: Visit, rest: str) -> HttpResponse:
    """A page of the public site, within the visit."""
    inner = f"/{rest}"
    if not ALLOWED.fullmatch(inner):
        return show(request, visit, "missing", {"title": "没有找到"}, status=404)
    with _below(request, visit, inner):
        try:
            view, arguments, named = resolve(inner)
            response: HttpResponse = _protected(view)(request, *arguments, **named)
        except (Http404, Resolver404):
            return show(request, visit, "missing", {"title": "没有找到"}, status=404)
    if response.status_code in (301, 302, 303):
        answer: HttpResponse = HttpResponseRedirect(_led(visit, response["Location"]) or visit.menu)
        answer.headers["Cache-Control"] = "no-store"
    else:
        answer = _shown(request, visit, inner, response)
    for name, cookie in response.cookies.items():
        answer.cookies[name] = cookie
        if name not in ROOTED:
            answer.cookies[name]["path"] = visit.start
    return answer


def _protected(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    return view if getattr(view, "csrf_exempt", False) else csrf_protect(view)


@contextmanager
def _below(request: HttpRequest, visit: Visit, inner: str) -> Iterator[None]:
    """The request as the inner view sees it: its own path, below the visit's prefix, handed in at the zone."""
    before, outer = get_script_prefix(), (request.path_info, request.resolver_match)
    set_script_prefix(visit.page("mount", "x").removesuffix("x"))
    request.path_info = inner
    request.place = visit.place  # type: ignore[attr-defined]
    try:
        yield
    finally:
        set_script_prefix(before)
        request.path_info, request.resolver_match = outer


def _shown(request: HttpRequest, visit: Visit, inner: str, response: HttpResponse) -> HttpResponse:
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return show(request, visit, "missing", {"title": "这里不提供文件"}, status=404)
    found = html.fromstring(response.content.decode()).xpath("//main")
    if not found:
        return show(request, visit, "missing", {"title": "没有找到"}, status=404)
    content = found[0]
    _strip(content)
    _keep_inside(content, visit)
    writing = bool(content.xpath(_WRITTEN))
    inside = "".join(html.tostring(child, encoding="unicode") for child in content)
    context = {"title": _TITLES.get(inner.split("/")[1], "自助服务"), "content": mark_safe(inside)}
    status = response.status_code
    shown = show(request, visit, "mount", context | {"printable": not writing}, writing=writing, status=status)
    if "Retry-After" in response.headers:
        shown.headers["Retry-After"] = response.headers["Retry-After"]
    return shown


def _strip(content: Any) -> None:
    """What has no place at a terminal: the way back to the site, files to send, scripts."""
    for one in content.xpath(".//nav[contains(@class, 'crumb')] | .//script"):
        one.drop_tree()
    for one in content.xpath(".//input[@type='file']"):
        field = next((up for up in one.iterancestors() if "field" in (up.get("class") or "").split()), one)
        before = field.getprevious()
        if before is not None and before.tag in ("h2", "h3"):
            before.drop_tree()
        field.drop_tree()
    for one in content.xpath(".//form | .//input | .//textarea | .//select"):
        one.set("autocomplete", "off")


def _keep_inside(content: Any, visit: Visit) -> None:
    """Links and forms lead within the visit, or nowhere."""
    for one in content.xpath(".//a[@href]"):
        led = one.get("href") if one.get("href").startswith("#") else _led(visit, one.get("href"))
        one.attrib.pop("target", None)
        if led and "download" not in one.attrib:
            one.set("href", led)
        else:
            one.tag = "span"
            one.attrib.clear()
    for one in content.xpath(".//form[@action]"):
        led = _led(visit, one.get("action"))
        if led:
            one.set("action", led)
        else:
            one.drop_tree()


def _led(visit: Visit, target: str) -> str:
    """Where an address of the site lies within the visit; empty for what is not shown there."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return target if not parts.path and not parts.netloc and target.startswith("?") else ""
    prefix = visit.page("mount", "x").removesuffix("x")
    inner = f"/{parts.path.removeprefix(prefix)}" if parts.path.startswith(prefix) else parts.path
    query = f"?{parts.query}" if parts.query else ""
    anchor = f"#{parts.fragment}" if parts.fragment else ""
    if inner == "/":
        return visit.menu
    if inner == "/search/":
        return visit.page("kiosk-search") + query
    if match := _RECORD.fullmatch(inner):
        return visit.page("kiosk-record", match[1])
    return f"{prefix}{inner[1:]}{query}{anchor}" if ALLOWED.fullmatch(inner) else ""
