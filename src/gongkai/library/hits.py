"""The records a search found, read at once: their texts for the snippets, and what the page shows of each."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db import connection

from gongkai.ledger import blobs
from gongkai.records.models import Record

from . import queries


class Row(NamedTuple):
    """What a hit shows, what its validity is derived from, and what says where it is shown: columns of ``Record``."""

    key: str
    text: str
    kind: str
    subject_kind: str
    public: bool
    issuer: str
    document_number: str
    published_on: date | None
    written_on: date | None
    effective_on: date | None
    valid_until: date | None
    ceased_on: date
    ended_how: str
    body__name: str


_Rows = dict[str, Row]
_read: ContextVar[_Rows | None] = ContextVar("read", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Inside, a record whose text was read for a snippet is not read again for the page."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def rows(keys: Sequence[str]) -> Mapping[str, Row]:
    """These records by key, those that are gone left out. One query, none where all were read."""
    known = _read.get()
    if known is None:
        known = {}
    if unknown := [key for key in dict.fromkeys(keys) if key not in known]:
        with connection.cursor() as cursor:
            cursor.execute(_statement(len(unknown)), unknown)
            known.update((row[0], Row._make(row)) for row in cursor.fetchall())
    return known


@lru_cache
def _statement(count: int) -> str:
    """The query for so many records, composed once: composing it costs more than asking it."""
    some = Record.objects.filter(key__in=[str(n) for n in range(count)]).order_by()
    statement: str = some.values_list(*Row._fields).query.sql_with_params()[0]
    return statement


def texts(keys: Sequence[str]) -> Mapping[str, str]:
    """The current texts by key, for snippets; those that are lost are left out."""
    found, made = rows(keys), {}
    for key in keys:
        if key in found and found[key].text:
            with suppress(blobs.Damaged):
                made[key] = queries.text_of(found[key].text)
    return made
