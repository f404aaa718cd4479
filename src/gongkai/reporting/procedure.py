"""The procedure of an annual report: compiled from figures, reviewed by other eyes, frozen with a hash, published."""

from gongkai.annual.equations import check
from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Field, Procedure, Situation, State, Transition

from . import content, narrative

STATES = (
    State("draft", "编制中"),
    State("submitted", "待审核"),
    State("reviewed", "待冻结"),
    State("frozen", "已冻结，待公布"),
    State("published", "已公布", final=True),
)

REASON = Field("reason", "理由", "long", hint="写明需要修改之处，将进入经过记录")
CUT = (
    Field("as_of", "统计截止日", "date", required=False, hint="默认为年度最后一日；年度未结束的，默认为今天"),
    Field("known_at", "按何时所知", required=False, longest=40,
          hint="如 2022-01-20T18:00；此后补登、更正的内容不计入。默认为现在"),
)  # fmt: skip
COMPILER, COMPLETE = ("disclosure",), ("sections_complete", "equations_hold")

TRANSITIONS = (
    Transition("compile", "编制", (NEW,), "draft", COMPILER, CUT, articles=("49", "50"),
               hint="三张表的数字由台账统计得出，不能手填"),
    Transition("recompile", "重新统计", ("draft",), SAME, COMPILER, CUT,
               hint="按现在的台账重新统计；正文中引用的数字随之更新"),
    Transition("edit", "修改正文", ("draft",), SAME, COMPILER, articles=("50",),
               hint="数字用指标名引用，如 {requests_received}，不手填"),
    Transition("submit", "提交审核", ("draft",), "submitted", COMPILER, when=COMPLETE,
               hint="正文写完、勾稽关系全部成立后提交"),
    Transition("review", "审核通过", ("submitted",), "reviewed", ("reviewer",),
               (Field("note", "审核意见", "long", required=False),), articles=("50",),
               when=("reviewer_did_not_compile",), hint="核对数字、表述与保密；编制人不能审核自己编制的报告"),
    Transition("send_back", "退回修改", ("submitted", "reviewed"), "draft", ("reviewer", "signatory"), (REASON,)),
    Transition("freeze", "签发并冻结", ("reviewed",), "frozen", ("signatory",),
               (Field("publish_on", "公布日期", "date", required=False, hint="印在报告上的发布日期，默认为今天"),),
               articles=("49", "50"), when=("signatory_did_not_compile", *COMPLETE),
               hint="冻结后内容、文件和校验值不再改变"),
    Transition("add_pdf", "补制PDF", ("frozen", "published"), SAME, COMPILER, when=("pdf_is_missing",),
               hint="由冻结的内容制作，内容不变"),
    Transition("publish", "公布", ("frozen",), "published", COMPILER, articles=("49",), when=("day_has_come",),
               hint="部门一月三十一日前，政府三月三十一日前"),
)  # fmt: skip


def _sections_complete(s: Situation) -> str | None:
    return narrative.unfinished(content.narrative(s.subject.narrative))


def _equations_hold(s: Situation) -> str | None:
    findings = check(content.figures(s.subject.figures).report())
    if not findings:
        return None
    return f"有 {len(findings)} 个勾稽关系不成立，不能继续：{findings[0].message}"


def _day_has_come(s: Situation) -> str | None:
    printed = s.subject.publish_on
    return f"报告上印的发布日期是 {printed.isoformat()}，到那天再公布" if s.day < printed else None


GUARDS = {
    "sections_complete": _sections_complete,
    "equations_hold": _equations_hold,
    "reviewer_did_not_compile": lambda s: "编制人不能审核自己编制的报告" if s.actor in s.subject.hands else None,
    "signatory_did_not_compile": lambda s: "编制人不能签发自己编制的报告" if s.actor in s.subject.hands else None,
    "pdf_is_missing": lambda s: "PDF 已经制作，不能重复制作" if "pdf" in s.subject.files else None,
    "day_has_come": _day_has_come,
}

PROCEDURE = Procedure("report", "年度报告", STATES, TRANSITIONS, ROLES, GUARDS)
