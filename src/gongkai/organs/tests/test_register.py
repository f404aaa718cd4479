"""The bodies of a government from a table: all of it or nothing, every faulty row named."""

import csv
import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.organs import register
from gongkai.organs.models import Body
from gongkai.procedure import Invalid
from gongkai.ui.sheets import Row

HEAD = ("标识", "名称", "类别", "上级机关标识", "年报编制机关标识", "统一社会信用代码")
CITY = (
    ("nanan-office", "南岸区人民政府办公室", "政府办公厅（室）", "nanan", "", ""),
    ("nanan", "南岸区人民政府", "人民政府", "", "nanan-office", "11500000MB0000001M"),
    ("nanan-jw", "南岸区教育委员会", "政府部门", "nanan", "", ""),
)


def table(*rows):
    file = io.StringIO()
    csv.writer(file).writerows([HEAD, *rows])
    return register.SHEET.read(file.getvalue().encode(), "机关.csv")


def wrong(*rows):
    return [(one.row, one.column, one.message) for one in register.enter(table(*rows)).faults]


@pytest.mark.django_db
def test_parents_may_stand_below_and_the_office_reports_for_the_government():
    assert register.enter(table(*CITY), dry_run=True).imported == 0 and not Body.objects.exists()
    done = register.enter(table(*CITY))
    assert (done.rows, done.imported, done.repeated, done.faults) == (3, 3, 0, ())
    office = Body.objects.get(key="nanan-office")
    assert office.path == "/nanan/nanan-office/" and office.short_name == office.name
    assert Body.objects.get(key="nanan").reported_by == office


@pytest.mark.django_db
def test_a_second_time_it_brings_up_to_date_and_leaves_what_the_table_does_not_say():
    register.enter(table(*CITY))
    Body.objects.filter(key="nanan-jw").update(phone="023-1")
    done = register.enter(table(("nanan-jw", "南岸区教育委员会（区教委）", "政府部门", "nanan", "", "")))
    assert (done.imported, done.repeated) == (0, 1)
    body = Body.objects.get(key="nanan-jw")
    assert (body.name, body.phone, Body.objects.count()) == ("南岸区教育委员会（区教委）", "023-1", 3)


@pytest.mark.django_db
def test_units_keep_their_keys_when_others_come():
    def units(names):
        row = {"key": "a", "name": "甲", "kind": "office", "units": names}
        assert not register.enter([Row(2, row)]).faults
        return list(Body.objects.get(key="a").units.values_list("key", "name"))

    assert units("秘书处、公开处") == [("u1", "秘书处"), ("u2", "公开处")]
    assert units("信访处、公开处、秘书处") == [("u3", "信访处"), ("u2", "公开处"), ("u1", "秘书处")]


@pytest.mark.django_db
def test_every_faulty_row_is_named_and_nothing_enters():
    found = wrong(
        *CITY,
        ("nanan", "又一个", "人民政府", "", "", ""),
        ("Nanan_2", "名", "政府部门", "nanan", "", ""),
        ("x1", "名", "部门", "nanan", "", ""),
        ("x2", "名", "政府部门", "nowhere", "nobody", ""),
        ("x3", "", "政府部门", "nanan", "", ""),
        ("x4", "名", "政府部门", "nanan", "", "123"),
        ("a", "甲", "政府部门", "b", "", ""),
        ("b", "乙", "政府部门", "a", "", ""),
    )
    assert [(row, column) for row, column, _ in found] == [
        (5, "标识"), (6, "标识"), (7, "类别"), (8, "上级机关标识"), (8, "年报编制机关标识"), (9, "名称"),
        (10, "统一社会信用代码"), (11, "上级机关标识"), (12, "上级机关标识"),
    ]  # fmt: skip
    assert "第 3 行" in found[0][2] and "圈" in found[-1][2] and not Body.objects.exists()


@pytest.mark.django_db
def test_a_registered_body_keeps_its_place():
    register.enter(table(*CITY))
    (fault,) = wrong(("nanan-jw", "南岸区教育委员会", "政府部门", "nanan-office", "", ""))
    assert fault[1] == "上级机关标识" and Body.objects.get(key="nanan-jw").path == "/nanan/nanan-jw/"


def test_a_table_without_its_head_is_refused_in_words():
    with pytest.raises(Invalid, match="缺少：标识、名称、类别"):
        register.SHEET.read("甲,乙\n1,2\n".encode(), "x.csv")
    with pytest.raises(Invalid, match="CSV 或 XLSX"):
        register.SHEET.read(b"", "x.doc")


def _empty():
    for body in Body.objects.order_by("-path"):  # those below first
        body.delete()


@pytest.mark.django_db
@settings(max_examples=15)
@given(st.lists(st.integers(-1, 11), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_any_forest_in_any_order_gets_its_paths(parents: list[int], dice: random.Random):
    """Parents by their number (below one's own; else a root)."""
    _empty()
    above = {n: parent if 0 <= parent < n else -1 for n, parent in enumerate(parents)}
    rows = [
        Row(n + 2, {"key": f"b{n}", "name": f"机关{n}", "kind": "department", "parent": f"b{up}" if up >= 0 else ""})
        for n, up in above.items()
    ]
    dice.shuffle(rows)
    assert register.enter(rows).imported == len(rows)
    paths = dict[int, str]()
    for n, up in above.items():
        paths[n] = f"{paths.get(up, '/')}b{n}/"
    assert dict(Body.objects.values_list("key", "path")) == {f"b{n}": path for n, path in paths.items()}
