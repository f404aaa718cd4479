"""Norms and register entries replayed from their lines: pure functions."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from gongkai.ledger.models import Event
from gongkai.procedure import NEW

from .procedure import ENTRY, FEE, NORM
from .status import Validity


@dataclass(frozen=True)
class Norm:
    """A norm as its lines make it. ``effective_on`` is the day of issue where nothing else was said."""

    state: str = NEW
    body: str = ""
    kind: str = ""
    title: str = ""
    document_number: str = ""
    register_number: str = ""
    issued_on: date | None = None
    effective_on: date | None = None
    valid_until: date | None = None
    ended_on: date | None = None
    ended_how: str = ""
    ended_by: str = ""
    amended_from: tuple[date, ...] = ()
    drafted_by: str = ""

    @property
    def validity(self) -> Validity:
        """Its dates, for :func:`gongkai.norms.status.status`."""
        return Validity(
            self.issued_on, self.effective_on, self.valid_until, self.ended_on, self.ended_how, self.amended_from
        )

    @property
    def ceased_on(self) -> date:
        """The first day no longer in force."""
        return self.validity.ceased_on


@dataclass(frozen=True)
class Entry:
    """An entry of a register: so many decisions, or an amount in yuan."""

    state: str = NEW
    body: str = ""
    register: str = ""
    matter: str = ""
    decided_on: date | None = None
    count: int = 1
    amount: Decimal = Decimal(0)
    reference: str = ""


_DATES = {"issued_on", "effective_on", "valid_until", "decided_on"}


def _values(subject: Any, data: dict[str, Any]) -> dict[str, Any]:
    """What of a line's data the subject keeps, in its own types."""
    known = subject.__dataclass_fields__.keys() - {"state"}
    read = {
        name: date.fromisoformat(value) if name in _DATES else value for name, value in data.items() if name in known
    }
    return read | ({"amount": Decimal(data["amount"])} if "amount" in data else {})


def _take(norm: Norm, e: Event) -> Norm:
    return replace(norm, **_values(norm, e.data))


def _issue(norm: Norm, e: Event) -> Norm:
    norm = _take(norm, e)
    issued = norm.issued_on or e.legal_day
    return replace(norm, issued_on=issued, effective_on=norm.effective_on or issued)


def _from(e: Event) -> date:
    return date.fromisoformat(e.data["from_on"]) if "from_on" in e.data else e.legal_day


def _end(how: str) -> Callable[[Norm, Event], Norm]:
    return lambda norm, e: replace(norm, ended_on=_from(e), ended_how=how, ended_by=e.data["by"])


_NORM: dict[str, Callable[[Norm, Event], Norm]] = {
    "draft": lambda norm, e: replace(_take(norm, e), drafted_by=e.actor),
    "issue": _issue,
    "register_existing": _issue,
    "amend": lambda norm, e: replace(norm, amended_from=(*norm.amended_from, _from(e))),
    "renew": _take,
    "repeal": _end("repealed"),
    "declare_lapsed": _end("lapsed"),
    "correct": _take,
}
_ENTRY: dict[str, Callable[[Entry, Event], Entry]] = {
    "enter": lambda entry, e: replace(entry, **_values(entry, e.data)),
    "correct": lambda entry, e: replace(entry, **_values(entry, e.data)),
}


def step_norm(norm: Norm, event: Event) -> Norm:
    """Replay one line of a norm."""
    effect = _NORM.get(event.kind)
    state = NORM.after(norm.state, event.kind)
    return replace(effect(norm, event) if effect else norm, state=state)


def step_entry(entry: Entry, event: Event) -> Entry:
    """Replay one line of a register entry."""
    effect = _ENTRY.get(event.kind)
    state = ENTRY.after(entry.state, event.kind)
    return replace(effect(entry, event) if effect else entry, state=state)


def norm_facts(norm: Norm) -> dict[str, Any] | None:
    """What table two counts of a norm; None before it is issued and for a void registration."""
    if norm.issued_on is None or norm.state == "void":
        return None
    return {"body_id": norm.body, "kind": norm.kind, "issued_on": norm.issued_on, "ceased_on": norm.ceased_on}


def entry_facts(entry: Entry) -> dict[str, Any] | None:
    """What table two counts of an entry: decisions, or 分 (integers, so that sums are exact); None when void."""
    if entry.decided_on is None or entry.state == "void":
        return None
    fee = entry.register == FEE
    return {
        "body_id": entry.body,
        "register": entry.register,
        "decided_on": entry.decided_on,
        "number": 0 if fee else entry.count,
        "fen": int(entry.amount * 100) if fee else 0,
    }
