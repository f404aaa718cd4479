"""A subscription replayed from its lines: pure functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from gongkai.ledger.models import Event
from gongkai.ledger.subjects import stepping
from gongkai.ledger.tally import OPEN
from gongkai.procedure import NEW

from .procedure import PROCEDURE


@dataclass(frozen=True)
class Subscription:
    """A subscription as its lines make it.

    A record is told of when it fits every sort that is not empty; within a sort one of several is enough. ``words``:
    there are search words besides (in the vault, with the address). ``on`` is the legal day of the last line.
    """

    state: str = NEW
    number: str = ""
    body: str = ""
    kinds: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    words: bool = False
    frequency: str = ""
    asked_on: date | None = None
    confirmed_on: date | None = None
    stopped_on: date | None = None
    ended_on: date | None = None
    on: date | None = None


def _wish(one: Subscription, e: Event) -> Subscription:
    sorts = {name: tuple(e.data.get(name, ())) for name in ("kinds", "bodies", "topics", "columns")}
    return replace(one, **sorts, words=e.data["words"], frequency=e.data["frequency"])


def _ask(one: Subscription, e: Event) -> Subscription:
    return _wish(replace(one, number=e.data["number"], body=e.data["body"], asked_on=e.legal_day), e)


_EFFECTS: Mapping[str, Callable[[Subscription, Event], Subscription]] = {
    "ask": _ask,
    "change": _wish,
    "confirm": lambda one, e: replace(one, confirmed_on=e.legal_day),
    "stop": lambda one, e: replace(one, stopped_on=e.legal_day),
    "resume": lambda one, e: replace(one, stopped_on=None),
    "leave": lambda one, e: replace(one, ended_on=e.legal_day),
    "lapse": lambda one, e: replace(one, ended_on=e.legal_day),
}


#: Replay one line.
step = stepping(PROCEDURE, _EFFECTS, dated=True)


def facts(one: Subscription) -> dict[str, Any] | None:
    """What is counted: from the day of confirmation until it ended or was stopped."""
    if one.confirmed_on is None:
        return None
    until = one.ended_on or one.stopped_on or OPEN
    return {"body_id": one.body, "confirmed_on": one.confirmed_on, "ended_on": until}
