"""What the ledger tells of: a record that has become public waits to be held against the subscriptions.

The follower writes one row; the work is the worker's (:func:`.matching.keep_up`). What was public before, what an import
brings from the past and what is withdrawn makes no row, and a record makes one only once.
"""

from datetime import timedelta

from django.conf import settings

from gongkai.ledger import clock
from gongkai.ledger.followers import follow
from gongkai.ledger.models import Event
from gongkai.library import queries
from gongkai.library.followers import KINDS
from gongkai.notices.outbox import is_past

from .models import Arrival


@follow("subscriptions.arrivals", *KINDS, at_once=False)
def note(event: Event) -> None:
    """Note the record of this line, if it is public and was published lately."""
    if is_past(event):
        return
    oldest = clock.day_of(event.recorded_at) - timedelta(days=settings.NOTICE_DAYS)
    if queries.public().filter(key=event.subject, published_on__gte=oldest).exists():
        Arrival.objects.bulk_create([Arrival(record=event.subject)], ignore_conflicts=True)
