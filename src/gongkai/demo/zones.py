"""The disclosure zones of the demonstration: as many as the published report says, with invented names and addresses.

The districts are real and lie where they lie; everything below them is made up, the same every time.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random
from typing import Any

from gongkai.ledger.services import Actor, Done, used
from gongkai.organs.models import Body
from gongkai.organs.rights import ROLES
from gongkai.zones import services
from gongkai.zones.models import Zone

from .city import DISTRICTS, Cast
from .play import Scene, instant, workday

#: In the city, its districts and townships on the last day of 2021.
TOTAL = 1281
#: About where each district's seat lies (longitude, latitude, how far its townships reach in degrees).
SEATS: Mapping[str, tuple[float, float, float]] = {
    "渝中区": (106.56, 29.555, 0.018), "万州区": (108.40, 30.81, 0.30), "黔江区": (108.77, 29.53, 0.24),
    "涪陵区": (107.39, 29.70, 0.28), "大渡口区": (106.48, 29.48, 0.04), "江北区": (106.60, 29.61, 0.07),
    "沙坪坝区": (106.40, 29.57, 0.08), "九龙坡区": (106.42, 29.48, 0.08), "南岸区": (106.63, 29.53, 0.06),
    "北碚区": (106.43, 29.83, 0.14), "渝北区": (106.72, 29.82, 0.20), "巴南区": (106.66, 29.33, 0.20),
    "长寿区": (107.13, 29.92, 0.18), "江津区": (106.25, 29.12, 0.28), "合川区": (106.30, 30.05, 0.24),
    "永川区": (105.90, 29.34, 0.22), "南川区": (107.15, 29.10, 0.24), "綦江区": (106.68, 28.92, 0.28),
    "大足区": (105.74, 29.66, 0.20), "璧山区": (106.20, 29.58, 0.14), "铜梁区": (106.03, 29.84, 0.18),
    "潼南区": (105.82, 30.15, 0.20), "荣昌区": (105.55, 29.43, 0.18), "开州区": (108.36, 31.20, 0.32),
    "梁平区": (107.75, 30.66, 0.22), "武隆区": (107.75, 29.35, 0.26), "城口县": (108.72, 31.93, 0.26),
    "丰都县": (107.78, 29.88, 0.26), "垫江县": (107.40, 30.30, 0.18), "忠县": (107.98, 30.33, 0.24),
    "云阳县": (108.80, 30.98, 0.28), "奉节县": (109.40, 30.95, 0.30), "巫山县": (109.88, 31.10, 0.22),
    "巫溪县": (109.40, 31.45, 0.28), "石柱土家族自治县": (108.25, 30.05, 0.28),
    "秀山土家族苗族自治县": (109.00, 28.48, 0.22), "酉阳土家族苗族自治县": (108.80, 28.90, 0.30),
    "彭水苗族土家族自治县": (108.18, 29.28, 0.26),
}  # fmt: skip
#: So many districts had theirs in the year before.
EARLY = 19
_FIRST = (
    "云青清双龙凤石金玉白黄红长永安福兴新太平大竹松柏梨桃杨柳枫桂兰荷莲沙木黑水岩铁银茶高古三五六七八九天明宝文仁义和"
)
_LAST = "溪河坪坝湾滩岭山峰坡沟塘桥门台场寨垭口洞泉井林园院庙堡"
_ROADS = ("人民路", "建设路", "文化路", "滨江路", "新华路", "中山路", "解放路", "公园路", "学府路", "广场路")
_EQUIPMENT = ("自助查询机", "打印机", "复印机", "公告栏", "电子显示屏", "资料架", "阅览桌椅", "扫描仪")
_HOURS = (
    "周一至周五 9:00-12:00、14:00-17:30",
    "周一至周五 9:00-12:00、13:30-17:30",
    "周一至周五 9:00-17:00；周六 9:00-12:00",
)
_LIBRARY = "周二至周五 9:00-18:00；周六至周日 9:00-17:30"
_REST = "法定节假日不开放。【演示数据】"


def _hall(rng: Random, district: str, kind: str) -> dict[str, Any]:
    """A zone of the district itself: in the service hall, the archive, the library."""
    names = {"service_hall": "政务服务中心", "archive": "档案馆", "library": "图书馆"}
    areas = ["query", "reading", "apply", "advice"] if kind == "service_hall" else ["query", "reading"]
    return {
        "name": f"{district}{names[kind]}政务公开专区", "level": "district", "host": kind, "areas": areas,
        "address": f"{district}{rng.choice(_ROADS)}{rng.randrange(1, 300)}号{rng.choice(('一楼', '二楼'))}（演示）",
        "hours": _LIBRARY if kind == "library" else rng.choice(_HOURS), "hours_note": _REST,
        "equipment": rng.sample(_EQUIPMENT, 5),
        "accessibility": "入口有坡道和无障碍电梯，备有老花镜、放大镜，可以预约手语服务。",
        "directions": f"乘坐公交到{district}{names[kind]}站下车，步行约 {rng.randrange(2, 9)} 分钟。",
    }  # fmt: skip


def _township(rng: Random, district: str, name: str) -> dict[str, Any]:
    """A zone in a township's service centre."""
    urban = 1.0 if SEATS[district][2] < 0.1 else 0.35
    form = "街道" if rng.random() < urban else rng.choice(("镇", "镇", "镇", "乡"))
    who = f"{name}{form}"
    return {
        "name": f"{who}便民服务中心政务公开专区", "level": "township", "host": "service_centre",
        "areas": ["query", "reading", "advice"] + (["apply"] if rng.random() < 0.4 else []),
        "address": f"{district}{who}{rng.choice(_ROADS)}{rng.randrange(1, 120)}号（演示）",
        "hours": rng.choice(_HOURS[:2]), "hours_note": _REST, "equipment": rng.sample(_EQUIPMENT, 3),
    }  # fmt: skip


