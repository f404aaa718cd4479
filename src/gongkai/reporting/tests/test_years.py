"""The public numbers of a year: frozen where there is a report, else counted to the end of yesterday, and the same all day."""

import random
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from gongkai import figure
from gongkai.bake.reading import recording
from gongkai.figure import Ask
from gongkai.ledger import clock
from gongkai.organs.models import Body
from gongkai.organs.queries import counted
from gongkai.reporting import content, dashboard, listing, years
from gongkai.reporting.models import AnnualReport
from gongkai.reporting.queries import compile_report
from gongkai.reporting.testing import bring

from .conftest import NEW_YEAR_2022, play
from .test_frozen import correct_the_past

CHECKS = []


def check(function):
    """One statement about the city; what it changes is taken back."""
    CHECKS.append(function)
    return function


def test_the_numbers_of_a_year(city, subtests):
    """The city is played once; then every statement."""
    for function in CHECKS:
        with subtests.test(function.__name__.replace("_", " ")), transaction.atomic():
            function(city)
            transaction.set_rollback(True)


@check
def by_body_and_month_are_parts_of_the_whole(city):
    """What every family counts body by body and month by month adds up to what it counts at once."""
    for year in (2020, 2021):
        ask = Ask.year(None, year)
        whole, bodies, months = figure.count(ask), figure.count_by_body(ask), figure.count_by_month(ask)
        filled = [{one.id: values.get(one.id, 0) for one in figure.figures()} for values in bodies.values()]
        again = years.total(filled)
        assert {name: whole[name] for name in again} == again
        assert len(again) > 200 and whole["t3.1.total"] > 0
        for name in ("t3.1.total", "t3.3.7.total", "records_published", "t2.regulation.issued"):
            assert sum(m.get(name, 0) for of in months.values() for m in of.values()) == whole[name]


@check
def a_running_year_is_counted_to_yesterday_and_stays_all_day(city):
    with recording() as sources:
        found = years.of_body(city.office, 2022)
        whole = years.of_year(2021)
    assert found.as_of == date(2022, 1, 9) and whole.standings
    assert whole.as_of == date(2021, 12, 31) and sources.until == date(2022, 1, 11)
    for one in whole.standings:
        report = compile_report(one.body, 2021, known_at=years.midnight())
        assert {cell: one.values[cell] for cell in report.values} == dict(report.values)
    with clock.at(NEW_YEAR_2022 + timedelta(hours=3)):
        correct_the_past(city)
        assert years.of_year(2021) == whole
    with clock.at(NEW_YEAR_2022 + timedelta(days=1)):
        assert years.of_year(2021).values != whole.values


@check
def a_published_report_stands_for_its_year(city):
    before = years.of_body(city.office, 2021)
    bring(city.office, 2021, "published")
    correct_the_past(city)
    with clock.at(NEW_YEAR_2022 + timedelta(days=40)), recording() as sources:
        found = years.of_body(city.office, 2021)
        assert found.report and dict(found.values) == content.frozen(found.report.content)[0]
        assert (
            found.values["t3.1.total"]
            == before.values["t3.1.total"]
            == sum(month.get("t3.1.total", 0) for month in found.months.values())
        )
        assert sources.keys >= {"report:cq-office-2021"} and sources.until is None


@check
def nothing_stands_in_for_an_overdue_report(city):
    bring(city.district, 2021, "published")
    assert [one.body.key for one in years.of_year(2021).reported] == ["cq-yuzhong"]
    assert years.of_body(city.office, 2021) is not None
    with clock.at(datetime(2022, 4, 1, 2, tzinfo=UTC)), recording() as sources:
        found = years.of_year(2021)
        assert [one.body.key for one in found.standings] == ["cq-yuzhong"]
        assert {one.key for one in found.missing} == {"cq-office", "cq-plan"}
        assert years.of_body(city.office, 2021) is None and sources.until is None


