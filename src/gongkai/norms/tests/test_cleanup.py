"""Clean-ups: the whole matrix, one decision that changes a thousand norms in one transaction, or nothing at all."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from gongkai.ledger import blobs, clock
from gongkai.ledger.models import Command, Event
from gongkai.ledger.queries import rebuild, verify
from gongkai.ledger.services import Actor, replay
from gongkai.ledger.steps import ManyRefused
from gongkai.norms import services as norms
from gongkai.norms.cleanup import services
from gongkai.norms.cleanup.models import Cleanup, CleanupItem
from gongkai.norms.cleanup.procedure import CLEANUP
from gongkai.norms.models import Norm, NormTally
from gongkai.norms.testing import event_data
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import small_city
from gongkai.procedure import NEW, SAME, Invalid, Refused, Situation
from gongkai.records.models import Record, Relation

MONDAY = datetime(2021, 3, 1, 4, tzinfo=UTC)
WAYS = {
    "open": ["open"], "deciding": ["open", "draw"], "submitted": ["open", "draw", "decide", "submit"],
    "reviewed": ["open", "draw", "decide", "submit", "review"],
    "approved": ["open", "draw", "decide", "submit", "review", "approve"],
    "published": ["open", "draw", "decide", "submit", "review", "approve", "publish"],
    "cancelled": ["open", "cancel"],
}  # fmt: skip


def by(event: str) -> Actor:
    """Different hands for deciding, checking and approving."""
    return Actor(f"{event}-officer", frozenset(ROLES))


@pytest.fixture
def city(db):
    with clock.at(MONDAY):
        yield small_city()


def existing(city, count: int, body=None, **values) -> list[str]:
    """So many norms in force."""
    body = body or city.city
    taken = Norm.objects.filter(body=body).count()
    rows = [
        {
            "kind": "normative_document", "title": f"关于第{n}项工作的通知", "issued_on": "2015-06-01",
            "document_number": f"渝府发〔2015〕{n}号",
        }
        | values
        for n in range(taken + 1, taken + count + 1)
    ]  # fmt: skip
    norms.register_many(body, by("clerk"), rows)
    return list(Norm.objects.filter(body=body).order_by("key").values_list("key", flat=True))[-count:]


def data_for(key: str, event: str) -> dict:
    """Data of an event on this clean-up's own list."""
    items = list(replay("cleanup", key).items) if key else []
    spare = [norm for norm in Norm.objects.values_list("key", flat=True) if norm not in items]
    return {
        "decide": {"items": items, "decision": "repeal", "reason": "任务已经完成"},
        "undecide": {"items": items[:1]},
        "exclude": {"items": items[:1], "reason": "列错了"},
        "include": {"items": spare[:1]},
        "assign": {"items": items[:1], "department": "cq-plan"},
    }.get(event) or event_data("cleanup", event)


def begin(city, event: str = "open", **data) -> str:
    return services.start(event, city.city, by(event), event_data("cleanup", event) | data).event.subject


def do(key: str, event: str, **data):
    return services.do(key, event, by(event), data_for(key, event) | data)


def bring(city, state: str) -> str:
    """A clean-up of two norms brought into a state through the real commands."""
    existing(city, 2)
    first, *rest = WAYS[state]
    key = begin(city, first)
    for event in rest:
        do(key, event)
    assert replay("cleanup", key).state == state
    return key


def test_every_state_has_a_way():
    assert set(WAYS) == set(CLEANUP.state)


def test_matrix_of_role_state_event(city):
    """Each cell: allowed exactly when the table has the row and the role; a refusal leaves nothing behind."""
    events = [e for e, moves in CLEANUP.events.items() if any(m.sources != (NEW,) for m in moves)]
    tried = 0
    for n, state in enumerate(WAYS):
        with clock.at(MONDAY + timedelta(days=n)):
            key = bring(city, state)
            existing(city, 1)
        subject = replay("cleanup", key)
        for m, event in enumerate(events):
            move = next((m for m in CLEANUP.transitions if m.event == event and state in m.sources), None)
            refused = []
            for role in ROLES:
                tried += 1
                allowed = move is not None and role in move.roles
                assert (move in CLEANUP.allowed(state, [role])) == allowed
                if not allowed:
                    with pytest.raises(Refused) as refusal:
                        CLEANUP.check(state, event, Situation(subject, "x", frozenset({role}), clock.today(), {}))
                    assert refusal.value.kind == ("role" if move else "state")
                    refused.append(role)
            before = Event.objects.count()
            actor = Actor("x", frozenset({refused[(n + m) % len(refused)]}))
            with pytest.raises(Refused) as refusal, clock.at(MONDAY + timedelta(days=30)):
                services.do(key, event, actor, data_for(key, event))
            assert refusal.value.kind == ("role" if move else "state") and Event.objects.count() == before
    assert tried == len(WAYS) * len(events) * len(ROLES)


