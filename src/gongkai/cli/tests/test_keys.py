"""``gongkai keys rotate``: nothing is lost, however it ends."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken
from django.db import connection

from gongkai.cli import keys, main
from gongkai.ledger import vault
from gongkai.ledger.models import Secret
from gongkai.settings.home import KeyRing, new_key

ENTRIES = {f"request/{n}/1": {"name": f"陈{n}", "phone": f"1380000{n:04}"} for n in range(40)}


class Crash(BaseException):
    """The process ends here."""


@pytest.fixture
def ring(tmp_path: Path, settings) -> KeyRing:
    (tmp_path / "vault-keys").write_text("first")
    settings.VAULT_KEYS = KeyRing(tmp_path / "vault-keys")
    return settings.VAULT_KEYS


@pytest.fixture
def entries(db, ring) -> None:
    for key, values in ENTRIES.items():
        vault.put(key, values)


def rotate(*options: str) -> int:
    words = main.parser("keys").parse_args(["keys", "rotate", *options])
    return keys.run(words)


def all_there() -> bool:
    return all(vault.peek(key) == values for key, values in ENTRIES.items())


def test_rotation_seals_everything_anew_and_keeps_the_old_key(entries, ring, capsys):
    assert rotate() == 0
    assert len(ring) == 2 and ring[1] == "first"
    assert all_there() and not list(vault.stale())
    assert "重新加密 40 项" in capsys.readouterr().out


def test_drop_old_leaves_one_key_that_opens_everything(entries, ring, settings):
    assert rotate("--drop-old") == 0
    assert len(ring) == 1 and ring[0] != "first" and all_there()
    settings.VAULT_KEYS = ["first"]
    with pytest.raises(InvalidToken):
        vault.peek("request/0/1")


def test_a_running_process_sees_the_new_ring_at_once(entries, ring):
    other = KeyRing(ring.path)
    assert list(other) == ["first"]
    rotate("--drop-old")
    assert list(other) == list(ring)


def test_the_file_is_closed_to_others_and_leaves_no_copies(entries, ring):
    rotate("--drop-old")
    assert ring.path.stat().st_mode & 0o077 == 0
    assert {path.name for path in ring.path.parent.iterdir()} == {"vault-keys", "vault-keys.lock"}


@pytest.mark.parametrize("step", range(8))
def test_a_crash_between_any_two_steps_loses_nothing(entries, ring, monkeypatch, step):
    """Ends the run at each rename of the key file, each look for stale entries, and within the sealing."""
    passed = 0

    def crash_at_step(original):
        def wrapped(*args, **kwargs):
            nonlocal passed
            passed += 1
            if passed == step + 1:
                raise Crash
            return original(*args, **kwargs)

        return wrapped

    monkeypatch.setattr(KeyRing, "replace", crash_at_step(KeyRing.replace))
    monkeypatch.setattr(vault, "stale", crash_at_step(vault.stale))
    monkeypatch.setattr(os, "fsync", crash_at_step(os.fsync))
    with pytest.raises(Crash):
        rotate("--drop-old")
    assert all_there()
    monkeypatch.undo()
    assert all_there()
    assert rotate("--drop-old") == 0
    assert len(ring) == 1 and all_there()


def test_a_crash_in_the_middle_of_sealing_loses_nothing(entries, ring, monkeypatch):
    def stop(done: int, total: int) -> None:
        if done == 17:
            raise Crash

    ring.replace([new_key(), *ring])
    with pytest.raises(Crash):
        vault.rotate(stop)
    assert len(list(vault.stale())) == 23 and all_there()
    assert vault.rotate() == 23 and all_there()


def test_an_entry_changed_or_erased_meanwhile_is_not_brought_back(entries, ring, monkeypatch):
    """What another process writes between reading and sealing anew wins."""
    ring.replace([new_key(), *ring])
    original = vault._box

    def meddle(ring_keys):
        box = original(ring_keys)
        if len(ring_keys) > 1 and Secret.objects.filter(key="request/1/1").exists():
            Secret.objects.filter(key="request/1/1").delete()
            old = original(("first",)).encrypt(b'{"name": "\xe6\x96\xb0"}')
            Secret.objects.filter(key="request/0/1").update(sealed=old)
        return box

    monkeypatch.setattr(vault, "_box", meddle)
    vault.rotate()
    monkeypatch.undo()
    assert vault.peek("request/0/1") == {"name": "新"}
    assert vault.peek("request/1/1") == {}
    assert not list(vault.stale())


@pytest.mark.django_db(transaction=True)
def test_writers_during_a_rotation_lose_nothing(ring):
    """Entries written by another connection all the while open with the one key that is left."""
    stop, written = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            vault.put(f"busy/{len(written)}", {"name": str(len(written))})
            written.append(len(written))
        connection.close()

    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("one connection only")
    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            assert rotate("--drop-old") == 0
    finally:
        stop.set()
        writer.join()
    assert written
    assert [vault.peek(f"busy/{n}")["name"] for n in written] == [str(n) for n in written]


def test_a_second_rotation_at_the_same_time_is_refused(entries, ring, capsys):
    with keys._alone(ring.path.with_name("vault-keys.lock")):
        assert rotate() == 2
    assert "正在运行" in capsys.readouterr().err and list(ring) == ["first"]


def test_keys_from_the_environment_are_not_ours_to_write(db, settings, capsys):
    settings.VAULT_KEYS = ["old"]
    vault.put("k", {"name": "陈"})
    settings.VAULT_KEYS = ["new", "old"]
    assert rotate() == 0
    settings.VAULT_KEYS = ["new"]
    assert vault.peek("k") == {"name": "陈"}
    assert rotate("--drop-old") == 2


def test_an_empty_key_file_is_refused_instead_of_sealing_with_nothing(tmp_path):
    (tmp_path / "vault-keys").write_text("\n")
    with pytest.raises(ValueError, match="备份"):
        list(KeyRing(tmp_path / "vault-keys"))


SCRIPT = """
import os; os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.settings.base"
import django; django.setup()
from gongkai.cli.terminal import migrate; migrate()
from gongkai.ledger import vault
for n in range(300): vault.put(f"k{n}", {"name": str(n)})
"""
CHECK = """
import os; os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.settings.base"
import django; django.setup()
from gongkai.ledger import vault
assert all(vault.peek(f"k{n}") == {"name": str(n)} for n in range(300))
"""


def test_killed_for_real(tmp_path):
    """SIGKILL at moments spread over the run of the command itself."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GONGKAI_")} | {
        "GONGKAI_HOME": str(tmp_path)
    }
    subprocess.run([sys.executable, "-c", SCRIPT], env=environment, check=True)
    command = [sys.executable, "-m", "gongkai.cli.main", "keys", "rotate"]
    for tenths in (6, 9, 12):
        with subprocess.Popen(
            command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        ) as process:
            try:
                process.wait(tenths / 10)
            except subprocess.TimeoutExpired:
                process.kill()
    subprocess.run([sys.executable, "-c", CHECK], env=environment, check=True)
    assert list(KeyRing(tmp_path / "vault-keys"))
