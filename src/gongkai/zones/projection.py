"""How replayed zones and services become their rows, and which public pages that touches; makes both kinds known."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from gongkai.bake.touched import touch
from gongkai.ledger.bulk import insert
from gongkai.ledger.subjects import Subject, register

from . import events, listings, models
from .procedure import SERVICE, ZONE

_SAME = (
    "name", "level", "host", "address", "hours_note", "phone", "accessibility", "directions", "state", "opened_on",
    "closed_on", "why", "until", "kiosk", "idle",
)  # fmt: skip


def _zone_row(zone: events.Zone) -> dict[str, Any]:
    return {name: getattr(zone, name) for name in _SAME} | {
        "body_id": zone.body,
        "district_id": zone.district or None,
        "longitude": Decimal(zone.longitude),
        "latitude": Decimal(zone.latitude),
        "hours": [[list(span) for span in day] for day in zone.hours],
        "areas": list(zone.areas),
        "equipment": list(zone.equipment),
    }


def project_zone(key: str, zone: events.Zone) -> None:
    """Write the row; touch its page, its district, and the lists where it stands or stood."""
    before = models.Zone.objects.filter(pk=key).first()
    after = models.Zone(key=key, **_zone_row(zone))
    after.save(force_insert=before is None, force_update=before is not None)
    _touch([row for row in (before, after) if row], moved=before is None or _place(before) != _place(after))


def project_zones(states: Sequence[tuple[str, events.Zone]]) -> None:
    """The same for zones that are all new."""
    rows = [{"key": key, **_zone_row(zone)} for key, zone in states]
    insert(models.Zone, rows)
    _touch([models.Zone(**row) for row in rows], moved=True)


def _place(row: models.Zone) -> tuple[Any, ...]:
    """What decides in which lists a zone stands, and where."""
    return row.state in listings.SHOWN, row.opened_on, row.level, sorted(row.areas)


def _touch(rows: Iterable[models.Zone], moved: bool) -> None:
    seen = [row for row in rows if row.opened_on is not None]
    if not seen:
        return
    keys = [key for row in seen for key in (f"zone:{row.key}", f"zones:{row.district_id or ''}")]
    touch("zones", *keys, *(listings.moved(seen) if moved else ()))


def _service_row(service: events.Service) -> dict[str, Any]:
    names = ("state", "on", "service", "people", "papers", "note")
    return {"body_id": service.body, "zone_id": service.zone, **{name: getattr(service, name) for name in names}}


def project_service(key: str, service: events.Service) -> None:
    """Write the row of a line of the log."""
    row, rows = _service_row(service), models.Service.objects
    if not rows.filter(pk=key).update(**row):
        rows.create(pk=key, **row)


def project_services(states: Sequence[tuple[str, events.Service]]) -> None:
    """The same for lines that are all new."""
    insert(models.Service, [{"key": key, **_service_row(service)} for key, service in states])


ZONES = register(
    Subject(
        ZONE.name, ZONE.label, ZONE, events.Zone(), events.step_zone, project_zone,
        (models.Service, models.Zone), models.ZoneTally, events.zone_facts, project_zones,
    )
)  # fmt: skip
SERVICES = register(
    Subject(
        SERVICE.name, SERVICE.label, SERVICE, events.Service(), events.step_service, project_service,
        (), models.ServiceTally, events.service_facts, project_services,
    )
)  # fmt: skip
