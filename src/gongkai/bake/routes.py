"""Which view answers an address: what Django's resolver finds, without asking every app in turn.

The routes are laid out in one table by their first step: an address is held against those that begin as it does, in the
order in which Django would try them. What begins as a route that is a regular expression is left to Django.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from django.http import HttpResponseBase
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.urls.resolvers import RoutePattern

View = Callable[..., HttpResponseBase]
#: Route, what its view is called with besides what stands in the address, the view; None is for Django to say.
Route = tuple[RoutePattern, dict[str, Any], View] | None


def view_of(address: str) -> tuple[View, dict[str, Any]]:
    """The view of an address and its arguments. Raises ``Resolver404`` where there is none."""
    rest, table = address.removeprefix("/"), _table()
    routes = table.get(rest.partition("/")[0], table[""])
    if None in routes:
        found = resolve(address)
        return found.func, found.kwargs
    for route, more, view in filter(None, routes) if address.startswith("/") else ():
        if match := route.match(rest):
            return view, {**match[2], **more}
    raise Resolver404({"path": address})


@cache
def _table() -> dict[str, list[Route]]:
    """The routes by their first step; those whose first step may be anything stand with each, under "" alone."""
    routes = list(_flat(get_resolver().url_patterns, "", {}))
    steps = {first for first, _ in routes}
    return {step: [one for first, one in routes if first in (step, "")] for step in steps | {""}}


def _flat(
    patterns: Iterable[URLPattern | URLResolver], before: str, more: dict[str, Any]
) -> Iterator[tuple[str, Route]]:
    for one in patterns:
        known = isinstance(one.pattern, RoutePattern)
        whole = f"{before}{one.pattern}" if known else before
        first, below, _ = whole.partition("/")
        first = first if below or (known and isinstance(one, URLPattern)) else ""
        if not known:
            yield first, None
        elif isinstance(one, URLResolver):
            yield from _flat(one.url_patterns, whole, more | one.default_kwargs)
        else:
            route = RoutePattern(whole, is_endpoint=True)
            yield "" if "<" in first else first, (route, more | one.default_args, one.callback)
