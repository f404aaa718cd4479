"""The procedure of a request 依申请公开: from the letter that arrives to the decision served, and past it.

Every way the Regulation knows is a row here; the desk's buttons, the checks, the tests and the diagram all come from
this table.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from gongkai.law.applicants import COLUMNS
from gongkai.law.clocks import ClockEvent, ImpossibleSequence
from gongkai.law.decisions import LEAVES, walk
from gongkai.law.fees import charge
from gongkai.law.receipt import RULES, Channel, ReceiptDay
from gongkai.organs.rights import ROLES
from gongkai.papers.linter import check
from gongkai.procedure import NEW, SAME, Field, Procedure, Situation, State, Transition

from .letter import letter

#: Leaves no letter decides: the ways out of waiting states lead there by themselves.
LAPSE_UNCLARIFIED, LAPSE_UNPAID, OTHER = "3.6.1", "3.6.2", "3.6.3"

CATEGORIES = tuple((category.value, category.label) for category in COLUMNS)
DECISIONS = tuple(
    (leaf.code, leaf.title) for leaf in LEAVES.values() if leaf.code not in {LAPSE_UNCLARIFIED, LAPSE_UNPAID}
)
RECEIVED_AT_ONCE = tuple((c.value, c.label) for c in Channel if RULES[c].counts is not ReceiptDay.CONFIRMED)
TO_BE_CONFIRMED = tuple((c.value, c.label) for c in Channel if RULES[c].counts is ReceiptDay.CONFIRMED)
FORMS = (("paper", "纸质"), ("electronic", "电子文档"), ("disc", "光盘"), ("inspect", "当场查阅、抄录"))
DELIVERIES = (("collect", "自行领取"), ("mail", "邮寄"), ("email", "电子邮件"), ("web", "网上查询"))
ID_TYPES = (
    ("identity_card", "居民身份证"),
    ("credit_code", "统一社会信用代码"),
    ("passport", "护照"),
    ("other", "其他证件"),
)
CONSULTED = (
    ("third_party", "第三方（第三十二条）"),
    ("joint_maker", "共同制作机关（第三十四条）"),
    ("agency", "其他机关"),
)
OPINIONS = (("agree", "同意公开"), ("refuse", "不同意公开"), ("silent", "逾期未答复"))
REVIEWED = (
    ("sound", "事实清楚、依据适当、程序合法"),
    ("faulty", "有问题，应退回修改"),
)
SECRECY = (
    ("cleared", "已审查，可以按拟定内容答复"),
    ("barred", "含有不得公开的内容，应退回修改"),
)
SERVICES = (
    ("in_person", "直接送达"),
    ("mail", "邮寄送达"),
    ("email", "电子邮件"),
    ("web", "网上送达"),
    ("public_notice", "公告送达"),
)

REASON = Field("reason", "理由", "long", hint="写明事实和依据，将进入经过记录")
#: What the register needs of an applicant and the request. The purpose of use is deliberately not asked (Art 29).
APPLICATION = (
    Field("category", "申请人类别", "choice", choices=CATEGORIES),
    Field("name", "姓名或名称", personal=True, longest=100),
    Field("id_type", "证件类型", "choice", required=False, choices=ID_TYPES),
    Field("id_number", "证件号码", required=False, personal=True, longest=40),
    Field("phone", "联系电话", required=False, personal=True, longest=40),
    Field("email", "电子邮箱", required=False, personal=True, longest=100),
    Field("address", "通信地址", required=False, personal=True, longest=200),
    Field("title", "申请事项", longest=200, hint="一句话概括所申请的政府信息，不写个人信息"),
    Field(
        "content", "申请内容", "long", personal=True, hint="申请公开的政府信息的名称、文号或者便于查询的其他特征性描述"
    ),
    Field("form", "载体形式", "choice", required=False, choices=FORMS),
    Field("delivery", "获取方式", "choice", required=False, choices=DELIVERIES),
)
DRAFT = (
    Field("leaf", "处理决定", "choice", choices=DECISIONS, hint="一件申请只有一个处理决定"),
    Field("basis", "法律依据", longest=200, hint="写到条、款、项，如 条例第三十六条第（二）项"),
    Field("text", "答复内容", "long"),
    REASON,
    Field("items", "申请内容（逐项）", "long", required=False, hint="每行一项，不写个人信息；不填则为申请事项"),
    Field("findings", "逐项认定", "long", required=False, hint="每行一项，与申请内容逐项对应"),
    Field(
        "provided",
        "提供方式或者获取途径",
        "long",
        required=False,
        hint="怎么给：提供的内容、方式、时间，或者可以通过的渠道",
    ),
    Field("withheld", "不予公开的内容", "long", required=False, hint="部分公开的，写明哪些内容不予公开"),
    Field("searched", "检索情况", "long", required=False, hint="信息不存在的，写明检索的系统、关键词和时间范围"),
    Field(
        "earlier", "前次答复或者已获取信息的情况", "long", required=False, hint="重复申请的，写明前次答复的日期和文号"
    ),
    Field("transferred_to", "移送机关", required=False, longest=100, hint="需要移送有关材料的，写明接收机关"),
    Field("answers", "七问", "hidden", required=False, longest=300),
)
REVIEW = (
    Field("legality", "合法性审查", "choice", choices=REVIEWED),
    Field("secrecy", "保密审查", "choice", choices=SECRECY, hint="依照保密法和条例第十七条逐项审查拟公开的内容"),
    Field("note", "审核意见", "long", required=False),
)
EXTENSION = (Field("days", "延长工作日数", "integer", hint="最长二十个工作日"), REASON)
#: What proves service, by method (Art 40): what to write as the proof, and whether somebody signs.
PROOFS = {
    "in_person": ("送达回证编号或者说明", "签收人"),
    "mail": ("邮政邮件号（应通过邮政企业邮寄，以交邮之日为送达之日）", ""),
    "email": ("邮件系统回执，或者申请人确认收到的情况", ""),
    "web": ("网上送达的系统记录编号，或者申请人下载、确认的情况", ""),
    "public_notice": ("公告的载体和日期", ""),
}
SERVICE = (
    Field("method", "送达方式", "choice", choices=SERVICES),
    Field("proof", "送达凭证", required=False, longest=200,
          hint="邮寄填邮政邮件号；电子邮件、网上送达填系统回执或者确认情况；公告填载体和日期"),
    Field("signer", "签收人", required=False, personal=True, longest=60, hint="直接送达的，填签收人姓名和与申请人的关系"),
    Field("until", "公告期满日", "date", required=False, hint="仅公告送达填写；期满之日为送达之日"),
)  # fmt: skip

STATES = (
    State("awaiting", "待双方确认收到"),
    State("registered", "已登记"),
    State("handling", "办理中"),
    State("clarifying", "等待补正"),
    State("consulting", "征求意见中"),
    State("explaining", "等待说明理由"),
    State("paying", "等待缴费"),
    State("drafted", "待审核"),
    State("reviewed", "待签发"),
    State("signed", "待送达"),
    State("served", "已送达", final=True),
    State("closed", "已结案", final=True),
    State("archived", "已归档", final=True),
    State("void", "登记作废", final=True),
)

_DESK = ("registrar", "disclosure")
_HANDLER = ("handler", "disclosure")
_WORKING = ("registered", "handling", "clarifying", "consulting", "explaining", "paying", "drafted", "reviewed")

TRANSITIONS = (
    Transition("register", "登记收到", (NEW,), "registered", (*_DESK, "applicant"),
               (Field("channel", "渠道", "choice", choices=RECEIVED_AT_ONCE), *APPLICATION),
               articles=("29", "31(1)", "31(2)"), hint="当面、口头提交之日，邮寄签收之日为收到之日"),
    Transition("submit", "登记待确认", (NEW,), "awaiting", (*_DESK, "applicant"),
               (Field("channel", "渠道", "choice", choices=TO_BE_CONFIRMED), *APPLICATION),
               articles=("29", "31(2)", "31(3)"), hint="互联网、传真、电子邮件和平常信函，以双方确认之日为收到之日"),
    Transition("confirm", "双方确认收到", ("awaiting",), "registered", _DESK,
               (Field("how", "确认方式", longest=200, hint="如：电话确认，通话人和时间"),),
               articles=("31(2)", "31(3)"), hint="自双方确认之日起计算答复期限"),
    Transition("assign", "交办", ("registered", "handling", "consulting", "clarifying", "paying", "explaining"), SAME,
               _DESK, (Field("unit", "承办处室", longest=60), Field("handler", "承办人", required=False, longest=40),
                       Field("reason", "交办意见或者转交理由", "long", required=False)), ("hand_over_says_why",),
               hint="转交承办处室；已有承办人的，再次转交须写明理由"),
    Transition("accept", "开始办理", ("registered",), "handling", _HANDLER, hint="先看内容是否明确：不明确的七个工作日内一次告知补正",
               articles=("30",)),
    Transition("request_clarification", "告知补正", ("handling",), "clarifying", _HANDLER,
               (Field("what", "需要补正的内容", "long"), Field("until", "补正期限", "date", hint="给申请人合理的期限")),
               ("clarification_has_time",), ("30",),
               "内容不明确时，自收到之日起七个工作日内一次告知；收到补正后重新计算期限", when=("clock_clarification_requested",)),
    Transition("clarify", "收到补正", ("clarifying",), "handling", ("registrar", "handler", "disclosure", "applicant"),
               (Field("content", "补正内容", "long", personal=True),), (), ("30",),
               "答复期限自收到补正的次日起重新计算", when=("clock_clarified",)),
    Transition("lapse_unclarified", "逾期不补正结案", ("clarifying",), "closed", (*_HANDLER, "system"), (REASON,),
               (), ("30",), "补正期满、申请人无正当理由未补正的，视为放弃申请", when=("clarification_overdue",)),
    Transition("split", "分拆办理", ("registered", "handling"), SAME, _DESK, (REASON,), ("still_one_application",), ("29",),
               "一份申请包含多项内容的，可以分拆为多件分别办理，各编登记号，收到日期相同"),
    Transition("keep_together", "多项合并办理", ("registered", "handling"), SAME, _DESK,
               (Field("items", "包含的项数", "integer", hint="按件计收信息处理费时按项数计算"), REASON),
               ("several_items",), ("29",), "一份申请包含多项内容、一并办理更便民的，合并为一件，逐项答复"),
    Transition("consult", "征求意见", ("handling", "consulting"), "consulting", _HANDLER,
               (Field("whom", "征求对象", "choice", choices=CONSULTED), Field("name", "名称", personal=True, longest=100),
                Field("about", "征求意见的内容", "long")), (), ("32", "33.3", "34"),
               "第三方、共同制作机关应在十五个工作日内答复；所需时间不计入答复期限", when=("clock_consultation_sent",)),
    Transition("opinion", "登记一方意见", ("consulting",), SAME, _HANDLER,
               (Field("party", "哪一方", "integer", hint="征求意见的序号"), Field("opinion", "意见", "choice", choices=OPINIONS),
                Field("note", "意见内容和理由", "long", required=False)), ("party_is_awaited",),
               ("32", "34"), "其他各方的意见收回后才能继续办理", when=("several_are_awaited",)),
    Transition("consulted", "登记意见", ("consulting",), "handling", _HANDLER,
               (Field("opinion", "意见", "choice", choices=OPINIONS),
                Field("note", "意见内容和理由", "long", required=False)), (),
               ("32", "34"), "逾期未答复的，由本机关依法决定", when=("one_is_awaited",)),
    Transition("ask_extension", "申请延期", ("handling", "consulting", "explaining"), SAME, _HANDLER, EXTENSION,
               ("clock_extended",), ("33.2",), "送政府信息公开工作机构负责人审批", when=("extension_is_open", "none_is_asked")),
    Transition("extend", "批准延期", ("handling", "consulting", "explaining"), SAME, ("supervisor",),
               EXTENSION, ("clock_extended",), ("33.2",), "须经政府信息公开工作机构负责人同意并告知申请人，只能延长一次",
               when=("extension_is_open", "approver_did_not_ask")),
    Transition("refuse_extension", "不同意延期", ("handling", "consulting", "explaining"), SAME, ("supervisor",), (REASON,),
               (), ("33.2",), when=("extension_is_asked", "approver_did_not_ask")),
    Transition("ask_reasons", "要求说明理由", ("handling",), "explaining", _HANDLER, (REASON,), articles=("35",),
               hint="申请数量、频次明显超过合理范围的，可以要求申请人说明理由"),
    Transition("give_reasons", "收到理由说明", ("explaining",), "handling", ("registrar", "handler", "disclosure", "applicant"),
               (Field("content", "说明的理由", "long", personal=True),), articles=("35",)),
    Transition("no_reasons", "未说明理由", ("explaining",), "handling", _HANDLER, (REASON,), articles=("35",)),
    Transition("delay", "确定合理延迟答复期限", ("handling",), SAME, ("supervisor",),
               (Field("until", "延迟至", "date"), REASON), ("clock_reasonable_delay",), ("35",),
               "理由合理但不能按期答复的，可以确定合理的延迟期限并告知申请人", when=("reasons_were_given",)),
    Transition("notice_fee", "通知缴费", ("handling",), "paying", _HANDLER,
               (Field("amount", "金额（元）", "money"), Field("counted", "计费数量", longest=60, hint="如 109 页，或 15 件"),
                Field("before", "当月此前件数", "hidden", required=False, longest=6)),
               ("fee_follows_tariff",), ("42", "fees:6"), "收费按标准计算；申请人应在二十个工作日内缴纳",
               when=("clock_fee_noticed",)),
    Transition("report_payment", "申请人告知已缴费", ("paying",), SAME, ("applicant",),
               (Field("note", "缴费情况", "long", personal=True, longest=500, hint="缴费日期、方式和缴款单号"),),
               articles=("fees:6",), hint="核对到账后登记缴费；告知本身不影响期限"),
    Transition("pay", "登记缴费", ("paying",), "handling", (*_HANDLER, "registrar"), (), (), ("fees:6",),
               "答复期限自缴费的次日起重新计算", when=("clock_fee_paid",)),
    Transition("lapse_unpaid", "逾期不缴费结案", ("paying",), "closed", (*_HANDLER, "system"), (REASON,), (),
               ("fees:6",), "逾期未缴纳的，视为放弃申请", when=("fee_overdue",)),
    Transition("draft", "拟定答复", ("handling",), "drafted", _HANDLER, DRAFT, ("leaf_fits_history", "answers_lead_here"), ("36", "37", "40"),
               "七问：补不补、是不是、谁负责、有没有、给不给、怎么给、怎么答"),
    Transition("review", "审核通过", ("drafted",), "reviewed", ("reviewer",),
               REVIEW, ("review_is_favourable",), ("17",),
               "核对事实、依据和保密审查；拟稿人不能审核自己的稿件", when=("reviewer_did_not_draft", "letter_is_complete")),
    Transition("send_back", "退回修改", ("drafted", "reviewed"), "handling", ("reviewer", "signatory"), (REASON,)),
    Transition("sign", "签发", ("reviewed",), "signed", ("signatory",), (), (), ("33", "36"),
               "签发之日即答复日期，同时编文号；拟稿人不能签发自己的稿件", when=("signatory_did_not_draft", "letter_is_complete")),
    Transition("serve", "登记送达", ("signed",), "served", ("registrar", "handler", "disclosure"),
               SERVICE, ("service_is_proven",), ("40",), "邮寄以交邮之日、直接送达以签收之日为送达之日"),
    Transition("archive", "归档", ("served", "closed"), "archived", ("registrar", "disclosure")),
    Transition("reopen", "重新办理", ("served", "closed", "archived"), "handling", ("disclosure", "system"),
               (Field("cause", "起因", longest=200), REASON), articles=("33",),
               hint="原答复被纠正或自行纠正后，重新作出答复；年度报告不重复计件", when=("was_received",)),
    Transition("withdraw", "登记撤回", ("awaiting", *_WORKING), "closed", ("registrar", "handler", "disclosure", "applicant"),
               (REASON,), hint="申请人自愿撤回；已收到的计入其他处理"),
    Transition("void", "登记作废", ("awaiting", *_WORKING), "void", ("disclosure",), (REASON,),
               hint="仅用于误登、重登；编号保留，不计入统计"),
    Transition("correct", "更正登记", (*_WORKING, "signed", "served", "closed", "archived"), SAME, ("disclosure",),
               (Field("category", "申请人类别", "choice", required=False, choices=CATEGORIES),
                Field("leaf", "处理决定", "choice", required=False, choices=tuple((x.code, x.title) for x in LEAVES.values())),
                REASON), ("correction_changes_something",), hint="更正登记错误；已冻结的报告不变"),
)  # fmt: skip


def _clock(kind: str) -> Callable[[Situation], str | None]:
    """The guard that asks the law's clock whether this event is possible now."""

    def guard(situation: Situation) -> str | None:
        data = situation.data
        try:
            event = ClockEvent(kind, situation.day, days=data.get("days"), until=_day(data.get("until")))
            situation.subject.with_clock_event(event, data.get("whom", "third_party")).deadline(strict=True)
        except ImpossibleSequence as error:
            return str(error)
        return None

    return guard


