"""The index follows the shelf: soon, after crashes too, and never shows what is not public."""

import fcntl
import os
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gongkai.ledger import clock, followers
from gongkai.library import finding, indexing
from gongkai.library.models import Missed, Waiting
from gongkai.library.testing import shelve
from gongkai.records.models import Record
from gongkai.search import Document

pytestmark = pytest.mark.django_db


def found(query, **kwargs):
    results = finding.find(query, {}, **kwargs).results
    return [hit.key for hit in results.hits] if results.mode == "and" else []


def test_what_is_published_is_found_and_what_is_taken_down_is_not(publish):
    key = publish("轨道交通九号线的站点。", title="站点名录")
    assert found("九号线") == [key]
    Record.objects.filter(pk=key).update(public=False)
    Waiting.objects.create(record=key)
    indexing.drain()
    assert found("九号线") == [] and indexing.port().count() == 1


def test_drafts_are_found_by_their_own_desk_only(publish, city):
    draft = publish("轨道交通九号线的站点。", title="站点名录", public=False)
    assert found("九号线") == []
    assert found("九号线", readers=("public", f"body:{city.office.key}")) == [draft]
    assert found("九号线", readers=("public", f"body:{city.district.key}")) == []


def test_every_kind_of_subject_with_records_wakes_the_catalogue():
    from gongkai.ledger.subjects import SUBJECTS

    followed = followers.FOLLOWERS["library.catalogue"].kinds
    assert followed <= SUBJECTS.keys()


def test_a_line_of_the_ledger_is_enough(city, django_capture_on_commit_callbacks):
    from gongkai.records import services, testing

    with django_capture_on_commit_callbacks(execute=True):
        done = services.register_existing(
            city.office, city.actor("disclosure"), "policy", testing.event_data("register_existing")
        )
    assert Waiting.objects.filter(record=done.event.subject).exists()


def test_killed_between_the_index_and_the_table_nothing_is_lost_or_double(city, monkeypatch):
    keys = [shelve(city.office, [f"九号线第{n}站"]) for n in range(5)]
    monkeypatch.setattr(indexing.citing, "read", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        indexing.drain()
    monkeypatch.undo()
    assert Waiting.objects.count() == 5
    indexing.drain()
    assert Waiting.objects.count() == 0 and sorted(found("九号线")) == keys


def test_killed_while_writing_the_next_run_goes_on(city, monkeypatch):
    keys = [shelve(city.office, [f"九号线第{n}站"]) for n in range(5)]
    whole = indexing._documents
    monkeypatch.setattr(indexing, "_documents", lambda part: (_ for _ in ()).throw(MemoryError))
    with pytest.raises(MemoryError):
        indexing.drain()
    monkeypatch.setattr(indexing, "_documents", whole)
    assert indexing.drain() == 5 and sorted(found("九号线")) == keys


def test_while_another_process_writes_nothing_waits_in_vain(city):
    shelve(city.office, ["九号线"])
    indexing.directory().mkdir(parents=True, exist_ok=True)
    handle = os.open(indexing.directory() / "lock", os.O_CREAT | os.O_RDWR)
    fcntl.flock(handle, fcntl.LOCK_EX)
    assert indexing.drain() == 0 and Waiting.objects.count() == 1
    os.close(handle)
    assert indexing.drain() == 1


def test_a_stopped_rebuild_goes_on_where_it_was_and_keeps_what_came_meanwhile(city, monkeypatch):
    keys = [shelve(city.office, [f"九号线第{n}站"]) for n in range(6)]
    indexing.drain()
    monkeypatch.setattr(indexing, "BATCH", 2)
    seen = []

    def stop(done, total):
        seen.append((done, total))
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        indexing.rebuild(stop)
    assert sorted(found("九号线")) == keys, "the old index answers until the new one is whole"
    shelve(city.office, ["九号线更名为十号线"], key=keys[0])
    seen.clear()
    assert indexing.rebuild(lambda done, total: seen.append((done, total))) == 6
    assert seen[0] == (4, 6)
    assert found("十号线") == []  # still waiting: its place was behind the one where the rebuild went on
    assert indexing.drain() == 1 and found("十号线") == [keys[0]]


def test_killed_while_the_new_index_takes_its_place_the_worker_ends_the_work(city, monkeypatch):
    key = shelve(city.office, ["九号线"])
    indexing.drain()
    rename = Path.rename

    def killed(place, target):
        if place.name.startswith("next-"):
            raise KeyboardInterrupt
        return rename(place, target)

    monkeypatch.setattr(Path, "rename", killed)
    with pytest.raises(KeyboardInterrupt):
        indexing.rebuild()
    monkeypatch.undo()
    assert not indexing.whole() and found("九号线") == []
    assert indexing.keep_up() == 1 and indexing.whole() and found("九号线") == [key]


def test_a_batch_with_long_texts_is_committed_before_it_is_full(city, monkeypatch):
    keys = [shelve(city.office, [f"九号线第{n}站"]) for n in range(5)]
    monkeypatch.setattr(indexing, "PART", 2)
    monkeypatch.setattr(indexing, "HEAVY", 1)
    assert indexing.drain() == 5 and sorted(found("九号线")) == keys and not Waiting.objects.exists()


def test_without_an_index_the_worker_makes_one(city, client):
    key = shelve(city.office, ["九号线"])
    Waiting.objects.all().delete()
    indexing._whole().unlink()
    assert "正在建立" in client.get("/search/?q=九号线").content.decode() and not Missed.objects.exists()
    assert indexing.keep_up() == 1 and found("九号线") == [key]
    assert indexing.keep_up() == 0


def test_the_turn_of_the_day_changes_what_the_filter_finds(city):
    zone = ZoneInfo("Asia/Shanghai")
    ends = date(2021, 6, 30)
    with clock.at(datetime(2021, 6, 30, 12, tzinfo=zone)):
        shelve(city.office, ["九号线"], valid_until=ends, ceased_on=ends + timedelta(1))
        indexing.drain()
        indexing.new_day()
        assert finding.find("九号线", {"status": "即将到期"}).results.total == 1
    with clock.at(datetime(2021, 7, 1, 0, 30, tzinfo=zone)):
        indexing.keep_up()
        assert finding.find("九号线", {"status": "即将到期"}).results.total == 0
        assert finding.find("九号线", {"status": "失效（期满）"}).results.total == 1


def test_a_batch_is_read_in_few_queries(city, django_assert_max_num_queries):
    keys = [shelve(city.office) for _ in range(20)]
    with django_assert_max_num_queries(3):
        documents = indexing._documents(keys)
    assert {one.key for one in documents} == set(keys) and isinstance(documents[0], Document)
