"""The procedures of a question to the government 政务咨询 and of a mistake found on the site 我为政府网站找错.

A question is answered by one person's draft and another's approval; what is published of it is worded by one and let go
by another. Contact, name and what was written lie in the vault; the heading stands in lists and holds no personal data.
"""

from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Field, Procedure, Situation, State, Transition

from .rules import DIFFICULTIES

CHECK, GUIDE = ("site-check:",), ("site-guide:",)
KINDS = (
    ("text", "文字错误"),
    ("link", "链接打不开、打开的不是所说的页面"),
    ("stale", "内容没有更新、已经过时"),
    ("fact", "内容不准确"),
    ("function", "功能不能用"),
    ("secret", "泄露个人信息、涉密或者有害信息"),
    ("other", "其他"),
)

#: How a question came that staff enter.
CHANNELS = (("phone", "来电"), ("letter", "来信"), ("visit", "来访"), ("other", "其他"))
_DISTRIBUTES = ("registrar", "disclosure")
_WORKS = ("handler", "disclosure")
_APPROVES = ("reviewer", "signatory", "disclosure")
_WORDS = ("handler", "editor", "disclosure")

REASON = Field("reason", "理由", "long", longest=2000, hint="写明事实和依据，将进入经过记录")
TOLD = Field("reason", "理由", "long", longest=2000, hint="将告诉提出人，不写个人信息")
WHO = (
    Field("name", "姓名", personal=True, longest=60, hint="只用于办理，不公开"),
    Field("phone", "手机号码", required=False, personal=True, longest=40, hint="手机号码、电子邮箱至少填一项"),
    Field("email", "电子邮箱", required=False, personal=True, longest=120, hint="有结果时发邮件通知您"),
)
_ASSIGN = (
    Field("unit", "承办处室", longest=60),
    Field("handler", "承办人", required=False, longest=60),
)


def _can_be_reached(s: Situation) -> str | None:
    return None if s.data.get("phone") or s.data.get("email") else "手机号码、电子邮箱至少填写一项，用于告诉您结果"


def _can_be_answered(s: Situation) -> str | None:
    ways = any(s.data.get(name) for name in ("phone", "email", "address"))
    return None if ways else "手机号码、电子邮箱、通信地址至少填写一项，用于告诉留言人结果"


def not_erased(s: Situation) -> str | None:
    """Once is enough."""
    return "个人信息已经清除" if s.subject.erased_on else None


def _not_the_drafter(s: Situation) -> str | None:
    return "拟稿人不能审定自己的答复，请由其他人办理" if s.actor == s.subject.drafted_by else None


def _not_the_writer(s: Situation) -> str | None:
    return "整理公开内容的人不能自己公开，请由其他人办理" if s.actor == s.subject.prepared_by else None


def _may_be_published(s: Situation) -> str | None:
    if s.subject.into:
        return "已并入其他留言一并答复，公开所并入的那一件"
    return None if s.subject.publish else "留言人不同意公开"


_ASKED = (
    Field("title", "主题", longest=60, hint="一句话说明要问的事，不写姓名、电话等个人信息"),
    Field("content", "内容", "long", personal=True, longest=4000, hint="写清楚时间、地点和要问的事，最多四千字"),
)
#: States in which the sender is owed nothing more.
ENDED = ("answered", "published", "withdrawn", "kept", "refused")

