"""Valid data for every event of a norm and a register entry, for tests and examples."""

from datetime import timedelta
from typing import Any

from gongkai.ledger import clock


def event_data(kind: str, event: str, state: str = "new") -> dict[str, Any]:
    """Data that the event's fields accept; ``state`` where one event asks for different things."""
    reason = {"reason": "登记有误"}
    if kind == "register_entry":
        entry = {"register": "licence", "matter": "印章刻制许可", "decided_on": clock.today().isoformat(), "count": 3}
        return {"enter": entry | {"reference": "许字〔2021〕1号"}, "correct": {"count": 5} | reason}.get(event, reason)
    title = {"kind": "normative_document", "title": "关于加强轨道交通建设管理的通知"}
    numbers = {"document_number": f"渝府发〔2021〕{clock.now().timestamp():.0f}号", "register_number": "2021-1"}
    until = (clock.today() + timedelta(days=1000)).isoformat()
    by = {"by": "关于废止部分文件的决定（渝府发〔2021〕40号）"}
    return {
        "draft": title,
        "review": {},
        "approve": {"meeting": "市政府第120次常务会议"},
        "issue": numbers | {"valid_until": until} | (title if state == "new" else {}),
        "register_existing": title | numbers | {"issued_on": "2015-06-01", "valid_until": until},
        "amend": by,
        "renew": by | {"valid_until": (clock.today() + timedelta(days=3000)).isoformat()},
        "repeal": by,
        "declare_lapsed": by,
        "expire": {},
        "correct": {"title": "关于加强城市轨道交通建设管理的通知"} | reason,
    }.get(event, reason)
