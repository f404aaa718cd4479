"""The regulations and normative documents of the demonstration: invented titles, numbers and dates.

How many were in force at the beginning of 2021, issued and repealed in the year follows the published report.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from gongkai.ledger import blobs
from gongkai.ledger.models import Command
from gongkai.ledger.services import Actor, Done, replay, used
from gongkai.norms import services
from gongkai.norms.cleanup import services as cleanups
from gongkai.norms.procedure import NORMATIVE, REGULATION
from gongkai.organs.models import Body

from . import norm_life, prose
from .city import DEPARTMENTS, Cast
from .play import FIRST, Scene, instant, workday

_TO = "各区县（自治县）人民政府，市政府各部门，有关单位"

#: In force when the ledger begins; then for 2020 and 2021 (issued, repealed, expired).
REGULATIONS = (170, {2020: (6, 4, 0), 2021: (9, 10, 0)})
DOCUMENTS = (872, {2020: (66, 48, 13), 2021: (73, 62, 16)})

AREAS = (
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
        self.named: list[tuple[date, str]] = []

    def data(self, issued: date, number: int) -> tuple[Body, dict[str, Any], str]:
        """A new norm: its body, title and numbers, and its text, which cites one issued before."""
        rng, self.count = self.rng, self.count + 1
        area = AREAS[self.count % len(AREAS)]
        places = ("", "主城区", "区县", "乡镇") if self.kind == REGULATION else ("", "主城区", "市级", "全市")
        place = places[self.count // len(AREAS) % 4]
        if self.kind == REGULATION:
            title, body = f"重庆市{place}{area}{rng.choice(_REGULATION_FORMS)}", self.cast.city
            entry = self._entry(title, f"重庆市人民政府令第{number}号", issued, 30)
            text = prose.regulation(rng, place + area, self._by(), prose.day_text(issued + timedelta(days=30)))
            return body, entry, text
        own = rng.random() < 0.55
        body, code = (self.cast.office, "渝府办") if own else (self.cast.city, "渝府")
        style = "规" if issued >= date(2019, 10, 1) else "发"
        head = "重庆市人民政府办公厅" if own else "重庆市人民政府"
        title = head + rng.choice(_DOCUMENT_FORMS).format(f"{place}{area}")
        entry = self._entry(title, f"{code}{style}〔{issued.year}〕{number}号", issued, 0)
        entry["register_number"] = f"{body.document_code}规登〔{issued.year}〕{number}号"
        earlier = [name for day, name in self.named if day < issued]
        basis = rng.choice(earlier) if earlier else ""
        text = prose.notice(rng, place + area, self._by(), _TO, head, prose.day_text(issued), basis)
        self.named.append((issued, f"《{title}》（{entry['document_number']}）"))
        return body, entry, text

    def _by(self) -> str:
        return DEPARTMENTS[self.count % len(DEPARTMENTS)][2].removeprefix("市")

    def _entry(self, title: str, number: str, issued: date, wait: int) -> dict[str, Any]:
        effective = issued + timedelta(days=wait)
        return {"kind": self.kind, "title": title, "document_number": number, "effective_on": effective.isoformat()}

    def existing(self, total: int, expiring: dict[int, int]) -> Iterator[Scene]:
        """What stood when the ledger began, in one batch for each body; some ends by its own term in a later year."""
        ends = [date(year, self.rng.randrange(1, 13), 28) for year, count in expiring.items() for _ in range(count)]
        batches: dict[str, list[Row]] = {}
        for n in range(total):
            issued = workday(date(self.rng.randrange(2004, 2019), self.rng.randrange(1, 12), self.rng.randrange(1, 25)))
            body, data, text = self.data(issued, 100 + n)
            data["issued_on"] = issued.isoformat()
            name = f"norm/{self.kind}/{n}"
            if n < len(ends):
                data["valid_until"] = ends[n].isoformat()
                yield self.expiry(name, ends[n])
            else:
                if n % 3 == 0 and self.kind == NORMATIVE:
                    data["valid_until"] = f"{2022 + n % 4}-{1 + n % 12:02d}-28"
                self.standing.append(name)
            batches.setdefault(body.key, []).append(Row(name, data, text))
        for minute, (key, rows) in enumerate(batches.items()):
            body = self.cast.city if key == self.cast.city.key else self.cast.office
            yield batch(self.cast.actor("gongkaiban", body), body, rows, FIRST, minute)
        self.rng.shuffle(self.standing)

    def enter(self, name: str, body: Body, data: dict[str, Any], text: str, day: date, minute: int) -> Iterator[Scene]:
        """A new norm is issued, and its text with it."""
        actor = self.cast.actor("bianji", body)

        def issued(key: str, subjects: Any) -> Done:
            return services.issue(body, actor, data, day=day, key=key)

        def told(key: str, subjects: Any) -> Done:
            return services.do("norm", subjects[name], "set_text", actor, {"text": text}, day=day, key=key)

        yield Scene(instant(day, minute), name, 0, issued)
        yield Scene(instant(day, minute + 1), name, 1, told)

    def expiry(self, name: str, last: date) -> Scene:
        """The end of its term is noted on the next working day; the figures follow the term itself."""
        day, actor = workday(last + timedelta(days=1)), self.cast.actor("gongkaiban", self.cast.city)

        def run(key: str, subjects: Any) -> Done:
            return services.do("norm", subjects[name], "expire", actor, {}, day=day, key=key)

        return Scene(instant(day, 300), name, 2, run)

    def year(self, year: int, issued: int) -> Iterator[Scene]:
        """New ones through the year."""
        for n in range(issued):
            day = workday(date(year, 1 + n * 12 // max(issued, 1), self.rng.randrange(4, 26)))
            body, data, text = self.data(day, (330 + n + (year - 2020) * 8) if self.kind == REGULATION else n + 1)
            if self.kind == NORMATIVE:
                data["valid_until"] = (day.replace(year=year + 5, day=28)).isoformat()
            name = f"norm/{self.kind}/{year}/{n}"
            yield from self.enter(name, body, data, text, day, 120 + 2 * n)
            self.standing.append(name)

    def ended(self, count: int) -> list[str]:
        """The stories of those that end next, the longest waiting first."""
        gone, self.standing = self.standing[:count], self.standing[count:]
        return gone


@dataclass(frozen=True)
class Row:
    """A norm to be registered with others: its story, what the register says, its text."""

    name: str
    data: dict[str, Any]
    text: str


def batch(actor: Actor, body: Body, rows: Sequence[Row], day: date, minute: int) -> Scene:
    """Many existing norms of a body registered at once; the scene bears the name of the first."""
    keys = [f"demo/{row.name}/0" for row in rows]

    def run(key: str, subjects: Any) -> Done:
        digests = blobs.put_many([row.text.encode() for row in rows])
        told = [row.data | {"text": digest} for row, digest in zip(rows, digests, strict=True)]
        services.register_many(body, actor, told, day=day, keys=keys)
        known = Command.objects.filter(key__in=keys).values_list("key", "event__subject")
        subjects.update({key.removeprefix("demo/").rsplit("/", 1)[0]: subject for key, subject in known})
        done = used(key)
        assert done is not None
        return done

    return Scene(instant(day, minute), rows[0].name, 0, run)


def _clean_up(cast: Cast, year: int, ended: Sequence[str], lapsed: int = 12) -> Iterator[Scene]:
    """The clean-up of a year: its list, an opinion on each, review, approval, one decision that changes them all.

    The last ``lapsed`` of what ended had lost their object (宣布失效), the others are repealed.
    """
    story, start = f"cleanup/{year}", workday(date(year, 9, 6))
    office, city = cast.actor("gongkaiban", cast.city), cast.city
    number = f"渝府发〔{year}〕{29 + year - 2020}号"

    def step(event: str, who: str, ahead: int, data: Callable[[Any], dict[str, Any]]) -> Scene:
        actor = cast.actor(who, city)
        day = workday(start, ahead)
        order = len(steps)

        def run(key: str, subjects: Any) -> Done:
            return cleanups.do(subjects[story], event, actor, data(subjects), day=day, key=key)

        return Scene(instant(day, 400 + order), story, order + 1, run)

    def opened(key: str, subjects: Any) -> Done:
        data = {"title": f"{year}年规章和行政规范性文件清理", "reach": "own", "kind": "both"}
        return cleanups.start("open", city, office, data, day=start, key=key)

    def kept(subjects: Any) -> dict[str, Any]:
        gone = {subjects[name] for name in ended}
        one = replay("cleanup", subjects[story])
        return {"items": [key for key in one.items if key not in gone], "decision": "keep"}

    def dropped(subjects: Any) -> dict[str, Any]:
        reason = "依据的上级文件已经废止"
        return {"items": [subjects[name] for name in ended[:-lapsed]], "decision": "repeal", "reason": reason}

    def outlived(subjects: Any) -> dict[str, Any]:
        reason = "规定的任务已经完成，调整对象已经消失"
        return {"items": [subjects[name] for name in ended[-lapsed:]], "decision": "declare_lapsed", "reason": reason}

    steps: list[Scene] = []
    for event, who, ahead, data in (
        ("draw", "gongkaiban", 0, lambda subjects: {}),
        ("decide", "chengban", 10, dropped),
        ("decide", "chengban", 10, outlived),
        ("decide", "chengban", 11, kept),
        ("submit", "gongkaiban", 12, lambda subjects: {}),
        ("review", "shenhe", 16, lambda subjects: {"note": "逐件审核，意见适当"}),
        ("approve", "qianfa", 22, lambda subjects: {"meeting": "市政府常务会议"}),
        ("publish", "gongkaiban", 24, lambda subjects: {
            "title": "重庆市人民政府关于废止和宣布失效部分规章和行政规范性文件的决定（演示）", "document_number": number}),
    ):  # fmt: skip
        steps.append(step(event, who, ahead, data))
    yield Scene(instant(start, 400), story, 0, opened)
    yield from steps


def scenes(cast: Cast) -> Iterator[Scene]:
    """Every norm of both kinds, from the beginning to the end of 2021."""
    shelves = []
    for kind, (total, years) in ((REGULATION, REGULATIONS), (NORMATIVE, DOCUMENTS)):
        shelf = Shelf(cast, kind)
        yield from shelf.existing(total, {year: expired for year, (_, _, expired) in years.items()})
        shelves.append((shelf, years))
    for year in (2020, 2021):
        yield from _clean_up(cast, year, [name for shelf, years in shelves for name in shelf.ended(years[year][1])])
        for shelf, years in shelves:
            yield from shelf.year(year, years[year][0])
    (regulations, _), (documents, _) = shelves
    yield from norm_life.scenes(cast, regulations.standing, documents.standing)
