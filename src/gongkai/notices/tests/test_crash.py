"""Real worker processes, killed between sending and recording, and several at once: nothing is lost, and what goes out
twice goes out under the same Message-ID or Idempotency-Key."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter

import pytest
from django.conf import settings as test_settings
from django.db import connection

from gongkai.ledger import clock, vault
from gongkai.notices.models import APPLICANT, Message

from .servers import MailServer, TextServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("crash")]
KILLS = int(os.environ.get("GONGKAI_KILLS", "2"))
WORKER = "import django; django.setup(); from gongkai.notices.delivery import deliver; deliver()"


class Installation:
    """A home of its own on a copy of the test's database (SQLite), or on the test's database itself (PostgreSQL)."""

    def __init__(self, home, mail: MailServer, texts: TextServer):
        self.home, self.texts, self.mail = home, texts, mail
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI", "DJANGO"))}
        self.environment = ours | {
            "GONGKAI_HOME": str(home),
            "GONGKAI_VAULT_KEYS": ",".join(test_settings.VAULT_KEYS),
            "GONGKAI_SMTP_HOST": "127.0.0.1",
            "GONGKAI_SMTP_PORT": str(mail.port),
            "GONGKAI_SMS_URL": texts.url,
            "DJANGO_SETTINGS_MODULE": "gongkai.settings.base",
        }
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with sqlite3.connect(home / "gongkai.sqlite3") as copy:
                connection.connection.backup(copy)
        else:
            name = connection.settings_dict["NAME"]
            self.environment["GONGKAI_DATABASE_URL"] = (
                os.environ["GONGKAI_DATABASE_URL"].rpartition("/")[0] + f"/{name}"
            )

    def worker(self) -> subprocess.Popen:
        """One round of a worker."""
        return subprocess.Popen([sys.executable, "-c", WORKER], env=self.environment)

    def sql(self, statement: str) -> list[tuple]:
        """Straight into the installation's database."""
        if connection.vendor == "sqlite":
            with sqlite3.connect(self.home / "gongkai.sqlite3", timeout=20) as database:
                return database.execute(statement).fetchall()
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def wait_out_claims(self) -> None:
        """Five minutes pass."""
        self.sql(
            "UPDATE notices_message SET claimed_until = '2000-01-01 00:00:00+00:00' WHERE claimed_until IS NOT NULL"
        )

    def keys(self) -> Counter:
        """What the servers received, by the key they know a message by."""
        mails = Counter(one["Message-ID"].strip("<>").partition("@")[0] for one in self.mail.mails)
        return mails + Counter(headers["idempotency-key"] for headers, _ in self.texts.calls)


@pytest.fixture
def queue(city):
    """Queue messages by one channel."""

    def queue(channel: str, count: int) -> list[str]:
        vault.put("request/1", {"email": "chen@example.com", "phone": "13800000000"})
        rows = [
            Message(
                cause=f"line/{n}", recipient=APPLICANT, channel=channel, body=city.office, title="答复已送达", text="…",
                address="request/1", token=f"{channel}{n:027x}", created_at=clock.now(), next_at=clock.now(), state="waiting",
            )
            for n in range(count)
        ]  # fmt: skip
        Message.objects.bulk_create(rows)
        return [row.token for row in rows]

    return queue


@pytest.fixture
def install(tmp_path):
    with MailServer() as mail, TextServer() as texts:
        yield lambda: Installation(tmp_path, mail, texts)


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_killed_between_sending_and_recording(queue, install, channel):
    (token,) = queue(channel, 1)
    house = install()
    worker: list[subprocess.Popen] = []

    def kill(answer):
        def strike():
            worker[-1].kill()
            worker[-1].wait()
            return answer

        return strike

    house.mail.taken, house.texts.answer = kill("250 OK"), kill(200)
    worker.append(house.worker())
    assert worker[0].wait(60) == -signal.SIGKILL
    assert house.keys() == {token: 1}  # it went out, and the sender died before it knew
    assert house.sql("SELECT state, attempts FROM notices_message") == [("waiting", 1)]
    house.mail.taken, house.texts.answer = (lambda: "250 OK"), (lambda: 200)
    house.wait_out_claims()
    assert house.worker().wait(60) == 0
    assert house.keys() == {token: 2}
    assert house.sql("SELECT state, attempts FROM notices_message") == [("sent", 2)]


def test_random_power_cuts_lose_nothing(queue, install):
    rng = random.Random(7)
    tokens = queue("email", 20 * KILLS)
    house = install()
    workers: list[subprocess.Popen] = []
    cuts = 0

    def taken() -> str:
        nonlocal cuts
        if cuts < KILLS and rng.random() < 0.15:
            cuts += 1
            workers[-1].kill()
        return "250 OK"

    house.mail.taken = taken
    while house.sql("SELECT 1 FROM notices_message WHERE state = 'waiting' LIMIT 1"):
        workers.append(house.worker())
        workers[-1].wait(60)
        house.wait_out_claims()
    received = house.keys()
    assert cuts == KILLS and set(received) == set(tokens)
    assert received.total() <= len(tokens) + cuts
    assert house.sql("SELECT DISTINCT state FROM notices_message") == [("sent",)]


def test_workers_side_by_side_send_each_once(queue, install):
    tokens = queue("email", 60)
    house = install()
    workers = [house.worker() for _ in range(3)]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0]
    assert house.keys() == dict.fromkeys(tokens, 1)
    assert house.sql("SELECT DISTINCT state, attempts FROM notices_message") == [("sent", 1)]
