"""What every response of the house carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from . import modes

Handler = Callable[[HttpRequest], HttpResponse]

#: Nothing inline, nothing from elsewhere; pages may not be framed, and forms go to this site only.
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def display_mode(get_response: Handler) -> Handler:
    """Put the reader's :class:`~gongkai.ui.modes.Mode` on the request as ``request.mode``."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.mode = modes.of(request)  # type: ignore[attr-defined]
        response = get_response(request)
        patch_vary_headers(response, ["Cookie"])
        return response

    return handle


def security_headers(get_response: Handler) -> Handler:
    """Set the security headers, where the view has not set its own."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return handle
