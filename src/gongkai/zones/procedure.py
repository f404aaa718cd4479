"""The procedures of a disclosure zone 政务公开专区 and of its service log 服务登记."""

from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Field, Procedure, Situation, State, Transition

LEVELS = (("city", "市级"), ("district", "区县级"), ("township", "乡镇（街道）级"))
HOSTS = (
    ("service_hall", "政务服务大厅"),
    ("archive", "档案馆"),
    ("library", "图书馆"),
    ("service_centre", "便民服务中心"),
    ("village", "村（社区）"),
    ("other", "其他场所"),
)
AREAS = (("query", "自助查询"), ("reading", "资料阅览"), ("apply", "申请接收"), ("advice", "政策咨询"))
SERVICES = (*AREAS, ("print", "打印复制"), ("event", "开放活动"))

_KEEPS = ("editor", "disclosure")
_SERVES = ("registrar", "editor", "disclosure")
_MACHINES = ("disclosure", "administrator")
REASON = Field("reason", "理由", "long", longest=500, hint="写明事实，将告诉公众，也进入经过记录")
INSIDE = Field("reason", "理由", "long", longest=500, hint="写明事实和依据，将进入经过记录")
#: What is kept of a zone; the columns of an import and the entries of the form.
DESCRIPTION = (
    Field("name", "专区名称", longest=60, hint="如：渝中区政务服务大厅政务公开专区"),
    Field("level", "层级", "choice", choices=LEVELS),
    Field("host", "设在", "choice", choices=HOSTS),
    Field("district", "所在区县", required=False, longest=40, hint="填写区县名称；不填则为主管机关所在的区县"),
    Field("address", "地址", longest=200, hint="写到门牌和楼层"),
    Field("longitude", "经度", longest=24, hint="WGS-84 坐标，十进制度数，如 106.551234"),
    Field("latitude", "纬度", longest=24, hint="WGS-84 坐标，十进制度数，如 29.563421"),
    Field("hours", "开放时间", longest=300, hint="如：周一至周五 9:00-12:00、14:00-17:30；周六 9:00-12:00"),
    Field("hours_note", "开放时间说明", required=False, longest=100, hint="如：法定节假日不开放"),
    Field("phone", "电话", longest=40, hint="如：023-00000000"),
    Field("areas", "功能区", "list", choices=AREAS),
    Field("equipment", "设备", "list", required=False, longest=40, hint="用顿号隔开，如：自助查询机、打印机、公告栏"),
    Field(
        "accessibility", "无障碍设施", "long", required=False, longest=500, hint="如：坡道、电梯、盲文资料、手语服务"
    ),
    Field("directions", "到达方式", "long", required=False, longest=500, hint="公交、轨道站点和步行路线，用文字写清"),
)
IDLE = Field("idle", "无人操作多少秒后重置", "integer", hint="30 至 600 秒；一般填 90")


def _later(s: Situation) -> str | None:
    until = s.data.get("until")
    return "预计恢复的日期应晚于暂停的日期" if until and until <= s.day.isoformat() else None


def _has_kiosk(s: Situation) -> str | None:
    return None if s.subject.kiosk else "这个专区没有启用自助终端"


def _idle_is_fit(s: Situation) -> str | None:
    return None if 30 <= s.data["idle"] <= 600 else "重置时间应在 30 至 600 秒之间"


UNTIL = Field("until", "预计恢复开放的日期", "date", required=False, hint="不能确定的，可以不填")
_STANDING = ("planned", "open", "suspended")
ZONE = Procedure(
    "zone", "政务公开专区",
    (
        State("planned", "筹建中"),
        State("open", "开放", final=True),
        State("suspended", "暂停开放"),
        State("closed", "已撤销", final=True),
    ),
    (
        Transition("plan", "登记筹建", (NEW,), "planned", _KEEPS, DESCRIPTION, hint="启用之前，公众看不到"),
        Transition("enter", "登记已启用的专区", (NEW,), "open", _KEEPS, DESCRIPTION, hint="日期填启用日期", articles=("25",)),
        Transition("open", "启用", ("planned",), "open", _KEEPS, (), (), ("25",), "启用后公众可以查到"),
        Transition("amend", "更新资料", _STANDING, SAME, _KEEPS, DESCRIPTION, hint="更新后公众看到的随之改变"),
        Transition("suspend", "暂停开放", ("open",), "suspended", _KEEPS, (REASON, UNTIL), ("later",),
                   hint="理由和预计恢复的日期将告诉公众"),
        Transition("suspend", "更改暂停的理由或者日期", ("suspended",), "suspended", _KEEPS, (REASON, UNTIL), ("later",)),
        Transition("resume", "恢复开放", ("suspended",), "open", _KEEPS),
        Transition("close", "撤销", _STANDING, "closed", _KEEPS, (REASON,), hint="撤销后不再列出，不能恢复；可以另行登记"),
        Transition("enable_kiosk", "启用自助终端或者更换链接", _STANDING, SAME, _MACHINES, (IDLE,), ("idle_is_fit",),
                   hint="得到一个终端链接；更换后，原来的终端须用新链接重新打开"),
        Transition("disable_kiosk", "停用自助终端", _STANDING, SAME, _MACHINES, (), (), (), "停用后终端上不能再使用",
                   ("has_kiosk",)),
    ),
    ROLES,
    {"later": _later, "has_kiosk": _has_kiosk, "idle_is_fit": _idle_is_fit},
)  # fmt: skip


def _counts_somebody(s: Situation) -> str | None:
    told = {"people": s.subject.people, "papers": s.subject.papers} | dict(s.data)
    return None if told.get("people") or told.get("papers") else "服务人次和资料份数至少填写一项，且大于零"


_WHAT = (
    Field("service", "服务事项", "choice", choices=SERVICES),
    Field("people", "服务人次", "integer", required=False),
    Field("papers", "提供资料份数", "integer", required=False, hint="提供、打印的资料，或者接收的申请"),
    Field("note", "说明", required=False, longest=200, hint="不写个人信息"),
)
SERVICE = Procedure(
    "zone_service", "专区服务登记",
    (State("logged", "已登记", final=True), State("void", "登记作废", final=True)),
    (
        Transition("log", "登记服务", (NEW,), "logged", _SERVES, _WHAT, ("counts_somebody",), ("25",), "一天一项服务登记一条"),
        Transition("correct", "更正登记", ("logged",), SAME, _SERVES, (*_WHAT, INSIDE), ("counts_somebody",)),
        Transition("void", "登记作废", ("logged",), "void", _SERVES, (INSIDE,), hint="误登、重登"),
    ),
    ROLES,
    {"counts_somebody": _counts_somebody},
)  # fmt: skip
