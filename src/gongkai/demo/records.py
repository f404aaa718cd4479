"""What the demonstration's office published in 2021: policies with their attribute, plans, meetings, budgets and the rest.

How many of each follows the published report; every title, number and text is invented. Documents go through the whole
drafting procedure; other information is entered, approved and published; what other places published first (bulletins,
news of two provinces, plans of old) is taken over month by month.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from gongkai.ledger.models import Command
from gongkai.ledger.services import Done, used
from gongkai.records import importing, services

from . import drafts, prose
from .city import DEPARTMENTS, DISTRICTS, Cast
from .norms import AREAS
from .play import Scene, instant, workday

_TO = "各区县（自治县）人民政府，市政府各部门，有关单位"
_BUSINESS = (
    "开办企业一网通办", "国际贸易单一窗口", "中小微企业融资服务", "招标投标领域改革", "工程建设项目审批", "证照分离改革",
    "不动产登记便利化", "纳税服务", "跨境贸易便利化", "知识产权保护", "公平竞争审查", "政务服务好差评", "惠企政策兑现",
)  # fmt: skip
_CHENGYU = ("交通基础设施互联互通", "毗邻地区合作", "科技创新中心建设", "川渝通办", "生态共建环境共保", "现代产业协作")
_CHUANYU = ("城乡融合发展", "基础设施共建", "公共服务共享", "产业园区合作", "文化旅游走廊建设", "长江上游生态屏障建设")
_EPIDEMIC = (
    ("prevention", "重点场所防控"), ("medical", "定点医疗救治"), ("relief", "服务业企业纾困"), ("resumption", "校园开学防控"),
    ("travel", "来渝返渝人员健康管理"), ("prevention", "进口冷链食品管理"), ("prevention", "隔离场所管理"),
    ("medical", "核酸检测能力建设"), ("travel", "节假日出行"), ("prevention", "社区网格化防控"),
)  # fmt: skip
_PLANS = (
    "综合立体交通网", "制造业高质量发展", "科技创新", "数字经济", "城乡融合", "生态环境保护", "公共卫生体系", "教育现代化",
    "养老服务", "文化旅游", "现代物流", "能源发展", "水安全保障", "应急体系", "市场监管", "人力资源和社会保障", "自然资源保护",
)  # fmt: skip
_OLD_PLANS = (("13", "2016—2020"), ("12", "2011—2015"), ("11", "2006—2010"), ("10", "2001—2005"), ("9", "1996—2000"))
_COLUMNS = (
    "开办企业一网办", "重庆国际贸易单一窗口", "融资服务", "减税降费", "证照分离", "公平竞争", "知识产权", "招商引资", "人才服务",
    "政务服务好差评", "乡村振兴", "长江禁渔", "疫情防控", "疫苗接种", "十四五规划", "川渝通办", "数字经济", "老旧小区改造",
    "就业创业", "义务教育招生", "医保服务", "养老服务", "食品安全", "安全生产", "生态环境", "政策直通车",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One record to be told: its kind, when it is published, what is said of it."""

    kind: str
    on: date
    values: Mapping[str, Any]


