"""The procedure of a norm (规章, 行政规范性文件), from its draft to its end; that of register entries stands beside it.

A norm is drafted, reviewed for legality, approved, registered and issued here, or enters when issued elsewhere or
already in force. What it is on a given day (:mod:`.status`) follows from its dates, never from the state alone.
"""

from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Field, Procedure, State, Transition
from gongkai.records.relations import VERBS

from .entry_procedure import COERCION, ENTRY, FEE, LICENCE, PENALTY, REGISTERS
from .guards import GUARDS

__all__ = [
    "COERCION", "ENTRY", "FEE", "KINDS", "LICENCE", "NORM", "NORMATIVE", "PENALTY", "PROCEDURES", "REGISTERS",
    "REGULATION",
]  # fmt: skip

REGULATION, NORMATIVE = "regulation", "normative_document"
KINDS = ((REGULATION, "规章"), (NORMATIVE, "行政规范性文件"))
CONCLUSIONS = (("keep", "继续施行"), ("amend", "需要修改"), ("repeal", "建议废止"), ("lapse", "建议宣布失效"))
#: Longest text of a norm, in characters; an event carries its SHA-256 only.
LONGEST_TEXT = 2_000_000

_DRAFTS = ("handler", "editor", "disclosure")
_ENTERS = ("editor", "disclosure")
_CHANGES = ("disclosure", "signatory")
_STANDING = ("issued", "repealed", "lapsed", "expired")

REASON = Field("reason", "理由", "long", hint="写明事实和依据，将进入经过记录")
_WHY = Field("reason", "理由", "long", required=False, hint="更换已登记的正文须填写")
_KIND = Field("kind", "类别", "choice", choices=KINDS)
_TITLE = Field("title", "标题", longest=300)
_DOCUMENT_NUMBER = Field("document_number", "文号", longest=60, hint="规章填令号，如 重庆市人民政府令第350号")
_NUMBERS = (
    _DOCUMENT_NUMBER,
    Field("register_number", "登记号", required=False, longest=60, hint="规范性文件三统一的登记编号"),
)
_EFFECTIVE = Field("effective_on", "施行日期", "date", required=False, hint="不填即自公布之日起施行")
_VALID = Field("valid_until", "有效期至", "date", required=False, hint="有效期的最后一天；未规定有效期的不填")
_VALID_BY_RULE = Field("valid_until", "有效期至", "date", required=False, hint="不填即按本地规则的最长有效期计算")
_IMPLEMENTS = Field("implements", "为实施法律、法规、规章或者国家政策制定", "truth", required=False)
_ISSUED = Field("issued_on", "公布日期", "date")
_BY = Field("by", "依据的文件或决定", longest=300, hint="作出此项决定的文件标题和文号")
_BY_NORM = Field(
    "by_norm", "该文件的登记编号", required=False, longest=64, hint="该文件在本系统登记的，填编号，两件相互关联"
)
_FROM = Field("from_on", "自何日起", "date", required=False, hint="不填即自本次登记日期起")
_TEXT = Field("text", "正文", "long", longest=LONGEST_TEXT, hint="粘贴全文；条、款分行")
_NEW_TEXT = Field(
    "text", "修改后的全文", "long", False, longest=LONGEST_TEXT, hint="没有逐条修改内容时，可以粘贴修改后的全文"
)
_SOURCE = Field("source", "正文来源", required=False, longest=200)
_RELATION = (
    Field("verb", "关系", "choice", choices=tuple((verb, ways[0]) for verb, ways in VERBS.items())),
    Field("target", "所涉文件的登记编号", required=False, longest=64),
    Field("name", "所涉文件的标题和文号", required=False, longest=300, hint="没有在本系统登记的，填标题和文号"),
)

_OPTIONAL = {
    field.name: Field(field.name, field.label, field.kind, False, field.choices, "", False, field.longest)
    for field in (_KIND, _TITLE, *_NUMBERS, _ISSUED, _EFFECTIVE, _VALID)
}

