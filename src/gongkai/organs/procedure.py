"""A person's standing at the desk: joins, is granted and loses roles, leaves, comes back."""

from gongkai.procedure import NEW, SAME, Field, Procedure, State, Transition

from .rights import GRANTABLE, ROLES

BODY = Field("body", "机关")
ROLE = Field("role", "角色", "choice", choices=tuple((role, ROLES[role]) for role in GRANTABLE))
BY = ("administrator", "system")
LEAVE = (Field("deputy", "代理人"), Field("since", "开始日期", "date"), Field("until", "结束日期", "date"))
#: The person, acting on the own account.
SELF = ("self",)

PROCEDURE = Procedure(
    name="person",
    label="人员",
    roles=ROLES | {"self": "本人"},
    states=(State("active", "在用", final=True), State("left", "停用", final=True)),
    transitions=(
        Transition("join", "加入", (NEW,), "active", BY, (BODY,)),
        Transition("grant", "授予角色", ("active",), SAME, BY, (BODY, ROLE, Field("below", "含下级", "truth"))),
        Transition("revoke", "收回角色", ("active",), SAME, BY, (BODY, ROLE)),
        Transition("leave", "停用", ("active",), "left", BY),
        Transition("return", "恢复", ("left",), "active", BY),
        Transition("depute", "休假委托代理", ("active",), SAME, (*BY, *SELF), LEAVE),
        Transition("resume", "结束代理", ("active",), SAME, (*BY, *SELF), LEAVE[:1]),
        Transition("unlock", "解除登录暂停", ("active",), SAME, BY),
        Transition("reset_password", "重设密码", ("active",), SAME, BY),
        Transition("reset_factor", "重置两步验证", ("active",), SAME, BY),
        Transition("change_password", "修改密码", ("active",), SAME, SELF),
        Transition("enrol_factor", "启用两步验证", ("active",), SAME, SELF),
        Transition("drop_factor", "停用两步验证", ("active",), SAME, SELF),
    ),
)
