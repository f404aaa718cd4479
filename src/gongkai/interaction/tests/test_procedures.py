"""Questions and mistakes: the whole role × state × event matrix, four eyes, what leaves the house, repeats."""

from itertools import product

import pytest

from gongkai.interaction import repeats, services
from gongkai.interaction.events import message_facts
from gongkai.interaction.models import Message, MessageTally, Mistake, MistakeTally
from gongkai.interaction.procedure import MESSAGE, MISTAKE
from gongkai.interaction.testing import MESSAGE as ASKED
from gongkai.interaction.testing import WAYS, WHO, by, event_data, sent
from gongkai.ledger import clock, vault
from gongkai.ledger.models import Counter, Event, Secret
from gongkai.ledger.queries import rebuild, verify
from gongkai.ledger.services import Actor, replay
from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Invalid, Refused, Situation

PROCEDURES = {"message": MESSAGE, "mistake": MISTAKE}
STATES = [(kind, state) for kind, ways in WAYS.items() for state in ways]
OPENING = {"send", "enter", "report"}


def data_of(kind: str, event: str, body) -> dict:
    if event != "merge":
        return event_data(kind, event)
    return {"into": Message.objects.get(pk=sent("message", body, title="加装电梯补贴标准")).number}


def test_every_state_has_a_way():
    assert all(set(WAYS[kind]) == set(PROCEDURES[kind].state) for kind in WAYS)


@pytest.mark.parametrize("kind", WAYS)
def test_matrix_of_role_state_event(city, kind):
    """Each cell: allowed exactly when the table has the row and the role; the command refuses likewise, leaving nothing."""
    procedure, keys = PROCEDURES[kind], {state: sent(kind, city.office, state) for state in WAYS[kind]}
    told = {event: data_of(kind, event, city.office) for event in procedure.events if event not in OPENING}
    before = Event.objects.count()
    for state, event in product(keys, told):
        move = next((m for m in procedure.transitions if m.event == event and state in m.sources), None)
        case, held = replay(kind, keys[state]), frozenset(move.roles if move else ())
        for role in ROLES:
            if role in held:
                assert move in procedure.allowed(state, [role])
                continue
            with pytest.raises(Refused) as refusal:
                procedure.may(state, event, Situation(case, "x", frozenset({role}), clock.today()))
            assert refusal.value.kind == ("role" if move else "state"), (state, event, role)
        with pytest.raises(Refused) as refusal:
            services.do(kind, keys[state], event, Actor("x", frozenset(ROLES) - held), told[event])
        assert refusal.value.kind == ("role" if move else "state"), (state, event)
    assert Event.objects.count() == before


def test_each_row_of_the_table_works(city):
    rows = [(k, m.event, s) for k, p in PROCEDURES.items() for m in p.transitions for s in m.sources if s != NEW]
    for kind, event, state in rows:
        key, move = sent(kind, city.office, state), PROCEDURES[kind].move(state, event)
        if event == "answer_with":  # the house's own: see the test of merged messages
            continue
        done = services.do(kind, key, event, Actor("else", frozenset(move.roles)), data_of(kind, event, city.office))
        model = Message if kind == "message" else Mistake
        wanted = state if move.target == SAME else move.target
        assert done.state.state == wanted == model.objects.get(key=key).state, (kind, event, state)
    assert verify().broken is None


def test_who_wrote_it_does_not_let_it_go(city):
    for event, state, writer in (("approve", "drafted", "draft"), ("publish", "prepared", "prepare")):
        key = sent("message", city.office, state)
        with pytest.raises(Refused, match="由其他人办理"):
            services.do("message", key, event, by(writer), event_data("message", event))


def test_one_number_and_one_effect_for_a_key(city):
    for command, data, number in (
        (services.send, ASKED, "渝府办咨〔2021〕1号"),
        (services.report, event_data("mistake", "report"), "渝府办错〔2021〕1号"),
    ):
        first, again = (command(city.office, data, key=number) for _ in range(2))
        assert again.repeated and again.event == first.event and first.state.number == number
    assert Message.objects.count() == Mistake.objects.count() == 1
    assert set(Counter.objects.filter(series__startswith="m").values_list("last", flat=True)) == {1}
    assert Secret.objects.filter(key__endswith="/code").count() == 2


def test_the_ledger_holds_nothing_of_the_sender(city):
    for kind, state in STATES:
        sent(kind, city.office, state)
    lines = "\n".join(str(event.data) for event in Event.objects.filter(subject_kind__in=WAYS))
    rows = "\n".join(str(row) for model in (Message, Mistake) for row in model.objects.values())
    sealed = vault.peek(Event.objects.filter(kind="send").first().data["personal"])
    assert sealed["content"] == ASKED["content"] and sealed["name"] == WHO["name"]
    for secret in (*WHO.values(), ASKED["content"], event_data("mistake", "report")["content"]):
        assert secret not in lines and secret not in rows


def test_a_heading_with_the_sender_in_it_is_refused(city):
    for secret in WHO.values():
        with pytest.raises(Invalid, match="不要写姓名"):
            services.send(city.office, ASKED | {"title": f"{secret}的问题"})
    assert not Message.objects.exists() and not Secret.objects.filter(key__endswith="/code").exists()


