"""The vault: personal data, sealed with Fernet under rotating keys, outside the append-only ledger.

Retention can erase an entry while the chain stays whole. Every opening is logged.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import connection, transaction

from . import clock
from .models import Reading, Secret


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(fernet_key(key)) for key in keys])


def fernet_key(key: str) -> bytes:
    """A key of the ring as Fernet takes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())


def box() -> MultiFernet:
    """The ring as it is now: the newest key seals, every key opens."""
    return _box(tuple(settings.VAULT_KEYS))


@transaction.atomic(savepoint=False)
def put(key: str, values: Mapping[str, Any]) -> None:
    """Seal ``values`` under ``key`` (a new key, or an entry that may be replaced)."""
    newest = ""
    # The ring may change between sealing and writing; once the row is written, a rotation waits for this transaction.
    while newest != settings.VAULT_KEYS[0]:
        newest = settings.VAULT_KEYS[0]
        entry = Secret(key=key, sealed=seal(values).encode())
        # One statement, new or replaced: a submission seals two entries.
        Secret.objects.bulk_create([entry], update_conflicts=True, unique_fields=["key"], update_fields=["sealed"])


def read(key: str, reader: str, purpose: str) -> dict[str, Any]:
    """Open an entry and log who did; an erased entry is empty."""
    Reading.objects.create(secret=key, reader=reader, at=clock.now(), purpose=purpose)
    return peek(key)


def masked(key: str) -> dict[str, str]:
    """An entry as screens show it without special cause: enough to tell cases apart, not to know the person."""
    return masked_values(peek(key))


def masked_values(values: Mapping[str, Any]) -> dict[str, str]:
    """Values of an entry, masked."""
    return {name: mask(name, str(value)) for name, value in values.items()}


def mask(name: str, value: str) -> str:
    """陈＊＊ for a name, 5001＊…＊21 for a number; addresses keep their first six characters."""
    if name == "content":  # what was asked for: officers must read it to work; names in it are the writer's own
        return value
    if name == "name":
        return value[:1] + "＊" * max(1, len(value) - 1)
    if name == "address":
        return value[:6] + "＊＊＊"
    if len(value) <= 6:
        return "＊" * len(value)
    return value[:3] + "＊" * (len(value) - 5) + value[-2:]


def peek(key: str) -> dict[str, Any]:
    """An entry for the house's own use (sending a letter, comparing a code): not logged, never shown to people."""
    entry = Secret.objects.filter(key=key).first()
    if entry is None:
        return {}
    values: dict[str, Any] = json.loads(_box(tuple(settings.VAULT_KEYS)).decrypt(bytes(entry.sealed)))
    return values


def peek_many(keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Many entries for the house's own use, by key, in one query for every 500; those that are erased are left out."""
    ring, found = _box(tuple(settings.VAULT_KEYS)), {}
    for start in range(0, len(keys), 500):
        for entry in Secret.objects.filter(key__in=keys[start : start + 500]):
            found[entry.key] = json.loads(ring.decrypt(bytes(entry.sealed)))
    return found


def erase(key: str) -> None:
    """Forget an entry for good (retention); the ledger's reference then leads to nothing."""
    Secret.objects.filter(key=key).delete()


def erase_below(prefix: str) -> None:
    """Forget every entry whose key begins so, for good. May be repeated, and interrupted, at will."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")  # freed space is overwritten, not only forgotten
        transaction.on_commit(_empty_the_log)
    Secret.objects.filter(key__startswith=prefix).delete()


def _empty_the_log() -> None:
    """SQLite's write-ahead log still holds the old pages until it is emptied."""
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def rotate(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Seal every entry anew under the newest key; returns how many. ``progress`` is told (done, of how many).

    May be interrupted and repeated at will, beside people at work: an entry that changes meanwhile is left to
    whoever changed it, and looked at again.
    """
    count, total = 0, Secret.objects.count()
    while keys := list(stale()):
        for key in keys:
            entry = Secret.objects.filter(key=key).first()
            if entry is None:
                continue
            old = bytes(entry.sealed)
            new = _box(tuple(settings.VAULT_KEYS)).rotate(old)
            count += Secret.objects.filter(key=key, sealed=old).update(sealed=new)
            progress(min(count, total), total)
    progress(total, total)
    return count


def stale() -> Iterator[str]:
    """The entries that do not open with the newest key alone."""
    newest = _box(tuple(settings.VAULT_KEYS)[:1])
    for entry in Secret.objects.order_by("key").iterator(chunk_size=500):
        try:
            newest.decrypt(bytes(entry.sealed))
        except InvalidToken:
            yield entry.key


@contextmanager
def closed() -> Iterator[None]:
    """Within the block nobody else writes an entry, and whoever was writing one has finished."""
    with transaction.atomic():  # SQLite: IMMEDIATE, which waits for the writer
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE ledger_secret IN SHARE ROW EXCLUSIVE MODE")
        yield


def seal(values: Mapping[str, Any]) -> str:
    """Values sealed into a text, for what lives as long as its carrier does (a session)."""
    return _box(tuple(settings.VAULT_KEYS)).encrypt(json.dumps(dict(values), ensure_ascii=False).encode()).decode()


def unseal(text: str) -> dict[str, Any] | None:
    """What :func:`seal` sealed; None when no key opens it (any more)."""
    try:
        values: dict[str, Any] = json.loads(_box(tuple(settings.VAULT_KEYS)).decrypt(text.encode()))
    except InvalidToken:
        return None
    return values
