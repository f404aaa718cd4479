"""What lies on the desk of records at the demonstration's present: papers at every step, and what is not public.

Nothing here counts in the published figures of 2021 but as issued and marked; titles and texts are invented.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from gongkai.ledger.services import Done
from gongkai.records import services

from . import prose
from .city import Cast
from .play import Scene, instant

_TO = "各区县（自治县）人民政府，市政府各部门，有关单位"
_OFFICE = "重庆市人民政府办公厅"
_CLEARED = {"secrecy": "cleared"}
_WITHHELD = {"attribute": "withheld", "reason": "内部工作安排，不涉及公众权利义务", "basis": "条例第十六条第一款"}
_ON_REQUEST = {"attribute": "on_request", "reason": "只涉及特定企业的申报事项", "basis": "条例第十三条第二款"}
_ACTIVE = {"attribute": "active"}
_PARTNERS = ["重庆市财政局", "重庆市生态环境局"]

Step = tuple[str, str, Mapping[str, Any]]
#: The way of a paper up to a step: (event, who, data); ``propose`` and ``put away`` differ.
_SECRECY: Step = ("secrecy", "shenhe", _CLEARED)
_CHECK: Step = ("check", "shenhe2", {})
_SIGN: Step = ("sign", "qianfa", {})
_NUMBER: Step = ("number", "dengji", {"style": "发"})


def _proposed(how: Mapping[str, Any]) -> Step:
    return "propose", "chengban2", how


def _opinion(body: str) -> Step:
    return "opinion", "chengban2", {"body_name": body, "attribute": "active", "note": "同意主动公开"}


@dataclass(frozen=True)
class Paper:
    """A paper: its subject and form, when it was begun, how far it came, what else it says."""

    area: str
    title: str
    on: date
    steps: tuple[Step, ...] = ()
    more: Mapping[str, Any] = ()  # type: ignore[assignment]


_PAPERS = (
    Paper("冬春火灾防控", "关于加强{}工作的通知", date(2022, 1, 7)),
    Paper("春节期间应急值守", "关于做好{}工作的通知", date(2022, 1, 6), (_proposed(_WITHHELD),)),
    Paper(
        "政务公开工作要点落实", "关于转发{}有关文件的通知", date(2022, 1, 5), (_proposed(_ACTIVE), _SECRECY),
        {"relays": "国办发〔2021〕12号", "relayed_attribute": "active"},
    ),
    Paper("数字乡村建设", "关于加快{}的意见", date(2022, 1, 5), (_proposed(_ACTIVE), _SECRECY, _CHECK)),
    Paper(
        "长江经济带生态补偿", "关于印发{}实施方案的通知", date(2022, 1, 4),
        (_proposed(_ACTIVE), *map(_opinion, _PARTNERS), _SECRECY, _CHECK, _SIGN), {"bodies": _PARTNERS},
    ),
    Paper(
        "既有住宅增设电梯", "关于进一步做好{}工作的通知", date(2021, 12, 13),
        (_proposed(_ACTIVE), _SECRECY, _CHECK, _SIGN, _NUMBER),
    ),
    Paper(
        "专项资金申报", "关于下达2021年第一批{}计划的通知", date(2021, 6, 16),
        (_proposed(_ON_REQUEST), _SECRECY, _CHECK, _SIGN, _NUMBER, ("hold", "bianji", {})),
    ),
    Paper(
        "值班巡查", "关于调整{}安排的通知", date(2021, 1, 6),
        (_proposed(_WITHHELD), _SECRECY, _CHECK, _SIGN, _NUMBER, ("hold", "bianji", {})),
    ),
)  # fmt: skip


def _draft(cast: Cast, paper: Paper) -> Any:
    rng_text = prose.notice(Random(paper.title), paper.area, "有关部门", _TO, _OFFICE, prose.day_text(paper.on))
    form = "opinion" if paper.title.endswith("意见") else "notice"
    values = {
        "title": _OFFICE + paper.title.format(paper.area),
        "text": rng_text,
        "data.form": form,
        **dict(paper.more),
    }

    def run(key: str, subjects: Mapping[str, str]) -> Done:
        return services.draft(cast.office, cast.actor("chengban2"), "policy", values, key=key)

    return run


def _step(cast: Cast, story: str, event: str, who: str, data: Mapping[str, Any]) -> Any:
    actor = cast.actor(who)

    def run(key: str, subjects: Mapping[str, str]) -> Done:
        return services.do(subjects[story], event, actor, data, token=key)

    return run


def _meeting(cast: Cast) -> Any:
    values = {
        "title": "市政府召开第160次常务会议", "text": prose.note("会议研究了稳增长和春节期间民生保障等工作。"),
        "data.type": "executive", "data.number": 160, "data.held_on": "2022-01-06", "data.topics": ["研究民生保障工作"],
    }  # fmt: skip

    def run(key: str, subjects: Mapping[str, str]) -> Done:
        return services.enter(cast.office, cast.actor("bianji"), "meeting", values, key=key)

    return run


def scenes(cast: Cast) -> Iterator[Scene]:
    """Papers on their way, information to be approved, something changed and something taken down."""
    for n, paper in enumerate(_PAPERS):
        story, minute = f"desk/{n}", 20 + 12 * n
        yield Scene(instant(paper.on, minute), story, 0, _draft(cast, paper))
        for m, (event, who, data) in enumerate(paper.steps, 1):
            yield Scene(instant(paper.on, minute + m), story, m, _step(cast, story, event, who, data))
    yield Scene(instant(date(2022, 1, 7), 200), "desk/meeting", 0, _meeting(cast))
    taken = "existing/announcement/428"
    why = {"reason": "附表中有个人联系方式，处理以后重新公开"}
    yield Scene(instant(date(2022, 1, 5), 210), taken, 9, _step(cast, taken, "withdraw", "gongkaiban", why))
