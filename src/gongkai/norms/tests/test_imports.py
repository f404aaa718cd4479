"""Importing registers: every bad row is named, nothing is half done, nothing comes twice."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from gongkai.figure import Ask
from gongkai.ledger import clock
from gongkai.ledger.models import Command, Counter, Event
from gongkai.ledger.services import Actor
from gongkai.norms import imports
from gongkai.norms.figures import count_entries
from gongkai.norms.models import Entry
from gongkai.norms.register_import import import_entries
from gongkai.norms.services import do
from gongkai.organs.testing import small_city
from gongkai.procedure import Invalid, Refused
from gongkai.ui import sheets

EDITOR = Actor("editor", frozenset({"editor"}))
HEAD = "登记类别,事项,决定日期,数量（件）,金额（元）,决定书文号或编号"
#: A spreadsheet's day: an instant without a zone.
MORNING = datetime.combine(date(2021, 3, 6), datetime.min.time())
GOOD = f"""{HEAD}
行政许可,印章刻制,2021-03-05,12,,许〔2021〕1号
行政处罚,违规停放,2021/3/6,,,罚〔2021〕7号

行政强制,查封,2021年4月1日,２,,
行政事业性收费,信息处理费,2021-05-01,,"1,880.50",
"""


@pytest.fixture
def city(db):
    with clock.at(datetime(2021, 12, 1, 4, tzinfo=UTC)):
        yield small_city()


def load(city, text: str, **options):
    return import_entries(city.office, text.encode(), "登记.csv", EDITOR, **options)


def xlsx(rows: list[list]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def packed(sheet: bytes) -> bytes:
    """A workbook whose first sheet is these bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx([["x"]]))) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, sheet if name.endswith("sheet1.xml") else old.read(name))
    return made.getvalue()


def nothing_entered() -> bool:
    return not (Event.objects.filter(subject_kind="register_entry").exists() or Counter.objects.exists())


def test_a_good_file_counts(city):
    outcome = load(city, GOOD)
    assert (outcome.rows, outcome.imported, outcome.repeated, outcome.faults) == (4, 4, 0, ())
    assert count_entries(Ask.year(None, 2021)) == {
        "t2.licence.decisions": 12, "t2.penalty.decisions": 1, "t2.coercion.decisions": 2,
        "t2.fee.amount": Decimal("0.18805"),
    }  # fmt: skip


def test_the_same_file_twice_imports_nothing_twice(city):
    load(city, GOOD)
    outcome = load(city, GOOD)
    assert (outcome.imported, outcome.repeated, Entry.objects.count()) == (0, 4, 4)


def test_a_grown_file_reports_what_is_entered_already(city):
    load(city, GOOD)
    outcome = load(city, GOOD + "行政许可,印章刻制,2021-06-05,1,,许〔2021〕2号\n")
    assert [(f.row, f.column) for f in outcome.faults] == [(2, "决定书文号或编号"), (3, "决定书文号或编号")]
    assert "已登记过" in outcome.faults[0].message and outcome.imported == 0
    void = Entry.objects.get(reference="罚〔2021〕7号")
    do("register_entry", void.key, "void", EDITOR, {"reason": "误登"})
    assert [f.row for f in load(city, GOOD + "\n").faults] == [2]


BAD = f"""{HEAD}
行政许可,印章刻制,2021-03-05,十二,,许1
行政奖励,表扬,2021-13-05,1,,许2
行政许可,,2021-03-05,1,,许3
行政许可,印章刻制,2022-03-05,1,,许4
行政事业性收费,信息处理费,2021-05-01,,,许5
行政许可,印章刻制,2021-03-07,1,,许6
行政许可,印章刻制,2021-03-07,1,,许6
"""


def test_every_bad_row_is_named_and_nothing_imported(city):
    outcome = load(city, BAD)
    assert [(f.row, f.column) for f in outcome.faults] == [
        (2, "数量（件）"), (3, "登记类别"), (3, "决定日期"), (4, "事项"), (5, "整行"), (6, "整行"), (8, "决定书文号或编号"),
    ]  # fmt: skip
    messages = [f.message for f in outcome.faults]
    assert "行政许可、行政处罚" in messages[1] and "晚于登记日期" in messages[4] and "本文件第 7 行" in messages[6]
    assert outcome.imported == 0 and nothing_entered()