@pytest.mark.parametrize(
    ("event", "state"), [(m.event, source) for m in CLEANUP.transitions for source in m.sources if source != NEW]
)
def test_each_row_of_the_table_works(city, event, state):
    key = bring(city, state)
    existing(city, 1)
    if event == "submit":
        do(key, "decide")
    done = do(key, event)
    target = CLEANUP.move(state, event).target
    assert done.state.state == (state if target == SAME else target)
    assert Cleanup.objects.get(key=key).state == done.state.state
    assert verify().broken is None


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("event", ["open", "compose"])
def test_who_may_begin(city, event, role):
    actor = Actor("x", frozenset({role}))
    if role in CLEANUP.move(NEW, event).roles:
        assert services.start(event, city.city, actor, event_data("cleanup", event)).state.body == "cq"
        return
    with pytest.raises(Refused):
        services.start(event, city.city, actor, event_data("cleanup", event))
    assert not Cleanup.objects.exists()


def test_four_eyes(city):
    key = bring(city, "submitted")
    with pytest.raises(Refused, match="提交人不能"):
        services.do(key, "review", Actor("submit-officer", frozenset(ROLES)))
    do(key, "review")
    for who, words in (("submit", "提交人"), ("review", "审核人"), ("decide", "提出处理意见的人")):
        with pytest.raises(Refused, match=words):
            services.do(key, "approve", Actor(f"{who}-officer", frozenset(ROLES)))


def test_the_list_is_frozen_and_follows_the_scope(city):
    kept = existing(city, 2)
    existing(city, 1, issued_on="2020-01-01")
    existing(city, 1, kind="regulation")
    existing(city, 1, city.district)
    key = begin(city, kind="normative_document", issued_to="2019-12-31")
    do(key, "draw")
    existing(city, 3)
    assert list(replay("cleanup", key).items) == kept
    assert list(CleanupItem.objects.filter(cleanup=key).values_list("norm_id", flat=True)) == kept
    everything = begin(city, reach="all")
    do(everything, "draw")
    assert Cleanup.objects.get(key=everything).total == 8


def test_each_norm_gets_its_decision_and_the_library_the_result(city):
    keep, repeal, lapse, amend, gone = existing(city, 5)
    key = begin(city)
    do(key, "draw")
    for norm, decision in (
        (keep, "keep"),
        (repeal, "repeal"),
        (lapse, "declare_lapsed"),
        (amend, "amend"),
        (gone, "repeal"),
    ):
        do(key, "decide", items=[norm], decision=decision)
    norms.do("norm", gone, "repeal", by("x"), {"by": "另一决定"})
    for event in ("submit", "review", "approve"):
        do(key, event)
    do(key, "publish", from_on="2021-04-01")
    states = dict(Norm.objects.values_list("key", "state"))
    assert [states[one] for one in (keep, repeal, lapse, amend, gone)] == [
        "issued",
        "repealed",
        "lapsed",
        "issued",
        "repealed",
    ]
    assert Norm.objects.get(key=repeal).ended_on == date(2021, 4, 1)
    assert Norm.objects.get(key=amend).amended_from == ["2021-04-01"]
    assert Norm.objects.get(key=gone).ended_by == "另一决定"
    record = Record.objects.get(key=key)
    text = blobs.get(record.text).decode()
    assert record.public and "废止1件文件；宣布1件文件失效；修改1件文件；继续有效的文件1件" in text
    assert "附件一　废止的文件目录（1件）" in text and "公布以前已经失效的文件目录（1件）" in text
    found = set(Relation.objects.filter(record=key).values_list("verb", "target"))
    assert found == {("repeals", repeal), ("declares_lapsed", lapse), ("amends", amend)}


def test_undone_before_publication(city):
    existing(city, 2)
    before = list(Norm.objects.order_by("key").values())
    key = begin(city)
    do(key, "draw")
    do(key, "decide")
    do(key, "undecide")
    assert Cleanup.objects.get(key=key).undecided == 1
    with pytest.raises(Refused, match="还有 1 件没有处理意见"):
        do(key, "submit")
    do(key, "decide")
    for event in ("submit", "review", "approve", "send_back", "submit", "review", "approve", "cancel"):
        do(key, event)
    assert list(Norm.objects.order_by("key").values()) == before
    assert not Record.objects.filter(key=key).exists()


