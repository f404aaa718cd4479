"""Importing: every kind of file, every bad row reported, once only, whole after a crash."""

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook

from gongkai.cli.main import main
from gongkai.ledger import blobs, clock
from gongkai.ledger.models import Counter, Event
from gongkai.ledger.queries import rebuild, verify
from gongkai.ledger.services import SYSTEM, Actor
from gongkai.organs.testing import small_city
from gongkai.procedure import Invalid, Refused
from gongkai.records import importing, reading
from gongkai.records.models import Placement, Record, RecordTally, Version

NOON = datetime(2021, 12, 1, 4, tzinfo=UTC)
LAW = {
    "id": "a1", "work_id": "w1", "title": "某市绿化条例", "kind": "地方性法规", "region": "重庆", "issuing_body": "某市人大常委会",
    "doc_number": "某人常发[2019]3号", "publish_date": "2019-11-27", "effective_date": "２０２０-01-01", "status": "有效",
    "history": [{"date": "2019-11-27", "note": "通过"}, {"date": None, "note": "修正"}], "versions_in_corpus": 1,
    "source": "样本", "text": "第一条 为了绿化，制定本条例。\n\n第二条 本条例自公布之日起施行。",
}  # fmt: skip
PAGE = """<html><body><table><tr><td><b>索 引 号：</b></td><td>000014349/2019-00007</td><td>主题分类：</td><td>财政、金融、审计\\\\税务</td></tr>
<tr><td>发文机关：</td><td>国务院</td><td>成文日期：</td><td>2019年01月27日</td></tr>
<tr><td>标　　题：</td><td>国务院关于某事的意见</td><td>发布日期：</td><td>2019年02月15日</td></tr>
<tr><td>发文字号：</td><td>国发〔2019〕5号</td><td>主题词：</td><td></td></tr></table>
<div id="UCAP-CONTENT"><p>国发〔2019〕5号</p><p>各部门：</p><p>一、总体<span>要求</span></p></div><script>bad()</script></body></html>"""


@pytest.fixture
def city(db):
    with clock.at(NOON):
        yield small_city()


def lines(path: Path, rows: list) -> Path:
    text = "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def run(path: Path, kind: str, body, **options) -> importing.Report:
    with clock.at(NOON):
        return importing.run(path, kind, body, SYSTEM, **options)


def test_json_lines_with_the_fields_of_the_corpus(city, tmp_path):
    report = run(lines(tmp_path / "laws.jsonl.gz", [LAW]), "law", city.city)
    assert (report.imported, report.skipped, report.failed) == (1, 0, [])
    row = Record.objects.get()
    assert row.key == "cq-2019-law-00001" and row.public and row.issuer == "某市人大常委会"
    assert row.effective_on.isoformat() == "2020-01-01" and row.published_on.isoformat() == "2019-11-27"
    assert row.document_number == "某人常发〔2019〕3号"
    assert row.data["level"] == "local_regulation" and row.data["status"] == "in_force" and row.data["work"] == "w1"
    assert blobs.get(row.text).decode() == LAW["text"] and row.index_number == ""
    assert Version.objects.get().since.isoformat() == "2020-01-01" and Placement.objects.get().column == "laws"


def test_pages_of_gov_cn(city, tmp_path):
    path = lines(tmp_path / "pages.jsonl", [{"title": "x", "url": "http://www.gov.cn/a.htm", "html": PAGE}])
    assert run(path, "law", city.city).imported == 1
    row = Record.objects.get()
    assert (row.document_number, row.index_number, row.theme) == (
        "国发〔2019〕5号",
        "000014349/2019-00007",
        "财政、金融、审计\\税务",
    )
    assert row.issuer == "国务院" and row.source_url == "http://www.gov.cn/a.htm"
    text = blobs.get(row.text).decode()
    assert text.startswith("国发〔2019〕5号\n") and "一、总体要求" in text and "bad" not in text


