"""The baked tree on disk, ``HOME/site``: every page a file that any web server can hand out, with its gzip beside it.

``/records/x/`` lies in ``records/x/index.html`` and ``/records/x.json`` in ``records/x.json``; what was taken down lies in
``records/x/gone.html``, to be answered 410. Files are replaced whole: a reader sees the old page or the new one.
"""

import gzip
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from django.conf import settings

PAGE, GONE = "index.html", "gone.html"
#: Smaller files do not gain from being compressed.
SMALL = 400


def root() -> Path:
    """Where the tree lies."""
    return Path(settings.HOME) / "site"


def path_of(address: str, name: str = PAGE) -> Path | None:
    """The file of an address; None for one that cannot be a file (empty steps, ``..``, hidden names)."""
    steps = address.removeprefix("/").split("/")
    if address.endswith("/"):
        steps[-1:] = [name]
    if not address.startswith("/") or any(not step or step.startswith(".") or "\0" in step for step in steps):
        return None
    return root().joinpath(*steps)


def digest_of(content: bytes) -> str:
    """The SHA-256 of a page."""
    return hashlib.sha256(content).hexdigest()


def put(address: str, content: bytes, gone: bool = False) -> None:
    """Write a page; whatever stood at its address is replaced. Raises ValueError for an address that cannot be a file."""
    target = path_of(address, GONE if gone else PAGE)
    if target is None:
        raise ValueError(f"cannot be baked: {address}")
    target.parent.mkdir(parents=True, exist_ok=True)
    packed = gzip.compress(content, 6, mtime=0) if len(content) > SMALL else b""
    if packed:
        _replace(target.with_name(target.name + ".gz"), packed)
    else:
        target.with_name(target.name + ".gz").unlink(missing_ok=True)
    _replace(target, content)
    if address.endswith("/"):
        _drop(target.with_name(PAGE if gone else GONE))


def _replace(target: Path, content: bytes) -> None:
    fresh = f"{target}.new"
    with open(fresh, "wb") as file:
        file.write(content)
    os.replace(fresh, target)


def remove(address: str) -> None:
    """Take a page away; its folder too when nothing is left in it."""
    for name in (PAGE, GONE) if address.endswith("/") else (PAGE,):
        if target := path_of(address, name):
            _drop(target)
    folder = target.parent if target else root()
    while folder != root() and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _drop(target: Path) -> None:
    # The packed file first: a server that prefers it must not hand out what is gone.
    target.with_name(target.name + ".gz").unlink(missing_ok=True)
    target.unlink(missing_ok=True)


def holds(address: str, gone: bool = False) -> bool:
    """Whether the file of an address is there."""
    target = path_of(address, GONE if gone else PAGE)
    return target is not None and target.is_file()


def read(address: str) -> tuple[bytes, bool] | None:
    """The page at an address and whether it is one of those taken down; None where nothing is baked."""
    for name in (PAGE, GONE) if address.endswith("/") else (PAGE,):
        target = path_of(address, name)
        if target and target.is_file():
            return target.read_bytes(), name == GONE
    return None


def addresses() -> Iterator[str]:
    """Every address that lies in the tree."""
    for folder, _, names in os.walk(root()):
        place = PurePosixPath("/", *Path(folder).relative_to(root()).parts)
        for name in names:
            if name.endswith((".gz", ".new")) or name.startswith("."):
                continue
            bare = f"{place}/".replace("//", "/")
            yield bare if name in (PAGE, GONE) else f"{bare}{name}"
