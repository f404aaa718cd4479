"""The procedures of remedies: 行政复议, 行政诉讼 and 投诉举报, seen from the body that answers for itself.

A review or suit is recorded by the body complained of; the forum's steps (accepted, heard, decided) are entered when
its papers arrive. Legal days are the days of those papers.
"""

from gongkai.law.remedies import Result
from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Field, Procedure, Situation, State, Transition

RESULTS = tuple((r.value, r.label) for r in (Result.UPHELD, Result.CORRECTED, Result.OTHER))
DIRECT, AFTER_REVIEW = "direct", "after_review"
ROUTES = ((DIRECT, "未经复议直接起诉"), (AFTER_REVIEW, "复议后起诉"))
CONTESTED = (("answer", "答复内容"), ("silence", "逾期未答复"), ("publication", "主动公开行为"), ("other", "其他"))
DOORS = (
    ("not_published", "未按要求主动公开（条例第四十七条）"),
    ("not_answered", "对申请不依法答复处理（条例第四十七条）"),
    ("rights_harmed", "侵犯合法权益（条例第五十一条）"),
)
CHANNELS = (
    ("visit", "来访"), ("letter", "来信"), ("phone", "电话"), ("web", "网上"), ("transfer", "上级或其他机关转办"),
)  # fmt: skip
FINDINGS = (("founded", "属实"), ("partly", "部分属实"), ("unfounded", "不属实"))
MEASURES = (
    ("order", "督促整改"), ("criticise", "通报批评"), ("order_and_criticise", "督促整改并通报批评"), ("none", "不作处理"),
)  # fmt: skip

_DESK = ("handler", "disclosure")
_DECIDES = ("reviewer", "signatory", "supervisor")

REASON = Field("reason", "理由", "long", hint="写明事实和依据，将进入经过记录")
_RESULT = Field("result", "结果", "choice", choices=RESULTS, hint="按年度报告表四的口径选择")
_REQUEST = Field("request", "所涉申请", required=False, longest=64, hint="本系统中的申请；早年案件可以不填")
_CASE_NUMBER = Field("case_number", "案号", required=False, longest=60)
_PARTY = (
    Field("name", "姓名或名称", personal=True, longest=100),
    Field("phone", "联系电话", required=False, personal=True, longest=40),
    Field("address", "通信地址", required=False, personal=True, longest=200),
)
_MATTER = Field("matter", "事项", longest=200, hint="一句话概括，不写个人信息")
_DOCUMENT = Field("document_number", "文书文号", required=False, longest=60)
_SUMMARY = Field("summary", "主要内容", "long", required=False)


def _not_the_drafter(s: Situation) -> str | None:
    return "拟稿人不能审定自己的答复" if s.actor == s.subject.drafted_by else None


def _result_changes(s: Situation) -> str | None:
    return "结果与现有登记相同" if s.data["result"] == s.subject.result else None


def _review_is_named(s: Situation) -> str | None:
    named = bool(s.data.get("reconsideration") or s.data.get("review_document"))
    if s.data["route"] == AFTER_REVIEW and not named:
        return "复议后起诉的，请填写对应的复议案件或者复议决定书文号"
    if s.data["route"] == DIRECT and named:
        return "未经复议直接起诉的，不填复议案件和复议决定书文号"
    return None


def _measure_fits_finding(s: Situation) -> str | None:
    founded, acted = s.data["finding"] != "unfounded", s.data["measure"] != "none"
    if founded and not acted:
        return "查证属实或部分属实的，应当督促整改或者通报批评（条例第四十七条第二款）"
    return "核查结论为不属实的，处理方式应为“不作处理”" if acted and not founded else None


def _remanded_once(s: Situation) -> str | None:
    return "本案已发回重审过一次，不得再次发回" if s.subject.remanded else None


def _decider_did_not_propose(s: Situation) -> str | None:
    return "提出意见的人不能审定自己的意见" if s.actor == s.subject.drafted_by else None


def _was_ordered(s: Situation) -> str | None:
    return None if s.subject.must_mend else "本件没有要求整改"


def _order_was_met(s: Situation) -> str | None:
    return "已督促整改的，登记整改情况后才能办结" if s.subject.must_mend and not s.subject.mended else None


def _answer(articles: tuple[str, ...], hint: str) -> tuple[Transition, ...]:
    """Answer with evidence: drafted by one, approved by another."""
    draft = (
        Field("text", "答复（答辩）要点", "long"),
        Field("evidence", "证据、依据清单", "long", hint="每行一件"),
    )
    return (
        Transition("draft_answer", "拟写答复和证据清单", ("accepted",), "drafted", _DESK, draft, (), articles, hint),
        Transition("send_back", "退回修改", ("drafted",), "accepted", _DECIDES, (REASON,)),
        Transition("approve_answer", "审定并提交答复", ("drafted",), "answered", _DECIDES,
                   (Field("note", "审定意见", "long", required=False),), (), articles,
                   "拟稿人不能审定自己的答复；提交之日为答复日期", ("approver_did_not_draft",)),
    )  # fmt: skip


