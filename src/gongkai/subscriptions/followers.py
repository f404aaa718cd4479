"""What the ledger tells of: a record that has become public waits to be held against the subscriptions.

The follower writes one row; the work is the worker's (:func:`.matching.keep_up`). What was public before, what an import
brings from the past and what is withdrawn makes no row, and a record makes one only once.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings

from gongkai.ledger import clock
from gongkai.ledger.followers import follow_columns
from gongkai.library import queries
from gongkai.library.followers import KINDS
from gongkai.notices.outbox import too_old

from .models import Arrival


@follow_columns(
    "subscriptions.arrivals",
    *KINDS,
    label="新公开信息对照订阅",
    columns=("subject", "recorded_at", "legal_day"),
    at_once=False,
)
def note(lines: Sequence[tuple[str, datetime, date]]) -> None:
    """Note the records of these lines (subject, instant, legal day) that are public and were published lately."""
    lately = timedelta(days=settings.NOTICE_DAYS)
    oldest = {subject: clock.day_of(at) - lately for subject, at, day in lines if not too_old(at, day)}
    published = queries.public().filter(key__in=oldest, published_on__isnull=False)
    fresh = [key for key, day in published.values_list("key", "published_on") if day >= oldest[key]]
    Arrival.objects.bulk_create([Arrival(record=key) for key in fresh], ignore_conflicts=True)
