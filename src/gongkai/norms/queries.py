"""Questions about norms and registers."""

from datetime import date

from django.db.models import Q, QuerySet

from gongkai.organs.scope import Scope

from .models import Entry, Norm


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


def expired_unrecorded(rows: QuerySet[Norm], today: date) -> QuerySet[Norm]:
    """Norms whose validity has ended and whose end nobody recorded yet."""
    return rows.filter(Q(state="issued"), valid_until__lt=today).order_by("valid_until", "key")
