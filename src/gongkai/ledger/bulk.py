"""Many openings in one transaction: the same lines, rows and marks as :func:`.services.act` one by one, sooner.

Every opening is checked as ``act`` checks it (data, procedure, role, guards); what is saved are statements, not rules.
The file system is no part of it: texts are stored first (``blobs.put_many``).
"""

import gc
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import orjson
from django.db import IntegrityError, connection, models, transaction

from gongkai.procedure import Situation, clean

from . import clock, followers
from .chain import PLAIN, ROOT, line_hash
from .models import Command, Event
from .services import Actor, Conflict, _check_day, _hide, hold_the_end
from .subjects import SUBJECTS, Subject

#: Rows of one statement. A long statement costs SQLite more than it saves; PostgreSQL takes 65,535 values at the most.
ROWS = {"sqlite": 100, "postgresql": 1_000}


@dataclass(frozen=True)
class Opening:
    """The first event of a new subject, as :func:`.services.act` takes it; ``key`` makes it once only.

    ``checked``: ``data`` are what :func:`checked` gave for this event and actor today, and are not looked at again.
    """

    subject: str
    data: Mapping[str, Any]
    system_data: Mapping[str, Any] = field(default_factory=dict)
    day: date | None = None
    key: str | None = None
    checked: bool = False


def used_keys(keys: Sequence[str]) -> set[str]:
    """Those idempotency keys that were used before."""
    found: set[str] = set()
    for start in range(0, len(keys), 900):
        chunk = keys[start : start + 900]
        places = ", ".join(["%s"] * len(chunk))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT key FROM {Command._meta.db_table} WHERE key IN ({places})", chunk)
            found.update(key for (key,) in cursor.fetchall())
    return found


def checked(kind: str, event: str, data: Mapping[str, Any], actor: Actor, day: date) -> dict[str, Any]:
    """The data of an opening as the ledger will store them. Raises ``procedure.Invalid``, ``procedure.Refused``."""
    spec = SUBJECTS[kind]
    move = spec.procedure.move(spec.start.state, event)
    values = clean(move.fields, data)
    _check_day(day, [])
    spec.procedure.check(spec.start.state, event, Situation(spec.start, actor.key, actor.roles, day, values))
    return values


def open_many(kind: str, event: str, openings: Sequence[Opening], actor: Actor) -> int:
    """Open subjects with one event each; all or none. Returns how many were new: those whose key was used are not.

    Raises what ``act`` raises for the first opening that is refused: ``procedure.Invalid``, ``procedure.Refused``,
    :class:`.services.Conflict` (a subject or key was written by somebody else meanwhile).
    """
    spec = SUBJECTS[kind]
    try:
        with transaction.atomic():
            before = used_keys([one.key for one in openings if one.key])
            fresh = _once(openings, before)
            if not fresh:
                return 0
            hold_the_end()
            now = clock.now()
            events = [_line(spec, event, one, actor, now) for one in fresh]
            _append(events)
            states = [(line.subject, spec.step(spec.start, line)) for line in events]
            _project(spec, states)
            _count(spec, events, [state for _, state in states])
            used = [(one.key, line.id) for one, line in zip(fresh, events, strict=True) if one.key]
            insert(Command, [{"key": key, "event_id": number} for key, number in used])
            followers.wake(kind)
            return len(fresh)
    except IntegrityError as error:
        raise Conflict from error


def _once(openings: Sequence[Opening], used: set[str]) -> list[Opening]:
    """Openings whose key was not used before, nor by one further up."""
    fresh = []
    for one in openings:
        if one.key not in used:
            fresh.append(one)
        if one.key:
            used.add(one.key)
    return fresh


def _line(spec: Subject, event: str, one: Opening, actor: Actor, now: datetime) -> Event:
    """One opening checked, as the line that will record it."""
    day = one.day or clock.day_of(now)
    move = spec.procedure.move(spec.start.state, event)
    values = dict(one.data) if one.checked else checked(spec.kind, event, one.data, actor, day)
    stored = _hide(move, values, f"{spec.kind}/{one.subject}/1") | dict(one.system_data)
    if whose := actor.stands_in_for(move.roles):
        stored["deputy_for"] = whose
    digest = line_hash(spec.kind, one.subject, 1, event, day, now, actor.key, stored, ROOT)
    return Event(
        subject_kind=spec.kind, subject=one.subject, seq=1, kind=event, legal_day=day, recorded_at=now,
        actor=actor.key, data=stored, previous=ROOT, hash=digest,
    )  # fmt: skip


def _append(events: Sequence[Event]) -> None:
    """Write the lines; each learns its number."""
    names = [one.attname for one in Event._meta.concrete_fields if not one.primary_key]
    numbers = insert(Event, [{name: getattr(line, name) for name in names} for line in events], told="subject")
    for line in events:
        line.id = numbers[line.subject]


