"""Where an installation keeps its data, and the secrets it makes for itself on first use."""

import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import overload


def home() -> Path:
    """The data directory: ``GONGKAI_HOME``, by default ``./var``. Created on first use, closed to other users."""
    path = Path(os.environ.get("GONGKAI_HOME", "var")).resolve()
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def settings_module() -> str:
    """The settings this home runs on: a demonstration stays marked as one, however it is started."""
    return "gongkai.settings.demo" if (home() / "clock.json").exists() else "gongkai.settings.base"


def secret(name: str, environment: str) -> str:
    """A secret from the environment, else from ``HOME/NAME``, which is made (mode 0600) when missing."""
    if environment in os.environ:
        return os.environ[environment]
    path = home() / name
    if not path.exists():
        _make(path)
    return path.read_text().strip()


def keys(name: str, environment: str) -> Sequence[str]:
    """A ring of keys, newest first, separated by commas: from the environment, else the file ``HOME/NAME``."""
    text = secret(name, environment)
    return text.split(",") if environment in os.environ else KeyRing(home() / name)


class KeyRing(Sequence[str]):
    """The keys of a file, newest first. Every process sees a rotation at once: the file is read again when it changes."""

    def __init__(self, path: Path):
        self.path = path
        self._read: tuple[tuple[int, int], tuple[str, ...]] = ((0, 0), ())

    def _now(self) -> tuple[str, ...]:
        stat = self.path.stat()
        # What was read is kept with what it was read from, as one value: another thread never sees the halves mixed.
        seen, keys = self._read
        if seen != (stat.st_ino, stat.st_mtime_ns):
            keys = tuple(key for key in self.path.read_text().strip().split(",") if key)
            self._read = ((stat.st_ino, stat.st_mtime_ns), keys)
        if not keys:
            raise ValueError(f"密钥文件 {self.path} 是空的，请由备份恢复")
        return keys

    def replace(self, keys: Iterable[str]) -> None:
        """Write the ring anew: after a crash at any point the file holds either the old keys or the new."""
        temporary = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}")
        _write(temporary, ",".join(keys))
        temporary.replace(self.path)
        _sync_directory(self.path.parent)

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        return self._now()[index]


def new_key() -> str:
    """A fresh key: 288 random bits."""
    return secrets.token_urlsafe(36)


def _make(path: Path) -> None:
    """Two processes may start at once: the first whole file wins, nobody reads half a one."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    _write(temporary, new_key())
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
    _sync_directory(path.parent)


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
