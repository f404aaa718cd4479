"""Texts and files, stored once by SHA-256 in ``HOME/blobs``; events carry the hash."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


class Damaged(Exception):
    """A stored file is missing or no longer has its hash; the message is Chinese and names it."""


def path_of(digest: str) -> Path:
    """Where the file of a hash lies."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise Damaged(f"不是有效的文件标识：{digest[:80]}")
    return Path(settings.HOME) / "blobs" / digest[:2] / digest


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


def get(digest: str) -> bytes:
    """The content of a hash; raises :class:`Damaged` when it is missing or altered."""
    try:
        content = path_of(digest).read_bytes()
    except FileNotFoundError:
        raise Damaged(f"文件缺失：{digest}") from None
    if hashlib.sha256(content).hexdigest() != digest:
        raise Damaged(f"文件已被改动：{digest}")
    return content
