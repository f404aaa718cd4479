"""文号 under concurrency: eight writers sign decisions at once; no number is missing, none is given twice."""

import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Writers, and the decisions each signs; ``GONGKAI_THOROUGH`` signs two hundred.
WRITERS, EACH = 8, 25 if "GONGKAI_THOROUGH" in os.environ else 4
#: The database of the run: its server, or none for SQLite.
SERVER = os.environ.get("GONGKAI_DATABASE_URL", "")

#: One process prepares; its children, forked without an open connection, sign; what they gave is told.
WORK = """
import os
from django.core.management import call_command
from django.db import connection
call_command("migrate", run_syncdb=True, verbosity=0)
from gongkai.ledger.queries import verify
from gongkai.ledger.services import Actor, Conflict
from gongkai.organs.testing import small_city
from gongkai.procedure import Refused
from gongkai.requests.models import Request
from gongkai.requests.services import do
from gongkai.requests.tests.paper_cases import told

writers, each = %d, %d
signatory = Actor("signatory", frozenset({"signatory"}))

def sign(key, token):
    try:
        do(key, "sign", signatory, {}, key=token)
    except (Conflict, Refused):
        pass  # a neighbour was first: what is refused must give its number back

def write(writer, start):
    os.read(start, 1)  # the end of the pipe: all begin together
    for n, key in enumerate(keys[writer::writers]):
        sign(key, f"sign/{key}")
        if n %% 5 == 0:  # a double click, and a decision that a neighbour is signing at the same time
            sign(key, f"sign/{key}")
            sign(keys[(writer + 1 + n * writers) %% len(keys)], None)

city = small_city()
for _ in range(writers * each):
    told(city, "accept", "draft", "review")
keys = list(Request.objects.order_by("key").values_list("key", flat=True))
connection.close()
start, go = os.pipe()
children = []
for writer in range(writers):
    child = os.fork()
    if not child:
        os.close(go)
        failed = 1
        try:
            write(writer, start)
            failed = 0
        finally:
            os._exit(failed)
    children.append(child)
os.close(go)
assert not any(os.waitpid(child, 0)[1] for child in children)
assert verify().broken is None
print("\\n".join(Request.objects.exclude(document_number="").values_list("document_number", flat=True)))
"""


@contextmanager
def database() -> Iterator[str]:
    """A database of its own on the server of this run, or empty: SQLite in its own home."""
    if not SERVER:
        yield ""
        return
    import psycopg

    name = f"papers_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True, connect_timeout=3) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{SERVER.rsplit('/', 1)[0]}/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def environment(tmp_path: Path, url: str = "") -> dict[str, str]:
    """An installation of its own."""
    here = str(Path(__file__).resolve().parents[3])
    return {
        "DJANGO_SETTINGS_MODULE": "gongkai.settings.base", "GONGKAI_HOME": str(tmp_path), "GONGKAI_DATABASE_URL": url,
        "PYTHONPATH": here,
    }  # fmt: skip


def run(code: str, environment: dict[str, str]) -> str:
    """A process of its own that runs ``code`` under Django."""
    setup = "import django; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", setup + code], env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_gapless_under_concurrency(tmp_path):
    with database() as url:
        told = run(WORK % (WRITERS, EACH), environment(tmp_path, url))
    found = [re.fullmatch(r"渝府办公复〔(\d{4})〕(\d+)号", number) for number in told.split()]
    assert sorted(int(one[2]) for one in found if one) == list(range(1, WRITERS * EACH + 1)), told
