"""Valid data for every event of a zone and of its service log, and ready subjects, for tests and examples."""

from collections.abc import Mapping
from typing import Any

from gongkai.ledger.services import Actor
from gongkai.organs.models import Body
from gongkai.organs.rights import ROLES

from . import services
from .models import Zone

ANYBODY = Actor("clerk", frozenset(ROLES) - {"applicant", "system"})
DESCRIBED: Mapping[str, Any] = {
    "name": "渝中区政务服务大厅政务公开专区",
    "level": "district",
    "host": "service_hall",
    "address": "渝中区人民路232号一楼",
    "longitude": "106.551234",
    "latitude": "29.563421",
    "hours": "周一至周五 9:00-12:00、14:00-17:30；周六 9:00-12:00",
    "phone": "023-00000000",
    "areas": ["query", "apply"],
    "equipment": "自助查询机、打印机",
    "directions": "乘轨道交通到大礼堂站，从二号出口步行五分钟",
}


def event_data(kind: str, event: str) -> dict[str, Any]:
    """Data that the event's fields accept."""
    if kind == "zone_service":
        told = {"service": "query", "people": 12, "papers": 3}
        return {"log": told, "correct": told | {"people": 13, "reason": "漏记一人"}}.get(event, {"reason": "误登"})
    reason = {"reason": "大厅维修"}
    return {
        "plan": dict(DESCRIBED), "enter": dict(DESCRIBED), "amend": DESCRIBED | {"phone": "023-11111111"},
        "open": {}, "resume": {}, "disable_kiosk": {}, "enable_kiosk": {"idle": 60},
    }.get(event, reason)  # fmt: skip


#: The shortest way into each state after the plan of a zone.
WAYS: Mapping[str, tuple[str, ...]] = {
    "planned": (),
    "open": ("open",),
    "suspended": ("open", "suspend"),
    "closed": ("open", "close"),
}


def zone(body: Body, state: str = "open", kiosk: bool = False, **described: Any) -> str:
    """A zone brought into a state by the real commands; returns its key. ``kiosk``: with terminals of 60 seconds."""
    told = dict(DESCRIBED) | {"name": f"{body.short_name}第 {Zone.objects.count() + 1} 专区"} | described
    key: str = services.begin("plan", body, ANYBODY, told).event.subject
    for event in WAYS[state]:
        services.do(key, event, ANYBODY, event_data("zone", event))
    if kiosk:
        services.do(key, "enable_kiosk", ANYBODY, {"idle": 60})
    return key


def service(key: str, **told: Any) -> str:
    """A line of a zone's log; returns its key."""
    data = event_data("zone_service", "log") | told
    subject: str = services.log(Zone.objects.get(pk=key), ANYBODY, data).event.subject
    return subject
