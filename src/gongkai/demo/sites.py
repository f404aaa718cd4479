"""The sites of the demonstration: the city's, two departments', one district's, all from the standard pack over one library.

People and texts are invented. Who writes a page does not approve it; the guide has two versions; one page is taken down.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from PIL import Image, ImageDraw

from gongkai.ledger.services import Actor, Done, replay
from gongkai.ledger.uploads import Upload
from gongkai.organs.models import Body
from gongkai.records.models import Record
from gongkai.sites import content, images, services
from gongkai.sites.models import Page

from . import site_records
from .city import Cast
from .play import Scene, instant, workday

EDITOR = Actor("bianji", frozenset({"editor"}))
REVIEWER = Actor("shenhe", frozenset({"reviewer"}))
DISCLOSURE = Actor("gongkaiban", frozenset({"disclosure"}))
#: Key, body, colour, 网站标识码, whether it is the main site.
SITES = (
    ("cq", "cq-office", "", "5000000061", True),
    ("fgw", "cq-fgw", "indigo", "5000000012", False),
    ("jtj", "cq-jtj", "teal", "5000000028", False),
    ("yuzhong", "cq-d01", "red", "5001030001", False),
)
#: Post, name, duties.
LEADERS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "cq": (
        ("市长", "岳清和", "领导市政府全面工作。"),
        ("副市长", "程远舟", "负责市政府常务工作，分管发展改革、财政、统计、应急管理。"),
        ("副市长", "林述白", "分管教育、科技、卫生健康、医疗保障。"),
        ("副市长", "许怀瑾", "分管工业和信息化、商务、市场监管。"),
        ("秘书长", "方知行", "协助市长处理日常工作，主持市政府办公厅工作。"),
    ),
    "fgw": (("主任", "陶安石", "主持全面工作。"), ("副主任", "孟春和", "分管规划、投资、重大项目。")),
    "jtj": (("局长", "卢行远", "主持全面工作。"), ("副局长", "章若水", "分管公路、水路建设和养护。")),
    "yuzhong": (("区长", "贺知秋", "领导区政府全面工作。"), ("副区长", "戴南枝", "分管城市建设和管理。")),
}  # fmt: skip
_BORN = "（演示数据，人物为虚构。）"
_GUIDE = {
    "kind": "notice", "tone": "info",
    "text": "2021年7月修订：增加政务公开专区名单和网上申请的说明；受理机构的办公时间以本指南为准。",
}  # fmt: skip
_FUNCTIONS = """## 主要职责
- 贯彻执行党和国家的方针政策、决策部署，落实市委、市政府的工作要求。
- 起草有关地方性法规、规章草案，拟订政策和规划并组织实施。
- 负责本领域的政务公开、政策解读和回应关切。

## 内设机构
内设办公室、政策法规处、规划发展处、综合业务处、行政审批处、人事处等机构。【演示数据】"""

Run = Callable[[str, Mapping[str, str]], Done]


class _Tale:
    """Scenes of one story, each on a working day of its own."""

    def __init__(self, name: str, day: date, minute: int):
        self.name, self.day, self.minute, self.count = name, day, minute, 0

    def scene(self, run: Run, on: date | None = None) -> Scene:
        self.day, self.count = workday(on or self.day), self.count + 1
        return Scene(instant(self.day, self.minute + self.count), self.name, self.count, run)


def picture(words: int) -> dict[str, str]:
    """A calm invented landscape: ranges of hills over water."""
    sky = Image.new("RGB", (1200, 450), "#dfe8ef")
    draw = ImageDraw.Draw(sky)
    for n, colour in enumerate(("#b9cbd9", "#8fabc1", "#5f86a5", "#2f5f86")):
        base, step = 240 + n * 45, 150
        points = [(x, base - ((x // step * 37 + words * 53 + n * 71) % 110)) for x in range(0, 1201, step)]
        draw.polygon([(0, 450), *points, (1200, 450)], fill=colour)
    draw.rectangle((0, 415, 1200, 450), fill="#1f4e79")
    out = io.BytesIO()
    sky.save(out, "PNG")
    return images.store(Upload("专题.png", out.getvalue()))


def scenes(cast: Cast) -> Iterator[Scene]:
    """Every site with its pages; the main site's topics, notices and redirect."""
    bodies = {body.key: body for body in Body.objects.filter(key__in=[one[1] for one in SITES])}
    for n, (key, body, tint, code, main) in enumerate(SITES):
        yield from _site(cast, key, bodies[body], tint, code, main, 20 * n)
    yield from site_records.scenes(bodies)
    yield from _topics()
    yield from _notices()
    add = {"old": "/zwgk/index.html", "to": "/gov-info/"}
    tale = _Tale("site/redirect", date(2021, 2, 1), 300)
    yield tale.scene(lambda key, subjects: services.add_redirect("cq", EDITOR, add, key=key))


