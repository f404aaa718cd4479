"""Server and worker are killed while eight clients hand in requests: nothing acknowledged is lost, nothing is doubled.

``GONGKAI_ROUNDS=20 .venv/bin/pytest -n 0 -s tests/crash/test_intake.py`` runs twenty rounds of five hundred submissions;
the everyday suite one short round.
"""

import http.client
import json
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from .test_demo_load import GONGKAI, environment, gongkai

ROUNDS = int(os.environ.get("GONGKAI_ROUNDS", "0"))
SUBMISSIONS, KILLS = (500 if ROUNDS else 60), 2
CLIENTS = 8
#: Seconds in which server and worker end after SIGTERM; and after their parent was killed, on a machine that is busy too.
ENDS, ORPHANS = 10, 40
PREPARE = """
import django
django.setup()
from gongkai.cli.terminal import migrate
from gongkai.organs.testing import small_city
migrate()
small_city()
"""
APPLICANT = {
    "category": "natural_person", "name": "陈小明", "id_type": "identity_card", "id_number": "500103199001011234",
    "phone": "13800000000",
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A small city's empty register."""
    path = tmp_path_factory.mktemp("intake")
    own = environment(path) | {"DJANGO_SETTINGS_MODULE": "gongkai.settings.base"}
    subprocess.run([sys.executable, "-c", PREPARE], env=own, check=True, timeout=120)
    return path


class Server:
    """``gongkai serve`` in a process group of its own."""

    def __init__(self, home: Path):
        self.home = home
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    def start(self) -> None:
        """Start, on the port it had before."""
        own = environment(self.home) | {"GONGKAI_API_INTAKE_PER_MINUTE": "1000000"}
        command = [GONGKAI, "serve", "--port", str(self.port)]
        with (self.home / "serve.log").open("a") as log:
            self.process = subprocess.Popen(command, env=own, stdout=log, stderr=log, start_new_session=True)

    def ready(self) -> None:
        """Wait until it answers."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            assert self.process.poll() is None, (self.home / "serve.log").read_text()[-2000:]
            try:
                if ask(self.port, "GET", "/api/v1/openapi.json")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server does not answer")

    def members(self) -> list[int]:
        """The processes of its group that still run."""
        return [pid for pid in running() if group_of(pid) == self.process.pid]

    def gone(self, within: float) -> None:
        """Nobody of the group is left."""
        end = time.monotonic() + within
        while self.members():
            assert time.monotonic() < end, f"still there: {[command_of(pid) for pid in self.members()]}"
            time.sleep(0.02)

    def kill(self, everybody: bool) -> None:
        """Kill -9: the whole group, or only the parent, whose children have to notice."""
        (os.killpg if everybody else os.kill)(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.gone(within=ORPHANS)


def running() -> Iterator[int]:
    """Every process there is."""
    return (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())


def group_of(pid: int) -> int:
    """A process's group; 0 for one that is over."""
    try:
        state, _, group = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:3]
    except OSError:
        return 0
    return 0 if state == "Z" else int(group)


def command_of(pid: int) -> str:
    """What a process runs."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def ask(port: int, method: str, path: str, content: object = None, key: str = "") -> tuple[int, dict]:
    """One call on a connection of its own."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        connection.request(method, path, json.dumps(content) if content else None, headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())


class Clients:
    """Eight threads that hand in requests and try again, with the same key, until each is acknowledged."""

    def __init__(self, port: int, name: str):
        self.port, self.name = port, name
        self.receipts: dict[str, dict] = {}
        self.faults: list[str] = []
        self.tries = 0
        self.threads = [threading.Thread(target=self.work, args=(n,), daemon=True) for n in range(CLIENTS)]

    def work(self, number: int) -> None:
        """One client's share."""
        for n in range(number, SUBMISSIONS, CLIENTS):
            key = f"{self.name}-{n}"
            while key not in self.receipts and not self.faults:
                self.hand_in(key, n)

    def hand_in(self, key: str, n: int) -> None:
        """One try; after an acknowledgement now and then another, as if the answer had not come."""
        content = {
            "body": "cq-office" if n % 5 else "cq-plan", "applicant": APPLICANT, "content": f"请公开第 {n} 号文件（{key}）",
            "form": "paper", "delivery": "collect",
        }  # fmt: skip
        self.tries += 1
        try:
            status, answer = ask(self.port, "POST", "/api/v1/requests", content, key)
            if status in (200, 201):
                self.receipts[key] = answer
                if n % 7 == 0:
                    again = ask(self.port, "POST", "/api/v1/requests", content, key)
                    if again != (200, answer) and again[0] != 503:
                        self.faults.append(f"{key}: {answer} became {again}")
            elif status != 503:
                self.faults.append(f"{key}: {status} {answer}")
        except (OSError, http.client.HTTPException, ValueError):
            time.sleep(0.05)


