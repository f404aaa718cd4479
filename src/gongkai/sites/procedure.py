"""The procedures of a site 网站, a column 栏目, a page 页面 and a redirect 旧址转向.

Who writes a page does not approve it; an approved page is published by the house on its day, and taken down on another.
While a published page is being revised the public goes on reading what was published last.
"""

from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Field, Procedure, Situation, State, Transition

from .vocabulary import COLUMN_KINDS, COLUMN_TYPES, FORMS, PARTS, PERIOD_CHOICES, SPOTS, TINTS

_KEEPS = ("administrator", "system")
_MARKS_BY = ("administrator", "disclosure", "system")
_EDITS = ("editor", "disclosure", "system")
_BUILDS = ("editor", "disclosure", "administrator", "system")
REASON = Field("reason", "理由", "long", longest=300)

MARKS = (
    Field("name", "网站名称", longest=60, hint="一般用主办机关的规范名称，如“重庆市人民政府”"),
    Field("title", "副名称", required=False, longest=60, hint="需要时写在名称下面，如“政府信息公开”"),
    Field(
        "hosts",
        "域名",
        "list",
        required=False,
        longest=120,
        hint="几个之间用顿号分开，第一个是主域名，如 www.cq.gov.cn",
    ),
    Field("tint", "主色调", "choice", required=False, choices=TINTS, hint="全站一个主色调"),
    Field("host", "主办单位", longest=100),
    Field("contact", "联系方式", longest=100, hint="电话，或者电话和地址"),
    Field("code", "网站标识码", longest=10, hint="10 位，由数字和大写字母组成"),
    Field("icp", "ICP 备案号", longest=60, required=False),
    Field("police", "公安备案号", longest=60, required=False),
)
NAMING = (
    Field("key", "网站标识", longest=24, hint="小写字母、数字、短横线，用在网址里，如 cq-jtj；以后不能修改"),
    Field("main", "作为主站（网址在根目录）", "truth"),
)


def _marks_are_complete(s: Situation) -> str | None:
    wanted = {
        "code": "网站标识码",
        "host": "主办单位",
        "contact": "联系方式",
        "icp": "ICP 备案号",
        "police": "公安备案号",
    }
    missing = [label for name, label in wanted.items() if not s.subject.marks.get(name)]
    return f"开通前请补齐：{'、'.join(missing)}（国办发〔2017〕47号）" if missing else None


SITE = Procedure(
    "site", "网站",
    (State("draft", "建设中"), State("open", "已开通", final=True), State("closed", "已关停", final=True)),
    (
        Transition("create", "新建网站", (NEW,), "draft", _KEEPS, (*NAMING, *MARKS), hint="一个单位原则上只开设一个网站"),
        Transition("change", "修改网站信息", ("draft", "open"), SAME, _MARKS_BY, MARKS),
        Transition("launch", "开通", ("draft",), "open", _KEEPS, when=("marks_are_complete",),
                   hint="开通后任何人都能访问"),
        Transition("close", "关停", ("draft", "open"), "closed", _KEEPS, (REASON,), hint="关停后网站不再能访问，网页上说明原因"),
        Transition("reopen", "恢复开通", ("closed",), "open", _KEEPS, (REASON,), when=("marks_are_complete",)),
    ),
    ROLES,
    {"marks_are_complete": _marks_are_complete},
)  # fmt: skip

QUERY_FIELDS = (
    Field("kinds", "信息类别", "list", required=False, hint="不选为全部类别"),
    Field("body", "发布机关", required=False, longest=32, hint="机关标识；不填为全部机关"),
    Field("below", "含下级机关", "truth"),
    Field("theme", "主题分类", required=False, longest=60, hint="含其下各级"),
    Field("topic", "专题词", required=False, longest=40),
    Field("category", "法定公开类别", required=False, longest=24),
)
DETAILS = (
    Field("name", "栏目名称", longest=40),
    Field("kind", "栏目种类", "choice", choices=COLUMN_KINDS),
    Field(
        "description", "栏目说明", "long", longest=200, hint="一句话说明这里有什么，也用于网页标签 ColumnDescription"
    ),
    Field("keywords", "关键词", "list", required=False, longest=40),
    Field("type", "栏目类型", "choice", choices=COLUMN_TYPES),
    Field("period", "更新周期", "choice", choices=PERIOD_CHOICES, hint="超过周期没有更新的，工作台会提示"),
    Field("spot", "首页位置", "choice", required=False, choices=SPOTS),
    Field("part", "政府信息公开专栏", "choice", required=False, choices=PARTS),
    Field("unlisted", "不在导航中显示", "truth"),
    *QUERY_FIELDS,
    Field(
        "slot", "起草时选定的栏目", required=False, longest=40, hint="手工选放：起草公开信息时选了这个栏目的，自动列入"
    ),
    Field("page", "页面", required=False, longest=64, hint="单个页面：选择本站的页面"),
    Field("link", "链接", required=False, longest=500, hint="网址，或者本平台的功能页"),
)
PLACE = (
    Field("parent", "上级栏目", required=False, longest=64),
    Field("order", "排序", "integer", required=False, hint="数字小的在前"),
)
RECORD = Field("record", "公开信息", longest=300, hint="信息的标识或者网址，如 /records/…/")

