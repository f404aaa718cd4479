"""The demonstration year: believable, complete, and equal to the published report."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from gongkai.demo import cases
from gongkai.demo.load import load, scenes
from gongkai.demo.play import PRESENT
from gongkai.law.calendar import CHINA
from gongkai.law.receipt import Channel
from gongkai.ledger import triggers
from gongkai.ledger.models import Event
from gongkai.ledger.queries import verify
from gongkai.organs.queries import body
from gongkai.reporting.queries import compile_report
from gongkai.requests.models import Request

GOLD = Path(__file__).resolve().parents[5] / "shared" / "seed" / "chongqing-2021.gold.json"


pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker, tmp_path_factory):
    """The whole demonstration, loaded once for this module with real commits, and flushed after it."""
    home, settings.HOME = settings.HOME, tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock():
        load(lambda *_: None)
    yield
    with django_db_blocker.unblock():
        triggers.remove(connection)
        call_command("flush", verbosity=0, interactive=False)
        triggers.install(connection)
    settings.HOME = home


def test_all_200_figures_equal_the_published_report(city):
    if not GOLD.exists():
        pytest.skip("no shared/ beside the repository")
    gold, ours = json.loads(GOLD.read_text()), compile_report(body("cq-office"), 2021).to_json()
    for table in ("table2", "table3", "table4"):
        assert ours[table] == gold[table]
    assert (ours["body"], ours["year"]) == (gold["body"], gold["year"])


def test_the_ledger_holds_and_loading_again_changes_nothing(city):
    count = Event.objects.count()
    assert load(lambda *_: None) == 0 and Event.objects.count() == count and verify().broken is None


def test_days_are_believable(city):
    """Desk work happens on working days in working hours; only the applicant's sending may not."""
    from zoneinfo import ZoneInfo

    for event in Event.objects.exclude(subject_kind="person").exclude(kind__in=("submit", "register_existing")):
        local = event.recorded_at.astimezone(ZoneInfo("Asia/Shanghai"))
        assert CHINA.is_workday(local.date()), f"{event} on {local}"
        assert 9 <= local.hour < 19, f"{event} at {local}"


def test_every_answer_is_in_time(city):
    late = [
        row.number
        for row in Request.objects.exclude(decided_on=None)
        if row.due_on < row.decided_on and not row.leaf.startswith("3.6")
    ]
    assert late == []


def test_clocks_channels_and_ways_are_all_used(city):
    kinds = set(Event.objects.filter(subject_kind="request").values_list("kind", flat=True))
    assert {
        "submit", "register", "confirm", "request_clarification", "clarify", "lapse_unclarified", "consult", "consulted",
        "extend", "delay", "send_back", "sign", "serve", "archive", "void", "withdraw", "correct", "reopen",
    } <= kinds  # fmt: skip
    assert set(Request.objects.values_list("channel", flat=True)) == {c.value for c in Channel}
    months = {day.month for day in Request.objects.filter(received_on__year=2021).values_list("received_on", flat=True)}
    assert months == set(range(1, 13))


def test_a_corrected_review_led_to_a_new_decision(city):
    again = Request.objects.get(rounds=2)
    assert again.state == "served" and again.answered_on > again.decided_on


def test_as_of_report_is_reproducible(city):
    """The report as of a day is the same whatever happened since, and its equations hold on every day."""
    from gongkai.annual.equations import check

    office = body("cq-office")
    for day in (date(2021, 1, 31), date(2021, 6, 30), date(2021, 11, 15), date(2021, 12, 31)):
        report = compile_report(office, 2021, as_of=day)
        assert not check(report) and report == compile_report(office, 2021, as_of=day)
    assert compile_report(office, 2021, as_of=date(2021, 12, 31)) == compile_report(office, 2021)


def test_scenes_are_deterministic(city):
    from gongkai.demo.city import build

    cast = build()
    one, two = scenes(cast), scenes(cast)
    assert [(s.at, s.key) for s in one] == [(s.at, s.key) for s in two]
    assert len({s.key for s in one}) == len(one) and max(s.at.date() for s in one) <= PRESENT
    assert sum(sum(counts) for counts in cases.DECIDED_2021.values()) == 532
