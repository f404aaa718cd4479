"""The procedure of a clean-up 清理: the list is frozen, each norm decided on, the whole approved, one decision published.

A package decision 一揽子决定 is a clean-up whose list is put together by hand.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Field, Procedure, Situation, State, Transition

from ..procedure import KINDS

KEEP, AMEND, REPEAL, LAPSE = "keep", "amend", "repeal", "declare_lapsed"
DECISIONS = ((KEEP, "保留"), (AMEND, "修改"), (REPEAL, "废止"), (LAPSE, "宣布失效"))
REACHES = (("own", "本机关"), ("all", "本机关及下级"))
SCOPES = (*KINDS, ("both", "规章和行政规范性文件"))

_LEADS = ("disclosure",)
_DECIDES = ("handler", "editor", "disclosure")

REASON = Field("reason", "理由", "long", hint="写明依据，将进入经过记录")
_ITEMS = Field("items", "文件", "list", longest=64)
_TITLE = Field("title", "名称", longest=200, hint="如 2021年行政规范性文件清理")
_DECISION = (
    Field("title", "决定标题", longest=200, hint="如 关于废止和修改部分行政规范性文件的决定"),
    Field("document_number", "决定文号", longest=60),
    Field("from_on", "自何日起", "date", required=False, hint="不填即自公布之日起"),
)


def _all_decided(s: Situation) -> str | None:
    if not s.subject.items:
        return "清单是空的，请先列入文件"
    open_ = sum(not item.decision for item in s.subject.items.values())
    return f"还有 {open_} 件没有处理意见" if open_ else None


def _not_the_submitter(s: Situation) -> str | None:
    return "提交人不能审核、批准自己提交的清理意见" if s.actor == s.subject.submitted_by else None


def _not_the_reviewer(s: Situation) -> str | None:
    return "审核人不能批准自己审核的清理意见" if s.actor == s.subject.reviewed_by else None


def _did_not_decide(s: Situation) -> str | None:
    decided = {item.decided_by for item in s.subject.items.values()}
    return "提出处理意见的人不能批准" if s.actor in decided else None


def _items_are_listed(s: Situation) -> str | None:
    unknown = [key for key in s.data["items"] if key not in s.subject.items]
    return f"清单中没有 {'、'.join(unknown[:5])}，请刷新后再选" if unknown else None


def _items_are_new(s: Situation) -> str | None:
    known = [key for key in s.data["items"] if key in s.subject.items]
    return f"清单中已有 {'、'.join(known[:5])}" if known else None


def _reason_for_change(s: Situation) -> str | None:
    return None if s.data["decision"] == KEEP or s.data.get("reason") else "修改、废止、宣布失效的，请写明理由"


def _begins_in_time(s: Situation) -> str | None:
    start: Any = s.data.get("from_on")
    return "生效日期不能早于公布日期" if start and date.fromisoformat(start) < s.day else None


def _days_in_order(s: Situation) -> str | None:
    data: Mapping[str, Any] = s.data
    first, last = data.get("issued_from"), data.get("issued_to")
    return "公布日期的起止颠倒了" if first and last and first > last else None


CLEANUP = Procedure(
    "cleanup", "规范性文件清理",
    (
        State("open", "已启动，待定清单"),
        State("deciding", "逐件提出意见"),
        State("submitted", "待审核"),
        State("reviewed", "已审核，待批准"),
        State("approved", "已批准，待公布"),
        State("published", "已公布结果", final=True),
        State("cancelled", "已撤销", final=True),
    ),
    (
        Transition("open", "启动清理", (NEW,), "open", _LEADS,
                   (_TITLE, Field("reach", "范围", "choice", choices=REACHES),
                    Field("kind", "文件类别", "choice", choices=SCOPES),
                    Field("issued_from", "公布日期自", "date", required=False),
                    Field("issued_to", "公布日期至", "date", required=False),
                    Field("note", "依据和要求", "long", required=False)), ("days_in_order",)),
        Transition("compose", "起草一揽子决定", (NEW,), "deciding", _LEADS,
                   (Field("title", "名称", longest=200, hint="如 关于废止部分行政规范性文件的决定（草案）"),
                    Field("note", "依据和要求", "long", required=False)),
                   hint="不经清理，一项决定修改、废止多份文件；文件由您逐件列入"),
        Transition("draw", "生成并固定清单", ("open",), "deciding", _LEADS, hint="按范围列出现行有效的文件，此后不随登记变化"),
        Transition("include", "列入文件", ("deciding",), SAME, _LEADS,
                   (Field("items", "文件", "list", hint="文号或登记编号，多件用顿号隔开", longest=64),), ("items_are_new",)),
        Transition("exclude", "移出文件", ("deciding",), SAME, _LEADS, (_ITEMS, REASON), ("items_are_listed",)),
        Transition("assign", "分送责任单位", ("deciding",), SAME, _LEADS,
                   (_ITEMS, Field("department", "责任单位", longest=64)), ("items_are_listed",)),
        Transition("decide", "提出处理意见", ("deciding",), SAME, _DECIDES,
                   (_ITEMS, Field("decision", "处理意见", "choice", choices=DECISIONS),
                    Field("reason", "理由", "long", required=False, hint="修改、废止、宣布失效的须填写")),
                   ("items_are_listed", "reason_for_change")),
        Transition("undecide", "撤回处理意见", ("deciding",), SAME, _DECIDES, (_ITEMS,), ("items_are_listed",)),
        Transition("submit", "提交审核", ("deciding",), "submitted", _LEADS, when=("all_decided",)),
        Transition("review", "审核通过", ("submitted",), "reviewed", ("reviewer",),
                   (Field("note", "审核意见", "long", required=False),), when=("not_the_submitter",)),
        Transition("approve", "批准", ("reviewed",), "approved", ("signatory",),
                   (Field("meeting", "审议会议", required=False, longest=100),),
                   when=("not_the_submitter", "not_the_reviewer", "did_not_decide")),
        Transition("send_back", "退回", ("submitted", "reviewed", "approved"), "deciding",
                   ("reviewer", "signatory", "disclosure"), (REASON,)),
        Transition("publish", "公布决定", ("approved",), "published", _LEADS, _DECISION, ("begins_in_time",), ("20(1)",),
                   "所列文件同时修改、废止、宣布失效，并公布清理结果；公布以后不能撤销"),
        Transition("cancel", "撤销", ("open", "deciding", "submitted", "reviewed", "approved"), "cancelled", _LEADS,
                   (REASON,), hint="公布以前可以撤销，文件不受影响"),
    ),
    ROLES,
    {
        "all_decided": _all_decided,
        "not_the_submitter": _not_the_submitter,
        "not_the_reviewer": _not_the_reviewer,
        "did_not_decide": _did_not_decide,
        "items_are_listed": _items_are_listed,
        "items_are_new": _items_are_new,
        "reason_for_change": _reason_for_change,
        "begins_in_time": _begins_in_time,
        "days_in_order": _days_in_order,
    },
)  # fmt: skip
