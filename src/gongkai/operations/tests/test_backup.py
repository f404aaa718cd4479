"""Backups through the terminal, on real homes: made while somebody writes, verified, refused when they do not hold."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

GONGKAI = str(Path(sys.executable).parent / "gongkai")
REPORT = ("report", "--body", "cq-office", "--year", "2020", "--format", "json")


def gongkai(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A terminal command in a home of its own, on embedded defaults."""
    return subprocess.run([GONGKAI, *words], env=environment(home), capture_output=True, text=True, timeout=300)


def environment(home: Path) -> dict[str, str]:
    """The environment without this suite's own settings."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI", "DJANGO"))}
    return ours | {"GONGKAI_HOME": str(home)}


def load(home: Path, until: str) -> subprocess.Popen[bytes]:
    """A load under way: a writer that commits many times a second."""
    command = [GONGKAI, "demo", "--no-serve", "--until", until]
    return subprocess.Popen(command, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a fortnight in it."""
    home = tmp_path_factory.mktemp("house")
    assert load(home, "2020-01-14").wait() == 0
    return home


def backed_up(home: Path, to: Path, *words: str) -> Path:
    """A backup made now."""
    done = gongkai(home, "backup", "--to", str(to), *words)
    assert done.returncode == 0, done.stderr
    return max(to.glob("gongkai-*.tar.gz"))


def test_a_home_comes_back_whole_and_without_its_keys(house: Path, tmp_path: Path) -> None:
    file = backed_up(house, tmp_path / "backups")
    again = tmp_path / "again"
    done = gongkai(house, "restore", str(file), "--to", str(again), "--keys", str(house))
    assert done.returncode == 0, done.stderr
    assert json.loads(gongkai(again, *REPORT).stdout) == json.loads(gongkai(house, *REPORT).stdout)
    assert json.loads(gongkai(again, "verify", "--json").stdout)["ok"]
    key = (house / "vault-keys").read_bytes().strip()
    assert key not in gzip.decompress(file.read_bytes())
    refused = gongkai(house, "restore", str(file), "--to", str(house))
    assert refused.returncode == 2 and "不是空目录" in refused.stderr


def test_a_backup_made_while_somebody_writes_holds(house: Path, tmp_path: Path) -> None:
    writer = load(house, "2020-02-05")
    try:
        time.sleep(2)
        files = [backed_up(house, tmp_path / str(n)) for n in range(2)]  # each is verified as it is made
        assert all(file.stat().st_size for file in files)
    finally:
        assert writer.wait() == 0


@pytest.mark.parametrize("harm", ["cut", "flip", "nothing"])
def test_what_was_harmed_is_refused_in_words(house: Path, tmp_path: Path, harm: str) -> None:
    content = bytearray(backed_up(house, tmp_path / "backups", "--no-verify").read_bytes())
    if harm == "cut":
        del content[len(content) // 2 :]
    elif harm == "flip":
        content[len(content) // 2] ^= 0x40
    else:
        content = bytearray(b"no archive at all")
    bad, target = tmp_path / "gongkai-bad.tar.gz", tmp_path / "home"
    bad.write_bytes(content)
    done = gongkai(house, "restore", str(bad), "--to", str(target))
    assert done.returncode == 2 and "没有恢复：" in done.stderr and "Traceback" not in done.stderr
    assert not target.exists() and not list(tmp_path.glob(".gongkai-restoring-*"))


def test_killed_half_way_there_is_no_backup_and_the_next_one_clears_up(house: Path, tmp_path: Path) -> None:
    to = tmp_path / "backups"
    command = [GONGKAI, "backup", "--to", str(to)]
    doing = subprocess.Popen(command, env=environment(house), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 30
    while not (to.exists() and list(to.glob(".gongkai-*.part"))) and time.monotonic() < until:
        time.sleep(0.01)
    doing.send_signal(signal.SIGKILL)
    doing.wait()
    assert not list(to.glob("gongkai-*.tar.gz"))
    backed_up(house, to, "--keep", "1")
    assert len(list(to.iterdir())) == 1
