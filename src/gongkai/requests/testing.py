"""Valid data for every event of a request, for tests of the procedure, the desk and the API."""

from datetime import timedelta
from typing import Any

from gongkai.ledger import clock

APPLICATION: dict[str, Any] = {
    "channel": "in-person",
    "category": "natural_person",
    "name": "陈小明",
    "id_type": "identity_card",
    "id_number": "500103199001011234",
    "phone": "13800000000",
    "title": "申请公开轨道交通规划批复",
    "content": "请公开轨道交通九号线二期规划批复文件",
    "form": "paper",
    "delivery": "mail",
}


def event_data(event: str) -> dict[str, Any]:
    """Data that the event's fields accept."""
    reason = {"reason": "情况属实，依法办理"}
    later = (clock.today() + timedelta(days=20)).isoformat()
    return {
        "register": APPLICATION,
        "submit": APPLICATION | {"channel": "web"},
        "confirm": {"how": "电话确认"},
        "assign": {"unit": "政务公开处", "handler": "handler"},
        "request_clarification": {"what": "请写明文件名称或者文号", "until": later},
        "clarify": {"content": "文号为渝府办〔2020〕12号"},
        "consult": {"whom": "third_party", "name": "某规划咨询公司", "about": "是否同意公开终期评估报告"},
        "consulted": {"opinion": "agree"},
        "extend": {"days": 10} | reason,
        "delay": {"until": later} | reason,
        "give_reasons": {"content": "因科研需要"},
        "notice_fee": {"amount": "880", "counted": "109 页"},
        "draft": {"leaf": "3.1", "basis": "条例第三十六条第（二）项", "text": "予以公开，复印件附后。"} | reason,
        "serve": {"method": "mail", "proof": "EMS 1000"},
        "correct": {"category": "other"} | reason,
        "reopen": {"cause": "reconsideration/x"} | reason,
        "accept": {},
        "review": {},
        "sign": {},
        "pay": {},
        "archive": {},
    }.get(event, reason)
