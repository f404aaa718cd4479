"""The table and its engine."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from .fields import Field

#: The state of a subject that does not exist yet.
NEW = "new"
#: As a target: the event leaves the state as it is.
SAME = "="


@dataclass(frozen=True)
class State:
    """Where a subject stands. A *final* state may be the last one; it can still have ways out (a reopened case).

    ``done`` says that the body has nothing left to do there (for lists and queues).
    """

    key: str
    label: str
    final: bool = False


@dataclass(frozen=True)
class Transition:
    """One event: from which states, to which, by whom, under which guards and which article.

    Guards in ``when`` look at the subject, the actor and the day only, so that a desk can offer just what is possible;
    those in ``guards`` need the data too. ``hint`` tells the officer what the law asks, in Chinese; ``articles`` are
    references of ``gongkai.law.articles``.
    """

    event: str
    label: str
    sources: tuple[str, ...]
    target: str
    roles: tuple[str, ...]
    fields: tuple[Field, ...] = ()
    guards: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    hint: str = ""
    when: tuple[str, ...] = ()


@dataclass(frozen=True)
class Situation:
    """All a guard may look at: the subject as replayed, who acts, on which legal day, with which data."""

    subject: Any
    actor: str
    roles: frozenset[str]
    day: date
    data: Mapping[str, Any] = field(default_factory=dict)


#: A guard returns why the event is refused (Chinese, says how to mend it), or None.
Guard = Callable[[Situation], str | None]


class ProcedureError(ValueError):
    """A table that must not run; ``faults`` lists every reason."""

    def __init__(self, name: str, faults: Iterable[str]):
        self.faults = list(faults)
        super().__init__(f"procedure {name}: " + "; ".join(self.faults))


class Refused(Exception):
    """An event that may not happen now; the message is Chinese and says why, ``articles`` say under which rule."""

    def __init__(self, reason: str, articles: tuple[str, ...] = (), kind: str = "state"):
        self.reason, self.articles, self.kind = reason, articles, kind
        super().__init__(reason)


@dataclass(frozen=True)
class Procedure:
    """A checked table. Making one with a fault raises :class:`ProcedureError`, so the product refuses to start."""

    name: str
    label: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    roles: Mapping[str, str]
    guards: Mapping[str, Guard] = field(default_factory=dict)

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise ProcedureError(self.name, faults)

    @cached_property
    def state(self) -> dict[str, State]:
        """States by key."""
        return {state.key: state for state in self.states}

    @cached_property
    def _table(self) -> dict[tuple[str, str], Transition]:
        return {(source, move.event): move for move in self.transitions for source in move.sources}

    @cached_property
    def events(self) -> dict[str, tuple[Transition, ...]]:
        """The transitions of each event (one event may behave differently from different states)."""
        return {
            event: tuple(move for move in self.transitions if move.event == event)
            for event in dict.fromkeys(move.event for move in self.transitions)
        }

    def after(self, state: str, event: str) -> str:
        """The state that follows; raises :class:`Refused` where the table has no such way."""
        move = self.move(state, event)
        return state if move.target == SAME else move.target

    def move(self, state: str, event: str) -> Transition:
        """The transition of an event from a state; raises :class:`Refused` where there is none."""
        move = self._table.get((state, event))
        if move is None:
            label = self.events[event][0].label if event in self.events else event
            here = self.state[state].label if state in self.state else "尚未登记"
            raise Refused(f"目前是“{here}”，不能“{label}”")
        return move

    def may(self, state: str, event: str, situation: Situation) -> Transition:
        """The transition, if this actor may make it today, whatever its data: state, role and the guards in ``when``."""
        move = self.move(state, event)
        if not situation.roles.intersection(move.roles):
            who = "、".join(self.roles[role] for role in move.roles)
            raise Refused(f"“{move.label}”须由{who}办理", move.articles, "role")
        self._refuse(move, move.when, situation)
        return move

    def check(self, state: str, event: str, situation: Situation) -> Transition:
        """The transition, if this actor may make it now; raises :class:`Refused` (kind state, role or guard)."""
        move = self.may(state, event, situation)
        self._refuse(move, move.guards, situation)
        return move

    def _refuse(self, move: Transition, names: Iterable[str], situation: Situation) -> None:
        reason = self._objection(names, situation)
        if reason:
            raise Refused(reason, move.articles, "guard")

    def _objection(self, names: Iterable[str], situation: Situation) -> str | None:
        return next(filter(None, (self.guards[name](situation) for name in names)), None)

    def allowed(self, state: str, roles: Iterable[str]) -> list[Transition]:
        """What people with these roles may try from a state, in the order of the table."""
        held = frozenset(roles)
        return [move for move in self.transitions if state in move.sources and held.intersection(move.roles)]

    def offered(self, state: str, situation: Situation) -> tuple[list[Transition], list[tuple[Transition, str]]]:
        """What this actor can do today, and what the table would allow but a guard does not, with the reason."""
        now: list[Transition] = []
        later: list[tuple[Transition, str]] = []
        for move in self.allowed(state, situation.roles):
            reason = self._objection(move.when, situation)
            if reason:
                later.append((move, reason))
            else:
                now.append(move)
        return now, later


def _faults(procedure: Procedure) -> Iterable[str]:
    keys = [state.key for state in procedure.states]
    yield from (f"state {key} is declared twice" for key in sorted({key for key in keys if keys.count(key) > 1}))
    if NEW in keys:
        yield f"state {NEW} is reserved"
    seen: set[tuple[str, str]] = set()
    for move in procedure.transitions:
        yield from _transition_faults(procedure, move, set(keys))
        for source in move.sources:
            if (source, move.event) in seen:
                yield f"event {move.event} is declared twice from {source}"
            seen.add((source, move.event))
    used = {name for move in procedure.transitions for name in (*move.when, *move.guards)}
    yield from (f"guard {name} is never used" for name in sorted(set(procedure.guards) - used))
    yield from _shape_faults(procedure)


def _transition_faults(procedure: Procedure, move: Transition, keys: set[str]) -> Iterable[str]:
    yield from (f"{move.event} leaves the unknown state {key}" for key in move.sources if key not in keys | {NEW})
    if move.target not in keys | {SAME}:
        yield f"{move.event} leads to the unknown state {move.target}"
    if move.target == SAME and NEW in move.sources:
        yield f"{move.event} would leave a new subject without a state"
    if not move.sources or not move.roles:
        yield f"{move.event} has no source or no role"
    yield from (f"{move.event} names the unknown role {role}" for role in move.roles if role not in procedure.roles)
    yield from (
        f"{move.event} names the missing guard {name}"
        for name in (*move.when, *move.guards)
        if name not in procedure.guards
    )
    names = [entry.name for entry in move.fields]
    yield from (f"{move.event} has the field {name} twice" for name in set(names) if names.count(name) > 1)


def _shape_faults(procedure: Procedure) -> Iterable[str]:
    """Unreachable states, and states from which no final state can be reached."""
    ways = {
        (source, move.target)
        for move in procedure.transitions
        for source in move.sources
        if move.target not in {SAME, source}
    }
    reached = _closure({NEW}, ways)
    ending = _closure({state.key for state in procedure.states if state.final}, {(b, a) for a, b in ways})
    for state in procedure.states:
        if state.key not in reached:
            yield f"state {state.key} is unreachable"
        if state.key not in ending:
            yield f"state {state.key} is a dead end"


def _closure(start: set[str], ways: set[tuple[str, str]]) -> set[str]:
    reached, frontier = set(start), set(start)
    while frontier:
        frontier = {b for a, b in ways if a in frontier} - reached
        reached |= frontier
    return reached