def _project(spec: Subject, states: Sequence[tuple[str, Any]]) -> None:
    if spec.project_many:
        spec.project_many(states)
        return
    for subject, state in states:
        spec.project(subject, state)


def _count(spec: Subject, events: Sequence[Event], states: Sequence[Any]) -> None:
    """The rows :func:`.tally.write` makes for first lines."""
    if spec.tally is None:
        return
    nothing = spec.facts(spec.start)
    rows = []
    for line, state in zip(events, states, strict=True):
        facts = spec.facts(state)
        if facts is not None and facts != nothing:
            rows.append({"id": line.id, "subject": line.subject, "known_from": line.recorded_at, **facts})
    insert(spec.tally, rows)


@contextmanager
def many_objects() -> Iterator[None]:
    """Inside, the search for circular garbage rests: it would go through a batch's rows again and again, in vain."""
    resting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if resting:
            gc.enable()


Row = Mapping[str, Any]


def insert(model: type[models.Model], rows: Sequence[Row], *, replace: bool = False, told: str = "") -> dict[Any, int]:
    """Insert rows (values by column attribute; those left out take their default), in as few statements as may be.

    Several times quicker than ``bulk_create`` for wide tables: no instances, no expressions. ``replace``: rows under the
    same primary key are overwritten. ``told``: hands back the numbers the database gave, by the value of this attribute.
    """
    numbers: dict[Any, int] = {}
    if not rows:
        return numbers
    columns = _columns(model, bool(told) or _numbered(model))
    size = ROWS[connection.vendor]
    start, places, ending = _words(model, columns, replace, told)
    writers = [_writer(one) for one in columns]
    written = [[write(row[name] if name in row else default()) for name, write, default in writers] for row in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite" and not told:  # one short statement, prepared once, is its quickest way
            cursor.executemany(start + places + ending, written)
            return numbers
        for first in range(0, len(written), size):
            chunk = written[first : first + size]
            cursor.execute(start + ", ".join([places] * len(chunk)) + ending, [*itertools.chain.from_iterable(chunk)])
            if told:
                numbers.update(cursor.fetchall())
    return numbers


def _numbered(model: type[models.Model]) -> bool:
    pk = model._meta.pk
    return pk is not None and pk.get_internal_type() in {"BigAutoField", "AutoField"}


def _columns(model: type[models.Model], numbered: bool) -> list[Any]:
    return [one for one in model._meta.concrete_fields if not (one.primary_key and numbered)]


def _words(model: type[models.Model], columns: list[Any], replace: bool, told: str) -> tuple[str, str, str]:
    """The statement before its rows, one row's places, and what follows."""
    quote, meta = connection.ops.quote_name, model._meta
    names = [quote(one.column) for one in columns]
    ending = ""
    if replace:
        kept = ", ".join(
            f"{quote(one.column)} = excluded.{quote(one.column)}" for one in columns if not one.primary_key
        )
        ending = f" ON CONFLICT ({quote(meta.pk.column)}) DO UPDATE SET {kept}"  # type: ignore[union-attr]
    if told:
        ending += f" RETURNING {quote(meta.get_field(told).column)}, {quote(meta.pk.column)}"  # type: ignore[union-attr]
    start = f"INSERT INTO {quote(meta.db_table)} ({', '.join(names)}) VALUES "
    return start, f"({', '.join(['%s'] * len(columns))})", ending


#: Types whose values the drivers take as they are.
_PLAIN = frozenset({"CharField", "SlugField", "TextField", "BooleanField", "IntegerField", "PositiveIntegerField",
                    "BigIntegerField", "BigAutoField"})  # fmt: skip


def _writer(one: Any) -> tuple[str, Callable[[Any], Any], Callable[[], Any]]:
    """(attribute, how a value is written, its default) of a column."""
    end = one
    while end.remote_field:
        end = end.target_field
    kind, ops = end.get_internal_type(), connection.ops
    if kind in _PLAIN:
        return one.attname, _same, one.get_default
    if kind == "DateField":  # many rows share a day, or the instant they are written
        return one.attname, lru_cache(ops.adapt_datefield_value), one.get_default
    if kind == "DateTimeField":
        return one.attname, lru_cache(ops.adapt_datetimefield_value), one.get_default
    if kind == "JSONField" and connection.vendor == "sqlite" and end.encoder is None:
        return one.attname, lambda value: orjson.dumps(value, option=PLAIN).decode(), one.get_default
    if kind == "JSONField":
        return one.attname, lambda value: ops.adapt_json_value(value, end.encoder), one.get_default
    return one.attname, lambda value: one.get_db_prep_save(value, connection), one.get_default


def _same(value: Any) -> Any:
    return value
