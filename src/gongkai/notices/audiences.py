"""People by what they do for a case, found from its replayed state: body, unit, handler, drafter, and who holds a role."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from gongkai.organs.models import Body, Grant, Person

from .rules import Audience


def holders(body: Body, role: str) -> list[Person]:
    """The people in use who hold a role on the body itself; where there are none, those of the nearest body above.

    A role held on everything below a government is there to step in, not to be told of every case of every body.
    """
    steps = body.path.strip("/").split("/")
    above = ["/" + "/".join(steps[:n]) + "/" for n in range(len(steps), 0, -1)]
    reach = Q(body__path=above[0]) | Q(body__path__in=above[1:], below=True)
    grants = Grant.objects.filter(reach, role=role, person__is_active=True).select_related("person", "body")
    by_path: dict[str, list[Person]] = {}
    for grant in grants.order_by("person__username"):
        by_path.setdefault(grant.body.path, []).append(grant.person)
    return next((by_path[path] for path in above if path in by_path), [])


def handler(case: Any, body: Body) -> list[Person]:
    """Who works on the case: the named handler, else the handlers of its unit, else the disclosure office."""
    named = getattr(case, "handler", "")
    if named and (found := list(Person.objects.filter(username=named, is_active=True))):
        return found
    unit = getattr(case, "unit", "")
    if unit:
        doing = Person.objects.filter(body=body, unit__name=unit, is_active=True, grants__role="handler")
        if found := list(doing.distinct().order_by("username")):
            return found
    return holders(body, "disclosure")


def _drafter(case: Any, body: Body) -> list[Person]:
    return list(Person.objects.filter(username=getattr(case, "drafted_by", ""), is_active=True))


_FIND: dict[Audience, Callable[[Any, Body], list[Person]]] = {Audience.HANDLER: handler, Audience.DRAFTER: _drafter}


def people(audience: Audience, case: Any, body: Body) -> list[Person]:
    """The people of an audience for a case of this body (never for :attr:`Audience.APPLICANT`)."""
    find = _FIND.get(audience)
    return find(case, body) if find else holders(body, audience.value)
