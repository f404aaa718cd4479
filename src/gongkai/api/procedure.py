"""A token's life: made, revoked."""

from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, Field, Procedure, State, Transition

BY = ("administrator", "system")
#: What a token may do.
SCOPES = {"intake": "提交申请", "status": "查询经本令牌提交的申请（不需要查询码）",
          "figures": "查看指标所计的各项（不含个人信息）"}  # fmt: skip

PROCEDURE = Procedure(
    name="api_token",
    label="接口令牌",
    roles=ROLES,
    states=(State("active", "有效", final=True), State("revoked", "已撤销", final=True)),
    transitions=(
        Transition("make", "签发", (NEW,), "active", BY,
                   (Field("scopes", "范围", longest=100), Field("until", "有效期至", "date"))),
        Transition("revoke", "撤销", ("active",), "revoked", BY),
    ),
)  # fmt: skip
