"""A clean-up killed while it is published: real kills, at moments spread over the one transaction."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

NORMS = 60
#: Publishes in forked processes that kill themselves after so many statements; then once to the end.
SCRIPT = f"""
import json, os, signal, django
os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.settings.demo"
django.setup()
from django.core.management import call_command
from django.db import connection, connections
call_command("migrate", verbosity=0)
from gongkai.ledger.models import Event
from gongkai.ledger.queries import verify
from gongkai.norms.models import Norm
from gongkai.norms.tests import test_cleanup as steps
from gongkai.organs.testing import small_city
from gongkai.records.models import Record

key = steps._ready(small_city(), {NORMS})

def standing():
    counts = [Event.objects.count(), Norm.objects.filter(state="issued").count(), Record.objects.filter(key=key).count()]
    broken = verify().broken
    connections.close_all()
    return [*counts, broken and broken.reason]

def publish(last=None):
    said = [0]
    def count(execute, *rest):
        said[0] += 1
        if said[0] == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*rest)
    with connection.execute_wrapper(count):
        steps.do(key, "publish")
    return said[0]

def in_a_fork(work):
    back, forth = os.pipe()
    if (child := os.fork()) == 0:
        os.write(forth, str(work()).encode())
        os._exit(0)
    os.close(forth)
    told = os.read(back, 20).decode()
    return os.waitpid(child, 0)[1], told

def undone():
    # How many statements it takes, in a transaction that is taken back.
    from django.db import transaction
    with transaction.atomic():
        whole = publish()
        transaction.set_rollback(True)
    return whole

before = standing()
whole = int(in_a_fork(undone)[1])
after = []
for part in (0.3, 0.6, 0.95):
    status, _ = in_a_fork(lambda: publish(int(whole * part)))
    after.append([os.WTERMSIG(status), *standing()])
publish()
print(json.dumps([before, after, standing()]))
"""


@pytest.mark.skipif("GONGKAI_DATABASE_URL" in os.environ, reason="has an SQLite of its own")
def test_killed_while_it_is_published(tmp_path: Path) -> None:
    env = {**os.environ, "GONGKAI_HOME": str(tmp_path)}
    env.pop("GONGKAI_DATABASE_URL", None)
    told = subprocess.run([sys.executable, "-c", SCRIPT], env=env, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    before, killed, done = json.loads(told.stdout.splitlines()[-1])
    assert before[1:] == [NORMS, 0, None]
    assert killed == [[9, *before]] * 3
    assert done == [before[0] + 1 + NORMS, 0, 1, None]
