"""Finished reports for tests: a text for every section, and the way to each state through the real commands."""

from gongkai.ledger.services import Actor
from gongkai.organs.models import Body
from gongkai.organs.rights import ROLES

from . import services
from .narrative import DRAFT, PROMPT
from .queries import case

#: The first draft with every 【请填写…】 written.
TEXTS = {
    number: "\n".join(PROMPT.sub("按要求完成各项工作。", text) for text in texts)
    for number, texts in DRAFT.items()
    if texts
}
#: The events that lead to each state.
WAYS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": ("edit", "submit"),
    "reviewed": ("edit", "submit", "review"),
    "frozen": ("edit", "submit", "review", "freeze"),
    "published": ("edit", "submit", "review", "freeze", "publish"),
}


def officer(event: str) -> Actor:
    """Different hands for compiling, reviewing and signing."""
    return Actor(f"{event}-officer", frozenset(ROLES))


def data_of(event: str) -> dict[str, object]:
    """Data that the event's fields accept."""
    return {"edit": {"sections": TEXTS}, "send_back": {"reason": "请补充改进措施"}}.get(event, {})


def bring(body: Body, year: int, state: str) -> str:
    """A new report brought into a state; its key."""
    key = services.compile_new(body, year, officer("compile")).event.subject
    for event in WAYS[state]:
        services.do(key, event, officer(event), data_of(event))
    assert case(key).state == state
    return key