@check
def when_reports_are_due(city):
    """Governments, and the office that reports for one: 31 March; departments: 31 January (Art 49)."""
    assert [years.due_on(Body.objects.get(key=key), 2021) for key in ("cq-office", "cq-yuzhong", "cq-plan")] == [
        date(2022, 3, 31), date(2022, 3, 31), date(2022, 1, 31),
    ]  # fmt: skip
    bring(city.district, 2020, "published")
    for day, words in ((date(2022, 1, 31), "待公布"), (date(2022, 2, 1), "本站没有")):
        with clock.at(datetime(day.year, day.month, day.day, 2, tzinfo=UTC)), recording() as sources:
            owed = {(one.body.key, one.year): one for one in listing.every()}
        assert owed["cq-plan", 2021].words == words and owed["cq-yuzhong", 2020].words == "已公布"
        assert owed["cq-plan", 2020].missing
        assert sources.until == (date(2022, 2, 1) if words == "待公布" else date(2022, 4, 1))


def test_ratios_of_several_bodies_come_from_their_parts():
    """100 of 100 in ten days and 0 of 300 in thirty: 25 %, 25 days; not the mean of the means."""
    one = {"requests_answered": 100, "requests_answered_on_time": 100, "answer_workdays": 1000}
    two = {"requests_answered": 300, "requests_answered_on_time": 0, "answer_workdays": 9000}
    found = years.total([one, two])
    assert (found["answered_on_time_rate"], found["average_answer_workdays"]) == (25, 25)
    assert "complaints_handled_rate" not in found
    # A number one body does not have is not summed at all: half a sum would pass for the whole.
    assert "answer_workdays" not in years.total([one, {"requests_answered": 1, "requests_answered_on_time": 1}])


def test_a_share_of_nothing_is_not_shown():
    values = {"requests_answered": 0, "answered_on_time_rate": 0}
    assert dashboard.shown("answered_on_time_rate", values) is None
    assert dashboard.shown("requests_answered", values) == 0


@check
def answers_and_channels_are_those_of_the_cases(city):
    """Beside a recount of every case: answered by letter, the working days its clock ran, by which channel."""
    from gongkai.law.clocks import overdue, used
    from gongkai.requests.models import Request
    from gongkai.requests.queries import case

    rng = random.Random(5)
    for number in range(6):
        play(city.office, datetime(2021, 3, 1 + number, 2, tzinfo=UTC), rng)
    ask = Ask.year(counted(city.office), 2021)
    values = figure.count(ask, ["requests.answers", "requests.channels", "requests.table3"])
    cases = [
        case(key)
        for key in Request.objects.filter(body__in=counted(city.office).values("key")).values_list("key", flat=True)
    ]
    lettered = [one for one in cases if one.decided_on and one.decided_on.year == 2021 and one.document_number]
    clocks = [(one.deadline(), one.decided_on) for one in lettered]
    assert values["requests_answered"] == len(lettered) > 3
    assert values["requests_answered_on_time"] == sum(not overdue(due, day) for due, day in clocks)
    assert values["answer_workdays"] == sum(used(due, day) for due, day in clocks)
    assert sum(value for name, value in values.items() if name.startswith("received_by_")) == values["t3.1.total"]
    for name in ("requests_answered", "requests_answered_on_time", "received_by_in_person"):
        assert figure.rows(ask, name).count() == values[name]


@check
def the_number_of_queries_is_steady(city):
    year = 2021
    bring(city.district, year, "published")
    for key in range(8):
        Body.objects.create(
            key=f"x{key}", name=f"机关{key}", short_name="机关", kind="department", path=f"/cq/x{key}/", order=50
        )
    copied = AnnualReport.objects.filter(key=f"cq-yuzhong-{year}").values().get()
    for key in range(4):
        AnnualReport.objects.create(**copied | {"key": f"x{key}-{year}", "body_id": f"x{key}"})
    most = 3 + 3 * len(figure.FAMILIES)
    with CaptureQueriesContext(connection) as asked:
        assert len(years.of_year(year).standings) >= 5
    assert len(asked) <= most
