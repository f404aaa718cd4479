"""Many openings at once are the same as one by one; texts stored in bulk are whole and durable."""

import hashlib
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from gongkai.ledger import blobs, bulk, clock, packs
from gongkai.ledger.models import Command, Event
from gongkai.ledger.queries import rebuild, verify
from gongkai.ledger.services import Actor, Conflict, act, next_number
from gongkai.ledger.subjects import SUBJECTS
from gongkai.norms.models import Entry, EntryTally
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import small_city
from gongkai.procedure import Invalid, Refused
from gongkai.records.models import Placement, Record, RecordTally, Version
from gongkai.requests.testing import APPLICATION

NOON = datetime(2021, 3, 1, 4, tzinfo=UTC)
EVERY = Actor("everybody", frozenset(ROLES))
RECORD = {"kind": "meeting", "title": "第一次常务会议", "columns": ["meetings"], "published_on": "2021-02-01"}


@pytest.fixture
def city(db):
    with clock.at(NOON):
        yield small_city()


def openings(kind: str, count: int = 3) -> tuple[str, list[bulk.Opening]]:
    """The same kind of opening several times."""
    if kind == "record":
        text = blobs.put("内容".encode())
        system = {"body": "cq-office", "text": text, "data": {"type": "executive", "held_on": "2021-01-30"}}
        return "register_existing", [
            bulk.Opening(f"r-{n}", RECORD | {"title": f"第{n}次"}, system, key=f"k{n}") for n in range(count)
        ]
    if kind == "request":
        system = {"body": "cq-office", "number": "1"}
        return "register", [bulk.Opening(f"q-{n}", APPLICATION, system | {"number": str(n)}) for n in range(count)]
    data = {"register": "licence", "matter": "许可", "decided_on": "2021-02-01", "count": 2}
    return "enter", [bulk.Opening(f"e-{n}", data, {"body": "cq-office"}) for n in range(count)]


MODELS = {"record": (Record, Version, Placement, RecordTally), "register_entry": (Entry, EntryTally), "request": ()}


def everything(kind: str) -> list[list[str]]:
    """All rows a subject has left, but for what the database numbers."""
    lines = Event.objects.filter(subject_kind=kind).order_by("subject", "seq")
    found = [[str(row) for row in lines.values_list("subject", "seq", "kind", "legal_day", "recorded_at", "actor",
                                                    "data", "previous", "hash")]]  # fmt: skip
    for model in MODELS[kind] or (SUBJECTS[kind].models):
        names = [f.attname for f in model._meta.concrete_fields if f.name != "id"]
        found.append(sorted(map(str, model._default_manager.values_list(*names))))
    found.append(list(Command.objects.order_by("key").values_list("key", "event__subject")))
    return found


@pytest.mark.parametrize("kind", list(MODELS))
def test_the_same_as_one_by_one(city, kind):
    from django.db import transaction

    event, several = openings(kind)
    with clock.at(NOON):
        with transaction.atomic():
            for one in several:
                act(kind, one.subject, event, EVERY, data=one.data, system_data=one.system_data, key=one.key)
            slow = everything(kind)
            transaction.set_rollback(True)
        assert not Event.objects.filter(subject_kind=kind).exists()
        assert bulk.open_many(kind, event, several, EVERY) == len(several)
    assert everything(kind) == slow and len(slow[0]) == len(several)
    ids = dict(Event.objects.filter(subject_kind=kind).values_list("subject", "id"))
    tally = SUBJECTS[kind].tally
    if tally is not None:
        assert all(ids[row.subject] == row.id for row in tally._default_manager.all())
    assert verify().broken is None
    rebuild()
    assert everything(kind)[:-1] == slow[:-1]


def test_a_key_used_before_opens_nothing(city):
    event, several = openings("record", 4)
    with clock.at(NOON):
        assert bulk.open_many("record", event, several[:2], EVERY) == 2
        assert bulk.open_many("record", event, [*several, several[3]], EVERY) == 2
        assert bulk.open_many("record", event, several, EVERY) == 0
    assert Record.objects.count() == 4


@pytest.mark.parametrize(("change", "actor", "error"), [
    ({"title": ""}, EVERY, Invalid), ({"published_on": "2022-01-01"}, EVERY, Refused), ({"surplus": 1}, EVERY, Invalid),
    ({}, Actor("x", frozenset({"auditor"})), Refused),
])  # fmt: skip
def test_all_or_nothing(city, change, actor, error):
    event, several = openings("record")
    bad = bulk.Opening("bad", several[0].data | change, several[0].system_data)
    with pytest.raises(error), clock.at(NOON):
        bulk.open_many("record", event, [*several, bad], actor)
    assert not Event.objects.filter(subject_kind="record").exists() and not Record.objects.exists()


