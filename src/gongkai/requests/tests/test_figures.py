"""Table three over random ledgers, played through the real commands: beside a slow recount of the lines, beside what
was counted at the time, and beside the rows each cell opens to."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.figure import Ask
from gongkai.law.applicants import COLUMNS
from gongkai.law.decisions import LEAVES
from gongkai.law.receipt import Channel
from gongkai.ledger import clock
from gongkai.ledger.models import Event
from gongkai.ledger.queries import rebuild
from gongkai.ledger.services import Actor
from gongkai.organs.models import Body
from gongkai.organs.queries import counted
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import City, small_city
from gongkai.procedure import Refused
from gongkai.requests import figures
from gongkai.requests.models import Request, RequestTally
from gongkai.requests.procedure import PROCEDURE
from gongkai.requests.queries import case
from gongkai.requests.services import do, receive
from gongkai.requests.testing import APPLICATION, draft, event_data

START = datetime(2019, 12, 2, 3, tzinfo=UTC)
YEARS = (2019, 2020, 2021, 2022)
DECIDING = ("accept", "draft", "review", "sign")
CATEGORIES = [category.value for category in COLUMNS]
#: Leaves a draft may have whatever went before (two others need a history, two come from lapses).
DRAFTABLE = [leaf for leaf in LEAVES if leaf not in {"3.4.3", "3.5.4", "3.6.1", "3.6.2"}]
Cells = dict[str, int]


@dataclass(frozen=True)
class Step:
    """One thing to try after ``days``: receive a request (``act`` is "receive"), decide one, correct it, or any event."""

    act: str
    days: int
    which: int
    category: str
    leaf: str
    channel: str
    back: int


STEPS = st.builds(
    Step,
    act=st.sampled_from(["receive"] * 4 + ["decide"] * 4 + ["correct"] * 3 + ["lapse", "withdraw", "void", "reopen", "any", "any"]),
    days=st.one_of(st.integers(0, 40), st.integers(60, 200)),
    which=st.integers(0, 99),
    category=st.sampled_from(CATEGORIES),
    leaf=st.sampled_from(DRAFTABLE),
    channel=st.sampled_from([channel.value for channel in Channel]),
    back=st.sampled_from([0, 0, 0, 3, 40]),
)  # fmt: skip
LEDGERS = st.lists(STEPS, min_size=8, max_size=30)
#: Any period the report may be asked for: a year, cut off on any day of it or not at all.
PERIODS = st.tuples(st.sampled_from(YEARS), st.none() | st.integers(0, 364))


@dataclass
class Player:
    """Plays steps through the commands, each command at an instant of its own; ``after`` is called behind each."""

    city: City
    now: datetime = START
    keys: list[str] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)

    def play(self, step: Step, after: Any = lambda: None) -> None:
        self.now += timedelta(days=step.days)
        if step.act == "receive" or not self.keys:
            self._command(lambda: self._receive(step), after)
            return
        key = self.keys[step.which % len(self.keys)]
        for event, data in self._events(key, step):
            self._command(lambda event=event, data=data: do(key, event, by(event), data), after)

    def _command(self, command: Any, after: Any) -> None:
        self.now += timedelta(minutes=7)
        with clock.at(self.now), suppress(Refused):
            command()
            self.moments.append(self.now)
            after()

    def _receive(self, step: Step) -> None:
        bodies = (self.city.city, self.city.office, self.city.department, self.city.district)
        data = APPLICATION | {"category": step.category, "channel": step.channel}
        day = clock.today() - timedelta(days=step.back)  # entered late
        done = receive(bodies[step.which % 4], by("register"), data, day=day)
        self.keys.append(done.event.subject)

    def _events(self, key: str, step: Step) -> Iterator[tuple[str, dict[str, Any]]]:
        """The events a step tries on a request; those the procedure refuses leave no trace."""
        match step.act:
            case "decide":
                yield from ((e, draft(step.leaf) if e == "draft" else event_data(e)) for e in ("confirm", *DECIDING))
            case "correct":
                yield "correct", {"category": step.category, "reason": "登记有误"}
                yield "correct", {"leaf": step.leaf, "reason": "登记有误"}
            case "lapse":
                yield from ((e, event_data(e)) for e in ("accept", "request_clarification"))
                self.now += timedelta(days=40)
                yield "lapse_unclarified", event_data("lapse_unclarified")
            case "any":
                offered = PROCEDURE.allowed(case(key).state, ROLES)
                events = [move.event for move in offered if move.event != "delay"]
                if events:
                    yield events[step.which % len(events)], event_data(events[step.which % len(events)])
            case event:
                yield event, event_data(event)


def by(event: str) -> Actor:
    """Different hands for each event (four eyes), each holding every role."""
    return Actor(f"{event}-officer", frozenset(ROLES))


@contextmanager
def ledger(city: City, steps: list[Step], after: Any = lambda: None) -> Iterator[Player]:
    """The ledger the steps make; gone at the end of the block."""
    with transaction.atomic():
        player = Player(city)
        for step in steps:
            player.play(step, after)
        yield player
        transaction.set_rollback(True)


def recount(first: date, last: date, bodies: set[str], known_at: datetime | None = None) -> Cells:
    """Table three by reading every line again: no replay, no tally, no query but the lines."""
    cells: Counter[str] = Counter()
    subjects: dict[str, list[Event]] = {}
    for line in Event.objects.filter(subject_kind="request").order_by("id"):
        if known_at is None or line.recorded_at <= known_at:
            subjects.setdefault(line.subject, []).append(line)
    for lines in subjects.values():
        if lines[0].data["body"] not in bodies or any(line.kind == "void" for line in lines):
            continue
        category = [line.data["category"] for line in lines if "category" in line.data][-1]
        received = next((line.legal_day for line in lines if line.kind in {"register", "confirm"}), None)
        if received is None:
            continue
        decided, leaf = _first_decision(lines)
        for column in (category, "total"):
            cells[f"t3.1.{column}"] += first <= received <= last
            cells[f"t3.2.{column}"] += received < first and (decided is None or decided >= first)
            cells[f"t3.4.{column}"] += received <= last and (decided is None or decided > last)
            if decided and first <= decided <= last:
                cells[f"t3.{leaf}.{column}"] += 1
                cells[f"t3.3.7.{column}"] += 1
    return {cell: n for cell, n in cells.items() if n}


def _first_decision(lines: list[Event]) -> tuple[date | None, str]:
    ends = {"withdraw": "3.6.3", "lapse_unclarified": "3.6.1", "lapse_unpaid": "3.6.2"}
    decided, leaf, drafted = None, "", ""
    for line in lines:
        drafted = line.data["leaf"] if line.kind == "draft" else drafted
        if decided is None and (line.kind == "sign" or line.kind in ends):
            decided, leaf = line.legal_day, ends.get(line.kind, drafted)
        if line.kind == "correct":
            leaf = line.data.get("leaf", leaf)
    return decided, leaf


def period(chosen: tuple[int, int | None]) -> tuple[int, date | None]:
    """A year and its cut-off day."""
    year, day = chosen
    return year, None if day is None else date(year, 1, 1) + timedelta(days=day)


def scopes(city: City) -> list[Any]:
    """Every kind of scope a report has: everybody, one body alone, a government with all below it."""
    return [None, counted(city.department), counted(city.office), counted(city.city, "all")]


def keys(scope: Any) -> set[str]:
    """The body keys of a scope."""
    return set((Body.objects.all() if scope is None else scope).values_list("key", flat=True))


def nonzero(cells: Any) -> Cells:
    """Cells that are not 0."""
    return {cell: n for cell, n in cells.items() if n}


def assert_equations(cells: Cells) -> None:
    """E1 to E3 of the form (E4 is table four's)."""
    columns = [*CATEGORIES, "total"]
    rows = ["1", "2", "4", "3.7", *LEAVES]
    value = {(row, column): cells.get(f"t3.{row}.{column}", 0) for row in rows for column in columns}
    for column in columns:
        assert value["1", column] + value["2", column] == value["3.7", column] + value["4", column]
        assert sum(value[leaf, column] for leaf in LEAVES) == value["3.7", column]
    for row in rows:
        assert sum(value[row, category] for category in CATEGORIES) == value[row, "total"]


@pytest.fixture
def city(db):
    with clock.at(START):
        return small_city()


def examples(count: int) -> Any:
    """Random ledgers on one government: the fixture holds only bodies, each example takes its requests back.

    ``GONGKAI_EXAMPLES`` sets how many, for a long run; a short one tries the same ones each time.
    """
    number = int(os.environ.get("GONGKAI_EXAMPLES", count))
    return settings(
        max_examples=number,
        deadline=None,
        derandomize=number == count,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )


@examples(12)
@given(steps=LEDGERS, chosen=st.lists(PERIODS, min_size=3, max_size=3))
def test_counts_equal_a_recount_and_open_to_their_rows(city, steps, chosen):
    """Any year, any cut-off day, any scope: equal to the recount, E1–E3 hold, and each cell opens to what it counts."""
    with ledger(city, steps):
        for year, as_of in map(period, chosen):
            for scope in scopes(city):
                ask = Ask.year(scope, year, as_of)
                cells = nonzero(figures.count(ask))
                assert cells == recount(ask.first, ask.last, keys(scope))
                assert_equations(cells)
                for cell, n in cells.items():
                    assert figures.rows(ask, cell).count() == n
            ask = Ask.year(None, year, as_of)
            by_body = {body: nonzero(cells) for body, cells in figures.count_by_body(ask).items()}
            for body in keys(None):
                assert by_body.get(body, {}) == recount(ask.first, ask.last, {body})


@examples(8)
@given(steps=LEDGERS, chosen=PERIODS)
def test_what_was_counted_then_is_counted_again_as_known_then(city, steps, chosen):
    """After every command the answers are kept; later corrections, voids and late entries do not change them."""
    year, as_of = period(chosen)
    kept: list[tuple[datetime, list[Cells]]] = []

    def ask_all(known_at: datetime | None = None) -> list[Cells]:
        return [nonzero(figures.count(Ask.year(scope, year, as_of, known_at))) for scope in scopes(city)]

    with ledger(city, steps, lambda: kept.append((clock.now(), ask_all()))):
        for instant, answers in kept:
            assert ask_all(instant) == answers
            assert ask_all(instant + timedelta(seconds=1)) == answers
        first_of_all = kept[0][0] - timedelta(seconds=1)
        assert ask_all(first_of_all) == [{}] * len(scopes(city))
        instant, answers = kept[len(kept) // 2]
        ask = Ask.year(None, year, as_of, instant)
        assert answers[0] == recount(ask.first, ask.last, keys(None), instant)
        for cell, n in answers[0].items():
            assert figures.rows(ask, cell).count() == n


@examples(5)
@given(steps=LEDGERS)
def test_first_and_last_day_both_count(city, steps):
    """Periods that begin or end on the very days things happened, where a slip of one day would show."""
    with ledger(city, steps):
        happened = Event.objects.filter(subject_kind="request").values_list("legal_day", flat=True)
        for day in sorted(set(happened)):
            for first, last in ((day, day + timedelta(days=30)), (day - timedelta(days=30), day), (day, day)):
                ask = Ask(None, first, last)
                cells = nonzero(figures.count(ask))
                assert cells == recount(first, last, keys(None))
                for cell in (cell for cell in cells if cell.endswith(".total")):
                    assert figures.rows(ask, cell).count() == cells[cell]


@examples(8)
@given(steps=LEDGERS)
def test_rebuild_writes_the_same_rows(city, steps):
    """Projection and tally, every column of every row."""

    def dump() -> list[Any]:
        return [list(model.objects.order_by("pk").values()) for model in (Request, RequestTally)]

    with ledger(city, steps) as player:
        before = dump()
        assert len(before[0]) == len(player.keys)
        rebuild()
        assert dump() == before


def test_random_ledgers_reach_every_kind_of_row(city):
    """The steps above are worth trying: between them they fill each row a draft may lead to, and close tally rows."""
    filled: set[str] = set()
    for n, leaf in enumerate(DRAFTABLE):
        steps = [
            Step(act, 9, 0, CATEGORIES[n % 6], leaf, "web", 3)
            for act in ("receive", "decide", "receive", "lapse", "reopen", "correct")
        ]
        with ledger(city, steps):
            filled |= {cell.rsplit(".", 1)[0] for cell in figures.count(Ask.year(None, 2020)) if cell.endswith("total")}
            filled |= {cell.rsplit(".", 1)[0] for cell in figures.count(Ask.year(None, 2019)) if cell.endswith("total")}
            assert RequestTally.objects.filter(known_to__lt=datetime(2100, 1, 1, tzinfo=UTC)).exists()
    assert {f"t3.{row}" for row in ("1", "2", "4", "3.7", *DRAFTABLE)} <= filled


def test_a_correction_changes_today_and_not_last_month(city):
    """One case in full: decided in 2020, corrected in 2021; the report as known before stays what it was."""
    steps = [
        Step("receive", 40, 1, "natural_person", "3.1", "in-person", 0),
        Step("decide", 10, 0, "natural_person", "3.1", "in-person", 0),
        Step("correct", 200, 0, "other", "3.2", "in-person", 0),
    ]
    with ledger(city, steps) as player:
        office = counted(city.office)
        before = player.moments[-1] - timedelta(days=100)
        then, now = Ask.year(office, 2020, known_at=before), Ask.year(office, 2020)
        assert figures.count(then)["t3.3.1.natural_person"] == 1 and "t3.3.2.other" not in figures.count(then)
        assert figures.count(now)["t3.3.2.other"] == 1 and "t3.3.1.total" not in figures.count(now)
        assert figures.rows(then, "t3.3.1.natural_person").get() == figures.rows(now, "t3.3.2.other").get()


def test_a_government_of_every_body_is_counted_like_everybody(city):
    """Asking for all bodies by name drops the filter, and asking for none of them does not."""
    with ledger(city, [Step("receive", 40, n, "other", "3.1", "oral", 0) for n in range(4)]):
        everybody = figures.count(Ask.year(None, 2020))
        assert everybody["t3.1.total"] == 4
        assert figures.count(Ask.year(counted(city.city, "all"), 2020)) == everybody
        assert figures.count(Ask.year(Body.objects.none(), 2020)) == {}
