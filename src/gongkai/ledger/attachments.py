"""Attachments: files people send, sealed in ``HOME/attachments``, outside the ledger.

A line of the ledger carries a file's reference, size and type; the name (it often holds a person's name) and the content
are sealed with the keys of the vault, so that retention can erase them while the chain stays whole. A file is written
before the line that names it and stays under ``incoming`` until that line is committed; what a crash leaves there is
cleared by :func:`sweep`.
"""

import json
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from . import clock, vault
from .models import Event, Reading
from .uploads import KINDS, MB, Upload, check, kind_of, limits

__all__ = [
    "MB",
    "Kept",
    "Missing",
    "Upload",
    "check",
    "erase",
    "get",
    "keeping",
    "limits",
    "name_of",
    "rotate",
    "serve",
]

_DAY = 24 * 3600


class Missing(Exception):
    """A file that was erased, or never was; the message is Chinese."""

    def __init__(self) -> None:
        super().__init__("这个附件不存在，或者已按保管期限清除")


@dataclass
class Kept:
    """Files stored in one step; ``told`` is what the line of the ledger says of them."""

    told: list[dict[str, Any]] = field(default_factory=list)

    def forget(self) -> None:
        """Remove them again: nothing names them."""
        for one in self.told:
            erase(one["ref"])
        self.told.clear()


@contextmanager
def keeping(uploads: Sequence[Upload], name: str = "files") -> Iterator[Kept]:
    """Check and store files for the lines written inside the block; when it fails they are removed again.

    Raises ``procedure.Invalid`` naming the field ``name`` and each file that is refused.
    """
    check(uploads, name)
    kept = Kept()
    try:
        for upload in uploads:
            kept.told.append(_store(upload))
        yield kept
    except BaseException:
        kept.forget()
        raise
    references = [one["ref"] for one in kept.told]
    if references:
        transaction.on_commit(lambda: [_settle(reference) for reference in references])


def _store(upload: Upload) -> dict[str, Any]:
    reference, kind = secrets.token_hex(16), kind_of(upload.name)
    path = _incoming() / reference
    newest = ""
    # As in vault.put: a rotation that began while we sealed has either seen the file, or is seen here.
    while newest != settings.VAULT_KEYS[0]:
        newest = settings.VAULT_KEYS[0]
        box = vault.box()
        head = json.dumps({"name": upload.name, "kind": kind}, ensure_ascii=False).encode()
        _write(path, box.encrypt(head) + b"\n" + box.encrypt(upload.content))
    return {"ref": reference, "type": kind, "size": len(upload.content)}


def _write(path: Path, content: bytes) -> None:
    """Durable and whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)


def _root() -> Path:
    return Path(settings.HOME) / "attachments"


def _incoming() -> Path:
    return _root() / "incoming"


def _settled(reference: str) -> Path:
    return _root() / reference[:2] / reference


def _settle(reference: str) -> None:
    """Out of ``incoming``: a committed line names the file."""
    target = _settled(reference)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    (_incoming() / reference).replace(target)


def _find(reference: str) -> Path:
    if len(reference) == 32 and set(reference) <= set("0123456789abcdef"):
        for path in (_settled(reference), _incoming() / reference):
            if path.is_file():
                return path
    raise Missing


def get(reference: str) -> Upload:
    """Name and content of a file. Raises :class:`Missing`."""
    head, _, body = _find(reference).read_bytes().partition(b"\n")
    box = vault.box()
    return Upload(json.loads(box.decrypt(head))["name"], box.decrypt(body))


def name_of(reference: str) -> str:
    """The name a file came with, without opening the file; empty once erased."""
    try:
        with _find(reference).open("rb") as file:
            name: str = json.loads(vault.box().decrypt(file.readline().rstrip(b"\n")))["name"]
            return name
    except Missing:
        return ""


def erase(reference: str) -> None:
    """Forget a file for good (retention); the ledger's reference then leads to nothing."""
    try:
        _find(reference).unlink(missing_ok=True)
    except Missing:
        return


def serve(reference: str, reader: str, purpose: str) -> HttpResponse:
    """A file to somebody whose right was checked: logged, only to be saved, never shown inside a page.

    Raises :class:`Missing`.
    """
    upload = get(reference)
    Reading.objects.create(secret=f"attachment/{reference}", reader=reader, at=clock.now(), purpose=purpose)
    kind = KINDS[kind_of(upload.name)]
    headers = {
        "Content-Disposition": content_disposition_header(True, upload.name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(upload.content, content_type=kind.mime, headers=headers)


def _files() -> list[Path]:
    return sorted(path for path in _root().glob("*/*") if not path.name.startswith("."))


def rotate(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Seal anew, under the newest key, every file that is not; returns how many. May be interrupted and repeated."""
    count, files = 0, _files()
    for done, path in enumerate(files, 1):
        count += _renew(path)
        progress(done, len(files))
    return count


def _renew(path: Path) -> bool:
    box, newest = vault.box(), Fernet(vault.fernet_key(settings.VAULT_KEYS[0]))
    try:
        head, _, body = path.read_bytes().partition(b"\n")
        newest.decrypt(head)
        return False
    except FileNotFoundError:  # erased, or settled under its other name, where the next look finds it
        return _settled(path.name).is_file() and path.parent.name == "incoming" and _renew(_settled(path.name))
    except InvalidToken:
        _write(path, box.rotate(head) + b"\n" + box.rotate(body))
        return True


def sweep(now: float | None = None) -> int:
    """Clear what crashes left in ``incoming`` more than a day ago (daily); returns how many files were removed."""
    gone = 0
    for path in _incoming().glob("*"):
        if (now or time.time()) - path.stat().st_mtime < _DAY:
            continue
        if not path.name.startswith(".") and _is_named(path.name):
            _settle(path.name)
        else:
            path.unlink()
            gone += 1
    return gone


def _is_named(reference: str) -> bool:
    rows = Event.objects.annotate(text=Cast("data", TextField()))
    return rows.filter(text__contains=reference).exists()
