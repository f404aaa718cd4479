"""Pauses: how long, for whom, and no way round."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from gongkai.identity import services, throttle
from gongkai.identity.models import Throttle, Trace
from gongkai.ledger.models import Event

from .conftest import is_in, sign_in


def fail(client: Client, times: int, username: str = "registrar", **extra: str):
    for _ in range(times):
        answer = sign_in(client, username, "wrong", **extra)
    return answer


def test_five_failures_pause_and_say_until_when(client, city, world):
    assert "登录名或密码不正确" in fail(client, 5).content.decode()
    text = sign_in(client).content.decode()
    assert "请于3月1日 10:01:00 以后（约 1 分钟）再试" in text and not is_in(client)
    world.pass_by(seconds=59)
    assert "再试" in sign_in(client).content.decode()
    world.pass_by(seconds=2)
    assert sign_in(client).status_code == 302 and is_in(client)


def test_pauses_double_up_to_a_day(client, city, world):
    fail(client, 5)
    for minutes in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440, 1440):
        wait = throttle.paused_until("account", "registrar") - world.at
        assert wait == timedelta(minutes=minutes)
        world.pass_by(minutes=minutes, seconds=1)
        fail(client, 1, REMOTE_ADDR=f"10.0.{minutes // 256}.{minutes % 256}")


def test_success_starts_anew(client, city, world):
    fail(client, 4)
    sign_in(client)
    client.post("/office/logout/")
    fail(client, 4)
    assert sign_in(client).status_code == 302


def test_a_day_without_failures_is_forgotten(client, city, world):
    fail(client, 4)
    world.pass_by(hours=25)
    fail(client, 1)
    assert sign_in(client).status_code == 302


def test_an_account_that_does_not_exist_pauses_and_reads_the_same(client, city, world):
    known = [fail(client, 1).content.decode() for _ in range(7)]
    unknown = [fail(client, 1, "nobody-here").content.decode() for _ in range(7)]
    normal = [text.replace("nobody-here", "registrar") for text in unknown]
    assert [_without_token(text) for text in normal] == [_without_token(text) for text in known]


def test_an_inactive_account_reads_the_same(client, city, world):
    city.people["handler"].is_active = False
    city.people["handler"].save()
    right, wrong = sign_in(client, "handler"), sign_in(client, "handler", "wrong")
    assert _without_token(right.content.decode()) == _without_token(wrong.content.decode())


def test_known_and_unknown_accounts_take_one_hashing_each(client, city, world, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    seen = []
    original = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *a: seen.append(1) or original(self, *a))
    counts = []
    for username in ("registrar", "nobody-here"):
        seen.clear()
        sign_in(client, username, "wrong")
        counts.append(len(seen))
    assert counts == [1, 1]


def test_an_address_pauses_after_thirty_failures_over_many_accounts(client, city, world):
    for n in range(30):
        fail(client, 1, f"guess-{n}")
    assert "再试" in sign_in(client).content.decode()
    assert sign_in(Client(REMOTE_ADDR="10.9.9.9")).status_code == 302


def test_signing_in_oneself_does_not_open_an_address(client, city, world):
    """Otherwise somebody with an account could guess others' without end."""
    for n in range(29):
        fail(client, 1, f"guess-{n}")
        if n % 5 == 0:
            sign_in(client)
            client.post("/office/logout/")
    fail(client, 1, "one-more")
    assert "再试" in sign_in(client).content.decode()


@pytest.mark.parametrize(
    ("hops", "chain", "expected"),
    [
        (0, "6.6.6.6", "10.0.0.1"), (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"), (1, "1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.9", "1.2.3.4"), (1, "", "10.0.0.1"), (1, "<script>", ""),
    ],
)  # fmt: skip
def test_a_forged_header_is_not_believed(settings, hops, chain, expected):
    settings.TRUSTED_PROXIES = hops
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=chain)
    assert throttle.address_of(request) == expected


def test_a_line_of_a_provider_is_one_address(client, city, world):
    for n in range(30):
        fail(client, 1, f"guess-{n}", REMOTE_ADDR=f"2001:db8::{n:x}")
    assert "再试" in sign_in(client, REMOTE_ADDR="2001:db8::ffff").content.decode()


def test_an_administrator_opens_it_again(client, city, world):
    fail(client, 6)
    services.unlock(city.people["registrar"], city.actor("administrator"))
    assert sign_in(client).status_code == 302
    assert Event.objects.filter(subject="registrar", kind="unlock", actor="administrator").count() == 1


def test_failures_leave_a_line_but_not_what_was_typed(client, city, world):
    fail(client, 6)
    fail(client, 1, "my-secret-password")
    assert list(Trace.objects.order_by("id").values_list("kind", "username")) == [
        *[("failed", "registrar")] * 5, ("paused", "registrar"), ("failed", ""),
    ]  # fmt: skip
    everything = str(list(Throttle.objects.values())) + str(list(Trace.objects.values()))
    assert "my-secret-password" not in everything


def test_empty_entries_cost_nothing(client, city, world):
    for _ in range(9):
        client.post("/office/login/", {"username": "registrar", "password": ""})
    assert sign_in(client).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_guesses_made_all_at_once_get_no_more_tries():
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("one connection only")
    passed, lock = [], threading.Lock()

    def guess() -> None:
        try:
            throttle.charge(("account", "li"), ("address", "10.0.0.1"))
            with lock:
                passed.append(1)
        except throttle.Paused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 5


def _without_token(text: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|next=[^"]+', "", text)