def test_only_good_rows_when_asked(city):
    outcome = load(city, BAD, only_good=True)
    assert outcome.imported == 1 and len(outcome.faults) == 7 and Entry.objects.get().reference == "许6"


def test_a_dry_run_leaves_no_trace(city):
    outcome = load(city, GOOD, dry_run=True)
    assert outcome.dry_run and outcome.imported == 0 and nothing_entered() and not Command.objects.exists()


def test_a_crash_in_the_middle_leaves_nothing(city):
    def crash(done: int, total: int) -> None:
        if done == 3:
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        load(city, GOOD, progress=crash)
    assert nothing_entered() and load(city, GOOD).imported == 4


def test_who_may_not_enter_may_not_import(city):
    with pytest.raises(Refused) as refusal:
        import_entries(city.office, GOOD.encode(), "a.csv", Actor("x", frozenset({"auditor"})))
    assert refusal.value.kind == "role" and nothing_entered()


def test_excel_and_gbk_read_the_same(city):
    rows = [
        ["登记类别", "事项", "决定日期", "数量", "金额", "决定书文号或编号"],
        ["行政许可", "印章刻制", date(2021, 3, 5), 12.0, None, "许〔2021〕1号"],
        ["行政处罚", "违规停放", MORNING, None, None, "罚〔2021〕7号"],
        [None] * 6,
        ["行政强制", "查封", "2021.4.1", 2, "", None],
        ["行政事业性收费", "信息处理费", "2021-05-01", None, 1880.5, None],
    ]
    wanted = imports.read(GOOD.encode("gb18030"), "a.CSV")
    found = imports.read(xlsx(rows), "a.xlsx")
    assert [r.number for r in found] == [r.number for r in wanted] == [2, 3, 5, 6]
    assert [r.data | {"amount": ""} for r in found] == [r.data | {"amount": ""} for r in wanted]
    assert (found[3].data["amount"], wanted[3].data["amount"]) == ("1880.5", "1880.50")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xls", b"", "另存为 XLSX"),
        ("a.xlsx", b"PK\x03\x04 broken", "损坏"),
        ("a.csv", b"\xff\xff\xff\xff", "编码"),
        ("a.csv", "登记类别,事项\n".encode(), "缺少：决定日期"),
        ("a.csv", f"{HEAD},用途\n".encode(), "用途"),
        ("a.csv", f"{HEAD},事项\n".encode(), "重复"),
        ("a.csv", f"{HEAD}\n,,\n".encode(), "没有数据行"),
        ("a.csv", b"", "缺少"),
        ("a.csv", f"{HEAD}\n{'x' * 200_000}".encode(), "损坏"),
        ("a.xlsx", packed(b"<worksheet><sheetData><row"), "损坏"),
        ("a.csv", b" " * (imports.LARGEST + 1), "超过 20 MB"),
    ],
)
def test_unreadable_files_say_why(name, content, message):
    with pytest.raises(Invalid, match=message):
        imports.read(content, name)


def test_a_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(sheets, "LARGEST_UNPACKED", 100_000)
    with pytest.raises(Invalid, match="解压后过大"):
        imports.read(packed(b" " * 200_000), "a.xlsx")


def test_the_template_is_importable_once_filled():
    book = load_workbook(io.BytesIO(imports.template()))
    sheet = book.worksheets[0]
    assert sheet.max_row == 1 and "金额（元）" in [cell.value for cell in sheet[1]]
    sheet.append(["行政许可", "印章刻制", "2021-03-05", 1, None, None])
    file = io.BytesIO()
    book.save(file)
    assert imports.read(file.getvalue(), "t.xlsx")[0].data["register"] == "licence"


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx"]))
def test_any_bytes_are_read_or_refused(content, name):
    try:
        assert imports.read(content, name)
    except Invalid as refusal:
        assert refusal.errors[0][0] == "file"


@given(st.text(max_size=200))
def test_any_text_under_the_header_is_read_or_refused(text):
    try:
        rows = imports.read(f"{HEAD}\n{text}".encode(errors="ignore"), "a.csv")
        assert all(row.data and set(row.data) <= {f.name for f in imports.FIELDS} for row in rows)
    except Invalid as refusal:
        assert refusal.errors[0][0] == "file"
