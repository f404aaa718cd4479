"""Walks the addresses of the product and asks for them as somebody; nothing that happens stays."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from gongkai.ledger import clock
from gongkai.organs.models import Person

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


@cache
def _client(person: Person | None) -> Client:
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    return client


def ask(url: str, person: Person | None = None, method: str = "get", **data: Any) -> Any:
    """The answer, with its whole body read; the database is as before."""
    with clock.at(NOW), transaction.atomic():
        answer = getattr(_client(person), method)(url, data)
        answer.text_of = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer


def outcome(answer: Any) -> str:
    """What an answer comes to."""
    if answer.status_code == 302 and answer.url.startswith("/office/login/?next="):
        return "sign-in"
    if answer.status_code == 302 and answer.url == "/apply/status/":
        return "prove"
    if answer.status_code >= 500:
        return "broken"
    return {403: "refused", 404: "missing", 405: "no post"}.get(answer.status_code, "open")
