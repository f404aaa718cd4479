"""Power cuts while the demonstration loads: nothing acknowledged is lost, nothing is doubled, the load completes.

``GONGKAI_KILLS=50 .venv/bin/pytest -n 0 tests/crash`` kills fifty times; the everyday suite twice.
"""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

KILLS = int(os.environ.get("GONGKAI_KILLS", "2"))
GONGKAI = str(Path(sys.executable).parent / "gongkai")


def gongkai(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """One terminal command in a home of its own, on embedded defaults."""
    return subprocess.run([GONGKAI, *words], env=environment(home), capture_output=True, text=True, timeout=300)


def environment(home: Path) -> dict[str, str]:
    """The environment without this suite's own settings."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI", "DJANGO"))}
    return ours | {"GONGKAI_HOME": str(home)}


def load_and_kill(home: Path, after: float) -> bool:
    """Start the load and pull the plug after some seconds; whether it was still running then."""
    with subprocess.Popen(
        [GONGKAI, "demo", "--no-serve"], env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as load:
        time.sleep(after)
        running = load.poll() is None
        load.kill()
    return running


@pytest.mark.xdist_group("crash")
def test_load_survives_kills(tmp_path):
    rng, home, cut = random.Random(20210301), tmp_path / "home", 0
    for number in range(KILLS):
        # Long enough to get into the load; early kills fall into the set-up.
        cut += load_and_kill(home, rng.uniform(0.3, 3.0 if number % 5 else 6.0))
        checked = gongkai(home, "verify", "--json")
        if checked.returncode == 2:
            continue  # killed before there was a ledger
        assert json.loads(checked.stdout)["ok"], checked.stdout
    assert cut == KILLS
    done = gongkai(home, "demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    assert gongkai(home, "verify").returncode == 0
    report = json.loads(gongkai(home, "report", "--body", "cq-office", "--year", "2021", "--format", "json").stdout)
    assert (report["table3"]["1"][-1], report["table3"]["3.7"][-1], report["table3"]["4"][-1]) == (522, 532, 21)
    again = gongkai(home, "demo", "--no-serve")
    assert "已经齐全" in again.stderr
