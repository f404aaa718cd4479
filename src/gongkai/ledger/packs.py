"""Packs: many texts in one file, for what comes in bulk. A hundred thousand files cost more than what is in them.

A pack holds the contents one after another, then an index: for each its SHA-256, where it begins and how long it is (40 +
8 bytes, sorted), then how many there are and a mark. It is written once, whole, and never changed. Its name is the
SHA-256 of its index.
"""

import hashlib
import mmap
import os
import struct
import tempfile
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path
from threading import Lock

MARK = b"gongkai1"
_ENTRY = struct.Struct(">32sQQ")
_END = struct.Struct(">Q8s")
_PLACE = 1 << 32
#: Packs that are searched one by one before all are put into one table.
FEW = 16


class Pack:
    """One pack, open for reading; the index is searched where it lies."""

    def __init__(self, path: Path):
        self.name = path.name
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        size = len(self._map)
        self.count, mark = _END.unpack_from(self._map, size - _END.size) if size >= _END.size else (0, b"")
        self._index = size - _END.size - self.count * _ENTRY.size
        if mark != MARK or self._index < 0:
            raise ValueError(f"not a pack: {path.name}")

    def find(self, digest: bytes) -> bytes | None:
        """The content of a hash (32 bytes), unchecked, or None."""
        low, high = 0, self.count
        while low < high:
            middle = (low + high) // 2
            at = self._index + middle * _ENTRY.size
            found = self._map[at : at + 32]
            if found == digest:
                return self.read(middle, digest)
            low, high = (middle + 1, high) if found < digest else (low, middle)
        return None

    def read(self, number: int, digest: bytes) -> bytes | None:
        """The content of the entry of this number, None where it is another hash's."""
        found, start, length = _ENTRY.unpack_from(self._map, self._index + number * _ENTRY.size)
        return self._map[start : start + length] if found == digest else None

    def digests(self) -> list[bytes]:
        """Every hash in it, in order: the index is read through once."""
        index = self._map[self._index : self._index + self.count * _ENTRY.size]
        return [digest for (digest,) in struct.iter_unpack(">32s16x", index)]


class Packs:
    """The packs of a directory, however many, and where each hash lies.

    One table holds the beginning of every hash, in order; packs that came since it was made are searched one by one until
    there are :data:`FEW` of them.
    """

    def __init__(self, directory: Path):
        self._directory, self._lock = directory, Lock()
        self._known: set[str] = set()
        self._listed: list[Pack] = []
        #: Of every hash in the packs listed: its first eight bytes, and 2^32 times the pack's place plus its own in it.
        self._table: tuple[array[int], array[int]] = (array("Q"), array("Q"))
        self._since: list[Pack] = []
        self.look_again()

    def look_again(self) -> None:
        """Another process may have added packs."""
        with self._lock:
            fresh = [path for path in sorted(self._directory.glob("*.pack")) if path.name not in self._known]
            self._known.update(path.name for path in fresh)
            self._since = [*map(Pack, fresh), *self._since]
            if len(self._since) > FEW:
                self._listed = [*self._listed, *self._since]
                self._table, self._since = _table(self._listed), []

    def find(self, digest: bytes) -> bytes | None:
        """The content of a hash (32 bytes) in any pack, unchecked, or None."""
        for pack in self._since:
            if (content := pack.find(digest)) is not None:
                return content
        return self._listed_content(digest)

    def _listed_content(self, digest: bytes) -> bytes | None:
        heads, places = self._table
        head = int.from_bytes(digest[:8], "big")
        for at in range(bisect_left(heads, head), len(heads)):
            if heads[at] != head:
                break
            pack, number = divmod(places[at], _PLACE)
            if (content := self._listed[pack].read(number, digest)) is not None:
                return content
        return None

    def among(self, digests: AbstractSet[str]) -> set[str]:
        """Those of many hashes whose content is here."""
        wanted = {bytes.fromhex(digest) for digest in digests}
        found = {digest for pack in self._since for digest in wanted.intersection(pack.digests())}
        found |= {digest for digest in wanted - found if self._listed_content(digest) is not None}
        return {digest.hex() for digest in found}


def _table(packs: list[Pack]) -> tuple["array[int]", "array[int]"]:
    rows = sorted(
        (int.from_bytes(digest[:8], "big"), place * _PLACE + number)
        for place, pack in enumerate(packs)
        for number, digest in enumerate(pack.digests())
    )
    return array("Q", (head for head, _ in rows)), array("Q", (place for _, place in rows))


@cache
def packs(directory: Path) -> Packs:
    """The packs of a directory, open."""
    return Packs(directory)


def find(directory: Path, digest: str, *, again: bool = True) -> bytes | None:
    """The content of a hash in any pack of a directory, unchecked, or None. ``again``: new packs are looked for, too."""
    key, here = bytes.fromhex(digest), packs(directory)
    if (content := here.find(key)) is None and again:
        here.look_again()
        content = here.find(key)
    return content


def among(directory: Path, digests: AbstractSet[str]) -> set[str]:
    """Those of many hashes whose content is in a pack of the directory now."""
    packs(directory).look_again()
    return packs(directory).among(digests)


def write(directory: Path, contents: Mapping[str, bytes]) -> None:
    """Make one pack of these contents (by SHA-256); durable before it returns, whole or not there at all."""
    directory.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=directory, prefix=".")
    try:
        with os.fdopen(handle, "wb", buffering=1 << 20) as file:
            entries, at = [], 0
            for digest, content in contents.items():
                entries.append(_ENTRY.pack(bytes.fromhex(digest), at, len(content)))
                file.write(content)
                at += len(content)
            index = b"".join(sorted(entries))
            file.write(index + _END.pack(len(entries), MARK))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(directory / f"{hashlib.sha256(index).hexdigest()}.pack")
        _sync(directory)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _sync(directory: Path) -> None:
    """Make a new name in a directory durable."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
