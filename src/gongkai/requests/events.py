"""A request replayed from its lines: a pure function, nothing stored that can be computed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from gongkai.law.applicants import COLUMNS, Applicant
from gongkai.law.clocks import ClockEvent, Deadline, deadline, overdue, used
from gongkai.law.receipt import Channel
from gongkai.ledger.models import Event
from gongkai.ledger.subjects import stepping
from gongkai.ledger.tally import OPEN
from gongkai.procedure import NEW

from . import materials
from .consultation import RETURNED, SENT, Party, sequence
from .materials import Material
from .procedure import DRAFT, LAPSE_UNCLARIFIED, LAPSE_UNPAID, OTHER, PROCEDURE


@dataclass(frozen=True)
class Draft:
    """The decision being made in this round: what the drafter wrote, field by field, and who that was."""

    leaf: str
    basis: str
    text: str
    reason: str
    by: str
    items: str = ""
    findings: str = ""
    provided: str = ""
    withheld: str = ""
    searched: str = ""
    earlier: str = ""
    transferred_to: str = ""
    answers: str = ""


@dataclass(frozen=True)
class Asked:
    """An extension asked for, and by whom: somebody else decides."""

    days: int
    reason: str
    by: str


@dataclass(frozen=True)
class Erasure:
    """The proposal to erase a case's personal data at the end of its retention: since when, by whom; another approves."""

    on: date
    by: str
    reason: str


@dataclass(frozen=True)
class Case:
    """A request as its lines make it.

    ``received_on`` is None until both sides have confirmed (Art 31); ``clock_from`` is the day the present answer
    period counts from (receipt, or the reopening). ``decided_on`` and ``leaf`` are those of the first decision:
    a case decided again after a correction counts once in the annual report. ``workdays`` and ``late`` say how long the
    first answer by letter took and whether its period was over by then; None where there was none.
    """

    state: str = NEW
    number: str = ""
    body: str = ""
    title: str = ""
    channel: str = ""
    category: str = ""
    form: str = ""
    delivery: str = ""
    personal: str = ""
    unit: str = ""
    handler: str = ""
    received_on: date | None = None
    clock_from: date | None = None
    clock_events: tuple[ClockEvent, ...] = ()
    clarify_until: date | None = None
    clarified: bool = False
    reasons_asked: bool = False
    reasons_given: bool = False
    parties: tuple[Party, ...] = ()
    extension_asked: Asked | None = None
    materials: tuple[Material, ...] = ()
    items: int = 1
    application: str = ""
    place: str = ""
    parts: tuple[str, ...] = ()
    imported: bool = False
    draft: Draft | None = None
    decided_on: date | None = None
    leaf: str | None = None
    workdays: int | None = None
    late: bool | None = None
    document_number: str = ""
    answered_on: date | None = None
    served_on: date | None = None
    rounds: int = 1
    archived_on: date | None = None
    erasure: Erasure | None = None
    erased_on: date | None = None

    @property
    def drafted_by(self) -> str:
        """Who drafted the decision now on the table (four eyes)."""
        return self.draft.by if self.draft else ""

    @property
    def consulted(self) -> tuple[str, ...]:
        """What kinds of parties were asked for an opinion."""
        return tuple(party.whom for party in self.parties)

    @property
    def awaited(self) -> tuple[tuple[int, Party], ...]:
        """The parties whose opinion has not come, with their numbers in the order of the letters, from 1."""
        return tuple((n, party) for n, party in enumerate(self.parties, 1) if party.returned_on is None)

    @property
    def clock_sequence(self) -> tuple[ClockEvent, ...]:
        """The clock's events as the law's clock reads them: parallel consultations as one after the other."""
        return sequence(self.clock_events, self.parties)

    def with_clock_event(self, event: ClockEvent, whom: str = "", personal: str = "") -> "Case":
        """The case after one more event of its clock; a letter of consultation adds a party (``whom``)."""
        events = (*self.clock_events, event)
        if event.kind != SENT:
            return replace(self, clock_events=events)
        party = Party(whom, event.on, len(self.clock_events), personal)
        return replace(self, clock_events=events, parties=(*self.parties, party))

    def deadline(self, *, strict: bool = False) -> Deadline | None:
        """The answer's due date with its derivation; None before receipt.

        What was accepted once stays accepted when a calendar is corrected later; ``strict`` asks whether the events are
        possible under today's calendar and raises ``law.clocks.ImpossibleSequence`` when not.
        """
        if self.clock_from is None:
            return None
        channel = Channel(self.channel) if self.rounds == 1 else None
        return deadline(self.clock_from, self.clock_sequence, channel=channel, replay=not strict)


def _new(case: Case, e: Event) -> Case:
    data: dict[str, Any] = e.data
    known = (
        "number",
        "body",
        "title",
        "channel",
        "category",
        "form",
        "delivery",
        "personal",
        "application",
        "place",
        "imported",
    )
    return replace(case, **{name: data[name] for name in known if name in data})


def _received(case: Case, e: Event) -> Case:
    return replace(case, received_on=e.legal_day, clock_from=e.legal_day)


def _clock(kind: str) -> Callable[[Case, Event], Case]:
    def apply(case: Case, e: Event) -> Case:
        until = e.data.get("until") if kind == "reasonable_delay" else None
        event = ClockEvent(
            kind, e.legal_day, days=e.data.get("days"), until=date.fromisoformat(until) if until else None
        )
        return case.with_clock_event(event, e.data.get("whom", ""), e.data.get("personal", ""))

    return apply


