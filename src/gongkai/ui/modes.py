"""Display modes: size (standard or elderly 长者版) and colour. Chosen by link, remembered in a cookie, no JavaScript.

A page differs between modes only in two attributes of ``<html>``; everything else is style (docs/features/modes.md).
"""

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

COOKIE = "display"
YEAR = 365 * 24 * 3600

#: What may be chosen, with the words people see; the first of each is the default.
SIZES = {"standard": "标准版", "elder": "长者版（大字）"}
COLOURS = {"auto": "跟随设备", "light": "浅色", "dark": "深色", "contrast": "高对比（黑底）"}


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


def choose(request: HttpRequest) -> HttpResponse | None:
    """Remember the choice in ``?size=…&colour=…`` and go back to ``next`` on this site; None when nothing is chosen.

    A link, not a form: a preference needs no protection, and a baked page cannot carry a form token.
    """
    if not {"size", "colour"} & request.GET.keys():
        return None
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    mode = of(request).chosen(request.GET.get("size"), request.GET.get("colour"))
    response.set_cookie(COOKIE, str(mode), max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response
