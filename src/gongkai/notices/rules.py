"""Who is told what: the table. (kind of subject, event) → the audiences and the words for each.

A person in two audiences of one line is told once, by the first row; who made the event is not told of it. Words to the
applicant leave the house: they carry the number and what to do, and nothing anybody wrote about the case.
"""

from dataclasses import dataclass
from enum import StrEnum

from .wording import check


class Audience(StrEnum):
    """Who is meant; people are found by :mod:`.audiences`."""

    APPLICANT = "applicant"
    HANDLER = "handler"  # the case's handler, else the unit's, else the disclosure office
    DRAFTER = "drafter"
    REGISTRARS = "registrar"
    REVIEWERS = "reviewer"
    SIGNATORIES = "signatory"
    SUPERVISORS = "supervisor"
    DISCLOSURE = "disclosure"


@dataclass(frozen=True)
class Rule:
    """``title`` is the subject line and what the inbox lists, ``text`` the rest. Both may hold placeholders."""

    audience: Audience
    title: str
    text: str = ""

    def __post_init__(self) -> None:
        check(self.title), check(self.text)


_LOOK = "请在政府信息公开网站“查询申请”中，用编号和查询码查看详情。"


def _tell(title: str, text: str = "") -> Rule:
    return Rule(Audience.APPLICANT, title, f"您向{{body}}提出的政府信息公开申请（编号 {{number}}）：{text}{_LOOK}")


def _to(audience: Audience, title: str, text: str = "{matter}") -> Rule:
    return Rule(audience, f"{title}：{{number}}", text)


A = Audience
_REQUEST: dict[str, tuple[Rule, ...]] = {
    "register": (
        _tell("已收到您的申请", "已于 {day} 收到，答复期限至 {due}。"),
        _to(A.REGISTRARS, "新申请待交办"),
    ),
    "submit": (
        _tell("申请已送达，等待确认", "已送达，工作人员将与您确认收到，从确认之日起计算答复期限。"),
        _to(A.REGISTRARS, "新申请待确认"),
    ),
    "confirm": (_tell("已确认收到您的申请", "双方已于 {day} 确认收到，答复期限至 {due}。"),),
    "assign": (_to(A.HANDLER, "交办申请", "{matter}；答复期限至 {due}"),),
    "request_clarification": (_tell("请补正申请内容", "需要您补正，请于 {until} 前补正。逾期不补正又无正当理由的，视为放弃申请。"),),
    "clarify": (_to(A.HANDLER, "申请人已补正", "{matter}；答复期限至 {due}"),),
    "lapse_unclarified": (_tell("申请办理已结束", "补正期满未收到补正，办理已结束。"),),
    "consult": (_tell("正在征求意见", "所申请的信息涉及他人或者其他机关，正在征求意见，所需时间不计入答复期限。"),),
    "consulted": (_to(A.HANDLER, "意见已收回", "{matter}；答复期限至 {due}"),),
    "opinion": (_to(A.HANDLER, "收到一方意见"),),
    "ask_extension": (_to(A.SUPERVISORS, "延期待审批", "{matter}；申请延长 {days} 个工作日，原期限 {due}"),),
    "extend": (
        _tell("答复期限已延长", "答复期限延长 {days} 个工作日，至 {due}。"),
        _to(A.HANDLER, "延期已批准", "{matter}；答复期限至 {due}"),
    ),
    "refuse_extension": (_to(A.HANDLER, "不同意延期", "{matter}；答复期限至 {due}"),),
    "ask_reasons": (_tell("请说明申请理由", "申请的数量、频次较多，请您说明理由。"),),
    "give_reasons": (_to(A.HANDLER, "申请人已说明理由"),),
    "delay": (
        _tell("答复期限已合理延迟", "答复期限合理延迟至 {until}。"),
        _to(A.HANDLER, "已确定合理延迟期限", "{matter}；延迟至 {until}"),
    ),
    "notice_fee": (_tell("请缴纳信息处理费", "需要缴纳信息处理费 {amount} 元，请按收费通知缴纳。逾期未缴纳的，视为放弃申请。"),),
    "report_payment": (_to(A.HANDLER, "申请人告知已缴费"),),
    "pay": (
        _tell("已收到缴费", "缴费已登记，答复期限重新计算，至 {due}。"),
        _to(A.HANDLER, "缴费已登记", "{matter}；答复期限至 {due}"),
    ),
    "lapse_unpaid": (_tell("申请办理已结束", "缴费期满未缴费，办理已结束。"),),
    "draft": (_to(A.REVIEWERS, "答复待审核", "{matter}；答复期限至 {due}"),),
    "review": (_to(A.SIGNATORIES, "答复待签发", "{matter}；答复期限至 {due}"),),
    "send_back": (_to(A.HANDLER, "答复被退回修改", "{matter}；答复期限至 {due}"),),
    "sign": (_to(A.REGISTRARS, "答复待送达", "{matter}；{document_number}"), _to(A.HANDLER, "答复已签发", "{matter}")),
    "serve": (_tell("答复已送达", "答复已于 {day} 送达。对答复不服的，可以依法申请行政复议或者提起行政诉讼，期限和途径见答复书。"),),
    "reopen": (
        _tell("申请重新办理", "正在重新办理，将重新作出答复。"),
        _to(A.HANDLER, "申请重新办理", "{matter}；答复期限至 {due}"),
        _to(A.DISCLOSURE, "申请重新办理", "{matter}；答复期限至 {due}"),
    ),
    "withdraw": (_tell("已登记撤回", "已于 {day} 登记撤回，办理结束。"), _to(A.HANDLER, "申请已撤回")),
    "void": (_tell("登记已作废", "这个编号的登记已作废；如有疑问，请联系受理机关。"),),
}  # fmt: skip

