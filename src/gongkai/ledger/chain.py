"""The hash chain of each subject, and the seals over all of them. SHA-256 over canonical JSON."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import orjson

#: What the first line of a subject, and the first seal, name as the one before.
ROOT = "0" * 64
#: What JSON itself has no way to say is refused, not guessed at.
PLAIN = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


def canonical(value: Any) -> bytes:
    """The one way to write a JSON value: sorted keys, no spaces, UTF-8. TypeError for what JSON has no way to say."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | PLAIN)


def line_hash(
    subject_kind: str,
    subject: str,
    seq: int,
    kind: str,
    legal_day: date,
    recorded_at: datetime,
    actor: str,
    data: dict[str, Any],
    previous: str,
) -> str:
    """The hash of one line; every column of it counts."""
    instant = recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    parts = [subject_kind, subject, seq, kind, legal_day.isoformat(), instant, actor, data, previous]
    return hashlib.sha256(canonical(parts)).hexdigest()


def seal_digest(previous: str, lines: Iterable[tuple[int, str]]) -> str:
    """The digest of a seal: the seal before and (id, hash) of every line it covers, in order."""
    digest = hashlib.sha256(previous.encode())
    for number, line in lines:
        digest.update(f"{number}:{line};".encode())
    return digest.hexdigest()
