"""Static files under names that tell their content: ``ui/gongkai.css`` is linked as ``ui/gongkai.3f2a91c07b1d.css``.

``{% static %}`` gives that name (:class:`Storage`). The files stand in ``STATIC_ROOT`` from the first request on, with
their compressed forms, put there by the process that serves them (:class:`Served`): nothing has to be collected. Old
versions stay, since pages baked before an upgrade still name them. A name of the storage is never used for two contents,
so browsers keep it for good.
"""

import os
import re
import secrets
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.storage import FileSystemStorage
from whitenoise.middleware import WhiteNoiseMiddleware

from . import packing, public, styles

#: Style sheets put together from those of the apps, and the names of the sheets in each (none: all that are not rare).
BUNDLES: dict[str, tuple[str, ...]] = {"ui/gongkai.css": (), **{f"ui/{name}.css": (name,) for name in styles.RARE}}
BUNDLES["ui/report.css"] = ("report", "charts")
FINGERPRINTED = re.compile(r"\.[0-9a-f]{12}(\.[a-z0-9]+)?$")


def content(name: str) -> bytes:
    """A static file by its plain name. Raises ValueError where there is none."""
    return _content(name) if not settings.DEBUG else _read(name)


@cache
def _content(name: str) -> bytes:
    return _read(name)


def _read(name: str) -> bytes:
    if name in BUNDLES:
        return styles.bundle(*BUNDLES[name]).encode()
    if not (found := finders.find(name)):
        raise ValueError(f"no static file {name}")
    return Path(str(found)).read_bytes()


def fingerprinted(name: str) -> str:
    """The name with the content's hash in it. Raises ValueError where there is no such file."""
    path = PurePosixPath(name)
    return _fingerprinted(path) if not settings.DEBUG else _with_hash(path)


@cache
def _fingerprinted(path: PurePosixPath) -> str:
    return _with_hash(path)


def _with_hash(path: PurePosixPath) -> str:
    digest = sha256(content(str(path))).hexdigest()[:12]
    return str(path.with_name(f"{path.stem}.{digest}{path.suffix}"))


def files() -> Iterator[tuple[str, bytes]]:
    """Every static file under its fingerprinted name, as a server in front keeps them below ``/static/``."""
    for name in BUNDLES:
        yield fingerprinted(name), content(name)
    for finder in finders.get_finders():
        if not isinstance(finder, Finder):
            for name, _ in finder.list(None):
                yield fingerprinted(name.replace(os.sep, "/")), content(name.replace(os.sep, "/"))


def publish() -> None:
    """Put all of them into ``STATIC_ROOT``, plain and compressed, as far as they are not there yet."""
    root = Path(settings.STATIC_ROOT)
    public.folder(root)
    for name, data in files():
        _place(root / name, data)


def _place(path: Path, data: bytes) -> None:
    if path.exists():
        return
    public.folder(path.parent)
    mark = secrets.token_hex(4)
    if path.suffix in {".css", ".js", ".svg"}:
        for coding, level in packing.forms(settings.BROTLI and 11, 9):
            public.write(f"{path}{coding.ending}", coding.pack(data, level), mark)
    public.write(path, data, mark)


class Storage(StaticFilesStorage):
    """What ``{% static %}`` asks: the address of a file is that of its content."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}

    def url(self, name: str | None, force: bool = False) -> str:
        """The fingerprinted address. Raises ValueError for a file that does not exist: a page never links one."""
        plain = str(PurePosixPath(name or ""))
        if settings.DEBUG or plain not in self._addresses:
            self._addresses[plain] = super().url(fingerprinted(plain))
        return self._addresses[plain]


class Finder(finders.BaseFinder):
    """Finds fingerprinted files in ``STATIC_ROOT``, for servers of development and tests."""

    def find(self, path: str, find_all: bool = False, **ignored: Any) -> Any:
        """Where the file is, or an empty list."""
        if not FINGERPRINTED.search(path):
            return []
        target = Path(settings.STATIC_ROOT, path)
        if not target.exists():
            publish()
        return ([str(target)] if find_all else str(target)) if target.exists() else []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """None: what is here was found elsewhere."""
        return iter(())


class Served(WhiteNoiseMiddleware):
    """WhiteNoise over ``STATIC_ROOT``, filled first."""

    def __init__(self, *args: Any, **kwargs: Any):
        _published()
        super().__init__(*args, **kwargs)

    def immutable_file_test(self, path: str, url: str) -> bool:
        """Whether browsers may keep the file for good."""
        return bool(FINGERPRINTED.search(url))


@cache
def _published() -> None:
    publish()
