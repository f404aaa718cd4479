"""Texts and files, stored once by SHA-256 in ``HOME/blobs``; events carry the hash.

Each is a file of its own; what comes in bulk lies in packs.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.conf import settings

from . import packs

_DIGEST = re.compile("[0-9a-f]{64}")


class Damaged(Exception):
    """A stored file is missing or no longer has its hash; the message is Chinese and names it."""


def path_of(digest: str) -> Path:
    """Where the file of a hash lies."""
    return Path(_place(digest))


def _place(digest: str) -> str:
    """The same as plain text: a search for a path of a hundred thousand texts is felt."""
    if not _DIGEST.fullmatch(digest):
        raise Damaged(f"不是有效的文件标识：{digest[:80]}")
    return f"{settings.HOME}/blobs/{digest[:2]}/{digest}"


def put(content: bytes) -> str:
    """Store and return the SHA-256; durable before it returns, so that an event never names a missing file."""
    digest = hashlib.sha256(content).hexdigest()
    target = path_of(digest)
    if target.exists():
        return digest
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(target)
    return digest


def put_many(contents: Iterable[bytes]) -> list[str]:
    """Store many texts and return their SHA-256 in order; all are durable before it returns.

    They go into one file (:mod:`.packs`), written out once for all. A crash leaves the whole of it or nothing.
    """
    digests, fresh = [], dict[str, bytes]()
    for content in contents:
        digests.append(digest := hashlib.sha256(content).hexdigest())
        if not os.path.exists(_place(digest)):
            fresh[digest] = content
    for key in packs.among(_packs(), fresh.keys()):
        del fresh[key]
    if fresh:
        packs.write(_packs(), fresh)
    return digests


def exists(digest: str) -> bool:
    """Whether there is a content of this hash."""
    return path_of(digest).exists() or packs.find(_packs(), digest) is not None


def _packs() -> Path:
    return _packs_of(settings.HOME)


@cache
def _packs_of(home: str | Path) -> Path:
    return Path(home) / "blobs" / "packs"


def get(digest: str) -> bytes:
    """The content of a hash; raises :class:`Damaged` when it is missing or altered."""
    place = _place(digest)
    content = packs.find(_packs(), digest, again=False)
    if content is None:
        try:
            with open(place, "rb") as file:
                content = file.read()
        except FileNotFoundError:
            content = packs.find(_packs(), digest)
    if content is None:
        raise Damaged(f"文件缺失：{digest}")
    if hashlib.sha256(content).hexdigest() != digest:
        raise Damaged(f"文件已被改动：{digest}")
    return content
