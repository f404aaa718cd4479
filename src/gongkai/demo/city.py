"""Who there is in the demonstration: one city, its office, some departments and districts, and the office's people."""

from dataclasses import dataclass

from gongkai.ledger.services import SYSTEM, Actor
from gongkai.organs.models import Body, Person
from gongkai.organs.scope import Scope
from gongkai.organs.services import add_body, add_person, add_units, grant

PASSWORD = "gongkai-demo"

DEPARTMENTS = (
    ("cq-fgw", "重庆市发展和改革委员会", "市发展改革委", "渝发改"),
    ("cq-jjxxw", "重庆市经济和信息化委员会", "市经济信息委", "渝经信"),
    ("cq-jw", "重庆市教育委员会", "市教委", "渝教"),
    ("cq-kjj", "重庆市科学技术局", "市科技局", "渝科局"),
    ("cq-gaj", "重庆市公安局", "市公安局", "渝公"),
    ("cq-mzj", "重庆市民政局", "市民政局", "渝民"),
    ("cq-czj", "重庆市财政局", "市财政局", "渝财"),
    ("cq-rlsbj", "重庆市人力资源和社会保障局", "市人力社保局", "渝人社"),
    ("cq-ghzrzyj", "重庆市规划和自然资源局", "市规划自然资源局", "渝规资"),
    ("cq-sthjj", "重庆市生态环境局", "市生态环境局", "渝环"),
    ("cq-zfcxjw", "重庆市住房和城乡建设委员会", "市住房城乡建委", "渝建"),
    ("cq-jtj", "重庆市交通局", "市交通局", "渝交"),
    ("cq-nyncw", "重庆市农业农村委员会", "市农业农村委", "渝农"),
    ("cq-wjw", "重庆市卫生健康委员会", "市卫生健康委", "渝卫"),
    ("cq-scjgj", "重庆市市场监督管理局", "市市场监管局", "渝市监"),
)
DISTRICTS = (
    "渝中区", "万州区", "黔江区", "涪陵区", "大渡口区", "江北区", "沙坪坝区", "九龙坡区", "南岸区", "北碚区", "渝北区", "巴南区",
    "长寿区", "江津区", "合川区", "永川区", "南川区", "綦江区", "大足区", "璧山区", "铜梁区", "潼南区", "荣昌区", "开州区", "梁平区",
    "武隆区", "城口县", "丰都县", "垫江县", "忠县", "云阳县", "奉节县", "巫山县", "巫溪县", "石柱土家族自治县",
    "秀山土家族苗族自治县", "酉阳土家族苗族自治县", "彭水苗族土家族自治县",
)  # fmt: skip
UNITS = (
    ("disclosure", "政务公开处"), ("general", "综合处"), ("planning", "规划发展处"), ("construction", "城乡建设处"),
    ("social", "社会事务处"), ("law", "法制审核处"), ("archive", "文电档案处"),
)  # fmt: skip
#: Sign-in name, name, unit, roles on the office.
PEOPLE: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("dengji", "田雨禾", "disclosure", ("registrar",)),
    ("dengji2", "罗闻道", "archive", ("registrar",)),
    ("chengban", "沈知远", "disclosure", ("handler",)),
    ("chengban2", "江望舒", "planning", ("handler",)),
    ("chengban3", "何清越", "construction", ("handler",)),
    ("chengban4", "陆景行", "social", ("handler",)),
    ("shenhe", "顾思齐", "law", ("reviewer",)),
    ("shenhe2", "程亦安", "law", ("reviewer",)),
    ("qianfa", "周以宁", "general", ("signatory",)),
    ("gongkaiban", "梁书简", "disclosure", ("disclosure",)),
    ("zhuguan", "韩守正", "disclosure", ("supervisor",)),
    ("bianji", "苏青禾", "archive", ("editor",)),
    ("ducha", "秦明远", "general", ("inspector",)),
    ("guanli", "许允中", "general", ("administrator",)),
    ("shenji", "白若谷", "general", ("auditor",)),
)
HANDLERS = ("chengban", "chengban2", "chengban3", "chengban4")
_CITYWIDE = {"supervisor", "inspector", "auditor", "administrator"}


@dataclass
class Cast:
    """The bodies and people the play needs."""

    city: Body
    office: Body
    people: dict[str, Person]

    def actor(self, username: str, body: Body | None = None) -> Actor:
        """A person as an actor on a body (the office unless told)."""
        return Scope.of(self.people[username]).actor(body or self.office)


def build() -> Cast:
    """Set the stage; doing it again changes nothing."""
    contact = {"address": "重庆市渝中区人民路232号（演示）", "phone": "023-00000000"}
    city = add_body("cq", "重庆市人民政府", "government", short_name="市政府", document_code="渝府",
                    credit_code="11500000MB0000001M", **contact)  # fmt: skip
    office = add_body(
        "cq-office",
        "重庆市人民政府办公厅",
        "office",
        city,
        short_name="市政府办公厅",
        document_code="渝府办",
        credit_code="11500000009275416Y",
        **contact,
    )
    city.reported_by = office  # the office's annual report speaks for the government too (Art 49)
    city.save(update_fields=["reported_by"])
    for order, (key, name, short, code) in enumerate(DEPARTMENTS, 10):
        add_body(key, name, "department", city, short_name=short, document_code=code, order=order, **contact)
    for order, name in enumerate(DISTRICTS, 100):
        code = f"{name[:2]}府"
        add_body(
            f"cq-d{order - 99:02d}", f"重庆市{name}人民政府", "district", city, short_name=name, document_code=code,
            order=order, **contact,
        )  # fmt: skip
    units = {unit.key: unit for unit in add_units(office, UNITS)}
    people = {}
    for username, name, unit, roles in PEOPLE:
        person = people[username] = add_person(username, name, office, SYSTEM, units[unit], PASSWORD)
        for role in roles:
            wide = role in _CITYWIDE
            grant(person, city if wide else office, [role], SYSTEM, below=wide)
            if not wide:
                grant(person, city, [role], SYSTEM)
    return Cast(city, office, people)
