"""The demonstration year: believable, complete, and equal to the published report."""

import io
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from pypdf import PdfReader

from gongkai.annual.reader import read
from gongkai.demo import cases, redactions, retention
from gongkai.demo import desk as desk_cases
from gongkai.demo.load import load, scenes
from gongkai.demo.play import PRESENT, instant
from gongkai.law.calendar import CHINA
from gongkai.law.receipt import Channel
from gongkai.law.validity import Status
from gongkai.ledger import clock
from gongkai.ledger.models import Event, Secret
from gongkai.ledger.queries import verify
from gongkai.norms.models import Norm
from gongkai.norms.procedure import NORMATIVE
from gongkai.norms.queries import balance, bodies_of, statuses
from gongkai.organs.models import Person
from gongkai.organs.queries import body
from gongkai.records.models import Record
from gongkai.reporting.queries import all_figures, compile_report
from gongkai.requests.models import Request

PUBLISHED = Path(__file__).resolve().parents[5] / "shared" / "seed" / "annual-report-chongqing-2021.txt"


CHECKS = []


def check(function):
    """One statement about the loaded demonstration."""
    CHECKS.append(function)
    return function


@pytest.mark.django_db(transaction=True)
def test_the_demonstration(tmp_path, settings, subtests):
    """Loaded once, through real commands and commits; then every statement about it."""
    settings.HOME = tmp_path
    load(lambda *_: None)
    for function in CHECKS:
        with subtests.test(function.__name__.replace("_", " ")):
            function()


@check
def all_200_figures_equal_the_published_report():
    if not PUBLISHED.exists():
        return  # no shared/ beside the repository
    gold, ours = read(PUBLISHED).report.to_json(), compile_report(body("cq-office"), 2021).to_json()
    for table in ("table2", "table3", "table4"):
        assert ours[table] == gold[table]
    assert (ours["body"], ours["year"]) == (gold["body"], gold["year"])


#: What the narrative of the published report says of records, norms and cases (its part one).
TOLD = {
    "plans_published": 51, "historical_plans_published": 82, "business_environment_policies": 43, "topic_columns_opened": 26,
    "chengyu_policies": 17, "chuanyu_items": 334, "epidemic_policies": 95, "epidemic_service_items": 428,
    "regulations_published": 9, "normative_documents_published": 73, "executive_meetings_published": 45,
    "plenary_meetings_published": 4, "budget_items_published": 2, "procurement_items_published": 9,
    "proposal_replies_published": 2, "attribute_labelling_rate": 100, "regulations_in_force": 171,
    "normative_documents_in_force_two_levels": 5324, "requests_received": 522, "reconsiderations": 6, "lawsuits": 16,
    "complaints_received": 6, "complaints_handled_rate": 100, "disclosure_zones": 1281,
    "municipal_zones_archive_and_library": 2,
}  # fmt: skip


@check
def figures_of_the_narrative_equal_the_published_report():
    ours = {one.figure.id: one.value for one in all_figures(body("cq-office"), 2021)}
    assert {name: ours[name] for name in TOLD} == TOLD


@check
def the_desk_of_records_has_papers_at_every_step():
    states = set(Record.objects.filter(subject_kind="record", body="cq-office").values_list("state", flat=True))
    assert states >= {"draft", "proposed", "reviewed", "checked", "signed", "numbered", "held", "entered", "published"}
    today = {what for _, what in statuses(Norm.objects.filter(body__in=("cq", "cq-office")), PRESENT)}
    assert today >= {Status.IN_FORCE, Status.AMENDED, Status.EXPIRING, Status.EXPIRED, Status.REPEALED, Status.LAPSED}
    assert not Record.objects.filter(body__in=("cq", "cq-office"), kind="regulation", index_number="").exists()


@check
def the_library_balances():
    """Previous + issued − ended = in force, of the city's own and of both levels."""
    for reach in ("own", "all"):
        one = balance(bodies_of(body("cq"), reach), date(2021, 1, 1), date(2021, 12, 31), NORMATIVE)
        assert one.holds and one.in_force == {"own": 872, "all": 5324}[reach], one.equation


@check
def the_ledger_holds_and_loading_again_changes_nothing():
    count = Event.objects.count()
    assert load(lambda *_: None) == 0 and Event.objects.count() == count and verify().broken is None


@check
def days_are_believable():
    """Desk work happens on working days in working hours; only the applicant's sending may not."""
    from zoneinfo import ZoneInfo

    for event in Event.objects.exclude(subject_kind="person").exclude(kind__in=("submit", "register_existing")):
        local = event.recorded_at.astimezone(ZoneInfo("Asia/Shanghai"))
        assert CHINA.is_workday(local.date()), f"{event} on {local}"
        assert 9 <= local.hour < 19, f"{event} at {local}"


@check
def every_answer_is_in_time():
    late = [
        row.number
        for row in Request.objects.exclude(decided_on=None)
        if row.due_on < row.decided_on and not row.leaf.startswith("3.6")
    ]
    assert late == []


