"""What a page is made of, told by whatever renders it. Outside the baker these calls cost nothing and do nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date


@dataclass
class Sources:
    """What one page was made of: keys (``record:K``, ``column:site/name``), and the first day it no longer holds."""

    keys: set[str] = field(default_factory=set)
    until: date | None = None


_now: ContextVar[Sources | None] = ContextVar("sources", default=None)


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
