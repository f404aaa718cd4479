"""The procedures of a consultation or survey 征集调查 and of what people send to it.

It is drafted by one person and approved by another; from then on its days alone say whether it is open. Results are
put together by one person and published by another.
"""

from datetime import date

from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Field, Procedure, Situation, State, Transition

from .procedure import CHECK, REASON, not_erased

CONSULTATION, POLL = "consultation", "survey"
FORMS = ((CONSULTATION, "意见征集"), (POLL, "网上调查"))
ADOPTED, PARTLY, DECLINED, NOTED = "adopted", "partly", "declined", "noted"
OUTCOMES = ((ADOPTED, "采纳"), (PARTLY, "部分采纳"), (DECLINED, "不采纳"), (NOTED, "留作参考"))

_DRAFTS = ("handler", "editor", "disclosure")
_APPROVES = ("reviewer", "signatory", "disclosure")
_CONTENT = (
    Field("form", "类别", "choice", choices=FORMS),
    Field("title", "标题", longest=120),
    Field("background", "背景和说明", "long", longest=10_000, hint="为什么征集、征集什么、怎样参与"),
    Field("record", "所涉文件的编号", required=False, longest=64, hint="本系统中的文件，填其网址或者登记编号；没有的不填"),
    Field("text", "征求意见的文本", "long", required=False, longest=200_000, hint="意见征集稿全文；已填所涉文件并已公开的可以不填"),
    Field("since", "开始日期", "date"),
    Field("until", "截止日期", "date", hint="当天仍可提交，过后自动结束"),
    Field("contact", "其他提交方式", required=False, longest=300, hint="如通信地址、电子邮箱、电话"),
    Field("questions", "问题", "long", required=False, longest=20_000,
          hint="每题一段：“单选：”“多选：”“量表：”“文字：”开头，选项各占一行、以“-”开头；意见征集不填即只问“您的意见和建议”"),
)  # fmt: skip


def _day(told: object) -> date:
    return date.fromisoformat(str(told))


def _days_are_right(s: Situation) -> str | None:
    return "截止日期不能早于开始日期" if _day(s.data["until"]) < _day(s.data["since"]) else None


def _not_the_writer(s: Situation) -> str | None:
    return "起草人不能审核自己起草的内容，请由其他人办理" if s.actor in s.subject.written_by else None


def _not_the_summariser(s: Situation) -> str | None:
    return "整理结果的人不能自己公布，请由其他人办理" if s.actor == s.subject.summarised_by else None


def _not_begun(s: Situation) -> str | None:
    return None if s.day < s.subject.since else f"已于 {s.subject.since.isoformat()} 开始，不能再退回"


def _has_begun(s: Situation) -> str | None:
    return None if s.day >= s.subject.since else "还没有开始，退回修改即可"


def _is_over(s: Situation) -> str | None:
    return None if s.day > s.subject.until else f"截止日期是 {s.subject.until.isoformat()}，结束以后才能整理结果"


def _not_over(s: Situation) -> str | None:
    return f"已于 {s.subject.until.isoformat()} 截止" if s.day > s.subject.until else None


def _is_longer(s: Situation) -> str | None:
    later = _day(s.data["until"]) > s.subject.until
    return None if later else f"新的截止日期应晚于 {s.subject.until.isoformat()}"


