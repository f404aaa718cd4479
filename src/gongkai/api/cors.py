"""Programs of other sites may read what is public (CORS): GET only, without cookies or tokens, never the applicants' part."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

Handler = Callable[[HttpRequest], HttpResponse]
#: What may be read from elsewhere: the API but for requests, and every public address that ends like data.
READABLE = re.compile(
    r"/(?!office/|api/)[^?]*\.(?:json|csv|atom|rss|xml|txt)"
    r"|/api/v1/(?:openapi\.json|search|(?:records|norms|figures|reports|bodies|columns)(?:[/.].*)?)"
)


def readable(get_response: Handler) -> Handler:
    """Middleware: the headers, and the answer to a browser that asks before it reads."""

    def handle(request: HttpRequest) -> HttpResponse:
        origin = request.headers.get("Origin", "")
        if not READABLE.fullmatch(request.path):
            return get_response(request)
        if request.method == "OPTIONS" and origin and "Access-Control-Request-Method" in request.headers:
            response = HttpResponse(status=204, headers={"Allow": "GET"})
            if allowed(origin):
                response["Access-Control-Allow-Methods"] = "GET"
                response["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
                response["Access-Control-Max-Age"] = "86400"
        else:
            response = get_response(request)
        if "*" in settings.CORS_ORIGINS:
            response["Access-Control-Allow-Origin"] = "*"
        else:
            patch_vary_headers(response, ["Origin"])
            if allowed(origin):
                response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Retry-After"
        return response

    return handle


def allowed(origin: str) -> bool:
    """Whether pages of this origin may read."""
    return "*" in settings.CORS_ORIGINS or origin in settings.CORS_ORIGINS
