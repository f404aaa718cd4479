"""The procedure of a record: documents with their attribute at source, other information by a shorter line.

A document: 拟稿 → 属性认定 → 保密审查 → 核稿 → 签发 → 编号 → 公开 (or into the catalogue, not public). Other information, which
nobody signs as a document: 登记 → 审核 → 公开. After that both are changed, withdrawn and published again alike; what is
withheld is assessed again from time to time (Art 18).
"""

from gongkai.law.attributes import Attribute
from gongkai.law.categories import CATEGORIES
from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Field, Procedure, State, Transition

from .guards import GUARDS

_DRAFTS = ("handler", "editor", "disclosure")
_PUBLISHES = ("editor", "disclosure")
_CHECKS = ("disclosure", "reviewer")
_APPROVES = ("reviewer", "disclosure", "signatory")

ATTRIBUTES = tuple((one.value, one.label) for one in Attribute)
SECRECY = (("cleared", "不涉密，可以公开"), ("restricted", "涉密或者不宜公开"))
#: What follows the body's own 代字 in a 文号.
STYLES = tuple((one, one) for one in ("发", "办发", "函", "办函", "规", "令", "字"))

REASON = Field("reason", "理由", "long", hint="写明事实和依据，将进入经过记录")
_NOTE = Field("note", "审核意见", "long", required=False)
_ATTRIBUTE = Field("attribute", "公开属性", "choice", choices=ATTRIBUTES)
_WHY = (
    Field("reason", "理由", "long", required=False, hint="依申请公开、不予公开的必填"),
    Field("basis", "法律依据", required=False, longest=200, hint="依申请公开、不予公开的必填，如 条例第十六条第二款"),
)
_DECIDES = (
    Field("attribute", "改定公开属性", "choice", required=False, choices=ATTRIBUTES, hint="不选即同意拟定的公开属性"),
    *_WHY,
)
_SECRECY = Field("secrecy", "保密审查", "choice", choices=SECRECY, hint="未经审查，不得公开")
KIND = Field("kind", "类别", "hidden", longest=32)

#: What every record says of itself; a kind adds its own (``kinds/*.json``), the commands the texts and files.
META = (
    Field("title", "标题", longest=300),
    Field("bodies", "联合发文机关", "list", required=False, longest=100, hint="主办机关以外的机关，多个用顿号隔开"),
    Field("issuer", "发文机关名称", required=False, longest=300, hint="不是本系统中的机关时填写"),
    Field("unit", "责任部门", required=False, longest=60),
    Field("written_on", "成文日期", "date", required=False),
    Field("effective_on", "施行日期", "date", required=False),
    Field("theme", "主题分类", required=False, longest=60),
    Field(
        "category", "法定公开类别", "choice", required=False,
        choices=tuple((one.code, f"{one.article.short}　{one.label}") for one in CATEGORIES.values()),
    ),
    Field("audience", "服务对象", "list", required=False, longest=24),
    Field("topics", "专题", "list", required=False, longest=32),
    Field("columns", "栏目", "list", required=False, longest=64, hint="可以同时放在几个栏目；不选即放在该类别的栏目"),
    Field("relays", "转发的文件", required=False, longest=300, hint="转发件填被转发文件的文号或者标识"),
    Field(
        "relayed_attribute", "被转发文件的公开属性", "choice", required=False, choices=ATTRIBUTES,
        hint="文件库中有被转发的文件时不用填",
    ),
    Field("source_url", "来源地址", required=False, longest=500),
)  # fmt: skip

_EXISTING = (
    Field("document_number", "发文字号", required=False, longest=80),
    Field("index_number", "索引号", required=False, longest=60),
    Field("published_on", "发布日期", "date", required=False),
    Field("attribute", "公开属性", "choice", required=False, choices=ATTRIBUTES),
)

