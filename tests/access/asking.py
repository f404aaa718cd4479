"""Walks the addresses of the product and asks for them as somebody; nothing that happens stays."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from gongkai.ledger import clock

from .objects import NOW, World
from .table import Row


def addresses(resolver: URLResolver | None = None, names: tuple[str, ...] = ()) -> Iterator[str]:
    """The full name of every address; one without a name comes as its pattern, which no table can have."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLPattern):
            yield ":".join((*names, one.name)) if one.name else f"unnamed: {one.pattern}"
        else:
            yield from addresses(one, (*names, one.namespace) if one.namespace else names)


def address(name: str, row: Row, world: World) -> str:
    """The address of a row, about its object."""
    return reverse(name, kwargs=world.keys[row.at] if row.at else None) + row.query


def ask(url: str, client: Client, method: str = "get", **data: Any) -> Any:
    """The answer, with its whole body read; the database and the browser are as before."""
    with clock.at(NOW), transaction.atomic():
        cookies = client.cookies.copy()
        answer = getattr(client, method)(url, data)
        client.cookies = cookies
        answer.text_of = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer


def look(world: World, url: str, role: str | None) -> Any:
    """What somebody of the office (None: nobody) sees at an address; the same question is asked once."""
    if (url, role) not in world.seen:
        world.seen[url, role] = ask(url, world.near[role] if role else world.nobody)
    return world.seen[url, role]


def outcome(answer: Any) -> str:
    """What an answer comes to."""
    if answer.status_code == 302 and answer.url.startswith("/office/login/?next="):
        return "sign-in"
    if answer.status_code == 302 and answer.url in {"/apply/status/", "/messages/status/", "/mistakes/status/"}:
        return "prove"
    if answer.status_code >= 500:
        return "broken"
    return {403: "refused", 404: "missing", 405: "no post"}.get(answer.status_code, "open")
