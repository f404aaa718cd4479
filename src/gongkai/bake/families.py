"""The pages there are to bake, family by family: apps list theirs as ``baked`` in ``pages.py``."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from gongkai.ui.discover import offered


def _none(key: str) -> Iterable[str]:
    return ()


def _nothing(addresses: Sequence[str]) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass(frozen=True)
class Family:
    """Pages of one sort.

    ``name`` is unlike every other. ``addresses()`` are all there are now, in a steady order ("/records/x/", "/records/x.json").
    ``born(key)`` are those that may have come into being or gone when a key was touched: a new record has a page that
    no other page has read yet. ``together(addresses)`` is a context in which these pages are rendered: it may read what
    they share in a few queries.
    """

    name: str
    addresses: Callable[[], Iterable[str]]
    born: Callable[[str], Iterable[str]] = _none
    together: Callable[[Sequence[str]], AbstractContextManager[None]] = _nothing


def families() -> list[Family]:
    """Every family that the installed apps offer."""
    return [family for _, pages in offered("pages") for family in getattr(pages, "baked", ())]
