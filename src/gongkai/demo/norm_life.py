"""What happens to norms between issue and end: amended as data, renewed, related; drafts, and a clean-up under way.

Nothing here issues or ends a norm before 2022, so the published figures stay as they are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any

from gongkai.ledger.services import Done, replay
from gongkai.norms import services
from gongkai.norms.cleanup import services as cleanups
from gongkai.norms.procedure import NORMATIVE, REGULATION
from gongkai.text.provisions import Provision
from gongkai.text.versions import Action, Amendment

from . import prose
from .city import Cast
from .play import Scene, instant

AMENDED, RENEWED, RELATED = 6, 4, 12
_DECISION = "重庆市人民政府关于修改部分规章的决定（重庆市人民政府令第347号）"
_SINCE = date(2021, 7, 1)
_CHANGES = (
    Amendment(
        Action.REPLACE, Provision(article=3), _SINCE, _DECISION,
        text="有关工作遵循统筹规划、分级负责、公开透明、安全发展、方便群众的原则。",
    ),
    Amendment(Action.WORDS, Provision(article=4), _SINCE, _DECISION, old="所需经费", new="所需工作经费"),
    Amendment(
        Action.INSERT, Provision(article=5, inserted=1), _SINCE, _DECISION,
        text="有关部门应当运用信息化手段为单位和个人办事提供便利，推行网上办理、全市通办。",
    ),
)  # fmt: skip


def _act(cast: Cast, event: str, data: Callable[[Any], Mapping[str, Any]], name: str, who: str = "gongkaiban") -> Any:
    actor = cast.actor(who, cast.city)

    def run(key: str, subjects: Mapping[str, str]) -> Done:
        return services.do("norm", subjects[name], event, actor, data(subjects), key=key)

    return run


def _amend(cast: Cast, name: str) -> Any:
    actor = cast.actor("gongkaiban", cast.city)

    def run(key: str, subjects: Mapping[str, str]) -> Done:
        told = {"by": _DECISION, "from_on": _SINCE.isoformat()}
        return services.amend(subjects[name], actor, told, _CHANGES, key=key)

    return run


def _until(name: str) -> Callable[[Any], Mapping[str, Any]]:
    """Three years more than it has."""

    def data(subjects: Any) -> Mapping[str, Any]:
        last = replay("norm", subjects[name]).valid_until
        by = "重庆市人民政府关于延长部分行政规范性文件有效期的通知（渝府规〔2021〕90号）"
        return {"by": by, "valid_until": last.replace(year=last.year + 3).isoformat()}

    return data


def scenes(cast: Cast, regulations: Sequence[str], documents: Sequence[str]) -> Iterator[Scene]:
    """``regulations`` and ``documents``: the stories of what stands at the end, those of the last two years last."""
    for n, name in enumerate(regulations[:AMENDED]):
        yield Scene(instant(date(2021, 6, 24), 300 + n), name, 5, _amend(cast, name))
    old = [name for name in documents if name.count("/") == 2]
    with_end = [name for name in old if int(name.rsplit("/", 1)[1]) % 3 == 0]
    for n, name in enumerate(with_end[:RENEWED]):
        yield Scene(instant(date(2021, 12, 15), 300 + n), name, 6, _act(cast, "renew", _until(name), name))
    new = [name for name in documents if "/2021/" in name]
    for n, (name, law) in enumerate(zip(new[:RELATED], regulations[AMENDED:], strict=False)):
        verb = "explains" if n % 4 == 3 else "based_on"
        told = _target(verb, law)
        yield Scene(instant(date(2021, 12, 16), 300 + n), name, 7, _act(cast, "relate", told, name))
    yield from _drafts(cast)
    yield from _under_way(cast)


def _target(verb: str, law: str) -> Callable[[Any], Mapping[str, Any]]:
    return lambda subjects: {"verb": verb, "target": subjects[law]}


def _drafts(cast: Cast) -> Iterator[Scene]:
    """A regulation open to comment, and a document approved and waiting for its number."""
    actor = cast.actor("bianji", cast.city)
    told = (
        ("draft/1", REGULATION, "重庆市城市更新管理办法（草案）", "市住房城乡建委", date(2021, 12, 14), (
            ("consult", "bianji", {"until": "2022-01-21", "where": "市政府门户网站"}),)),
        ("draft/2", NORMATIVE, "重庆市人民政府关于支持数字经济创新发展的若干措施", "市大数据局", date(2022, 1, 5), (
            ("review", "shenhe", {"note": "权限、内容和程序合法"}), ("approve", "qianfa", {"meeting": "市政府第160次常务会议"}))),
    )  # fmt: skip
    for minute, (story, kind, title, department, day, steps) in enumerate(told):
        entry = {"kind": kind, "title": title, "department": department}
        at = 360 + 10 * minute
        yield Scene(instant(day, at), story, 0, _opening(cast, actor, entry))
        text = prose.regulation(Random(title), title[3:7], "有关部门", "2022年3月1日")
        words: tuple[tuple[str, str, Mapping[str, Any]], ...] = (("set_text", "bianji", {"text": text}), *steps)
        for m, (event, who, data) in enumerate(words, 1):
            yield Scene(instant(day, at + m), story, m, _act(cast, event, _said(data), story, who))


def _said(data: Mapping[str, Any]) -> Callable[[Any], Mapping[str, Any]]:
    return lambda subjects: data


def _opening(cast: Cast, actor: Any, entry: Mapping[str, Any]) -> Any:
    def run(key: str, subjects: Mapping[str, str]) -> Done:
        return services.draft(cast.city, actor, entry, key=key)

    return run


def _under_way(cast: Cast) -> Iterator[Scene]:
    """The clean-up of 2022: listed, handed out, a part of it decided on."""
    story, city = "cleanup/2022", cast.city
    office, handler = cast.actor("gongkaiban", city), cast.actor("chengban", city)

    def opened(key: str, subjects: Any) -> Done:
        data = {
            "title": "2022年营商环境专项清理",
            "reach": "own",
            "kind": "normative_document",
            "issued_to": "2012-12-31",
        }
        return cleanups.start("open", city, office, data, key=key)

    def doing(event: str, actor: Any, data: Callable[[list[str]], Mapping[str, Any]]) -> Any:
        def run(key: str, subjects: Any) -> Done:
            items = list(replay("cleanup", subjects[story]).items)
            return cleanups.do(subjects[story], event, actor, data(items), key=key)

        return run

    steps = (
        ("draw", office, lambda items: {}),
        ("assign", office, lambda items: {"items": items[:40], "department": "cq-fgw"}),
        ("decide", handler, lambda items: {"items": items[40:140], "decision": "keep"}),
        ("decide", handler, lambda items: {"items": items[140:152], "decision": "repeal", "reason": "与上位法不一致"}),
    )
    yield Scene(instant(date(2022, 1, 5), 380), story, 0, opened)
    for n, (event, actor, data) in enumerate(steps, 1):
        yield Scene(instant(date(2022, 1, 6), 380 + n), story, n, doing(event, actor, data))
