"""Commands on zones and their service log: the only writers."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from gongkai.ledger import clock
from gongkai.ledger.bulk import Opening, open_many, used_keys
from gongkai.ledger.services import Actor, Done, act, next_number, replay, used
from gongkai.organs.models import Body
from gongkai.procedure import Invalid, Refused, clean

from . import hours, places, queries
from .models import Zone
from .procedure import DESCRIPTION, SERVICE, ZONE

_PHONE = re.compile(r"\+?[\d() -]{5,20}(?:(?:转|-)\d{1,6})?(?:[、,/]\+?[\d() -]{5,20}(?:(?:转|-)\d{1,6})?)*")
#: Events that carry a whole description.
DESCRIBING = ("plan", "enter", "amend")


class Map:
    """What a description is held against: the districts, and where their zones lie. Reads each once."""

    def __init__(self) -> None:
        self._districts: dict[str, str] | None = None
        self._around: dict[str, list[tuple[float, float]]] = {}

    @property
    def districts(self) -> dict[str, str]:
        """Key of a district by its names and keys."""
        if self._districts is None:
            self._districts = {}
            for body in queries.district_bodies():
                self._districts |= dict.fromkeys((body.key, body.name, body.short_name), body.key)
        return self._districts

    def around(self, district: str) -> list[tuple[float, float]]:
        """(longitude, latitude) of a district's zones."""
        if district not in self._around:
            rows = Zone.objects.filter(district=district).values_list("longitude", "latitude")
            self._around[district] = [(float(east), float(north)) for east, north in rows]
        return self._around[district]


def settled(data: Mapping[str, Any], body: Body, known: Map | None = None) -> tuple[dict[str, Any], dict[str, str]]:
    """A description as the ledger stores it, and the district's key: written one way, held against the map.

    Raises ``procedure.Invalid`` with every fault at once, each naming its field.
    """
    known, faults = known or Map(), list[tuple[str, str]]()
    try:
        told = clean(DESCRIPTION, data)
    except Invalid as invalid:
        faults = list(invalid.errors)
        told = {name: value for name, value in data.items() if name not in dict(faults)}
    if "hours" in told:
        faults += _settle_hours(told)
    if "longitude" in told and "latitude" in told:
        try:
            east, north = places.degrees(str(told["longitude"]), str(told["latitude"]))
            told |= {"longitude": str(east), "latitude": str(north)}
        except ValueError as error:
            faults += error.args[0]
    if "phone" in told:
        told["phone"] = unicodedata.normalize("NFKC", str(told["phone"])).strip()
        if not _PHONE.fullmatch(told["phone"]):
            faults.append(("phone", "“电话”应为电话号码，如 023-00000000；多个号码用顿号隔开"))
    district, wrong = _district(str(told.pop("district", "") or "").strip(), body, known)
    faults += wrong
    if not faults:
        faults += _too_far(told, district, known)
    if faults:
        raise Invalid(faults)
    return told, {"district": district}


def _settle_hours(told: dict[str, Any]) -> list[tuple[str, str]]:
    try:
        told["hours"] = hours.write(hours.parse(str(told["hours"])))
    except ValueError as error:
        return [("hours", f"“开放时间”{error}")]
    return []


def _district(named: str, body: Body, known: Map) -> tuple[str, list[tuple[str, str]]]:
    """The key of the district named, or of the one the body belongs to."""
    if not named:
        return next((key for key in reversed(body.path.strip("/").split("/")) if key in known.districts), ""), []
    if named in known.districts:
        return known.districts[named], []
    example = next((name for name, key in known.districts.items() if name != key), "渝中区")
    return "", [("district", f"没有名为“{named[:20]}”的区县，请填写全称或者简称，如 {example}")]


def _too_far(told: Mapping[str, Any], district: str, known: Map) -> list[tuple[str, str]]:
    around = known.around(district) if district else []
    if len(around) < 3:
        return []
    far = places.distance((float(told["longitude"]), float(told["latitude"])), places.middle(around))
    if far <= places.FARTHEST:
        return []
    return [("longitude", f"这个位置距本区县其他专区约 {far:.0f} 公里，请核对经度和纬度")]


def begin(
    event: str, body: Body, actor: Actor, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None
) -> Done:
    """Register a zone of ``body``: ``plan`` one that is being set up, ``enter`` one open since ``day``.

    Raises ``procedure.Invalid`` (also for a name its district already has), ``procedure.Refused``.
    """
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        told, where = settled(data, body)
        count = next_number(f"zone/{body.key}")  # others of this body wait here
        _name_is_free(told["name"], where["district"])
        system = {"body": body.key, **where}
        subject = f"{body.key}-z{count:05d}"
        return act(ZONE.name, subject, event, actor, day=day, data=told, system_data=system, key=key, opening=True)