def test_somebody_must_be_reachable(city):
    with pytest.raises(Refused, match="至少填写一项"):
        services.send(city.office, ASKED | {"phone": "", "email": ""})
    services.report(city.office, event_data("mistake", "report") | dict.fromkeys(WHO, ""))  # nobody need be known


LEAVING = (
    ("message", "assigned", "draft", "reply"),
    ("message", "received", "refuse", "reason"),
    ("message", "answered", "prepare", "heading"),
    ("message", "answered", "prepare", "question"),
    ("message", "published", "withdraw", "reason"),
    ("mistake", "confirmed", "mend", "result"),
    ("mistake", "received", "reject", "reason"),
)


def test_what_leaves_the_house_names_no_sender(city):
    for kind, state, event, field in LEAVING:
        key = sent(kind, city.office, state)
        for secret in WHO.values():
            words = event_data(kind, event) | {field: f"已告知 {' '.join(secret)}"}
            with pytest.raises(Invalid) as refusal:
                services.do(kind, key, event, by(event), words)
            ((found, message),) = refusal.value.errors
            assert found == field and "留言人" in message and secret not in message


def test_what_is_published_names_nobody_else(city):
    key = sent("message", city.office, "answered")
    for other in ("138 1234 5678", "身份证500103199001011234"):
        with pytest.raises(Invalid, match="请删去"):
            services.do("message", key, "prepare", by("x"), event_data("message", "prepare") | {"question": other})


def test_nothing_is_published_that_cannot_be_compared(city):
    key = sent("message", city.office, "prepared")
    vault.erase(replay("message", key).personal)
    with pytest.raises(Refused, match="无法再与公开的内容核对"):
        services.do("message", key, "publish", by("publish"))


def test_only_with_the_senders_consent(city):
    key = sent("message", city.office, "answered", publish=False)
    with pytest.raises(Refused, match="不同意公开"):
        services.do("message", key, "prepare", by("prepare"), event_data("message", "prepare"))


def test_likely_repeats_are_shown_and_never_merged(city):
    first = sent("message", city.office)
    same = sent("message", city.office, phone="13900000000", name="李四", email="")
    other = sent("message", city.office, title="公交线路什么时候恢复", phone="13911112222", content="公交停了。")
    sent("message", city.district)
    found = repeats.hints("cq-office", ASKED["title"], ASKED, but=same)
    assert [(hint.row.key, hint.same_text) for hint in found] == [(first, True)]
    assert not repeats.hints("cq-office", "公交线路什么时候恢复", {"phone": "1", "content": "2"}, but=other)
    assert set(Message.objects.values_list("state", flat=True)) == {"received"}


def test_a_merged_message_is_answered_with_the_other(city):
    """Before the answer and after it; each sender sees it, each counts once."""
    first, early, late = (sent("message", city.office, title=f"加装电梯之{n}") for n in "一二三")
    number = {"into": Message.objects.get(pk=first).number}
    services.do("message", early, "merge", by("merge"), number)
    with pytest.raises(Refused, match="并入了这一件"):
        services.do("message", first, "refuse", by("refuse"), {"reason": "广告"})
    with pytest.raises(Refused, match="不能再并入"):
        services.do("message", first, "merge", by("merge"), {"into": Message.objects.get(pk=late).number})
    for event in ("assign", "draft", "approve"):
        services.do("message", first, event, by(event), event_data("message", event))
    services.do("message", late, "merge", by("merge"), number)
    replies = {replay("message", key).reply for key in (first, early, late)}
    assert replies == {event_data("message", "draft")["reply"]}
    assert MessageTally.objects.filter(answered_on="2021-03-01").values("subject").distinct().count() == 3
    with pytest.raises(Refused, match="公开所并入的那一件"):
        services.do("message", early, "prepare", by("prepare"), event_data("message", "prepare"))


def test_what_cannot_be_merged_into(city):
    key, child = sent("message", city.office), sent("message", city.office, "merged", title="另一件")
    sent("message", city.district)
    own, merged = (Message.objects.get(pk=one).number for one in (key, child))
    for number in ("渝府办咨〔2021〕99号", "渝中府咨〔2021〕1号", own, merged):
        with pytest.raises(Invalid, match="请核对"):
            services.do("message", key, "merge", by("merge"), {"into": number})


def test_difficulty_changes_the_time(city):
    key = sent("message", city.office)
    assert Message.objects.get(pk=key).due_on.isoformat() == "2021-03-08"
    services.do("message", key, "assign", by("assign"), event_data("message", "assign") | {"difficulty": "complex"})
    assert Message.objects.get(pk=key).due_on.isoformat() == "2021-03-22"
    services.do("message", key, "assign", by("assign"), event_data("message", "assign"))  # says nothing: stays
    assert replay("message", key).days == 15


def test_a_page_must_be_an_address(city):
    for page in ("javascript:alert(1)", "首页"):
        with pytest.raises(Invalid, match="网页地址"):
            services.report(city.office, event_data("mistake", "report") | {"page": page})


def test_rebuild_gives_the_same_rows(city):
    for kind, state in STATES:
        sent(kind, city.office, state)
    models = (Message, Mistake, MessageTally, MistakeTally)
    rows = [list(model.objects.order_by("pk").values()) for model in models]
    rebuild()
    assert rows == [list(model.objects.order_by("pk").values()) for model in models]


def test_what_was_refused_does_not_count(city):
    assert message_facts(replay("message", sent("message", city.office, "refused"))) is None
