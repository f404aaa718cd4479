"""Power cuts while the demonstration loads: nothing acknowledged is lost, nothing is doubled, the load completes.

``GONGKAI_KILLS=50 .venv/bin/pytest -n 0 tests/crash`` kills fifty times, over the two whole years; the everyday suite
twice, over a month.
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
UNTIL = "2022-01-10" if KILLS > 2 else "2020-02-05"
YEAR = str(int(UNTIL[:4]) - (KILLS > 2))
LOAD = ("demo", "--no-serve", "--until", UNTIL)
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
        [GONGKAI, *LOAD], env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as load:
        time.sleep(after)
        running = load.poll() is None
        load.kill()
    return running


def check_complete(home: Path) -> dict:
    """Finish the load (or find it finished) and return its report."""
    done = gongkai(home, *LOAD)
    assert done.returncode == 0, done.stderr
    assert gongkai(home, "verify").returncode == 0
    assert "已经齐全" in gongkai(home, *LOAD).stderr
    return json.loads(gongkai(home, "report", "--body", "cq-office", "--year", YEAR, "--format", "json").stdout)


@pytest.mark.xdist_group("crash")
def test_load_survives_kills(tmp_path):
    rng, number, cut, reports = random.Random(20210301), 0, 0, []
    home = tmp_path / "home-0"
    while cut < KILLS:
        # Long enough to get into the load; early kills fall into the set-up.
        if not load_and_kill(home, rng.uniform(0.3, 6.0)):
            reports.append(check_complete(home))  # it came through: go on with an empty home
            number += 1
            home = tmp_path / f"home-{number}"
            continue
        cut += 1
        checked = gongkai(home, "verify", "--json")
        if checked.returncode != 2:  # 2: killed before there was a ledger
            assert json.loads(checked.stdout)["ok"], checked.stdout
    reports.append(check_complete(home))
    assert all(report == reports[0] for report in reports)
    # A load nobody cut gives the same.
    assert check_complete(tmp_path / "whole") == reports[0] and reports[0]["table3"]["1"][-1] > 5