@check
def clocks_channels_and_ways_are_all_used():
    kinds = set(Event.objects.filter(subject_kind="request").values_list("kind", flat=True))
    assert {
        "submit", "register", "confirm", "request_clarification", "clarify", "lapse_unclarified", "consult", "consulted",
        "extend", "delay", "send_back", "sign", "serve", "archive", "void", "withdraw", "correct", "reopen",
    } <= kinds  # fmt: skip
    assert set(Request.objects.values_list("channel", flat=True)) == {c.value for c in Channel}
    months = {day.month for day in Request.objects.filter(received_on__year=2021).values_list("received_on", flat=True)}
    assert months == set(range(1, 13))


@check
def a_corrected_review_led_to_a_new_decision():
    again = Request.objects.get(rounds=2)
    assert again.state == "served" and again.answered_on > again.decided_on


def desk(who):
    """The desk as one of the people has it today."""
    client = Client()
    client.force_login(Person.objects.get(username=who))
    return client


def page(who, address):
    """A page of theirs, as text."""
    answer = desk(who).get(f"/office/requests/{address}")
    assert answer.status_code == 200, address
    return answer.content.decode()


def one(title):
    """The request with this title."""
    return Request.objects.get(title=title)


@check
def the_desk_shows_fees_by_page_and_by_item_awaited_and_paid():
    with clock.at(instant(PRESENT, 30)):
        items, pages, paid = (one(desk_cases.CASES[f"open/natural_person/{n}"].title) for n in (0, 2, 1))
        assert [row.state for row in (items, pages, paid)] == ["paying", "paying", "handling"] and items.items == 15
        queue = page("gongkaiban", "queue/?state=paying")
        assert items.number in queue and pages.number in queue and paid.number not in queue
        told = page("chengban3", f"{items.key}/")
        assert "500 元（15 件）" in told and "信息处理费收费通知书" in told
        assert "申请人告知已缴费" in page("chengban", f"{pages.key}/")
        told = page("chengban2", f"{paid.key}/")
        assert "880 元（109 页）" in told and "登记缴费" in told


@check
def the_desk_shows_redactions_made_waiting_and_served():
    if not redactions.has_fonts():
        return  # apt package fonts-noto-cjk
    served, waits, begun = (one(desk_cases.CASES[f"open/natural_person/{n}"].title) for n in (4, 5, 6))
    assert [row.state for row in (served, waits, begun)] == ["served", "drafted", "handling"] and served.leaf == "3.2"
    copy = desk("chengban3").get(f"/office/requests/{served.key}/redaction/1/1/copy.pdf")
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(b"".join(copy))).pages)
    flat = "".join(text.split())
    assert copy["Content-Type"] == "application/pdf" and "同意备案" in flat
    assert not any("".join(gone.split()) in flat for gone, _ in redactions.REMOVALS)
    for basis in ("条例第十五条", "个人隐私", "商业秘密"):
        assert basis in flat and basis in page("chengban3", f"{served.key}/redaction/")
    assert "同意提供" in page("shenhe", f"{waits.key}/redaction/1/1/")
    assert page("chengban3", f"{begun.key}/redaction/1/").count("个人隐私") >= 3


@check
def the_desk_shows_an_extension_that_waits_for_its_approver():
    with clock.at(instant(PRESENT, 30)):
        row = one(desk_cases.CASES["open/natural_person/3"].title)
        assert row.due_on > PRESENT
        told = page("zhuguan", f"{row.key}/")
        assert "批准延期" in told and "不同意延期" in told and "拟延长 10 个工作日" in told


@check
def the_desk_shows_an_application_split_into_several():
    first, *parts = (one(title) for title in desk_cases.ITEMS)
    assert [row.application for row in parts] == [first.number, first.number]
    assert [row.received_on for row in parts] == [first.received_on] * 2 and [row.unit for row in parts][1] == ""
    assert all(row.number in page("gongkaiban", f"{first.key}/") for row in parts)


@check
def the_desk_shows_cases_at_every_step_of_the_end_of_retention():
    with clock.at(instant(PRESENT, 30)):
        waits, ready, erased = (one(retention.REGISTER[n].title) for n in (2, 1, 0))
        due = page("zhuguan", "retention/")
        assert all(row.title in due for row in retention.REGISTER[1:]) and erased.number not in due
        assert "批准清除个人信息" in page("zhuguan", f"{ready.key}/retention/")
        assert "2022年1月26日<" in page("zhuguan", f"{waits.key}/retention/")
        assert erased.state == "erased" and not Secret.objects.filter(key__startswith=f"request/{erased.key}/").exists()


@check
def as_of_report_is_reproducible():
    """The report as of a day is the same whatever happened since, and its equations hold on every day."""
    from gongkai.annual.equations import check

    office = body("cq-office")
    for day in (date(2021, 1, 31), date(2021, 6, 30), date(2021, 11, 15), date(2021, 12, 31)):
        report = compile_report(office, 2021, as_of=day)
        assert not check(report) and report == compile_report(office, 2021, as_of=day)
    assert compile_report(office, 2021, as_of=date(2021, 12, 31)) == compile_report(office, 2021)


@check
def scenes_are_deterministic():
    from gongkai.demo.city import build

    cast = build()
    one, two = scenes(cast), scenes(cast)
    assert [(s.at, s.key) for s in one] == [(s.at, s.key) for s in two]
    assert len({s.key for s in one}) == len(one) and max(s.at.date() for s in one) <= PRESENT
    assert sum(sum(counts) for counts in cases.DECIDED_2021.values()) == 532
