"""A clean-up is killed while it is published: either every norm has its decision, or nothing has happened."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from .test_demo_load import environment

NORMS = 200
#: ``GONGKAI_ROUNDS`` more than the everyday suite has time for.
KILLS = int(os.environ.get("GONGKAI_ROUNDS", "0")) or 2
PREPARE = f"""
import django
django.setup()
from gongkai.cli.terminal import migrate
from gongkai.ledger.services import Actor
from gongkai.norms import services as norms
from gongkai.norms.cleanup import services
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import small_city
migrate()
city = small_city()
def by(name): return Actor(name, frozenset(ROLES))
rows = [{{"kind": "normative_document", "title": f"文件{{n}}", "issued_on": "2015-06-01", "document_number": f"渝府发〔2015〕{{n}}号"}}
        for n in range(1, {NORMS} + 1)]
norms.register_many(city.city, by("clerk"), rows)
key = services.start("open", city.city, by("a"), {{"title": "清理", "reach": "own", "kind": "both"}}).event.subject
items = list(services.do(key, "draw", by("a")).state.items)
services.do(key, "decide", by("a"), {{"items": items, "decision": "repeal", "reason": "任务完成"}})
for event in ("submit", "review", "approve"):
    services.do(key, event, by(event))
print(key)
"""
PUBLISH = """
import sys, django
django.setup()
from gongkai.ledger.services import Actor
from gongkai.norms.cleanup import services
from gongkai.organs.rights import ROLES
print("ready", flush=True)
told = {"title": "关于废止部分文件的决定", "document_number": "渝府发〔2021〕40号"}
services.do(sys.argv[1], "publish", Actor("x", frozenset(ROLES)), told, key="publish")
print("done", flush=True)
"""
LOOK = """
import sys, django
django.setup()
from gongkai.ledger.models import Command, Event
from gongkai.ledger.queries import verify
from gongkai.norms.models import Norm
from gongkai.norms.cleanup.models import Cleanup, CleanupItem
from gongkai.records.models import Record
row = Cleanup.objects.get(key=sys.argv[1])
print(row.state, Norm.objects.filter(state="repealed").count(), Event.objects.filter(kind="repeal").count(),
      Command.objects.count(), CleanupItem.objects.filter(outcome="done").count(),
      Record.objects.filter(ended_how="repealed").count(), verify().broken is None)
"""


def python(home: Path, script: str, *words: str) -> str:
    """A script in a process of its own, to the end."""
    own = environment(home) | {"DJANGO_SETTINGS_MODULE": "gongkai.settings.base"}
    command = [sys.executable, "-c", script, *words]
    return subprocess.run(command, env=own, check=True, timeout=300, capture_output=True, text=True).stdout.strip()


def test_killed_half_way_nothing_is_half_done(tmp_path):
    key = python(tmp_path, PREPARE)
    before, rng, killed = "approved 0 0 0 0 0 True", random.Random(1), 0
    after = f"published {NORMS} {NORMS} {NORMS + 1} {NORMS} {NORMS} True"
    own = environment(tmp_path) | {"DJANGO_SETTINGS_MODULE": "gongkai.settings.base"}
    assert python(tmp_path, LOOK, key) == before
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", PUBLISH, key], env=own, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert process.stdout and process.stdout.readline() == "ready\n"
        time.sleep(rng.uniform(0.05, 0.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        done = "done" in process.stdout.read()
        found = python(tmp_path, LOOK, key)
        assert found in {before, after} and (found == after or not done)
        killed += found == before
    assert killed, "it was always too quick: nothing was interrupted"
    again = PUBLISH.rpartition("print")[0]
    python(tmp_path, PUBLISH + again[again.index("services.do") :], key)  # once more, and again with the same key
    assert python(tmp_path, LOOK, key) == after