def _spread(count: int, first: date = date(2021, 1, 6), last: date = date(2021, 12, 28)) -> list[date]:
    """So many days over the year, evenly, working days."""
    span = (last - first).days
    return [workday(first + timedelta(span * n // max(1, count - 1))) for n in range(count)]


def _policies(rng: Random, subjects: tuple[str, ...], topic: str, theme: str, count: int) -> Iterator[Told]:
    forms = (
        ("notice", "关于进一步做好{}工作的通知"),
        ("plan", "关于印发{}实施方案的通知"),
        ("opinion", "关于加快{}的意见"),
    )
    for n, day in enumerate(_spread(count)):
        form, words = forms[n % 3]
        area = subjects[n % len(subjects)] + ("", "（第二批）", "（第三批）", "（第四批）")[n // len(subjects) % 4]
        title = "重庆市人民政府办公厅" + words.format(area)
        _, _, by, _ = DEPARTMENTS[n % len(DEPARTMENTS)]
        text = prose.notice(
            rng, area, by.removeprefix("市"), _TO, "重庆市人民政府办公厅", prose.day_text(day),
            "《优化营商环境条例》" if topic == "business" else "",
        )  # fmt: skip
        yield Told("policy", day, {
            "title": title, "text": text, "data.form": form, "topics": [topic], "theme": theme,
            "audience": ["enterprise"], "written_on": day.isoformat(), "columns": ["policies", topic],
        })  # fmt: skip


def _epidemic_policies(rng: Random, count: int) -> Iterator[Told]:
    for n, day in enumerate(_spread(count)):
        area, subject = _EPIDEMIC[n % len(_EPIDEMIC)]
        title = f"关于做好{day.year}年{day.month}月{subject}有关工作的通告（第{n + 1}号）"
        text = prose.notice(rng, subject, "卫生健康委", _TO, "重庆市人民政府办公厅", prose.day_text(day))
        yield Told("epidemic_policy", day, {"title": title, "text": text, "data.field": area, "topics": ["epidemic"]})


def _plans(rng: Random, count: int) -> Iterator[Told]:
    for n, day in enumerate(_spread(count)):
        subject = _PLANS[(n - 1) % len(_PLANS)]
        if n == 0:
            title, level = "重庆市国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要", "outline"
        elif n <= 2 * len(_PLANS):
            level = "special"
            title = f"重庆市{subject}“十四五”规划（2021—2025年）" + ("实施要点" if n > len(_PLANS) else "")
        else:
            level, title = "annual", f"重庆市2021年{subject}重点工作计划"
        text = prose.notice(rng, subject, "发展改革委", _TO, "重庆市人民政府", prose.day_text(day))
        yield Told("plan", day, {
            "title": title, "text": text, "data.level": level, "data.period": "2021—2025", "topics": ["fourteenth"],
        })  # fmt: skip


def _meetings(executive: int, plenary: int) -> Iterator[Told]:
    for kind, name, count, first in (("executive", "常务", executive, 115), ("plenary", "全体", plenary, 9)):
        for n, day in enumerate(_spread(count)):
            topics = [AREAS[(n * 3 + m) % len(AREAS)] for m in range(3)]
            held = workday(day - timedelta(days=4))
            yield Told("meeting", day, {
                "title": f"市政府召开第{first + n}次{name}会议",
                "text": prose.note(f"会议研究了{'、'.join(topics)}等工作，审议了有关文件。", "会议要求，有关部门按照职责抓好落实。"),
                "data.type": kind, "data.number": first + n, "data.held_on": held.isoformat(),
                "data.topics": [f"研究{topic}工作" for topic in topics],
            })  # fmt: skip


def _services(count: int) -> Iterator[Told]:
    """A bulletin every day of the year, and the places to be vaccinated."""
    for n in range(365):
        day = date(2021, 1, 1) + timedelta(n)
        text = prose.note(f"{prose.day_text(day)}，全市报告确诊病例情况、无症状感染者情况及在院治疗情况见附表。")
        yield Told("epidemic_service", day, {
            "title": f"{prose.day_text(day)}疫情通报", "text": text, "data.type": "bulletin", "topics": ["epidemic"],
        })  # fmt: skip
    for n, day in enumerate(_spread(count - 365)):
        place = DISTRICTS[n % len(DISTRICTS)]
        text = prose.note(f"{place}各接种单位的名称、地址、服务时间和电话见附表。")
        title = f"{place}新冠病毒疫苗接种单位信息（第{n // len(DISTRICTS) + 1}批）"
        yield Told("epidemic_service", day, {"title": title, "text": text, "data.type": "vaccination"})


def _shared(count: int) -> Iterator[Told]:
    for n, day in enumerate(_spread(count)):
        subject, place = _CHUANYU[n % len(_CHUANYU)], DISTRICTS[n % len(DISTRICTS)]
        yield Told("announcement", day, {
            "title": f"川渝{subject}动态：{place}推进合作项目（{n + 1}）",
            "text": prose.note(f"{place}与四川省毗邻市县就{subject}签订合作事项清单，明确责任单位和完成时限。"),
            "data.type": "notice", "topics": ["chuanyu"], "columns": ["chengyu"],
        })  # fmt: skip


def _few() -> Iterator[Told]:
    """Budgets, procurement and replies."""
    for day, kind, name, year in (
        (date(2021, 2, 26), "budget", "部门预算", 2021), (date(2021, 8, 27), "final_accounts", "部门决算", 2020),
    ):  # fmt: skip
        text = prose.note(f"重庆市人民政府办公厅{year}年度{name}，含“三公”经费和政府采购情况，各表见附件。")
        values = {"title": f"重庆市人民政府办公厅{year}年{name}", "text": text, "data.type": kind, "data.year": year}
        yield Told("budget", day, values)
    stages = (("intention", "采购意向"), ("notice", "采购公告"), ("result", "成交结果"))
    for n, day in enumerate(_spread(9)):
        stage, name = stages[n % 3]
        project = ("政府公报印刷", "门户网站运行维护", "公开培训服务")[n // 3]
        values = {"title": f"{project}项目{name}", "text": prose.note(f"{project}项目{name}，预算和要求见正文。")}
        yield Told("procurement", day, values | {"data.stage": stage, "data.budget": str(120_000 * (n + 1))})


def _replies() -> Iterator[Told]:
    for kind, name, number in (("deputy", "市五届人大四次会议", "0318"), ("cppcc", "市政协五届四次会议", "0726")):
        day = date(2021, 9, 15) if kind == "deputy" else date(2021, 9, 24)
        title = f"关于{name}第{number}号{'建议' if kind == 'deputy' else '提案'}办理情况的复函"
        values = {"title": title, "text": prose.note("您提出的意见收悉。经研究，现答复如下：有关事项已列入年度计划。")}
        yield Told("proposal_reply", day, values | {"data.type": kind, "data.number": number})


def _columns() -> Iterator[Told]:
    for name, day in zip(_COLUMNS, _spread(len(_COLUMNS)), strict=True):
        yield Told("topic_column", day, {"title": f"“{name}”专题专栏", "data.topic": name})


def _old_plans(count: int) -> Iterator[Told]:
    for n in range(count):
        five, period = _OLD_PLANS[n // len(_PLANS)]
        subject = _PLANS[n % len(_PLANS)]
        title = f"重庆市{subject}专项规划（{period}年）"
        values = {"title": title, "text": prose.note(f"{title}，全文扫描件整理入库。"), "data.series": five}
        yield Told("historical_plan", date(2021, 6, 18), values | {"data.period": period})


Step = tuple[str, str, Mapping[str, Any]]
_CLEARED = {"secrecy": "cleared"}
_DRAFTED: tuple[Step, ...] = (
    ("propose", "chengban2", {"attribute": "active"}),
    ("secrecy", "shenhe", _CLEARED),
    ("check", "shenhe2", {}),
    ("sign", "qianfa", {}),
    ("number", "dengji", {"style": "发"}),
    ("publish", "bianji", {}),
)
_ENTERED: tuple[Step, ...] = (("approve", "shenhe", _CLEARED), ("publish", "bianji", {}))


def _opening(command: Callable[..., Done], cast: Cast, who: str, one: Told, **more: Any) -> Callable[..., Done]:
    actor = cast.actor(who)

    def run(key: str, subjects: Mapping[str, str]) -> Done:
        return command(cast.office, actor, one.kind, {**one.values, **more}, key=key)

    return run


def _doing(cast: Cast, story: str, event: str, who: str, data: Mapping[str, Any]) -> Callable[..., Done]:
    actor = cast.actor(who)

    def run(key: str, subjects: Mapping[str, str]) -> Done:
        return services.do(subjects[story], event, actor, data, token=key)

    return run


def _told(cast: Cast, story: str, minute: int, one: Told, document: bool) -> Iterator[Scene]:
    """All on the day of publication: the office works a paper through in a day here."""
    begin = services.draft if document else services.enter
    yield Scene(instant(one.on, minute), story, 0, _opening(begin, cast, "chengban2" if document else "bianji", one))
    for n, (event, who, data) in enumerate(_DRAFTED if document else _ENTERED, 1):
        yield Scene(instant(one.on, minute + n), story, n, _doing(cast, story, event, who, data))


def _taken_over(cast: Cast, told: Sequence[Told]) -> Iterator[Scene]:
    """What another site published is taken over at the end of each month, all of a kind at once."""
    batches: dict[tuple[str, int], list[tuple[str, Told]]] = {}
    for n, one in enumerate(told):
        batches.setdefault((one.kind, one.on.month), []).append((f"existing/{one.kind}/{n}", one))
    for minute, rows in enumerate(batches.values(), 400):
        yield Scene(instant(workday(max(one.on for _, one in rows)), minute), rows[0][0], 0, _taking(cast, rows))


def _taking(cast: Cast, rows: Sequence[tuple[str, Told]]) -> Callable[..., Done]:
    keys = [f"demo/{story}/0" for story, _ in rows]

    def run(key: str, subjects: Any) -> Done:
        values = [{**one.values, "published_on": one.on.isoformat(), "attribute": "active"} for _, one in rows]
        importing.register_many(rows[0][1].kind, cast.office, cast.actor("bianji"), values, keys)
        known = Command.objects.filter(key__in=keys).values_list("key", "event__subject")
        subjects.update({used_key.removeprefix("demo/").rsplit("/", 1)[0]: subject for used_key, subject in known})
        done = used(key)
        assert done is not None
        return done

    return run


def scenes(cast: Cast) -> Iterator[Scene]:
    """Every record of the year."""
    rng = Random("records")
    entered = [*_epidemic_policies(rng, 95), *_plans(rng, 51), *_meetings(45, 4), *_few(), *_columns()]
    drafted = [
        *_policies(rng, _BUSINESS, "business", "综合政务\\政务公开", 43),
        *_policies(rng, _CHENGYU, "chengyu", "综合政务\\其他", 17),
        *_replies(),
    ]
    taken_over = [*_services(428), *_shared(334), *_old_plans(82)]
    for n, one in enumerate(entered):
        yield from _told(cast, f"record/{one.kind}/{n}", 30 + n % 200, one, False)
    for n, one in enumerate(drafted):
        yield from _told(cast, f"document/{one.kind}/{n}", 240 + n % 100, one, True)
    yield from _taken_over(cast, taken_over)
    yield from drafts.scenes(cast)
