"""Questions about requests."""

import secrets
from datetime import date

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from gongkai.law.calendar import CHINA, Calendar
from gongkai.ledger import vault
from gongkai.ledger.services import lines
from gongkai.organs.models import Person
from gongkai.organs.scope import Scope

from .consultation import sequence
from .events import Case
from .models import Request
from .projection import SUBJECT
from .services import code_key

#: States in which the body still owes something.
OPEN_STATES = (
    "awaiting", "registered", "handling", "clarifying", "consulting", "explaining", "paying", "drafted", "reviewed", "signed",
)  # fmt: skip


def visible(scope: Scope) -> QuerySet[Request]:
    """The requests a person may see, with the name of each one's handler (in the same statement)."""
    name = Person.objects.filter(username=OuterRef("handler")).values("name")[:1]
    rows = Request.objects.select_related("body").annotate(handler_name=Coalesce(Subquery(name), F("handler")))
    return scope.limit(rows, "requests.view")


def open_requests(rows: QuerySet[Request]) -> QuerySet[Request]:
    """Those still in hand, the most urgent first."""
    return rows.filter(state__in=OPEN_STATES).order_by("due_on", "key")


def overdue(rows: QuerySet[Request], today: date) -> QuerySet[Request]:
    """Those whose answer is late today: derived, so a corrected calendar changes it at once."""
    return open_requests(rows).filter(due_on__lt=today).exclude(state__in=("signed", "clarifying", "paying"))


def query_code(subject: str) -> str:
    """The code that, with the number, lets the applicant see the case; empty once retention has erased it."""
    return vault.peek(code_key(subject)).get("query_code", "")


def by_code(number: str, code: str) -> Request | None:
    """The request an applicant may see: the number and the code must both fit (compared in constant time)."""
    row = Request.objects.select_related("body").filter(number=number.strip()).first()
    expected = query_code(row.key) if row else ""
    fits = secrets.compare_digest(expected.encode(), code.strip().upper().encode())
    return row if row and expected and fits else None


def case(key: str) -> Case:
    """A request as its lines make it."""
    found: Case = SUBJECT.fold(lines(SUBJECT.kind, key))
    return found


def moved_deadlines(old: Calendar, new: Calendar = CHINA) -> list[tuple[str, date, date]]:
    """Open requests whose due date a corrected calendar moves: (number, before, after)."""
    from gongkai.law.clocks import deadline
    from gongkai.law.receipt import Channel

    moved = []
    for row in Request.objects.filter(state__in=OPEN_STATES, received_on__isnull=False).order_by("key"):
        found = case(row.key)
        assert found.clock_from is not None
        channel = Channel(found.channel) if found.rounds == 1 else None
        before, after = (
            deadline(found.clock_from, sequence(found.clock_events, found.parties, c), c, channel).due
            for c in (old, new)
        )
        if before != after:
            moved.append((row.number, before, after))
    return moved
