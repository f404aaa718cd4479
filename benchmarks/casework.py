"""Casework with 200,000 cases: submissions over HTTP, lists with filters, the case page; SQLite and PostgreSQL.

The register is loaded in bulk and verified (``_register.py``). Submissions go through ``POST /api/v1/requests`` to
gunicorn; beside them, in the same run and under the same server, a bare Django view that inserts one row: the floor.
Lists and pages are asked as a signed-in officer.
Exit status 1 when a list needs more than 8 statements, an entry more than 12, or an answer is wrong.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from statistics import quantiles
from typing import Any

from _harness import installation, say, server, table
from _register import OFFICE, application, hold, load

LIST_STATEMENTS, ENTRY_STATEMENTS = 8, 12
CLIENTS = 8


def filters() -> dict[str, str]:
    """The lists asked for, by what they are."""
    month = f"received_from={date.today().year - 2}-06-01&received_to={date.today().year - 2}-06-30"  # noqa: DTZ011
    return {
        "all, newest first": "/office/requests/",
        "all, page 1000": "/office/requests/?page=1000",
        "state: decided and served": "/office/requests/?state=served",
        "words in title": "/office/requests/?q=公租房",
        "words not there": "/office/requests/?q=没有这样的事项",
        "unit, received in a month": f"/office/requests/?unit=综合处&{month}",
        "by title": "/office/requests/?sort=title",
        "queue by urgency": "/office/requests/queue/",
    }


def measured(work: Callable[[], Any], runs: int) -> tuple[str, str, str]:
    """p50, p95 and this process's CPU a run, in milliseconds, after one run that warms up.

    On a busy machine the CPU says more than the clock; what PostgreSQL spends is in the clock alone.
    """
    work()
    spent, cpu = [], time.process_time()
    for _ in range(runs):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    cpu = (time.process_time() - cpu) * 1000 / runs
    cuts = quantiles(spent, n=20)
    return f"{cuts[9]:.1f}", f"{cuts[18]:.1f}", f"{cpu:.1f}"


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
    key = Request.objects.filter(state="handling").latest("received_on", "key").key
    for name, address in (filters() | {"case page": f"/office/requests/{key}/"}).items():

        def ask(address: str = address) -> None:
            assert client.get(address).status_code == 200, address

        times = measured(ask, runs)
        count = statements(ask)
        limit = LIST_STATEMENTS if name != "case page" else None
        held = limit is None or count <= limit
        good &= held
        lines.append([name, *times, str(count), str(limit or "-"), "yes" if held else "NO"])
    table(["page (ms)", "p50", "p95", "CPU", "statements", "limit", "holds"], lines)
    return good


def alike(runs: int) -> None:
    """How long it takes to find what looks like a request: shown on the case page, one in all of the others."""
    from gongkai.requests import similar

    rng, lines = random.Random(713), []
    people = [application(rng) for _ in range(runs + 1)]
    for name, change in (("a new application", {}), ("an applicant of a hundred", {"id_number": "5000" + "0" * 14})):
        asked = iter(people)
        times = measured(lambda a=asked, c=change: similar.hints(OFFICE, (w := next(a) | c)["title"], w), runs)  # type: ignore[misc]
        lines.append([name, *times])
    table(["near-equal requests (ms)", "p50", "p95", "CPU"], lines)


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
        content = {"body": OFFICE, "content": asked.pop("content"), "form": "paper", "delivery": "mail"}
        asked.pop("title")
        return json.dumps(content | {"applicant": asked}).encode()

    lines, failures = [], 0
    with server("_bench_settings", GONGKAI_API_INTAKE_PER_MINUTE="100000000") as base:
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
            say(
                f"{options.database}: {options.cases:,} cases; load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
            )
            os.environ["GONGKAI_API_INTAKE_PER_MINUTE"] = "100000000"
            from django.conf import settings

            settings.API_INTAKE_PER_MINUTE = 100_000_000
            load(options.cases)
            if fault := hold():
                say(f"the register loaded does not hold: {fault}")
                return 1
            good = pages(options.runs)
            alike(options.runs)
            return 0 if submissions(options.submissions) and good else 1
    except ConnectionError as error:
        say(f"postgresql: skipped, no server answers ({error})")
        return 0


if __name__ == "__main__":
    sys.exit(main())
