"""The procedure of a word of the search: staff add it, change it, take it out of use."""

from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Field, Procedure, State, Transition

SYNONYM, SHORT_NAME = "synonym", "short_name"
KINDS = ((SYNONYM, "同义词"), (SHORT_NAME, "机关简称"))

_BY = ("editor", "disclosure")
_MEANS = Field("means", "同义词或者全称", longest=300, hint="同义词之间用顿号分开；机关简称填写机关全称")
_REASON = Field("reason", "理由", "long", required=False, longest=500)

WORD = Procedure(
    "search_word",
    "搜索用词",
    (State("active", "使用中", final=True), State("retired", "已停用", final=True)),
    (
        Transition("add", "增加搜索用词", (NEW,), "active", _BY,
                   (Field("kind", "类别", "choice", choices=KINDS), Field("term", "词", longest=60), _MEANS),
                   hint="搜索其中一个词时，也找含有其他词的信息"),
        Transition("change", "修改", ("active",), SAME, _BY, (_MEANS, _REASON)),
        Transition("retire", "停用", ("active",), "retired", _BY, (_REASON,)),
        Transition("restore", "恢复使用", ("retired",), "active", _BY, (_REASON,)),
    ),
    ROLES,
)  # fmt: skip
