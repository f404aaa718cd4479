"""Every way a request can go: the whole role × state × event matrix, random walks, and refusals without trace."""

import os
import random
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from gongkai.ledger import clock
from gongkai.ledger.models import Event
from gongkai.ledger.queries import verify
from gongkai.ledger.services import SYSTEM, Actor, Done, act
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import hold_to_matrix, small_city
from gongkai.procedure import NEW, SAME, Invalid, Refused, Situation, clean
from gongkai.requests.events import Case, step
from gongkai.requests.models import Request, RequestTally
from gongkai.requests.procedure import OWN_PAGES, PROCEDURE
from gongkai.requests.queries import by_code, case, query_code
from gongkai.requests.services import KIND, do, receive
from gongkai.requests.testing import APPLICATION, draft, event_data

MONDAY = datetime(2021, 3, 1, 4, tzinfo=UTC)
EVERYTHING = Actor("everybody", frozenset(ROLES))
#: The shortest way into each state, as (event, days to let pass before it).
WAYS: dict[str, list[tuple[str, int]]] = {
    "awaiting": [("submit", 0)],
    "registered": [("register", 0)],
    "handling": [("register", 0), ("accept", 0)],
    "clarifying": [("register", 0), ("accept", 0), ("request_clarification", 0)],
    "consulting": [("register", 0), ("accept", 0), ("consult", 0)],
    "explaining": [("register", 0), ("accept", 0), ("ask_reasons", 0)],
    "paying": [("register", 0), ("accept", 0), ("notice_fee", 0)],
    "drafted": [("register", 0), ("accept", 0), ("draft", 0)],
    "reviewed": [("register", 0), ("accept", 0), ("draft", 0), ("review", 0)],
    "signed": [("register", 0), ("accept", 0), ("draft", 0), ("review", 0), ("sign", 0)],
    "served": [("register", 0), ("accept", 0), ("draft", 0), ("review", 0), ("sign", 0), ("serve", 0)],
    "closed": [("register", 0), ("withdraw", 0)],
    "archived": [("register", 0), ("withdraw", 0), ("archive", 0)],
    "erased": [("register", 0), ("withdraw", 0), ("archive", 0), ("propose_erasure", 0), ("approve_erasure", 0)],
    "void": [("register", 0), ("void", 0)],
}
#: What must have happened before some events can: an extension asked for, a document with a copy, a proposal.
BEFORE = {
    "extend": ["ask_extension"],
    "refuse_extension": ["ask_extension"],
    "withdraw_material": ["store_material"],
    "redact": ["store_material"],
    "release_copy": ["store_material", "redact"],
    "stop_erasure": ["propose_erasure"],
    "approve_erasure": ["propose_erasure"],
}


def by(event: str) -> Actor:
    """Different hands for drafting, checking and signing."""
    return Actor(f"{event}-officer", frozenset(ROLES))


def enter(key: str, event: str, data: dict | None = None) -> Done:
    """An event through its command; those with work around them (files, retention) as lines of the table alone."""
    make = partial(act, KIND) if event in OWN_PAGES else do
    return make(key, event, by(event), data=event_data(event) if data is None else data)


def bring(city, state: str, before: list[str] | tuple[str, ...] = ()) -> str:
    """A new request brought into a state through the real commands; ``before`` comes as soon as it is handled."""
    first, *rest = WAYS[state]
    key = receive(city.office, by(first[0]), event_data(first[0])).event.subject
    for event, _ in rest:
        enter(key, event)
        if event == "accept":
            for one in before:
                enter(key, one)
    assert case(key).state == state
    return key


@pytest.fixture
def city(db):
    with clock.at(MONDAY):
        yield small_city()


def test_matrix_of_role_state_event(city):
    def command(key, event, state, actor):
        do(key, event, actor, event_data(event))

    hold_to_matrix(PROCEDURE, WAYS, lambda state: bring(city, state), command)