def test_every_bad_row_is_reported_and_none_goes_in(city, tmp_path):
    rows = [LAW, "{not json", "[]", LAW | {"id": "b", "title": ""}, LAW | {"id": "c", "effective_date": "某日"},
            LAW | {"id": "d", "kind": "土政策"}, LAW | {"id": "e", "text": ""}, LAW | {"id": "f", "surplus": 1},
            LAW | {"id": "g", "index_number": "123"}, LAW | {"id": "h", "theme": "没有"}, LAW,
            LAW | {"id": "i", "publish_date": "2031-01-01"}]  # fmt: skip
    path = lines(tmp_path / "bad.jsonl", rows)
    report = run(path, "law", city.city)
    assert report.imported == 0 and report.skipped == 1 and not Record.objects.exists()
    assert [(one.row, one.field) for one in report.failed] == [
        (2, ""), (3, ""), (4, "title"), (5, "effective_on"), (6, "data.level"), (7, "text"), (8, "surplus"),
        (9, "index_number"), (10, "theme"), (12, "published_on"),
    ]  # fmt: skip
    assert all(one.message for one in report.failed)
    assert run(path, "law", city.city, dry_run=True, only_good=True).imported == 1 and not Record.objects.exists()
    assert run(path, "law", city.city, only_good=True).imported == 1 and Record.objects.count() == 1


def test_the_same_file_again_changes_nothing(city, tmp_path):
    path = lines(tmp_path / "x.jsonl", [LAW | {"id": str(n), "title": f"第{n}号"} for n in range(5)])
    assert run(path, "law", city.city).imported == 5
    before = Event.objects.count(), Counter.objects.values_list("series", "last").order_by("series")[0]
    report = run(path, "law", city.city)
    assert (report.imported, report.skipped) == (0, 5)
    assert before == (Event.objects.count(), Counter.objects.values_list("series", "last").order_by("series")[0])
    lines(path, [LAW | {"id": str(n), "title": f"第{n}号"} for n in range(7)])
    assert run(path, "law", city.city).imported == 2 and Record.objects.count() == 7


def test_tables_with_chinese_heads(city, tmp_path):
    city.office.credit_code = "11500000009275416Y"
    city.office.save()
    text = (
        "标题,正文,发布日期,会议类型,召开日期,第几次,栏目,议题\n"
        "第一次,甲,2021/3/1,常务会议,2021年2月27日,1,会议公开、优化营商环境,甲、乙\n"
        "第二次,乙,2021-03-08,全体会议,2021-03-07,2,,\n"
    )
    (tmp_path / "m.csv").write_bytes(text.encode("gb18030"))
    assert run(tmp_path / "m.csv", "meeting", city.office).imported == 2
    row = Record.objects.get(title="第一次")
    assert row.data == {"type": "executive", "held_on": "2021-02-27", "number": 1, "topics": ["甲", "乙"]}
    assert row.index_number.endswith("2021-00001") and row.placements.count() == 2
    book = Workbook()
    for line in (
        ("标题", "正文", "会议类型", "召开日期", "发布日期"),
        ("第三次", "丙", "常务会议", date(2021, 4, 1), date(2021, 4, 2)),
    ):
        book.active.append(line)
    book.save(tmp_path / "m.xlsx")
    assert run(tmp_path / "m.xlsx", "meeting", city.office).imported == 1
    bad = text.replace("全体会议", "茶话会").replace("第二次", "第四次")
    (tmp_path / "bad.csv").write_text(bad)
    report = run(tmp_path / "bad.csv", "meeting", city.office)
    assert [(one.row, one.field) for one in report.failed] == [
        (3, "data.type")
    ] and "常务会议、全体会议" in report.failed[0].message
    with pytest.raises(Invalid, match="缺少"):
        (tmp_path / "no.csv").write_text("题目\nx\n")
        run(tmp_path / "no.csv", "meeting", city.office)