def _extension_is_open(s: Situation) -> str | None:
    """Asked with the shortest extension there is: whether any would do."""
    return _clock("extended")(replace(s, data={"days": 1}))


def _day(text: Any) -> Any:
    return date.fromisoformat(text) if text else None


def _clarification_has_time(s: Situation) -> str | None:
    return None if _day(s.data["until"]) > s.day else "补正期限应晚于告知日期，给申请人合理的时间"


def _clarification_overdue(s: Situation) -> str | None:
    until = s.subject.clarify_until
    return None if s.day > until else f"补正期限到 {until.isoformat()}，期满后才能按逾期不补正结案"


def _fee_overdue(s: Situation) -> str | None:
    waiting = s.subject.deadline().waiting
    return None if s.day > waiting.due else f"缴费期限到 {waiting.due.isoformat()}，期满后才能按逾期不缴费结案"


def _leaf_fits_history(s: Situation) -> str | None:
    if s.data["leaf"] == "3.4.3" and not s.subject.clarified:
        return "“补正后申请内容仍不明确”须先告知补正并收到补正"
    if s.data["leaf"] == "3.5.4" and not s.subject.reasons_asked:
        return "“无正当理由大量反复申请”须先要求申请人说明理由"
    return None


def _answers_lead_here(s: Situation) -> str | None:
    if "answers" not in s.data:
        return None
    try:
        found = walk(read_answers(s.data["answers"])).leaf
    except ValueError as error:
        return f"七问的回答不完整：{error}"
    leaf = LEAVES[s.data["leaf"]]
    return (
        None
        if found is leaf
        else f"七问的结论是“{found.title}”，与所选“{leaf.title}”不一致，请重新回答七问或者改正处理决定"
    )


