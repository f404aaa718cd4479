"""Questions about zones."""

from collections.abc import Mapping

from django.db.models import Avg, Count, Q, QuerySet

from gongkai.organs.models import Body
from gongkai.organs.scope import Scope

from . import listings
from .models import Service, Zone

RIGHT = "zones.view"


def visible_zones(scope: Scope) -> QuerySet[Zone]:
    """The zones a person may see at the desk."""
    return scope.limit(Zone.objects.select_related("body", "district"), RIGHT)


def visible_services(scope: Scope) -> QuerySet[Service]:
    """The lines of the service log a person may see."""
    return scope.limit(Service.objects.select_related("body", "zone"), RIGHT)


def shown() -> QuerySet[Zone]:
    """The zones the public sees: open or, for a time, not."""
    return listings.shown()


def in_district(key: str) -> QuerySet[Zone]:
    """The zones the public sees of a district (empty key: of none), as its page lists them."""
    where = Q(district=key) if key else Q(district=None)
    return shown().filter(where).order_by("level", "name", "key")


def districts() -> list[tuple[str, str, Mapping[str, int]]]:
    """(key, name, number of zones by level) of every district with zones, in the order of bodies; one query.

    The last, with an empty key, are zones of no district, where there are any.
    """
    groups = shown().order_by().values("district", "district__short_name", "district__order", "district__id", "level")
    found: dict[str, tuple[tuple[int, int], str, dict[str, int]]] = {}
    for one in groups.annotate(number=Count("key")):
        order = (one["district__order"], one["district__id"]) if one["district"] else (10**9, 0)
        _, _, levels = found.setdefault(one["district"] or "", (order, one["district__short_name"] or "其他", {}))
        levels[one["level"]] = one["number"]
    return [(key, name, levels) for key, (_, name, levels) in sorted(found.items(), key=lambda item: item[1][0])]


def district_bodies() -> list[Body]:
    """The districts a zone may lie in, in order."""
    return list(Body.objects.filter(kind=Body.Kind.DISTRICT).order_by("order", "id"))


def middles() -> dict[str, tuple[float, float]]:
    """The mean longitude and latitude of each district's zones; one query."""
    groups = shown().order_by().values("district").annotate(east=Avg("longitude"), north=Avg("latitude"))
    return {one["district"] or "": (float(one["east"]), float(one["north"])) for one in groups}
