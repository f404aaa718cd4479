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
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from threading import Lock

MARK = b"gongkai1"
_ENTRY = struct.Struct(">32sQQ")
_END = struct.Struct(">Q8s")


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
                _, start, length = _ENTRY.unpack_from(self._map, at)
                return self._map[start : start + length]
            low, high = (middle + 1, high) if found < digest else (low, middle)
        return None

    def among(self, digests: AbstractSet[str]) -> AbstractSet[str]:
        """Those of many hashes whose content is here: the index is read through once, not searched for each."""
        index = self._map[self._index : self._index + self.count * _ENTRY.size]
        return digests & {index[at : at + 32].hex() for at in range(0, len(index), _ENTRY.size)}


_open: dict[Path, dict[str, Pack]] = {}
_lock = Lock()


def opened(directory: Path, *, again: bool = False) -> list[Pack]:
    """The packs of a directory; looked for again on demand (another process may have added one).

    That which was found in last comes first, then the newest: what came in together is read together.
    """
    with _lock:
        known = _open.setdefault(directory, {})
        if again or not known:
            for path in sorted(directory.glob("*.pack")):
                if path.name not in known:
                    known[path.name] = Pack(path)
        return list(known.values())[::-1]


def find(directory: Path, digest: str) -> bytes | None:
    """The content of a hash in any pack of a directory, unchecked, or None."""
    key = bytes.fromhex(digest)
    for again in (False, True):
        for place, pack in enumerate(opened(directory, again=again)):
            if (content := pack.find(key)) is not None:
                if place:
                    _first(directory, pack)
                return content
    return None


def _first(directory: Path, pack: Pack) -> None:
    with _lock:
        known = _open[directory]
        known[pack.name] = known.pop(pack.name, pack)


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
