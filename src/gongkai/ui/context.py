"""What every template knows: the site, its legal marks, the day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Site:
    """The names and marks of an installation; set with ``SITE = {…}`` in the settings. Empty marks are not shown.

    ``government`` is the official name over ``title``; ``host`` is 主办单位; ``code`` 网站标识码; ``icp`` and ``police``
    the two registrations; ``mistakes`` the address of 我为政府网站找错.
    """

    government: str = "政府信息公开平台"
    title: str = "政府信息公开"
    host: str = ""
    code: str = ""
    icp: str = ""
    police: str = ""
    mistakes: str = ""
    contact: str = ""


def site_of_settings() -> Site:
    """The site as the settings name it. Raises TypeError for a name :class:`Site` does not know."""
    return Site(**getattr(settings, "SITE", {}))


def today() -> date:
    """The legal day, from the function named by ``settings.TODAY``, else the calendar's."""
    hook = getattr(settings, "TODAY", None)
    day: date = import_string(hook)() if hook else timezone.localdate()
    return day


def address(name: str, *args: Any) -> str | None:
    """The address of a named page, or None where no such page is installed: only what exists is linked."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None


def site(request: HttpRequest) -> dict[str, Any]:
    """The context processor. Touches neither session nor database, so that error pages can use it too."""
    return {
        "site": site_of_settings(),
        "demo": getattr(settings, "DEMO", False),
        "today": today(),
        "search_url": address("portal:library:search"),
    }
