"""One decision that moves many subjects: the same lines and rows as :func:`.services.act` one by one, in one transaction.

Every step is checked as ``act`` checks it. All that is refused is told at once; then nothing has happened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.db import IntegrityError, transaction

from gongkai.procedure import Refused, Situation, clean

from . import clock, followers, tally
from .bulk import insert, used_keys
from .chain import line_hash
from .models import Command, Event
from .services import Actor, Conflict, _check_day, hold_the_end
from .subjects import SUBJECTS, Subject

_CHUNK = 500


@dataclass(frozen=True)
class Step:
    """An event of a subject that exists, as :func:`.services.act` takes it; ``key`` makes it once only."""

    subject: str
    event: str
    data: Mapping[str, Any] = field(default_factory=dict)
    system_data: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None


class ManyRefused(Refused):
    """Some steps are refused; ``refusals`` are (subject, reason in Chinese), and nothing was done."""

    def __init__(self, refusals: Sequence[tuple[str, str]]):
        self.refusals = list(refusals)
        told = "；".join(f"{subject}：{reason}" for subject, reason in self.refusals[:5])
        more = f"；等 {len(self.refusals)} 件" if len(self.refusals) > 5 else ""
        super().__init__(f"{told}{more}", kind="guard")


def act_many(kind: str, steps: Sequence[Step], actor: Actor, *, day: date | None = None) -> int:
    """Make one event in each of many subjects, all or none; returns how many were made (not those whose key was used).

    At most one step for each subject, and none with personal data. Raises :class:`ManyRefused` with every refusal (the
    role's included), ``procedure.Invalid`` for faulty data, :class:`.services.Conflict`.
    """
    spec, legal_day = SUBJECTS[kind], day or clock.today()
    if len({one.subject for one in steps}) < len(steps):
        raise ValueError("one step for each subject")
    try:
        with transaction.atomic():
            before = used_keys([one.key for one in steps if one.key])
            fresh = [one for one in steps if one.key not in before]
            if not fresh:
                return 0
            hold_the_end()
            made = _lines(spec, fresh, actor, legal_day)
            Event.objects.bulk_create([line for line, _, _ in made])
            for line, _, after in made:
                spec.project(line.subject, after)
            _count(spec, made)
            marks = [
                {"key": one.key, "event_id": line.id} for one, (line, _, _) in zip(fresh, made, strict=True) if one.key
            ]
            insert(Command, marks)
            followers.wake(kind)
            return len(fresh)
    except IntegrityError as error:
        if "one_line_per_number" in str(error) or "ledger_event" in str(error) or "ledger_command" in str(error):
            raise Conflict from error
        raise


def _lines(spec: Subject, steps: Sequence[Step], actor: Actor, day: date) -> list[tuple[Event, Any, Any]]:
    """Each step as (line, the subject before, the subject after)."""
    pasts = _pasts(spec.kind, [one.subject for one in steps])
    made, refusals = [], []
    for one in steps:
        try:
            made.append(_line(spec, one, pasts.get(one.subject, []), actor, day))
        except Refused as refused:
            refusals.append((one.subject, refused.reason))
    if refusals:
        raise ManyRefused(refusals)
    return made


def _pasts(kind: str, subjects: Sequence[str]) -> dict[str, list[Event]]:
    """The lines of many subjects, oldest first."""
    found: dict[str, list[Event]] = {}
    for start in range(0, len(subjects), _CHUNK):
        rows = Event.objects.filter(subject_kind=kind, subject__in=subjects[start : start + _CHUNK])
        for subject, group in groupby(rows.order_by("subject", "seq"), key=lambda event: event.subject):
            found[subject] = list(group)
    return found


def _line(spec: Subject, one: Step, past: list[Event], actor: Actor, day: date) -> tuple[Event, Any, Any]:
    if not past:
        raise Refused("没有登记过")
    before = spec.fold(past)
    move = spec.procedure.move(before.state, one.event)
    values = clean(move.fields, one.data)
    if any(entry.personal and entry.name in values for entry in move.fields):
        raise ValueError(f"{one.event} carries personal data: not for many at once")
    _check_day(day, past)
    move = spec.procedure.check(before.state, one.event, Situation(before, actor.key, actor.roles, day, values))
    stored = values | dict(one.system_data)
    if whose := actor.stands_in_for(move.roles):
        stored["deputy_for"] = whose
    last = past[-1]
    now = max(clock.now(), last.recorded_at)
    digest = line_hash(spec.kind, one.subject, last.seq + 1, one.event, day, now, actor.key, stored, last.hash)
    line = Event(
        subject_kind=spec.kind, subject=one.subject, seq=last.seq + 1, kind=one.event, legal_day=day, recorded_at=now,
        actor=actor.key, data=stored, previous=last.hash, hash=digest,
    )  # fmt: skip
    return line, before, spec.step(before, line)


def _count(spec: Subject, made: Sequence[tuple[Event, Any, Any]]) -> None:
    for line, before, after in made:
        tally.write(spec, line.subject, line, before, after)