def _restart(kind: str) -> Callable[[Case, Event], Case]:
    """A new answer period: an extension asked for in the former one, and not decided, went with it."""
    return lambda case, e: replace(_clock(kind)(case, e), extension_asked=None)


def _decide(case: Case, leaf: str, day: date, number: str = "") -> Case:
    """Record a decision; the first one is what the annual report counts."""
    case = replace(case, answered_on=day, document_number=number or case.document_number)
    return case if case.decided_on or case.received_on is None else replace(case, decided_on=day, leaf=leaf)


def _ask_clarification(case: Case, e: Event) -> Case:
    case = _clock("clarification_requested")(case, e)
    return replace(case, clarify_until=date.fromisoformat(e.data["until"]))


def _opinion(case: Case, e: Event) -> Case:
    """One party's opinion: of the party named, or of the only one awaited."""
    number = e.data["party"] if "party" in e.data else case.awaited[0][0]
    party = replace(
        case.parties[number - 1], returned_on=e.legal_day, reply=len(case.clock_events), opinion=e.data["opinion"]
    )
    parties = (*case.parties[: number - 1], party, *case.parties[number:])
    return replace(case.with_clock_event(ClockEvent(RETURNED, e.legal_day)), parties=parties)


def _extend(case: Case, e: Event) -> Case:
    return replace(_clock("extended")(case, e), extension_asked=None)


def _split(case: Case, e: Event) -> Case:
    return replace(case, parts=tuple(e.data.get("parts", ())), title=e.data.get("title", case.title))


def _draft(case: Case, e: Event) -> Case:
    parts = {field.name: e.data[field.name] for field in DRAFT if field.name in e.data}
    return replace(case, draft=Draft(**parts, by=e.actor))


def _sign(case: Case, e: Event) -> Case:
    assert case.draft is not None, "the table lets nobody sign without a draft"
    clock = case.deadline() if case.decided_on is None else None
    if clock:
        case = replace(case, workdays=used(clock, e.legal_day), late=overdue(clock, e.legal_day))
    return _decide(case, case.draft.leaf, e.legal_day, e.data["document_number"])


def _reopen(case: Case, e: Event) -> Case:
    cleared = replace(
        case,
        clock_events=(),
        parties=(),
        extension_asked=None,
        clarify_until=None,
        draft=None,
        answered_on=None,
        served_on=None,
        archived_on=None,
        erasure=None,
    )
    return replace(cleared, clock_from=e.legal_day, rounds=case.rounds + 1)


def _correct(case: Case, e: Event) -> Case:
    return replace(case, **{name: e.data[name] for name in ("category", "leaf") if name in e.data})


EFFECTS: dict[str, Callable[[Case, Event], Case]] = {
    "register": lambda case, e: _received(_new(case, e), e),
    "submit": _new,
    "confirm": _received,
    "assign": lambda case, e: replace(case, unit=e.data["unit"], handler=e.data.get("handler", "")),
    "accept": lambda case, e: replace(case, handler=case.handler or e.actor),
    "request_clarification": _ask_clarification,
    "clarify": lambda case, e: replace(_restart("clarified")(case, e), clarified=True),
    "lapse_unclarified": lambda case, e: _decide(case, LAPSE_UNCLARIFIED, e.legal_day),
    "consult": _clock(SENT),
    "opinion": _opinion,
    "consulted": _opinion,
    "ask_extension": lambda case, e: replace(case, extension_asked=Asked(e.data["days"], e.data["reason"], e.actor)),
    "extend": _extend,
    "refuse_extension": lambda case, e: replace(case, extension_asked=None),
    "split": _split,
    "keep_together": lambda case, e: replace(case, items=e.data["items"]),
    "ask_reasons": lambda case, e: replace(case, reasons_asked=True),
    "give_reasons": lambda case, e: replace(case, reasons_given=True),
    "delay": _clock("reasonable_delay"),
    "notice_fee": _clock("fee_noticed"),
    "pay": _restart("fee_paid"),
    "lapse_unpaid": lambda case, e: _decide(case, LAPSE_UNPAID, e.legal_day),
    "draft": _draft,
    "sign": _sign,
    "serve": lambda case, e: replace(case, served_on=e.legal_day),
    "withdraw": lambda case, e: _decide(case, OTHER, e.legal_day),
    "correct": _correct,
    "reopen": _reopen,
    "archive": lambda case, e: replace(case, archived_on=e.legal_day),
    "propose_erasure": lambda case, e: replace(case, erasure=Erasure(e.legal_day, e.actor, e.data["reason"])),
    "stop_erasure": lambda case, e: replace(case, erasure=None),
    "approve_erasure": lambda case, e: replace(case, erased_on=e.legal_day),
    **materials.EFFECTS,
}


#: Replay one line.
step = stepping(PROCEDURE, EFFECTS)


def facts(case: Case) -> dict[str, Any] | None:
    """What the figures count of a request; None before receipt and for a void registration."""
    if case.received_on is None or case.state == "void":
        return None
    return {
        "body_id": case.body,
        "category": COLUMNS.index(Applicant(case.category)),
        "received_on": case.received_on,
        "decided_on": case.decided_on or OPEN,
        "leaf": case.leaf or "",
        "channel": case.channel,
        "workdays": case.workdays,
        "late": case.late,
    }
