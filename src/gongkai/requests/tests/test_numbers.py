"""文号 under concurrency: eight writers sign two hundred decisions at once; no number is missing, none is given twice."""

import os
import re
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

WRITERS, EACH = 8, 25
POSTGRES = os.environ.get("GONGKAI_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")

PREPARE = """
from django.core.management import call_command
call_command("migrate", run_syncdb=True, verbosity=0)
from gongkai.organs.testing import small_city
from gongkai.requests.tests.paper_cases import told
city = small_city()
for _ in range(%d):
    told(city, "accept", "draft", "review")
"""
SIGN = """
from gongkai.ledger.services import Actor, Conflict
from gongkai.procedure import Refused
from gongkai.requests.models import Request
from gongkai.requests.services import do
writer, writers = %d, %d
signatory = Actor("signatory", frozenset({"signatory"}))
keys = list(Request.objects.order_by("key").values_list("key", flat=True))

def sign(key, token):
    try:
        do(key, "sign", signatory, {}, key=token)
    except (Conflict, Refused):
        pass  # a neighbour was first: what is refused must give its number back

for n, key in enumerate(keys[writer::writers]):
    sign(key, f"sign/{key}")
    if n %% 5 == 0:  # a double click, and a decision that a neighbour is signing at the same time
        sign(key, f"sign/{key}")
        sign(keys[(writer + 1 + n * writers) %% len(keys)], None)
"""
COUNT = """
from gongkai.ledger.queries import verify
from gongkai.requests.models import Request
assert verify().broken is None
print("\\n".join(Request.objects.exclude(document_number="").values_list("document_number", flat=True)))
"""


def run(code: str, environment: dict[str, str]) -> str:
    """A process of its own that runs ``code`` under Django."""
    setup = "import django; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", setup + code], env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def signed(environment: dict[str, str], writers: int, each: int) -> list[str]:
    """The numbers given when so many processes sign so many decisions each, at once."""
    run(PREPARE % (writers * each), environment)
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(lambda n: run(SIGN % (n, writers), environment), range(writers)))
    return run(COUNT, environment).split()


def check(numbers: list[str], many: int) -> None:
    """Gapless from 1, each once."""
    found = [re.fullmatch(r"渝府办公复〔(\d{4})〕(\d+)号", number) for number in numbers]
    assert sorted(int(one[2]) for one in found if one) == list(range(1, many + 1)), numbers


def environment(tmp_path: Path) -> dict[str, str]:
    """An installation of its own."""
    here = str(Path(__file__).resolve().parents[3])
    return {
        "DJANGO_SETTINGS_MODULE": "gongkai.settings.base", "GONGKAI_HOME": str(tmp_path), "GONGKAI_DATABASE_URL": "",
        "PYTHONPATH": here,
    }  # fmt: skip


# Sixteen processes and two databases take a minute: every night, not at every change.
pytestmark = pytest.mark.skipif("GONGKAI_THOROUGH" not in os.environ, reason="takes a minute; set GONGKAI_THOROUGH")


def test_gapless_on_sqlite(tmp_path):
    check(signed(environment(tmp_path), WRITERS, EACH), WRITERS * EACH)


@pytest.mark.postgres
def test_gapless_on_postgresql(tmp_path):
    psycopg = pytest.importorskip("psycopg")
    name = f"papers_{uuid.uuid4().hex[:12]}"
    try:
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        pytest.skip("needs PostgreSQL")
    with server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            there = environment(tmp_path) | {"GONGKAI_DATABASE_URL": f"{POSTGRES.rsplit(chr(47), 1)[0]}/{name}"}
            check(signed(there, WRITERS, EACH), WRITERS * EACH)
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
