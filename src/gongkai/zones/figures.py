"""The figures of zones and of their services. They stand beside the statutory tables and are no part of them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from gongkai.figure import Ask, Family, Figure, register
from gongkai.ledger.tally import known
from gongkai.organs.models import Body

from .models import Service, ServiceTally, Zone, ZoneTally
from .procedure import LEVELS, SERVICES

ALL, AT_CITY = "disclosure_zones", "municipal_zones_archive_and_library"
_CITY = Q(level="city", host__in=("archive", "library"))
_STANDING = "截至本期末已经启用、没有撤销的（一级政府的，含其部门和下级的）"
_ZONES: dict[str, tuple[Q, str, str]] = {
    ALL: (Q(), "政务公开专区", f"{_STANDING}政务公开专区，暂停开放的计入。单位：个。"),
    **{
        f"{ALL}.{key}": (Q(level=key), f"{label}政务公开专区", f"{_STANDING}{label}政务公开专区，暂停开放的计入。单位：个。")
        for key, label in LEVELS
    },
    AT_CITY: (_CITY, "市级档案馆、图书馆政务公开专区", f"{_STANDING}、设在档案馆和图书馆的市级政务公开专区。单位：个。"),
}  # fmt: skip


def _zones(ask: Ask) -> QuerySet[ZoneTally]:
    """Zones standing on the last day, of the bodies asked for and of all below the governments among them."""
    rows = known(ZoneTally.objects.all(), ask.known_at).filter(opened_on__lte=ask.last, closed_on__gt=ask.last)
    if ask.bodies is None:
        return rows
    below = Q(body__in=ask.bodies.values("key"))
    for path in ask.bodies.filter(kind=Body.Kind.GOVERNMENT).values_list("path", flat=True):
        below |= Q(body__path__startswith=path)
    return rows.filter(below)


def _zone_counts() -> Mapping[str, Any]:
    return {name: Count("id", filter=condition) for name, (condition, *_) in _ZONES.items()}


def count_zones(ask: Ask) -> dict[str, int]:
    """Zones standing on the last day, by level, in one query."""
    return _zones(ask).aggregate(**_zone_counts())


def count_zones_by_body(ask: Ask) -> dict[str, dict[str, int]]:
    """The same for every body that keeps zones."""
    groups = _zones(ask).order_by().values("body_id").annotate(**_zone_counts())
    return {group.pop("body_id"): dict(group) for group in groups}


def zone_rows(ask: Ask, figure: str) -> QuerySet[Zone]:
    """The zones one figure counts, oldest first."""
    counted = _zones(ask).filter(_ZONES[figure][0])
    return Zone.objects.select_related("body").filter(key__in=counted.values("subject")).order_by("opened_on", "key")


register(
    Family(
        "zones.standing",
        tuple(Figure(name, label, "个", definition, sums=False) for name, (_, label, definition) in _ZONES.items()),
        count_zones,
        zone_rows,
        count_zones_by_body,
    )
)

_PEOPLE = {"zone_visits": Q()} | {f"zone_visits.{key}": Q(service=key) for key, _ in SERVICES}
PAPERS = "zone_papers"
_WHAT = {"zone_visits": "政务公开专区服务"} | {f"zone_visits.{key}": f"政务公开专区{label}" for key, label in SERVICES}


def _services(ask: Ask) -> QuerySet[ServiceTally]:
    rows = known(ServiceTally.objects.all(), ask.known_at).filter(on__range=(ask.first, ask.last))
    return rows if ask.bodies is None else rows.filter(body__in=ask.bodies.values("key"))


def _service_sums() -> Mapping[str, Any]:
    sums = {name: Sum("people", filter=condition, default=0) for name, condition in _PEOPLE.items()}
    return sums | {PAPERS: Sum("papers", default=0)}


def count_services(ask: Ask) -> dict[str, int]:
    """People served and papers given in the period, in one query."""
    return _services(ask).aggregate(**_service_sums())


def count_services_by_body(ask: Ask) -> dict[str, dict[str, int]]:
    """The same for every body with a service log."""
    groups = _services(ask).order_by().values("body_id").annotate(**_service_sums())
    return {group.pop("body_id"): dict(group) for group in groups}


def service_rows(ask: Ask, figure: str) -> QuerySet[Service]:
    """The lines of the log a figure adds up, oldest first."""
    counted = _services(ask).filter(_PEOPLE.get(figure, Q(papers__gt=0)))
    return (
        Service.objects.select_related("body", "zone").filter(key__in=counted.values("subject")).order_by("on", "key")
    )


register(
    Family(
        "zones.services",
        (
            *(
                Figure(name, label, "人次", f"本期{label}的人次，依专区服务登记累加，作废的不计。单位：人次。")
                for name, label in _WHAT.items()
            ),
            Figure(PAPERS, "政务公开专区提供资料", "份", "本期政务公开专区提供、打印的资料和接收的申请份数，依专区服务登记累加。单位：份。"),
        ),
        count_services,
        service_rows,
        count_services_by_body,
    )
)  # fmt: skip
