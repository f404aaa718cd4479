"""One page as the baker sees it: asked of its view as an anonymous reader without cookies would ask."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import Resolver404

from gongkai.ui.modes import Mode

from .reading import recording
from .routes import view_of


class NotForAll(Exception):
    """A page that differs between readers (it carries a form token) cannot be baked."""


@dataclass(frozen=True)
class Made:
    """A rendered page: what it says, whether it was taken down, what it was made of."""

    address: str
    content: bytes
    gone: bool
    keys: frozenset[str]
    until: date | None


def request_for(address: str) -> HttpRequest:
    """The request of somebody unknown for an address of this installation."""
    origin = urlsplit(settings.ORIGIN)
    secure = origin.scheme == "https"
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": quote(address, safe="/@:.").encode("ascii").decode("latin-1"),
            "QUERY_STRING": "",
            "SERVER_NAME": origin.hostname or "localhost",
            "SERVER_PORT": str(origin.port or (443 if secure else 80)),
            "HTTP_HOST": origin.netloc,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": origin.scheme,
            "wsgi.input": BytesIO(),
        }
    )
    request.user = AnonymousUser()
    request.mode = Mode()
    return request


def render(address: str) -> Made | None:
    """The page at an address; None where there is none to bake (absent, or led elsewhere).

    Raises :class:`NotForAll`, and whatever a broken view raises.
    """
    request = request_for(address)
    with recording() as sources:
        try:
            view, named = view_of(address)
            response: HttpResponseBase = view(request, **named)
        except (Http404, Resolver404):
            return None
        if hasattr(response, "render") and not getattr(response, "is_rendered", True):
            response = response.render()
    if response.status_code not in (200, 410) or response.streaming:
        return None
    if request.META.get("CSRF_COOKIE_NEEDS_UPDATE") or response.cookies:
        raise NotForAll(address)
    gone = response.status_code == 410
    if gone and not address.endswith("/"):
        return None  # a file that was taken down has no page to say so
    return Made(address, response.content, gone, frozenset(sources.keys), sources.until)  # type: ignore[attr-defined]