@dataclass(frozen=True)
class Entry:
    """One zone of many: its description as :func:`settled` gave it with the district, the day it opened, its key.

    ``event`` begins it, ``then`` is what brings it into its state of today: an event with its data.
    """

    told: Mapping[str, Any]
    district: str
    day: date | None = None
    key: str | None = None
    event: str = "enter"
    then: tuple[str, Mapping[str, Any]] | None = None


def enter_many(body: Body, actor: Actor, entries: Sequence[Entry]) -> int:
    """Register many zones of one body in one transaction, each once for its key; returns how many were new.

    Raises ``procedure.Invalid``, ``procedure.Refused``, ``ledger.services.Conflict``.
    """
    with transaction.atomic():
        before = used_keys([one.key for one in entries if one.key])
        fresh = [one for one in entries if one.key not in before]
        if not fresh:
            return 0
        first = next_number(f"zone/{body.key}", len(fresh))
        keys = {f"{body.key}-z{first + n:05d}": one for n, one in enumerate(fresh)}
        for event in dict.fromkeys(one.event for one in fresh):
            openings = [
                Opening(key, one.told, {"body": body.key, "district": one.district}, one.day, one.key)
                for key, one in keys.items()
                if one.event == event
            ]
            open_many(ZONE.name, event, openings, actor)
        for key, one in keys.items():
            if one.then:
                do(key, one.then[0], actor, one.then[1])
        return len(fresh)


def taken(names: Iterable[str]) -> set[tuple[str, str]]:
    """(district, name) of zones that stand under these names."""
    wanted, found = sorted(set(names)), set[tuple[str, str]]()
    for start in range(0, len(wanted), 500):
        rows = Zone.objects.filter(name__in=wanted[start : start + 500]).exclude(state="closed")
        found.update((district or "", name) for district, name in rows.values_list("district", "name"))
    return found


def _name_is_free(name: str, district: str, but: str = "") -> None:
    same = Zone.objects.filter(name=name, district=district or None).exclude(state="closed").exclude(pk=but)
    if same.exists():
        raise Invalid([("name", f"“{name}”已经登记过，请核对是否重复")])


def do(
    subject: str,
    event: str,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    *,
    day: date | None = None,
    key: str | None = None,
) -> Done:
    """Make any later event of a zone. Raises ``procedure.Invalid``, ``procedure.Refused``, ``ledger.services.Conflict``."""
    if event != "amend":
        return act(ZONE.name, subject, event, actor, day=day, data=data, key=key)
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        zone = replay(ZONE.name, subject)
        told, where = settled(data or {}, Body.objects.get(key=zone.body))
        _name_is_free(told["name"], where["district"], but=subject)
        return act(ZONE.name, subject, event, actor, day=day, data=told, system_data=where, key=key)


def log(zone: Zone, actor: Actor, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None) -> Done:
    """Note what a zone did on a day. Raises ``procedure.Invalid``, ``procedure.Refused`` (not open that day)."""
    on = day or clock.today()
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        if zone.opened_on is None or on < zone.opened_on or (zone.closed_on and on > zone.closed_on):
            raise Refused(f"{on.isoformat()} 这个专区没有开放，不能登记服务", kind="guard")
        count = next_number(f"zone_service/{zone.body_id}/{on.year}")
        subject = f"{zone.body_id}-{on.year}-zs{count:06d}"
        system = {"body": zone.body_id, "zone": zone.key}
        return act(SERVICE.name, subject, "log", actor, day=on, data=data, system_data=system, key=key, opening=True)


def log_many(actor: Actor, lines: Sequence[tuple[Zone, date, Mapping[str, Any], str]]) -> int:
    """Note many (zone, day, data, key) of open zones of one body in one transaction; returns how many were new.

    Raises ``procedure.Invalid``, ``procedure.Refused``.
    """
    with transaction.atomic():
        before = used_keys([key for *_, key in lines])
        fresh = [line for line in lines if line[3] not in before]
        openings = []
        for zone, on, data, key in fresh:
            count = next_number(f"zone_service/{zone.body_id}/{on.year}")
            subject = f"{zone.body_id}-{on.year}-zs{count:06d}"
            openings.append(Opening(subject, data, {"body": zone.body_id, "zone": zone.key}, on, key))
        return open_many(SERVICE.name, "log", openings, actor)


def correct(
    subject: str,
    event: str,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    *,
    day: date | None = None,
    key: str | None = None,
) -> Done:
    """Correct or void a line of the log. Raises as :func:`do`."""
    return act(SERVICE.name, subject, event, actor, day=day, data=data, key=key)
