"""The disclosure log of the demonstration, and what many asked for: proposals to publish actively (Art 44)."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import docx

from gongkai.disclosures import services
from gongkai.disclosures.models import Basis
from gongkai.ledger import followers
from gongkai.ledger.services import Done
from gongkai.ledger.uploads import Upload

from .cases import Story
from .city import Cast
from .play import Scene, instant, workday

#: Stories whose answers go into the log, and the steps each has taken by the present.
_PUBLISHED = ("propose", "review", "publish")
ITEMS: Mapping[str, tuple[str, ...]] = {
    "2021/3.1/natural_person/203": _PUBLISHED,
    "2021/3.2/natural_person/300": _PUBLISHED,
    "2021/3.1/natural_person/416": ("propose", "send_back", "revise", "review", "publish"),
    "2021/3.2/natural_person/296": _PUBLISHED,
    "2021/3.1/natural_person/410": _PUBLISHED,
    "2021/3.1/natural_person/430": (*_PUBLISHED, "amend", "review", "publish"),
    "2021/3.1/natural_person/221": (*_PUBLISHED, "withdraw"),
    "2021/3.1/natural_person/319": _PUBLISHED,
    "2021/3.1/natural_person/350": ("propose", "review"),
    "2021/3.1/natural_person/432": ("propose",),
}
_ANSWERS = {
    "3.1": "经检索和审查，该信息可以公开，全文见附件。【演示数据】",
    "3.2": "经检索和审查，该信息可以部分公开，正文见附件。附件中涉及第三方商业秘密的报价和技术参数没有公开（条例第三十七条）。【演示数据】",
}
_WHO = {"review": "shenhe2", "send_back": "shenhe2", "publish": "qianfa", "withdraw": "gongkaiban"}


@dataclass
class _Tale:
    """One subject being told: a scene after the other, each on a working day of its own."""

    name: str
    day: date
    count: int = 0

    def scene(self, ahead: int, run: Callable[[str, Mapping[str, str]], Done]) -> Scene:
        self.day, self.count = workday(self.day, ahead), self.count + 1
        return Scene(instant(self.day, 260 + 7 * self.count), self.name, self.count, run)


def _copy(title: str) -> Upload:
    """An invented document, as Word has it."""
    page, out = docx.Document(), io.BytesIO()
    page.add_heading(title, 1)
    page.add_paragraph("本文件为演示数据，内容均为虚构，不是真实的政务信息。")
    page.save(out)
    return Upload(f"{title}（公开副本）.docx", out.getvalue())


def _item(story: Story, steps: tuple[str, ...], cast: Cast) -> Iterator[Scene]:
    name, plan = f"disclosed/{story.plan.name}", story.plan.name
    title = story.title.removeprefix("申请公开")
    wording = {"title": title, "asked": title, "answer": _ANSWERS[story.plan.leaf]}
    data: dict[str, dict[str, Any]] = {
        "propose": wording,
        "revise": wording | {"asked": f"{title}（含附件）"},
        "amend": wording | {"asked": f"{title}及附图", "reason": "原文漏写附图"},
        "review": {"secrecy": "cleared", "privacy": "cleared", "note": "可以公开"},
        "send_back": {"reason": "申请的内容请写明包括附件"},
        "withdraw": {"reason": "文件已经修订，修订后的文件另行公开"},
    }
    tale = _Tale(name, max(story.day, date(2021, 4, 1)))
    for step in steps:
        actor = cast.actor(_WHO.get(step, story.handler))
        yield tale.scene(12 if step in {"amend", "withdraw"} else 2, _step(step, actor, data.get(step, {}), name, plan))


def _step(event: str, actor: Any, data: dict[str, Any], name: str, plan: str) -> Callable[..., Done]:
    def run(key: str, subjects: Mapping[str, str]) -> Done:
        if event == "propose":
            return services.propose(subjects[plan], actor, data, files=[_copy(data["title"])], key=key)
        return services.do(subjects[name], event, actor, data, key=key)

    return run


def _proposals(cast: Cast) -> Iterator[Scene]:
    """One accepted and published, one suggested by an applicant and declined, one that waits."""
    office = cast.actor("gongkaiban")
    first, log = (f"{kind}2021/3.1/natural_person/203" for kind in ("", "disclosed/"))

    def settle(event: str, data: Callable[[Mapping[str, str]], dict[str, str]]) -> Callable[..., Done]:
        def run(key: str, subjects: Mapping[str, str]) -> Done:
            followers.run("disclosures.art44")
            proposal = Basis.objects.filter(request=subjects[first]).values_list("proposal", flat=True)[0]
            return services.settle(proposal, event, office, data(subjects), key=key)

        return run

    many = _Tale("art44/many", date(2021, 6, 2))
    note = {"note": "由政务公开处会同有关部门整理，在门户网站公开"}
    yield many.scene(0, settle("accept", lambda subjects: note))
    many.day = date(2021, 9, 10)
    yield many.scene(0, settle("close", lambda subjects: {"record": subjects[log]}))
    one = _Tale("art44/suggested", date(2021, 7, 12))
    asked, why = "2021/3.2/natural_person/235", "编制情况关系全区居民，希望每年公开"
    yield one.scene(0, lambda key, subjects: services.suggest(subjects[asked], why, key=key))
    reason = {"reason": "有关数据每年由统计部门在统计年鉴中公布，可以查阅，不另行纳入"}
    yield one.scene(5, lambda key, subjects: services.settle(subjects[one.name], "decline", office, reason, key=key))


def _waiting(told: list[Scene]) -> list[Scene]:
    """The follower reads to the end with the last scene, so that what waits is there when the load is done."""
    last = max(told)
    run = last.run

    def follow(key: str, subjects: Mapping[str, str]) -> Done:
        followers.run("disclosures.art44")
        return run(key, subjects)

    return [*(scene for scene in told if scene is not last), Scene(last.at, last.story, last.number, follow)]


def scenes(cast: Cast, stories: list[Story]) -> Iterator[Scene]:
    """Every item and proposal; an item begins when the story of its request has been told."""
    by_name = {story.plan.name: story for story in stories}
    told = [scene for name, steps in ITEMS.items() for scene in _item(by_name[name], steps, cast)]
    yield from _waiting([*told, *_proposals(cast)])