@pytest.mark.parametrize(
    ("event", "state"),
    [(move.event, source) for move in PROCEDURE.transitions for source in move.sources if source != NEW],
)
def test_each_row_of_the_table_works(city, event, state):
    """With the guards satisfied, every row really leads where it says."""
    before = BEFORE.get(event, [])
    key = bring(city, state, before)
    if state == "archived":
        for one in before:
            enter(key, one)
    days = {"lapse_unclarified": 40, "lapse_unpaid": 60}.get(event, 0)
    if event == "delay":
        do(key, "ask_reasons", by("ask_reasons"), event_data("ask_reasons"))
        do(key, "give_reasons", by("give_reasons"), event_data("give_reasons"))
    with clock.at(MONDAY + timedelta(days=days)):
        if event == "opinion":
            do(key, "consult", by("consult"), event_data("consult"))
        data = event_data(event) | ({"until": "2021-04-20"} if event == "delay" else {})
        done = enter(key, event, data)
    target = PROCEDURE.move(state, event).target
    assert done.state.state == (state if target == SAME else target)
    assert Request.objects.get(key=key).state == done.state.state
    assert verify().broken is None


def test_numbers_are_gapless_and_documents_numbered(city):
    keys = [receive(city.office, by("register"), APPLICATION).event.subject for _ in range(3)]
    assert [case(key).number for key in keys] == [f"渝府办依申〔2021〕{n}号" for n in (1, 2, 3)]
    key = bring(city, "signed")
    assert case(key).document_number == "渝府办公复〔2021〕1号"


def test_four_eyes(city):
    key = bring(city, "handling")
    one = Actor("wang", frozenset({"handler", "reviewer", "signatory"}))
    do(key, "draft", one, event_data("draft"))
    with pytest.raises(Refused, match="不能审核自己的稿件"):
        do(key, "review", one, event_data("review"))
    do(key, "review", by("review"), event_data("review"))
    with pytest.raises(Refused, match="不能签发自己的稿件"):
        do(key, "sign", one, {})


def test_clarification_only_once_and_in_time(city):
    key = bring(city, "clarifying")
    do(key, "clarify", by("clarify"), event_data("clarify"))
    with pytest.raises(Refused, match="一次"):
        do(key, "request_clarification", by("x"), event_data("request_clarification"))


def test_lapse_only_after_the_period(city):
    key = bring(city, "clarifying")
    with pytest.raises(Refused, match="期满后"):
        do(key, "lapse_unclarified", by("x"), event_data("lapse_unclarified"))


@pytest.mark.parametrize("asked_by", ["wang", "li", "zhao"])
def test_an_extension_is_approved_by_neither_the_handler_nor_who_asked(city, asked_by):
    """Who holds both roles and handles the case approves neither own asking nor a colleague's; nobody extends unasked."""
    key = bring(city, "registered")
    wang, zhao, qian = (Actor(name, frozenset({"handler", "supervisor"})) for name in ("wang", "zhao", "qian"))
    do(key, "accept", wang)
    with pytest.raises(Refused, match="没有待审批的延期申请"):
        do(key, "extend", zhao, event_data("extend"))
    do(key, "ask_extension", Actor(asked_by, frozenset({"handler"})), event_data("ask_extension"))
    for one in {"wang": [wang], "li": [wang], "zhao": [wang, zhao]}[asked_by]:
        with pytest.raises(Refused, match="须由他人批准"):
            do(key, "extend", one, event_data("extend"))
    assert do(key, "extend", qian, event_data("extend")).state.extension_asked is None


def test_an_extension_asked_for_ends_with_its_period(city):
    """A new answer period (Art 30) begins without what was asked of the former one, and may be extended itself."""
    key = bring(city, "handling", ["ask_extension"])
    for event in ("request_clarification", "clarify"):
        enter(key, event)
    assert case(key).extension_asked is None
    for event in ("ask_extension", "extend"):
        enter(key, event)


def test_extension_is_capped_and_once(city):
    key = bring(city, "handling", ["ask_extension"])
    with pytest.raises(Refused):
        do(key, "extend", by("x"), {"days": 21, "reason": "案情复杂"})
    due = Request.objects.get(key=key).due_on
    do(key, "extend", by("x"), {"days": 20, "reason": "案情复杂"})
    assert Request.objects.get(key=key).due_on > due
    with pytest.raises(Refused):
        do(key, "extend", by("x"), {"days": 5, "reason": "再次延期"})


