"""The procedure of an entry in the counted registers of table two: 许可, 处罚, 强制, 收费."""

from datetime import date
from typing import Any

from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Field, Procedure, Situation, State, Transition

LICENCE, PENALTY, COERCION, FEE = "licence", "penalty", "coercion", "fee"
REGISTERS = ((LICENCE, "行政许可"), (PENALTY, "行政处罚"), (COERCION, "行政强制"), (FEE, "行政事业性收费"))

_ENTERS = ("editor", "disclosure")
_REASON = Field("reason", "理由", "long", hint="写明事实和依据，将进入经过记录")
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
    if data.get("decided_on") and date.fromisoformat(data["decided_on"]) > day:
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
                    Field("reference", "决定书文号或编号", required=False, longest=100), _REASON), ("entry_correction",),
                   hint="只填需要更正的项；已冻结的报告不变"),
        Transition("void", "登记作废", ("entered",), "void", _ENTERS, (_REASON,), hint="误登、重登或者决定被撤销"),
    ),
    ROLES,
    {"entry_fits": _entry_fits, "entry_correction": _entry_correction},
)  # fmt: skip
