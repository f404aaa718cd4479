"""A backup as a file: a compressed tar with a manifest at its end. Standard library only.

The names in it are those of a home directory, so that unpacking one makes a home. ``manifest.json`` comes last and names
size and SHA-256 of everything before it: an archive that was cut off, changed or added to does not fit it.
"""

import gzip
import hashlib
import json
import lzma
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "gongkai.sqlite3"
KEYS = ("vault-keys", "secret-key")
#: Fast: most of what is in a backup is compressed or sealed already.
LEVEL = 1
Progress = Callable[[int, int], None]


class Unfit(Exception):
    """An archive that cannot be used; the message is Chinese and says why."""


class _Hashed:
    """A file being read, its SHA-256 taken on the way."""

    def __init__(self, file: IO[bytes]):
        self.file, self.digest, self.size = file, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        """As the file's."""
        content = self.file.read(size)
        self.digest.update(content)
        self.size += len(content)
        return content

    @property
    def told(self) -> dict[str, Any]:
        """What the manifest says of it."""
        return {"sha256": self.digest.hexdigest(), "size": self.size}


class Writer:
    """An archive being written."""

    def __init__(self, file: IO[bytes]):
        # Streaming: nothing is sought, and the header holds no time, so that only the content decides the bytes.
        self._zip = gzip.GzipFile(fileobj=file, mode="wb", compresslevel=LEVEL, mtime=0)
        self._tar = tarfile.open(fileobj=self._zip, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, path: Path) -> bool:
        """Add a file under a name; False when it is gone (erased, or settled under its other name)."""
        try:
            handle = path.open("rb")
        except FileNotFoundError:
            return False
        with handle:
            info = tarfile.TarInfo(name)
            info.size, info.mode = os.fstat(handle.fileno()).st_size, 0o600
            hashed = _Hashed(handle)
            self._tar.addfile(info, hashed)  # type: ignore[arg-type]
        self.files[name] = hashed.told
        return True

    def close(self, facts: dict[str, Any]) -> None:
        """Write the manifest and end the archive."""
        content = json.dumps({"format": FORMAT, **facts, "files": self.files}, ensure_ascii=False, indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(content), 0o600
        self._tar.addfile(info, _reader(content))
        self._tar.close()
        self._zip.close()


def _reader(content: bytes) -> IO[bytes]:
    import io

    return io.BytesIO(content)


@contextmanager
def _readable(path: Path) -> Iterator[tarfile.TarFile]:
    """An archive open for reading from its beginning to its end, every fault of its form put into words."""
    try:
        with tarfile.open(path, "r|gz") as tar:
            yield tar
    except FileNotFoundError:
        raise Unfit(f"没有这个文件：{path}") from None
    except (tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError) as error:
        if isinstance(error, OSError) and error.errno:  # the disk is full, no right to read …
            raise
        raise Unfit(f"备份文件 {path.name} 不完整或已损坏，请换用另一份备份") from error


def unpack(path: Path, home: Path, progress: Progress = lambda done, total: None) -> dict[str, Any]:
    """Unpack into a directory and hold everything against the manifest, which is returned.

    Raises :class:`Unfit`; what was unpacked till then is the caller's to remove.
    """
    found: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    total = path.stat().st_size if path.exists() else 0
    with _readable(path) as tar:
        for member in tar:
            if manifest is not None:
                raise Unfit(f"备份文件 {path.name} 的清单之后还有内容，不能使用")
            file = tar.extractfile(member) if member.isreg() else None
            if file is None:
                raise Unfit(f"备份文件里有不应有的内容：{member.name[:80]}")
            if member.name == MANIFEST:
                manifest = _manifest(file.read(), path)
            else:
                found[member.name] = _extract(file, home / _safe(member.name))
                progress(tar.offset, max(total, tar.offset))
    if manifest is None:
        raise Unfit(f"备份文件 {path.name} 没有清单，可能没有写完，请换用另一份备份")
    _compare(found, manifest["files"])
    return manifest


def _manifest(content: bytes, path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(content)
        version, files = manifest["format"], manifest["files"]
    except (ValueError, KeyError, TypeError):
        raise Unfit(f"备份文件 {path.name} 的清单无法识别") from None
    if version != FORMAT or not isinstance(files, dict):
        raise Unfit(f"备份格式是第 {version} 版，这个版本的软件只认第 {FORMAT} 版，请用做备份时的版本恢复")
    return dict(manifest)


def _safe(name: str) -> PurePosixPath:
    """A name inside the home, in the places a backup has."""
    path = PurePosixPath(name)
    tops = {DATABASE, "clock.json", *KEYS} if len(path.parts) == 1 else {"blobs", "attachments"}
    if path.is_absolute() or ".." in path.parts or not path.parts or path.parts[0] not in tops:
        raise Unfit(f"备份文件里有不应有的内容：{name[:80]}")
    return path


def _extract(file: IO[bytes], target: Path) -> dict[str, Any]:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    hashed = _Hashed(file)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while block := hashed.read(1 << 20):
            out.write(block)
    return hashed.told


def _compare(found: dict[str, Any], told: dict[str, Any]) -> None:
    for name in sorted(found.keys() | told.keys()):
        if name not in found:
            raise Unfit(f"备份不完整：缺少 {name}")
        if found[name] != told.get(name):
            raise Unfit(f"备份中的 {name} 与清单不符，已被改动或损坏，请换用另一份备份")


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def key_marks(ring: list[str]) -> list[str]:
    """What tells keys apart without giving them away (they are 288 random bits)."""
    return [hashlib.sha256(f"gongkai vault key {key}".encode()).hexdigest()[:16] for key in ring]