NORM = Procedure(
    "norm", "规章和行政规范性文件",
    (
        State("draft", "起草中"),
        State("commenting", "公开征求意见"),
        State("reviewed", "已合法性审核"),
        State("approved", "已审议通过，待登记公布"),
        State("registered", "已登记编号，待公布"),
        State("issued", "已公布"),
        State("abandoned", "终止起草", final=True),
        State("repealed", "已废止", final=True),
        State("lapsed", "已宣布失效", final=True),
        State("expired", "期满失效", final=True),
        State("void", "登记作废", final=True),
    ),
    (
        Transition("draft", "登记起草", (NEW,), "draft", _DRAFTS,
                   (_KIND, _TITLE, Field("department", "起草单位", required=False, longest=100))),
        Transition("consult", "公开征求意见", ("draft",), "commenting", _DRAFTS,
                   (Field("until", "意见截止日期", "date"), Field("where", "公布渠道", required=False, longest=200)),
                   ("comments_open_later",), hint="期限不得少于本地规则的天数"),
        Transition("close_comments", "登记征求意见结果", ("commenting",), "draft", _DRAFTS,
                   (Field("received", "收到意见（条）", "integer"), Field("adopted", "采纳（条）", "integer"),
                    Field("note", "采纳情况说明", "long", required=False)), when=("comments_are_over",)),
        Transition("argue", "登记论证评估", ("draft",), SAME, _DRAFTS,
                   (Field("form", "方式", "choice", choices=(
                       ("experts", "专家论证"), ("hearing", "听证"), ("risk", "风险评估"), ("competition", "公平竞争审查"))),
                    Field("note", "结论", "long"))),
        Transition("review", "合法性审核通过", ("draft",), "reviewed", ("reviewer",),
                   (Field("note", "审核意见", "long", required=False),), when=("not_the_drafter",),
                   hint="未经合法性审核或者审核不合法的，不得提交集体审议"),
        Transition("approve", "集体审议通过", ("reviewed",), "approved", ("signatory",),
                   (Field("meeting", "审议会议", longest=100),), when=("not_the_drafter",)),
        Transition("send_back", "退回修改", ("reviewed", "approved"), "draft", ("reviewer", "signatory"), (REASON,)),
        Transition("abandon", "终止起草", ("draft", "commenting", "reviewed", "approved", "registered"), "abandoned",
                   _DRAFTS, (REASON,)),
        Transition("register", "统一登记编号", ("approved",), "registered", _CHANGES, (_DOCUMENT_NUMBER,),
                   hint="登记号由系统按年度连续编排"),
        Transition("issue", "公布", ("registered",), "issued", _CHANGES, (_EFFECTIVE, _VALID_BY_RULE, _IMPLEMENTS),
                   ("dates_in_order",), ("20(1)",), "统一印发；登记日期即公布日期", ("has_register_number",)),
        Transition("issue", "公布", ("approved",), "issued", _CHANGES, (*_NUMBERS, _EFFECTIVE, _VALID),
                   ("dates_in_order",), ("20(1)",), "规章以令公布；登记日期即公布日期", ("registered_first",)),
        Transition("issue", "登记新公布的文件", (NEW,), "issued", _ENTERS,
                   (_KIND, _TITLE, *_NUMBERS, _EFFECTIVE, _VALID), ("dates_in_order",), ("20(1)",),
                   "在本系统以外起草的文件；登记日期填公布日期"),
        Transition("register_existing", "登记已有文件", (NEW,), "issued", (*_ENTERS, "system"),
                   (_KIND, _TITLE, *_NUMBERS, _ISSUED, _EFFECTIVE, _VALID), ("dates_in_order",), ("20(1)",),
                   "启用本系统以前公布、仍现行有效的文件"),
        Transition("set_text", "登记正文", ("draft",), SAME, _DRAFTS, (_TEXT, _SOURCE), ("text_is_stored", "text_is_new")),
        Transition("set_text", "登记正文", _STANDING, SAME, (*_ENTERS, "system"), (_TEXT, _SOURCE, _WHY),
                   ("text_is_stored", "text_is_new"), hint="公布时的正文；以后的修改用“登记修改”"),
        Transition("file", "报送备案", _STANDING, SAME, _CHANGES,
                   (Field("filed_with", "备案机关", longest=100),
                    Field("filing_number", "备案号", required=False, longest=60)), when=("not_filed",)),
        Transition("evaluate", "登记后评估", ("issued",), SAME, _CHANGES,
                   (Field("conclusion", "结论", "choice", choices=CONCLUSIONS), Field("note", "说明", "long", False)),
                   when=("still_stands",), hint="有效期届满前评估，决定继续施行、修改、废止或者宣布失效"),
        Transition("amend", "登记修改", ("issued",), SAME, _CHANGES, (_BY, _BY_NORM, _FROM, _NEW_TEXT),
                   ("text_is_stored",), when=("still_stands",)),
        Transition("renew", "延长有效期", ("issued",), SAME, _CHANGES,
                   (_BY, _BY_NORM, Field("valid_until", "有效期延长至", "date")), ("period_is_longer",),
                   when=("still_stands",), hint="经评估需要继续施行的，期满前延长"),
        Transition("repeal", "废止", ("issued",), "repealed", _CHANGES, (_BY, _BY_NORM, _FROM),
                   ("end_in_order",), when=("still_stands",), hint="制定机关作出的废止决定"),
        Transition("declare_lapsed", "宣布失效", ("issued",), "lapsed", _CHANGES, (_BY, _BY_NORM, _FROM),
                   ("end_in_order",), when=("still_stands",), hint="调整对象消失、任务完成等，由制定机关宣布"),
        Transition("expire", "登记期满失效", ("issued",), "expired", ("disclosure", "system"), when=("period_is_over",),
                   hint="有效期届满自动失效；统计按有效期，不以登记为准"),
        Transition("relate", "登记关系", _STANDING, SAME, (*_ENTERS, "signatory", "system"),
                   (*_RELATION, Field("since", "自何日起", "date", required=False)), ("relation_is_new",),
                   hint="此件对另一文件的关系；另一文件的页面上会同时显示"),
        Transition("unrelate", "取消关系", _STANDING, SAME, _ENTERS, (*_RELATION, REASON), ("relation_stands",)),
        Transition("correct", "更正登记", _STANDING, SAME, ("disclosure",),
                   (*_OPTIONAL.values(), REASON), ("correction",), hint="更正登记错误；已冻结的报告不变"),
        Transition("void", "登记作废", ("issued",), "void", ("disclosure",), (REASON,), hint="仅用于误登、重登；不计入统计"),
    ),
    ROLES,
    GUARDS,
)  # fmt: skip

PROCEDURES = {procedure.name: procedure for procedure in (NORM, ENTRY)}
