"""The procedures of a norm (规章, 行政规范性文件) and of an entry in the registers of table two.

A norm is drafted, reviewed for legality, approved and issued here, or enters when issued elsewhere or already in force.
What it is on a given day (:mod:`.status`) follows from its dates, never from the state alone.
"""

from datetime import date, timedelta
from typing import Any

from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Field, Procedure, Situation, State, Transition

REGULATION, NORMATIVE = "regulation", "normative_document"
KINDS = ((REGULATION, "规章"), (NORMATIVE, "行政规范性文件"))
LICENCE, PENALTY, COERCION, FEE = "licence", "penalty", "coercion", "fee"
REGISTERS = ((LICENCE, "行政许可"), (PENALTY, "行政处罚"), (COERCION, "行政强制"), (FEE, "行政事业性收费"))

_DRAFTS = ("handler", "editor", "disclosure")
_ENTERS = ("editor", "disclosure")
_CHANGES = ("disclosure", "signatory")

REASON = Field("reason", "理由", "long", hint="写明事实和依据，将进入经过记录")
_KIND = Field("kind", "类别", "choice", choices=KINDS)
_TITLE = Field("title", "标题", longest=300)
_NUMBERS = (
    Field("document_number", "文号", longest=60, hint="规章填令号，如 重庆市人民政府令第350号"),
    Field("register_number", "登记号", required=False, longest=60, hint="规范性文件三统一的登记编号"),
)
_EFFECTIVE = Field("effective_on", "施行日期", "date", required=False, hint="不填即自公布之日起施行")
_VALID = Field("valid_until", "有效期至", "date", required=False, hint="有效期的最后一天；未规定有效期的不填")
_ISSUED = Field("issued_on", "公布日期", "date")
_BY = Field("by", "依据的文件或决定", longest=300, hint="作出此项决定的文件标题和文号")
_FROM = Field("from_on", "自何日起", "date", required=False, hint="不填即自本次登记日期起")


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def _order(issued: date, effective: date, valid_until: date | None, ended: date | None) -> str | None:
    """Why these dates cannot be those of one norm, or None."""
    if effective < issued:
        return "施行日期不能早于公布日期"
    if valid_until and valid_until < effective:
        return "有效期不能在施行日期之前届满"
    if ended and ended < issued:
        return "废止或失效日期不能早于公布日期"
    if ended and valid_until and ended > valid_until + timedelta(1):
        return f"有效期至 {valid_until.isoformat()}，在此之后已经失效，不能再废止或宣布失效"
    return None


def _dates_in_order(s: Situation) -> str | None:
    issued = _day(s.data.get("issued_on")) or s.day
    if issued > s.day:
        return "公布日期不能晚于登记日期"
    return _order(issued, _day(s.data.get("effective_on")) or issued, _day(s.data.get("valid_until")), None)


def _still_stands(s: Situation) -> str | None:
    if s.day >= s.subject.ceased_on:
        return f"此件已于 {s.subject.ceased_on.isoformat()} 起失效"
    return None


def _end_in_order(s: Situation) -> str | None:
    ended = _day(s.data.get("from_on")) or s.day
    if ended < s.day:
        return "废止或失效日期不能早于作出决定的日期"
    norm = s.subject
    return _order(norm.issued_on, norm.effective_on, norm.valid_until, ended)


def _period_is_longer(s: Situation) -> str | None:
    until = s.subject.valid_until
    if until is None:
        return "此件未规定有效期，不需要延长"
    return None if _day(s.data["valid_until"]) > until else f"新的有效期应晚于现有效期 {until.isoformat()}"  # type: ignore[operator]


def _period_is_over(s: Situation) -> str | None:
    until = s.subject.valid_until
    if until is None:
        return "此件未规定有效期"
    return None if s.day > until else f"有效期至 {until.isoformat()}，期满后才能登记"


def _correction(s: Situation) -> str | None:
    norm, data = s.subject, {name: value for name, value in s.data.items() if name != "reason"}
    if all(str(getattr(norm, name)) == str(value) for name, value in data.items()):
        return "更正内容与现有登记相同"
    dates = [_day(data.get(name)) or getattr(norm, name) for name in ("issued_on", "effective_on", "valid_until")]
    return "公布日期不能晚于登记日期" if dates[0] > s.day else _order(*dates, norm.ended_on)


def _not_the_drafter(s: Situation) -> str | None:
    return "起草人不能审核、批准自己的稿件" if s.actor == s.subject.drafted_by else None


_OPTIONAL = {
    field.name: Field(field.name, field.label, field.kind, False, field.choices, "", False, field.longest)
    for field in (_KIND, _TITLE, *_NUMBERS, _ISSUED, _EFFECTIVE, _VALID)
}

