"""The procedure of a request 依申请公开: from the letter that arrives to the decision served, and past it.

Every way the Regulation knows is a row here; the desk's buttons, the checks, the tests and the diagram all come from
this table.
"""

from gongkai.law.applicants import COLUMNS
from gongkai.law.decisions import LEAVES
from gongkai.law.receipt import RULES, Channel, ReceiptDay
from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Field, Procedure, State, Transition

from .guards import GUARDS, read_answers

__all__ = ["GUARDS", "PROCEDURE", "read_answers"]

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
MATERIAL = Field("material", "文件序号", "integer")
REVIEW = (
    Field("legality", "合法性审查", "choice", choices=REVIEWED),
    Field("secrecy", "保密审查", "choice", choices=SECRECY, hint="依照保密法和条例第十七条逐项审查拟公开的内容"),
    Field("note", "审核意见", "long", required=False),
)
EXTENSION = (Field("days", "延长工作日数", "integer", hint="最长二十个工作日"), REASON)
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
    State("erased", "已归档，个人信息已清除", final=True),
    State("void", "登记作废", final=True),
)

#: Events with work around them that a form cannot do (``redactions``, ``retention``), each with the page that makes it.
OWN_PAGES = {
    "store_material": "redaction",
    "withdraw_material": "redaction",
    "redact": "redaction",
    "release_copy": "redaction",
    "propose_erasure": "retention",
    "stop_erasure": "retention",
    "approve_erasure": "retention",
}

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
               when=("extension_is_open", "extension_is_asked", "approver_did_not_ask", "approver_is_not_handler")),
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
    Transition("store_material", "存入待区分处理的文件", ("handling", "consulting", "explaining"), SAME, _HANDLER,
               (Field("title", "文件名称", longest=100, hint="答复书和申请人看到的名称，不写个人信息"),), articles=("37",),
               hint="原件密封保存，只有承办和审批人员可以查看"),
    Transition("withdraw_material", "撤下文件", ("handling", "consulting", "explaining"), SAME, _HANDLER, (MATERIAL, REASON),
               ("material_is_at_hand",), ("37",), "撤下的文件不向申请人提供；原件仍密封保存", when=("has_material",)),
    Transition("redact", "保存区分处理件", ("handling", "consulting", "explaining"), SAME, _HANDLER, (MATERIAL,),
               ("material_is_at_hand",), ("37",), "逐处删除不应公开的内容并写明依据；检查无残留后才能保存",
               when=("has_material",)),
    Transition("release_copy", "同意提供区分处理件", ("drafted", "reviewed"), SAME, ("reviewer", "disclosure"), (MATERIAL,),
               ("material_is_at_hand", "edition_awaits_release", "releaser_did_not_redact"), ("17", "37"),
               "核对各处删除和依据；制作人不能审核自己的区分处理件", when=("some_edition_awaits_release",)),
    Transition("draft", "拟定答复", ("handling",), "drafted", _HANDLER, DRAFT, ("leaf_fits_history", "answers_lead_here"), ("36", "37", "40"),
               "七问：补不补、是不是、谁负责、有没有、给不给、怎么给、怎么答"),
    Transition("review", "审核通过", ("drafted",), "reviewed", ("reviewer",),
               REVIEW, ("review_is_favourable",), ("17",),
               "核对事实、依据和保密审查；拟稿人不能审核自己的稿件", when=("reviewer_did_not_draft", "letter_is_complete")),
    Transition("sign", "签发", ("reviewed",), "signed", ("signatory",), (), (), ("33", "36"),
               "签发之日即答复日期，同时编文号；拟稿人不能签发自己的稿件",
               when=("signatory_did_not_draft", "letter_is_complete", "every_copy_is_released")),
    Transition("send_back", "退回修改", ("drafted", "reviewed"), "handling", ("reviewer", "signatory"), (REASON,)),
    Transition("serve", "登记送达", ("signed",), "served", ("registrar", "handler", "disclosure"),
               SERVICE, ("service_is_proven",), ("40",), "邮寄以交邮之日、直接送达以签收之日为送达之日"),
    Transition("archive", "归档", ("served", "closed"), "archived", ("registrar", "disclosure")),
    Transition("propose_erasure", "提出清除个人信息", ("archived",), SAME, ("registrar", "disclosure"), (REASON,),
               hint="保管期限届满、没有未结的复议诉讼和投诉举报的，可以提出；由他人批准", when=("no_erasure_is_proposed",)),
    Transition("stop_erasure", "不予清除个人信息", ("archived",), SAME, ("disclosure", "supervisor"), (REASON,),
               hint="撤回或者不同意清除的提议", when=("erasure_is_proposed",)),
    Transition("approve_erasure", "批准清除个人信息", ("archived",), "erased", ("supervisor",), (REASON,),
               hint="等待期届满后批准，随即清除，不能恢复；台账和统计不变；提出人不能批准自己的提议",
               when=("erasure_is_proposed", "approver_did_not_propose")),
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

PROCEDURE = Procedure("request", "依申请公开", STATES, TRANSITIONS, ROLES, GUARDS)