_CASE: dict[str, tuple[Rule, ...]] = {
    "file": (_to(A.DISCLOSURE, "新的{kind}案件"),),
    "accept": (_to(A.DISCLOSURE, "{kind}已受理，请按期答复"),),
    "draft_answer": (_to(A.REVIEWERS, "{kind}答复待审定"),),
    "send_back": (_to(A.DRAFTER, "{kind}答复被退回修改"),),
    "approve_answer": (_to(A.DRAFTER, "{kind}答复已审定"),),
    "hear": (_to(A.DISCLOSURE, "{kind}已听取意见或者开庭"),),
    "conclude": (_to(A.DISCLOSURE, "{kind}已有结果"),),
}

_COMPLAINT: dict[str, tuple[Rule, ...]] = {
    "receive": (_to(A.DISCLOSURE, "新的投诉举报"),),
    "propose": (_to(A.REVIEWERS, "处理意见待审定"),),
    "send_back": (_to(A.DRAFTER, "处理意见被退回修改"),),
    "decide": (_to(A.DRAFTER, "处理意见已审定"), _to(A.DISCLOSURE, "投诉举报待答复")),
    "answer": (Rule(A.APPLICANT, "投诉举报已有答复", "您向{body}提出的投诉举报（编号 {number}）已作出答复，请向受理机关了解详情。"),),
    "transfer": (Rule(A.APPLICANT, "投诉举报已移送", "您向{body}提出的投诉举报（编号 {number}）已移送有权机关处理。"),),
}  # fmt: skip

_SUIT = {
    "judge": (_to(A.DISCLOSURE, "一审裁判已登记"),),
    "appeal": (_to(A.DISCLOSURE, "案件已上诉"),),
    "remand": (_to(A.DISCLOSURE, "案件发回重审"),),
}

_CLEANUP: dict[str, tuple[Rule, ...]] = {
    "submit": (_to(A.REVIEWERS, "清理意见待审核"),),
    "review": (_to(A.SIGNATORIES, "清理意见待批准"),),
    "send_back": (_to(A.DISCLOSURE, "清理意见被退回"),),
    "approve": (_to(A.DISCLOSURE, "清理意见已批准，待公布"),),
}

_FIND = "请在网站“{section}”的“查询办理情况”中，用编号和查询码查看。"


def _reply(title: str, what: str, section: str) -> Rule:
    return Rule(Audience.APPLICANT, title, f"{what}（编号 {{number}}）。{_FIND.replace('{section}', section)}")


_ASKED = "您向{body}提出的问题"
_MESSAGE: dict[str, tuple[Rule, ...]] = {
    "send": (
        _reply("已收到您的提问", f"{_ASKED}已于 {{day}} 收到，答复期限至 {{due}}", "政务咨询"),
        _to(A.REGISTRARS, "新留言待交办", "{matter}；答复期限至 {due}"),
    ),
    "assign": (_to(A.HANDLER, "交办留言", "{matter}；答复期限至 {due}"),),
    "draft": (_to(A.REVIEWERS, "留言答复待审定", "{matter}；答复期限至 {due}"),),
    "send_back": (_to(A.HANDLER, "留言被退回修改"),),
    "approve": (_reply("您的提问已有答复", f"{_ASKED}已于 {{day}} 答复", "政务咨询"), _to(A.HANDLER, "留言已答复")),
    "answer_with": (_reply("您的提问已有答复", f"{_ASKED}已于 {{day}} 答复", "政务咨询"),),
    "refuse": (_reply("您的提问不予受理", f"{_ASKED}不予受理，理由见网站", "政务咨询"),),
    "prepare": (_to(A.REVIEWERS, "留言待公开"),),
}  # fmt: skip

_FOUND = "您反映的网站错误"
_MISTAKE: dict[str, tuple[Rule, ...]] = {
    "report": (_to(A.DISCLOSURE, "新的网站纠错", "{matter}；办结期限 {due}"),),
    "assign": (_to(A.HANDLER, "交办网站纠错", "{matter}；办结期限 {due}"),),
    "mend": (_reply("您反映的错误已经改正", f"{_FOUND}已经改正", "我为政府网站找错"),),
    "reject": (_reply("您反映的网站问题已有结果", f"{_FOUND}已经核实", "我为政府网站找错"),),
    "refer": (_reply("您反映的网站问题已经转办", f"{_FOUND}已经转给有关网站的主办单位", "我为政府网站找错"),),
}

_SURVEY: dict[str, tuple[Rule, ...]] = {
    "draft": (_to(A.REVIEWERS, "征集调查待审核"),),
    "revise": (_to(A.REVIEWERS, "征集调查待审核"),),
    "review": (_to(A.DRAFTER, "征集调查已审核"),),
    "send_back": (_to(A.DRAFTER, "征集调查被退回"),),
    "summarise": (_to(A.REVIEWERS, "征集调查结果待公布"),),
    "publish": (_to(A.DRAFTER, "征集调查结果已公布"),),
}

RULES: dict[str, dict[str, tuple[Rule, ...]]] = {
    "request": _REQUEST,
    "reconsideration": _CASE,
    "lawsuit": _CASE | _SUIT,
    "complaint": _COMPLAINT,
    "cleanup": _CLEANUP,
    "message": _MESSAGE,
    "mistake": _MISTAKE,
    "survey": _SURVEY,
}

#: Where a subject is opened at the desk: the url name that takes its key.
PAGES = {
    "request": "office:requests:case",
    "reconsideration": "office:remedies:reconsideration",
    "lawsuit": "office:remedies:lawsuit",
    "complaint": "office:remedies:complaint",
    "cleanup": "office:norms:cleanup",
    "message": "office:interaction:message",
    "mistake": "office:interaction:mistake",
    "survey": "office:interaction:survey",
}
