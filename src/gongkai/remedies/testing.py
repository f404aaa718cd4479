"""Valid data for every event of a review, a suit and a complaint, for tests and examples."""

from typing import Any

PARTY = {"name": "陈小明", "phone": "13800000000", "address": "重庆市渝中区某路1号"}
OPENING: dict[str, dict[str, Any]] = {
    "reconsideration": {
        "forum": "国务院某部门", "matter": "不服政府信息公开答复", "contested": "answer", "request": "cq-office-2021-00001",
    } | PARTY,
    "lawsuit": {
        "route": "direct", "forum": "重庆市第五中级人民法院", "matter": "诉政府信息公开答复", "contested": "answer",
        "request": "cq-office-2021-00002",
    } | PARTY,
    "complaint": {
        "door": "not_answered", "channel": "letter", "against": "某区人民政府", "matter": "反映逾期未答复申请",
        "content": "三个月前提出的申请至今没有答复",
    } | PARTY,
}  # fmt: skip


def event_data(kind: str, event: str, state: str = "") -> dict[str, Any]:
    """Data that the event's fields accept; ``state`` where one event asks for different things."""
    reason = {"reason": "情况属实"}
    result = {"result": "upheld", "document_number": "渝复〔2021〕8号", "summary": "维持原答复"}
    return {
        "file": OPENING[kind],
        "receive": OPENING[kind],
        "accept": {"case_number": "（2021）8号"},
        "draft_answer": {"text": "答复事实清楚", "evidence": "1. 登记表\n2. 答复书"},
        "approve_answer": {},
        "hear": {"summary": "双方到场"} | ({"attended_by": "副主任"} if kind == "lawsuit" else {}),
        "judge": result,
        "conclude": {} if state == "judged" else result,
        "appeal": {"appellant": "plaintiff", "court": "重庆市高级人民法院"},
        "rectify": {"result": "corrected"} | reason,
        "verify": {},
        "transfer": {"to": "某区人民政府"} | reason,
        "propose": {"finding": "founded", "measure": "order", "text": "查实，督促整改"},
        "decide": {},
        "answer": {"text": "已督促整改"},
        "mend": {"text": "已补作答复"},
        "close": {},
    }.get(event, reason)
