"""What the ledger tells of: a record that has become public waits to be held against the subscriptions.

The follower writes one row; the work is the worker's (:func:`.matching.keep_up`). What was public before, what an import
brings from the past and what is withdrawn makes no row, and a record makes one only once.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings

from gongkai.ledger import clock
from gongkai.ledger.followers import follow_many
from gongkai.ledger.models import Event
from gongkai.library import queries
from gongkai.library.followers import KINDS
from gongkai.notices.outbox import is_past

from .models import Arrival


@follow_many("subscriptions.arrivals", *KINDS, at_once=False)
def note(lines: Sequence[Event]) -> None:
    """Note the records of these lines that are public and were published lately."""
    lately = timedelta(days=settings.NOTICE_DAYS)
    oldest = {line.subject: clock.day_of(line.recorded_at) - lately for line in lines if not is_past(line)}
    published = queries.public().filter(key__in=oldest, published_on__isnull=False)
    fresh = [key for key, day in published.values_list("key", "published_on") if day >= oldest[key]]
    Arrival.objects.bulk_create([Arrival(record=key) for key in fresh], ignore_conflicts=True)
