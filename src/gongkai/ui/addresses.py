"""Addresses of named pages made quickly: a thousand links to records cost one look through the routes."""

from functools import cache

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse

#: Stands in an address where a part is put in; no part has it.
_SLOT = "zz-slot-{}-zz"


@cache
def _shape(name: str, parts: int, _prefix: str) -> str:
    path = reverse(name, args=[_SLOT.format(n) for n in range(parts)])
    for n in range(parts):
        path = path.replace(_SLOT.format(n), f"{{{n}}}")
    return path


def origin(request: HttpRequest) -> str:
    """What the whole addresses of this house begin with, as this reader reached it: ``https://www.example.gov.cn``."""
    return request.build_absolute_uri("/")[:-1]


def to(name: str, *slugs: str) -> str:
    """The address of a named page whose parts are slugs (letters, digits, hyphens, underscores): what ``reverse`` says.

    Raises ``NoReverseMatch`` where there is no such page.
    """
    return shape(name, len(slugs)).format(*slugs)


def shape(name: str, parts: int = 1) -> str:
    """The address of a named page as a text to ``format`` with so many slugs, for whoever needs it many times."""
    return _shape(name, parts, get_script_prefix())  # the house has one table of routes