_OPEN = ("filed", "accepted", "drafted", "answered")
_STATES = (
    State("accepted", "已受理，待答复"),
    State("drafted", "答复待审定"),
    State("answered", "已答复，审理中"),
)
_ENDS = (State("concluded", "已审结", final=True), State("void", "登记作废", final=True))
_VOID_HINT = "仅用于误登、重登；编号保留，不计入统计"
_VOID = Transition("void", "登记作废", _OPEN, "void", ("disclosure",), (REASON,), hint=_VOID_HINT)


def _rectify(*states: str) -> Transition:
    return Transition(
        "rectify", "更正结果登记", states, SAME, ("disclosure",), (_RESULT, REASON), ("result_changes",),
        hint="仅用于更正登记错误；已冻结的报告不变",
    )  # fmt: skip


RECONSIDERATION = Procedure(
    "reconsideration", "行政复议", (State("filed", "收到申请"), *_STATES, *_ENDS),
    (
        Transition("file", "登记复议申请", (NEW,), "filed", _DESK,
                   (Field("forum", "复议机关", longest=100), _CASE_NUMBER, _MATTER,
                    Field("contested", "不服的行为", "choice", choices=CONTESTED), _REQUEST, *_PARTY),
                   articles=("51", "reconsideration:20.1"), hint="登记日期填复议机关收到申请之日，不明的填得知之日"),
        Transition("accept", "登记受理", ("filed",), "accepted", _DESK, (_CASE_NUMBER,), (), ("reconsideration:48",),
                   "日期填收到复议申请书副本之日，答复期限从次日起算"),
        Transition("refuse", "登记不予受理", ("filed",), "concluded", _DESK, (_DOCUMENT, REASON), (),
                   ("reconsideration:30.2",), "计入其他结果"),
        *_answer(("reconsideration:48",), "收到副本之日起十个工作日内提出书面答复并提交证据（2023年及以前受理的为十日）"),
        Transition("hear", "登记听取意见或听证", ("accepted", "drafted", "answered"), SAME, _DESK, (_SUMMARY,), (),
                   ("reconsideration:49", "reconsideration:50"), "可以多次"),
        Transition("conclude", "登记复议决定", ("accepted", "drafted", "answered"), "concluded", ("disclosure",),
                   (_RESULT, _DOCUMENT, _SUMMARY), (), ("reconsideration:62",),
                   "日期填决定书作出之日；结果纠正的，原申请随即重新办理"),
        Transition("withdraw", "登记撤回申请", _OPEN, "concluded", _DESK, (REASON,), (), ("reconsideration:41",),
                   "申请人撤回、复议终止，计入其他结果"),
        _rectify("concluded"),
        _VOID,
    ),
    ROLES,
    {
        "approver_did_not_draft": _not_the_drafter,
        "result_changes": _result_changes,
    },
)  # fmt: skip

