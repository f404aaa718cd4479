"""The compiled report against a recount in plain Python from the lines of the ledger."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.annual.equations import check
from gongkai.law.applicants import COLUMNS
from gongkai.ledger import clock
from gongkai.ledger.models import Event
from gongkai.organs.queries import counted
from gongkai.reporting.queries import all_figures, ask, compile_report
from gongkai.requests import services as requests
from gongkai.requests.testing import event_data

from .conftest import by

ENDINGS = {"sign", "lapse_unclarified", "lapse_unpaid", "withdraw"}


@dataclass
class Told:
    """What the lines of one request tell, read one after another."""

    body: str = ""
    category: str = ""
    received: date | None = None
    decided: date | None = None
    drafted: str = ""
    leaf: str = ""
    void: bool = False

    def hear(self, line: Event) -> None:
        self.body, self.category = line.data.get("body", self.body), line.data.get("category", self.category)
        self.void = self.void or line.kind == "void"
        if line.kind in {"register", "confirm"}:
            self.received = line.legal_day
        if line.kind == "draft":
            self.drafted = line.data["leaf"]
        if line.kind == "correct":
            self.leaf = line.data.get("leaf", self.leaf)
        if line.kind in ENDINGS and self.decided is None:
            self.decided, self.leaf = line.legal_day, {"sign": self.drafted, "withdraw": "3.6.3"}[line.kind]

    def rows(self, first: date, last: date) -> list[str]:
        if self.received is None or self.received > last or self.void or (self.decided and self.decided < first):
            return []
        ended = [self.leaf, "3.7"] if self.decided and self.decided <= last else ["4"]
        return ["1" if self.received >= first else "2", *ended]


def recount(bodies: set[str], first: date, last: date, known_at: datetime | None = None) -> Counter:
    """Table three, line by line of the ledger; shares no code with the tally or the figures."""
    requests: dict[str, Told] = {}
    for line in Event.objects.filter(subject_kind="request").order_by("id"):
        if known_at is None or line.recorded_at <= known_at:
            requests.setdefault(line.subject, Told()).hear(line)
    cells: Counter = Counter()
    for told in requests.values():
        for row in told.rows(first, last) if told.body in bodies else ():
            cells[f"t3.{row}.{told.category}"] += 1
            cells[f"t3.{row}.total"] += 1
    return cells


def assert_equal(report, cells: Counter) -> None:
    shown = {cell: value for cell, value in report.values.items() if cell.startswith("t3.") and value}
    assert shown == dict(cells)


@pytest.mark.parametrize("year", [2019, 2020, 2021, 2022])
@pytest.mark.parametrize("reach", ["own", "all"])
def test_report_equals_the_recount(city, year, reach):
    for body in (city.office, city.department, city.district):
        bodies = {one.key for one in counted(body, reach)}
        report = compile_report(body, year, reach=reach)
        assert_equal(report, recount(bodies, date(year, 1, 1), date(year, 12, 31)))
        assert check(report) == []


def test_the_office_reports_for_its_government(city):
    report = compile_report(city.office, 2021)
    assert report.body == "重庆市人民政府办公厅" and report.year == 2021
    assert (
        report.values["t3.1.total"]
        == Event.objects.filter(
            subject_kind="request", kind="register", legal_day__year=2021, data__body__in=["cq", "cq-office"]
        ).count()
        > 0
    )


def test_any_past_day_and_any_past_knowledge(city):
    """A year cut off on any day, as known at any instant, equals the recount of the lines there were."""
    bodies = {"cq", "cq-office"}

    @given(st.integers(0, 364), st.integers(0, 800))
    def holds(cut: int, known: int) -> None:
        as_of = date(2021, 1, 1) + timedelta(days=cut)
        known_at = datetime(2020, 11, 1, tzinfo=UTC) + timedelta(days=known)
        report = compile_report(city.office, 2021, as_of, known_at)
        assert_equal(report, recount(bodies, date(2021, 1, 1), as_of, known_at))
        assert check(report) == []

    holds()


def test_back_dated_entries_and_corrections_leave_the_past_as_known(city):
    known_at = clock.now()
    before = compile_report(city.office, 2021)
    with clock.at(known_at + timedelta(days=1)):
        back_dated = requests.receive(city.office, by("register"), event_data("register"), day=date(2021, 12, 30))
        requests.do(back_dated.event.subject, "withdraw", by("x"), event_data("withdraw"), day=date(2021, 12, 31))
    with clock.at(known_at + timedelta(days=2)):
        assert compile_report(city.office, 2021, known_at=known_at) == before
        after = compile_report(city.office, 2021)
        assert after.values["t3.1.total"] == before.values["t3.1.total"] + 1
        assert compile_report(city.office, 2021, as_of=date(2021, 12, 29)) == compile_report(
            city.office, 2021, date(2021, 12, 29), known_at
        )


def test_json_has_the_shape_of_the_published_one(city):
    data = compile_report(city.office, 2021).to_json()
    assert list(data) == ["body", "year", "table2", "table3", "table4"]
    assert list(data["table2"]) == ["规章", "行政规范性文件", "行政许可", "行政处罚", "行政强制", "行政事业性收费_万元"]
    assert len(data["table3"]) == 25 and all(len(row) == 7 for row in data["table3"].values())
    assert [len(row) for row in data["table4"].values()] == [5, 5, 5]
    assert len(COLUMNS) == 6


def test_one_report_takes_few_queries(city, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        compile_report(city.office, 2021)


def test_impossible_years_and_days_are_refused(city):
    with pytest.raises(ValueError, match="年度应在"):
        ask(city.office, 0)
    with pytest.raises(ValueError, match="早于"):
        ask(city.office, 2021, date(2020, 12, 31))


def test_every_figure_leads_to_rows_that_it_counts(city):
    from gongkai import figure

    asked = ask(city.office, 2021)
    for one in all_figures(city.office, 2021):
        assert one.rows_url.startswith("/office/reporting/figures/") and one.figure.definition
        if one.figure.unit == "件":
            assert figure.rows(asked, one.figure.id).count() == one.value, one.figure.id
