"""The procedure of a subscription 邮件订阅: asked for, confirmed by the mailed link, changed, ended.

The address and the words searched for are personal: they are in the vault, and no event carries them (``words`` says
that there are some). The subscriber acts as the applicant does: by a link that only the mailbox has.
"""

from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Field, Procedure, Situation, State, Transition

FREQUENCIES = (("at_once", "有更新就发"), ("daily", "每天一封"), ("weekly", "每周一封"))
#: Of what a subscription may be: the field of the event, and what it is called.
SORTS = {"kinds": "类别", "bodies": "发布机关", "topics": "专题", "columns": "栏目"}
_READER, _DESK = ("applicant",), ("administrator", "disclosure")
_WISH = (
    *(Field(name, label, "list", required=False, longest=160) for name, label in SORTS.items()),
    Field("words", "按关键词", "truth", required=False),
    Field("frequency", "多久发一次", "choice", choices=FREQUENCIES),
)


def _wants_something(s: Situation) -> str | None:
    wanted = any(s.data.get(name) for name in (*SORTS, "words"))
    return None if wanted else "请至少选择一个类别、机关、专题或者栏目，或者填写关键词"


PROCEDURE = Procedure(
    "subscription", "邮件订阅",
    (
        State("pending", "待确认"),
        State("active", "已订阅"),
        State("stopped", "已停发"),
        State("ended", "已退订", final=True),
        State("lapsed", "逾期未确认", final=True),
    ),
    (
        Transition("ask", "订阅", (NEW,), "pending", _READER, _WISH, ("wants_something",),
                   hint="确认链接发到所填邮箱，点开并确认后才开始发送"),
        Transition("confirm", "确认订阅", ("pending",), "active", _READER),
        Transition("change", "修改订阅", ("active", "stopped"), SAME, _READER, _WISH, ("wants_something",)),
        Transition("leave", "退订", ("pending", "active", "stopped"), "ended", (*_READER, *_DESK),
                   (Field("note", "说明", required=False, longest=200, hint="代为退订的，写明何人何时提出；不写邮箱"),),
                   hint="退订后删除邮箱地址"),
        Transition("stop", "停发", ("active",), "stopped", ("system",), hint="连续几封退信的，不再发送"),
        Transition("resume", "恢复发送", ("stopped",), "active", _READER),
        Transition("lapse", "逾期未确认", ("pending",), "lapsed", ("system",), hint="删除邮箱地址"),
    ),
    ROLES,
    {"wants_something": _wants_something},
)  # fmt: skip
