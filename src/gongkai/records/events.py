"""Records replayed from their lines: pure functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from gongkai.law.attributes import Attribute
from gongkai.law.categories import publication_due
from gongkai.ledger.models import Event
from gongkai.ledger.subjects import stepping
from gongkai.procedure import NEW

from .procedure import RECORD
from .shelf import Text
from .vocabulary import rules

#: States whose current text anybody may read.
PUBLIC = frozenset({"published", "changing"})
_DATES = frozenset({"written_on", "effective_on"})


@dataclass(frozen=True)
class Entry:
    """What a record says of itself, as one version of it."""

    title: str = ""
    bodies: tuple[str, ...] = ()
    body_keys: tuple[str, ...] = ()
    issuer: str = ""
    unit: str = ""
    written_on: date | None = None
    effective_on: date | None = None
    theme: str = ""
    category: str = ""
    audience: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    relays: str = ""
    relayed_attribute: str = ""
    source_url: str = ""
    text: str = ""
    marks: tuple[str, ...] = ()
    attachments: tuple[dict[str, Any], ...] = ()
    data: dict[str, Any] = field(default_factory=dict)


_KNOWN = frozenset(Entry.__dataclass_fields__)


@dataclass(frozen=True)
class Opinion:
    """What another issuing body of a joint document says of its attribute."""

    body: str
    attribute: str
    note: str = ""


@dataclass(frozen=True)
class Piece:
    """A record as its lines make it.

    ``arisen`` is the day from which it must be published within twenty working days (Art 26). ``hands`` are those who
    wrote it; ``pending`` is a change of what is published that waits for approval. ``first_due_on`` is what the period was when it was published.
    """

    state: str = NEW
    body: str = ""
    kind: str = ""
    entry: Entry = Entry()
    pending: Entry | None = None
    attribute: str = ""
    reason: str = ""
    basis: str = ""
    opinions: tuple[Opinion, ...] = ()
    secrecy: str = ""
    secrecy_by: str = ""
    hands: frozenset[str] = frozenset()
    changed_by: str = ""
    document_number: str = ""
    index_number: str = ""
    arisen: date | None = None
    first_due_on: date | None = None
    signed_on: date | None = None
    published_on: date | None = None
    assessed_on: date | None = None
    withdrawn_on: date | None = None
    withdrawn_why: str = ""
    texts: tuple[Text, ...] = ()

    @property
    def public(self) -> bool:
        """Whether anybody may read it."""
        return self.state in PUBLIC

    @property
    def due_on(self) -> date | None:
        """The last day to publish it, or its change (Art 26); None where nothing must be published."""
        if self.arisen is None or self.attribute not in {"", Attribute.ACTIVE.value}:
            return None
        return _due(self.arisen)

    @property
    def waiting(self) -> bool:
        """Whether something must still be published."""
        return self.state in {"signed", "numbered", "entered", "approved", "changing"} and self.due_on is not None

    @property
    def reassess_on(self) -> date | None:
        """When what is withheld is assessed again (Art 18; the interval is a local rule)."""
        if self.state != "held" or self.assessed_on is None:
            return None
        return months_after(self.assessed_on, rules().reassess_months)


@lru_cache(maxsize=1024)
def _due(arisen: date) -> date:
    return publication_due(arisen)


def months_after(day: date, months: int) -> date:
    """The same day some months later; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def entry_of(data: Mapping[str, Any]) -> Entry:
    """What a line says of the record."""
    values: dict[str, Any] = {}
    for name, value in data.items():
        if name not in _KNOWN:
            continue
        if name in _DATES:
            value = date.fromisoformat(value)
        elif isinstance(value, list):
            value = tuple(value)
        values[name] = value
    return Entry(**values)


def _begin(piece: Piece, e: Event) -> Piece:
    return replace(piece, body=e.data["body"], kind=e.data["kind"], entry=entry_of(e.data), hands=frozenset({e.actor}))


def _enter(piece: Piece, e: Event) -> Piece:
    piece = _begin(piece, e)
    return replace(piece, attribute=Attribute.ACTIVE.value, arisen=piece.entry.written_on or e.legal_day)


