"""The regulations and normative documents of the demonstration: invented titles, numbers and dates.

How many were in force at the beginning of 2021, issued and repealed in the year follows the published report.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from gongkai.ledger.services import Done
from gongkai.norms import services
from gongkai.norms.procedure import NORMATIVE, REGULATION
from gongkai.organs.models import Body

from .city import Cast
from .play import FIRST, Scene, instant, workday

#: In force when the ledger begins; then for 2020 and 2021 (issued, repealed, expired).
REGULATIONS = (170, {2020: (6, 4, 0), 2021: (9, 10, 0)})
DOCUMENTS = (872, {2020: (66, 48, 13), 2021: (73, 62, 16)})

_AREAS = (
    "城市供水节水", "建设工程抗震设防", "户外广告", "物业专项维修资金", "城市轨道交通运营安全", "公共消防设施", "餐厨垃圾",
    "扬尘污染防治", "出租汽车客运", "农村公路养护", "水上交通安全", "地质灾害防治", "森林防火", "民用机场净空保护",
    "行政执法监督", "政府投资项目", "行政审批服务", "公共资源交易", "中小企业发展", "科技成果转化", "知识产权保护",
    "数据资源", "电子政务", "殡葬", "居民最低生活保障", "医疗救助", "住房公积金", "公共租赁住房",
    "义务教育", "职业教育", "公共文化服务", "文物保护", "历史文化街区", "食品小作坊", "药品零售",
    "特种设备安全", "价格调节", "粮食储备", "国有土地上房屋征收", "集体土地征收", "建筑节能", "绿色建筑",
    "地下管线", "停车场", "共享单车", "气象灾害防御", "人工影响天气", "消费者权益保护", "招商引资",
    "物流业发展", "旅游业发展", "民营经济", "人才引进", "就业创业", "工伤保险", "安全生产责任",
    "危险化学品", "烟花爆竹", "河道采砂", "水土保持",
)  # fmt: skip
_REGULATION_FORMS = ("管理办法", "管理规定", "实施办法", "监督管理办法")
_DOCUMENT_FORMS = (
    "关于加强{}工作的通知",
    "关于印发{}实施方案的通知",
    "关于印发{}管理办法的通知",
    "关于进一步规范{}工作的意见",
    "关于促进{}的若干措施",
)


class Shelf:
    """Every norm of one kind, on its way through the years."""

    def __init__(self, cast: Cast, kind: str):
        self.cast, self.kind, self.rng = cast, kind, Random(f"norms/{kind}")
        self.count = 0
        self.standing: list[str] = []

    def scene(self, name: str, number: int, day: date, minute: int, run: Any) -> Scene:
        """A scene of the norm ``name``."""
        return Scene(instant(day, minute), name, number, run)

    def data(self, issued: date, number: int) -> tuple[Body, dict[str, Any]]:
        """A new norm: its body, title and numbers."""
        rng, self.count = self.rng, self.count + 1
        area = _AREAS[self.count % len(_AREAS)]
        place = ("", "主城区", "市级", "全市")[self.count // len(_AREAS) % 4]
        if self.kind == REGULATION:
            title = f"重庆市{place}{area}{rng.choice(_REGULATION_FORMS)}"
            return self.cast.city, self._entry(title, f"重庆市人民政府令第{number}号", issued, 30)
        own = rng.random() < 0.55
        body, code = (self.cast.office, "渝府办") if own else (self.cast.city, "渝府")
        style = "规" if issued >= date(2019, 10, 1) else "发"
        head = "重庆市人民政府办公厅" if own else "重庆市人民政府"
        title = head + rng.choice(_DOCUMENT_FORMS).format(f"{place}{area}")
        return body, self._entry(title, f"{code}{style}〔{issued.year}〕{number}号", issued, 0)

    def _entry(self, title: str, number: str, issued: date, wait: int) -> dict[str, Any]:
        effective = issued + timedelta(days=wait)
        return {"kind": self.kind, "title": title, "document_number": number, "effective_on": effective.isoformat()}

    def existing(self, total: int, expiring: dict[int, int]) -> Iterator[Scene]:
        """What stood when the ledger began; some of it ends by its own term in a later year."""
        ends = [date(year, self.rng.randrange(1, 13), 28) for year, count in expiring.items() for _ in range(count)]
        for n in range(total):
            issued = workday(date(self.rng.randrange(2004, 2019), self.rng.randrange(1, 12), self.rng.randrange(1, 25)))
            body, data = self.data(issued, 100 + n)
            data["issued_on"] = issued.isoformat()
            name = f"norm/{self.kind}/{n}"
            if n < len(ends):
                data["valid_until"] = ends[n].isoformat()
                yield self.expiry(name, ends[n])
            else:
                self.standing.append(name)
            yield self.enter(name, body, data, FIRST, n)
        self.rng.shuffle(self.standing)

    def enter(self, name: str, body: Body, data: dict[str, Any], day: date, minute: int) -> Scene:
        """A norm enters the ledger."""
        command = services.register_existing if "issued_on" in data else services.issue
        actor = self.cast.actor("bianji", body)

        def run(key: str, subjects: Any) -> Done:
            return command(body, actor, data, day=day, key=key)

        return self.scene(name, 0, day, minute, run)

    def change(self, name: str, event: str, day: date, data: dict[str, Any], minute: int = 300) -> Scene:
        """Something happens to a norm."""
        actor = self.cast.actor("gongkaiban", self.cast.city)

        def run(key: str, subjects: Any) -> Done:
            return services.do("norm", subjects[name], event, actor, data, day=day, key=key)

        return self.scene(name, 1, day, minute, run)

    def expiry(self, name: str, last: date) -> Scene:
        """The end of its term is noted on the next working day; the figures follow the term itself."""
        return self.change(name, "expire", workday(last + timedelta(days=1)), {})

    def year(self, year: int, issued: int, repealed: int) -> Iterator[Scene]:
        """New ones through the year, and one clean-up decision in autumn that repeals many."""
        decision = date(year, 10, 21)
        by = f"重庆市人民政府关于{year}年清理的决定（演示）"
        for minute, name in enumerate(self.standing[:repealed]):
            yield self.change(name, "repeal", decision, {"by": by}, 60 + minute)
        self.standing = self.standing[repealed:]
        for n in range(issued):
            day = workday(date(year, 1 + n * 12 // max(issued, 1), self.rng.randrange(4, 26)))
            body, data = self.data(day, (330 + n + (year - 2020) * 8) if self.kind == REGULATION else n + 1)
            name = f"norm/{self.kind}/{year}/{n}"
            yield self.enter(name, body, data, day, 120 + n)
            self.standing.append(name)


def scenes(cast: Cast) -> Iterator[Scene]:
    """Every norm of both kinds, from the beginning to the end of 2021."""
    for kind, (total, years) in ((REGULATION, REGULATIONS), (NORMATIVE, DOCUMENTS)):
        shelf = Shelf(cast, kind)
        yield from shelf.existing(total, {year: expired for year, (_, _, expired) in years.items()})
        for year, (issued, repealed, _) in years.items():
            yield from shelf.year(year, issued, repealed)