def test_web_request_counts_from_confirmation(city):
    key = bring(city, "awaiting")
    assert Request.objects.get(key=key).due_on is None and not RequestTally.objects.filter(subject=key).exists()
    with clock.at(MONDAY + timedelta(days=2)):
        do(key, "confirm", by("confirm"), event_data("confirm"))
    row = Request.objects.get(key=key)
    assert row.received_on.isoformat() == "2021-03-03" and row.due_on.isoformat() == "2021-03-31"


def test_reopened_case_counts_once(city):
    key = bring(city, "served")
    first = case(key)
    do(key, "reopen", SYSTEM, event_data("reopen"))
    with clock.at(MONDAY + timedelta(days=5)):
        for event in ("draft", "review", "sign", "serve"):
            data = draft("3.2") if event == "draft" else event_data(event)
            do(key, event, by(event), data)
    again = case(key)
    assert (again.decided_on, again.leaf, again.rounds) == (first.decided_on, "3.1", 2)
    assert again.draft.leaf == "3.2" and RequestTally.objects.filter(subject=key).count() == 2


def test_bad_data_names_every_field(city):
    with pytest.raises(Invalid) as invalid:
        receive(city.office, by("register"), {"channel": "in-person", "category": "emperor", "purpose": "科研"})
    fields = {name for name, _ in invalid.value.errors}
    assert fields == {"category", "name", "title", "content", "purpose"}
    assert not Event.objects.filter(subject_kind="request").exists()


def test_personal_data_is_not_in_the_ledger(city):
    key = bring(city, "registered")
    text = " ".join(str(e.data) for e in Event.objects.filter(subject=key))
    for secret in ("陈小明", "500103199001011234", "13800000000", "九号线"):
        assert secret not in text


def test_random_walks_stay_in_the_table(city):
    """Whatever is tried, in any order: what table and guards let through folds into a state of the table."""
    walks = int(os.environ.get("GONGKAI_WALKS", "20000"))
    rng = random.Random(711)
    events = list(PROCEDURE.events)
    data = {event: clean_all(event) for event in events}
    steps = 0
    while steps < walks:
        now, day = Case(), MONDAY.date()
        for _ in range(30):
            # Mostly what the table lists, so that walks go deep; now and then anything.
            listed_now = [move.event for move in PROCEDURE.allowed(now.state, ROLES)]
            event = rng.choice(listed_now if listed_now and rng.random() < 0.8 else events)
            day += timedelta(days=rng.randrange(3))
            line = Event(kind=event, legal_day=day, actor="x", data=data[event])
            steps += 1
            situation = Situation(now, rng.choice("abc"), frozenset(ROLES), day, data[event])
            try:
                PROCEDURE.check(now.state, event, situation)
            except Refused as refusal:
                listed = any(event == m.event and now.state in m.sources for m in PROCEDURE.transitions)
                assert listed is (refusal.kind == "guard")
                continue
            after = step(now, line)
            assert after.state in PROCEDURE.state and PROCEDURE.move(now.state, event)
            assert after.decided_on is None or after.decided_on >= after.received_on
            now = after


def clean_all(event: str) -> dict:
    """Event data as stored, with what the house adds."""
    fields = PROCEDURE.events[event][0].fields
    house = {"number": "x", "body": "cq-office", "personal": "p", "document_number": "d"}
    return clean(fields, event_data(event)) | (house if event in {"register", "submit", "sign"} else {})


def test_query_code_opens_only_its_own_case(city):
    one, two = bring(city, "registered"), bring(city, "awaiting")
    number, code = case(one).number, query_code(one)
    assert len(code) == 10 and code != query_code(two)
    assert by_code(number, code.lower() + " ").key == one
    assert by_code(number, query_code(two)) is None and by_code(number, "") is None and by_code("x", code) is None
    assert code not in " ".join(str(e.data) for e in Event.objects.all())
