"""Table four against a slow recount, for random histories and any cut-off day."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.figure import Ask
from gongkai.ledger import clock
from gongkai.ledger.services import Actor
from gongkai.organs.models import Body
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import small_city
from gongkai.remedies import figures, services
from gongkai.remedies.testing import OPENING, event_data

START = date(2020, 1, 1)
ALL = frozenset(ROLES)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@dataclass
class History:
    """What was done to one case, kept apart from the product's own records."""

    block: str
    body: str
    filed: date
    happened: list[tuple[date, str]] = field(default_factory=list)  # (day, result or "reopened")

    def on(self, day: date) -> tuple[date, str] | None:
        """Walk through the days: the decision standing at the end of a day."""
        standing = None
        for when, what in self.happened:
            if when <= day:
                standing = None if what == "reopened" else (when, what)
        return standing


RESULTS = ["upheld", "corrected", "other"]


class Player:
    """Plays one random case through the real commands, on random days, and keeps its history."""

    def __init__(self, kind: str, body: Body, rng: random.Random):
        self.kind, self.rng, self.steps = kind, rng, 0
        self.day = START + timedelta(days=rng.randrange(500))
        opening, block = dict(OPENING[kind]), "reconsideration"
        if (
            kind == "lawsuit"
            and (block := rng.choice(["direct_suit", "suit_after_reconsideration"])) == "suit_after_reconsideration"
        ):
            opening |= {"route": "after_review", "review_document": "x"}
        file = services.file_lawsuit if kind == "lawsuit" else services.file_reconsideration
        with clock.at(noon(self.day)):
            self.key = file(body, Actor("a", ALL), opening).event.subject
        self.history = History(block, body.key, self.day)

    def do(self, event: str, happened: str = "", **data: str) -> None:
        self.day += timedelta(days=self.rng.randrange(120))
        self.steps += 1
        values = event_data(self.kind, event, services.replay(self.kind, self.key).state) | data
        with clock.at(noon(self.day)):
            services.do(self.kind, self.key, event, Actor(str(self.steps), ALL), values)
        if happened:
            self.history.happened.append((self.day, happened))

    def play(self) -> History:
        result = self.rng.choice(RESULTS)
        if self.rng.random() < 0.15:
            self.do(self.rng.choice(["refuse", "withdraw"]), "other")
        elif self.rng.random() < 0.2:
            self.do("accept")
        else:
            self.do("accept")
            if self.kind == "lawsuit":
                self.first_instance(remands=1)
            else:
                self.do("conclude", result, result=result)
        return self.history

    def first_instance(self, remands: int) -> None:
        result = self.rng.choice(RESULTS)
        self.do("judge", result, result=result)
        way = self.rng.choice(["wait", "effect", "appeal"])
        if way == "effect":
            self.do("conclude")
        elif way == "appeal":
            self.do("appeal", "reopened")
            self.second_instance(result, remands)

    def second_instance(self, before: str, remands: int) -> None:
        way, result = self.rng.choice(["wait", "final", "withdrawn", "remand"]), self.rng.choice(RESULTS)
        if way == "final":
            self.do("conclude", result, result=result)
        elif way == "withdrawn":
            self.do("withdraw_appeal", before)
        elif way == "remand" and remands:
            self.do("remand")
            self.first_instance(remands - 1)


def recount(histories: list[History], first: date, last: date, bodies: set[str]) -> Counter:
    """The slow oracle: looks at each case on the last day."""
    cells: Counter = Counter()
    for case in histories:
        if case.body not in bodies or case.filed > last:
            continue
        standing = case.on(last)
        if standing and standing[0] < first:
            continue
        cells[f"t4.{case.block}.{standing[1] if standing else 'pending'}"] += 1
        cells[f"t4.{case.block}.total"] += 1
    return cells


