"""Importing a register: every bad row named, nothing unless asked, nothing twice, history replayed with its own days."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongkai.figure import Ask
from gongkai.ledger import clock
from gongkai.ledger.models import Event
from gongkai.ledger.queries import rebuild, verify
from gongkai.ledger.services import Actor
from gongkai.organs.testing import small_city
from gongkai.procedure import Invalid, Refused
from gongkai.requests import figures
from gongkai.requests.models import Request
from gongkai.requests.queries import case
from gongkai.requests.register_import import SHEET, import_register
from gongkai.requests.services import receive
from gongkai.requests.testing import APPLICATION

OFFICER = Actor("gongkaiban", frozenset({"disclosure"}))
HEAD = [field.label for field in SHEET.fields]


def row(**cells: str) -> str:
    base = {"编号": "渝府办依申〔2019〕7号", "收到日期": "2019-03-04", "渠道": "邮寄（签收）", "申请人类别": "自然人",
            "姓名": "陈小明", "内容": "申请公开轨道交通规划批复"}  # fmt: skip
    cells = base | cells
    assert set(cells) <= set(HEAD)
    return ",".join(cells.get(head, "") for head in HEAD)


DECIDED = {"处理决定": "予以公开", "法条": "条例第三十六条第（二）项", "答复日期": "2019/3/20", "文号": "渝府办公复〔2019〕3号",
           "送达方式": "邮寄送达", "送达凭证": "EMS 1000000000000", "送达日期": "2019年3月21日", "归档日期": "2019-05-06"}  # fmt: skip
LONG = {"编号": "渝府办依申〔2019〕8号", "补正告知日期": "2019-03-06", "补正期限": "2019-03-20", "收到补正日期": "2019-03-12",
        "征求意见日期": "2019-03-14", "收到意见日期": "2019-03-20", "意见": "不同意公开", "批准延期日期": "2019-03-25",
        "延期工作日数": "10", "承办处室": "综合处"} | DECIDED | {"处理决定": "3.2", "文号": "渝府办公复〔2019〕4号",
        "答复日期": "2019-04-10", "送达日期": "2019-04-11"}  # fmt: skip
LAPSED = {"编号": "渝府办依申〔2019〕9号", "渠道": "互联网", "补正告知日期": "2019-03-06", "补正期限": "2019-03-20",
          "处理决定": "其他处理：逾期不补正", "答复日期": "2019-03-25"}  # fmt: skip
OPEN = {"编号": "渝府办依申〔2021〕30号", "收到日期": "2021-11-29"}
GOOD = "\n".join([",".join(HEAD), row(**DECIDED), row(**LONG), row(**LAPSED), row(**OPEN)])


@pytest.fixture
def city(db):
    with clock.at(datetime(2021, 12, 1, 4, tzinfo=UTC)):
        yield small_city()


def load(city, text: str, **options):
    return import_register(city.office, text.encode(), "台账.csv", OFFICER, **options)


def test_history_comes_in_with_its_own_days(city):
    assert load(city, GOOD).imported == 4
    rows = {r.number: r for r in Request.objects.all()}
    first = rows["渝府办依申〔2019〕7号"]
    assert (first.state, first.leaf, first.decided_on) == ("archived", "3.1", date(2019, 3, 20))
    long = rows["渝府办依申〔2019〕8号"]
    # Restarted on 12 March, 15—20 March excluded (four working days), extended by ten; Sunday 28 April was a day of work.
    assert (long.due_on, long.document_number) == (date(2019, 4, 29), "渝府办公复〔2019〕4号")
    assert (rows["渝府办依申〔2019〕9号"].leaf, rows["渝府办依申〔2021〕30号"].state) == ("3.6.1", "handling")
    year = figures.count(Ask.year(None, 2019))
    assert year["t3.1.total"] == 3  # newly received
    assert [year[f"t3.{leaf}.natural_person"] for leaf in ("3.1", "3.2", "3.6.1")] == [1, 1, 1]
    before = list(Request.objects.order_by("key").values())
    rebuild()
    assert list(Request.objects.order_by("key").values()) == before and verify().broken is None


def test_the_same_file_again_changes_nothing_and_numbers_go_on(city):
    load(city, GOOD)
    lines = Event.objects.count()
    again = load(city, GOOD)
    assert (again.imported, again.repeated, Event.objects.count()) == (0, 4, lines)
    done = receive(city.office, OFFICER, APPLICATION)
    assert done.state.number == "渝府办依申〔2021〕31号"


def test_a_rehearsal_keeps_nothing(city):
    assert load(city, GOOD, dry_run=True).faults == ()
    assert not Request.objects.exists() and not Event.objects.filter(subject_kind="request").exists()


FAULTS = {
    "收到日期": [{"收到日期": "去年"}, {"收到日期": "2022-01-01"}],
    "渠道": [{"渠道": "飞鸽"}],
    "姓名": [{"姓名": ""}],
    "处理决定": [{"处理决定": "予以公开"}, DECIDED | {"处理决定": "无法提供：补正后申请内容仍不明确"}],
    "文号": [DECIDED | {"文号": ""}],
    "答复日期": [{"文号": "x"}, DECIDED | {"答复日期": "2019-03-01"}],
    "收到补正日期": [{"收到补正日期": "2019-03-12"}],
    "补正期限": [{"补正告知日期": "2019-03-06"}],
    "批准延期日期": [{"批准延期日期": "2019-05-30", "延期工作日数": "10"}],
    "送达方式": [DECIDED | {"送达方式": ""}],
    "意见": [{"征求意见日期": "2019-03-06", "收到意见日期": "2019-03-12"}],
}


@pytest.mark.parametrize(("column", "cells"), [(c, cells) for c, several in FAULTS.items() for cells in several])
def test_each_fault_is_named_with_row_and_column(city, column, cells):
    found = load(city, "\n".join([",".join(HEAD), row(**OPEN), row(**cells)]))
    assert found.imported == 0 and not Request.objects.exists()
    assert [(fault.row, fault.column) for fault in found.faults] == [(3, column)], found.faults
    assert found.faults[0].message


def test_good_rows_go_ahead_only_when_asked(city):
    text = "\n".join([",".join(HEAD), row(**OPEN), row(渠道="飞鸽"), row(**OPEN)])
    found = load(city, text, only_good=True)
    assert (found.imported, [(f.row, f.column) for f in found.faults]) == (1, [(3, "渠道"), (4, "编号")])
    assert Request.objects.count() == 1


def test_only_the_disclosure_office_imports(city):
    with pytest.raises(Refused, match="公开办"):
        import_register(city.office, GOOD.encode(), "a.csv", Actor("x", frozenset({"registrar"})))
    with pytest.raises(Invalid, match="缺少：收到日期"):
        load(city, "编号,渠道\n1,互联网")


def test_the_screen_checks_first(city):
    client = Client()
    client.force_login(city.people["disclosure"])
    page = "/office/requests/import/"
    assert "下载模板" in client.get(page).content.decode()
    assert client.get(f"{page}template.xlsx").status_code == 200
    bad = "\n".join([",".join(HEAD), row(渠道="飞鸽")])
    sent = {"body": "cq-office", "file": SimpleUploadedFile("a.csv", bad.encode())}
    text = client.post(page, sent).content.decode()
    assert "需要更正的行" in text and "邮寄（签收）" in text and not Request.objects.exists()
    sent = {"body": "cq-office", "file": SimpleUploadedFile("a.csv", GOOD.encode())}
    assert client.post(page, sent).status_code == 302 and Request.objects.count() == 4
    case_key = Request.objects.get(number="渝府办依申〔2019〕8号").key
    text = client.get(f"/office/requests/{case_key}/").content.decode()
    assert "原台账" in text and case(case_key).imported
    sent = {"body": "cq-office", "file": SimpleUploadedFile("a.exe", b"MZ")}
    assert client.post(page, sent).status_code == 422