def _edit(piece: Piece, e: Event) -> Piece:
    entry = entry_of(e.data)
    arisen = (entry.written_on or piece.arisen) if piece.state == "entered" else piece.arisen
    return replace(piece, entry=entry, hands=piece.hands | {e.actor}, arisen=arisen)


def _decide(piece: Piece, e: Event) -> Piece:
    if "attribute" not in e.data:
        return piece
    return replace(piece, attribute=e.data["attribute"], reason=e.data.get("reason", ""), basis=e.data.get("basis", ""))


def _opinion(piece: Piece, e: Event) -> Piece:
    said = Opinion(e.data["body_name"], e.data["attribute"], e.data.get("note", ""))
    others = tuple(one for one in piece.opinions if one.body != said.body)
    return replace(piece, opinions=(*others, said))


def _sign(piece: Piece, e: Event) -> Piece:
    return replace(_decide(piece, e), signed_on=e.legal_day, arisen=e.legal_day)


def _number(piece: Piece, e: Event) -> Piece:
    numbers = {name: e.data.get(name, "") for name in ("document_number", "index_number")}
    return replace(piece, entry=_print(piece.entry, e), **numbers)


def _publish(piece: Piece, e: Event) -> Piece:
    text = piece.entry.text
    texts = (Text(e.legal_day, text),) if text else ()
    index = piece.index_number or e.data.get("index_number", "")
    due = piece.due_on
    return replace(piece, published_on=e.legal_day, texts=texts, index_number=index, first_due_on=due)


def _print(entry: Entry, e: Event) -> Entry:
    """The text as it is printed, with the mark of its attribute."""
    return replace(entry, text=e.data["text"], marks=tuple(e.data["marks"])) if "text" in e.data else entry


def _release(piece: Piece, e: Event) -> Piece:
    entry = _print(piece.entry, e)
    opened = replace(piece, entry=entry, attribute=Attribute.ACTIVE.value, reason="", basis="")
    return replace(opened, arisen=e.legal_day, secrecy=e.data["secrecy"])


def _send_back(piece: Piece, e: Event) -> Piece:
    unsigned = piece.signed_on is not None
    return replace(piece, signed_on=None, arisen=None) if unsigned else piece


def _existing(piece: Piece, e: Event) -> Piece:
    entry, given = entry_of(e.data), e.data.get("published_on")
    published = date.fromisoformat(given) if given else entry.written_on
    since = entry.effective_on or published or e.legal_day
    return Piece(
        body=e.data["body"],
        kind=e.data["kind"],
        entry=entry,
        attribute=e.data.get("attribute", ""),
        document_number=e.data.get("document_number", ""),
        index_number=e.data.get("index_number", ""),
        published_on=published,
        texts=(Text(since, entry.text),) if entry.text else (),
    )


def _change(piece: Piece, e: Event) -> Piece:
    return replace(piece, pending=entry_of(e.data), changed_by=e.actor, arisen=e.legal_day)


def _approve_change(piece: Piece, e: Event) -> Piece:
    entry = piece.pending or piece.entry
    new = entry.text and (not piece.texts or piece.texts[-1].digest != entry.text)
    texts = (*piece.texts, Text(e.legal_day, entry.text)) if new else piece.texts
    return replace(piece, entry=entry, pending=None, texts=texts)


_EFFECTS: dict[str, Callable[[Piece, Event], Piece]] = {
    "draft": _begin,
    "edit": _edit,
    "propose": _decide,
    "opinion": _opinion,
    "secrecy": lambda piece, e: replace(piece, secrecy=e.data["secrecy"], secrecy_by=e.actor),
    "sign": _sign,
    "number": _number,
    "publish": _publish,
    "hold": lambda piece, e: replace(piece, assessed_on=e.legal_day),
    "keep": lambda piece, e: replace(_decide(piece, e), assessed_on=e.legal_day),
    "release": _release,
    "send_back": _send_back,
    "enter": _enter,
    "change": _change,
    "approve_change": _approve_change,
    "reject_change": lambda piece, e: replace(piece, pending=None),
    "withdraw": lambda piece, e: replace(piece, withdrawn_on=e.legal_day, withdrawn_why=e.data["reason"], pending=None),
    "republish": lambda piece, e: replace(piece, withdrawn_on=None, withdrawn_why=""),
    "register_existing": _existing,
}


#: Replay one line.
step = stepping(RECORD, _EFFECTS)
