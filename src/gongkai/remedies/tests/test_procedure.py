"""Every way a review, a suit, a complaint can go: the whole role × state × event matrix, and what the law refuses."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.ledger import clock, vault
from gongkai.ledger.models import Counter, Event
from gongkai.ledger.queries import rebuild, verify
from gongkai.ledger.services import Actor
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import hold_to_matrix, small_city
from gongkai.procedure import NEW, SAME, Invalid, Refused
from gongkai.remedies import services
from gongkai.remedies.events import review_answer_due, suit_answer_due
from gongkai.remedies.models import Complaint, Lawsuit, Reconsideration
from gongkai.remedies.procedure import PROCEDURES
from gongkai.remedies.projection import SUBJECTS
from gongkai.remedies.testing import OPENING, event_data

MONDAY = datetime(2021, 3, 1, 4, tzinfo=UTC)
MODELS = {"reconsideration": Reconsideration, "lawsuit": Lawsuit, "complaint": Complaint}
OPEN = {
    "reconsideration": services.file_reconsideration,
    "lawsuit": services.file_lawsuit,
    "complaint": services.receive_complaint,
}
_ANSWERED = ["accept", "draft_answer", "approve_answer"]
#: The shortest way into each state after the opening event.
WAYS = {
    "reconsideration": {
        "filed": [], "accepted": ["accept"], "drafted": ["accept", "draft_answer"], "answered": _ANSWERED,
        "concluded": [*_ANSWERED, "conclude"], "void": ["void"],
    },
    "lawsuit": {
        "filed": [], "accepted": ["accept"], "drafted": ["accept", "draft_answer"], "answered": _ANSWERED,
        "judged": [*_ANSWERED, "judge"], "appealed": [*_ANSWERED, "judge", "appeal"],
        "concluded": [*_ANSWERED, "judge", "conclude"], "void": ["void"],
    },
    "complaint": {
        "received": [], "verifying": ["verify"], "proposed": ["verify", "propose"],
        "decided": ["verify", "propose", "decide"], "answered": ["verify", "propose", "decide", "answer"],
        "closed": ["verify", "propose", "decide", "answer", "mend", "close"], "void": ["void"],
    },
}  # fmt: skip
OPENERS = {"file", "receive"}
KINDS = pytest.mark.parametrize("kind", list(PROCEDURES))


def by(event: str) -> Actor:
    """Different hands for drafting and approving."""
    return Actor(f"{event}-officer", frozenset(ROLES))


def state_of(kind: str, key: str):
    return services.replay(kind, key)


def bring(city, kind: str, state: str) -> str:
    """A new case brought into a state through the real commands."""
    key = OPEN[kind](city.office, by("file"), OPENING[kind]).event.subject
    for event in WAYS[kind][state]:
        services.do(kind, key, event, by(event), event_data(kind, event, state_of(kind, key).state))
    assert state_of(kind, key).state == state
    return key


@pytest.fixture
def city(db):
    with clock.at(MONDAY):
        yield small_city()


@KINDS
def test_matrix_of_role_state_event(city, kind):
    def command(key, event, state, actor):
        services.do(kind, key, event, actor, event_data(kind, event, state))

    hold_to_matrix(PROCEDURES[kind], WAYS[kind], lambda state: bring(city, kind, state), command)


@KINDS
@pytest.mark.parametrize("role", ROLES)
def test_who_may_open(city, kind, role):
    actor = Actor("x", frozenset({role}))
    if role in PROCEDURES[kind].transitions[0].roles:
        assert OPEN[kind](city.office, actor, OPENING[kind]).state.body == "cq-office"
        return
    with pytest.raises(Refused) as refusal:
        OPEN[kind](city.office, actor, OPENING[kind])
    assert refusal.value.kind == "role"
    assert not Event.objects.filter(subject_kind=kind).exists() and not Counter.objects.exists()


@pytest.mark.parametrize(
    ("kind", "event", "state"),
    [
        (kind, move.event, source)
        for kind, procedure in PROCEDURES.items()
        for move in procedure.transitions
        for source in move.sources
        if source != NEW
    ],
)
def test_each_row_of_the_table_works(city, kind, event, state):
    """With the guards satisfied, every row really leads where it says, and the list shows it."""
    key = bring(city, kind, state)
    if (kind, event) == ("complaint", "close"):
        services.do(kind, key, "mend", by("mend"), event_data(kind, "mend"))
    done = services.do(kind, key, event, by(event), event_data(kind, event, state))
    target = PROCEDURES[kind].move(state, event).target
    assert done.state.state == (state if target == SAME else target)
    assert MODELS[kind].objects.get(key=key).state == done.state.state
    assert verify().broken is None


@KINDS
def test_numbers_are_gapless_and_the_same_key_takes_none(city, kind):
    first = OPEN[kind](city.office, by("file"), OPENING[kind], key="once")
    again = OPEN[kind](city.office, by("file"), OPENING[kind], key="once")
    with pytest.raises(Invalid):
        OPEN[kind](city.office, by("file"), {"matter": "x"})
    second = OPEN[kind](city.office, by("file"), OPENING[kind])
    word = services.OPENING[kind][0]
    assert again.repeated and again.event == first.event and MODELS[kind].objects.count() == 2
    assert [c.state.number for c in (first, second)] == [f"渝府办{word}〔2021〕{n}号" for n in (1, 2)]
    last_year = OPEN[kind](city.office, by("file"), OPENING[kind], day=date(2020, 12, 31))
    assert last_year.state.number == f"渝府办{word}〔2020〕1号" and last_year.event.subject == "cq-office-2020-00001"


@KINDS
def test_personal_data_is_not_in_the_ledger(city, kind):
    key = bring(city, kind, "filed" if kind != "complaint" else "received")
    text = " ".join(str(e.data) for e in Event.objects.filter(subject=key))
    assert not any(secret in text for secret in ("陈小明", "13800000000", "某路", "三个月前"))
    assert vault.masked(state_of(kind, key).personal)["name"] == "陈＊＊"


@pytest.mark.parametrize("kind", ["reconsideration", "lawsuit"])
def test_four_eyes_on_the_answer(city, kind):
    key = bring(city, kind, "accepted")
    one = Actor("wang", frozenset({"handler", "reviewer"}))
    services.do(kind, key, "draft_answer", one, event_data(kind, "draft_answer"))
    with pytest.raises(Refused, match="不能审定自己的答复"):
        services.do(kind, key, "approve_answer", one)
    services.do(kind, key, "approve_answer", by("approve_answer"))


def test_four_eyes_on_a_complaint_and_measures_that_fit(city):
    key = bring(city, "complaint", "verifying")
    one = Actor("wang", frozenset({"handler", "supervisor"}))
    for finding, measure in (("founded", "none"), ("partly", "none"), ("unfounded", "order")):
        with pytest.raises(Refused):
            services.do("complaint", key, "propose", one, {"finding": finding, "measure": measure, "text": "x"})
    services.do("complaint", key, "propose", one, event_data("complaint", "propose"))
    with pytest.raises(Refused, match="不能审定自己的意见"):
        services.do("complaint", key, "decide", one)
    services.do("complaint", key, "decide", by("decide"))
    services.do("complaint", key, "answer", one, {"text": "已处理"})
    with pytest.raises(Refused, match="整改情况"):
        services.do("complaint", key, "close", one)


def test_unfounded_complaint_needs_no_mending(city):
    key = bring(city, "complaint", "verifying")
    services.do("complaint", key, "propose", by("x"), {"finding": "unfounded", "measure": "none", "text": "x"})
    services.do("complaint", key, "decide", by("y"))
    with pytest.raises(Refused, match="没有要求整改"):
        services.do("complaint", key, "mend", by("x"), {"text": "x"})
    services.do("complaint", key, "answer", by("x"), {"text": "不属实"})
    assert services.do("complaint", key, "close", by("x")).state.state == "closed"


def test_a_suit_after_review_names_its_review(city):
    review = bring(city, "reconsideration", "concluded")
    data = OPENING["lawsuit"] | {"route": "after_review", "request": ""}
    with pytest.raises(Refused, match="复议案件或者复议决定书文号"):
        services.file_lawsuit(city.office, by("file"), data)
    with pytest.raises(Refused, match="未经复议"):
        services.file_lawsuit(city.office, by("file"), data | {"route": "direct", "reconsideration": review})
    for key, body in (("cq-office-2021-99999", city.office), (review, city.department)):
        with pytest.raises(Invalid, match="没有编为"):
            services.file_lawsuit(body, by("file"), data | {"reconsideration": key})
    done = services.file_lawsuit(city.office, by("file"), data | {"reconsideration": review})
    assert done.state.request == "cq-office-2021-00001"
    assert (
        services.file_lawsuit(city.office, by("file"), data | {"review_document": "旧〔2019〕3号"}).state.request == ""
    )


def test_results_tell_which_request_they_are_about(city):
    """What ``requests`` follows: kind, result and request of each line that fixes a result for good."""
    review = bring(city, "reconsideration", "answered")
    corrected = event_data("reconsideration", "conclude") | {"result": "corrected"}
    told = services.do("reconsideration", review, "conclude", by("x"), corrected).event
    assert (told.kind, told.data["result"], told.data["request"]) == ("conclude", "corrected", "cq-office-2021-00001")
    suit = bring(city, "lawsuit", "answered")
    judged = services.do("lawsuit", suit, "judge", by("x"), event_data("lawsuit", "judge") | {"result": "corrected"})
    assert "request" not in judged.event.data, "a judgment that may be appealed reopens nothing"
    told = services.do("lawsuit", suit, "conclude", by("x")).event
    assert (told.data["result"], told.data["request"]) == ("corrected", "cq-office-2021-00002")
    suit = bring(city, "lawsuit", "appealed")
    told = services.do("lawsuit", suit, "withdraw_appeal", by("x"), event_data("lawsuit", "withdraw_appeal")).event
    assert (told.data["result"], told.data["request"]) == ("upheld", "cq-office-2021-00002")


def test_remanded_only_once(city):
    key = bring(city, "lawsuit", "appealed")
    again = ("remand", "judge", "appeal")
    for event in again:
        services.do("lawsuit", key, event, by(event), event_data("lawsuit", event))
    with pytest.raises(Refused, match="发回重审过一次"):
        services.do("lawsuit", key, "remand", by("remand"), event_data("lawsuit", "remand"))
    done = services.do("lawsuit", key, "conclude", by("x"), event_data("lawsuit", "conclude") | {"result": "corrected"})
    assert [e.result for e in done.state.endings] == [
        "upheld",
        "upheld",
        "corrected",
    ] and done.state.result == "corrected"


def test_when_an_answer_is_due():
    assert review_answer_due(date(2024, 9, 26)) == date(2024, 10, 15)  # ten working days over the October holiday
    assert review_answer_due(date(2021, 3, 1)) == date(2021, 3, 11)  # ten days
    assert review_answer_due(date(2021, 2, 3)) == date(2021, 2, 18)  # ends in the Spring Festival
    assert suit_answer_due(date(2021, 3, 1)) == date(2021, 3, 16)
    assert suit_answer_due(date(2021, 2, 1)) == date(2021, 2, 18)


def test_rebuild_writes_the_same_rows(city):
    for kind in PROCEDURES:
        for n, state in enumerate(WAYS[kind]):
            with clock.at(MONDAY + timedelta(days=n)):
                key = bring(city, kind, state)
                if (kind, state) in {("reconsideration", "concluded"), ("lawsuit", "judged")}:
                    services.do(kind, key, "rectify", by("x"), event_data(kind, "rectify"))
    models = [model for s in SUBJECTS.values() for model in (*s.models, s.tally)]
    before = [list(model.objects.order_by("pk").values()) for model in models]
    assert all(before)
    rebuild()
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


@KINDS
def test_a_command_costs_few_statements(city, kind):
    OPEN[kind](city.office, by("file"), OPENING[kind])
    with CaptureQueriesContext(
        connection,
    ) as opening:
        key = OPEN[kind](city.office, by("file"), OPENING[kind], key="k").event.subject
    event = "verify" if kind == "complaint" else "accept"
    with CaptureQueriesContext(connection) as later:
        services.do(kind, key, event, by(event), event_data(kind, event))
    for captured, most in ((opening, 12), (later, 6)):
        statements = [q["sql"] for q in captured.captured_queries if "SAVEPOINT" not in q["sql"]]
        assert len(statements) <= most, statements
