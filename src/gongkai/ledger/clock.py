"""The time of the house. The demonstration stands on a day of its own; a load plays the past with :func:`at`."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

SHANGHAI = ZoneInfo("Asia/Shanghai")
_played: ContextVar[datetime | None] = ContextVar("played", default=None)


def now() -> datetime:
    """The instant (aware, UTC)."""
    return _played.get() or datetime.now(UTC) + _offset()


def today() -> date:
    """The legal day: the date in Asia/Shanghai."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """The legal day an instant falls on."""
    return instant.astimezone(SHANGHAI).date()


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Within the block the clock stands at ``instant`` (aware): for loads that play the past, and tests."""
    token = _played.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _played.reset(token)


def set_forward_from(instant: datetime) -> None:
    """From now on this installation's clock runs from ``instant`` (demonstrations only)."""
    path = _file()
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps({"ahead_seconds": (instant - datetime.now(UTC)).total_seconds()}))
    temporary.replace(path)


def is_set() -> bool:
    """Whether this installation's clock was set forward (or back)."""
    return _file().exists()


def _file() -> Path:
    return Path(settings.HOME) / "clock.json"


def _offset() -> timedelta:
    path = f"{settings.HOME}/clock.json"  # a plain string: this is asked for with every line
    try:
        return _read(path, os.stat(path).st_mtime_ns)
    except FileNotFoundError:
        return timedelta(0)


@lru_cache(maxsize=4)
def _read(path: str, _changed: int) -> timedelta:
    return timedelta(seconds=json.loads(Path(path).read_text())["ahead_seconds"])
