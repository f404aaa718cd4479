"""Subscriptions of the demonstration: invented mailboxes, one in each state."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from gongkai.ledger.services import SYSTEM, Done, act
from gongkai.subscriptions import services
from gongkai.subscriptions.services import Wish

from .city import Cast
from .play import Scene, instant, workday

#: (mailbox before the @, what it wants, the day it asked, what happened then)
_READERS: tuple[tuple[str, Wish, date, tuple[str, ...]], ...] = (
    ("fagui", Wish(kinds=("regulation", "normative_document"), frequency="daily"), date(2021, 3, 9), ("confirm",)),
    ("guidao", Wish(query="轨道交通", frequency="at_once"), date(2021, 5, 18), ("confirm",)),
    ("yuzhong", Wish(kinds=("policy", "interpretation"), topics=("business",), frequency="weekly"), date(2021, 6, 22),
     ("confirm", "change")),
    ("xiangcun", Wish(topics=("rural", "livelihood"), frequency="weekly"), date(2021, 8, 3), ("confirm", "stop")),
    ("yanjiu", Wish(kinds=("budget", "statistics"), frequency="daily"), date(2021, 9, 14), ("confirm", "leave")),
    ("huiyi", Wish(kinds=("meeting",), frequency="daily"), date(2022, 1, 6), ()),
)  # fmt: skip
_CHANGED = Wish(kinds=("policy", "interpretation", "plan"), topics=("business",), frequency="weekly")


def _step(event: str, name: str, cast: Cast) -> Callable[..., Done]:
    def run(key: str, subjects: Mapping[str, str]) -> Done:
        subject = subjects[name]
        if event == "change":
            return services.change(subject, _CHANGED, key=key)
        if event == "leave":
            return services.leave(subject, cast.actor("gongkaiban"), note="本人来电提出", key=key)
        if event == "stop":
            return act(services.KIND, subject, "stop", SYSTEM, key=key)
        return services.confirm(subject, key=key)

    return run


def scenes(cast: Cast) -> Iterator[Scene]:
    """Every subscription from its asking."""
    for name, wish, asked, events in _READERS:
        story, day = f"subscription/{name}", workday(asked)

        def ask(key: str, subjects: Mapping[str, str], name: str = name, wish: Any = wish) -> Done:
            return services.ask(f"{name}@reader.example", wish, key=key)

        yield Scene(instant(day, 45), story, 0, ask)
        for number, event in enumerate(events, 1):
            when = instant(workday(day, 0 if event == "confirm" else 20 * number), 50 + number)
            yield Scene(when, story, number, _step(event, story, cast))
