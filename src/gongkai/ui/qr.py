"""The address of a page as a picture for telephones 二维码, drawn by the server when somebody asks for it.

Apart from the page, because drawing takes longer than the page itself.
"""

import io
from functools import lru_cache
from urllib.parse import quote

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

LONGEST = 300  # characters of an address


def of(path: str) -> str:
    """The address of the picture for a page of this site, by its path."""
    return f"/qr.svg?page={quote(path, safe='/@')}"


def picture(request: HttpRequest) -> HttpResponse:
    """``/qr.svg?page=/records/…/``: an SVG picture of that page's whole address. 404 for what is not on this site."""
    path = request.GET.get("page", "")
    if not path.startswith("/") or path.startswith("//") or len(path) > LONGEST or not path.isprintable():
        raise Http404
    address = f"{settings.ORIGIN}{quote(path, safe='/@?=&%-')}"
    return HttpResponse(
        _draw(address), content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"}
    )


@lru_cache(maxsize=256)
def _draw(address: str) -> bytes:
    drawn = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, omitsize=True, light="#fff", svgclass=None, lineclass=None)
    return drawn.getvalue()
