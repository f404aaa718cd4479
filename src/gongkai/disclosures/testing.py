"""Valid data for every event of an item and a proposal, and ready subjects, for tests and examples."""

from collections.abc import Mapping
from typing import Any

from gongkai.ledger.services import Actor
from gongkai.ledger.uploads import Upload
from gongkai.organs.models import Body
from gongkai.organs.rights import ROLES
from gongkai.requests import services as requests
from gongkai.requests.testing import APPLICATION, draft
from gongkai.requests.testing import event_data as request_data

from . import services

WORDS = {
    "title": "轨道交通九号线二期工程规划批复",
    "asked": "轨道交通九号线二期工程规划批复文件",
    "answer": "公开批复全文，见附件。",
}
COPY = Upload("规划批复.txt", "同意轨道交通九号线二期工程规划。".encode())
_CLEARED = {"secrecy": "cleared", "privacy": "cleared"}


def by(event: str) -> Actor:
    """Different hands for writing, reviewing and publishing."""
    return Actor(f"{event}-officer", frozenset(ROLES) - {"applicant", "system"})


def served(body: Body, leaf: str = "3.1", **application: str) -> str:
    """A request decided by ``leaf`` and served; returns its key."""
    key: str = requests.receive(body, by("register"), APPLICATION | application).event.subject
    for event in ("accept", "assign", "draft", "review", "sign", "serve"):
        data = draft(leaf) if event == "draft" else request_data(event)
        requests.do(key, event, by(event), data)
    return key


def event_data(event: str) -> dict[str, Any]:
    """Data that the event's fields accept."""
    reason = {"reason": "情况属实"}
    return {
        "propose": WORDS,
        "revise": WORDS | {"title": "轨道交通九号线二期工程规划批复（修改）"},
        "amend": WORDS | {"answer": "公开批复全文和附图，见附件。"} | reason,
        "review": _CLEARED,
        "publish": {},
        "accept": {"note": "由政务公开处在门户网站公开"},
    }.get(event, reason)


#: The shortest way into each state after the proposal of an item.
WAYS: Mapping[str, tuple[str, ...]] = {
    "proposed": (),
    "returned": ("send_back",),
    "reviewed": ("review",),
    "published": ("review", "publish"),
    "amending": ("review", "publish", "amend"),
    "amended": ("review", "publish", "amend", "review"),
    "withdrawn": ("review", "publish", "withdraw"),
    "dropped": ("drop",),
}


def item(body: Body, state: str = "published", **application: str) -> str:
    """An item of a fresh served request, brought into a state by the real commands; returns its key."""
    done = services.propose(served(body, **application), by("propose"), WORDS, files=[COPY])
    key: str = done.event.subject
    for event in WAYS[state]:
        services.do(key, event, by(event), event_data(event))
    return key