NORM = Procedure(
    "norm", "规章和行政规范性文件",
    (
        State("draft", "起草中"),
        State("reviewed", "已合法性审核"),
        State("approved", "已审议通过，待公布"),
        State("issued", "已公布"),
        State("abandoned", "终止起草", final=True),
        State("repealed", "已废止", final=True),
        State("lapsed", "已宣布失效", final=True),
        State("expired", "期满失效", final=True),
        State("void", "登记作废", final=True),
    ),
    (
        Transition("draft", "登记起草", (NEW,), "draft", _DRAFTS, (_KIND, _TITLE)),
        Transition("review", "合法性审核通过", ("draft",), "reviewed", ("reviewer",),
                   (Field("note", "审核意见", "long", required=False),), when=("not_the_drafter",),
                   hint="未经合法性审核或者审核不合法的，不得提交集体审议"),
        Transition("approve", "集体审议通过", ("reviewed",), "approved", ("signatory",),
                   (Field("meeting", "审议会议", longest=100),), when=("not_the_drafter",)),
        Transition("send_back", "退回修改", ("reviewed", "approved"), "draft", ("reviewer", "signatory"), (REASON,)),
        Transition("abandon", "终止起草", ("draft", "reviewed", "approved"), "abandoned", _DRAFTS, (REASON,)),
        Transition("issue", "公布", ("approved",), "issued", _CHANGES, (*_NUMBERS, _EFFECTIVE, _VALID),
                   ("dates_in_order",), ("20(1)",), "统一登记、统一编号、统一印发；登记日期即公布日期"),
        Transition("issue", "登记新公布的文件", (NEW,), "issued", _ENTERS,
                   (_KIND, _TITLE, *_NUMBERS, _EFFECTIVE, _VALID), ("dates_in_order",), ("20(1)",),
                   "在本系统以外起草的文件；登记日期填公布日期"),
        Transition("register_existing", "登记已有文件", (NEW,), "issued", (*_ENTERS, "system"),
                   (_KIND, _TITLE, *_NUMBERS, _ISSUED, _EFFECTIVE, _VALID), ("dates_in_order",), ("20(1)",),
                   "启用本系统以前公布、仍现行有效的文件"),
        Transition("amend", "登记修改", ("issued",), SAME, _CHANGES, (_BY, _FROM), ("still_stands",)),
        Transition("renew", "延长有效期", ("issued",), SAME, _CHANGES,
                   (_BY, Field("valid_until", "有效期延长至", "date")), ("still_stands", "period_is_longer"),
                   hint="经评估需要继续施行的，期满前延长"),
        Transition("repeal", "废止", ("issued",), "repealed", _CHANGES, (_BY, _FROM),
                   ("still_stands", "end_in_order"), hint="制定机关作出的废止决定"),
        Transition("declare_lapsed", "宣布失效", ("issued",), "lapsed", _CHANGES, (_BY, _FROM),
                   ("still_stands", "end_in_order"), hint="调整对象消失、任务完成等，由制定机关宣布"),
        Transition("expire", "登记期满失效", ("issued",), "expired", ("disclosure", "system"), when=("period_is_over",),
                   hint="有效期届满自动失效；统计按有效期，不以登记为准"),
        Transition("correct", "更正登记", ("issued", "repealed", "lapsed", "expired"), SAME, ("disclosure",),
                   (*_OPTIONAL.values(), REASON), ("correction",), hint="更正登记错误；已冻结的报告不变"),
        Transition("void", "登记作废", ("issued",), "void", ("disclosure",), (REASON,), hint="仅用于误登、重登；不计入统计"),
    ),
    ROLES,
    {
        "not_the_drafter": _not_the_drafter,
        "dates_in_order": _dates_in_order,
        "still_stands": _still_stands,
        "end_in_order": _end_in_order,
        "period_is_longer": _period_is_longer,
        "period_is_over": _period_is_over,
        "correction": _correction,
    },
)  # fmt: skip


_DECIDED = Field("decided_on", "决定日期", "date", hint="收费填收取日期")
_COUNT = Field("count", "数量（件）", "integer", required=False, hint="不填为1；许可、处罚、强制填")
_AMOUNT = Field("amount", "金额（元）", "money", required=False, hint="收费填，单位为元，可到分")
_ENTRY = (
    Field("register", "登记类别", "choice", choices=REGISTERS),
    Field("matter", "事项", longest=200),
    _DECIDED,
    _COUNT,
    _AMOUNT,
    Field("reference", "决定书文号或编号", required=False, longest=100),
)


def _measured(register: str, data: Any, day: date) -> str | None:
    """Why these values cannot stand in this register, or None."""
    if _day(data.get("decided_on")) and date.fromisoformat(data["decided_on"]) > day:
        return "决定日期不能晚于登记日期"
    if register == FEE and "count" in data:
        return "行政事业性收费登记金额，不填数量"
    if register != FEE and "amount" in data:
        return "只有行政事业性收费登记金额；许可、处罚、强制请填数量"
    if "amount" in data and len(data["amount"].partition(".")[2].rstrip("0")) > 2:
        return "金额以元为单位，最多两位小数"
    return None


def _entry_fits(s: Situation) -> str | None:
    register = s.data["register"]
    if register == FEE and "amount" not in s.data:
        return "请填写“金额（元）”"
    return _measured(register, s.data, s.day)


def _entry_correction(s: Situation) -> str | None:
    changed = {name: value for name, value in s.data.items() if name != "reason"}
    if not changed:
        return "请填写需要更正的内容"
    return _measured(s.subject.register, changed, s.day)


ENTRY = Procedure(
    "register_entry", "管理事项登记",
    (State("entered", "已登记", final=True), State("void", "登记作废", final=True)),
    (
        Transition("enter", "登记", (NEW,), "entered", _ENTERS, _ENTRY, ("entry_fits",),
                   ("20(5)", "20(6)", "20(8)"), "每条登记一项决定，或者一批同类决定的数量"),
        Transition("correct", "更正登记", ("entered",), SAME, _ENTERS,
                   (Field("matter", "事项", required=False, longest=200),
                    Field("decided_on", "决定日期", "date", required=False), _COUNT, _AMOUNT,
                    Field("reference", "决定书文号或编号", required=False, longest=100), REASON), ("entry_correction",),
                   hint="只填需要更正的项；已冻结的报告不变"),
        Transition("void", "登记作废", ("entered",), "void", _ENTERS, (REASON,), hint="误登、重登或者决定被撤销"),
    ),
    ROLES,
    {"entry_fits": _entry_fits, "entry_correction": _entry_correction},
)  # fmt: skip

PROCEDURES = {procedure.name: procedure for procedure in (NORM, ENTRY)}
