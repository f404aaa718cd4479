"""Casework with 200,000 cases: submissions over HTTP, lists with three filters, the case page; SQLite and PostgreSQL.

The cases are loaded in bulk into the real schema (list rows, ledger lines with their hashes, sealed personal data,
marks). Submissions go through ``POST /api/v1/requests`` to gunicorn; beside them, in the same run and under the same
server, a bare Django view that inserts one row: the floor. Lists and pages are asked as a signed-in officer.
Exit status 1 when a list needs more than 8 statements, an entry more than 12, or an answer is wrong.
"""

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import quantiles
from typing import Any

from _harness import installation, progress, say, table

LIST_STATEMENTS, ENTRY_STATEMENTS = 8, 12
CLIENTS = 8
TOPICS = (
    "轨道交通九号线二期",
    "老旧小区改造",
    "集体土地征收",
    "公租房配租",
    "学校划片",
    "供水价格调整",
    "长江岸线保护",
)
PLACES = ("渝中区", "万州区", "涪陵区", "江北区", "沙坪坝区", "九龙坡区", "南岸区", "北碚区", "渝北区", "巴南区")
PAPERS = ("批复文件", "实施方案", "会议纪要", "资金安排", "公告及附件", "统计数据")
FILTERS = {
    "all, newest first": "/office/requests/",
    "state: decided and served": "/office/requests/?state=served",
    "words in title": "/office/requests/?q=公租房",
    "unit, received in a month": "/office/requests/?unit=综合处&received_from=2021-06-01&received_to=2021-06-30",
    "queue by urgency": "/office/requests/queue/",
}


def application(rng: random.Random) -> dict[str, Any]:
    """What an applicant writes."""
    title = f"申请公开{rng.choice(PLACES)}{rng.choice(TOPICS)}{rng.choice(PAPERS)}"
    return {
        "category": "natural_person", "name": "陈小明", "id_type": "identity_card",
        "id_number": f"5000{rng.randrange(10**14):014d}", "phone": f"199{rng.randrange(10**8):08d}",
        "email": "someone@example.com", "address": "某路1号", "title": title, "content": f"{title}（{rng.random()}）",
    }  # fmt: skip


def load(cases: int) -> None:
    """Cases of one office: nine in ten served, the others in hand; three ledger lines each."""
    from gongkai.ledger import vault
    from gongkai.ledger.chain import ROOT, line_hash
    from gongkai.ledger.models import Counter, Event, Secret
    from gongkai.organs.testing import small_city
    from gongkai.requests import similar
    from gongkai.requests.models import Mark, Request

    small_city()
    rng, first = random.Random(711), date(2019, 1, 2)

    def lines(key: str, received: date, data: dict[str, Any]) -> Iterator[Event]:
        previous = ROOT
        steps = (("register", data), ("assign", {"unit": "综合处"}), ("accept", {}))
        for seq, (kind, told) in enumerate(steps, 1):
            at = datetime(received.year, received.month, received.day, 2, seq, tzinfo=UTC)
            told = told | ({"handler": "handler"} if kind == "assign" else {})
            digest = line_hash("request", key, seq, kind, received, at, "registrar", told, previous)
            yield Event(
                subject_kind="request", subject=key, seq=seq, kind=kind, legal_day=received, recorded_at=at,
                actor="registrar", data=told, previous=previous, hash=digest,
            )  # fmt: skip
            previous = digest

    numbers = iter(range(1, cases + 1))
    with progress(f"{cases:,} cases loaded") as show:
        while chunk := list(islice(numbers, 2000)):
            rows, events, secrets, marks = [], [], [], []
            for n in chunk:
                received = first + timedelta(days=n * 1080 // cases)
                key, asked = f"cq-office-{received.year}-{n:06d}", application(rng)
                number, personal = f"渝府办依申〔{received.year}〕{n}号", f"request/{key}/1"
                served = rng.random() < 0.9
                told = {name: asked[name] for name in ("category", "title")} | {"channel": "in-person"}
                told |= {"body": "cq-office", "number": number, "personal": personal}
                rows.append(Request(
                    key=key, number=number, body_id="cq-office", title=asked["title"], channel="in-person",
                    state="served" if served else "handling", category="natural_person", personal=personal,
                    unit="综合处" if n % 3 else "规划处", handler=f"handler{n % 40}", received_on=received,
                    due_on=received + timedelta(days=28), decided_on=received + timedelta(days=20) if served else None,
                    leaf="3.1" if served else "",
                ))  # fmt: skip
                events += lines(key, received, told)
                hidden = {name: asked[name] for name in ("name", "id_number", "phone", "content")}
                secrets.append(Secret(key=personal, sealed=vault.seal(hidden).encode()))
                marks += [
                    Mark(subject=key, kind=k, mark=m) for k, m in similar.marks("cq-office", asked["title"], asked)
                ]
            for model, made in ((Request, rows), (Event, events), (Secret, secrets), (Mark, marks)):
                model.objects.bulk_create(made, batch_size=2000)  # type: ignore[attr-defined]
            show(chunk[-1], cases)
    Counter.objects.create(series="request/cq-office/2021", last=cases)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def measured(work: Callable[[], Any], runs: int) -> tuple[float, float]:
    """p50 and p95 in milliseconds, after one run that warms up."""
    work()
    spent = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    cuts = quantiles(spent, n=20)
    return cuts[9], cuts[18]


def statements(work: Callable[[], Any]) -> int:
    """How many SQL statements one run makes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        work()
    return len([q for q in asked if not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))])


def pages(runs: int) -> bool:
    """Lists and the case page, asked in this process as an officer."""
    from django.test import Client

    from gongkai.organs.models import Person
    from gongkai.requests.models import Request

    client, good, lines = Client(), True, []
    client.force_login(Person.objects.get(username="disclosure"))
    key = Request.objects.filter(state="handling").order_by("key")[50:51].get().key
    for name, address in (FILTERS | {"case page": f"/office/requests/{key}/"}).items():

        def ask(address: str = address) -> None:
            assert client.get(address).status_code == 200, address

        p50, p95 = measured(ask, runs)
        count = statements(ask)
        limit = LIST_STATEMENTS if name != "case page" else None
        held = limit is None or count <= limit
        good &= held
        lines.append([name, f"{p50:.1f}", f"{p95:.1f}", str(count), str(limit or "-"), "yes" if held else "NO"])
    table(["page (ms)", "p50", "p95", "statements", "limit", "holds"], lines)
    return good


@contextmanager
def server() -> Iterator[str]:
    """gunicorn with two workers over the present installation; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    here = str(Path(__file__).resolve().parent)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "_bench_settings", "PYTHONPATH": here}
    environment["GONGKAI_API_INTAKE_PER_MINUTE"] = "100000000"
    command = [sys.executable, "-m", "gunicorn", "gongkai.settings.wsgi:application", "--workers", "2"]
    process = subprocess.Popen([*command, "--bind", f"127.0.0.1:{port}", "--log-level", "error"], env=environment)
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/floor/", data=b"").close()
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(15)


