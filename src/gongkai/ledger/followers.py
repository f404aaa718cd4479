"""Followers: side effects that read the ledger from a checkpoint, so that a crash loses and doubles nothing.

A follower handles each line exactly once as far as this database is concerned: its work and its checkpoint move
in one transaction. Followers run right after the transaction that woke them, and from the worker.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, Value
from django.db.models.functions import Concat

from .models import Checkpoint, Event

BATCH = 500


@dataclass(frozen=True)
class Follower:
    """``handle`` is called with the lines of the followed subject kinds, some at a time, in the ledger's order.

    ``at_once``: right after the command that wrote the line; otherwise the worker alone runs it, and the command does
    not pay for it. ``columns``: ``handle`` is called with these of each line (one: as it is, several: as a tuple), and
    nothing else is read. ``label``: what it does, for people.
    """

    name: str
    kinds: frozenset[str]
    handle: Callable[[Sequence[Any]], None]
    at_once: bool = True
    columns: tuple[str, ...] = ()
    label: str = ""

    def read(self, after: int, end: int) -> tuple[list[int], list[Any]]:
        """The numbers of its next lines, and what ``handle`` is called with."""
        # As an expression, lest SQLite read every line of these kinds there ever was, and sort them.
        lines = Event.objects.alias(of=Concat("subject_kind", Value(""), output_field=CharField()))
        rows = lines.filter(id__gt=after, id__lte=end, of__in=self.kinds).order_by("id")
        if self.columns:
            told = list(rows.values_list("id", *self.columns)[:BATCH])
            single = len(self.columns) == 1
            return [number for number, *_ in told], [one[1] if single else one[1:] for one in told]
        whole = list(rows[:BATCH])
        return [line.id for line in whole], whole


FOLLOWERS: dict[str, Follower] = {}


def follow(
    name: str, *kinds: str, label: str = "", at_once: bool = True
) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Decorator: register a function as the follower of these subject kinds; ``label`` is its name for people."""

    def add(handle: Callable[[Event], None]) -> Callable[[Event], None]:
        def each(lines: Sequence[Event]) -> None:
            for line in lines:
                handle(line)

        FOLLOWERS[name] = Follower(name, frozenset(kinds), each, at_once, label=label)
        return handle

    return add


def follow_columns(
    name: str, *kinds: str, label: str = "", columns: Sequence[str] = ("subject",), at_once: bool = True
) -> Callable[[Callable[[Sequence[Any]], None]], Callable[[Sequence[Any]], None]]:
    """The same for a function that takes some columns of up to :data:`BATCH` lines at a time and asks for no more.

    An import must not cost a row's work each.
    """

    def add(handle: Callable[[Sequence[Any]], None]) -> Callable[[Sequence[Any]], None]:
        FOLLOWERS[name] = Follower(name, frozenset(kinds), handle, at_once, tuple(columns), label)
        return handle

    return add


def safe_end() -> int:
    """The last line's id such that no line before it is still being written.

    On PostgreSQL ids are given before commits: waiting once for the writers now under way makes the end safe.
    """
    from .services import WRITERS

    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS])
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0


def wake(kind: str) -> None:
    """After the current transaction, run the followers of this subject kind."""
    for follower in FOLLOWERS.values():
        if follower.at_once and kind in follower.kinds:
            transaction.on_commit(lambda name=follower.name: run(name))  # type: ignore[misc]


def run(name: str) -> int:
    """Let one follower read to the end; returns how many lines it handled."""
    follower, handled = FOLLOWERS[name], 0
    end = safe_end()
    while True:
        with transaction.atomic():
            mark, _ = Checkpoint.objects.select_for_update().get_or_create(follower=name)
            numbers, told = follower.read(mark.last_id, end)
            follower.handle(told)
            mark.last_id = numbers[-1] if len(numbers) == BATCH else max(end, mark.last_id)
            mark.save(update_fields=["last_id"])
        handled += len(numbers)
        if len(numbers) < BATCH:
            return handled


def run_all() -> dict[str, int]:
    """Every follower to the end (worker, rebuild, tests)."""
    return {name: run(name) for name in FOLLOWERS}


#: Lines counted behind a checkpoint at the most: beyond that the number no longer matters, and counting takes time.
MOST_BEHIND = 100_000


def lag() -> dict[str, int]:
    """How many lines of the ledger each follower has not read yet, up to :data:`MOST_BEHIND`."""
    marks = dict(Checkpoint.objects.values_list("follower", "last_id"))
    behind = {
        mark: Event.objects.filter(id__gt=mark).order_by()[:MOST_BEHIND].count()
        for mark in {marks.get(name, 0) for name in FOLLOWERS}
    }
    return {name: behind[marks.get(name, 0)] for name in FOLLOWERS}
