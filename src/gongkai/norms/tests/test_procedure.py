"""Every way a norm or a register entry can go: the whole role × state × event matrix, and what dates refuse."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.law.validity import Status, status
from gongkai.ledger import clock
from gongkai.ledger.models import Counter, Event
from gongkai.ledger.queries import rebuild, verify
from gongkai.ledger.services import SYSTEM, Actor, replay
from gongkai.norms import services
from gongkai.norms.models import Entry, EntryTally, Norm, NormTally
from gongkai.norms.procedure import PROCEDURES
from gongkai.norms.testing import event_data
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import hold_to_matrix, small_city
from gongkai.procedure import NEW, SAME, Invalid, Refused

MONDAY = datetime(2021, 3, 1, 4, tzinfo=UTC)
OPEN = {
    ("norm", "draft"): services.draft,
    ("norm", "issue"): services.issue,
    ("norm", "register_existing"): services.register_existing,
    ("register_entry", "enter"): services.enter,
}
_ISSUED = ["draft", "review", "approve", "register", "issue"]
#: The shortest way into each state; ``+`` lets the validity pass.
WAYS = {
    "norm": {
        "draft": ["draft"], "commenting": ["draft", "consult"], "reviewed": ["draft", "review"],
        "approved": ["draft", "review", "approve"], "registered": ["draft", "review", "approve", "register"],
        "issued": _ISSUED, "abandoned": ["draft", "abandon"], "repealed": [*_ISSUED, "repeal"],
        "lapsed": [*_ISSUED, "declare_lapsed"], "expired": [*_ISSUED, "expire"], "void": [*_ISSUED, "void"],
    },
    "register_entry": {"entered": ["enter"], "void": ["enter", "void"]},
}  # fmt: skip
KINDS = pytest.mark.parametrize("kind", list(PROCEDURES))
AFTER_THE_PERIOD = timedelta(days=1001)
#: Events that time must pass for.
LATER = {"expire": AFTER_THE_PERIOD, "close_comments": timedelta(days=11)}


def by(event: str) -> Actor:
    """Different hands for drafting, checking and approving."""
    return Actor(f"{event}-officer", frozenset(ROLES))


def do(kind: str, key: str, event: str, **data):
    now = clock.now() + LATER.get(event, timedelta(0))
    values = event_data(kind, event, replay(kind, key).state) | data
    with clock.at(now):
        return services.do(kind, key, event, by(event), values)


def bring(city, kind: str, state: str, regulation: bool = False) -> str:
    """A new subject brought into a state through the real commands."""
    first, *rest = WAYS[kind][state]
    data = event_data(kind, first) | ({"kind": "regulation"} if regulation else {})
    key = OPEN[kind, first](city.city, by(first), data).event.subject
    for event in rest:
        do(kind, key, event)
    assert replay(kind, key).state == state
    return key


@pytest.fixture
def city(db):
    with clock.at(MONDAY):
        yield small_city()


@KINDS
def test_matrix_of_role_state_event(city, kind):
    hours = iter(range(100))

    def made(state):
        with clock.at(MONDAY + timedelta(hours=next(hours))):
            return bring(city, kind, state)

    def command(key, event, state, actor):
        with clock.at(MONDAY + AFTER_THE_PERIOD * 2):
            services.do(kind, key, event, actor, event_data(kind, event, state))

    hold_to_matrix(PROCEDURES[kind], WAYS[kind], made, command)


@pytest.mark.parametrize(("kind", "event", "role"), [(*opening, role) for opening in OPEN for role in ROLES])
def test_who_may_open(city, kind, event, role):
    move = PROCEDURES[kind].move(NEW, event)
    actor = Actor("x", frozenset({role}))
    if role in move.roles:
        assert OPEN[kind, event](city.city, actor, event_data(kind, event)).state.body == "cq"
        return
    with pytest.raises(Refused) as refusal:
        OPEN[kind, event](city.city, actor, event_data(kind, event))
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
    key = bring(city, kind, state, regulation=(state, event) == ("approved", "issue"))
    later = AFTER_THE_PERIOD * 2 if state == "expired" else timedelta(0)
    with clock.at(MONDAY + later):
        if event == "unrelate":
            do(kind, key, "relate")
        done = do(kind, key, event)
    target = PROCEDURES[kind].move(state, event).target
    assert done.state.state == (state if target == SAME else target)
    model = Norm if kind == "norm" else Entry
    assert model.objects.get(key=key).state == done.state.state
    assert verify().broken is None


def test_four_eyes(city):
    one = Actor("wang", frozenset({"handler", "reviewer", "signatory"}))
    key = services.draft(city.city, one, event_data("norm", "draft")).event.subject
    with pytest.raises(Refused, match="起草人不能"):
        services.do("norm", key, "review", one)
    do("norm", key, "review")
    with pytest.raises(Refused, match="起草人不能"):
        services.do("norm", key, "approve", one, event_data("norm", "approve"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"effective_on": "2014-01-01"}, "施行日期不能早于公布日期"),
        ({"valid_until": "2015-06-01", "effective_on": "2015-07-01"}, "有效期不能在施行日期之前"),
        ({"issued_on": "2021-03-02"}, "公布日期不能晚于登记日期"),
    ],
)
def test_dates_in_disorder_are_refused(city, data, message):
    with pytest.raises(Refused, match=message):
        services.register_existing(city.city, by("x"), event_data("norm", "register_existing") | data)
    assert not Norm.objects.exists() and not Counter.objects.exists()


def test_what_has_ceased_cannot_be_ended_again(city):
    until = {"valid_until": "2021-03-10"}
    data = event_data("norm", "register_existing") | until
    key = services.register_existing(city.city, by("x"), data).event.subject
    with pytest.raises(Refused, match="有效期至 2021-03-10"):
        do("norm", key, "repeal", from_on="2021-03-12")
    with pytest.raises(Refused, match="不能早于作出决定"):
        do("norm", key, "repeal", from_on="2021-02-28")
    with pytest.raises(Refused, match="期满后"):
        services.do("norm", key, "expire", SYSTEM)
    with pytest.raises(Refused, match="晚于现有效期"):
        do("norm", key, "renew", **until)
    with clock.at(MONDAY + timedelta(days=10)):
        for event in ("repeal", "declare_lapsed", "renew", "amend"):
            with pytest.raises(Refused, match="已于 2021-03-11 起失效"):
                do("norm", key, event)
        assert services.do("norm", key, "expire", SYSTEM).state.state == "expired"


def test_corrections_keep_the_dates_in_order(city):
    key = bring(city, "norm", "repealed")
    for data, message in (
        ({"issued_on": "2021-03-02"}, "晚于登记日期"),
        ({"valid_until": "2020-01-01"}, "有效期不能"),
        ({"effective_on": "2020-01-01"}, "施行日期"),
    ):
        with pytest.raises(Refused, match=message):
            services.do("norm", key, "correct", by("x"), data | {"reason": "x"})
    title = Norm.objects.get(key=key).title
    with pytest.raises(Refused, match="相同"):
        services.do("norm", key, "correct", by("x"), {"title": title, "reason": "x"})


def test_one_document_number_once(city):
    data = event_data("norm", "register_existing")
    first = services.register_existing(city.city, by("x"), data, key="k")
    assert services.register_existing(city.city, by("x"), data, key="k").repeated
    with pytest.raises(Invalid, match="已登记为《关于加强轨道交通"):
        services.register_existing(city.city, by("x"), data)
    assert services.register_existing(city.department, by("x"), data).event.subject == "cq-plan-2021-00001"
    services.do("norm", first.event.subject, "void", by("x"), {"reason": "误登"})
    assert services.register_existing(city.city, by("x"), data).event.subject == "cq-2021-00002", "no number was lost"


def test_a_district_makes_no_regulations(city):
    with pytest.raises(Invalid, match="无权制定规章"):
        services.issue(city.district, by("x"), event_data("norm", "issue") | {"kind": "regulation"})
    assert services.issue(city.city, by("x"), event_data("norm", "issue") | {"kind": "regulation"})


def test_status_on_any_day(city):
    data = event_data("norm", "issue") | {"effective_on": "2021-05-01", "valid_until": "2024-04-30"}
    key = services.issue(city.city, by("x"), data).event.subject
    with clock.at(MONDAY + timedelta(days=100)):
        do("norm", key, "amend", from_on="2021-07-01")
    with clock.at(MONDAY + timedelta(days=365)):
        do("norm", key, "repeal", from_on="2022-06-01")
    expected = {
        "2021-02-28": Status.UNISSUED, "2021-03-01": Status.PENDING, "2021-04-30": Status.PENDING,
        "2021-05-01": Status.IN_FORCE, "2021-06-30": Status.IN_FORCE, "2021-07-01": Status.AMENDED,
        "2022-05-31": Status.AMENDED, "2022-06-01": Status.REPEALED, "2025-01-01": Status.REPEALED,
    }  # fmt: skip
    for validity in (Norm.objects.get(key=key).validity, replay("norm", key).validity):
        assert {day: status(validity, date.fromisoformat(day)) for day in expected} == expected
    fresh = {"document_number": "渝府发〔2021〕2号", "register_number": "2"}
    key = services.issue(city.city, by("x"), data | fresh).event.subject
    validity = replay("norm", key).validity
    days = {"2023-10-29": Status.IN_FORCE, "2023-10-30": Status.EXPIRING, "2024-05-01": Status.EXPIRED}
    assert {day: status(validity, date.fromisoformat(day)) for day in days} == days


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"decided_on": "2021-03-02"}, "晚于登记日期"),
        ({"amount": "12"}, "只有行政事业性收费"),
        ({"register": "fee"}, "请填写“金额（元）”"),
        ({"register": "fee", "amount": "1", "count": "2"}, "不填数量"),
        ({"register": "fee", "amount": "1.005"}, "两位小数"),
    ],
)
def test_entries_that_do_not_fit_their_register(city, data, message):
    entry = {"register": "licence", "matter": "x", "decided_on": "2021-03-01"} | data
    with pytest.raises(Refused, match=message):
        services.enter(city.office, by("x"), entry)
    assert not Counter.objects.exists()


def test_rebuild_writes_the_same_rows(city):
    for kind in PROCEDURES:
        for n, state in enumerate(WAYS[kind]):
            with clock.at(MONDAY + timedelta(days=n)):
                key = bring(city, kind, state)
                if state in {"issued", "entered"}:
                    do(kind, key, "correct", **({"issued_on": "2020-12-01"} if kind == "norm" else {}))
    fee = {"register": "fee", "matter": "x", "decided_on": "2021-03-01", "amount": "1234.50"}
    services.enter(city.office, by("x"), fee)
    models = [Norm, NormTally, Entry, EntryTally]
    before = [list(model.objects.order_by("pk").values()) for model in models]
    assert all(before)
    rebuild()
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


@pytest.mark.parametrize(
    ("kind", "event", "then"), [("norm", "issue", "amend"), ("register_entry", "enter", "correct")]
)
def test_a_command_costs_few_statements(city, kind, event, then):
    OPEN[kind, event](city.city, by(event), event_data(kind, event))
    with CaptureQueriesContext(connection) as opening, clock.at(MONDAY + timedelta(hours=1)):
        key = OPEN[kind, event](city.city, by(event), event_data(kind, event), key="k").event.subject
    with CaptureQueriesContext(connection) as later, clock.at(MONDAY + timedelta(hours=2)):
        services.do(kind, key, then, by(then), event_data(kind, then))
    for captured, most in ((opening, 16), (later, 13)):
        statements = [q["sql"] for q in captured.captured_queries if "SAVEPOINT" not in q["sql"]]
        assert len(statements) <= most, statements
