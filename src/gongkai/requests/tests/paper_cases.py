"""Cases brought to their papers through the real commands: one story for every paper there is."""

from datetime import UTC, datetime, timedelta
from typing import Any

from gongkai.ledger import clock
from gongkai.ledger.services import Actor
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import City
from gongkai.requests.services import do, receive
from gongkai.requests.testing import APPLICATION, draft, event_data

MONDAY = datetime(2021, 3, 1, 4, tzinfo=UTC)
NEW_LAW = datetime(2024, 3, 4, 4, tzinfo=UTC)


def by(event: str) -> Actor:
    """Different hands for drafting, checking and signing."""
    return Actor(f"{event}-officer", frozenset(ROLES))


def told(city: City, *steps: Any, start: datetime = MONDAY, **application: str) -> str:
    """A case: steps are events, or (event, data), or (event, data, days after the start)."""
    with clock.at(start):
        key = receive(city.office, by("register"), APPLICATION | application).event.subject
    for one in steps:
        event, data, days = _step(one)
        with clock.at(start + timedelta(days=days)):
            do(key, event, by(event), data)
    return key


def _step(one: Any) -> tuple[str, dict[str, Any], int]:
    event, *rest = (one,) if isinstance(one, str) else one
    return event, rest[0] if rest else event_data(event), rest[1] if len(rest) > 1 else 0


def decided(leaf: str, **other: str) -> tuple[Any, ...]:
    """The steps to a served decision of a leaf."""
    before: tuple[Any, ...] = {
        "3.3.4": ("consult", ("consulted", {"opinion": "refuse", "note": "涉及商业秘密"})),
        "3.4.3": ("request_clarification", "clarify"),
        "3.5.4": ("ask_reasons", "no_reasons"),
    }.get(leaf, ())
    assign = ("assign", {"unit": "政务公开处", "handler": "handler"})
    return (assign, "accept", *before, ("draft", draft(leaf, **other)), "review", "sign", "serve")


TWO = {
    "items": "轨道交通九号线二期规划批复\n批复所附专家论证意见",
    "findings": "保存有该批复，可以公开\n保存有该意见，部分内容涉及商业秘密",
}
#: Story → (steps, application): together they lead to every paper.
STORIES: dict[str, tuple[tuple[Any, ...], dict[str, str]]] = {
    "waiting": ((), {"channel": "web"}),
    "confirmed": ((("confirm", {"how": "电话确认"}, 1),), {"channel": "web"}),
    "clarification": (("accept", "request_clarification"), {}),
    "clarification lapsed": (("accept", "request_clarification", ("lapse_unclarified", {"reason": "补正期满未收到补正"}, 40)), {}),
    "reasons": (("accept", "ask_reasons"), {}),
    "extension": (("accept", "ask_extension", "extend"), {}),
    "delay": (("accept", "ask_reasons", "give_reasons", ("delay", {"until": "2021-04-20", "reason": "申请数量较大"})), {}),
    "third party": (("accept", "consult"), {}),
    "joint maker": (("accept", ("consult", {"whom": "joint_maker", "name": "重庆市发展和改革委员会", "about": "是否同意公开该批复"})), {}),
    "agency": (("accept", ("consult", {"whom": "agency", "name": "重庆市财政局", "about": "提供资金安排文件并就能否公开提出意见"})), {}),
    "fee": (("accept", "notice_fee"), {"category": "commercial_enterprise", "name": "重庆嘉陵置业有限公司"}),
    "fee lapsed": (("accept", "notice_fee", ("lapse_unpaid", {"reason": "缴费期满未缴费"}, 60)), {}),
    "withdrawn": (("accept", "withdraw"), {}),
    "on the table": (("accept", "draft"), {}),
    "disclosed against the third party": (
        ("accept", "consult", ("consulted", {"opinion": "refuse"}), ("draft", draft("3.2", **TWO)), "review", "sign"), {}),
    "transferred": (("accept", ("draft", draft("3.5.1", transferred_to="重庆市信访办公室")), "review", "sign"), {}),
    "new round": ((*decided("3.4.1"), "reopen", ("draft", draft("3.1")), "review", "sign"), {}),
} | {leaf: (decided(leaf), {}) for leaf in (
    "3.1", "3.2", "3.3.1", "3.3.2", "3.3.3", "3.3.4", "3.3.5", "3.3.6", "3.3.7", "3.3.8", "3.4.1", "3.4.2", "3.4.3", "3.5.1",
    "3.5.2", "3.5.3", "3.5.4", "3.5.5", "3.6.3")}  # fmt: skip
