"""Signing in, the second step, sessions, passwords: through the pages, as a browser does."""

import re

import pytest
from django.test import Client

from gongkai.identity import services, totp
from gongkai.identity.models import Account, Session, Trace
from gongkai.ledger import vault
from gongkai.ledger.models import Event, Secret
from gongkai.procedure import Refused

from .conftest import PASSWORD, is_in, sign_in

NEW = "一句容易记住的话 2022"


def enrol(client: Client, world) -> tuple[str, list[str]]:
    """Put a second factor in use through the page; returns its secret and the recovery codes."""
    page = client.get("/office/identity/factor/").content.decode()
    secret = re.search(r"密钥：<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    assert secret in page and "<svg" in page
    code = totp.code(secret, int(world.at.timestamp()) // 30)
    answer = client.post("/office/identity/factor/", {"code": code})
    codes = re.findall(r"<code>([a-z2-7]{5}-[a-z2-7]{5})</code>", answer.content.decode())
    assert len(set(codes)) == 10
    return secret, codes


def now_code(secret: str, world) -> str:
    return totp.code(secret, int(world.at.timestamp()) // 30)


@pytest.fixture
def enrolled(client, city, world):
    sign_in(client)
    secret, codes = enrol(client, world)
    client.post("/office/logout/")
    world.pass_by(seconds=60)
    return secret, codes


# Sessions


def test_signing_in_gives_a_new_key_and_drops_what_was_there(client, city):
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    sign_in(client)
    assert client.session.session_key != before and "planted" not in client.session
    assert not Session.objects.filter(session_key=before).exists()


def test_an_idle_session_ends(client, city, world):
    sign_in(client)
    world.pass_by(minutes=29)
    assert is_in(client)
    world.pass_by(minutes=29)
    assert is_in(client)
    world.pass_by(minutes=31)
    assert not is_in(client)


def test_no_session_outlives_its_day(client, city, world):
    sign_in(client)
    for _ in range(23):
        world.pass_by(minutes=20)
        assert is_in(client)
    world.pass_by(minutes=21)
    assert not is_in(client)


def test_a_page_costs_no_query_more_than_the_session_and_the_person(client, city, world, django_assert_num_queries):
    sign_in(client)
    client.get("/office/identity/password/")
    with django_assert_num_queries(5):  # session, person, and for the bar the body, the roles, the unread messages
        client.get("/office/identity/password/")


def test_own_sessions_are_listed_and_ended(client, city):
    other = Client(headers={"user-agent": "另一台"})
    sign_in(client)
    sign_in(other)
    page = client.get("/office/identity/").content.decode()
    assert "另一台" in page and "当前会话" in page
    assert client.session.session_key not in page and other.session.session_key not in page
    name = re.search(r'name="session" value="(\w+)"', page)[1]
    client.post("/office/identity/", {"session": name})
    assert is_in(client) and not is_in(other)


def test_sign_out_everywhere_keeps_this_one(client, city):
    others = [Client() for _ in range(3)]
    for each in [client, *others]:
        sign_in(each)
    client.post("/office/identity/")
    assert is_in(client) and not any(is_in(each) for each in others)


def test_nobody_ends_a_session_of_somebody_else(client, city):
    other = Client()
    sign_in(client)
    sign_in(other, "handler")
    client.post("/office/identity/", {"session": services.session_name(other.session.session_key)})
    assert is_in(other)


def test_who_is_put_out_of_use_is_out_at_once(client, city):
    from gongkai.organs.services import leave

    sign_in(client)
    leave(city.people["registrar"], city.actor("administrator"))
    assert not is_in(client)


def test_signing_out_is_a_post_and_ends_the_session(client, city):
    sign_in(client)
    key = client.session.session_key
    assert client.get("/office/logout/").status_code == 405 and is_in(client)
    client.post("/office/logout/")
    assert not Session.objects.filter(session_key=key).exists()
    assert Trace.objects.filter(kind="out", username="registrar").count() == 1


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(client, city, onward):
    answer = client.post("/office/login/", {"username": "registrar", "password": PASSWORD, "next": onward})
    assert answer.url == "/office/"


def test_what_is_over_is_forgotten(client, city, world):
    sign_in(client)
    world.pass_by(hours=9)
    assert services.forget()["sessions"] == 1 and not Session.objects.exists()


# Passwords


def change(client: Client, old: str = PASSWORD, new: str = NEW, again: str | None = None):
    values = {"old": old, "new": new, "again": new if again is None else again}
    return client.post("/office/identity/password/", values)


def test_a_new_password_ends_the_other_sessions(client, city):
    other = Client()
    sign_in(client)
    sign_in(other)
    before = client.session.session_key
    assert change(client).status_code == 302
    assert is_in(client) and client.session.session_key != before and not is_in(other)
    assert "不正确" in sign_in(Client()).content.decode()
    assert sign_in(Client(), password=NEW).status_code == 302
    assert Event.objects.filter(subject="registrar", kind="change_password", actor="registrar").count() == 1


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("short-1", "10 至 128"), ("a1" * 65, "10 至 128"), ("abcdefghijkl", "至少两类"), ("registrar-2022", "登录名"),
        ("a1a1a1a1a1a1", "重复"), (PASSWORD, "不能与现在的密码相同"), ("password123456", "太常见"), ("", "请填写"),
    ],
)  # fmt: skip
def test_a_weak_password_is_refused_with_the_rule(client, city, new, message):
    sign_in(client)
    answer = change(client, new=new)
    if message == "太常见":  # the list is Django's: only what it holds
        from django.contrib.auth.password_validation import CommonPasswordValidator

        assert ("password123456" in CommonPasswordValidator().passwords) == (answer.status_code == 422)
        return
    assert answer.status_code == 422 and message in answer.content.decode()
    city.people["registrar"].refresh_from_db()
    assert city.people["registrar"].check_password(PASSWORD)


def test_typed_differently_is_refused(client, city):
    sign_in(client)
    assert "不一致" in change(client, again="另一句容易记的话 2022").content.decode()


def test_guessing_the_password_at_an_open_screen_pauses(client, city, world):
    sign_in(client)
    for _ in range(5):
        assert "现在的密码不正确" in change(client, old="guess").content.decode()
    assert "再试" in change(client).content.decode()


def test_a_temporary_password_must_be_changed_first(client, city):
    temporary = services.reset_password(city.people["registrar"], city.actor("administrator"))
    assert sign_in(client).status_code != 302
    sign_in(client, password=temporary)
    assert client.get("/office/").url == "/office/identity/password/"
    assert client.get("/office/requests/").url == "/office/identity/password/"
    change(client, old=temporary)
    assert is_in(client)
    assert temporary not in str(list(Event.objects.values())) + str(list(Trace.objects.values()))


# The second step


def test_the_second_step_is_asked_for_and_lets_in(client, city, world, enrolled):
    secret, _ = enrolled
    answer = sign_in(client)
    assert answer.url == "/office/identity/code/" and not is_in(client)
    assert client.post("/office/identity/code/", {"code": "000000"}).status_code == 422 and not is_in(client)
    answer = client.post("/office/identity/code/", {"code": now_code(secret, world)})
    assert answer.url == "/office/" and is_in(client)
    assert Trace.objects.first().note == "密码和验证码"


def test_a_code_works_once(client, city, world, enrolled):
    secret, _ = enrolled
    for expected in (302, 422):
        each = Client()
        sign_in(each)
        assert each.post("/office/identity/code/", {"code": now_code(secret, world)}).status_code == expected


def test_a_recovery_code_works_once_and_is_counted(client, city, world, enrolled):
    _, codes = enrolled
    for expected in (302, 422):
        each = Client()
        sign_in(each)
        answer = each.post("/office/identity/code/", {"code": f" {codes[3].upper()} "})
        assert answer.status_code == expected
    assert services.recovery_left(city.people["registrar"]) == 9
    assert Trace.objects.filter(kind="recovery").count() == 1


def test_guessing_codes_pauses_and_the_password_does_not_help(client, city, world, enrolled):
    secret, _ = enrolled
    for _ in range(5):
        sign_in(client)
        client.post("/office/identity/code/", {"code": "000000"})
    sign_in(client)
    answer = client.post("/office/identity/code/", {"code": now_code(secret, world)})
    assert "再试" in answer.content.decode() and not is_in(client)


def test_the_first_step_is_good_for_five_minutes(client, city, world, enrolled):
    secret, _ = enrolled
    sign_in(client)
    world.pass_by(seconds=301)
    answer = client.post("/office/identity/code/", {"code": now_code(secret, world)})
    assert answer.url == "/office/login/" and not is_in(client)


def test_a_password_changed_in_between_voids_the_first_step(client, city, world, enrolled):
    secret, _ = enrolled
    sign_in(client)
    services.reset_password(city.people["registrar"], city.actor("administrator"))
    client.post("/office/identity/code/", {"code": now_code(secret, world)})
    assert not is_in(client)


def test_the_code_page_alone_lets_nobody_in(client, city, world, enrolled):
    secret, _ = enrolled
    assert client.post("/office/identity/code/", {"code": now_code(secret, world)}).url == "/office/login/"


def test_the_secret_lies_sealed(client, city, world, enrolled):
    secret, codes = enrolled
    raw = b"".join(bytes(row.sealed) for row in Secret.objects.all()).decode()
    raw += str(list(Session.objects.values())) + str(list(Event.objects.values()))
    assert secret not in raw and codes[0] not in raw
    assert vault.peek("factor/registrar")["secret"] == secret
    assert codes[0] not in str(vault.peek("factor/registrar"))


def test_a_wrong_first_code_puts_nothing_in_use(client, city, world):
    sign_in(client)
    client.get("/office/identity/factor/")
    answer = client.post("/office/identity/factor/", {"code": "000000"})
    assert answer.status_code == 422 and not services.has_factor(city.people["registrar"])
    with pytest.raises(Refused):
        services.enrol_factor(city.people["registrar"], totp.new_secret(), "abc")


def test_a_role_that_needs_it_leads_to_enrolment_first(client, city, world, settings):
    settings.SECOND_FACTOR_ROLES = ["signatory"]
    sign_in(client, "signatory")
    assert client.get("/office/requests/").url == "/office/identity/factor/"
    enrol(client, world)
    assert is_in(client)
    answer = client.post("/office/identity/factor/", {"password": PASSWORD})
    assert "不能停用" in answer.content.decode() and services.has_factor(city.people["signatory"])
    sign_in(client := Client(), "registrar")
    assert is_in(client)


def test_taking_it_out_of_use_asks_for_the_password(client, city, world):
    sign_in(client)
    enrol(client, world)
    assert client.post("/office/identity/factor/", {"password": "wrong"}).status_code == 422
    assert services.has_factor(city.people["registrar"])
    assert client.post("/office/identity/factor/", {"password": PASSWORD}).status_code == 302
    assert not services.has_factor(city.people["registrar"])
    kinds = Event.objects.filter(subject="registrar").order_by("seq").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["enrol_factor", "drop_factor"]


def test_an_administrator_resets_it_and_every_session_ends(client, city, world, enrolled):
    services.drop_factor(city.people["registrar"], city.actor("administrator"))
    assert not Session.objects.filter(person=city.people["registrar"]).exists()
    assert vault.peek("factor/registrar") == {}
    assert sign_in(client).url == "/office/" and is_in(client)
    assert not Account.objects.get(person=city.people["registrar"]).factor_since
