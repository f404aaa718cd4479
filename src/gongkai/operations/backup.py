"""Backups: one file with everything a home needs, made while the house works.

The database comes first, as it was at one instant; then the files. Files are only ever added, each before the line that
names it, so whatever the database of that instant names is there when the files are read after it. What comes later is
in the next backup. Keys stay out unless asked for: whoever holds the backup alone cannot read personal data.

The archive gets its name only when it is whole and, unless told otherwise, was restored into a scratch home and verified
there: a file named ``gongkai-….tar.gz`` is a backup that holds.
"""

import fcntl
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from gongkai import __version__

from . import archive, restore, services, tables
from .models import Backup

PATTERN = "gongkai-*.tar.gz"
_PART = ".part"
#: Pages of the database copied between two looks at the progress.
PAGES = 4096
Progress = Callable[[int, int, str], None]


class Busy(Exception):
    """Something else is at work that a backup cannot run beside; the message is Chinese."""


@dataclass(frozen=True)
class Wish:
    """What is asked for: where to, how many to keep (0: all), with the keys, without verification."""

    to: Path
    keep: int = 0
    with_keys: bool = False
    verify: bool = True


def make(wish: Wish, progress: Progress = lambda done, total, note: None) -> Backup:
    """Make one backup. Raises :class:`Busy`, :class:`archive.Unfit` when it does not verify, OSError."""
    start = time.monotonic()
    wish.to.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(), _part(wish.to) as (part, file):
        manifest = _write(file, wish, progress)
        if wish.verify:
            progress(0, 1, "核验")
            restore.rehearse(part, wish.to)
        final = _place(part, wish.to)
    seconds = round(time.monotonic() - start, 1)
    row = services.backed_up(
        file=str(final), seconds=seconds, size=final.stat().st_size, digest=archive.digest_of(final),
        lines=manifest["lines"], files=manifest["count"], checked_at=datetime.now(UTC) if wish.verify else None,
    )  # fmt: skip
    _drop_old(wish.to, wish.keep)
    return row


@contextmanager
def _alone() -> Iterator[None]:
    """One backup at a time, and none while keys change: the parts would be sealed under different ones."""
    home = Path(settings.HOME)
    with (home / "backup.lock").open("w") as mine, (home / "vault-keys.lock").open("a") as keys:
        for file, how, words in (
            (mine, fcntl.LOCK_EX, "另一个 gongkai backup 正在运行，请等它结束"),
            (keys, fcntl.LOCK_SH, "gongkai keys rotate 正在更换密钥，请等它结束后再备份"),
        ):
            try:
                fcntl.flock(file, how | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy(words) from None
        yield


@contextmanager
def _part(to: Path) -> Iterator[tuple[Path, Any]]:
    """The file while it is written; what killed backups left in this directory is cleared."""
    for old in to.glob(f".gongkai-*{_PART}"):
        with old.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                old.unlink()
            except BlockingIOError:  # another home's backup, under way
                continue
    restore.clear(to)
    handle, name = tempfile.mkstemp(dir=to, prefix=".gongkai-", suffix=_PART)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield part, file
    finally:
        part.unlink(missing_ok=True)


def _write(file: Any, wish: Wish, progress: Progress) -> dict[str, Any]:
    writer = archive.Writer(file)
    with tempfile.TemporaryDirectory(dir=wish.to, prefix=restore.scratch_name()) as scratch:
        database = Path(scratch) / archive.DATABASE
        _snapshot(database, progress)
        facts = _facts(database)
        writer.add(archive.DATABASE, database)
    _files(writer, progress)
    for name in archive.KEYS if wish.with_keys else ():
        writer.add(name, Path(settings.HOME) / name)
    facts |= {"with_keys": wish.with_keys, "count": len(writer.files)}
    writer.close(facts)
    file.flush()
    os.fsync(file.fileno())
    return facts


def _snapshot(target: Path, progress: Progress) -> None:
    """The database as it is at one instant, as an SQLite file."""
    if connection.vendor == "postgresql":
        _snapshot_postgresql(target, progress)
    else:
        _snapshot_sqlite(Path(connection.settings_dict["NAME"]), target, progress)


def _snapshot_sqlite(path: Path, target: Path, progress: Progress) -> None:
    """An open read transaction holds the instant: writers go on in the log, and the copy never starts anew."""
    source, copy = sqlite3.connect(path, timeout=20), sqlite3.connect(target)
    try:
        source.execute("BEGIN")
        source.execute("SELECT 1 FROM ledger_event LIMIT 1").fetchone()
        source.backup(copy, pages=PAGES, progress=lambda _, left, total: progress(total - left, total, "数据库"))
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()
        source.close()


def _snapshot_postgresql(target: Path, progress: Progress) -> None:
    """Every row, read in one repeatable-read transaction, into a fresh SQLite database."""
    restore.django(target.parent, "django", "migrate", "--verbosity", "0")
    tables.open_archive(str(target))
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            tables.copy("default", tables.ARCHIVE, lambda done, total: progress(done, total, "数据库"))
    finally:
        tables.close_archive()


def _facts(database: Path) -> dict[str, Any]:
    copy = sqlite3.connect(database)
    try:
        lines, last = copy.execute("SELECT COUNT(*), MAX(id) FROM ledger_event").fetchone()
    finally:
        copy.close()
    made = datetime.now(UTC).isoformat(timespec="seconds")
    facts = {"made_at": made, "version": __version__, "database": connection.vendor, "lines": lines, "last": last or 0}
    return facts | {"key_marks": archive.key_marks(list(settings.VAULT_KEYS))}


def _files(writer: archive.Writer, progress: Progress) -> None:
    home = Path(settings.HOME)
    total = sum(1 for _ in _walk(home / "blobs")) + sum(1 for _ in _walk(home / "attachments"))
    done = 0
    # What is still under ``incoming`` first: a file that settles meanwhile is met again under its other name.
    for part in ("blobs", "attachments/incoming", "attachments"):
        for path in _walk(home / part):
            name = path.relative_to(home).as_posix()
            if name not in writer.files:
                done += writer.add(name, path)
                progress(done, max(total, done), "文件")
    writer.add("clock.json", home / "clock.json")


def _walk(root: Path) -> Iterator[Path]:
    """Every file below; names that begin with a dot, and what mkstemp called ``tmp…``, are being written."""
    for directory, below, names in os.walk(root):
        below.sort()
        yield from (Path(directory) / name for name in sorted(names) if not name.startswith((".", "tmp")))


def _place(part: Path, to: Path) -> Path:
    """Give the finished file its name; durable."""
    stamp = datetime.now(UTC)
    name = f"gongkai-{stamp:%Y%m%dT%H%M%S}{stamp.microsecond // 1000:03}Z.tar.gz"
    final = to / name
    part.replace(final)
    handle = os.open(to, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return final


def _drop_old(to: Path, keep: int) -> None:
    for old in sorted(to.glob(PATTERN))[:-keep] if keep else ():
        old.unlink(missing_ok=True)


def room_for(to: Path) -> bool:
    """Whether there is space for one more backup: twice the data, since it is unpacked once to verify it."""
    home = Path(settings.HOME)
    size = sum(path.stat().st_size for part in ("blobs", "attachments") for path in _walk(home / part))
    if connection.vendor == "sqlite":
        size += Path(connection.settings_dict["NAME"]).stat().st_size
    there = next(path for path in (to, *to.parents) if path.exists())
    return shutil.disk_usage(there).free > 2 * size