@pytest.fixture(scope="module")
def year(django_db_setup, django_db_blocker):
    """Random cases of two bodies, played once for every question below."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        rng = random.Random(20)
        with clock.at(noon(START)):
            city = small_city()
        histories = [
            Player(
                rng.choice(["reconsideration", "lawsuit", "lawsuit"]), rng.choice([city.office, city.city]), rng
            ).play()
            for _ in range(70)
        ]
        yield histories
        transaction.set_rollback(True)


def test_table_four_equals_the_recount_on_any_day(year):
    histories = year
    rng = random.Random(7)
    seen = Counter()
    for _ in range(150):
        first = START + timedelta(days=rng.randrange(900))
        last = first + timedelta(days=rng.randrange(500))
        for bodies in ({"cq-office"}, {"cq"}, {"cq", "cq-office"}):
            ask = Ask(Body.objects.filter(key__in=bodies), first, last)
            found, expected = figures.count(ask), recount(histories, first, last, bodies)
            assert +Counter(found) == expected, (first, last)
            seen += expected
            for block in ("reconsideration", "direct_suit", "suit_after_reconsideration"):
                parts = sum(found.get(f"t4.{block}.{r}", 0) for r in ("upheld", "corrected", "other", "pending"))
                assert parts == found.get(f"t4.{block}.total", 0)
    assert len(seen) == 15 and min(seen.values()) > 20, "every cell was really tried"


def test_rows_and_bodies_agree_with_the_count(year):
    for first in (date(2020, 1, 1), date(2021, 1, 1), date(2021, 6, 30)):
        ask = Ask(None, first, date(2021, 12, 31))
        found, by_body = figures.count(ask), figures.count_by_body(ask)
        for figure in figures.TABLE_FOUR.figures:
            assert figures.rows(ask, figure.id).count() == found.get(figure.id, 0), figure.id
            assert sum(cells.get(figure.id, 0) for cells in by_body.values()) == found.get(figure.id, 0)
        for body, cells in by_body.items():
            assert cells == figures.count(Ask(Body.objects.filter(key=body), first, date(2021, 12, 31)))


def test_narrative_equals_the_table(year):
    ask = Ask.year(None, 2021)
    cells = figures.count(ask)
    from gongkai.figure.registry import FAMILIES

    family = FAMILIES["remedies.narrative"]
    values = family.count(ask)
    assert values["reconsiderations"] == cells["t4.reconsideration.total"]
    assert values["lawsuits"] == cells["t4.direct_suit.total"] + cells["t4.suit_after_reconsideration.total"] > 0
    for figure in family.figures:
        assert family.rows(ask, figure.id).count() == values[figure.id]


def test_two_queries_whatever_the_number(year):
    ask = Ask.year(Body.objects.filter(key="cq-office"), 2021)
    for count in (figures.count, figures.count_by_body):
        with CaptureQueriesContext(connection) as captured:
            count(ask)
        assert len(captured) == 2


@pytest.fixture
def city(db):
    with clock.at(noon(START)):
        yield small_city()


def test_a_rectified_result_leaves_what_was_known(city):
    with clock.at(noon(date(2021, 3, 1))):
        key = services.file_reconsideration(city.office, Actor("a", ALL), OPENING["reconsideration"]).event.subject
        services.do("reconsideration", key, "accept", Actor("a", ALL))
        services.do("reconsideration", key, "conclude", Actor("a", ALL), {"result": "upheld"})
    with clock.at(noon(date(2022, 5, 1))):
        services.do("reconsideration", key, "rectify", Actor("a", ALL), {"result": "corrected", "reason": "登记有误"})
    then = Ask(None, date(2021, 1, 1), date(2021, 12, 31), noon(date(2022, 1, 31)))
    assert figures.count(then) == {"t4.reconsideration.upheld": 1, "t4.reconsideration.total": 1}
    assert figures.count(Ask.year(None, 2021)) == {"t4.reconsideration.corrected": 1, "t4.reconsideration.total": 1}


def test_void_cases_do_not_count(city):
    with clock.at(noon(date(2021, 3, 1))):
        for kind, file in (("lawsuit", services.file_lawsuit), ("reconsideration", services.file_reconsideration)):
            key = file(city.office, Actor("a", ALL), OPENING[kind]).event.subject
            services.do(kind, key, "void", Actor("a", ALL), {"reason": "重登"})
        key = services.receive_complaint(city.office, Actor("a", ALL), OPENING["complaint"]).event.subject
        services.do("complaint", key, "void", Actor("a", ALL), {"reason": "重登"})
    assert figures.count(Ask.year(None, 2021)) == {}
    assert figures.count_complaints(Ask.year(None, 2021))["complaints_received"] == 0


def test_complaints_received_and_the_share_handled(city):
    def receive(day: date) -> str:
        with clock.at(noon(day)):
            return services.receive_complaint(city.office, Actor("a", ALL), OPENING["complaint"]).event.subject

    def figures_of(last: date) -> tuple:
        values = figures.count_complaints(Ask(None, date(2021, 1, 1), last))
        return values["complaints_received"], values["complaints_handled_rate"]

    assert figures_of(date(2021, 12, 31)) == (0, Decimal("100.0"))
    receive(date(2020, 12, 31))
    first, second, _ = receive(date(2021, 2, 1)), receive(date(2021, 3, 1)), receive(date(2021, 4, 1))
    with clock.at(noon(date(2021, 6, 1))):
        services.do("complaint", first, "transfer", Actor("a", ALL), event_data("complaint", "transfer"))
    with clock.at(noon(date(2022, 2, 1))):
        services.do("complaint", second, "withdraw", Actor("a", ALL), event_data("complaint", "withdraw"))
    assert figures_of(date(2021, 5, 31)) == (3, Decimal("0.0"))
    assert figures_of(date(2021, 12, 31)) == (3, Decimal("33.3"))
    whole = Ask(None, date(2021, 1, 1), date(2022, 12, 31))
    assert figures.count_complaints(whole)["complaints_handled_rate"] == Decimal("66.7")
    assert figures.complaint_rows(whole, "complaints_handled_rate").count() == 2
    assert figures.complaint_rows(whole, "complaints_received").count() == 3
    assert figures.count_complaints_by_body(whole) == {"cq-office": figures.count_complaints(whole)}
