"""Valid data for every event of a record, for tests and examples."""

from datetime import timedelta
from typing import Any

from gongkai.ledger import clock

TEXT = "各区县人民政府：\n\n一、总体要求\n\n坚持公开为常态、不公开为例外。\n"
POLICY = {"title": "关于加强轨道交通建设管理的通知", "text": TEXT, "data.form": "notice"}
MEETING = {
    "title": "市政府第一百二十次常务会议",
    "text": "会议审议了若干事项。",
    "data.type": "executive",
    "data.number": 120,
}


def event_data(event: str, kind: str = "policy", attribute: str = "active") -> dict[str, Any]:
    """Values the commands accept for an event of a document (``policy``) or of information (``meeting``)."""
    day = (clock.today() - timedelta(days=1)).isoformat()
    entry = POLICY if kind == "policy" else MEETING | {"data.held_on": day}
    why = {} if attribute == "active" else {"reason": "属于内部事务信息", "basis": "条例第十六条第一款"}
    reason = {"reason": "情况有变化"}
    return {
        "draft": entry,
        "enter": entry,
        "edit": entry | {"title": f"{entry['title']}（修订）"},
        "propose": {"attribute": attribute} | why,
        "opinion": {"body_name": "重庆市发展和改革委员会", "attribute": attribute},
        "secrecy": {"secrecy": "cleared" if attribute == "active" else "restricted"},
        "check": {},
        "sign": {},
        "number": {},
        "publish": {},
        "hold": {},
        "keep": {"attribute": "withheld", "basis": "条例第十六条第一款"} | reason,
        "release": {"secrecy": "cleared"} | reason,
        "approve": {"secrecy": "cleared"},
        "change": entry | {"text": "新的内容。"} | reason,
        "approve_change": {"secrecy": "cleared"},
        "republish": {"secrecy": "cleared"} | reason,
        "register_existing": entry | {"published_on": day, "attribute": "active"},
    }.get(event, reason)