def read_answers(text: str) -> dict[str, str]:
    """The seven questions' answers as the draft carries them: ``clarify=clear;subject=information``."""
    return dict(pair.split("=", 1) for pair in text.split(";") if "=" in pair)


def _fee_follows_tariff(s: Situation) -> str | None:
    """The amount is what the tariff says for the pages or items counted: not more, not less."""
    counted = re.search(r"(\d{1,6})\s*(页|件)", s.data["counted"])
    if counted is None:
        return "请写明计费数量：按量计收的写“109 页”，按件计收的写“15 件”"
    number, by_page = int(counted[1]), counted[2] == "页"
    try:
        fee = charge(pages=number) if by_page else charge(items=number, before=int(s.data.get("before", 0)))
    except ValueError as error:
        return str(error)
    if Decimal(s.data["amount"]) != fee.total:
        return f"金额应为 {fee.total} 元。{fee.text}"
    return None if fee.total else f"未达到收费标准，不发缴费通知。{fee.text}"


def _review_is_favourable(s: Situation) -> str | None:
    if s.data["secrecy"] != "cleared":
        return "保密审查未通过的，请用“退回修改”退回承办人"
    return None if s.data["legality"] == "sound" else "合法性审查有问题的，请用“退回修改”退回承办人"


def _approver_did_not_ask(s: Situation) -> str | None:
    asked = s.subject.extension_asked
    return "延期须由他人批准：申请人本人不能批准自己提出的延期" if asked and asked.by == s.actor else None


