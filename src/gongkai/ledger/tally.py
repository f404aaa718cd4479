"""Tallies: the one table a kind of subject is counted in, keeping what was known when.

A row says which columns counted for a subject between two recorded instants. A correction closes the row and opens
another, so that last year's figures stay what they were (``known_at``), and today's are one indexed filter.
Legal days are columns of the row; "as of a day" is arithmetic on them.
"""

from datetime import UTC, date, datetime
from typing import Any, TypeVar

from django.db import models

from .models import Event
from .subjects import Subject

#: A legal day that has not come: undecided, in force, pending.
OPEN = date(9999, 12, 31)
#: The end of a row that is what is known now.
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)

M = TypeVar("M", bound=models.Model)


class Tally(models.Model):
    """Base of every tally. ``id`` is the ledger line that made the row, so that a rebuild gives the same rows."""

    id = models.BigIntegerField(primary_key=True)
    subject = models.CharField(max_length=64, db_index=True)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(default=FOREVER)

    class Meta:
        abstract = True


def known(rows: models.QuerySet[M], at: datetime | None = None) -> models.QuerySet[M]:
    """The rows as known now, or as known at an instant."""
    return rows.filter(known_from__lte=at, known_to__gt=at) if at else rows.filter(known_to=FOREVER)


def write(spec: Subject, subject: str, line: Event, before: Any, after: Any) -> None:
    """After one line: when the counted columns changed, close the row known so far and open the next."""
    if spec.tally is None:
        return
    old: dict[str, Any] | None = spec.facts(before)
    new: dict[str, Any] | None = spec.facts(after)
    if old == new:
        return
    rows = spec.tally._default_manager
    if old is not None:
        rows.filter(subject=subject, known_to=FOREVER).update(known_to=line.recorded_at)
    if new is not None:
        rows.create(id=line.id, subject=subject, known_from=line.recorded_at, **new)
