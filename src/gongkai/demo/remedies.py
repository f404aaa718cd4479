"""What happened after decisions: reviews, suits and complaints of the demonstration."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from gongkai.ledger.services import Done
from gongkai.remedies import services
from gongkai.requests import services as requests

from . import words
from .cases import Story
from .city import Cast
from .play import Scene, instant, workday

COURT = "重庆市第五中级人民法院（演示）"
#: What people complain of, by the door they come through (Arts 47, 51).
MATTERS = {
    "not_published": ("反映社会救助标准没有公布", "反映征地补偿公告没有在网上公开", "反映年度预算公开不完整"),
    "not_answered": ("反映申请一个月没有答复", "反映补正后没有继续办理", "反映申请被要求说明用途"),
    "rights_harmed": ("反映公示名单登出身份证号码", "反映答复书寄给了他人", "反映登记信息错误没有更正"),
}
FORUM = "重庆市人民政府（行政复议）"


@dataclass(frozen=True)
class Plan:
    """One case: its kind and route, when filed, when ended (None: still pending) and how."""

    name: str
    kind: str
    filed: date
    ended: date | None
    result: str = "upheld"
    route: str = ""


def _plans() -> Iterator[Plan]:
    for n, (filed, ended, result) in enumerate((
        (date(2020, 4, 13), date(2020, 6, 8), "upheld"), (date(2020, 6, 2), date(2020, 7, 28), "upheld"),
        (date(2020, 7, 6), date(2020, 8, 31), "corrected"), (date(2020, 9, 14), date(2020, 11, 9), "upheld"),
        (date(2020, 11, 30), date(2021, 1, 26), "upheld"), (date(2021, 2, 22), date(2021, 4, 19), "upheld"),
        (date(2021, 4, 12), date(2021, 6, 7), "upheld"), (date(2021, 6, 15), date(2021, 8, 10), "upheld"),
        (date(2021, 8, 9), date(2021, 10, 8), "upheld"), (date(2021, 9, 27), date(2021, 11, 22), "upheld"),
    )):  # fmt: skip
        yield Plan(f"review/{n}", "reconsideration", filed, ended, result)
    for n, month in enumerate((5, 8, 9)):
        yield Plan(f"suit/2020/{n}", "lawsuit", date(2020, month, 11), date(2020, month + 3, 18), route="direct")
    for n in range(11):
        filed = date(2020, 11, 16) if n < 2 else date(2021, 1 + n * 8 // 11, 6 + n)
        yield Plan(f"suit/direct/{n}", "lawsuit", filed, date(2021, 3 + n * 9 // 11, 22), route="direct")
    for n in range(3):
        yield Plan(f"suit/pending/{n}", "lawsuit", date(2021, 11, 8 + 7 * n), None, route="direct")
    for n, review in enumerate((5, 6)):
        filed = (date(2021, 5, 10), date(2021, 6, 28))[n]
        yield Plan(
            f"suit/after/{n}", "lawsuit", filed, (date(2021, 8, 16), date(2021, 10, 18))[n], route=f"review/{review}"
        )
    for year, months in ((2020, (4, 7, 9, 11)), (2021, (2, 4, 6, 7, 9, 11))):
        for n, month in enumerate(months):
            yield Plan(f"complaint/{year}/{n}", "complaint", date(year, month, 9), date(year, month, 27))


class Dossier:
    """The scenes of one case; the request it is about is a story told before."""

    def __init__(self, plan: Plan, cast: Cast, story: str, about: str):
        self.plan, self.cast, self.story, self.about = plan, cast, story, about
        self.rng = Random(plan.name)
        self.day, self.minute = workday(plan.filed), 230
        self.scenes: list[Scene] = []

    def add(self, day: date, run: Callable[[str, Any, date], Done]) -> None:
        """A scene on the first working day from ``day``."""
        day = max(workday(day), self.day)
        self.minute = self.minute + 6 if day == self.day else 230
        self.day = day
        self.scenes.append(
            Scene(
                instant(day, self.minute),
                self.plan.name,
                len(self.scenes),
                lambda key, subjects: run(key, subjects, day),
            )
        )

    def do(self, event: str, day: date, who: str, data: dict[str, Any] | None = None) -> None:
        """A later event of the case."""
        kind, name, actor = self.plan.kind, self.plan.name, self.cast.actor(who)
        self.add(
            day, lambda key, subjects, on: services.do(kind, subjects[name], event, actor, data or {}, day=on, key=key)
        )

    def again(self, event: str, day: date, who: str, data: dict[str, Any] | None = None) -> None:
        """An event of the request, which the correction has reopened."""
        story, actor = self.story, self.cast.actor(who)
        self.add(day, lambda key, subjects, on: requests.do(subjects[story], event, actor, data or {}, day=on, key=key))


def _remedy(told: Dossier) -> None:
    plan, rng, office = told.plan, told.rng, told.cast.office
    actor, story = told.cast.actor("chengban"), told.story
    party = {name: value for name, value in words.person(rng).items() if name in {"name", "phone", "address"}}
    data: dict[str, Any] = party | {"matter": f"不服对“{told.about}”的答复", "contested": "answer"}
    if plan.kind == "lawsuit":
        data |= {"forum": COURT, "route": "direct" if plan.route == "direct" else "after_review"}
    else:
        data |= {"forum": FORUM}

    def file(key: str, subjects: Any, on: date) -> Done:
        after_review = plan.route.startswith("review")
        about = {"reconsideration": subjects[plan.route]} if after_review else {"request": subjects[story]}
        if plan.kind == "reconsideration":
            return services.file_reconsideration(office, actor, data | about, day=on, key=key)
        return services.file_lawsuit(office, actor, data | about, day=on, key=key)

    told.add(plan.filed, file)
    told.do(
        "accept",
        workday(told.day, 3),
        "chengban",
        {"case_number": f"（{plan.filed.year}）演示{rng.randrange(100, 999)}号"},
    )
    told.do(
        "draft_answer",
        workday(told.day, 4),
        "chengban",
        {"text": "答复事实清楚、程序合法、适用依据正确", "evidence": "申请表\n答复书\n送达凭证"},
    )
    told.do("approve_answer", workday(told.day, 1), "qianfa")
    if plan.kind == "lawsuit" and plan.ended:
        told.do(
            "hear", workday(told.day, 15), "chengban", {"attended_by": "机关负责人和承办人员", "summary": "开庭审理"}
        )
        told.do(
            "judge",
            plan.ended,
            "gongkaiban",
            {"result": plan.result, "document_number": f"（{plan.ended.year}）演示行初{rng.randrange(99)}号"},
        )
        told.do("conclude", plan.ended, "gongkaiban", {"summary": "各方未上诉，判决生效"})
    elif plan.ended:
        told.do(
            "conclude",
            plan.ended,
            "gongkaiban",
            {"result": plan.result, "document_number": f"渝府复〔{plan.ended.year}〕演示{rng.randrange(99)}号"},
        )
    if plan.result == "corrected":
        _anew(told)


def _anew(told: Dossier) -> None:
    """The corrected decision is made again: another search finds the document after all."""
    draft = words.letter("3.1", "原申请所列政府信息", told.rng)
    draft |= {"reason": f"原答复被纠正；重新检索后，{draft['reason']}"}
    told.again("draft", workday(told.day, 8), "chengban", draft)
    told.again("review", told.day, "shenhe", {"legality": "sound", "secrecy": "cleared"})
    told.again("sign", workday(told.day, 1), "qianfa")
    told.again("serve", workday(told.day, 1), "dengji", {"method": "mail", "proof": "EMS 演示 200001"})


def _complaint(told: Dossier) -> None:
    plan, rng, office = told.plan, told.rng, told.cast.office
    actor = told.cast.actor("gongkaiban")
    founded = rng.random() < 0.5
    data = words.person(rng)
    data = {name: data[name] for name in ("name", "phone", "address")} | {
        "door": rng.choice(tuple(MATTERS)),
        "channel": rng.choice(("letter", "web", "phone")),
        "against": f"{rng.choice(words.DISTRICTS)}人民政府有关部门",
    }
    matter = rng.choice(MATTERS[data["door"]])
    data |= {"matter": matter, "content": f"{matter}，请予核实。【演示数据】"}
    told.add(plan.filed, lambda key, subjects, on: services.receive_complaint(office, actor, data, day=on, key=key))
    told.do("verify", workday(told.day, 2), "gongkaiban")
    finding = {"finding": "founded", "measure": "order"} if founded else {"finding": "unfounded", "measure": "none"}
    told.do("propose", workday(told.day, 5), "gongkaiban", finding | {"text": "已向被投诉单位核实有关情况"})
    told.do("decide", workday(told.day, 1), "zhuguan")
    told.do("answer", workday(told.day, 1), "gongkaiban", {"text": "核查情况和处理结果已告知投诉人"})
    if founded:
        told.do("mend", told.day, "gongkaiban", {"text": "被投诉单位已补充公开并说明情况"})
    told.do("close", told.day, "gongkaiban")


def scenes(cast: Cast, stories: list[Story]) -> Iterator[Scene]:
    """Every case, each about a request that was answered some weeks before (and is not touched by its own story later)."""
    free = [s for s in stories if s.decided and s.plan.leaf in {"3.4.1", "3.3.1", "3.3.5", "3.5.1"}]
    abouts: dict[str, str] = {}
    for plan in _plans():
        story, about = "", abouts.get(plan.route, "")
        if plan.kind != "complaint" and not plan.route.startswith("review"):
            chosen = next(
                s
                for s in free
                if 5 <= (plan.filed - s.day).days <= 60 and (plan.result != "corrected" or s.plan.leaf == "3.4.1")
            )
            free.remove(chosen)
            story, about = chosen.plan.name, chosen.title.removeprefix("申请公开")
            abouts[plan.name] = about
        told = Dossier(plan, cast, story, about)
        (_complaint if plan.kind == "complaint" else _remedy)(told)
        yield from told.scenes
