"""Deputies: the roles of somebody away are held by their deputy, dated, through the one scope function, and said so."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from gongkai.ledger import clock
from gongkai.ledger.services import SYSTEM, Actor
from gongkai.organs import leave
from gongkai.organs.models import Leave
from gongkai.organs.scope import Scope
from gongkai.organs.services import grant
from gongkai.organs.testing import small_city
from gongkai.procedure import Invalid

NOW = datetime(2021, 3, 1, 4, tzinfo=UTC)
TODAY = date(2021, 3, 1)


@pytest.fixture
def city(db):
    with clock.at(NOW):
        yield small_city()


def away(city, who="reviewer", deputy="handler", since=0, until=4):
    days = [TODAY + timedelta(days=n) for n in (since, until)]
    return leave.take(city.people[who], city.people[deputy], *days, Actor(who, frozenset({"self"})))


def test_roles_are_lent_on_the_days_of_leave_only(city):
    away(city, since=1, until=4)
    for day, roles in {0: {"handler"}, 1: {"handler", "reviewer"}, 4: {"handler", "reviewer"}, 5: {"handler"}}.items():
        with clock.at(NOW + timedelta(days=day)):
            scope = Scope(city.people["handler"])
            assert scope.roles(city.office) == roles
            assert scope.actor(city.office).lent == ((("reviewer", "reviewer"),) if "reviewer" in roles else ())
            assert "reviewer" in Scope(city.people["reviewer"]).roles(city.office)  # who is away keeps their own


def test_every_question_of_the_scope_knows_the_deputy(city):
    grant(city.people["supervisor"], city.city, ["supervisor"], SYSTEM, below=True)
    editor = city.people["editor"]
    assert not Scope(editor).may("requests.view") and not Scope(editor).bodies("requests.view").exists()
    away(city, "supervisor", "editor")
    scope = Scope(editor)
    assert scope.may("requests.view", city.district) and scope.bodies("requests.view").count() == 4
    assert scope.anywhere == {"editor", "supervisor"}


def test_standing_in_does_not_pass_on(city):
    away(city, "signatory", "reviewer", since=0, until=2)
    away(city, "reviewer", "handler", since=3, until=5)
    with clock.at(NOW + timedelta(days=3)):
        assert Scope(city.people["handler"]).roles(city.office) == {"handler", "reviewer"}


def test_who_left_lends_nothing(city):
    away(city)
    city.people["reviewer"].is_active = False
    city.people["reviewer"].save()
    assert Scope(city.people["handler"]).roles(city.office) == {"handler"}


def test_own_role_comes_before_a_lent_one(city):
    actor = Actor("b", frozenset({"handler", "reviewer"}), (("reviewer", "a"),))
    assert actor.stands_in_for(("reviewer",)) == "a"
    assert actor.stands_in_for(("reviewer", "handler")) == "" and actor.stands_in_for(("signatory",)) == ""


def test_faults_name_their_field(city):
    away(city)
    wrong = {
        "deputy": {"who": "handler", "deputy": "handler"},
        "until": {"who": "handler", "deputy": "editor", "since": 3, "until": 1},
        "since": {"who": "reviewer", "deputy": "editor", "since": 4, "until": 9},
    }
    for name, asked in wrong.items():
        with pytest.raises(Invalid) as invalid:
            away(city, **asked)
        assert name in dict(invalid.value.errors)
    with pytest.raises(Invalid, match="也在休假"):
        away(city, "handler", "reviewer")


def test_coming_back_early_ends_it(city):
    taken = away(city)
    leave.end(taken, Actor("reviewer", frozenset({"self"})))
    assert Scope(city.people["handler"]).roles(city.office) == {"handler"}


def test_the_ledger_says_for_whom_and_four_eyes_hold(city):
    """A deputy may review for the one away, but never what the deputy drafted."""
    from gongkai.ledger.services import act

    away(city)
    actor = Scope(city.people["handler"]).actor(city.office)
    line = act(
        "person", "editor", "unlock", Actor("handler", frozenset({"administrator"}), (("administrator", "boss"),))
    )
    assert line.event.data == {"deputy_for": "boss"} and line.event.actor == "handler"
    assert actor.key == "handler" and actor.roles == {"handler", "reviewer"}


def test_the_page_enters_and_ends_ones_own(city):
    client = Client()
    client.force_login(city.people["reviewer"])
    page = "/office/organs/leave/"
    sent = {"deputy": "handler", "since": "2021-03-01", "until": "2021-03-05"}
    assert client.post(page, sent | {"deputy": "reviewer"}).status_code == 422
    assert client.post(page, sent).status_code == 302 and Leave.objects.count() == 1
    other = Client()
    other.force_login(city.people["handler"])
    assert "结束代理" not in other.get(page).content.decode()
    other.post(page, {"end": Leave.objects.get().pk})
    assert Leave.objects.exists()
    client.post(page, {"end": Leave.objects.get().pk})
    assert not Leave.objects.exists()
