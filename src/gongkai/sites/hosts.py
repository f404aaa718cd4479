"""A site's own host leads to the site: the embedded server does it by itself, and a server in front finds in ``HOME/hosts``
where each leads (docs/how-to/open-a-site.md)."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from gongkai.ui import public

from .models import Site

Handler = Callable[[HttpRequest], HttpResponse]


def led(get_response: Handler) -> Handler:
    """Middleware: ``/`` asked of a site's own host is answered with the site's address, where every page has its one place."""

    def handle(request: HttpRequest) -> HttpResponse:
        host = request.META.get("HTTP_HOST", "").partition(":")[0].lower()
        url = own().get(host) if request.path == "/" else None
        return HttpResponseRedirect(f"{settings.ORIGIN}{url}") if url else get_response(request)

    return handle


def own() -> dict[str, str]:
    """The own hosts of all sites but the main one, with the address of each site. A closed one says so itself."""
    rows = Site.objects.filter(main=False).exclude(state="draft").order_by("-key")
    found = {host.partition(":")[0].lower(): row.url for row in rows for host in row.hosts}
    found.pop(urlsplit(settings.ORIGIN).hostname or "", None)
    return found


def keep_up() -> int:
    """One look of the worker: ``HOME/hosts`` holds a link for each own host, named like it, to the baked front page of its
    site. Returns how many links were made or taken away."""
    folder = Path(settings.HOME) / "hosts"
    public.folder(folder)
    wanted = {host: f"../site{url}".removesuffix("/") for host, url in own().items()}
    there = {entry.name: os.readlink(entry.path) for entry in os.scandir(folder) if entry.is_symlink()}
    for host in there.keys() - wanted.keys():
        (folder / host).unlink()
    changed = [host for host, target in wanted.items() if there.get(host) != target]
    for host in changed:
        fresh = folder / f"{host}.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(wanted[host])
        fresh.replace(folder / host)
    return len(changed) + len(there.keys() - wanted.keys())
