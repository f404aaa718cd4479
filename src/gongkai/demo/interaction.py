"""Questions, surveys and mistakes of the demonstration: invented people, invented matters."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from gongkai.interaction import services, survey_services
from gongkai.interaction.models import Message
from gongkai.ledger.services import Done

from . import words
from .city import Cast
from .play import Scene, instant, workday

#: Of a question: day, heading, what was asked, the answer, working days it took, how far it has gone.
PUBLISHED = ("assign", "draft", "approve", "prepare", "publish")
ANSWERED = PUBLISHED[:3]
MESSAGES: tuple[tuple[date, str, str, str, int, tuple[str, ...]], ...] = (
    (date(2020, 3, 16), "疫情期间办事大厅怎么预约", "办事大厅现在是否开放，需要怎样预约？",
     "办事大厅已经恢复开放，可以通过“渝快办”或者电话预约，也可以现场取号；请佩戴口罩。", 2, PUBLISHED),
    (date(2020, 6, 8), "公租房申请需要什么材料", "外地户籍、在主城区工作满一年，申请公租房要准备哪些材料？",
     "需要身份证明、劳动合同、社会保险缴费记录和收入说明，可以在各区公租房申请点提交，也可以网上申请。", 4, PUBLISHED),
    (date(2020, 10, 12), "高龄津贴什么时候发放", "高龄津贴每月几号到账，补发的怎么查询？",
     "每月 20 日前发放到本人银行账户；补发情况可以到户籍所在地街道查询。", 3, PUBLISHED),
    (date(2021, 1, 18), "政府信息公开申请在哪里提交", "想申请公开一份规划文件，可以在网上提交吗？",
     "可以。在本网站“依申请公开”中填写并提交，收到之日起二十个工作日内答复；也可以当面提交或者邮寄。", 1, PUBLISHED),
    (date(2021, 3, 8), "老旧小区加装电梯有补贴吗", "老旧小区加装电梯向谁申请，市里有没有补贴？",
     "经三分之二以上业主同意后，向街道提出申请；补贴标准由各区确定，一般在竣工验收后发放。", 5, PUBLISHED),
    (date(2021, 4, 26), "新能源公交线路走向的依据", "某公交线路调整以后绕行，调整的依据是什么，能不能看到？",
     "线路调整前在交通部门网站公示七日，公示材料和采纳情况可以在该网站“公示公告”中查阅。", 5, PUBLISHED),
    (date(2021, 6, 15), "中小企业贷款贴息怎么申报", "去年的贴息政策今年是否继续，什么时候申报？",
     "今年继续实施，申报时间为七月，申报通知和指南已经在网站“惠企政策”中公布。", 4, PUBLISHED),
    (date(2021, 8, 9), "小区门口夜间施工噪声", "小区门口的工地夜里十一点以后还在施工，由谁来管？",
     "夜间施工须经批准并公告。请拨打 12345 或者向区城市管理部门反映，执法人员现场核查。", 3, PUBLISHED),
    (date(2021, 10, 11), "义务教育阶段入学登记的时间", "明年秋季入学，什么时候登记、需要什么材料？",
     "一般在每年五月至六月登记，具体时间和材料以各区教育部门的公告为准，公告会在网站公布。", 5, ANSWERED),
    (date(2021, 11, 15), "历史档案能否查阅复制", "八十年代的企业改制档案在哪里查，能不能复制？",
     "可以到市档案馆查阅，持身份证明即可；涉及个人权益的档案可以复制，按规定不收查阅费。", 8, PUBLISHED),
    (date(2021, 12, 20), "公园夜间开放时间", "冬季公园几点关门，能不能延长到晚上九点？",
     "冬季开放至二十一时，节假日延长一小时；具体以各公园公告为准。", 4, ("assign", "draft", "approve", "prepare")),
    (date(2022, 1, 4), "春节期间办事窗口安排", "春节期间哪几天可以办理不动产登记？", "", 1, ("assign",)),
    (date(2022, 1, 6), "地铁口共享单车乱停放", "地铁口单车堆得走不过人，什么时候清理？", "", 1, ()),
    (date(2022, 1, 7), "地铁口共享单车影响通行", "地铁站出口共享单车太多，轮椅过不去，请处理。", "", 1, ()),
)  # fmt: skip

#: Of a mistake: day, page, kind, what is wrong, how it went, what its reporter is told.
MISTAKES = (
    (date(2021, 2, 22), "/records/", "link", "列表第二页的“下一页”点了没有反应。", "mend", "已经修复。"),
    (date(2021, 4, 12), "/apply/", "text", "“缴费”一段里“帐户”应为“账户”。", "mend", "已经改正，感谢指出。"),
    (date(2021, 7, 19), "/reports/", "stale", "年度报告的联系电话是旧的。", "mend", "电话已经更新。"),
    (date(2021, 9, 6), "/search/", "function", "搜索“公积金”没有结果。", "reject",
     "住房公积金信息由市住房公积金管理中心的网站公开，本站没有收录。"),
    (date(2021, 12, 13), "/disclosed/", "text", "标题里的“轨到交通”应为“轨道交通”。", "mend", "已经改正。"),
    (date(2022, 1, 6), "/sitemap/", "link", "网站地图里有一个链接打不开。", "confirm", ""),
    (date(2022, 1, 7), "/", "stale", "首页的数据还是上个月的。", "", ""),
)  # fmt: skip

_POLL = """单选：您多久访问一次政府网站？
- 每天
- 每周
- 每月
- 很少
多选：您主要查找什么？
- 政策文件
- 办事指南
- 通知公告
- 年度报告
量表：您对查找信息的方便程度是否满意？
- 很不满意
- 很满意
文字（选填）：您有什么建议？
"""
_BILL = """第一条　为了规范公共停车场的规划、建设和管理，方便公众停车，制定本办法。
第二条　本市行政区域内公共停车场的规划、建设、使用和管理，适用本办法。
第三条　公共停车场应当向社会公布收费标准、开放时间和监督电话。
第四条　政府投资建设的公共停车场，短时停车三十分钟以内不收费。
第五条　本办法自公布之日起施行。【演示数据】"""
_ZONES = """一、专区应当设在政务服务大厅、档案馆、图书馆等场所。
二、专区应当提供查询、打印、申请和咨询服务。
三、专区应当满足无障碍要求。【演示数据】"""
_OPINIONS = (
    ("建议把短时免费停车延长到一小时", "partly", "综合考虑周转需要，免费时间调整为四十五分钟。"),
    ("建议写明无障碍车位的比例", "adopted", ""),
    ("建议公布停车场实时空位", "adopted", ""),
    ("建议所有停车场一律免费", "declined", "停车收费用于调节需求和维护设施，法律、法规没有规定一律免费。"),
    ("建议增加新能源汽车充电车位", "adopted", ""),
    ("建议取消夜间路内停车", "noted", "路内停车另行规定，已转有关部门研究。"),
)


@dataclass
class _Tale:
    """One subject being told: a scene after the other, each on a working day."""

    name: str
    day: date
    kind: str = "message"
    count: int = 0

    def scene(self, ahead: int, run: Callable[[str, Mapping[str, str]], Done]) -> Scene:
        self.day, self.count = workday(self.day, ahead), self.count + 1
        return Scene(instant(self.day, 300 + 5 * self.count), self.name, self.count, run)

    def do(self, event: str, actor: Any, data: dict[str, Any], ahead: int = 0) -> Scene:
        command = survey_services.do if self.kind == "survey" else None

        def run(key: str, subjects: Mapping[str, str]) -> Done:
            if command:
                return command(subjects[self.name], event, actor, data, key=key)
            return services.do(self.kind, subjects[self.name], event, actor, data, key=key)

        return self.scene(ahead, run)


def _who(rng: Random) -> dict[str, str]:
    person = words.person(rng)
    return {name: person[name] for name in ("name", "phone") if person.get(name)}


def _message(number: int, cast: Cast) -> Iterator[Scene]:
    day, title, question, reply, took, steps = MESSAGES[number]
    tale, told = _Tale(f"message/{number}", workday(day)), _who(Random(f"message/{number}"))
    sent = told | {"title": title, "content": f"{question}【演示数据】", "publish": True}
    yield tale.scene(0, lambda key, subjects: services.send(cast.office, sent, key=key))
    data = {
        "assign": {"unit": "政务公开处", "handler": "chengban"} | ({"difficulty": "complex"} if took > 5 else {}),
        "draft": {"reply": reply},
        "prepare": {"heading": title, "question": question},
    }
    ahead = {"assign": 0, "draft": max(0, took - 1), "approve": min(1, took), "publish": 1}
    who = {"assign": "dengji", "approve": "shenhe", "prepare": "bianji", "publish": "qianfa"}
    for step in steps:
        yield tale.do(step, cast.actor(who.get(step, "chengban")), data.get(step, {}), ahead.get(step, 0))


def _merged(cast: Cast) -> Iterator[Scene]:
    """The last question asks what the one before it asked: merged by an officer, not by the house."""
    tale, first = _Tale(f"message/{len(MESSAGES) - 1}", date(2022, 1, 7), count=1), f"message/{len(MESSAGES) - 2}"

    def run(key: str, subjects: Mapping[str, str]) -> Done:
        number = Message.objects.get(pk=subjects[first]).number
        return services.do("message", subjects[tale.name], "merge", cast.actor("dengji"), {"into": number}, key=key)

    yield tale.scene(0, run)


def _mistake(number: int, cast: Cast) -> Iterator[Scene]:
    day, page, kind, content, end, said = MISTAKES[number]
    tale, editor = _Tale(f"mistake/{number}", workday(day), "mistake"), cast.actor("bianji")
    sent = {"page": page, "kind": kind, "content": f"{content}【演示数据】"}
    yield tale.scene(0, lambda key, subjects: services.report(cast.office, sent, key=key))
    if end in {"confirm", "mend"}:
        yield tale.do("confirm", editor, {}, 1)
    if end == "mend":
        yield tale.do("mend", editor, {"result": said}, 1)
    if end == "reject":
        yield tale.do("reject", editor, {"reason": said}, 2)


def _survey(name: str, cast: Cast, drafted: date, content: dict[str, str]) -> tuple[_Tale, list[Scene]]:
    tale = _Tale(name, workday(drafted), "survey")
    editor = cast.actor("bianji")
    first = tale.scene(0, lambda key, subjects: survey_services.draft(cast.office, editor, content, key=key))
    return tale, [first, tale.do("review", cast.actor("shenhe2"), {}, 1)]


def _answer(tale: _Tale, number: int, day: date, data: dict[str, Any]) -> Scene:
    one = _Tale(f"{tale.name}/{number}", workday(day), count=number % 50)
    return one.scene(0, lambda key, subjects: survey_services.submit(subjects[tale.name], data, key=key))


def _results(tale: _Tale, cast: Cast, day: date, summary: str) -> Iterator[Scene]:
    tale.day = workday(day)
    yield tale.do("summarise", cast.actor("bianji"), {"summary": summary})
    yield tale.do("publish", cast.actor("qianfa"), {}, 2)


def _poll(cast: Cast) -> Iterator[Scene]:
    content = {
        "form": "survey", "title": "政府网站使用情况调查", "background": "了解公众怎样使用政府网站，改进信息公开工作。【演示数据】",
        "since": "2021-05-10", "until": "2021-05-31", "questions": _POLL,
    }  # fmt: skip
    tale, begun = _survey("survey/poll", cast, date(2021, 5, 6), content)
    yield from begun
    rng = Random("survey/poll")
    for number in range(1, 25):
        chosen = sorted(rng.sample("0123", rng.choice((1, 2, 2, 3))))
        data: dict[str, Any] = {"q1": rng.choice("0111223"), "q2": chosen, "q3": rng.choice("1233344")}
        if number % 6 == 0:
            data["q4"] = "希望搜索更准确一些。"
        yield _answer(tale, number, date(2021, 5, 10 + number % 15), data)
    summary = "共收到 24 份答卷。多数受访者每周或者每月访问一次，主要查找政策文件和办事指南；建议集中在搜索和移动端，已列入改进计划。"
    yield from _results(tale, cast, date(2021, 6, 7), summary)


def _consultation(cast: Cast) -> Iterator[Scene]:
    content = {
        "form": "consultation", "title": "关于《公共停车场管理办法（征求意见稿）》公开征求意见", "text": _BILL,
        "background": "为方便公众停车，起草了征求意见稿，现向社会公开征求意见。【演示数据】",
        "since": "2021-08-02", "until": "2021-09-03", "contact": "重庆市渝中区人民路232号政务公开处，邮编 400015",
    }  # fmt: skip
    tale, begun = _survey("survey/parking", cast, date(2021, 7, 28), content)
    yield from begun
    editor = cast.actor("bianji")
    for number, (gist, outcome, reason) in enumerate(_OPINIONS, 1):
        one = _answer(tale, number, date(2021, 8, 2 + 3 * number), {"q1": f"{gist}。【演示数据】"})
        yield one
        settle = {"gist": gist, "outcome": outcome, "reason": reason}
        later = _Tale(one.story, date(2021, 9, 6), count=50 + number)

        def run(key: str, subjects: Mapping[str, str], story: str = one.story, data: Any = settle) -> Done:
            return survey_services.settle(subjects[story], "settle", editor, data, key=key)

        yield later.scene(0, run)
    summary = "共收到意见 6 条，采纳 3 条，部分采纳 1 条，没有采纳的已经说明理由。征求意见稿修改后提请审议。"
    yield from _results(tale, cast, date(2021, 9, 8), summary)


def _running(cast: Cast) -> Iterator[Scene]:
    content = {
        "form": "consultation", "title": "关于《政务公开专区建设规范（征求意见稿）》公开征求意见",
        "background": "为方便群众就近查阅政府信息，起草了建设规范，现公开征求意见。【演示数据】",
        "text": _ZONES,
        "since": "2022-01-04", "until": "2022-12-30",
    }  # fmt: skip
    tale, begun = _survey("survey/zones", cast, date(2021, 12, 29), content)
    yield from begun
    for number, opinion in enumerate(("建议专区放大字版的办事指南。", "建议周末也开放。"), 1):
        yield _answer(tale, number, date(2022, 1, 5 + number), {"q1": f"{opinion}【演示数据】"})


def scenes(cast: Cast) -> Iterator[Scene]:
    """Every question, mistake and survey."""
    for number in range(len(MESSAGES)):
        yield from _message(number, cast)
    yield from _merged(cast)
    for number in range(len(MISTAKES)):
        yield from _mistake(number, cast)
    yield from _poll(cast)
    yield from _consultation(cast)
    yield from _running(cast)
