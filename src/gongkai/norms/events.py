"""Norms and register entries replayed from their lines: pure functions."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from gongkai.law.validity import OPEN, Status, Validity
from gongkai.ledger.models import Event
from gongkai.ledger.subjects import stepping
from gongkai.procedure import NEW

from .guards import relation_of
from .procedure import ENTRY, FEE, NORM


@dataclass(frozen=True)
class Amended:
    """An amendment: it applies from ``since``; ``text`` is the SHA-256 of the text in force from then on.

    ``changes`` are the amendments as data (:mod:`gongkai.text.versions`), ``whole`` the new text where it was given whole;
    with neither only the fact is known, and ``text`` is empty.
    """

    since: date
    by: str
    by_norm: str = ""
    changes: tuple[Any, ...] = ()
    whole: str = ""
    text: str = ""


@dataclass(frozen=True)
class Related:
    """This norm acts on another: ``verb`` of :data:`gongkai.records.relations.VERBS`."""

    verb: str
    target: str = ""
    name: str = ""
    since: date | None = None

    def same(self, verb: str, target: str, name: str) -> bool:
        """Whether it is this relation."""
        return self.verb == verb and self.target == target and (bool(target) or self.name == name)


@dataclass(frozen=True)
class Norm:
    """A norm as its lines make it. ``effective_on`` is the day of issue where nothing else was said.

    ``text`` is the SHA-256 of the text as issued, ``amended`` in the order the amendments apply. ``filing_due_on`` is the
    last day to file it 备案 where it was issued here.
    """

    state: str = NEW
    body: str = ""
    kind: str = ""
    title: str = ""
    department: str = ""
    document_number: str = ""
    register_number: str = ""
    index_number: str = ""
    issued_on: date | None = None
    effective_on: date | None = None
    valid_until: date | None = None
    ended_on: date | None = None
    ended_how: str = ""
    ended_by: str = ""
    drafted_by: str = ""
    comment_until: date | None = None
    filing_due_on: date | None = None
    filed_on: date | None = None
    filed_with: str = ""
    evaluated_on: date | None = None
    text: str = ""
    amended: tuple[Amended, ...] = ()
    relations: tuple[Related, ...] = ()
    earlier_terms: tuple[tuple[date, date], ...] = ()
    stages: tuple[tuple[date, Status], ...] = ()

    @property
    def amended_from(self) -> tuple[date, ...]:
        """The days from which amendments apply."""
        return tuple(one.since for one in self.amended)

    @property
    def validity(self) -> Validity:
        """Its dates, for :func:`gongkai.law.validity.status`."""
        return Validity(
            self.issued_on, self.effective_on, self.valid_until, self.ended_on, self.ended_how, self.amended_from,
            self.earlier_terms, self.stages,
        )  # fmt: skip

    @property
    def ceased_on(self) -> date:
        """The first day no longer in force."""
        return self.validity.ceased_on

    @property
    def ceased_how(self) -> str:
        """How it ceases: ``repealed``, ``lapsed`` or ``expired``; empty while there is no end."""
        if self.ceased_on == OPEN:
            return ""
        return self.ended_how if self.ended_on == self.ceased_on else "expired"

    @property
    def versions(self) -> tuple[tuple[date, str, str], ...]:
        """Its texts: from which day, SHA-256, and what made it (empty for the text as issued)."""
        first = self.effective_on or self.issued_on
        if not self.text or first is None:
            return ()
        later = [(max(one.since, first), one.text, one.by) for one in self.amended if one.text]
        return ((first, self.text, ""), *later)


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
#: What of a line's data a norm keeps as it stands.
_KEPT = {
    "body", "kind", "title", "department", "document_number", "register_number", "index_number", "issued_on",
    "effective_on", "valid_until", "text",
}  # fmt: skip


def _values(data: dict[str, Any], kept: set[str]) -> dict[str, Any]:
    """What of a line's data the subject keeps, in its own types."""
    read = {
        name: date.fromisoformat(value) if name in _DATES else value for name, value in data.items() if name in kept
    }
    return read | ({"amount": Decimal(data["amount"])} if "amount" in data else {})


def _take(norm: Norm, e: Event) -> Norm:
    return replace(norm, **_values(e.data, _KEPT))


def _stage(norm: Norm, e: Event, stage: Status) -> Norm:
    return replace(norm, stages=(*norm.stages, (e.legal_day, stage)))


def _draft(norm: Norm, e: Event) -> Norm:
    return replace(_stage(_take(norm, e), e, Status.DRAFT), drafted_by=e.actor)