def test_a_subject_that_exists_is_a_conflict(city):
    event, several = openings("record")
    with clock.at(NOON):
        act("record", "r-1", event, EVERY, data=several[1].data, system_data=several[1].system_data)
        with pytest.raises(Conflict):
            bulk.open_many("record", event, several, EVERY)
    assert Record.objects.count() == 1


def test_numbers_taken_at_once(db):
    assert next_number("s") == 1 and next_number("s", 5) == 2 and next_number("s") == 7


def files() -> set[Path]:
    return {path for path in (Path(settings.HOME) / "blobs").rglob("*") if path.is_file()}


def test_many_texts_are_stored_whole_and_once(db):
    loose = blobs.put(b"already there")
    before, contents = files(), [f"第{n}条".encode() * (n + 1) for n in range(50)]
    digests = blobs.put_many([*contents, contents[0], b"already there", b""])
    assert digests[:50] == [hashlib.sha256(one).hexdigest() for one in contents] and digests[50:52] == [
        digests[0],
        loose,
    ]
    assert [blobs.get(digest) for digest in digests] == [*contents, contents[0], b"already there", b""]
    (pack,) = files() - before
    assert pack.suffix == ".pack"
    assert blobs.put_many(contents) == digests[:50] and files() - before == {pack}
    assert all(map(blobs.exists, digests)) and not blobs.exists("0" * 64)
    with pytest.raises(blobs.Damaged, match="缺失"):
        blobs.get("0" * 64)


@given(st.lists(st.binary(max_size=40), max_size=30))
def test_a_pack_gives_back_what_went_in(contents):
    with tempfile.TemporaryDirectory() as directory:
        stored = {hashlib.sha256(one).hexdigest(): one for one in contents}
        packs.write(Path(directory), stored)
        assert all(packs.find(Path(directory), digest) == one for digest, one in stored.items())
        assert packs.find(Path(directory), "f" * 64) is None


@given(st.lists(st.dictionaries(st.integers(0, 40), st.binary(max_size=4), max_size=9), max_size=3 * packs.FEW))
def test_many_packs_give_back_what_went_in(several):
    """Hashes that begin alike, the same one in two packs, packs that come while others are open: as one dictionary says."""
    with tempfile.TemporaryDirectory() as directory:
        stored: dict[str, bytes] = {}
        for contents in several:
            told = {
                f"{n % 3:016x}{n:048x}": one for n, one in contents.items() if f"{n % 3:016x}{n:048x}" not in stored
            }
            packs.write(Path(directory), told)
            stored |= told
            assert packs.among(Path(directory), {*told, "f" * 64}) == set(told)
        everything = {f"{n % 3:016x}{n:048x}" for n in range(41)}
        for _ in range(2):
            assert {key: packs.find(Path(directory), key) for key in everything} == {
                key: stored.get(key) for key in everything
            }
            assert packs.among(Path(directory), everything) == set(stored)
            packs.packs.cache_clear()


def test_a_pack_of_another_process_is_found(tmp_path):
    packs.write(tmp_path, {hashlib.sha256(b"a").hexdigest(): b"a"})
    assert packs.find(tmp_path, hashlib.sha256(b"b").hexdigest()) is None
    code = f"""
import hashlib, pathlib
from gongkai.ledger import packs
packs.write(pathlib.Path({str(tmp_path)!r}), {{hashlib.sha256(b"b").hexdigest(): b"b"}})"""
    subprocess.run([sys.executable, "-c", code], check=True)
    assert packs.find(tmp_path, hashlib.sha256(b"b").hexdigest()) == b"b"


def test_damage_in_a_pack_is_named(db):
    (digest,) = blobs.put_many([b"a text that will be damaged on the disk"])
    path = next(p for p in files() if p.suffix == ".pack" and b"that will be damaged" in p.read_bytes())
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.seek(path.read_bytes().index(b"damaged"))
        file.write(b"DAMAGED")
    with pytest.raises(blobs.Damaged, match="改动"):
        blobs.get(digest)


def test_nothing_is_left_when_the_disk_fails(db, monkeypatch, settings, tmp_path):
    settings.HOME = tmp_path  # other processes of the tests write into the shared one

    def fail(handle):
        raise OSError(28, "no space")

    before = files()
    monkeypatch.setattr(packs.os, "fsync", fail)
    with pytest.raises(OSError, match="no space"):
        blobs.put_many([b"never stored before"])
    assert files() == before and not blobs.exists(hashlib.sha256(b"never stored before").hexdigest())
