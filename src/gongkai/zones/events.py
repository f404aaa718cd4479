"""Zones and lines of their service log replayed from the ledger: pure functions."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from gongkai.ledger.models import Event
from gongkai.ledger.subjects import stepping
from gongkai.ledger.tally import OPEN
from gongkai.procedure import NEW

from .hours import NEVER, Week, parse
from .procedure import SERVICE, ZONE


@dataclass(frozen=True)
class Zone:
    """A zone as its lines make it.

    ``district`` is the key of the district's body (empty: none), coordinates are WGS-84 degrees as text. ``kiosk`` is the
    number of the terminals' present link, 0 while there is none; ``links`` how many links were ever made, ``idle`` the
    seconds after which a terminal nobody touches begins anew.
    """

    state: str = NEW
    body: str = ""
    name: str = ""
    level: str = ""
    host: str = ""
    district: str = ""
    address: str = ""
    longitude: str = ""
    latitude: str = ""
    hours: Week = NEVER
    hours_note: str = ""
    phone: str = ""
    areas: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    accessibility: str = ""
    directions: str = ""
    opened_on: date | None = None
    closed_on: date | None = None
    why: str = ""
    until: date | None = None
    kiosk: int = 0
    links: int = 0
    idle: int = 0

    @property
    def number(self) -> str:
        """What the desk calls it."""
        return self.name


@dataclass(frozen=True)
class Service:
    """A line of the service log: what a zone did on a day, for how many people, with how many papers."""

    state: str = NEW
    body: str = ""
    zone: str = ""
    on: date | None = None
    service: str = ""
    people: int = 0
    papers: int = 0
    note: str = ""


_TEXTS = (
    "name", "level", "host", "address", "longitude", "latitude", "hours_note", "phone", "accessibility", "directions",
)  # fmt: skip


def _describe(zone: Zone, e: Event) -> Zone:
    texts = {name: e.data.get(name, "") for name in (*_TEXTS, "district")}
    lists = {name: tuple(e.data.get(name, ())) for name in ("areas", "equipment")}
    return replace(zone, **texts, **lists, hours=parse(e.data["hours"]))


def _found(zone: Zone, e: Event) -> Zone:
    return _describe(replace(zone, body=e.data["body"]), e)


def _suspend(zone: Zone, e: Event) -> Zone:
    until = date.fromisoformat(e.data["until"]) if "until" in e.data else None
    return replace(zone, why=e.data["reason"], until=until)


def _kiosk(zone: Zone, e: Event) -> Zone:
    return replace(zone, kiosk=zone.links + 1, links=zone.links + 1, idle=e.data["idle"])


def _log(service: Service, e: Event) -> Service:
    known = {name: e.data[name] for name in ("body", "zone", "service") if name in e.data}
    numbers = {name: e.data.get(name, 0) for name in ("people", "papers")}
    return replace(service, **known, **numbers, on=service.on or e.legal_day, note=e.data.get("note", ""))


def _correct(service: Service, e: Event) -> Service:
    known = {name: e.data[name] for name in ("service", "people", "papers", "note") if name in e.data}
    return replace(service, **known)


_ZONE: dict[str, Callable[[Zone, Event], Zone]] = {
    "plan": _found,
    "enter": lambda zone, e: replace(_found(zone, e), opened_on=e.legal_day),
    "open": lambda zone, e: replace(zone, opened_on=e.legal_day),
    "amend": _describe,
    "suspend": _suspend,
    "resume": lambda zone, e: replace(zone, why="", until=None),
    "close": lambda zone, e: replace(zone, closed_on=e.legal_day, why=e.data["reason"], until=None, kiosk=0),
    "enable_kiosk": _kiosk,
    "disable_kiosk": lambda zone, e: replace(zone, kiosk=0),
}
_SERVICE: dict[str, Callable[[Service, Event], Service]] = {"log": _log, "correct": _correct}


#: Replay one line of a zone, of a service.
step_zone = stepping(ZONE, _ZONE)
step_service = stepping(SERVICE, _SERVICE)


def zone_facts(zone: Zone) -> dict[str, Any] | None:
    """What is counted of a zone: from the day it opened to the day it was closed for good; a pause does not end it."""
    if zone.opened_on is None:
        return None
    return {
        "body_id": zone.body,
        "level": zone.level,
        "host": zone.host,
        "opened_on": zone.opened_on,
        "closed_on": zone.closed_on or OPEN,
    }


def service_facts(service: Service) -> dict[str, Any] | None:
    """What is counted of a line of the log; None when void."""
    if service.on is None or service.state == "void":
        return None
    names = ("service", "people", "papers", "on")
    return {"body_id": service.body, **{name: getattr(service, name) for name in names}}
