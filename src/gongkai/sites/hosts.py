"""A site's own host leads to the site: the embedded server does what nginx does in front (docs/how-to/open-a-site.md)."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from .models import Site

Handler = Callable[[HttpRequest], HttpResponse]


def led(get_response: Handler) -> Handler:
    """Middleware: ``/`` asked of a site's own host is answered with the site's address, where every page has its one place."""

    def handle(request: HttpRequest) -> HttpResponse:
        url = _site_of(request.META.get("HTTP_HOST", "")) if request.path == "/" else ""
        return HttpResponseRedirect(f"{settings.ORIGIN}{url}") if url else get_response(request)

    return handle


def _site_of(host: str) -> str:
    """The address of the site with a host; empty for the main site's and for unknown ones. A closed one says so itself."""
    name = host.partition(":")[0].lower()
    if not name or settings.ORIGIN.endswith(f"//{host}"):
        return ""
    # Both databases find an element of a JSON list as a quoted word in its text.
    rows = Site.objects.filter(hosts__icontains=f'"{name}"', main=False).exclude(state="draft")
    return next((row.url for row in rows if name in map(str.lower, row.hosts)), "")