def play(server: Server, name: str, rng: random.Random) -> Clients:
    """One round: the clients work, the server is killed after random numbers of acknowledgements and started again."""
    clients = Clients(server.port, name)
    moments = sorted(rng.sample(range(SUBMISSIONS - CLIENTS), KILLS))
    for thread in clients.threads:
        thread.start()
    for turn, moment in enumerate(moments):
        while len(clients.receipts) < moment and not clients.faults:
            time.sleep(0.002)
        time.sleep(rng.uniform(0, 0.03))
        server.kill(everybody=turn % 2 == 0)
        server.start()
        server.ready()
    for thread in clients.threads:
        thread.join(timeout=300)
    assert not clients.faults, clients.faults[:3]
    assert len(clients.receipts) == SUBMISSIONS
    return clients


@contextmanager
def register(home: Path) -> Iterator[sqlite3.Connection]:
    """The database, as it lies on disk."""
    with closing(sqlite3.connect(home / "gongkai.sqlite3")) as database:
        yield database


def check(home: Path, receipts: dict[str, dict]) -> None:
    """Every acknowledged number exists, none twice, all gapless; each key one request."""
    with register(home) as database:
        numbers = [row[0] for row in database.execute("SELECT number FROM requests_request")]
        keys = database.execute("SELECT count(*), count(DISTINCT event_id) FROM ledger_command").fetchone()
        lines = database.execute("SELECT count(*) FROM ledger_event WHERE subject_kind = 'request'").fetchone()[0]
    acknowledged = [receipt["number"] for receipt in receipts.values()]
    assert len(set(acknowledged)) == len(acknowledged)
    assert set(acknowledged) == set(numbers) and len(numbers) == len(set(numbers))
    assert keys == (len(receipts), len(receipts)) and lines == len(receipts)
    series: dict[str, list[int]] = {}
    for number in numbers:
        name, count = re.fullmatch(r"(.+〕)(\d+)号", number).groups()
        series.setdefault(name, []).append(int(count))
    assert all(sorted(counts) == list(range(1, len(counts) + 1)) for counts in series.values())


@pytest.mark.xdist_group("crash")
def test_nothing_acknowledged_is_lost_when_server_and_worker_are_killed(home):
    rng, receipts, started = random.Random(20210301), {}, time.monotonic()
    server, tries = Server(home), 0
    try:
        server.ready()
        for number in range(max(1, ROUNDS)):
            clients = play(server, f"round-{number}", rng)
            receipts |= clients.receipts
            tries += clients.tries
            check(home, receipts)
            print(f"round {number + 1}: {len(receipts)} requests, {tries} tries, {time.monotonic() - started:.0f} s")
        receipt = rng.choice(list(receipts.values()))
        assert (
            ask(server.port, "GET", f"/api/v1/requests/{subject(home, receipt)}?code={receipt['query_code']}")[0] == 200
        )
    finally:
        server.kill(everybody=True)
    checked = gongkai(home, "verify", "--json")
    assert json.loads(checked.stdout)["ok"], checked.stdout


def subject(home: Path, receipt: dict) -> str:
    """The key of a request's number."""
    with register(home) as database:
        found: str = database.execute(
            "SELECT key FROM requests_request WHERE number = ?", [receipt["number"]]
        ).fetchone()[0]
        return found


@pytest.mark.xdist_group("crash")
@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_sigterm_ends_server_and_worker_and_leaves_no_child(home, busy):
    server = Server(home)
    try:
        server.ready()
        assert len(server.members()) >= 4  # the parent, gunicorn's master, its workers, our worker
        clients = Clients(server.port, f"term-{busy}")
        for thread in clients.threads if busy else ():
            thread.start()
        while busy and len(clients.receipts) < 10 and not clients.faults:
            time.sleep(0.01)
        asked = time.monotonic()
        server.process.terminate()
        assert server.process.wait(timeout=ENDS) == 0
        server.gone(within=max(0.1, ENDS - (time.monotonic() - asked)))
        clients.faults.append("over")
        with register(home) as database:
            numbers = {row[0] for row in database.execute("SELECT number FROM requests_request")}
        assert {receipt["number"] for receipt in clients.receipts.values()} <= numbers
        with closing(socket.socket()) as port:
            port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            port.bind(("127.0.0.1", server.port))
    finally:
        if server.process.poll() is None:
            server.kill(everybody=True)