def word(*paragraphs: str) -> bytes:
    document, file = Document(), io.BytesIO()
    for one in paragraphs:
        document.add_paragraph(one)
    document.add_table(1, 2).rows[0].cells[0].text = "表格"
    document.save(file)
    return file.getvalue()


def test_a_folder_of_documents(city, tmp_path):
    (tmp_path / "a.docx").write_bytes(word("关于绿化的", "通知", "各区县：", "一、要求"))
    (tmp_path / "b.txt").write_text("关于供水的公告\n正文")
    (tmp_path / "c.html").write_text("<html><h1>关于供气的公告</h1><article><p>甲</p><p>乙</p></article></html>")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "d.exe").write_bytes(b"MZ")
    (tmp_path / "deep" / "e.txt").write_text("")
    report = run(tmp_path, "announcement", city.office, only_good=True)
    assert report.imported == 3 and [(one.file, one.row) for one in report.failed] == [
        ("deep/d.exe", 4),
        ("deep/e.txt", 5),
    ]
    assert set(Record.objects.values_list("title", flat=True)) == {"关于绿化的通知", "关于供水的公告", "关于供气的公告"}
    row = Record.objects.get(title="关于绿化的通知")
    assert row.attachments[0]["name"] == "a.docx" and "表格" in blobs.get(row.text).decode()
    assert row.published_on is None


def test_a_pdf_has_its_lines_joined():
    text = reading.joined(
        "第一条 为了保护公民、法人和其他组织的合法权益，保障和\n监督行政机关，制定本办法。\n第二条 适用本办法。"
    )
    assert text.split("\n") == [
        "第一条 为了保护公民、法人和其他组织的合法权益，保障和监督行政机关，制定本办法。",
        "第二条 适用本办法。",
    ]
    with pytest.raises(reading.Unreadable, match="损坏"):
        reading.read("x.pdf", b"%PDF-1.4 nothing")


def test_numbers_are_used_once_for_own_documents(city, tmp_path):
    def policy(n: int, number: str) -> dict:
        return {"id": str(n), "title": f"通知{n}", "text": "x", "form": "通知", "document_number": number}

    rows = [policy(1, "渝府办发〔2021〕1号"), policy(2, "渝府办发[2021]1号"), policy(3, "渝府办发〔2021〕3号")]
    report = run(lines(tmp_path / "p.jsonl", rows), "policy", city.office, only_good=True)
    assert report.imported == 2 and "与第 1 行重复" in report.failed[0].message
    report = run(lines(tmp_path / "q.jsonl", [policy(9, "渝府办发（2021）3号")]), "policy", city.office)
    assert "文件库中已有" in report.failed[0].message


def test_what_may_not_be_imported(city, tmp_path):
    path = lines(tmp_path / "x.jsonl", [LAW])
    for kind in ("nothing", "regulation"):
        with pytest.raises(Invalid):
            run(path, kind, city.city)
    with pytest.raises(Refused), clock.at(NOON):
        importing.run(path, "law", city.city, Actor("x", frozenset({"handler"})))
    with pytest.raises(Invalid, match="没有这个文件"):
        run(tmp_path / "none.jsonl", "law", city.city)
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(b'{"title": "x"}\n' * 2000)[:30])
    with pytest.raises(Invalid, match="损坏"):
        run(tmp_path / "cut.jsonl.gz", "law", city.city)


def test_a_batch_that_fails_leaves_whole_batches_and_the_next_run_completes(city, tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 4)
    path = lines(tmp_path / "x.jsonl", [LAW | {"id": str(n), "title": f"第{n}号"} for n in range(10)])
    real, count = importing.bulk.open_many, []

    def failing(*args):
        count.append(1)
        if len(count) == 2:
            raise OSError("power cut")
        return real(*args)

    monkeypatch.setattr(importing.bulk, "open_many", failing)
    with pytest.raises(OSError, match="power cut"):
        run(path, "law", city.city)
    assert Record.objects.count() == Version.objects.count() == RecordTally.objects.count() == 4
    monkeypatch.setattr(importing.bulk, "open_many", real)
    report = run(path, "law", city.city)
    assert (report.imported, report.skipped) == (6, 4)
    assert sorted(Record.objects.values_list("key", flat=True))[-1].endswith("00010") and verify().broken is None
    rows = sorted(Record.objects.values_list())
    rebuild()
    assert sorted(Record.objects.values_list()) == rows


