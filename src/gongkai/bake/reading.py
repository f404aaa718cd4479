"""What a page is made of, told by whatever renders it. Outside the baker these calls cost nothing and do nothing."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar, cast

T = TypeVar("T")


@dataclass
class Sources:
    """What one page was made of: keys (``record:K``, ``column:site/name``), and the first day it no longer holds."""

    keys: set[str] = field(default_factory=set)
    until: date | None = None


_now: ContextVar[Sources | None] = ContextVar("sources", default=None)
_batch: ContextVar[dict[Hashable, tuple[Any, Sources]] | None] = ContextVar("batch", default=None)


@contextmanager
def recording() -> Iterator[Sources]:
    """Record what is read inside."""
    sources = Sources()
    token = _now.set(sources)
    try:
        yield sources
    finally:
        _now.reset(token)


def baking() -> bool:
    """Whether the page is rendered to be baked."""
    return _now.get() is not None


def reads(*keys: str) -> None:
    """The page being rendered shows what stands behind these keys, or that nothing stands there."""
    if (sources := _now.get()) is not None:
        sources.keys.update(keys)


def until(*days: date | None) -> None:
    """The page being rendered holds only before the earliest of these days; None is no limit."""
    if (sources := _now.get()) is not None:
        known = [day for day in (*days, sources.until) if day is not None]
        sources.until = min(known, default=None)


@contextmanager
def batch() -> Iterator[None]:
    """Pages rendered inside share what is :func:`kept`."""
    token = _batch.set({})
    try:
        yield
    finally:
        _batch.reset(token)


def kept(key: Hashable, make: Callable[[], T]) -> T:
    """What pages of a batch share: made for the first of them, and each is told what it was made of. ``key`` says all
    that it depends on but the rows of the database. Outside a batch it is made every time."""
    shared = _batch.get()
    if shared is None:
        return make()
    if key not in shared:
        with recording() as sources:
            shared[key] = (make(), sources)
    value, sources = shared[key]
    reads(*sources.keys)
    until(sources.until)
    return cast(T, value)
