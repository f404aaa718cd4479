"""Which version a citation leads to on a day, against a slow choice by hand."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gongkai.text.citations import cite
from gongkai.text.numbers import parse_number
from gongkai.text.resolving import Shelf, Version, resolve

FIRST = Version("a1", "a", "中华人民共和国甲法", parse_number("国务院令第1号"), date(2000, 1, 1), date(2010, 1, 1))
SECOND = Version("a2", "a", "中华人民共和国甲法", parse_number("国务院令第9号"), date(2010, 1, 1), None)
OTHER = Version("b1", "b", "乙办法", parse_number("渝府发〔2015〕5号"), date(2015, 1, 1), date(2018, 1, 1))
SHELF = Shelf([FIRST, SECOND, OTHER], [("乙暂行办法", "b")])


def _led(text: str, day: date):
    return resolve(cite(text)[0], SHELF, day)


def test_the_version_in_force_on_the_day():
    assert _led("依照《甲法》第三条第二款", date(2005, 1, 1)).version is FIRST
    target = _led("依照《甲法》第三条第二款", date(2010, 1, 1))
    assert (target.version, target.anchors, target.in_force, target.note) == (SECOND, ("art-3-p2",), True, "")
    assert _led("《中华人民共和国甲法》（国务院令第1号）", date(2012, 1, 1)).version is SECOND


def test_what_is_not_in_force_is_said():
    gone = _led("按渝府发[2015]5号办理", date(2020, 1, 1))
    assert gone.version is OTHER and not gone.in_force and gone.note == "所引文件已于 2018-01-01 失效"
    early = _led("《乙办法》", date(2014, 1, 1))
    assert not early.in_force and "2015-01-01 起施行" in early.note


def test_old_titles_lead_on_and_the_unknown_nowhere():
    assert _led("《乙暂行办法》第一条", date(2016, 1, 1)).version is OTHER
    assert _led("《丙办法》", date(2016, 1, 1)) is None
    assert _led("本办法第一条", date(2016, 1, 1)) is None


def test_two_works_of_one_name():
    shelf = Shelf([OTHER, Version("c1", "c", "乙办法", None, date(2019, 1, 1))])
    target = resolve(cite("《乙办法》")[0], shelf, date(2020, 1, 1))
    assert target and target.version.key == "c1" and "同名文件有 2 件" in target.note


DAYS = st.integers(0, 40).map(lambda days: date(2020, 1, 1) + timedelta(days))


@given(st.lists(st.tuples(DAYS, st.integers(1, 20)), min_size=1, max_size=5, unique_by=lambda pair: pair[0]), DAYS)
def test_the_choice_is_the_slow_one(spans, day):
    versions = [
        Version(str(n), "w", "甲办法", None, since, since + timedelta(length))
        for n, (since, length) in enumerate(spans)
    ]
    target = resolve(cite("《甲办法》")[0], Shelf(versions), day)
    valid = [one for one in versions if one.since <= day < one.until]
    begun = [one for one in versions if one.since <= day]
    expected = max(valid or begun, key=lambda one: one.since) if begun else min(versions, key=lambda one: one.since)
    assert target and target.version == expected and target.in_force is bool(valid)