def send(address: str, body: bytes, key: str) -> int:
    """Post; the status."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data=body, headers=headers)) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def rate(address: str, bodies: list[bytes]) -> tuple[float, float, float, int]:
    """(per second, p50, p95 in ms, failures) of these posts by :data:`CLIENTS` clients at once."""

    def one(body: bytes) -> tuple[float, int]:
        start = time.perf_counter()
        status = send(address, body, uuid.uuid4().hex)
        return (time.perf_counter() - start) * 1000, status

    start = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        results = list(clients.map(one, bodies))
    spent = time.perf_counter() - start
    cuts = quantiles([ms for ms, _ in results], n=20)
    return len(bodies) / spent, cuts[9], cuts[18], sum(status != 201 for _, status in results)


def submissions(count: int) -> bool:
    """Entries over HTTP beside the floor, and the statements of one."""
    from django.test import Client

    rng = random.Random(712)

    def body() -> bytes:
        asked = application(rng)
        content = {"body": "cq-office", "content": asked.pop("content"), "form": "paper", "delivery": "mail"}
        asked.pop("title")
        return json.dumps(content | {"applicant": asked}).encode()

    lines, failures = [], 0
    with server() as base:
        for name, path in (("floor: one row", "/floor/"), ("a request", "/api/v1/requests")):
            rate(base + path, [body() for _ in range(CLIENTS * 4)])  # warm
            per_second, p50, p95, failed = rate(base + path, [body() for _ in range(count)])
            failures += failed
            lines.append([name, f"{per_second:.0f}", f"{p50:.1f}", f"{p95:.1f}", str(failed)])
    client = Client()

    def enter() -> None:
        answer = client.post("/api/v1/requests", body(), content_type="application/json",
                             headers={"Idempotency-Key": f"count-{rng.random()}"})  # fmt: skip
        assert answer.status_code == 201, answer.content

    enter()
    asked = statements(enter)
    start = time.process_time()
    for _ in range(50):
        enter()
    cpu = (time.process_time() - start) * 20
    table([f"{CLIENTS} clients", "per second", "p50 ms", "p95 ms", "failed"], lines)
    say(f"  one request: {asked} statements (limit {ENTRY_STATEMENTS}), {cpu:.1f} ms CPU")
    return not failures and asked <= ENTRY_STATEMENTS


def main() -> int:
    """Run on the databases asked for, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--submissions", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    options = parser.parse_args()
    if options.database == "both":
        sizes = [f"--{name}={getattr(options, name)}" for name in ("cases", "submissions", "runs")]
        return max(
            subprocess.run([sys.executable, __file__, f"--database={name}", *sizes], check=False).returncode
            for name in ("sqlite", "postgresql")
        )
    try:
        with installation(options.database):
            say(f"{options.database}: {options.cases:,} cases")
            os.environ["GONGKAI_API_INTAKE_PER_MINUTE"] = "100000000"
            from django.conf import settings

            settings.API_INTAKE_PER_MINUTE = 100_000_000
            load(options.cases)
            good = pages(options.runs)
            return 0 if submissions(options.submissions) and good else 1
    except ConnectionError as error:
        say(f"postgresql: skipped, no server answers ({error})")
        return 0


if __name__ == "__main__":
    sys.exit(main())
