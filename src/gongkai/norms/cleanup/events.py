"""A clean-up replayed from its lines: pure functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from gongkai.ledger.models import Event
from gongkai.ledger.subjects import stepping
from gongkai.procedure import NEW

from .procedure import CLEANUP


@dataclass(frozen=True)
class Item:
    """One norm of the list: the body that says what becomes of it, and what that is."""

    department: str
    decision: str = ""
    reason: str = ""
    decided_by: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class Cleanup:
    """A clean-up as its lines make it; ``items`` by the norm's key, in the order of the list.

    ``record`` is the SHA-256 of the published text with its annexes.
    """

    state: str = NEW
    body: str = ""
    title: str = ""
    package: bool = False
    reach: str = "own"
    kind: str = "both"
    issued_from: date | None = None
    issued_to: date | None = None
    drawn_on: date | None = None
    items: Mapping[str, Item] = field(default_factory=dict)
    submitted_by: str = ""
    reviewed_by: str = ""
    decision_title: str = ""
    document_number: str = ""
    published_on: date | None = None
    from_on: date | None = None
    record: str = ""

    @property
    def number(self) -> str:
        """What notices call it: the 文号 of its decision, else its name."""
        return self.document_number or self.title

    def count(self, decision: str) -> int:
        """How many norms have this decision (empty: none yet)."""
        return sum(item.decision == decision for item in self.items.values())

    def chosen(self, decision: str) -> list[str]:
        """The norms with this decision."""
        return [key for key, item in self.items.items() if item.decision == decision]


def _day(e: Event, name: str) -> date | None:
    return date.fromisoformat(e.data[name]) if name in e.data else None


def _open(one: Cleanup, e: Event) -> Cleanup:
    told = {name: e.data[name] for name in ("body", "title", "reach", "kind") if name in e.data}
    return replace(one, **told, issued_from=_day(e, "issued_from"), issued_to=_day(e, "issued_to"))


def _compose(one: Cleanup, e: Event) -> Cleanup:
    return replace(one, body=e.data["body"], title=e.data["title"], package=True, drawn_on=e.legal_day)


def _listed(e: Event) -> dict[str, Item]:
    return {key: Item(department) for key, department in e.data["listed"]}


def _draw(one: Cleanup, e: Event) -> Cleanup:
    return replace(one, items=_listed(e), drawn_on=e.legal_day)


def _include(one: Cleanup, e: Event) -> Cleanup:
    return replace(one, items={**one.items, **_listed(e)})


def _exclude(one: Cleanup, e: Event) -> Cleanup:
    gone = set(e.data["items"])
    return replace(one, items={key: item for key, item in one.items.items() if key not in gone})


def _change(one: Cleanup, e: Event, **values: Any) -> Cleanup:
    return replace(one, items={**one.items, **{key: replace(one.items[key], **values) for key in e.data["items"]}})


def _decide(one: Cleanup, e: Event) -> Cleanup:
    data = e.data
    return _change(one, e, decision=data["decision"], reason=data.get("reason", ""), decided_by=e.actor)


def _publish(one: Cleanup, e: Event) -> Cleanup:
    passed = set(e.data.get("passed", ()))
    items = {key: replace(item, outcome="passed" if key in passed else "done") for key, item in one.items.items()}
    return replace(
        one, items=items, decision_title=e.data["title"], document_number=e.data["document_number"],
        published_on=e.legal_day, from_on=_day(e, "from_on") or e.legal_day, record=e.data.get("record", ""),
    )  # fmt: skip


_STEPS: dict[str, Callable[[Cleanup, Event], Cleanup]] = {
    "open": _open,
    "compose": _compose,
    "draw": _draw,
    "include": _include,
    "exclude": _exclude,
    "assign": lambda one, e: _change(one, e, department=e.data["department"]),
    "decide": _decide,
    "undecide": lambda one, e: _change(one, e, decision="", reason="", decided_by=""),
    "submit": lambda one, e: replace(one, submitted_by=e.actor),
    "review": lambda one, e: replace(one, reviewed_by=e.actor),
    "publish": _publish,
}


#: Replay one line.
step = stepping(CLEANUP, _STEPS)
