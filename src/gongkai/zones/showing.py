"""What pages say of a zone: its rows, its hours, a line of its history."""

from collections.abc import Mapping
from typing import Any

from gongkai.ledger.models import Event
from gongkai.ui.pieces import Crumb, Row

from .procedure import AREAS, HOSTS, LEVELS, SERVICES

HOME = Crumb("政务公开专区", "/office/zones/")
STATE_KINDS = {"planned": "soon", "open": "ok", "suspended": "pause", "closed": "late"}
_NAMES: Mapping[str, Mapping[str, str]] = {
    "level": dict(LEVELS), "host": dict(HOSTS), "service": dict(SERVICES), "areas": dict(AREAS),
}  # fmt: skip


def word(name: str, value: str) -> str:
    """The word for a choice."""
    return _NAMES[name].get(value, value)


def facts(zone: Any, district: str = "", body: str = "") -> list[Row]:
    """What is kept of a zone (replayed, or its row), in the order people look for it; what is not known is left out."""
    rows = [
        Row("层级", word("level", zone.level)),
        Row("设在", word("host", zone.host)),
        Row("所在区县", district),
        Row("地址", zone.address),
        Row("到达方式", zone.directions),
        Row("电话", zone.phone),
        Row("功能区", "、".join(word("areas", one) for one in zone.areas)),
        Row("设备", "、".join(zone.equipment)),
        Row("无障碍设施", zone.accessibility),
        Row("坐标", f"东经 {zone.longitude}，北纬 {zone.latitude}（WGS-84）"),
        Row("主管机关", body),
        Row("启用日期", zone.opened_on.isoformat() if zone.opened_on else ""),
    ]
    return [row for row in rows if row.detail]


def paused(zone: Any) -> str:
    """Why a zone is not open for a time; empty for one that is."""
    if zone.state != "suspended":
        return ""
    until = f"，预计 {zone.until.isoformat()} 恢复" if zone.until else ""
    return f"本专区暂停开放：{zone.why.rstrip('。')}{until}。"


def describe(event: Event) -> str:
    """What a line of a zone's history, or of the log, says after its label."""
    data = event.data
    parts = [str(data.get("reason", "")), f"预计 {data['until']} 恢复" if "until" in data else ""]
    parts += [f"{data['idle']} 秒无人操作后重置" if "idle" in data else ""]
    if "service" in data:
        parts += [word("service", data["service"]), f"{data.get('people', 0)} 人次", f"{data.get('papers', 0)} 份"]
    parts += [str(data.get("note", ""))]
    return "；".join(filter(None, parts))
