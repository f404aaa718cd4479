"""Valid data for every event of a norm, a register entry and a clean-up, for tests and examples."""

from datetime import timedelta
from typing import Any

from gongkai.ledger import clock

TEXT = "第一条　为了加强轨道交通建设管理，制定本办法。\n第二条　本办法适用于本市轨道交通建设。\n第三条　本办法自公布之日起施行。"


def number() -> int:
    """A number no other minute has."""
    return int(clock.now().timestamp() // 60) % 1_000_000 or 1


def event_data(kind: str, event: str, state: str = "new") -> dict[str, Any]:
    """Data that the event's fields accept; ``state`` where one event asks for different things."""
    reason = {"reason": "登记有误"}
    if kind == "register_entry":
        entry = {"register": "licence", "matter": "印章刻制许可", "decided_on": clock.today().isoformat(), "count": 3}
        return {"enter": entry | {"reference": "许字〔2021〕1号"}, "correct": {"count": 5} | reason}.get(event, reason)
    if kind == "cleanup":
        return _cleanup(event)
    title = {"kind": "normative_document", "title": "关于加强轨道交通建设管理的通知"}
    document = {"document_number": f"渝府发〔2021〕{number()}号"}
    until = (clock.today() + timedelta(days=1000)).isoformat()
    by = {"by": "关于废止部分文件的决定（渝府发〔2021〕40号）"}
    issuing = {"new": title | document, "approved": document}.get(state, {})
    return {
        "draft": title,
        "consult": {"until": (clock.today() + timedelta(days=10)).isoformat()},
        "close_comments": {"received": 12, "adopted": 5},
        "argue": {"form": "experts", "note": "可行"},
        "review": {},
        "approve": {"meeting": "市政府第120次常务会议"},
        "register": document,
        "issue": issuing | {"valid_until": until},
        "register_existing": title | document | {"issued_on": "2015-06-01", "valid_until": until},
        "set_text": {"text": f"{TEXT}\n{number()}"} | (reason if state not in {"new", "draft"} else {}),
        "file": {"filed_with": "重庆市人民代表大会常务委员会"},
        "evaluate": {"conclusion": "keep"},
        "amend": by,
        "renew": by | {"valid_until": (clock.today() + timedelta(days=2500)).isoformat()},
        "repeal": by,
        "declare_lapsed": by,
        "expire": {},
        "relate": {"verb": "based_on", "name": "中华人民共和国政府信息公开条例"},
        "unrelate": {"verb": "based_on", "name": "中华人民共和国政府信息公开条例"} | reason,
        "correct": {"title": "关于加强城市轨道交通建设管理的通知"} | reason,
    }.get(event, reason)


def _cleanup(event: str) -> dict[str, Any]:
    return {
        "open": {"title": "2021年行政规范性文件清理", "reach": "own", "kind": "both"},
        "compose": {"title": "关于废止部分文件的决定（草案）"},
        "draw": {},
        "submit": {},
        "review": {},
        "approve": {"meeting": "市政府第130次常务会议"},
        "publish": {"title": "关于废止部分文件的决定", "document_number": f"渝府发〔2021〕{number()}号"},
    }.get(event, {"reason": "范围有误"})
