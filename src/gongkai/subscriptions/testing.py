"""Ready subscriptions, and records that become public, for tests and examples."""

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse

from gongkai.ledger import clock, followers
from gongkai.ledger.services import SYSTEM, Actor, act
from gongkai.library import indexing
from gongkai.organs.models import Body
from gongkai.organs.rights import ROLES
from gongkai.records import services as records
from gongkai.records.testing import event_data
from gongkai.sites import filling

from . import contacts, matching, services
from .services import Wish

EMAIL = "reader@example.com"
MEETINGS = Wish(kinds=("meeting",), frequency="at_once")
#: The shortest way into each state after the asking.
WAYS: Mapping[str, tuple[str, ...]] = {
    "pending": (), "active": ("confirm",), "stopped": ("confirm", "stop"), "ended": ("leave",), "lapsed": ("lapse",),
}  # fmt: skip
_COMMANDS: Mapping[str, Callable[[str], Any]] = {
    "confirm": services.confirm,
    "leave": services.leave,
    "stop": lambda key: act(services.KIND, key, "stop", SYSTEM),
    "lapse": lambda key: act(services.KIND, key, "lapse", SYSTEM),
}


def subscription(state: str = "active", wish: Wish = MEETINGS, email: str = EMAIL) -> str:
    """A subscription brought into a state; returns its key."""
    key: str = services.ask(email, wish).event.subject
    for event in WAYS[state]:
        _COMMANDS[event](key)
    return key


def link(key: str, name: str = "mine") -> str:
    """The path of a mailed link."""
    return reverse(f"portal:subscriptions:{name}", args=[key, contacts.of(key).code])


def publish(body: Body, title: str = "市政府第一次常务会议", kind: str = "meeting", **more: Any) -> str:
    """Register something that is public since today; returns its key."""
    values = event_data("register_existing", kind)
    values |= {"title": title, "published_on": clock.today().isoformat()} | more
    key: str = records.register_existing(body, Actor("clerk", frozenset(ROLES)), kind, values).event.subject
    return key


def work() -> int:
    """What the worker does about it, up to the mails that wait; returns how many were written."""
    followers.run_all()
    indexing.drain()
    filling.keep_up()
    return matching.keep_up()
