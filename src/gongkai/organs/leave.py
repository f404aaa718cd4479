"""Leave and deputies 代理: while somebody is away, a named person may exercise their roles, and every act says so.

A leave is dated and known in advance. :class:`~gongkai.organs.scope.Scope` counts the roles of everybody a person
stands in for today; what is done under such a role carries the absent person in the ledger, the deputy stays the one
who acted (four eyes look at the deputy: whoever drafted does not approve for somebody else either). Standing in does
not pass on: a deputy's own deputy holds the deputy's roles only.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from gongkai.ledger import clock
from gongkai.ledger.services import Actor, act
from gongkai.procedure import Invalid

from .models import Leave, Person

LONGEST = 366


def away(on: date | None = None) -> QuerySet[Leave]:
    """The leaves running on a day (today)."""
    day = on or clock.today()
    return Leave.objects.filter(since__lte=day, until__gte=day)


def coming(person: Person) -> QuerySet[Leave]:
    """A person's leaves that have not ended, the next first: their own and those they stand in for."""
    rows = Leave.objects.select_related("person", "deputy").filter(until__gte=clock.today())
    return rows.filter(Q(person=person) | Q(deputy=person)).order_by("since", "pk")


@transaction.atomic
def take(person: Person, deputy: Person, since: date, until: date, by: Actor) -> Leave:
    """Enter a leave with its deputy. Raises ``procedure.Invalid`` naming the field, ``procedure.Refused``.

    The person, or whoever manages people, may; deputies are people in use of the same body, not away themselves.
    """
    Person.objects.select_for_update().get(pk=person.pk)  # one after the other: two leaves never overlap
    errors = _faults(person, deputy, since, until)
    if errors:
        raise Invalid(errors)
    data: dict[str, Any] = {"deputy": deputy.username, "since": since.isoformat(), "until": until.isoformat()}
    act("person", person.username, "depute", by, data=data)
    return Leave.objects.create(person=person, deputy=deputy, since=since, until=until)


def _faults(person: Person, deputy: Person, since: date, until: date) -> list[tuple[str, str]]:
    errors = []
    if deputy == person:
        errors.append(("deputy", "代理人不能是本人"))
    elif not deputy.is_active or deputy.body_id != person.body_id:
        errors.append(("deputy", "代理人应为本机关在用的人员"))
    if until < since:
        errors.append(("until", "结束日期不能早于开始日期"))
    elif until < clock.today():
        errors.append(("until", "结束日期已经过去"))
    elif (until - since).days > LONGEST:
        errors.append(("until", f"一次休假最长 {LONGEST} 天"))
    overlap = Leave.objects.filter(since__lte=until, until__gte=since)
    if overlap.filter(person=person).exists():
        errors.append(("since", "与已登记的休假重叠"))
    if overlap.filter(person=deputy).exists():
        errors.append(("deputy", f"{deputy.name}这段时间也在休假"))
    return errors


@transaction.atomic
def end(leave: Leave, by: Actor) -> None:
    """Back early, or not going: the deputy's standing in ends at once."""
    act("person", leave.person.username, "resume", by, data={"deputy": leave.deputy.username})
    leave.delete()
