"""The embedded server hands out the baked tree itself; behind nginx these requests never come here."""

from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from gongkai.ui import packing

from . import tree

Handler = Callable[[HttpRequest], HttpResponse]
TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
    "xml": "application/xml",
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
}


def baked(get_response: Handler) -> Handler:
    """Answer from the tree what lies there; everything else is rendered."""

    def handle(request: HttpRequest) -> HttpResponse:
        if not settings.SERVE_BAKED or request.method not in ("GET", "HEAD") or request.META.get("QUERY_STRING"):
            return get_response(request)
        return _answer(request) or get_response(request)

    return handle


def _answer(request: HttpRequest) -> HttpResponse | None:
    name = PurePosixPath(request.path).suffix.lstrip(".") if not request.path.endswith("/") else "html"
    if name not in TYPES:
        return None
    for file in (tree.PAGE, tree.GONE) if name == "html" else (tree.PAGE,):
        target = tree.path_of(request.path, file)
        if target is None:
            return None
        if target.is_file():
            return _handed_out(request, target, TYPES[name], 410 if file == tree.GONE else 200)
    return None


def _handed_out(request: HttpRequest, target: Path, kind: str, status: int) -> HttpResponse | None:
    """The file, packed for readers who take it so; None when it went meanwhile."""
    ways = packing.taken(request.headers.get("Accept-Encoding", ""))
    packed = {target.with_name(target.name + coding.ending): coding.name for coding in ways}
    chosen = next((file for file in packed if file.is_file()), target)
    try:
        mark = target.stat()
        etag = f'"{int(mark.st_mtime):x}-{mark.st_size:x}"'
        if request.headers.get("If-None-Match") == etag:
            return HttpResponseNotModified(headers={"ETag": etag})
        response = HttpResponse(chosen.read_bytes(), content_type=kind, status=status)
    except FileNotFoundError:
        return None
    response["ETag"], response["Cache-Control"], response["Vary"] = etag, "no-cache", "Accept-Encoding"
    response["Last-Modified"] = formatdate(mark.st_mtime, usegmt=True)
    if chosen in packed:
        response["Content-Encoding"] = packed[chosen]
    return response
