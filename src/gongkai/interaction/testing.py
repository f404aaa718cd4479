"""Valid data for every event of a question, a mistake, a survey and a submission, and ready subjects, for tests."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from gongkai.ledger import clock
from gongkai.ledger.services import Actor
from gongkai.organs.models import Body
from gongkai.organs.rights import ROLES

from . import services, survey_services
from .models import Submission as SubmissionRow
from .models import Survey as SurveyRow

WHO = {"name": "陈小明", "phone": "13800000000", "email": "chen@mail.example"}
MESSAGE = WHO | {
    "title": "老旧小区加装电梯怎么申请",
    "content": "我家住某小区三幢，想知道加装电梯向谁申请、有没有补贴。",
    "publish": True,
}
MISTAKE = WHO | {"page": "/records/x/", "kind": "text", "content": "标题中“规范”写成了“规泛”。"}
QUESTIONS = """单选：您多久访问一次本站？
- 每天
- 每周
多选（选填）：您主要看什么？
- 政策文件
- 办事指南
- 新闻
量表：您对本站满意吗？
- 很不满意
- 很满意
文字（选填）：您还有什么建议？
"""
_CODE = frozenset(ROLES) - {"applicant", "system"}


def by(event: str) -> Actor:
    """Different hands for writing, approving and publishing."""
    return Actor(f"{event}-officer", _CODE)


def content(form: str = "consultation", since: int = 0, days: int = 10) -> dict[str, Any]:
    """What a survey says; it begins ``since`` days from today and is open for ``days`` days."""
    first = clock.today() + timedelta(since)
    told = {
        "form": form,
        "title": "关于《城市管理办法（草案）》公开征求意见",
        "background": "为加强城市管理，起草了办法。",
    }
    told |= {"since": first.isoformat(), "until": (first + timedelta(days - 1)).isoformat()}
    return told | (
        {"text": "第一条 为了加强城市管理，制定本办法。"} if form == "consultation" else {"questions": QUESTIONS}
    )


def event_data(kind: str, event: str) -> dict[str, Any]:
    """Data that the event's fields accept."""
    reason = {"reason": "情况属实"}
    assign = {"unit": "政务公开处", "handler": ""}
    later = {"until": (clock.today() + timedelta(40)).isoformat()} | reason
    data: Mapping[str, Mapping[str, dict[str, Any]]] = {
        "message": {
            "send": MESSAGE, "assign": assign, "approve": {}, "erase": {}, "answer_with": {}, "publish": {},
            "draft": {"reply": "可以向街道办事处申请，补贴标准见住房城乡建设部门的通知。"},
            "prepare": {"heading": "加装电梯怎么申请", "question": "老旧小区加装电梯向谁申请、有没有补贴？"},
        },
        "mistake": {"report": MISTAKE, "assign": assign, "erase": {}, "confirm": {}, "mend": {"result": "已经改正。"},
                    "refer": {"to": "某区人民政府"} | reason},
        "survey": {"draft": content(), "revise": content(since=1), "review": {}, "publish": {}, "prolong": later,
                   "summarise": {"summary": "共收到意见一条，已经采纳。"}},
        "submission": {"send": {"q1": "建议写明罚则。"}, "erase": {},
                       "settle": {"gist": "建议写明罚则", "outcome": "partly", "reason": "罚则由上位法规定"}},
    }  # fmt: skip
    return dict(data[kind].get(event, reason))


#: The shortest way into each state of a question and of a mistake.
WAYS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "message": {
        "received": (),
        "assigned": ("assign",),
        "drafted": ("assign", "draft"),
        "returned": ("assign", "draft", "send_back"),
        "merged": ("merge",),
        "answered": ("assign", "draft", "approve"),
        "prepared": ("assign", "draft", "approve", "prepare"),
        "published": ("assign", "draft", "approve", "prepare", "publish"),
        "withdrawn": ("assign", "draft", "approve", "prepare", "publish", "withdraw"),
        "kept": ("assign", "draft", "approve", "keep"),
        "refused": ("refuse",),
    },
    "mistake": {
        "received": (),
        "assigned": ("assign",),
        "confirmed": ("confirm",),
        "mended": ("confirm", "mend"),
        "rejected": ("reject",),
        "referred": ("refer",),
    },
}
_SEND = {"message": services.send, "mistake": services.report}


def sent(kind: str, body: Body, state: str = "received", **data: Any) -> str:
    """A question or a mistake, brought into a state by the real commands; returns its key."""
    opening = MESSAGE if kind == "message" else MISTAKE
    key: str = _SEND[kind](body, opening | data).event.subject
    for event in WAYS[kind][state]:
        told = event_data(kind, event)
        if event == "merge":
            other = sent("message", body, title="加装电梯补贴标准")
            told = {"into": services.MessageRow.objects.get(pk=other).number}
        services.do(kind, key, event, by(event), told)
    return key


def drafted(body: Body, state: str = "approved", form: str = "consultation", **data: Any) -> str:
    """A survey before it is over: drafted, returned, approved, dropped, withdrawn; returns its key."""
    key: str = survey_services.draft(body, by("draft"), content(form) | data).event.subject
    ways = {
        "returned": ("send_back",),
        "approved": ("review",),
        "dropped": ("drop",),
        "withdrawn": ("review", "withdraw"),
    }
    for event in ways.get(state, ()):
        survey_services.do(key, event, by(event), event_data("survey", event))
    return key


def close(key: str, state: str = "published", outcome: str = "partly") -> None:
    """After its last day (the clock must stand there): deal with every opinion, put the results together, publish."""
    if SurveyRow.objects.get(pk=key).form == "consultation":
        for row in SubmissionRow.objects.filter(survey=key, state="received"):
            told = event_data("submission", "settle") | {"outcome": outcome}
            survey_services.settle(row.key, "settle", by("settle"), told)
    for event in ("summarise", "publish")[: 1 if state == "summarised" else 2]:
        survey_services.do(key, event, by(event), event_data("survey", event))
