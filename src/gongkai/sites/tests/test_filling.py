"""Which records stand in which column: the fast way and the slow one agree, and exactly the pages that change are touched."""

from datetime import date
from random import Random
from typing import Any

from gongkai.bake import chunks
from gongkai.bake.models import Touched
from gongkai.library.testing import shelve
from gongkai.records.models import Record
from gongkai.sites import filling, models, services, testing
from gongkai.sites.models import Column, Entry, Pending, Shell
from gongkai.sites.testing import COLUMN, by

from .conftest import policies


def _column(site: str, slug: str, **data: Any) -> Column:
    services.create_column(site, by("create"), COLUMN | {"slug": slug, "kind": "query", "name": slug} | data)
    filling.keep_up()
    return Column.objects.get(key=f"{site}_{slug}")


def _note(*keys: str) -> None:
    for key in keys:
        Pending.objects.create(what="record", key=key)
    filling.keep_up()


def test_one_record_looked_at_is_the_same_as_the_whole_column(city):
    """Random columns and records: what is found record by record is what the query of the column finds."""
    rng, site = Random(5), testing.site(city.office)
    bodies = [city.office, city.city, city.department, city.district]
    choices: dict[str, list[Any]] = {
        "kinds": [[], ["policy"], ["meeting", "policy"]], "body": ["", "cq-office", "cq", "cq-plan"], "below": [False, True],
        "theme": ["", "综合政务"], "topic": ["", "business"], "category": ["", "20(1)"],
    }  # fmt: skip
    columns = [_column(site, f"c{n}", **{name: rng.choice(some) for name, some in choices.items()}) for n in range(12)]
    keys = []
    for n in range(40):
        body = rng.choice(bodies)
        row = {
            "kind": rng.choice(["policy", "meeting"]), "theme": rng.choice(["", "综合政务\\政务公开"]),
            "topics": rng.choice([[], ["business"], ["business-park"]]), "category": rng.choice(["", "20(1)"]),
            "public": rng.random() < 0.8, "bodies": [body.key, *rng.sample(["cq-plan", "cq-office"], rng.randrange(2))],
        }  # fmt: skip
        keys.append(shelve(body, (), since=date(2020, 1, 1 + n % 28), **row))
    _note(*keys)
    paths = filling.Paths()
    for column in columns:
        found = set(filling.rows_of(column, paths).values_list("key", flat=True))
        assert set(Entry.objects.filter(column=column).values_list("record_id", flat=True)) == found
        assert found == {one.key for one in Record.objects.filter(public=True) if filling.matches(column, one, paths)}
    Entry.objects.all().delete()
    for column in columns:
        Pending.objects.create(what="column", key=column.key)
    filling.keep_up()
    assert Entry.objects.count() == sum(filling.rows_of(one, paths).count() for one in columns)


def test_a_new_record_touches_the_first_page_and_a_withdrawn_one_those_after_it(city):
    keys = policies(city, 65)
    site = testing.site(city.office)
    column = _column(site, "all", body="cq-office", kinds=["policy"])
    Touched.objects.all().delete()
    fresh = shelve(city.office, (), title="新的通知", since=date(2021, 1, 1))
    _note(fresh)
    touched = set(Touched.objects.values_list("key", flat=True))
    assert f"column:{column.key}#0" in touched
    assert not touched & {f"column:{column.key}#{n}" for n in range(1, chunks.touched_from(65))}
    Touched.objects.all().delete()
    Record.objects.filter(key=keys[0]).update(public=False)
    _note(keys[0])
    assert {f"column:{column.key}#{n}" for n in (0, 1, 2)} <= set(Touched.objects.values_list("key", flat=True))
    Touched.objects.all().delete()
    _note(fresh)
    assert not Touched.objects.exists()  # nothing changed, nothing is baked


def test_empty_columns_hide_and_come_back(city):
    site = testing.site(city.office)
    column = _column(site, "all", body="cq-office", kinds=["policy"])
    assert Shell.objects.get(site=site).navigation == []
    assert filling.Filled(models.Site.objects.get(key=site)).empty(column) == "还没有符合条件的信息"
    (key,) = policies(city, 1)
    Touched.objects.all().delete()
    _note(key)
    assert [one["name"] for one in Shell.objects.get(site=site).navigation] == ["all"]
    assert f"site:{site}" in set(Touched.objects.values_list("key", flat=True))
    Record.objects.filter(key=key).update(public=False)
    _note(key)
    assert Shell.objects.get(site=site).navigation == []


def test_placed_by_hand_and_by_the_drafter(city):
    site, (first, second) = testing.site(city.office), policies(city, 2)
    column = _column(site, "lead", kind="placed", slot="policies")
    services.do_column(column.key, "place", by("place"), {"record": f"https://www.example.gov.cn/records/{first}/"})
    record = Record.objects.get(key=second)
    record.placements.create(column="policies")
    _note(first, second)
    assert set(Entry.objects.filter(column=column).values_list("record_id", flat=True)) == {first, second}
    services.do_column(column.key, "unplace", by("place"), {"record": first})
    filling.keep_up()
    assert set(Entry.objects.filter(column=column).values_list("record_id", flat=True)) == {second}
    services.do_column(column.key, "close", by("close"), {"reason": "合并"})
    filling.keep_up()
    assert not Entry.objects.filter(column=column).exists()