MESSAGE = Procedure(
    "message", "政务咨询留言",
    (
        State("received", "待交办"),
        State("assigned", "办理中"),
        State("drafted", "答复待审定"),
        State("returned", "退回修改"),
        State("merged", "已并入，待一并答复"),
        State("answered", "已答复", final=True),
        State("prepared", "待公开"),
        State("published", "已公开", final=True),
        State("withdrawn", "已撤下", final=True),
        State("kept", "不公开", final=True),
        State("refused", "不予受理", final=True),
    ),
    (
        Transition("send", "提交留言", (NEW,), "received", ("applicant",), (
            *WHO,
            *_ASKED,
            Field("publish", "同意公开", "truth", False,
                  hint="公开的是整理过的问题和答复，不含您的个人信息；不同意也一样答复"),
        ), ("can_be_reached",), CHECK),
        Transition("enter", "登记来电来信", (NEW,), "received", _DISTRIBUTES, (
            Field("channel", "渠道", "choice", choices=CHANNELS),
            *WHO[:1],
            Field("phone", "电话", required=False, personal=True, longest=40, hint="电话、电子邮箱、通信地址至少填一项"),
            Field("email", "电子邮箱", required=False, personal=True, longest=120),
            Field("address", "通信地址", required=False, personal=True, longest=200),
            *_ASKED,
            Field("publish", "同意公开", "truth", False, hint="问过留言人，并且留言人同意的才勾选"),
        ), ("can_be_answered",), CHECK, "答复期限与网上留言相同，从收到之日起算；日期填来电、收到信件的日期"),
        Transition("assign", "交办", ("received", "assigned", "returned"), "assigned", _DISTRIBUTES, (
            *_ASSIGN,
            Field("difficulty", "难易", "choice", False, DIFFICULTIES, "不选即不改变；答复期限按本地规则从收到之日起算"),
        ), (), CHECK),
        Transition("merge", "并入另一件留言", ("received", "assigned"), "merged", (*_DISTRIBUTES, "handler"),
                   (Field("into", "并入的留言编号", longest=80, hint="内容相同的另一件留言；答复时一并答复"),), (), CHECK,
                   "是否重复由承办人认定；两个人分别收到同样的答复"),
        Transition("part", "取消并入", ("merged",), "received", (*_DISTRIBUTES, "handler"), (REASON,)),
        Transition("draft", "拟写答复", ("assigned", "returned"), "drafted", _WORKS,
                   (Field("reply", "答复", "long", longest=10_000, hint="不写留言人的姓名、电话等个人信息"),), (), CHECK,
                   "针对所问的事，写明依据、办法和联系方式"),
        Transition("send_back", "退回修改", ("drafted",), "returned", _APPROVES, (REASON,)),
        Transition("approve", "审定并答复", ("drafted",), "answered", _APPROVES, (), (), CHECK,
                   "审定之日为答复日期；拟稿人不能审定自己的答复", ("not_the_drafter",)),
        Transition("answer_with", "一并答复", ("merged",), "answered", ("system",)),
        Transition("refuse", "不予受理", ("received", "assigned"), "refused", ("disclosure",), (TOLD,), (), (),
                   "仅用于广告、辱骂和没有实际内容的留言，不计入统计；走错了门的，请答复应当找谁"),
        Transition("prepare", "整理公开内容", ("answered",), "prepared", _WORDS, (
            Field("heading", "公开的标题", longest=80, hint="不写任何人的姓名、电话、住址"),
            Field("question", "公开的问题", "long", longest=2000, hint="用自己的话概括所问的事，删去所有个人信息"),
        ), (), CHECK, "问题和答复一起公开；由其他人审核后公开", ("may_be_published",)),
        Transition("send_back", "退回重新整理", ("prepared",), "answered", _APPROVES, (REASON,)),
        Transition("publish", "公开", ("prepared",), "published", _APPROVES, (), (), CHECK,
                   "公开后任何人都能看到；公开前再次与留言人信息核对", ("not_the_writer",)),
        Transition("keep", "不公开", ("answered", "prepared"), "kept", ("disclosure",), (REASON,), (), (),
                   "留言人同意公开，但是不宜公开的", ("may_be_published",)),
        Transition("withdraw", "撤下", ("published",), "withdrawn", ("signatory", "disclosure"), (REASON,),
                   hint="撤下后公众不再能看到，网页上写明撤下的理由"),
        Transition("erase", "清除个人信息", ENDED, SAME, ("system",),
                   hint="保存期限届满，由系统清除留言人的个人信息；台账和统计不变", when=("not_erased",)),
    ),
    ROLES,
    {
        "can_be_reached": _can_be_reached, "can_be_answered": _can_be_answered, "not_the_drafter": _not_the_drafter,
        "not_the_writer": _not_the_writer, "may_be_published": _may_be_published, "not_erased": not_erased,
    },
)  # fmt: skip

MISTAKE = Procedure(
    "mistake", "网站纠错",
    (
        State("received", "待核实"),
        State("assigned", "核实中"),
        State("confirmed", "属实，待改正"),
        State("mended", "已改正", final=True),
        State("rejected", "不属于错误", final=True),
        State("referred", "已转办", final=True),
    ),
    (
        Transition("report", "提交纠错", (NEW,), "received", ("applicant",), (
            Field("page", "网页地址", longest=500, hint="出错的网页的地址，可以从浏览器地址栏复制"),
            Field("kind", "错误类型", "choice", choices=KINDS),
            Field("content", "错在哪里", "long", personal=True, longest=2000,
                  hint="写明出错的文字、链接，知道正确内容的也请写上"),
            Field("name", "姓名", required=False, personal=True, longest=60),
            Field("phone", "手机号码", required=False, personal=True, longest=40),
            Field("email", "电子邮箱", required=False, personal=True, longest=120, hint="有结果时发邮件通知您"),
        ), (), GUIDE),
        Transition("assign", "交办", ("received", "assigned"), "assigned", (*_DISTRIBUTES, "editor"), _ASSIGN),
        Transition("confirm", "核实属实", ("received", "assigned"), "confirmed", _WORDS,
                   (Field("note", "核实情况", "long", required=False, longest=2000),)),
        Transition("mend", "登记改正", ("confirmed",), "mended", _WORDS,
                   (Field("result", "改正情况", "long", longest=2000, hint="将告诉提出人，不写个人信息"),), (), GUIDE),
        Transition("reject", "不属于错误", ("received", "assigned"), "rejected", _WORDS, (TOLD,), (), GUIDE),
        Transition("refer", "转办", ("received", "assigned"), "referred", _WORDS,
                   (Field("to", "转往", longest=100, hint="出错的网站的主办单位"), TOLD), hint="不是本站的网页"),
        Transition("erase", "清除个人信息", ("mended", "rejected", "referred"), SAME, ("system",),
                   hint="保存期限届满，由系统清除提出人的个人信息；台账和统计不变", when=("not_erased",)),
    ),
    ROLES,
    {"not_erased": not_erased},
)  # fmt: skip
