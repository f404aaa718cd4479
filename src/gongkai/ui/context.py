"""What every template knows: the site, its legal marks, the day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from .addresses import to


@dataclass(frozen=True)
class Site:
    """The names and marks of a site; of an installation without sites they are ``SITE = {…}`` in the settings. Empty marks
    are not shown.

    ``government`` is the official name over ``title``; ``host`` is 主办单位; ``code`` 网站标识码; ``icp`` and ``police``
    the two registrations; ``mistakes`` the address of 我为政府网站找错. ``url`` is its front page, ``domain`` the first of
    its hosts, ``tint`` its main colour, ``navigation`` the columns of the first level as (name, address).
    """

    government: str = "政府信息公开平台"
    title: str = "政府信息公开"
    host: str = ""
    code: str = ""
    icp: str = ""
    police: str = ""
    mistakes: str = ""
    contact: str = ""
    key: str = ""
    url: str = "/"
    domain: str = ""
    tint: str = ""
    navigation: tuple[tuple[str, str], ...] = ()


def site_of_settings() -> Site:
    """The site as the settings name it. Raises TypeError for a name :class:`Site` does not know."""
    mistakes = address("portal:interaction:mistake") or ""
    return Site(**{"mistakes": mistakes, **getattr(settings, "SITE", {})})


def site_of(request: HttpRequest) -> Site:
    """The site a page belongs to: its view's (``request.site``), else the one ``settings.SITE_OF`` finds, else the settings'."""
    known: Site | None = getattr(request, "site", None)
    hook = getattr(settings, "SITE_OF", None)
    return known or (import_string(hook)(request) if hook else None) or site_of_settings()


def today() -> date:
    """The legal day, from the function named by ``settings.TODAY``, else the calendar's."""
    hook = getattr(settings, "TODAY", None)
    day: date = import_string(hook)() if hook else timezone.localdate()
    return day


def address(name: str, *args: Any) -> str | None:
    """The address of a named page, or None where no such page is installed: only what exists is linked."""
    try:
        return reverse(name, args=args) if args else to(name)
    except NoReverseMatch:
        return None


def site(request: HttpRequest) -> dict[str, Any]:
    """The context processor. The site is looked for when a template first asks for it."""
    return ground(SimpleLazyObject(lambda: site_of(request)))


def ground(site: Any) -> dict[str, Any]:
    """What pages of a site stand on, whoever reads them."""
    return {
        "site": site,
        "demo": getattr(settings, "DEMO", False),
        "today": today(),
        "search_url": address("portal:library:search"),
    }
