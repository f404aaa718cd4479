"""What is made of the ledger and asked for by every page, kept in this process until another line is written."""

from collections.abc import Callable, Hashable
from time import monotonic
from typing import Any, TypeVar, cast

from django.db import connection

from .models import Event

T = TypeVar("T")
#: Lines that are written at once may become visible in another order than they are numbered: nothing is kept for long.
SECONDS = 2.0
_kept: dict[Hashable, tuple[Any, float, Any]] = {}


def _last() -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, hash FROM {Event._meta.db_table} ORDER BY id DESC LIMIT 1")
        return cursor.fetchone()


def as_of_now(key: Hashable, make: Callable[[], T]) -> T:
    """What ``make()`` gives, made anew when a line was written since, or after :data:`SECONDS`. One small query.

    ``make`` must depend on the ledger alone (its projections, not the day); its value must not be changed.
    For answers alone: a projection may be written a moment after its line, so what is kept must not be baked or stored.
    """
    last, now = _last(), monotonic()
    known = _kept.get(key)
    if known is None or known[0] != last or now - known[1] > SECONDS:
        known = _kept[key] = (last, now, make())
    return cast(T, known[2])