def test_a_change_needs_its_reason(city):
    key = bring(city, "deciding")
    with pytest.raises(Refused, match="请写明理由"):
        do(key, "decide", reason="")
    do(key, "decide", reason="", decision="keep")


def test_a_package_decision_is_put_together_by_hand(city):
    one, two, three = existing(city, 3)
    key = begin(city, "compose")
    do(key, "include", items=[one, two])
    with pytest.raises(Invalid, match="不是本机关及下级"):
        do(key, "include", items=["cq-2021-99999"])
    with pytest.raises(Refused, match="清单中已有"):
        do(key, "include", items=[one])
    do(key, "decide")
    for event in ("submit", "review", "approve", "publish"):
        do(key, event)
    assert dict(Norm.objects.values_list("key", "state")) == {one: "repealed", two: "repealed", three: "issued"}


def test_the_unit_responsible_decides_on_its_own_only(city):
    one, two = existing(city, 2)
    key = begin(city)
    do(key, "draw")
    do(key, "assign", items=[one], department="cq-plan")
    officer = Actor("plan-officer", frozenset({"handler"}))
    told = {"items": [one], "decision": "keep"}
    assert services.decide_for(key, "decide", city.department, officer, told).state.items[one].decision == "keep"
    with pytest.raises(Refused, match="不由"):
        services.decide_for(key, "decide", city.department, officer, told | {"items": [one, two]})
    with pytest.raises(Refused, match="只能"):
        services.decide_for(key, "submit", city.department, officer, {})


def _ready(city, count: int) -> str:
    existing(city, count)
    key = begin(city)
    do(key, "draw")
    do(key, "decide")
    for event in ("submit", "review", "approve"):
        do(key, event)
    return key


def test_a_thousand_norms_are_one_transaction(city):
    """All of them with one decision, once, quickly, and the tallies as if they had been ended one by one."""
    key = _ready(city, 1000)
    start = time.perf_counter()
    do(key, "publish")
    took = time.perf_counter() - start
    assert Norm.objects.filter(state="repealed").count() == 1000
    assert NormTally.objects.filter(ceased_how="repealed").count() == 1000
    assert Event.objects.filter(kind="repeal").count() == Command.objects.filter(key__startswith=key).count() == 1000
    assert verify().broken is None
    assert took < 60
    print(f"1,000 norms: {took:.1f} s")


def test_one_refusal_leaves_all_as_it_was(city, monkeypatch):
    """A norm that cannot be changed stops the whole decision, and everyone that cannot is named."""
    key = _ready(city, 5)
    stubborn = Norm.objects.order_by("key").last()
    with clock.at(MONDAY + timedelta(days=2)):
        norms.do("norm", stubborn.key, "evaluate", by("x"), {"conclusion": "keep"})
        before = Event.objects.count()
        with pytest.raises(ManyRefused, match=f"{stubborn.key}：日期不能早于上一步"):
            services.do(key, "publish", by("x"), event_data("cleanup", "publish"), day=date(2021, 3, 1))
    assert Event.objects.count() == before and replay("cleanup", key).state == "approved"
    assert not Norm.objects.exclude(state="issued").exists() and not Record.objects.filter(key=key).exists()


def test_published_twice_with_one_key_is_once(city):
    key = _ready(city, 3)
    told = event_data("cleanup", "publish")
    first = services.do(key, "publish", by("x"), told, key="k")
    assert services.do(key, "publish", by("x"), told, key="k").repeated
    assert not first.repeated and Event.objects.filter(kind="repeal").count() == 3


def test_rebuild_writes_the_same_rows(city):
    for n, state in enumerate(WAYS):
        with clock.at(MONDAY + timedelta(days=n)):
            bring(city, state)
    models = [Cleanup, CleanupItem, Norm, NormTally]
    before = [list(model.objects.order_by("pk").values()) for model in models]
    shelf = [
        list(Record.objects.order_by("pk").values()),
        list(Relation.objects.order_by("record", "target").values("record", "verb", "target")),
    ]
    assert all(before) and all(shelf)
    rebuild()
    assert [list(model.objects.order_by("pk").values()) for model in models] == before
    assert [
        list(Record.objects.order_by("pk").values()),
        list(Relation.objects.order_by("record", "target").values("record", "verb", "target")),
    ] == shelf