LAWSUIT = Procedure(
    "lawsuit", "行政诉讼",
    (State("filed", "已起诉"), *_STATES, State("judged", "一审已裁判"), State("appealed", "二审审理中"), *_ENDS),
    (
        Transition("file", "登记起诉", (NEW,), "filed", _DESK,
                   (Field("route", "起诉途径", "choice", choices=ROUTES), Field("forum", "一审法院", longest=100),
                    _CASE_NUMBER, _MATTER, Field("contested", "不服的行为", "choice", choices=CONTESTED), _REQUEST,
                    Field("reconsideration", "对应的复议案件", required=False, longest=64, hint="复议后起诉的填写"),
                    Field("review_document", "复议决定书文号", required=False, longest=60,
                          hint="复议案件不在本系统的，填文号"), *_PARTY), ("review_is_named",),
                   ("51", "litigation:44.1", "litigation:45"), "登记日期填法院立案或收到起诉状之日，不明的填得知之日"),
        Transition("accept", "登记应诉通知", ("filed",), "accepted", _DESK, (_CASE_NUMBER,), (), ("litigation:67",),
                   "日期填收到起诉状副本之日，答辩期限从次日起算"),
        Transition("refuse", "登记不予立案", ("filed",), "concluded", _DESK, (_DOCUMENT, REASON), (), ("litigation:51",),
                   "计入其他结果"),
        *_answer(("litigation:67",), "收到起诉状副本之日起十五日内提交答辩状、证据和所依据的规范性文件"),
        Transition("hear", "登记开庭", ("accepted", "drafted", "answered", "appealed"), SAME, _DESK,
                   (Field("attended_by", "出庭人员", longest=200, hint="负责人是否出庭，委托了谁"), _SUMMARY), (),
                   ("litigation:3.3",), "被诉行政机关负责人应当出庭；可以多次"),
        Transition("judge", "登记一审裁判", ("accepted", "drafted", "answered"), "judged", ("disclosure",),
                   (_RESULT, _DOCUMENT, _SUMMARY), (), ("litigation:81",), "日期填裁判文书落款之日；表四按此计结果"),
        Transition("appeal", "登记上诉", ("judged",), "appealed", _DESK,
                   (Field("appellant", "上诉人", "choice",
                          choices=(("plaintiff", "原告"), ("body", "本机关"), ("third_party", "第三人"))),
                    Field("court", "二审法院", longest=100)), (), ("litigation:85",),
                   "判决书送达之日起十五日内、裁定书十日内；上诉后结果待定，重新计为尚未审结"),
        Transition("remand", "登记发回重审", ("appealed",), "answered", ("disclosure",), (_DOCUMENT, REASON),
                   (), ("litigation:89",), "一案只能发回重审一次", ("remanded_once",)),
        Transition("conclude", "登记一审裁判生效", ("judged",), "concluded", ("disclosure",), (_SUMMARY,), (),
                   ("litigation:85",), "上诉期满无人上诉；结果纠正的，原申请随即重新办理"),
        Transition("conclude", "登记二审裁判", ("appealed",), "concluded", ("disclosure",),
                   (_RESULT, _DOCUMENT, _SUMMARY), (), ("litigation:88", "litigation:89"),
                   "二审裁判为终审；结果纠正的，原申请随即重新办理"),
        Transition("withdraw_appeal", "登记撤回上诉", ("appealed",), "concluded", ("disclosure",), (REASON,), (),
                   ("litigation:62",), "准予撤回上诉，一审裁判生效"),
        Transition("withdraw", "登记撤诉", _OPEN, "concluded", _DESK, (REASON,), (), ("litigation:62",),
                   "法院准予撤诉，计入其他结果"),
        _rectify("judged", "concluded"),
        _VOID,
    ),
    ROLES,
    {
        "approver_did_not_draft": _not_the_drafter,
        "result_changes": _result_changes,
        "review_is_named": _review_is_named,
        "remanded_once": _remanded_once,
    },
)  # fmt: skip

COMPLAINT = Procedure(
    "complaint", "投诉举报",
    (
        State("received", "已收到"),
        State("verifying", "调查核实中"),
        State("proposed", "处理意见待审定"),
        State("decided", "已处理，待答复"),
        State("answered", "已答复"),
        State("closed", "已办结", final=True),
        State("void", "登记作废", final=True),
    ),
    (
        Transition("receive", "登记投诉举报", (NEW,), "received", (*_DESK, "applicant"),
                   (Field("door", "类别", "choice", choices=DOORS), Field("channel", "渠道", "choice", choices=CHANNELS),
                    Field("against", "被投诉机关", longest=100), _MATTER, _REQUEST, *_PARTY,
                    Field("content", "内容", "long", personal=True)), articles=("47.2", "51")),
        Transition("verify", "开始核查", ("received",), "verifying", _DESK, articles=("47.2",)),
        Transition("transfer", "移送有权机关", ("received", "verifying"), "closed", ("disclosure",),
                   (Field("to", "移送机关", longest=100), REASON), hint="不属本机关职权的，移送并告知投诉人"),
        Transition("propose", "提出处理意见", ("verifying",), "proposed", _DESK,
                   (Field("finding", "核查结论", "choice", choices=FINDINGS),
                    Field("measure", "处理方式", "choice", choices=MEASURES),
                    Field("text", "核查情况和处理意见", "long")), ("measure_fits_finding",), ("47.2",),
                   "查证属实的，应当督促整改或者通报批评"),
        Transition("send_back", "退回修改", ("proposed",), "verifying", _DECIDES, (REASON,)),
        Transition("decide", "审定处理意见", ("proposed",), "decided", _DECIDES,
                   (Field("note", "审定意见", "long", required=False),), (), ("47.2",),
                   "提出意见的人不能审定自己的意见", ("decider_did_not_propose",)),
        Transition("answer", "答复投诉人", ("decided",), "answered", _DESK, (Field("text", "答复内容", "long"),)),
        Transition("mend", "登记整改情况", ("decided", "answered"), SAME, _DESK,
                   (Field("text", "整改情况", "long"),), (), ("47.1",), "可以多次", ("was_ordered",)),
        Transition("close", "办结", ("answered",), "closed", _DESK, when=("order_was_met",)),
        Transition("withdraw", "登记撤回", ("received", "verifying", "proposed"), "closed", _DESK, (REASON,)),
        Transition("void", "登记作废", ("received", "verifying", "proposed"), "void", ("disclosure",), (REASON,),
                   hint=_VOID_HINT),
    ),
    ROLES,
    {
        "measure_fits_finding": _measure_fits_finding,
        "decider_did_not_propose": _decider_did_not_propose,
        "was_ordered": _was_ordered,
        "order_was_met": _order_was_met,
    },
)  # fmt: skip

PROCEDURES = {procedure.name: procedure for procedure in (RECONSIDERATION, LAWSUIT, COMPLAINT)}
