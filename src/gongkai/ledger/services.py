"""The only way to write the ledger: :func:`act` makes one event under its procedure, :func:`seal` closes a day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction

from gongkai.procedure import Refused, Situation, Transition, clean

from . import clock, followers, tally, vault
from .chain import ROOT, line_hash, seal_digest
from .models import Command, Counter, Event, Seal
from .subjects import SUBJECTS

#: PostgreSQL advisory lock: writers share it, a follower that looks for the safe end takes it alone.
WRITERS = 7_204_711


@dataclass(frozen=True)
class Actor:
    """Who acts: a key, and the roles held on the subject's body (decided by ``organs``).

    ``lent`` are (role, whose) for roles held only as a deputy 代理: what is done under one says for whom.
    """

    key: str
    roles: frozenset[str]
    lent: tuple[tuple[str, str], ...] = ()

    def stands_in_for(self, roles: Collection[str]) -> str:
        """For whom this actor acts when one of ``roles`` is needed; empty when an own role would do."""
        lent = dict(self.lent)
        if self.roles.difference(lent).intersection(roles):
            return ""
        return next((lent[role] for role in roles if role in lent), "")


#: The clock of the house itself (lapses, reopenings).
SYSTEM = Actor("system", frozenset({"system"}))


class Conflict(Exception):
    """Somebody else wrote to the same subject in between; the message is Chinese."""

    def __init__(self) -> None:
        super().__init__("此事项刚被他人更新，请刷新页面后再办")


@dataclass(frozen=True)
class Done:
    """What a command did: the line, the subject as it stands now, and whether the key had been used before."""

    event: Event
    state: Any
    repeated: bool = field(default=False)


def lines(kind: str, subject: str) -> list[Event]:
    """Every line of a subject, oldest first."""
    return list(Event.objects.filter(subject_kind=kind, subject=subject).order_by("seq"))


def replay(kind: str, subject: str) -> Any:
    """The subject as its lines make it; None when it has none."""
    events = lines(kind, subject)
    return SUBJECTS[kind].fold(events) if events else None


def used(key: str) -> Done | None:
    """The outcome of a command whose idempotency key was used before."""
    command = Command.objects.select_related("event").filter(key=key).first()
    if command is None:
        return None
    return Done(command.event, replay(command.event.subject_kind, command.event.subject), repeated=True)


def next_number(series: str, many: int = 1) -> int:
    """The next number of a gapless series, from 1. Call inside the transaction that uses it: a rollback returns it.

    ``many`` takes so many numbers at once and returns the first.
    """
    # One statement that also holds the row until the transaction ends; both databases know it.
    table = connection.ops.quote_name(Counter._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (series, last) VALUES (%s, %s) "
            f"ON CONFLICT (series) DO UPDATE SET last = {table}.last + %s RETURNING last",
            [series, many, many],
        )
        last: int = cursor.fetchone()[0]
        return last - many + 1


def act(
    kind: str,
    subject: str,
    event: str,
    actor: Actor,
    *,
    day: date | None = None,
    data: Mapping[str, Any] | None = None,
    system_data: Mapping[str, Any] | None = None,
    key: str | None = None,
    opening: bool = False,
) -> Done:
    """Make one event: check the data, the procedure, the role and the guards; append; project. One transaction.

    ``day`` is the legal day (today unless told); ``system_data`` is added after the form's fields are checked
    (numbers given by the house). The same ``key`` again returns the first outcome and changes nothing.
    ``opening``: the caller's transaction has just given the subject its key, so that there are no lines to read, and
    whatever fails undoes that transaction (three statements less).
    Raises ``procedure.Invalid`` (faulty data), ``procedure.Refused`` (not now, not by this actor), :class:`Conflict`.
    """
    spec = SUBJECTS[kind]
    try:
        with transaction.atomic(savepoint=not opening):
            if key and (done := used(key)):
                return done
            past = [] if opening else lines(kind, subject)
            before = spec.fold(past)
            here = before.state
            legal_day = day or clock.today()
            move = spec.procedure.move(here, event)
            values = clean(move.fields, data or {})
            _check_day(legal_day, past)
            move = spec.procedure.check(here, event, Situation(before, actor.key, actor.roles, legal_day, values))
            stored = _hide(move, values, f"{kind}/{subject}/{len(past) + 1}") | dict(system_data or {})
            if whose := actor.stands_in_for(move.roles):
                stored["deputy_for"] = whose
            line = _append(kind, subject, past[-1] if past else None, event, legal_day, actor.key, stored)
            after = spec.step(before, line)
            spec.project(subject, after)
            tally.write(spec, subject, line, before, after)
            if key:
                Command.objects.create(key=key, event=line)
            followers.wake(kind)
            return Done(line, after)
    except IntegrityError as error:
        if "one_line_per_number" in str(error) or "ledger_event" in str(error) or "ledger_command" in str(error):
            raise Conflict from error
        raise


def _check_day(legal_day: date, past: list[Event]) -> None:
    if legal_day > clock.today():
        raise Refused(f"日期 {legal_day.isoformat()} 晚于今天，请填写已经发生的日期", kind="guard")
    if past and legal_day < past[-1].legal_day:
        raise Refused(f"日期不能早于上一步的日期 {past[-1].legal_day.isoformat()}", kind="guard")


def _hide(move: Transition, values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Personal fields go to the vault; the line keeps the reference."""
    personal: dict[str, Any] = {
        entry.name: values[entry.name] for entry in move.fields if entry.personal and entry.name in values
    }
    if not personal:
        return values
    vault.put(reference, personal)
    return {name: value for name, value in values.items() if name not in personal} | {"personal": reference}


def hold_the_end() -> None:
    """Before a line is written: followers that look for the safe end of the ledger wait for this transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [WRITERS])


def _append(
    kind: str, subject: str, last: Event | None, event: str, legal_day: date, actor: str, data: dict[str, Any]
) -> Event:
    hold_the_end()
    seq, previous = (last.seq + 1, last.hash) if last else (1, ROOT)
    # A subject's lines are recorded in their order even where a machine's clock was set back: "known at" relies on it.
    recorded_at = max(clock.now(), last.recorded_at) if last else clock.now()
    digest = line_hash(kind, subject, seq, event, legal_day, recorded_at, actor, data, previous)
    return Event.objects.create(
        subject_kind=kind,
        subject=subject,
        seq=seq,
        kind=event,
        legal_day=legal_day,
        recorded_at=recorded_at,
        actor=actor,
        data=data,
        previous=previous,
        hash=digest,
    )


def seal() -> Seal | None:
    """Close the lines since the last seal with a digest; None when there is nothing new."""
    with transaction.atomic():
        last = Seal.objects.select_for_update().order_by("-id").first()
        first_id, end = (last.last_id + 1 if last else 1), followers.safe_end()
        covered = list(Event.objects.filter(id__range=(first_id, end)).order_by("id").values_list("id", "hash"))
        if not covered:
            return None
        previous = last.digest if last else ROOT
        return Seal.objects.create(
            day=clock.today(),
            first_id=first_id,
            last_id=end,
            lines=len(covered),
            previous=previous,
            digest=seal_digest(previous, covered),
        )
