"""Addresses of the public pages of sites, and the way out to addresses that are not the government's."""

from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer

from gongkai.ui.context import address

from .models import Column, Page, Site
from .vocabulary import CONTACT, FUNCTIONS, GUIDE, LEADER, LINK, PAGE, TOPIC

_signer = Signer(salt="sites.leave")
#: Where a page of each form stands below its site.
_FORMS = {
    TOPIC: "topics/{}/", LEADER: "leaders/{}/", GUIDE: "gov-info/guide/", FUNCTIONS: "functions/", CONTACT: "contact/",
}  # fmt: skip


def page(site: Site, one: Page) -> str:
    """The address of a page."""
    return site.url + _FORMS.get(one.form, "p/{}/").format(one.slug)


def column(site: Site, one: Column, pages: dict[str, Page]) -> str:
    """Where a column leads; "" where its target is not there."""
    if one.kind == LINK:
        return way_out(link(site, one.link), site.hosts)
    if one.kind == PAGE:
        return page(site, pages[one.page]) if one.page in pages else ""
    return f"{site.url}c/{one.slug}/"


def link(site: Site, target: str) -> str:
    """A target as written: an address, ``site:…`` below the site, or the name of a page of the house (``portal:…``), ""
    where it is not installed."""
    if target.startswith("site:"):
        return site.url + target.removeprefix("site:")
    return address(target) or "" if target.startswith("portal:") else target


def governmental(host: str, hosts: Sequence[str] = ()) -> bool:
    """Whether a host is the government's own."""
    own = {*hosts, *settings.ALLOWED_HOSTS, urlsplit(settings.ORIGIN).hostname or ""} - {"*", ""}
    return host in own or host == "gov.cn" or host.endswith(".gov.cn")


def way_out(url: str, hosts: Sequence[str] = ()) -> str:
    """The address itself, or the notice before leaving for one that is not the government's (国办发〔2017〕47号)."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or governmental(parts.hostname or "", hosts):
        return url
    return f"/leave/?{urlencode({'to': _signer.sign(url)})}"


def left_for(told: str) -> str | None:
    """The address a leave notice was made for by this installation; None for one made by somebody else."""
    try:
        return str(_signer.unsign(told))
    except BadSignature:
        return None