RECORD = Procedure(
    "record", "政府信息",
    (
        State("draft", "拟稿中"),
        State("proposed", "待保密审查"),
        State("reviewed", "待核稿"),
        State("checked", "待签发"),
        State("signed", "待编号"),
        State("numbered", "待公开"),
        State("held", "已入目录，不公开", final=True),
        State("entered", "待审核"),
        State("approved", "审核通过，待公开"),
        State("published", "已公开", final=True),
        State("changing", "已公开，修改待审核"),
        State("withdrawn", "已撤下", final=True),
        State("abandoned", "终止办理", final=True),
    ),
    (
        Transition("draft", "拟稿", (NEW,), "draft", _DRAFTS, (KIND, *META), ("kind_is_document", "dates_in_order"),
                   hint="公文按发文程序办理，公开属性在拟稿时同步认定"),
        Transition("edit", "修改稿件", ("draft", "entered"), SAME, _DRAFTS, META, ("dates_in_order",)),
        Transition("propose", "提出公开属性，送审", ("draft",), "proposed", _DRAFTS, (_ATTRIBUTE, *_WHY),
                   ("attribute_complete", "relay_inherits", "marks_agree"), ("19", "20", "14", "16.2"),
                   "拟稿人提出公开属性；依申请公开和不予公开的写明理由和依据", ("has_content",)),
        Transition("opinion", "登记联合发文机关意见", ("draft", "proposed", "reviewed", "checked"), SAME, _DRAFTS,
                   (Field("body_name", "机关", longest=100), _ATTRIBUTE, Field("note", "意见", "long", required=False)),
                   ("opinion_of_a_partner",), hint="联合发文的公开属性由主办机关决定，其他机关提出意见", when=("is_joint",)),
        Transition("secrecy", "保密审查", ("proposed",), "reviewed", ("reviewer",), (_SECRECY, _NOTE),
                   ("secrecy_allows",), ("17",), "公开前依照保守国家秘密法等审查", ("not_the_drafter",)),
        Transition("check", "核稿", ("reviewed",), "checked", _CHECKS, (_NOTE,),
                   ("attribute_complete", "relay_inherits"), hint="没有公开属性或者理由、依据不全的，退回拟稿人",
                   when=("not_the_drafter",)),
        Transition("sign", "签发", ("checked",), "signed", ("signatory",), _DECIDES,
                   ("attribute_complete", "relay_inherits", "marks_agree", "secrecy_still_allows"),
                   hint="签发人决定公开属性；没有公开属性的不得印发",
                   when=("not_the_drafter", "not_the_secrecy_reviewer", "opinions_heard")),
        Transition("number", "编号", ("signed",), "numbered", ("registrar", *_PUBLISHES),
                   (Field("style", "文种代字", "choice", required=False, choices=STYLES, hint="不选为“发”"),
                    Field("document_number", "发文字号", required=False, longest=80, hint="不填即按本机关代字顺序编号")),
                   ("attribute_complete",), hint="编发文字号和索引号，进入信息目录"),
        Transition("publish", "公开", ("numbered", "approved"), "published", _PUBLISHES, (),
                   ("marks_agree",), ("26",), "自形成或者变更之日起二十个工作日内公开", ("is_active",)),
        Transition("hold", "入目录，不公开", ("numbered",), "held", _PUBLISHES, (),
                   hint="依申请公开、不予公开的公文进入目录，定期评估", when=("is_not_active",)),
        Transition("keep", "评估后维持", ("held",), SAME, ("disclosure", "signatory"),
                   (Field("attribute", "公开属性", "choice", choices=ATTRIBUTES[1:]), REASON,
                    Field("basis", "法律依据", longest=200)), ("attribute_complete",), ("18",),
                   "定期评估：仍不宜公开的，写明理由和依据", ("not_the_drafter",)),
        Transition("release", "评估后转为主动公开", ("held",), "numbered", ("signatory",), (_SECRECY, REASON),
                   ("secrecy_cleared", "content_is_free"), ("18", "44"), "情势变化可以公开的，转为主动公开",
                   ("not_the_drafter",)),
        Transition("enter", "登记信息", (NEW,), "entered", _DRAFTS, (KIND, *META),
                   ("kind_is_information", "dates_in_order"), ("20",), "会议、预决算、规划等不用发文的政府信息"),
        Transition("approve", "审核通过", ("entered",), "approved", _APPROVES, (_SECRECY, _NOTE),
                   ("secrecy_cleared", "marks_agree"), ("17",), "审核内容并作保密审查", ("has_content", "not_the_drafter")),
        Transition("send_back", "退回修改", ("proposed", "reviewed", "checked", "signed"), "draft",
                   ("reviewer", "disclosure", "signatory"), (REASON,)),
        Transition("send_back", "退回修改", ("approved",), "entered", ("reviewer", *_PUBLISHES, "signatory"), (REASON,)),
        Transition("abandon", "终止办理", ("draft", "proposed", "reviewed", "checked", "entered", "approved"),
                   "abandoned", _DRAFTS, (REASON,)),
        Transition("change", "修改、更正", ("published",), "changing", _DRAFTS, (*META, REASON), ("dates_in_order",),
                   ("26",), "内容变化或者有误的；审核通过前，公众看到的仍是原来的内容"),
        Transition("approve_change", "修改审核通过", ("changing",), "published", _APPROVES, (_SECRECY, _NOTE),
                   ("secrecy_cleared", "pending_marks_agree"), ("17",), "审核通过后立即公开新的内容，原内容留在历史版本中",
                   ("not_the_changer",)),
        Transition("reject_change", "不同意修改", ("changing",), "published", _APPROVES, (REASON,)),
        Transition("withdraw", "撤下", ("published", "changing"), "withdrawn", ("disclosure", "signatory"), (REASON,),
                   hint="不应公开或者有严重错误的；地址保留，说明撤下的原因"),
        Transition("republish", "重新公开", ("withdrawn",), "published", ("disclosure", "signatory"),
                   (_SECRECY, REASON), ("secrecy_cleared", "marks_agree"), ("17",)),
        Transition("register_existing", "登记已公开的信息", (NEW,), "published", (*_PUBLISHES, "system"),
                   (KIND, *META, *_EXISTING), ("kind_is_known", "dates_in_order", "existing_is_public"),
                   hint="启用本系统以前已经公开的，或者从其他来源导入的"),
    ),
    ROLES,
    GUARDS,
)  # fmt: skip