def test_another_import_in_between_leaves_no_gap(city, tmp_path, monkeypatch):
    path = lines(tmp_path / "x.jsonl", [LAW | {"id": str(n), "title": f"第{n}号"} for n in range(3)])
    first = lines(tmp_path / "y.jsonl", [LAW | {"id": "1", "title": "第1号"}])
    checked = importing._check_all

    def meanwhile(*args):
        ready = checked(*args)
        monkeypatch.setattr(importing, "_check_all", checked)
        run(first, "law", city.city)
        return ready

    monkeypatch.setattr(importing, "_check_all", meanwhile)
    report = run(path, "law", city.city)
    assert (report.imported, report.skipped) == (2, 1)
    assert sorted(Record.objects.values_list("key", flat=True)) == [f"cq-2019-law-0000{n}" for n in (1, 2, 3)]


@pytest.mark.django_db(transaction=True)
def test_the_command(tmp_path, capsys):
    small_city()
    path = lines(tmp_path / "x.jsonl", [LAW, LAW | {"id": "z", "title": ""}])
    assert main(["import", str(path), "--kind", "law", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["imported"] == 0 and said["failed"][0]["row"] == 2 and said["failed"][0]["field"] == "title"
    assert main(["import", str(path), "--kind", "law", "--only-good", "--body", "cq-office"]) == 1
    assert "已导入 1 条" in capsys.readouterr().out
    assert main(["import", str(path), "--kind", "nothing"]) == 2 and "没有“nothing”这个类别" in capsys.readouterr().err
    assert main(["import", str(path), "--kind", "law", "--body", "nobody"]) == 2


CHILD = """
import json, os, sys, django
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.settings.demo"
django.setup()
from django.core.management import call_command
from gongkai.organs.testing import small_city
from gongkai.records import importing
if sys.argv[2] == "first":
    call_command("migrate", verbosity=0)
    small_city()
importing.BATCH = 20
from gongkai.ledger.queries import verify
from gongkai.ledger.services import SYSTEM
from gongkai.organs.models import Body
print("ready", flush=True)
report = importing.run(Path(sys.argv[1]), "law", Body.objects.get(parent=None), SYSTEM)
print(json.dumps(report.to_json() | {"broken": verify().broken and verify().broken.reason}))
"""


@pytest.mark.skipif("GONGKAI_DATABASE_URL" in os.environ, reason="has an SQLite of its own")
def test_killed_half_way_and_run_again(tmp_path):
    """A real process, a real kill, on a database of its own."""
    path = lines(
        tmp_path / "x.jsonl", [LAW | {"id": str(n), "title": f"第{n}号", "text": f"第{n}条"} for n in range(600)]
    )
    env = {**os.environ, "GONGKAI_HOME": str(tmp_path / "home")}
    env.pop("GONGKAI_DATABASE_URL", None)
    (tmp_path / "home").mkdir()
    command = [sys.executable, "-c", CHILD, str(path)]
    child = subprocess.Popen([*command, "first"], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert child.stdout is not None and child.stdout.readline() == "ready\n"
    packs = tmp_path / "home" / "blobs" / "packs"
    while child.poll() is None and len(list(packs.glob("*.pack"))) < 4:
        time.sleep(0.005)
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL, "killed too late: nothing was left to do"
    said = json.loads(
        subprocess.run([*command, "again"], env=env, capture_output=True, text=True, check=True).stdout.split("\n")[1]
    )
    assert said["imported"] + said["skipped"] == 600 and 0 < said["skipped"] < 600 and said["skipped"] % 20 == 0
    assert said["broken"] is None