def _site(cast: Cast, key: str, body: Body, tint: str, code: str, main: bool, minute: int) -> Iterator[Scene]:
    host = "www.example-cq.gov.cn" if main else f"{key}.example-cq.gov.cn"
    name = "重庆市人民政府" if main else body.name
    marks = {
        "name": name, "title": "政务公开", "hosts": [host], "tint": tint, "host": body.name, "code": code,
        "contact": "023-00000000（演示）", "icp": "渝ICP备00000000号", "police": "渝公网安备 00000000000000号",
    }  # fmt: skip
    tale, who = _Tale(f"site/{key}", date(2021, 1, 4), 320 + minute), cast.actor("guanli", body)
    data = {"key": key, "main": main, **marks}
    yield tale.scene(lambda k, s: services.create_site(body, who, data, pack="standard", key=k))
    yield from _page(
        f"site/{key}/functions", date(2021, 1, 5), minute, lambda: _pack_page(key, "functions"), _functions
    )
    for slug in ("contact", "guide"):
        yield from _page(f"site/{key}/{slug}", date(2021, 1, 5), minute, lambda slug=slug: _pack_page(key, slug))  # type: ignore[misc]
    yield from _page(f"site/{key}/guide-2021", date(2021, 7, 5), minute, lambda: _pack_page(key, "guide"),
                     lambda kept: [_GUIDE, *kept["blocks"]])  # fmt: skip
    for order, (post, leader, duties) in enumerate(LEADERS[key], 1):
        yield from _new(f"site/{key}/leader/{order}", date(2021, 1, 6), minute + order, key,
                        {"form": "leader", "title": leader}, _leader(post, duties, order), [])  # fmt: skip
    yield tale.scene(lambda k, s: services.do_site(key, "launch", who, key=k), date(2021, 1, 8))
    for month in (3, 5, 7, 9, 10, 11, 12):
        yield tale.scene(_headline(key, body), date(2021, month, 21))


def _leader(post: str, duties: str, order: int) -> dict[str, Any]:
    resume = f"曾在基层和市级机关工作，现任{post}。{_BORN}"
    return {"post": post, "duties": duties, "resume": resume, "order": order}


def _pack_page(site: str, slug: str) -> str:
    return Page.objects.values_list("key", flat=True).get(site=site, slug=slug)


def _functions(kept: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"kind": "text", "html": _FUNCTIONS}, *(one for one in kept["blocks"] if one["kind"] == "table")]


def _page(
    name: str, day: date, minute: int, find: Callable[[], str],
    rewrite: Callable[[dict[str, Any]], list[dict[str, Any]]] = lambda kept: list(kept["blocks"]),
) -> Iterator[Scene]:  # fmt: skip
    """A page that is there written anew, submitted, approved by somebody else two days later."""
    tale = _Tale(name, day, 340 + minute)

    def write(key: str, subjects: Mapping[str, str]) -> Done:
        subject = find()
        page = replay("page", subject)
        kept = content.get(page.draft)
        return services.write_page(subject, EDITOR, page.title, kept["about"], rewrite(kept), key=key)

    yield tale.scene(write)
    yield tale.scene(lambda key, subjects: services.do_page(find(), "submit", EDITOR, key=key))
    later = day + timedelta(2)
    yield tale.scene(lambda key, subjects: services.do_page(find(), "approve", REVIEWER, key=key), later)


