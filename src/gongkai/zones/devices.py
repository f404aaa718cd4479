"""The link that makes a browser the terminal of a zone, and the proof it keeps.

Nothing secret is stored: the link is made from the installation's key, the zone and the number of the link; a new link
ends the old one, and every terminal set up with it.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

_SALT = "gongkai.zones.devices"
COOKIE, YEAR = "terminal", 365 * 24 * 3600


def secret(zone: str, link: int) -> str:
    """The secret of a zone's link: 160 bits."""
    return salted_hmac(_SALT, f"{zone}:{link}", algorithm="sha256").hexdigest()[:40]


def link(zone: str, number: int) -> str:
    """The address to open once on the terminal."""
    return reverse("portal:zones:device", args=[zone, secret(zone, number)])


def path_of(zone: str) -> str:
    """The path below which everything of a zone's terminals lies; their cookies are sent there only."""
    return reverse("portal:zones:start", args=[zone])


def is_right(zone: str, number: int, told: str) -> bool:
    """Whether a secret is the present one."""
    return number > 0 and constant_time_compare(told, secret(zone, number))


def remember(request: HttpRequest, response: HttpResponse, zone: str, number: int) -> None:
    """Keep in this browser that it is a terminal of the zone."""
    response.set_cookie(
        COOKIE, secret(f"{zone}/kept", number), max_age=YEAR, path=path_of(zone), httponly=True, samesite="Lax",
        secure=request.is_secure() or settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def is_terminal(request: HttpRequest, zone: str, number: int) -> bool:
    """Whether this browser was made a terminal with the present link."""
    kept = request.COOKIES.get(COOKIE, "")
    return number > 0 and constant_time_compare(kept, secret(f"{zone}/kept", number))
