"""Questions about records, for the desk."""

from datetime import date

from django.db.models import QuerySet

from gongkai.law.calendar import CHINA
from gongkai.organs.scope import Scope

from .models import Record
from .vocabulary import rules

RIGHT = "records.view"
#: States in which somebody still has something to do.
OPEN_STATES = ("draft", "proposed", "reviewed", "checked", "signed", "numbered", "entered", "approved", "changing")


def visible(scope: Scope) -> QuerySet[Record]:
    """The records of the bodies this person works for, kept by this room."""
    rows = scope.limit(Record.objects.filter(subject_kind="record"), RIGHT)
    return rows.select_related("body").defer("withdrawn_why", "ended_by")


def in_hand(rows: QuerySet[Record]) -> QuerySet[Record]:
    """Those being drafted, reviewed or waiting for publication."""
    return rows.filter(state__in=OPEN_STATES)


def to_publish(rows: QuerySet[Record]) -> QuerySet[Record]:
    """Those with a publication period running (Art 26), the most urgent first."""
    return rows.filter(due_on__isnull=False).order_by("due_on", "key")


def overdue(rows: QuerySet[Record], today: date) -> QuerySet[Record]:
    """Those that should have been published."""
    return rows.filter(due_on__lt=today)


def warned(today: date) -> date:
    """The last due day that is warned of today."""
    return CHINA.add_workdays(today, rules().warn_workdays)


def held(rows: QuerySet[Record]) -> QuerySet[Record]:
    """What is withheld, by the day it is assessed again (Art 18)."""
    return rows.filter(state="held", reassess_on__isnull=False).order_by("reassess_on", "key")