def _several_items(s: Situation) -> str | None:
    return None if s.data["items"] > 1 else "只有一项内容的不需要合并办理；项数应为 2 以上"


def _party_is_awaited(s: Situation) -> str | None:
    number, awaited = s.data["party"], dict(s.subject.awaited)
    return (
        None
        if number in awaited
        else f"没有等待第 {number} 方的意见，现等待：{'、'.join(f'第 {n} 方' for n in awaited)}"
    )


def _letter_is_complete(s: Situation) -> str | None:
    if s.subject.imported:
        return None  # its letter was written and sent elsewhere, before
    missing = check(letter(s.subject), draft_only=True)
    return f"答复书还不完整，请退回补充：{'；'.join(map(str, missing))}" if missing else None


#: Private couriers cannot serve an official letter: the law knows the postal enterprise only (邮政法 Art 55).
COURIERS = re.compile("顺丰|圆通|中通|申通|韵达|京东|极兔|德邦|百世")


def _service_is_proven(s: Situation) -> str | None:
    method, proof, until = s.data["method"], s.data.get("proof", ""), _day(s.data.get("until"))
    what, signs = PROOFS[method]
    if s.subject.imported:
        return None  # the register it came from may not say
    if signs and not s.data.get("signer"):
        return "直接送达须填写签收人"
    if not signs and not proof:
        return f"请填写送达凭证：{what}"
    if method == "mail" and (COURIERS.search(proof) or not re.search(r"[0-9]{4}", proof)):
        return "邮寄送达应当通过邮政企业，请填写邮政邮件号（如 EMS 1000000000000），其他快递不作为送达"
    if method == "public_notice":
        if until is None:
            return "公告送达须填写公告期满日"
        if s.day < until:
            return f"公告 {until.isoformat()} 期满，期满后才能登记送达"
    return None