def _consult(norm: Norm, e: Event) -> Norm:
    return replace(_stage(norm, e, Status.COMMENTING), comment_until=date.fromisoformat(e.data["until"]))


def _issue(norm: Norm, e: Event) -> Norm:
    norm = _take(norm, e)
    issued = norm.issued_on or e.legal_day
    due = issued + timedelta(e.data["filing_days"]) if e.data.get("filing_days") else None
    return replace(norm, issued_on=issued, effective_on=norm.effective_on or issued, filing_due_on=due)


def _from(e: Event) -> date:
    return date.fromisoformat(e.data["from_on"]) if "from_on" in e.data else e.legal_day


def _end(how: str) -> Callable[[Norm, Event], Norm]:
    return lambda norm, e: replace(norm, ended_on=_from(e), ended_how=how, ended_by=e.data["by"])


def _retext(amended: tuple[Amended, ...], texts: list[str]) -> tuple[Amended, ...]:
    return tuple(replace(one, text=text) for one, text in zip(amended, texts, strict=True))


def _set_text(norm: Norm, e: Event) -> Norm:
    return replace(norm, text=e.data["text"], amended=_retext(norm.amended, e.data.get("texts", [])))


def with_amendment(amended: tuple[Amended, ...], new: Amended) -> tuple[Amended, ...]:
    """The amendments with one more, in the order they apply; those of one day in the order they were recorded."""
    return tuple(sorted((*amended, new), key=lambda one: one.since))


def _amend(norm: Norm, e: Event) -> Norm:
    data = e.data
    changes = tuple(data.get("amendments", ()))
    new = Amended(_from(e), data["by"], data.get("by_norm", ""), changes, data.get("text", ""))
    amended = with_amendment(norm.amended, new)
    return replace(norm, amended=_retext(amended, data.get("texts") or [one.text for one in amended]))


def _renew(norm: Norm, e: Event) -> Norm:
    assert norm.valid_until is not None
    terms = (*norm.earlier_terms, (e.legal_day, norm.valid_until))
    return replace(norm, valid_until=date.fromisoformat(e.data["valid_until"]), earlier_terms=terms)


def _relate(norm: Norm, e: Event) -> Norm:
    since = date.fromisoformat(e.data["since"]) if "since" in e.data else None
    if targets := e.data.get("targets"):
        new = [Related(e.data["verb"], target, "", since) for target in targets]
    else:
        new = [Related(*relation_of(e.data), since)]
    return replace(norm, relations=(*norm.relations, *new))


def _unrelate(norm: Norm, e: Event) -> Norm:
    gone = relation_of(e.data)
    return replace(norm, relations=tuple(one for one in norm.relations if not one.same(*gone)))


_NORM: dict[str, Callable[[Norm, Event], Norm]] = {
    "draft": _draft,
    "consult": _consult,
    "close_comments": lambda norm, e: _stage(norm, e, Status.DRAFT),
    "abandon": lambda norm, e: _stage(norm, e, Status.ABANDONED),
    "register": lambda norm, e: _stage(_take(norm, e), e, Status.REGISTERED),
    "issue": _issue,
    "register_existing": _issue,
    "set_text": _set_text,
    "file": lambda norm, e: replace(norm, filed_on=e.legal_day, filed_with=e.data["filed_with"], filing_due_on=None),
    "evaluate": lambda norm, e: replace(norm, evaluated_on=e.legal_day),
    "amend": _amend,
    "renew": _renew,
    "repeal": _end("repealed"),
    "declare_lapsed": _end("lapsed"),
    "relate": _relate,
    "unrelate": _unrelate,
    "correct": _take,
}
_ENTRY_KEPT = {"body", "register", "matter", "decided_on", "count", "reference"}


def _enter(entry: Entry, e: Event) -> Entry:
    return replace(entry, **_values(e.data, _ENTRY_KEPT))


_ENTRY: dict[str, Callable[[Entry, Event], Entry]] = {"enter": _enter, "correct": _enter}


#: Replay one line of a norm, of a register entry.
step_norm = stepping(NORM, _NORM)
step_entry = stepping(ENTRY, _ENTRY)


def norm_facts(norm: Norm) -> dict[str, Any] | None:
    """What table two counts of a norm; None before it is issued and for a void registration."""
    if norm.issued_on is None or norm.state == "void":
        return None
    return {
        "body_id": norm.body,
        "kind": norm.kind,
        "issued_on": norm.issued_on,
        "ceased_on": norm.ceased_on,
        "ceased_how": norm.ceased_how,
    }


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
