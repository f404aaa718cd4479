"""What the departments and the district of the demonstration published before: enough for their sites to have columns."""

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random
from typing import Any

from gongkai.ledger.services import SYSTEM, Done
from gongkai.organs.models import Body
from gongkai.records import services

from . import prose
from .play import Scene, instant, workday

#: (kind, how many in 2021, title, own fields); {n} counts, {a} is the matter.
_TOLD: tuple[tuple[str, int, str, dict[str, Any]], ...] = (
    ("policy", 6, "关于进一步做好{a}工作的通知", {"data.form": "notice", "topics": ["business"]}),
    ("meeting", 4, "召开2021年第{n}次{a}专题会议", {"data.type": "special"}),
    ("announcement", 4, "关于{a}有关事项的公告", {"data.type": "public"}),
    ("statistics", 3, "2021年第{n}季度{a}统计数据", {"data.type": "quarterly"}),
    ("budget", 1, "2021年部门预算", {"data.type": "budget", "data.year": 2021}),
    ("organisation", 1, "内设机构和职责", {"data.type": "units"}),
)  # fmt: skip
_MATTERS = {
    "cq-fgw": ("重大项目建设", "价格监测", "能源保供", "营商环境", "信用体系建设"),
    "cq-jtj": ("公路养护", "轨道交通运营", "水路运输安全", "春运保障", "农村公路建设"),
    "cq-d01": ("老旧小区改造", "垃圾分类", "文化旅游", "社区养老", "街巷整治"),
}


def scenes(bodies: Mapping[str, Body]) -> Iterator[Scene]:
    """Every record, registered on the day it was published."""
    for minute, (key, matters) in enumerate(_MATTERS.items()):
        rng = Random(f"site-records/{key}")
        for kind, count, title, own in _TOLD:
            for n in range(1, count + 1):
                day = workday(date(2021, 12 * n // (count + 1) or 1, 8 + 3 * minute))
                words = title.format(a=matters[(n + len(kind)) % len(matters)], n=n)
                values = {"title": words, "attribute": "active", "published_on": day.isoformat(), **own}
                values["text"] = f"{words}。{prose.NOTE}"
                if kind == "meeting":
                    values |= {"data.held_on": day.isoformat(), "data.number": n}
                elif kind == "statistics":
                    values["data.period"] = f"2021年第{n}季度"
                yield _scene(bodies[key], kind, values, day, 330 + minute, f"site-record/{key}/{kind}/{n}", rng)


def _scene(body: Body, kind: str, values: dict[str, Any], day: date, minute: int, name: str, rng: Random) -> Scene:
    def run(key: str, subjects: Mapping[str, str]) -> Done:
        return services.register_existing(body, SYSTEM, kind, values, key=key)

    return Scene(instant(day, minute + rng.randrange(0, 9)), name, 1, run)
