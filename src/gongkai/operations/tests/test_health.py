"""/healthz and /metrics: what they say, to whom, and that they need neither session nor database to say it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client
from django.utils import timezone

from gongkai.ledger import followers
from gongkai.library import indexing
from gongkai.operations import counters, health, services
from gongkai.operations.counters import COUNTERS
from gongkai.operations.models import Backup, Pulse
from gongkai.organs.testing import small_city


@pytest.fixture
def home(tmp_path, settings):
    settings.HOME = tmp_path
    return tmp_path


@pytest.mark.django_db
def test_health_names_what_is_missing_and_says_ok_once_it_is_there(home, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        answer = client.get("/healthz")
    assert answer.status_code == 200 and not answer.cookies
    assert answer.json() == {
        "database": "ok", "blobs": "ok", "worker": "后台进程还没有运行过", "index": "还没有搜索索引",
    }  # fmt: skip
    services._last[0] = -services.BEAT
    assert services.beat() and not services.beat()
    indexing.rebuild()
    assert set(client.get("/healthz").json().values()) == {"ok"}
    Pulse.objects.update(at=timezone.now() - timedelta(seconds=health.SILENT + 5))
    assert client.get("/healthz").json()["worker"].startswith("后台进程已有 12")


def test_health_is_503_without_a_database(client, monkeypatch, home):
    def away(*_):
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", away)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "数据库没有应答" and answer.json()["worker"] == health.UNKNOWN


@pytest.mark.django_db
def test_health_says_when_the_disk_is_full(client, home, monkeypatch):
    monkeypatch.setattr("gongkai.operations.queries.disk", lambda: (5 << 20, 100 << 30))
    assert client.get("/healthz").json()["blobs"] == "磁盘只剩 5 MB"


def values(client: Client, **headers: str) -> dict[str, float]:
    text = client.get("/metrics", headers=headers).content.decode()
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


@pytest.mark.django_db
def test_metrics_count_what_happens(home, client):
    before = values(client)
    for _ in range(3):
        client.get("/healthz")
    client.get("/nowhere/")
    small_city()
    Backup.objects.create(
        file="x", made_at=timezone.now() - timedelta(hours=1), seconds=1, size=7, digest="0" * 64, lines=1, files=1
    )
    after = values(client)
    grown = {name: after[name] - before.get(name, 0) for name in after}
    assert grown['gongkai_requests_total{area="site",status="4xx"}'] == 1
    assert grown['gongkai_requests_total{area="site",status="2xx"}'] == 4  # and /metrics itself, before it answered
    assert grown['gongkai_request_seconds_bucket{area="site",le="+Inf"}'] == 5
    assert grown['gongkai_request_seconds_count{area="site"}'] == 5
    assert after["gongkai_ledger_last_line"] > 0 and after["gongkai_process_resident_bytes"] > 1 << 20
    assert 3600 <= after["gongkai_backup_age_seconds"] < 3700 and after["gongkai_backup_verified"] == 0
    assert after["gongkai_disk_free_bytes"] > 0 and after['gongkai_open_requests{urgency="red"}'] == 0
    assert {f'gongkai_follower_lag_lines{{follower="{name}"}}' for name in followers.FOLLOWERS} <= after.keys()


@pytest.mark.django_db
def test_metrics_are_for_the_addresses_and_the_token_of_the_settings(client, settings, home):
    def asked(**extra):
        return client.get("/metrics", **extra).status_code

    assert asked() == 200 and asked(REMOTE_ADDR="10.1.2.3") == 403
    # Behind a proxy that was not announced everybody looks like this machine.
    assert asked(HTTP_X_FORWARDED_FOR="10.1.2.3") == 403
    settings.TRUSTED_PROXIES = 1
    assert asked(HTTP_X_FORWARDED_FOR="10.1.2.3") == 403
    assert asked(HTTP_X_FORWARDED_FOR="127.0.0.1, 10.1.2.3") == 403
    settings.METRICS_FROM = ["10.1.0.0/16"]
    assert asked(HTTP_X_FORWARDED_FOR="10.1.2.3") == 200
    settings.METRICS_FROM, settings.METRICS_TOKEN = [], "s3cret"
    assert asked() == 403 and asked(HTTP_AUTHORIZATION="Bearer wrong") == 403
    assert asked(HTTP_AUTHORIZATION="Bearer s3cret") == 200
    settings.METRICS_TOKEN = ""
    assert asked(HTTP_AUTHORIZATION="Bearer ") == 403


@pytest.mark.django_db
def test_a_request_has_a_name_and_only_our_proxy_may_give_it(client, settings, home):
    assert len(client.get("/healthz", headers={"X-Request-ID": "aaaaaaaa-1"})["X-Request-ID"]) == 32
    settings.TRUSTED_PROXIES = 1
    assert client.get("/healthz", headers={"X-Request-ID": "aaaaaaaa-1"})["X-Request-ID"] == "aaaaaaaa-1"
    assert client.get("/healthz", headers={"X-Request-ID": "陈\n"})["X-Request-ID"] != "陈\n"


def test_processes_of_one_server_are_added_up(home):
    """Each counts in a file of its own; one that was killed is not forgotten."""
    start = COUNTERS.sums()["office"].classes["5xx"]
    COUNTERS.count("office", 503, 0.2)
    # A sibling: same parent, other process.
    sibling = counters._open(counters.directory() / "4000001")
    sibling[counters.WIDTH + 4] += 2
    assert COUNTERS.sums()["office"].classes["5xx"] == start + 3
