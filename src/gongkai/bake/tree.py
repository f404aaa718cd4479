"""The baked tree on disk, ``HOME/site``: every page a file that any web server can hand out, with its packed forms beside it.

``/records/x/`` lies in ``records/x/index.html`` and ``/records/x.json`` in ``records/x.json``; what was taken down lies in
``records/x/gone.html``, to be answered 410. Files are replaced whole: a reader sees the old page or the new one.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from django.conf import settings

from gongkai.ui import packing, public

PAGE, GONE = "index.html", "gone.html"
#: Smaller files do not gain from being packed.
SMALL = 400
#: Packing harder costs more than it gains.
GZIP_LEVEL = 6


def root() -> Path:
    """Where the tree lies."""
    return Path(settings.HOME) / "site"


def path_of(address: str, name: str = PAGE) -> Path | None:
    """The file of an address; None for one that cannot be a file (empty steps, ``..``, hidden names)."""
    place = _place(address, name)
    return None if place is None else Path(place)


def _place(address: str, name: str) -> str | None:
    """The same as plain text: paths cost more than the writing of small files."""
    whole = address + name if address.endswith("/") else address
    if not whole.startswith("/") or "//" in whole or "/." in whole or "\0" in whole:
        return None
    return f"{settings.HOME}/site{whole}"


def put(address: str, content: bytes, gone: bool = False) -> None:
    """Write a page; whatever stood at its address is replaced. Raises ValueError for an address that cannot be a file."""
    place = _place(address, GONE if gone else PAGE)
    if place is None:
        raise ValueError(f"cannot be baked: {address}")
    empty = public.folder(os.path.dirname(place))
    forms = {coding.ending: coding.pack(content, level) for coding, level in _forms(len(content))}
    for ending in packing.ENDINGS:
        if ending in forms:
            public.write(place + ending, forms[ending])
        elif not empty:
            _unlink(place + ending)
    public.write(place, content)
    if address.endswith("/") and not empty:
        _drop(f"{os.path.dirname(place)}/{PAGE if gone else GONE}")


def _forms(size: int) -> Iterator[tuple[packing.Coding, int]]:
    return packing.forms(settings.BROTLI, GZIP_LEVEL) if size > SMALL else iter(())


def remove(address: str) -> None:
    """Take a page away; its folder too when nothing is left in it."""
    for name in (PAGE, GONE) if address.endswith("/") else (PAGE,):
        if target := path_of(address, name):
            _drop(str(target))
    folder = target.parent if target else root()
    while folder != root() and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _drop(target: str) -> None:
    # The packed files first: a server that prefers them must not hand out what is gone.
    for ending in (*packing.ENDINGS, ""):
        _unlink(target + ending)


def _unlink(target: str) -> None:
    if os.path.exists(target):  # nearly always there is none, and a refusal costs more than a look
        with suppress(FileNotFoundError):
            os.unlink(target)


def holds(address: str, gone: bool = False) -> bool:
    """Whether the file of an address is there, with the packed forms that belong beside it and no others."""
    place = _place(address, GONE if gone else PAGE)
    if place is None or not os.path.isfile(place):
        return False
    wanted = {coding.ending for coding, _ in _forms(os.path.getsize(place))}
    return wanted == {ending for ending in packing.ENDINGS if os.path.exists(f"{place}{ending}")}


def packed_well(address: str) -> bool:
    """Whether the packed forms beside a page are the page; so they are where there is no page."""
    for name in (PAGE, GONE) if address.endswith("/") else (PAGE,):
        if (target := path_of(address, name)) and target.is_file():
            content = target.read_bytes()
            return holds(address, name == GONE) and all(
                Path(f"{target}{coding.ending}").read_bytes() == coding.pack(content, level)
                for coding, level in _forms(len(content))
            )
    return True


def read(address: str) -> tuple[bytes, bool] | None:
    """The page at an address and whether it is one of those taken down; None where nothing is baked."""
    for name in (PAGE, GONE) if address.endswith("/") else (PAGE,):
        place = _place(address, name)
        if place and os.path.isfile(place):
            with open(place, "rb") as file:
                return file.read(), name == GONE
    return None


def addresses() -> Iterator[str]:
    """Every address that lies in the tree."""
    for folder, _, names in os.walk(root()):
        place = PurePosixPath("/", *Path(folder).relative_to(root()).parts)
        for name in names:
            if name.endswith((*packing.ENDINGS, ".new")) or name.startswith("."):
                continue
            bare = f"{place}/".replace("//", "/")
            yield bare if name in (PAGE, GONE) else f"{bare}{name}"