def _placed(rng: Random, seat: tuple[float, float, float], far: float) -> dict[str, str]:
    """Somewhere in a district: near its seat (``far`` 0) or among its townships."""
    east, north, reach = seat
    return {
        "longitude": f"{east + far * reach * 1.1 * rng.uniform(-1, 1) + rng.uniform(-0.008, 0.008):.6f}",
        "latitude": f"{north + far * reach * 0.9 * rng.uniform(-1, 1) + rng.uniform(-0.006, 0.006):.6f}",
        "phone": f"023-{rng.randrange(40000000, 89999999)}",
    }


def described() -> Iterator[tuple[str, dict[str, Any]]]:
    """(district, description) of every zone of the districts."""
    each, more = divmod(TOTAL - 2 - 3 * len(DISTRICTS), len(DISTRICTS))
    for order, district in enumerate(DISTRICTS):
        rng, seat = Random(f"zones/{district}"), SEATS[district]
        for kind in ("service_hall", "archive", "library"):
            yield district, _hall(rng, district, kind) | _placed(rng, seat, 0)
        pairs = [first + last for first in _FIRST for last in _LAST if first != last]
        for name in rng.sample(pairs, each + (order < more)):
            yield district, _township(rng, district, name) | _placed(rng, seat, 1)


_CITY: tuple[dict[str, Any], ...] = (
    {
        "name": "重庆市档案馆政务公开专区", "level": "city", "host": "archive", "district": "渝北区",
        "address": "渝北区滨江路1号（演示）", "longitude": "106.553200", "latitude": "29.632500",
        "hours": "周一至周五 9:00-12:00、14:00-17:00",
    },
    {
        "name": "重庆图书馆政务公开专区", "level": "city", "host": "library", "district": "沙坪坝区",
        "address": "沙坪坝区文化路106号（演示）", "longitude": "106.462700", "latitude": "29.557800", "hours": _LIBRARY,
    },
)  # fmt: skip
_CITY_ALSO = {
    "hours_note": _REST, "phone": "023-00000000", "areas": ["query", "reading", "apply", "advice"],
    "equipment": ["自助查询机", "打印机", "复印机", "公告栏", "电子显示屏"],
    "accessibility": "入口有坡道和无障碍电梯，设有盲文资料和助听设备，可以预约手语服务。",
    "directions": "乘坐轨道交通到本馆站，从一号出口步行约 5 分钟，途中有盲道。",
}  # fmt: skip
_CLERK = Actor("gongkaiban", frozenset(ROLES) - {"applicant", "system"})


