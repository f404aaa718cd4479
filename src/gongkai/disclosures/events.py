"""Items of the disclosure log and Art 44 proposals replayed from their lines: pure functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from gongkai.ledger.models import Event
from gongkai.ledger.subjects import stepping
from gongkai.ledger.tally import OPEN
from gongkai.procedure import NEW

from .procedure import ITEM, PROPOSAL


@dataclass(frozen=True)
class Copy:
    """One wording of an item. ``files`` are attachments still under review: reference, type and size of each."""

    title: str = ""
    asked: str = ""
    answer: str = ""
    files: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Item:
    """An item of the log as its lines make it.

    ``draft`` is the wording being worked on and ``written_by`` everybody who wrote in it since the last publication;
    ``shown`` is the wording the public reads, ``text`` the SHA-256 of it as plain text, ``files`` its public copies
    (name, type, size, digest). ``outcome`` is the leaf of the decision. ``on`` is the legal day of the last line.
    """

    state: str = NEW
    number: str = ""
    body: str = ""
    request: str = ""
    outcome: str = ""
    decided_on: date | None = None
    draft: Copy = Copy()
    written_by: frozenset[str] = frozenset()
    shown: Copy | None = None
    text: str = ""
    files: tuple[Mapping[str, Any], ...] = ()
    texts: tuple[tuple[date, str], ...] = ()
    published_on: date | None = None
    updated_on: date | None = None
    withdrawn_on: date | None = None
    withdrawn_why: str = ""
    on: date | None = None

    @property
    def public(self) -> bool:
        """Whether anybody may read it."""
        return self.shown is not None and self.withdrawn_on is None


def _write(item: Item, e: Event) -> Item:
    words = {name: e.data[name] for name in ("title", "asked", "answer")}
    files = tuple(e.data["attachments"]) if "attachments" in e.data else item.draft.files
    return replace(item, draft=Copy(**words, files=files), written_by=item.written_by | {e.actor})


def _propose(item: Item, e: Event) -> Item:
    known = {name: e.data[name] for name in ("number", "body", "request", "outcome")}
    return _write(replace(item, **known, decided_on=date.fromisoformat(e.data["decided_on"])), e)


def _publish(item: Item, e: Event) -> Item:
    return replace(
        item,
        shown=item.draft,
        text=e.data["text"],
        texts=(*item.texts, (e.legal_day, e.data["text"])),
        files=tuple(e.data.get("files", ())),
        published_on=item.published_on or e.legal_day,
        updated_on=e.legal_day,
        written_by=frozenset(),
    )


def _send_back(item: Item, e: Event) -> Item:
    if item.shown is None:
        return item
    return replace(item, draft=item.shown, written_by=frozenset())  # the correction is given up


@dataclass(frozen=True)
class Proposal:
    """An Art 44 proposal as its lines make it.

    ``requests`` are the keys of the requests it rests on, in the order they came; ``suggested_by`` those of them whose
    applicants suggested it themselves, ``reasons`` where the vault keeps what they wrote.
    """

    state: str = NEW
    number: str = ""
    body: str = ""
    title: str = ""
    requests: tuple[str, ...] = ()
    suggested_by: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    raised_on: date | None = None
    accepted_on: date | None = None
    declined_on: date | None = None
    note: str = ""
    reason: str = ""
    record: str = ""
    published_on: date | None = None
    on: date | None = None


def _enter(proposal: Proposal, e: Event) -> Proposal:
    if proposal.state != NEW:
        return proposal
    known = {name: e.data[name] for name in ("number", "body", "title")}
    return replace(proposal, **known, requests=tuple(e.data.get("requests", ())), raised_on=e.legal_day)


def _join(proposal: Proposal, e: Event) -> Proposal:
    request = e.data["request"]
    return replace(proposal, requests=tuple(dict.fromkeys((*proposal.requests, request))))


def _suggest(proposal: Proposal, e: Event) -> Proposal:
    joined = _join(_enter(proposal, e), e)
    return replace(
        joined,
        suggested_by=(*joined.suggested_by, e.data["request"]),
        reasons=(*joined.reasons, e.data["personal"]),
    )


_ITEM: dict[str, Callable[[Item, Event], Item]] = {
    "propose": _propose,
    "revise": _write,
    "amend": _write,
    "publish": _publish,
    "send_back": _send_back,
    "withdraw": lambda item, e: replace(item, withdrawn_on=e.legal_day, withdrawn_why=e.data["reason"]),
}
_PROPOSAL: dict[str, Callable[[Proposal, Event], Proposal]] = {
    "raise": _enter,
    "suggest": _suggest,
    "grow": _join,
    "accept": lambda proposal, e: replace(proposal, accepted_on=e.legal_day, note=e.data["note"]),
    "decline": lambda proposal, e: replace(proposal, declined_on=e.legal_day, reason=e.data["reason"]),
    "close": lambda proposal, e: replace(proposal, published_on=e.legal_day, record=e.data["record"]),
}


#: Replay one line of an item, of a proposal.
step_item = stepping(ITEM, _ITEM, dated=True)
step_proposal = stepping(PROPOSAL, _PROPOSAL, dated=True)


def item_facts(item: Item) -> dict[str, Any] | None:
    """What is counted of an item: once, from the day it was first published."""
    return None if item.published_on is None else {"body_id": item.body, "published_on": item.published_on}


def proposal_facts(proposal: Proposal) -> dict[str, Any] | None:
    """What is counted of a proposal."""
    if proposal.raised_on is None:
        return None
    accepted = proposal.accepted_on or OPEN
    return {"body_id": proposal.body, "raised_on": proposal.raised_on, "accepted_on": accepted}
