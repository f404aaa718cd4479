"""Display modes: size (standard or elderly 长者版, in three steps) and colour. Chosen by link, remembered in a cookie,
no JavaScript.

The page is the same in every mode, so that it can be baked. ``/mode.css``, linked last, is answered according to the
cookie: one of :func:`sheets` (docs/features/modes.md).
"""

from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import condition

from . import styles

COOKIE = "display"
YEAR = 365 * 24 * 3600

#: What may be chosen, with the words people see; the first of each is the default.
SIZES = {
    "standard": "标准版",
    "elder": "长者版（大字）",
    "larger": "长者版（更大的字）",
    "largest": "长者版（最大的字）",
}
#: The same sizes where there is little room.
TYPE_SIZES = {"standard": "标准", "elder": "大", "larger": "更大", "largest": "最大"}
COLOURS = {"auto": "跟随设备", "light": "浅色", "dark": "深色", "contrast": "高对比（黑底）"}

#: The special sheets each is made of, and the device it is for (None: any).
_SIZE_SHEETS = {"standard": (), "elder": ("elder",), "larger": ("elder", "larger"), "largest": ("elder", "largest")}
_LIGHT = "screen and (prefers-contrast: more) and (not (prefers-color-scheme: dark))"
_COLOUR_SHEETS = {
    "auto": (("more", _LIGHT), ("dark", "screen and (prefers-color-scheme: dark)")),
    "light": (("more", _LIGHT),),
    "dark": (("dark", "screen"),),
    "contrast": (("contrast", "screen"),),
}


@dataclass(frozen=True)
class Mode:
    """How one reader wants the pages."""

    size: str = "standard"
    colour: str = "auto"

    @classmethod
    def read(cls, text: str) -> "Mode":
        """The mode of a cookie such as ``elder.dark``; anything unknown falls back to the default."""
        size, _, colour = text.partition(".")
        return cls().chosen(size, colour)

    def chosen(self, size: str | None, colour: str | None) -> "Mode":
        """This mode with another size or colour, as far as they exist."""
        mode = replace(self, size=size) if size in SIZES else self
        return replace(mode, colour=colour) if colour in COLOURS else mode

    def __str__(self) -> str:
        return f"{self.size}.{self.colour}"


def of(request: HttpRequest) -> Mode:
    """The mode of a request."""
    return Mode.read(request.COOKIES.get(COOKIE, ""))


def sheets() -> dict[str, str]:
    """The style sheet of every mode by the cookie's value, such as ``elder.dark``.

    A server in front keeps them as files and picks one by the cookie; the default is ``standard.auto``.
    """
    return dict(_sheets()) if not settings.DEBUG else _make()


@cache
def _sheets() -> dict[str, str]:
    return _make()


def _make() -> dict[str, str]:
    colours = {
        colour: "".join(f"@media {media}{{{styles.special(name)}}}" for name, media in parts)
        for colour, parts in _COLOUR_SHEETS.items()
    }
    sizes = {size: "".join(map(styles.special, names)) for size, names in _SIZE_SHEETS.items()}
    return {
        f"{size}.{colour}": f"{sizes[size]}{colours[colour]}@layer modes{{{_here(size)}{_here(colour)}}}"
        for size in SIZES
        for colour in COLOURS
    }


def _here(choice: str) -> str:
    """The choice that is on, where choices are listed (``ui/mode_choices.html``)."""
    return f".choice-{choice}{{font-weight:700}}.choice-{choice} .on{{display:inline}}"


def _etag(request: HttpRequest) -> str:
    return f'"{sha256(sheets()[str(of(request))].encode()).hexdigest()[:16]}"'


@condition(etag_func=_etag)
def sheet(request: HttpRequest) -> HttpResponse:
    """``/mode.css``: the sheet of the reader's mode; asked for again with every page, answered 304 while it is the same."""
    response = HttpResponse(sheets()[str(of(request))], content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie"])
    return response


def choose(request: HttpRequest) -> HttpResponse | None:
    """Remember the choice in ``?size=…&colour=…`` and go back to ``next`` on this site; None when nothing is chosen.

    A link, not a form: a preference needs no protection, and a baked page cannot carry a form token. The link names the
    page without its query; where the reader comes from that page, the query is kept.
    """
    if not {"size", "colour"} & request.GET.keys():
        return None
    response = HttpResponseRedirect(_back(request))
    mode = of(request).chosen(request.GET.get("size"), request.GET.get("colour"))
    response.set_cookie(COOKIE, str(mode), max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


def _back(request: HttpRequest) -> str:
    back, came = request.GET.get("next", ""), request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    page, _, query = came.partition("?")
    return f"{back}?{query}" if query and page == request.build_absolute_uri(back) else back