COLUMN = Procedure(
    "column", "栏目",
    (State("open", "使用中", final=True), State("closed", "已停用", final=True)),
    (
        Transition("create", "新建栏目", (NEW,), "open", _BUILDS,
                   (Field("slug", "栏目标识", longest=30, hint="小写字母、数字、短横线，用在网址里；以后不能修改"), *PLACE, *DETAILS)),
        Transition("change", "修改栏目", ("open",), SAME, _BUILDS, DETAILS),
        Transition("move", "移动", ("open", "closed"), SAME, _BUILDS, PLACE, hint="换到另一个上级栏目，或者调整先后"),
        Transition("place", "放入信息", ("open",), SAME, _EDITS, (RECORD,), hint="放入的信息排在前面；按条件汇集的栏目也可以放入"),
        Transition("unplace", "移出信息", ("open",), SAME, _EDITS, (RECORD,), hint="只移出手工放入的信息"),
        Transition("close", "停用", ("open",), "closed", _BUILDS, (REASON,)),
        Transition("reopen", "恢复使用", ("closed",), "open", _BUILDS, (REASON,)),
    ),
    ROLES,
)  # fmt: skip


def _not_a_writer(s: Situation) -> str | None:
    return "执笔人不能审核自己写的内容，请由其他人办理" if s.actor in s.subject.written_by else None


def _days_in_order(s: Situation) -> str | None:
    first, last = s.data.get("publish_on", s.day.isoformat()), s.data.get("withdraw_on")
    return "撤下日期应在发布日期之后" if last and last <= max(first, s.day.isoformat()) else None


def _day_to_come(s: Situation) -> str | None:
    last = s.data.get("withdraw_on")
    return "撤下日期应在今天之后" if last and last <= s.day.isoformat() else None


_REVIEWS = ("reviewer", "signatory", "disclosure")
_TAKES_DOWN = ("signatory", "disclosure", "system")
_NAMES = (
    Field("title", "标题", longest=200),
    Field("slug", "页面标识", required=False, longest=40, hint="小写字母、数字、短横线，用在网址里；不填由系统编号"),
)
DAYS = (
    Field("publish_on", "发布日期", "date", required=False, hint="不填为立即发布；填以后的日期，到那天自动发布"),
    Field("withdraw_on", "撤下日期", "date", required=False, hint="需要定期撤下的填写，到那天自动撤下"),
)

PAGE = Procedure(
    "page", "页面",
    (
        State("draft", "起草"), State("review", "待审核"), State("approved", "待发布"), State("published", "已发布", final=True),
        State("revising", "修改中"), State("revision", "修改待审核"), State("revised", "修改待发布"),
        State("withdrawn", "已撤下", final=True), State("dropped", "已放弃", final=True),
    ),
    (
        Transition("create", "新建页面", (NEW,), "draft", _EDITS,
                   (Field("form", "页面种类", "choice", choices=FORMS), *_NAMES)),
        Transition("write", "编辑内容", ("draft",), SAME, _EDITS, _NAMES[:1]),
        Transition("write", "修改内容", ("published",), "revising", _EDITS, _NAMES[:1], hint="修改经审核发布前，公众看到的内容不变"),
        Transition("write", "继续修改", ("revising",), SAME, _EDITS, _NAMES[:1]),
        Transition("submit", "提交审核", ("draft",), "review", _EDITS),
        Transition("submit", "提交审核", ("revising",), "revision", _EDITS),
        Transition("send_back", "退回修改", ("review", "approved"), "draft", _REVIEWS, (REASON,)),
        Transition("send_back", "退回修改", ("revision", "revised"), "revising", _REVIEWS, (REASON,)),
        Transition("give_up", "放弃修改", ("revising",), "published", (*_EDITS, *_REVIEWS), hint="公开的内容保持不变"),
        Transition("approve", "审核通过", ("review",), "approved", _REVIEWS, DAYS, ("days_in_order",),
                   hint="执笔人不能审核自己写的内容", when=("not_a_writer",)),
        Transition("approve", "修改审核通过", ("revision",), "revised", _REVIEWS, DAYS, ("days_in_order",),
                   hint="执笔人不能审核自己写的内容", when=("not_a_writer",)),
        Transition("publish", "发布", ("approved",), "published", ("system",)),
        Transition("publish", "发布修改", ("revised",), "published", ("system",)),
        Transition("schedule", "设定撤下日期", ("published",), SAME, (*_REVIEWS, "editor"), DAYS[1:], ("day_to_come",),
                   hint="不填为不再自动撤下"),
        Transition("withdraw", "撤下", ("published", "revising", "revision", "revised"), "withdrawn", _TAKES_DOWN, (REASON,),
                   hint="网页不再能看到，原地址说明已撤下和原因"),
        Transition("reopen", "重新起草", ("withdrawn",), "draft", _EDITS, (REASON,)),
        Transition("drop", "放弃", ("draft", "review", "approved"), "dropped", (*_EDITS, *_REVIEWS), (REASON,)),
    ),
    ROLES,
    {"not_a_writer": _not_a_writer, "days_in_order": _days_in_order, "day_to_come": _day_to_come},
)  # fmt: skip

_TO = Field("to", "新地址", longest=500, hint="本平台的地址（以 / 开头）或者完整网址")
REDIRECT = Procedure(
    "redirect", "旧址转向",
    (State("active", "使用中", final=True), State("retired", "已停用", final=True)),
    (
        Transition("add", "增加转向", (NEW,), "active", _BUILDS,
                   (Field("old", "旧地址", longest=300, hint="本平台不再使用的地址，以 / 开头"), _TO),
                   hint="访问旧地址的人会被带到新地址"),
        Transition("change", "修改新地址", ("active",), SAME, _BUILDS, (_TO,)),
        Transition("retire", "停用", ("active",), "retired", _BUILDS, (REASON,)),
        Transition("restore", "恢复使用", ("retired",), "active", _BUILDS, (REASON,)),
    ),
    ROLES,
)  # fmt: skip