def _correction(s: Situation) -> str | None:
    if "leaf" in s.data and s.subject.leaf is None:
        return "尚未作出处理决定，不能更正处理决定"
    new = s.data.get("category", s.subject.category), s.data.get("leaf", s.subject.leaf)
    return "更正内容与现有登记相同" if new == (s.subject.category, s.subject.leaf) else None


_CLOCKED = (
    "clarification_requested", "clarified", "consultation_sent", "extended", "reasonable_delay",
    "fee_noticed", "fee_paid",
)  # fmt: skip

GUARDS: dict[str, Callable[[Situation], str | None]] = {f"clock_{kind}": _clock(kind) for kind in _CLOCKED} | {
    "extension_is_open": _extension_is_open,
    "clarification_has_time": _clarification_has_time,
    "clarification_overdue": _clarification_overdue,
    "fee_overdue": _fee_overdue,
    "reasons_were_given": lambda s: None if s.subject.reasons_given else "申请人说明理由后，才能确定合理延迟期限",
    "was_received": lambda s: None if s.subject.received_on else "此件从未双方确认收到，没有可以重新作出的答复",
    "leaf_fits_history": _leaf_fits_history,
    "reviewer_did_not_draft": lambda s: "拟稿人不能审核自己的稿件" if s.actor == s.subject.drafted_by else None,
    "signatory_did_not_draft": lambda s: "拟稿人不能签发自己的稿件" if s.actor == s.subject.drafted_by else None,
    "letter_is_complete": _letter_is_complete,
    "answers_lead_here": _answers_lead_here,
    "hand_over_says_why": lambda s: (
        "已有承办人，转交须写明理由" if s.subject.handler and not s.data.get("reason") else None
    ),
    "fee_follows_tariff": _fee_follows_tariff,
    "review_is_favourable": _review_is_favourable,
    "approver_did_not_ask": _approver_did_not_ask,
    "none_is_asked": lambda s: "已经申请延期，等待审批" if s.subject.extension_asked else None,
    "extension_is_asked": lambda s: None if s.subject.extension_asked else "没有待审批的延期申请",
    "several_items": _several_items,
    "still_one_application": lambda s: "这件申请已经分拆过" if s.subject.application or s.subject.parts else None,
    "several_are_awaited": lambda s: None if len(s.subject.awaited) > 1 else "只等待一方意见，请直接登记意见",
    "one_is_awaited": lambda s: (
        f"还在等待 {len(s.subject.awaited)} 方的意见，请逐一登记" if len(s.subject.awaited) > 1 else None
    ),
    "party_is_awaited": _party_is_awaited,
    "service_is_proven": _service_is_proven,
    "correction_changes_something": _correction,
}

PROCEDURE = Procedure("request", "依申请公开", STATES, TRANSITIONS, ROLES, GUARDS)