def _headline(site: str, body: Body) -> Run:
    """An editor puts the newest decision or meeting of the body among the headlines."""

    def run(key: str, subjects: Mapping[str, str]) -> Done:
        rows = Record.objects.filter(public=True, published_on__isnull=False).order_by("-published_on", "-key")
        own = rows.filter(body=body, kind__in=("meeting", "policy", "announcement"))
        known = set(replay("column", f"{site}_headlines").placed)
        record = next(one for one in own.iterator() if one.key not in known)
        return services.do_column(f"{site}_headlines", "place", EDITOR, {"record": record.key}, key=key)

    return run


def _new(
    name: str, day: date, minute: int, site: str, data: dict[str, Any], about: Any, blocks: Any,
    approve: Mapping[str, Any] | None = None,
) -> Iterator[Scene]:  # fmt: skip
    """A new page, written, submitted, approved by somebody else."""
    tale = _Tale(name, day, 360 + minute)

    def made(value: Any) -> Any:
        return value() if callable(value) else value

    yield tale.scene(lambda key, s: services.create_page(site, EDITOR, data, made(about), made(blocks), key=key))
    yield tale.scene(lambda key, s: services.do_page(s[name], "submit", EDITOR, key=key))
    yield tale.scene(lambda key, s: services.do_page(s[name], "approve", REVIEWER, approve or {}, key=key), day)


def _topics() -> Iterator[Scene]:
    business = [
        {"kind": "text", "html": "持续优化营商环境，是稳预期、促发展的关键一招。这里汇集市级优化营商环境的政策、解读和办理渠道。【演示数据】"},
        {"kind": "records", "title": "最新政策", "column": "cq_business", "limit": 8},
        {"kind": "chart", "title": "市场主体数量", "unit": "万户", "rows": "2019年 | 263\n2020年 | 288\n2021年 | 320"},
        {"kind": "questions", "title": "常见问题", "items": "问：开办企业在哪里办？\n答：在“开办企业一网通”平台一次提交，当天可以领取执照。\n"
         "问：惠企政策怎样找？\n答：在本站搜索政策名称，或者查看本专题“最新政策”。"},
        {"kind": "links", "title": "办事入口", "items": "国务院客户端 | https://www.gov.cn/\n依申请公开 | /apply/"},
    ]  # fmt: skip
    chengyu = [
        {"kind": "text", "html": "推动成渝地区双城经济圈建设，川渝两地共同公开政策、项目和合作进展。【演示数据】"},
        {"kind": "records", "title": "政策和进展", "column": "cq_chengyu", "limit": 8},
        {"kind": "notice", "tone": "info", "text": "川渝通办事项可以在两地任一政务服务窗口办理。"},
    ]
    told = (("business", "优化营商环境", business, 1), ("chengyu", "成渝地区双城经济圈建设", chengyu, 2))
    for slug, title, blocks, n in told:

        def about(n: int = n, title: str = title) -> dict[str, Any]:
            return {
                "summary": f"{title}的政策、进展和办事渠道。",
                "image": picture(n) | {"alt": "山水相连的城市远景（示意图）"},
            }

        yield from _new(f"site/topic/{slug}", date(2021, 3, 15), n, "cq", {"form": "topic", "title": title, "slug": f"topic-{slug}"},
                        about, blocks)  # fmt: skip


def _notices() -> Iterator[Scene]:
    closed = [{"kind": "text", "html": "2022年春节期间，政务公开专区按节假日时间开放，网上申请照常受理。【演示数据】"}]
    yield from _new("site/notice/holiday", date(2022, 1, 5), 5, "cq", {"form": "page", "title": "春节期间政务公开服务安排", "slug": "holiday"},
                    {"summary": "春节期间专区开放时间和申请受理安排。"}, closed, {"withdraw_on": "2022-02-10"})  # fmt: skip
    old = [{"kind": "text", "html": "政务公开日活动安排。【演示数据】"}]
    name = "site/notice/day"
    yield from _new(name, date(2021, 5, 10), 6, "cq", {"form": "page", "title": "2021年政务公开日活动", "slug": "open-day"},
                    {"summary": "政务公开日活动的时间、地点。"}, old)  # fmt: skip
    tale = _Tale(f"{name}/over", date(2021, 6, 15), 380)
    why = {"reason": "活动已经结束，有关情况另行发布"}
    yield tale.scene(lambda key, s: services.do_page(s[name], "withdraw", DISCLOSURE, why, key=key))
