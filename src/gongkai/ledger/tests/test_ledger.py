"""The ledger: append-only, chained, sealed, idempotent, rebuilt."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from gongkai.ledger import blobs, clock, followers, triggers, vault
from gongkai.ledger.models import Checkpoint, Event, Reading, Seal, Secret
from gongkai.ledger.queries import verify
from gongkai.ledger.services import SYSTEM, Actor, Conflict, _append, act, next_number, seal
from gongkai.procedure import Invalid, Refused

pytestmark = pytest.mark.django_db
NOON = datetime(2021, 3, 1, 4, tzinfo=UTC)


def join(name: str = "zhang", key: str | None = None):
    return act("person", name, "join", SYSTEM, data={"body": "cq"}, key=key)


def tamper(statement: str) -> None:
    """What somebody with the database's own rights could do."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    triggers.install(connection)


@pytest.mark.parametrize(
    "change",
    [
        lambda: Event.objects.update(actor="x"),
        lambda: Event.objects.all()._raw_delete("default"),
        lambda: Seal.objects.update(digest="x"),
        lambda: Seal.objects.all()._raw_delete("default"),
    ],
)
def test_database_refuses_change(change):
    join()
    seal()
    with pytest.raises(DatabaseError, match="只可追加"), transaction.atomic():
        change()
    assert verify().broken is None


def test_chain_names_the_first_broken_line():
    for name in ("a", "b", "c"):
        join(name)
        act("person", name, "leave", SYSTEM)
    assert verify().lines == 6
    tamper("UPDATE ledger_event SET actor = 'x' WHERE subject = 'b' AND seq = 1")
    broken = verify().broken
    assert broken and broken.where == "person/b#1 join" and "改动" in broken.reason


def test_a_missing_tail_or_subject_breaks_the_seal():
    join("a")
    join("b")
    seal()
    join("c")
    assert verify().broken is None
    tamper("DELETE FROM ledger_event WHERE subject = 'b'")
    broken = verify().broken
    assert broken and "封存" in broken.where


def test_a_missing_line_in_the_middle_is_named():
    join("a")
    act("person", "a", "leave", SYSTEM)
    act("person", "a", "return", SYSTEM)
    tamper("DELETE FROM ledger_event WHERE seq = 2")
    broken = verify().broken
    assert broken and broken.where == "person/a#3 return" and "第 2 条" in broken.reason


def test_a_removed_seal_is_noticed():
    for name in ("a", "b"):
        join(name)
        seal()
    tamper("DELETE FROM ledger_seal WHERE id = (SELECT MIN(id) FROM ledger_seal)")
    assert verify().broken


def test_same_key_is_one_effect():
    first, second = join("a", key="k1"), join("a", key="k1")
    assert first.event == second.event and second.repeated and Event.objects.count() == 1


def test_refused_leaves_no_trace():
    join("a")
    for attempt in (
        lambda: act("person", "a", "return", SYSTEM),
        lambda: act("person", "a", "leave", Actor("x", frozenset({"handler"}))),
        lambda: act("person", "a", "grant", SYSTEM, data={"body": "cq", "role": "emperor"}),
        lambda: act("person", "a", "leave", SYSTEM, day=clock.today() + timedelta(days=1)),
        lambda: act("person", "a", "leave", SYSTEM, day=clock.today() - timedelta(days=1)),
    ):
        with pytest.raises((Refused, Invalid)):
            attempt()
    assert Event.objects.count() == 1


def test_two_writers_of_one_subject_conflict():
    first = join("a").event
    act("person", "a", "leave", SYSTEM)
    with pytest.raises(DatabaseError), transaction.atomic():
        _append("person", "a", first, "leave", first.legal_day, "x", {})
    assert str(Conflict()).startswith("此事项刚被他人更新")


def test_numbers_are_gapless_after_a_rollback():
    assert next_number("s") == 1
    with pytest.raises(RuntimeError), transaction.atomic():
        assert next_number("s") == 2
        raise RuntimeError
    assert next_number("s") == 2


def test_played_time():
    with clock.at(NOON):
        assert join().event.recorded_at == NOON
        assert clock.today().isoformat() == "2021-03-01"
    assert clock.now() > NOON


def test_vault_seals_masks_logs_and_forgets():
    vault.put("k", {"name": "陈小明", "id_number": "500112199001011234"})
    assert "陈".encode() not in bytes(Secret.objects.get(key="k").sealed)
    assert vault.masked("k") == {"name": "陈＊＊", "id_number": "500＊＊＊＊＊＊＊＊＊＊＊＊＊34"}
    assert vault.read("k", "li", "核对身份")["name"] == "陈小明"
    assert Reading.objects.get().reader == "li"
    vault.erase("k")
    assert vault.masked("k") == {}


def test_vault_keys_rotate(settings):
    vault.put("k", {"name": "陈小明"})
    settings.VAULT_KEYS = ["new", *settings.VAULT_KEYS]
    assert vault.rotate() == 1
    settings.VAULT_KEYS = ["new"]
    assert vault.masked("k")["name"] == "陈＊＊"


def test_blobs_are_stored_once_and_checked():
    digest = blobs.put("原文".encode())
    assert blobs.put("原文".encode()) == digest and blobs.get(digest).decode() == "原文"
    blobs.path_of(digest).write_bytes(b"other")
    with pytest.raises(blobs.Damaged, match="已被改动"):
        blobs.get(digest)
    blobs.path_of(digest).unlink()
    with pytest.raises(blobs.Damaged, match="缺失"):
        blobs.get(digest)
    with pytest.raises(blobs.Damaged):
        blobs.get("../../etc/passwd")


def test_follower_reads_each_line_once_and_survives_a_crash(monkeypatch):
    seen: list[str] = []
    crash = [True]

    monkeypatch.setitem(followers.FOLLOWERS, "test", None)  # what the decorator registers is taken back

    @followers.follow("test", "person")
    def handle(event: Event) -> None:
        if event.subject == "c" and crash:
            crash.clear()
            raise RuntimeError("power cut")
        seen.append(event.subject)

    monkeypatch.setattr(followers, "BATCH", 2)
    for name in "abcde":
        join(name)
    with pytest.raises(RuntimeError):
        followers.run("test")
    assert seen == ["a", "b"] and followers.lag()["test"] == 3
    followers.run("test")
    assert seen == list("abcde") and followers.lag()["test"] == 0
    assert followers.run("test") == 0 and Checkpoint.objects.get(follower="test")
