"""Each request gets a name, is counted and timed, and leaves a line in the log."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from . import logs
from .counters import COUNTERS

log = logging.getLogger("gongkai.access")
Handler = Callable[[HttpRequest], HttpResponse]
_NAME = re.compile(r"[0-9a-f-]{8,64}")


def observe(get_response: Handler) -> Handler:
    """The name goes out as ``X-Request-ID``; a line says route, status, milliseconds and the key of the person."""

    def handle(request: HttpRequest) -> HttpResponse:
        name = _name(request)
        token, start = logs.current.set(name), time.perf_counter()
        try:
            response = get_response(request)
            seconds = time.perf_counter() - start
            response.headers["X-Request-ID"] = name
            COUNTERS.count(_area(request), response.status_code, seconds)
            _say(request, response.status_code, seconds)
            return response
        finally:
            logs.current.reset(token)

    return handle


def _name(request: HttpRequest) -> str:
    """What the proxy before us calls the request, where there is one; else a name of our own."""
    given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
    return given if _NAME.fullmatch(given) else uuid.uuid4().hex


def _area(request: HttpRequest) -> str:
    head = request.path.split("/", 2)[1]
    return head if head in ("office", "api") else "site"


def _say(request: HttpRequest, status: int, seconds: float) -> None:
    level = logging.ERROR if status >= 500 else logging.INFO
    if not log.isEnabledFor(level):
        return
    match = getattr(request, "resolver_match", None)
    fields = {
        # The route, never the address: addresses hold keys, and queries hold what people look for.
        "route": (match.view_name or match.route) if match else "",
        "method": request.method or "",
        "status": status,
        "ms": round(seconds * 1000, 1),
    }
    # Only where the page itself asked who it is: looking would open the session of every public page.
    user = getattr(request, "_cached_user", None)
    if user is not None and user.is_authenticated:
        fields["user"] = f"person/{user.pk}"
    log.log(level, "request", extra={"fields": fields})
