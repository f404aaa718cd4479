"""The procedures of the disclosure log 依申请公开信息目录 and of the Art 44 proposals 转主动公开建议.

An item of the log is written by one person, reviewed by another and published by one who did not write it. While a
published item is being corrected the public goes on reading the text published last.
"""

from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Field, Procedure, Situation, State, Transition

WHOLE, PART = "3.1", "3.2"
OUTCOMES = ((WHOLE, "予以公开"), (PART, "部分公开"))
SECRECY = (("cleared", "审查通过，可以公开"), ("not_cleared", "不能公开"))
PRIVACY = (
    ("cleared", "已逐页核对文字和附件，不含申请人信息和其他不应公开的个人信息"),
    ("not_cleared", "含有不应公开的个人信息"),
)

_WRITES = ("handler", "disclosure")
_REVIEWS = ("reviewer", "disclosure")
_PUBLISHES = ("signatory", "disclosure")

REASON = Field("reason", "理由", "long", hint="写明事实和依据，将进入经过记录")
CONTENT = (
    Field("title", "标题", longest=200, hint="公开的是什么信息，如“轨道交通九号线二期工程规划批复”；不写申请人"),
    Field("asked", "申请的内容", "long", longest=2000, hint="用自己的话概括申请要的信息，不照抄原文，不写任何个人信息"),
    Field("answer", "答复的内容", "long", hint="公开了什么；部分公开的，写明哪些内容没有公开和理由"),
)


def _not_a_writer(s: Situation) -> str | None:
    return "执笔人不能审核或者公开自己写的内容，请由其他人办理" if s.actor in s.subject.written_by else None


def _review_is_favourable(s: Situation) -> str | None:
    cleared = s.data["secrecy"] == "cleared" and s.data["privacy"] == "cleared"
    return None if cleared else "保密审查或者个人信息审查没有通过的，请退回修改或者不予列入"


ITEM = Procedure(
    "disclosure", "依申请公开信息目录",
    (
        State("proposed", "待审核"),
        State("returned", "退回修改"),
        State("reviewed", "待公开"),
        State("published", "已公开", final=True),
        State("amending", "更正待审核"),
        State("amended", "更正待公开"),
        State("withdrawn", "已撤下", final=True),
        State("dropped", "不予列入", final=True),
    ),
    (
        Transition("propose", "公开到目录", (NEW,), "proposed", _WRITES, CONTENT, (), ("36(2)", "37"),
                   "已送达的予以公开、部分公开决定可以列入目录，供公众查阅；附件应为可以公开的文本或者经过遮盖的副本"),
        Transition("revise", "修改", ("proposed", "returned"), "proposed", _WRITES, CONTENT, hint="修改后重新审核"),
        Transition("review", "审核通过", ("proposed",), "reviewed", _REVIEWS,
                   (Field("secrecy", "保密审查", "choice", choices=SECRECY),
                    Field("privacy", "个人信息审查", "choice", choices=PRIVACY),
                    Field("note", "审核意见", "long", required=False)), ("review_is_favourable",), ("15", "17"),
                   "执笔人不能审核自己写的内容", ("not_a_writer",)),
        Transition("review", "审核更正", ("amending",), "amended", _REVIEWS,
                   (Field("secrecy", "保密审查", "choice", choices=SECRECY),
                    Field("privacy", "个人信息审查", "choice", choices=PRIVACY),
                    Field("note", "审核意见", "long", required=False)), ("review_is_favourable",), ("15", "17"),
                   "执笔人不能审核自己写的内容", ("not_a_writer",)),
        Transition("send_back", "退回修改", ("proposed", "reviewed"), "returned", ("reviewer", "signatory", "disclosure"),
                   (REASON,)),
        Transition("send_back", "不同意更正", ("amending", "amended"), "published",
                   ("reviewer", "signatory", "disclosure"), (REASON,), hint="公开的内容保持不变"),
        Transition("publish", "公开", ("reviewed",), "published", _PUBLISHES, (), (), (),
                   "公开后任何人都能看到；公开前再次核对申请人信息", ("not_a_writer",)),
        Transition("publish", "公开更正", ("amended",), "published", _PUBLISHES, (), (), (),
                   "更正后的内容替换原来的内容", ("not_a_writer",)),
        Transition("amend", "更正", ("published",), "amending", _WRITES, (*CONTENT, REASON), (), ("6",),
                   "更正须经审核；在此之前公开的内容不变"),
        Transition("withdraw", "撤下", ("published", "amending", "amended"), "withdrawn", ("signatory", "disclosure"),
                   (REASON,), (), (), "撤下后公众不再能看到，网页上说明已撤下"),
        Transition("drop", "不予列入", ("proposed", "returned", "reviewed"), "dropped",
                   ("reviewer", "signatory", "disclosure"), (REASON,)),
    ),
    ROLES,
    {"not_a_writer": _not_a_writer, "review_is_favourable": _review_is_favourable},
)  # fmt: skip


def _not_already_suggested(s: Situation) -> str | None:
    return "您已经提出过这项建议，请等待研究结果" if s.data.get("request") in s.subject.suggested_by else None


_ASKED = Field("request", "申请", "hidden", longest=64)
_SUGGESTED = (
    _ASKED,
    Field("why", "建议理由", "long", personal=True, longest=2000,
          hint="这些信息为什么涉及公众利益调整、需要公众广泛知晓或者需要公众参与决策"),
)  # fmt: skip

PROPOSAL = Procedure(
    "proposal", "转主动公开建议",
    (
        State("raised", "待研究"),
        State("accepted", "拟主动公开"),
        State("published", "已主动公开", final=True),
        State("declined", "不纳入", final=True),
    ),
    (
        Transition("raise", "系统提出", (NEW,), "raised", ("system",), (Field("title", "事项", longest=200),), (),
                   ("44.1",), "多个申请人就相同政府信息向同一机关提出申请"),
        Transition("suggest", "申请人建议", (NEW,), "raised", ("applicant",), _SUGGESTED, (), ("44.2",),
                   "申请人认为依申请公开的信息涉及公众利益调整、需要公众广泛知晓或者参与决策的，可以建议主动公开"),
        Transition("suggest", "申请人建议", ("raised",), SAME, ("applicant",), _SUGGESTED,
                   ("not_already_suggested",), ("44.2",)),
        Transition("grow", "又有申请", ("raised", "accepted"), SAME, ("system",), (_ASKED,), (), ("44.1",)),
        Transition("accept", "纳入主动公开", ("raised",), "accepted", ("disclosure",),
                   (Field("note", "公开方式和责任处室", "long", hint="由谁、以什么形式、什么时候公开"),), (),
                   ("44.1", "44.2"), "可以公开、又有多人需要的信息，可以纳入主动公开的范围；属于主动公开范围的应当及时公开"),
        Transition("decline", "不纳入主动公开", ("raised", "accepted"), "declined", ("disclosure",), (REASON,), (),
                   ("44.1", "44.2"), "写明理由；申请人提出建议的，理由会告诉申请人，不写个人信息"),
        Transition("close", "登记已主动公开", ("accepted",), "published", ("disclosure", "editor"),
                   (Field("record", "信息编号", longest=64, hint="已经公开的那条政府信息的编号，即其网址中的最后一段"),),
                   (), ("44.1", "44.2")),
    ),
    ROLES,
    {"not_already_suggested": _not_already_suggested},
)  # fmt: skip

PROCEDURES = {procedure.name: procedure for procedure in (ITEM, PROPOSAL)}
