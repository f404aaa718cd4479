"""Table two against a slow day-by-day recount, for random histories and any period."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from gongkai.figure import Ask
from gongkai.figure.registry import FAMILIES
from gongkai.law.validity import status
from gongkai.ledger import clock
from gongkai.ledger.services import Actor
from gongkai.norms import figures, queries, services
from gongkai.norms.figures import ten_thousand_yuan
from gongkai.norms.models import Norm
from gongkai.norms.testing import event_data
from gongkai.organs.models import Body
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import small_city

START = date(2019, 1, 1)
DAY = timedelta(days=1)
A = Actor("a", frozenset(ROLES))


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


class History:
    """One random norm played through the real commands, with the days on which it stands kept apart."""

    def __init__(self, body: Body, rng: random.Random, number: int):
        self.body, self.kind = body.key, rng.choice(["regulation", "normative_document"])
        day = START + DAY * rng.randrange(900)
        self.issued = day - DAY * rng.choice([0, 0, 0, 40, 400])
        self.until = rng.choice([None, day + DAY * rng.randrange(1, 900)])
        self.ended: date | None = None
        data = {"kind": self.kind, "title": f"文件{number}", "document_number": f"第{number}号"}
        effective = self.issued + DAY * rng.choice([0, 0, 30])
        if self.until and self.until < effective:
            self.until = effective
        data |= {"effective_on": effective.isoformat()} | (
            {"valid_until": self.until.isoformat()} if self.until else {}
        )
        enter = services.issue if self.issued == day else services.register_existing
        data |= {} if self.issued == day else {"issued_on": self.issued.isoformat()}
        with clock.at(noon(day)):
            self.key = enter(body, A, data).event.subject
        for event in rng.sample(["amend", "renew", "end", "none"], 2):
            day += DAY * rng.randrange(300)
            if event != "none" and (self.until is None or day <= self.until) and self.ended is None:
                with clock.at(noon(day)):
                    getattr(self, event)(rng, day)

    def do(self, event: str, **data: str) -> None:
        services.do("norm", self.key, event, A, event_data("norm", event) | data)

    def amend(self, rng: random.Random, day: date) -> None:
        self.do("amend")

    def renew(self, rng: random.Random, day: date) -> None:
        if self.until:
            self.until += DAY * rng.randrange(1, 500)
            self.do("renew", valid_until=self.until.isoformat())

    def end(self, rng: random.Random, day: date) -> None:
        start = day + DAY * rng.choice([0, 0, 20])
        self.ended = start if self.until is None else min(start, self.until)
        self.do(rng.choice(["repeal", "declare_lapsed"]), from_on=self.ended.isoformat())

    def stands(self, day: date) -> bool:
        """Whether it is in force on a day, said without arithmetic on its end."""
        return (
            self.issued <= day
            and (self.until is None or day <= self.until)
            and (self.ended is None or day < self.ended)
        )


@pytest.fixture(scope="module")
def shelf(django_db_setup, django_db_blocker):
    """Random norms of two bodies, played once for every question below."""
    with django_db_blocker.unblock(), transaction.atomic():
        rng = random.Random(45)
        with clock.at(noon(START)):
            city = small_city()
        yield [History(rng.choice([city.office, city.city]), rng, n) for n in range(80)]
        transaction.set_rollback(True)


def recount(shelf: list[History], first: date, last: date, bodies: set[str]) -> dict[str, int]:
    """Day by day: who comes into force, who goes, who stands at the end."""
    cells = {
        f"t2.{kind}.{column}": 0
        for kind in ("regulation", "normative_document")
        for column in ("issued", "repealed", "in_force")
    }
    for norm in (n for n in shelf if n.body in bodies):
        day = first
        while day <= last:
            cells[f"t2.{norm.kind}.issued"] += norm.issued == day
            was = norm.issued == day or norm.stands(day - DAY)
            cells[f"t2.{norm.kind}.repealed"] += was and not norm.stands(day)
            day += DAY
        cells[f"t2.{norm.kind}.in_force"] += norm.stands(last)
    return cells


def test_table_two_equals_the_daily_recount_and_balances(shelf):
    rng, seen = random.Random(11), set()
    for _ in range(40):
        first = START + DAY * rng.randrange(1200)
        last = first + DAY * rng.randrange(400)
        bodies = rng.choice([{"cq"}, {"cq-office"}, {"cq", "cq-office"}])
        chosen = Body.objects.filter(key__in=bodies)
        expected = recount(shelf, first, last, bodies)
        found = dict.fromkeys(expected, 0) | figures.count_norms(Ask(chosen, first, last))
        assert found == expected, (first, last, bodies)
        before = figures.count_norms(Ask(chosen, first - DAY, first - DAY))
        for kind in ("regulation", "normative_document"):
            x2 = before.get(f"t2.{kind}.in_force", 0) + found[f"t2.{kind}.issued"] - found[f"t2.{kind}.repealed"]
            assert x2 == found[f"t2.{kind}.in_force"], "X2"
        seen |= {name for name, value in found.items() if value}
    assert len(seen) == 6, "every cell was really tried"


def test_status_and_in_force_agree_with_the_recount(shelf):
    rng = random.Random(3)
    rows = list(Norm.objects.all())
    by_key = {(n.body, n.key): n for n in shelf}
    for _ in range(30):
        day = START + DAY * rng.randrange(-500, 2000)
        standing = {row.key for row in queries.in_force(Norm.objects.all(), day)}
        for row in rows:
            stands = by_key[row.body_id, row.key].stands(day)
            assert (row.key in standing) == stands == status(row.validity, day).in_force


def test_rows_bodies_and_narrative_agree_with_the_count(shelf):
    for year in (2019, 2020, 2021, 2022):
        ask = Ask.year(None, year)
        found, by_body = figures.count_norms(ask), figures.count_norms_by_body(ask)
        for figure in figures.NORMS.figures:
            assert figures.norm_rows(ask, figure.id).count() == found.get(figure.id, 0)
            assert sum(cells.get(figure.id, 0) for cells in by_body.values()) == found.get(figure.id, 0)
        told = FAMILIES["norms.narrative"].count(ask)
        assert told == {
            "regulations_published": found["t2.regulation.issued"],
            "normative_documents_published": found["t2.normative_document.issued"],
            "regulations_in_force": found["t2.regulation.in_force"],
        }
        for name, value in told.items():
            assert FAMILIES["norms.narrative"].rows(ask, name).count() == value


def test_one_query_each(shelf):
    ask = Ask.year(Body.objects.filter(key="cq"), 2020)
    for count in (
        figures.count_norms, figures.count_norms_by_body, figures.count_entries, figures.count_entries_by_body,
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            count(ask)
        assert len(captured) == 1


@pytest.fixture
def city(db):
    with clock.at(noon(START)):
        yield small_city()


def test_a_correction_leaves_what_was_known(city):
    with clock.at(noon(date(2021, 3, 1))):
        key = services.issue(city.city, A, event_data("norm", "issue") | {"kind": "regulation"}).event.subject
    with clock.at(noon(date(2022, 5, 1))):
        services.do("norm", key, "correct", A, {"kind": "normative_document", "reason": "类别登错"})
    then = Ask(None, date(2021, 1, 1), date(2021, 12, 31), noon(date(2022, 1, 31)))
    assert figures.count_norms(then)["t2.regulation.issued"] == 1
    now = figures.count_norms(Ask.year(None, 2021))
    assert now["t2.normative_document.issued"] == 1 and "t2.regulation.issued" not in now


def test_registers_add_up(city):
    def enter(day: date, body=city.office, **data):
        with clock.at(noon(day)):
            entry = {"matter": "x", "decided_on": day.isoformat()} | data
            return services.enter(body, A, entry).event.subject

    enter(date(2020, 12, 31), register="licence", count="9")
    enter(date(2021, 1, 1), register="licence")
    licence = enter(date(2021, 12, 31), register="licence", count="4")
    enter(date(2021, 5, 1), city.department, register="penalty", count="2")
    void = enter(date(2021, 5, 1), register="coercion", count="2")
    for _ in range(3):
        enter(date(2021, 6, 1), register="fee", amount="0.10")
    fee = enter(date(2021, 6, 1), register="fee", amount="12345.60")
    with clock.at(noon(date(2022, 1, 5))):
        services.do("register_entry", void, "void", A, {"reason": "撤销"})
    ask = Ask.year(None, 2021)
    assert figures.count_entries(ask) == {
        "t2.licence.decisions": 5, "t2.penalty.decisions": 2, "t2.fee.amount": Decimal("1.23459"),
    }  # fmt: skip
    by_body = figures.count_entries_by_body(ask)
    assert by_body["cq-plan"] == {"t2.penalty.decisions": 2} and by_body["cq-office"]["t2.licence.decisions"] == 5
    assert figures.entry_rows(ask, "t2.licence.decisions").count() == 2
    with clock.at(noon(date(2022, 2, 5))):
        services.do("register_entry", licence, "correct", A, {"count": 6, "reason": "x"})
        services.do("register_entry", fee, "correct", A, {"amount": "19999.70", "reason": "x"})
    assert figures.count_entries(ask)["t2.licence.decisions"] == 7
    amount = figures.count_entries(ask)["t2.fee.amount"]
    assert amount == 2 and isinstance(amount, int)
    then = Ask(None, ask.first, ask.last, noon(date(2022, 1, 1)))
    assert figures.count_entries(then)["t2.coercion.decisions"] == 2


@given(st.integers(0, 10**15))
def test_ten_thousand_yuan_is_exact(fen):
    amount = ten_thousand_yuan(fen)
    assert amount * 1_000_000 == fen and isinstance(amount, int) == (fen % 1_000_000 == 0)
    assert "E" not in str(amount)
