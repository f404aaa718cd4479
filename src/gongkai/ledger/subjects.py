"""The kinds of subjects the ledger keeps: how each is replayed, projected and counted.

An app registers its kind once (in ``AppConfig.ready``); the ledger knows subjects by kind and key only.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Model

from gongkai.procedure import Procedure

from .models import Event


@dataclass(frozen=True)
class Subject:
    """One kind of subject.

    ``start`` is the state object before the first line (its attribute ``state`` is ``procedure.NEW``);
    ``step(state, line)`` is the pure replay of one line; ``project(key, state)`` writes the projection rows of
    ``models`` (children before parents: rebuild empties them in this order).
    ``tally`` is the table its figures count and ``facts(state)`` the columns counted, None while there is nothing
    to count (see :mod:`.tally`). ``project_many`` does the work of ``project`` for subjects that are all new, sooner.
    """

    kind: str
    label: str
    procedure: Procedure
    start: Any
    step: Callable[[Any, Event], Any]
    project: Callable[[str, Any], None] = lambda key, state: None
    models: tuple[type[Model], ...] = ()
    tally: type[Model] | None = None
    facts: Callable[[Any], dict[str, Any] | None] = lambda state: None
    project_many: Callable[[Sequence[tuple[str, Any]]], None] | None = None

    def fold(self, events: Iterable[Event]) -> Any:
        """The subject as its lines make it."""
        state = self.start
        for event in events:
            state = self.step(state, event)
        return state


SUBJECTS: dict[str, Subject] = {}


def register(subject: Subject) -> Subject:
    """Make a kind known; refuses to register two under one name."""
    if subject.kind in SUBJECTS:
        raise ValueError(f"subject kind {subject.kind} is registered twice")
    SUBJECTS[subject.kind] = subject
    return subject


def stepping(
    procedure: Procedure, effects: Mapping[str, Callable[[Any, Event], Any]], *, dated: bool = False
) -> Callable[[Any, Event], Any]:
    """The replay of one line: its effect on the subject (a frozen dataclass), and the state the procedure leads to.

    An event without an effect changes the state alone; ``dated`` also keeps the line's legal day in ``on``.
    """

    def step(subject: Any, event: Event) -> Any:
        effect = effects.get(event.kind)
        told: dict[str, Any] = {"state": procedure.after(subject.state, event.kind)}
        if dated:
            told["on"] = event.legal_day
        return replace(effect(subject, event) if effect else subject, **told)

    return step