def _batch(body: Body, rows: list[dict[str, Any]], day: date, minute: int, known: services.Map) -> Scene:
    """Every zone of one body at once."""
    name = f"zones/{body.key}"

    def run(key: str, subjects: Mapping[str, str]) -> Done:
        entries = []
        for number, row in enumerate(rows):
            told, where = services.settled(row, body, known)
            entries.append(services.Entry(told, where["district"], day, key if number == 0 else f"{key}/{number}"))
        services.enter_many(body, _CLERK, entries)
        done = used(key)
        assert done is not None
        return done

    return Scene(instant(day, minute), name, 0, run)


def _logged(body: Body, until: date) -> Iterator[Scene]:
    """A month of services of the zones in a body's halls, at the end of each month of 2021."""
    for month in range(6, 13):
        day = workday(date(2021, month, 25))
        if day > until:
            return

        def run(key: str, subjects: Mapping[str, str], day: date = day) -> Done:
            rng = Random(f"{body.key}/{day}")
            lines = []
            for zone in Zone.objects.filter(body=body, host__in=("service_hall", "archive", "library")).order_by("key"):
                for service in zone.areas:
                    data = {"service": service, "people": rng.randrange(3, 90), "papers": rng.randrange(0, 40)}
                    lines.append((zone, day, data, f"{key}/{len(lines)}" if lines else key))
            services.log_many(_CLERK, lines)
            done = used(key)
            assert done is not None
            return done

        yield Scene(instant(day, 500), f"zones/log/{body.key}", month, run)


def _step(body: Body, ahead: int, event: str, day: date, data: dict[str, Any] | None = None) -> Scene:
    """Something that happens to the ``ahead``-th zone of a body."""

    def run(key: str, subjects: Mapping[str, str]) -> Done:
        return services.do(f"{body.key}-z{ahead:05d}", event, _CLERK, data or {}, key=key)

    return Scene(instant(day, 510), f"zones/{body.key}/{ahead}", 1, run)


def scenes(cast: Cast) -> Iterator[Scene]:
    """The zones of the city and of every district, some of their services, a pause, a zone being set up."""
    bodies = {body.short_name: body for body in Body.objects.filter(kind=Body.Kind.DISTRICT)}
    rows: dict[str, list[dict[str, Any]]] = {}
    known = services.Map()
    for district, row in described():
        rows.setdefault(district, []).append(row)
    yield _batch(cast.office, [one | _CITY_ALSO for one in _CITY], date(2020, 9, 14), 480, known)
    for order, district in enumerate(DISTRICTS):
        day = workday(date(2020, 10, 12) if order < EARLY else date(2021, 4, 1), order // 4)
        yield _batch(bodies[district], rows[district], day, 481 + order % 4, known)
    first = bodies[DISTRICTS[0]]
    for body in (cast.office, first, bodies["万州区"]):
        yield from _logged(body, date(2021, 12, 31))
    yield _step(cast.office, 1, "enable_kiosk", date(2021, 5, 10), {"idle": 90})
    yield _step(first, 1, "enable_kiosk", date(2021, 5, 11), {"idle": 90})
    pause = {"reason": "服务大厅维修改造", "until": "2022-01-31"}
    yield _step(bodies["北碚区"], 1, "suspend", date(2021, 12, 20), pause)
    yield Scene(instant(date(2021, 12, 22), 511), "zones/planned", 0, _planned(cast.office))


def _planned(body: Body) -> Any:
    row = _CITY[0] | _CITY_ALSO | {"name": "重庆市政务服务中心政务公开专区", "host": "service_hall"}

    def run(key: str, subjects: Mapping[str, str]) -> Done:
        return services.begin("plan", body, _CLERK, row, key=key)

    return run
