"""Questions about norms and registers."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from gongkai.law.validity import Status, status
from gongkai.ledger.tally import known
from gongkai.organs.models import Body
from gongkai.organs.queries import Reach, counted
from gongkai.organs.scope import Scope

from .models import Entry, Norm, NormTally

#: Who issues normative documents "at two levels": the city's government and the districts', each with its office.
_TWO_LEVELS = (Body.Kind.GOVERNMENT, Body.Kind.OFFICE, Body.Kind.DISTRICT)


def visible_norms(scope: Scope, kind: str | None = None) -> QuerySet[Norm]:
    """The norms a person may see."""
    rows = scope.limit(Norm.objects.select_related("body"), "norms.view")
    return rows.filter(kind=kind) if kind else rows


def visible_entries(scope: Scope) -> QuerySet[Entry]:
    """The register entries a person may see."""
    return scope.limit(Entry.objects.select_related("body"), "registers.view")


def in_force(rows: QuerySet[Norm], day: date) -> QuerySet[Norm]:
    """Norms issued by ``day`` and not ceased, those not yet applied included."""
    return rows.filter(issued_on__lte=day, ceased_on__gt=day).exclude(state="void")


def expiring(rows: QuerySet[Norm], first: date, last: date) -> QuerySet[Norm]:
    """Norms whose validity ends within the days, the earliest first: to be evaluated, renewed or left to lapse."""
    return in_force(rows, first).filter(valid_until__range=(first, last)).order_by("valid_until", "key")


def unfiled(rows: QuerySet[Norm]) -> QuerySet[Norm]:
    """Norms issued here and not filed 备案 yet, the most urgent first."""
    return rows.filter(filing_due_on__isnull=False).order_by("filing_due_on", "key")


def expired_unrecorded(rows: QuerySet[Norm], today: date) -> QuerySet[Norm]:
    """Norms whose validity has ended and whose end nobody recorded yet."""
    return rows.filter(Q(state="issued"), valid_until__lt=today).order_by("valid_until", "key")


def bodies_of(body: Body, reach: Reach) -> QuerySet[Body]:
    """The bodies whose norms are a body's own (a government's with those of its office), or with everything below."""
    return counted(body.reported_by or body, reach)


def two_levels(bodies: QuerySet[Body] | None) -> QuerySet[Body]:
    """The bodies that issue normative documents at city and district level, below the governments among ``bodies``.

    The governments with their offices, and the districts' governments with theirs; not departments, not townships.
    """
    rows = Body.objects.filter(kind__in=_TWO_LEVELS)
    if bodies is None:
        return rows
    paths = bodies.filter(kind=Body.Kind.GOVERNMENT).values_list("path", flat=True)
    below = Q(pk__in=bodies.values("pk"))
    for path in paths:
        below |= Q(path__startswith=path)
    return rows.filter(below)


@dataclass(frozen=True)
class Balance:
    """Norms of a period: in force before it, issued, and ended in it by each way; in force on its last day.

    The six are counted one by one; :attr:`holds` says whether they agree.
    """

    first: date
    last: date
    previous: int
    issued: int
    repealed: int
    lapsed: int
    expired: int
    in_force: int

    @property
    def holds(self) -> bool:
        """previous + issued − repealed − lapsed − expired = in force."""
        return self.previous + self.issued - self.repealed - self.lapsed - self.expired == self.in_force

    @property
    def equation(self) -> str:
        """The equation in words and numbers."""
        left = f"{self.previous} + {self.issued} − {self.repealed} − {self.lapsed} − {self.expired}"
        return f"上期末有效 + 制发 − 废止 − 宣布失效 − 期满失效 = 现行有效：{left} = {self.in_force}"


def balance(
    bodies: QuerySet[Body] | None, first: date, last: date, kind: str | None = None, known_at: datetime | None = None
) -> Balance:
    """The balance of a scope between two days, both inside: one query. Raises ValueError (Chinese) for a period upside down."""
    if last < first:
        raise ValueError(f"截止日 {last.isoformat()} 早于起始日 {first.isoformat()}")
    rows = known(NormTally.objects.all(), known_at)
    rows = rows if bodies is None else rows.filter(body__in=bodies.values("key"))
    rows = rows.filter(kind=kind) if kind else rows
    ended = Q(ceased_on__range=(first, last))
    counts = rows.aggregate(
        previous=Count("id", filter=Q(issued_on__lt=first, ceased_on__gte=first)),
        issued=Count("id", filter=Q(issued_on__range=(first, last))),
        **{how: Count("id", filter=ended & Q(ceased_how=how)) for how in ("repealed", "lapsed", "expired")},
        in_force=Count("id", filter=Q(issued_on__lte=last, ceased_on__gt=last)),
    )
    return Balance(first, last, **counts)


def statuses(rows: QuerySet[Norm], day: date) -> list[tuple[Norm, Status]]:
    """Each norm with what it is on a day; void registrations and what is not there yet are left out."""
    found = ((norm, status(norm.validity, day)) for norm in rows.exclude(state="void").iterator(chunk_size=2000))
    return [(norm, what) for norm, what in found if what is not Status.UNISSUED]