SURVEY = Procedure(
    "survey", "征集调查",
    (
        State("drafted", "待审核"),
        State("returned", "退回修改"),
        State("approved", "已审核"),
        State("summarised", "结果待公布"),
        State("published", "已公布结果", final=True),
        State("withdrawn", "已撤下", final=True),
        State("dropped", "不再进行", final=True),
    ),
    (
        Transition("draft", "起草征集调查", (NEW,), "drafted", _DRAFTS, _CONTENT, ("days_are_right",), CHECK),
        Transition("revise", "修改", ("drafted", "returned"), "drafted", _DRAFTS, _CONTENT, ("days_are_right",),
                   hint="修改后重新审核"),
        Transition("review", "审核通过", ("drafted",), "approved", _APPROVES,
                   (Field("note", "审核意见", "long", required=False),), (), CHECK,
                   "到开始日期自动开放，过截止日期自动结束；起草人不能审核自己起草的内容", ("not_the_writer",)),
        Transition("send_back", "退回修改", ("drafted",), "returned", _APPROVES, (REASON,)),
        Transition("send_back", "退回修改", ("approved",), "returned", _APPROVES, (REASON,), when=("not_begun",)),
        Transition("prolong", "延长时间", ("approved",), SAME, _APPROVES,
                   (Field("until", "新的截止日期", "date"), REASON), ("is_longer",), when=("not_over",)),
        Transition("summarise", "整理结果", ("approved",), "summarised", _DRAFTS,
                   (Field("summary", "结果说明", "long", longest=20_000,
                          hint="收到多少、主要意见、采纳情况和没有采纳的理由；不写任何人的个人信息"),), (), CHECK,
                   "各题统计和意见采纳情况由系统列出", ("is_over",)),
        Transition("send_back", "退回重新整理", ("summarised",), "approved", _APPROVES, (REASON,)),
        Transition("publish", "公布结果", ("summarised",), "published", _APPROVES, (), (), CHECK,
                   "整理结果的人不能自己公布", ("not_the_summariser",)),
        Transition("drop", "不再进行", ("drafted", "returned"), "dropped", _APPROVES, (REASON,)),
        Transition("withdraw", "撤下", ("approved", "summarised"), "withdrawn", ("signatory", "disclosure"), (REASON,),
                   hint="撤下后不再收意见，网页上写明理由", when=("has_begun",)),
        Transition("withdraw", "撤下", ("published",), "withdrawn", ("signatory", "disclosure"), (REASON,)),
    ),
    ROLES,
    {
        "days_are_right": _days_are_right, "not_the_writer": _not_the_writer, "not_begun": _not_begun,
        "not_the_summariser": _not_the_summariser, "has_begun": _has_begun, "is_over": _is_over, "not_over": _not_over,
        "is_longer": _is_longer,
    },
)  # fmt: skip


def _is_comment(s: Situation) -> str | None:
    return None if s.subject.form == CONSULTATION else "网上调查的答卷只作统计，不逐份处理"


def _says_why(s: Situation) -> str | None:
    silent = s.data["outcome"] != ADOPTED and not s.data.get("reason")
    return "没有全部采纳的，请写明理由" if silent else None


SUBMISSION = Procedure(
    "submission", "征集调查意见",
    (
        State("received", "已收到"),
        State("settled", "已处理", final=True),
        State("void", "不计入", final=True),
    ),
    (
        Transition("send", "提交意见", (NEW,), "received", ("applicant",), (
            Field("name", "姓名或者单位名称", required=False, personal=True, longest=100, hint="不公开"),
            Field("reach", "联系方式", required=False, personal=True, longest=120, hint="需要进一步了解时联系您，不公开"),
            Field("content", "意见", "hidden", required=False, personal=True, longest=100_000),
        )),
        Transition("settle", "处理意见", ("received", "settled"), "settled", _DRAFTS, (
            Field("gist", "意见摘要", "long", longest=1000, hint="将在结果中公布，不写任何人的个人信息"),
            Field("outcome", "处理", "choice", choices=OUTCOMES),
            Field("reason", "理由", "long", required=False, longest=2000, hint="没有全部采纳的须写明，将在结果中公布"),
        ), ("says_why",), CHECK, "采纳情况随结果一起公布", ("is_comment",)),
        Transition("void", "不计入", ("received", "settled"), "void", ("disclosure",), (REASON,),
                   hint="仅用于广告、重复提交和没有实际内容的"),
        Transition("erase", "清除个人信息", ("received", "settled", "void"), SAME, ("system",),
                   hint="保存期限届满，由系统清除提出人的个人信息；台账和统计不变", when=("not_erased",)),
    ),
    ROLES,
    {"is_comment": _is_comment, "says_why": _says_why, "not_erased": not_erased},
)  # fmt: skip

PROCEDURES = {procedure.name: procedure for procedure in (SURVEY, SUBMISSION)}
