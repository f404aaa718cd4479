"""Administrators at work: people, roles, locked accounts; and the limits of their reach."""

import re

import pytest
from django.test import Client

from gongkai.identity import throttle
from gongkai.ledger.models import Event
from gongkai.ledger.services import SYSTEM
from gongkai.organs.models import Grant, Person
from gongkai.organs.services import add_person, grant

from .conftest import is_in, sign_in


@pytest.fixture
def admin(client, city) -> Client:
    sign_in(client, "administrator")
    return client


@pytest.fixture
def far(city) -> Person:
    """Somebody of a district, whom the office's administrator does not look after."""
    person = add_person("far", "远方人员", city.district, SYSTEM, password="test-password-1")
    grant(person, city.district, ["registrar"], SYSTEM)
    return person


def test_the_tree_and_the_people_of_the_reach(admin, city, far):
    tree = admin.get("/office/organs/").content.decode()
    assert "重庆市人民政府办公厅" in tree and "渝中区" not in tree
    people = admin.get("/office/organs/people/").content.decode()
    assert "测试registrar" in people and "远方人员" not in people
    assert admin.get("/office/organs/people/far/").status_code == 404
    assert admin.get("/office/identity/people/far/").status_code == 404


def test_lists_cost_the_same_however_many(admin, city, django_assert_max_num_queries):
    for n in range(30):
        person = add_person(f"more-{n}", "张", city.office, SYSTEM)
        grant(person, city.office, ["handler", "reviewer"], SYSTEM)
    for page in ("/office/organs/people/", "/office/organs/", "/office/identity/log/"):
        with django_assert_max_num_queries(8):
            assert admin.get(page).status_code == 200


def test_adding_somebody_until_the_first_sign_in(admin, city):
    form = {"username": "wang-wu", "name": "王五", "body": "cq-office"}
    assert admin.post("/office/organs/people/add/", form).url == "/office/organs/people/wang-wu/"
    assert "已有人使用" in admin.post("/office/organs/people/add/", form).content.decode()
    admin.post("/office/organs/people/wang-wu/", {"event": "grant", "grant-body": "cq-office", "grant-role": "handler"})
    page = admin.post("/office/identity/people/wang-wu/", {"act": "password"}).content.decode()
    temporary = re.search(r"临时密码：<code>([^<]+)</code>", page)[1]
    assert temporary not in admin.get("/office/identity/people/wang-wu/").content.decode()
    theirs = Client()
    sign_in(theirs, "wang-wu", temporary)
    assert theirs.get("/office/").url == "/office/identity/password/"
    kinds = Event.objects.filter(subject="wang-wu").order_by("seq").values_list("kind", "actor")
    assert list(kinds) == [(kind, "administrator") for kind in ("join", "grant", "reset_password")]


@pytest.mark.parametrize("bad", [{"username": "a b"}, {"username": "x" * 41}, {"body": "cq-yuzhong"}, {"name": ""}])
def test_faulty_people_are_refused_in_words(admin, city, bad):
    answer = admin.post("/office/organs/people/add/", {"username": "ok", "name": "王", "body": "cq-office"} | bad)
    assert answer.status_code == 422 and 'class="error"' in answer.content.decode()
    assert not Person.objects.filter(name="王").exists()


def test_taking_a_role_away_works_at_once(admin, city):
    theirs = Client()
    sign_in(theirs, "handler")
    assert theirs.get("/office/requests/").status_code == 200
    held = Grant.objects.get(person=city.people["handler"])
    admin.post("/office/organs/people/handler/", {"event": "revoke", "grant": held.pk})
    assert theirs.get("/office/requests/").status_code == 403


def test_leaving_and_coming_back(admin, city):
    theirs = Client()
    sign_in(theirs, "handler")
    admin.post("/office/organs/people/handler/", {"event": "leave"})
    assert not is_in(theirs) and "停用" in admin.get("/office/organs/people/handler/").content.decode()
    admin.post("/office/organs/people/handler/", {"event": "return"})
    sign_in(theirs, "handler")
    assert is_in(theirs)


def test_opening_a_locked_account(admin, city):
    for _ in range(6):
        sign_in(Client(), "handler", "wrong")
    assert "暂停登录至" in admin.get("/office/identity/people/handler/").content.decode()
    admin.post("/office/identity/people/handler/", {"act": "unlock"})
    assert throttle.paused_until("account", "handler") is None
    assert sign_in(Client(), "handler").status_code == 302


def test_ending_the_sessions_of_somebody(admin, city):
    theirs = Client()
    sign_in(theirs, "handler")
    admin.post("/office/identity/people/handler/", {"act": "sessions"})
    assert not is_in(theirs)


def test_nobody_gives_rights_to_oneself(admin, city):
    for event in ({"event": "grant", "grant-body": "cq-office", "grant-role": "signatory"}, {"event": "leave"}):
        assert admin.post("/office/organs/people/administrator/", event).status_code in {302, 403, 422}
    held = Grant.objects.filter(person=city.people["administrator"]).values_list("role", flat=True)
    assert list(held) == ["administrator"]
    city.people["administrator"].refresh_from_db()
    assert city.people["administrator"].is_active
    for act in ("password", "factor", "unlock"):
        assert admin.post("/office/identity/people/administrator/", {"act": act}).status_code == 403


def test_rights_are_given_within_the_reach_only(admin, city):
    values = {"event": "grant", "grant-role": "handler"}
    assert admin.post("/office/organs/people/handler/", values | {"grant-body": "cq-yuzhong"}).status_code == 422
    below = values | {"grant-body": "cq-office", "grant-below": "on", "grant-role": "reviewer"}
    assert admin.post("/office/organs/people/handler/", below).status_code == 403
    assert Grant.objects.filter(person=city.people["handler"]).count() == 1


@pytest.mark.parametrize("act", ["password", "factor", "sessions", "unlock"])
def test_an_administrator_does_not_get_at_rights_beyond_the_own_reach(admin, city, act):
    """Resetting the password of somebody with rights elsewhere would be taking those rights."""
    grant(city.people["signatory"], city.city, ["supervisor"], SYSTEM, below=True)
    answer = admin.post("/office/identity/people/signatory/", {"act": act})
    assert answer.status_code == 403 and "管理范围" in answer.content.decode()
    assert sign_in(Client(), "signatory").status_code == 302


def test_an_auditor_looks_and_changes_nothing(client, city):
    sign_in(client, "auditor")
    assert client.get("/office/identity/log/").status_code == 200
    page = client.get("/office/organs/people/handler/").content.decode()
    assert 'name="event"' not in page
    for path in ("organs/people/handler", "identity/people/handler"):
        assert client.post(f"/office/{path}/", {"event": "leave", "act": "password"}).status_code == 403


def test_the_log_exports_and_filters(admin, city):
    sign_in(Client(), "handler", "wrong")
    text = b"".join(admin.get("/office/identity/log/?export=csv&kind=failed").streaming_content).decode()
    assert "handler" in text and "administrator" not in text
