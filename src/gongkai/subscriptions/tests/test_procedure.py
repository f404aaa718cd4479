"""Who may do what in which state; a ledger without a mailbox; projections that follow from it."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction

from gongkai import figure
from gongkai.figure import Ask
from gongkai.ledger import clock, vault
from gongkai.ledger.models import Event, Secret
from gongkai.ledger.queries import rebuild, verify
from gongkai.ledger.services import SYSTEM, Actor, act, replay
from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Invalid, Refused
from gongkai.subscriptions import contacts, services
from gongkai.subscriptions.models import Subscription, SubscriptionTally
from gongkai.subscriptions.procedure import PROCEDURE
from gongkai.subscriptions.services import Wish
from gongkai.subscriptions.testing import EMAIL, MEETINGS, WAYS, subscription

pytestmark = pytest.mark.django_db


def _data(event: str) -> dict:
    return MEETINGS.data if event in {"ask", "change"} else {}


@pytest.mark.parametrize("state", WAYS)
def test_matrix_of_role_state_event(city, state):
    """Each cell: allowed exactly when the table has the row and the role; a refusal leaves nothing behind."""
    assert set(WAYS) == set(PROCEDURE.state)
    key = subscription(state)
    for event, role in product((one for one in PROCEDURE.events if one != "ask"), ROLES):
        move = next((m for m in PROCEDURE.transitions if m.event == event and state in m.sources), None)
        actor, before = Actor("x", frozenset({role})), Event.objects.count()
        with transaction.atomic():
            if move and role in move.roles:
                done = act(services.KIND, key, event, actor, data=_data(event))
                assert done.state.state == (state if move.target == SAME else move.target)
                assert Subscription.objects.get(key=key).state == done.state.state
                transaction.set_rollback(True)
                continue
            with pytest.raises(Refused) as refusal:
                act(services.KIND, key, event, actor, data=_data(event))
            assert refusal.value.kind == ("role" if move else "state"), (event, role)
        assert Event.objects.count() == before
    assert PROCEDURE.move(NEW, "ask").roles == ("applicant",)


def test_no_line_knows_the_mailbox_or_the_words_and_both_are_forgotten(city):
    key = subscription(wish=Wish(kinds=("meeting",), query="轨道 九号线"))
    services.change(key, Wish(bodies=(), topics=("rural",), query="欧阳秋水"))
    told = "".join(f"{event.data}{event.actor}" for event in Event.objects.all())
    for private in (EMAIL, "九号线", "欧阳秋水", contacts.of(key).code):
        assert private not in told and private not in str(list(Subscription.objects.values()))
    assert contacts.of(key).email == EMAIL and contacts.of(key).query == "欧阳秋水"
    services.leave(key)
    assert (
        contacts.of(key) == contacts.Contact() and not Secret.objects.filter(key__startswith="subscription/").exists()
    )


def test_the_rows_follow_from_the_lines(city):
    keys = [subscription(state) for state in WAYS]
    services.change(keys[1], Wish(topics=("rural",), frequency="weekly"))
    before = (
        list(Subscription.objects.order_by("key").values()),
        list(SubscriptionTally.objects.order_by("id").values()),
    )
    rebuild()
    after = list(Subscription.objects.order_by("key").values()), list(SubscriptionTally.objects.order_by("id").values())
    assert before == after and verify().broken is None and contacts.of(keys[1]).email == EMAIL


@pytest.mark.parametrize(
    ("email", "wish", "field"),
    [
        ("nobody", MEETINGS, "email"),
        ("a b@example.com", MEETINGS, "email"),
        (EMAIL, Wish(kinds=("no_such_kind",)), "kinds"),
        (EMAIL, Wish(bodies=("cq-plan",)), "bodies"),  # has published nothing
        (EMAIL, Wish(query="年:abc"), "query"),
        (EMAIL, Wish(query="长" * 201), "query"),
        (EMAIL, Wish(kinds=("meeting",), frequency="hourly"), "frequency"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_kept(city, email, wish, field):
    with pytest.raises(Invalid) as invalid:
        services.ask(email, wish)
    assert [name for name, _ in invalid.value.errors] == [field]
    assert not Secret.objects.exists() and not Subscription.objects.exists()


def test_one_must_want_something(city):
    with pytest.raises(Refused, match="至少选择一个"):
        services.ask(EMAIL, Wish())
    assert not Secret.objects.exists()


def test_the_same_form_twice_is_one(city):
    first, second = (services.ask(EMAIL, MEETINGS, key="once") for _ in range(2))
    assert second.repeated and second.event == first.event and Subscription.objects.count() == 1


def test_what_is_not_confirmed_is_forgotten(city):
    key, kept = subscription("pending"), subscription("active")
    with clock.at(clock.now() + timedelta(days=7)):
        assert services.lapse_due() == 0
    with clock.at(clock.now() + timedelta(days=8)):
        assert services.lapse_due() == 1
        assert replay(services.KIND, key).state == "lapsed" and not vault.peek(contacts.vault_key(key))
        assert contacts.of(kept).email == EMAIL


def test_the_desk_ends_it_and_does_nothing_else(city):
    key = subscription()
    desk = city.actor("disclosure")
    with pytest.raises(Refused):
        services.do(key, "change", desk, MEETINGS.data, day=None, key=None)
    services.do(key, "leave", desk, {"note": "本人电话提出"}, day=None, key=None)
    assert not contacts.of(key).email


def test_subscribers_are_counted_from_confirmation_to_the_end(city):
    subscription("pending")
    keys = [subscription() for _ in range(3)]
    services.leave(keys[0])
    act(services.KIND, keys[1], "stop", SYSTEM)
    today = clock.today()
    ask = Ask(None, today, today)
    assert figure.count(ask, ["subscriptions.standing"]) == {"subscribers": 1}
    assert figure.FAMILIES["subscriptions.standing"].count_by_body(ask) == {"cq-office": {"subscribers": 1}}
    assert [row.key for row in figure.rows(ask, "subscribers")] == [keys[2]]
