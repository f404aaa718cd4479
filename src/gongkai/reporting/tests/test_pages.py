"""The public pages: published reports from their frozen content, nothing else, and what every figure means."""

import hashlib
import json

import pytest

from gongkai.ledger import blobs
from gongkai.reporting.procedure import PROCEDURE
from gongkai.reporting.queries import case
from gongkai.reporting.testing import bring
from gongkai.ui import speech

from .test_frozen import correct_the_past

REPORT = "/reports/cq-office/2021/"
ADDRESSES = (
    REPORT,
    "/reports/cq-office/2021.json",
    f"{REPORT}content.json",
    f"{REPORT}report.docx",
    f"{REPORT}report.pdf",
)


@pytest.mark.parametrize("state", [s.key for s in PROCEDURE.states if s.key != "published"])
def test_what_is_not_published_does_not_exist(client, town, state):
    bring(town.office, 2021, state)
    for address in ADDRESSES:
        assert client.get(address).status_code == 404
    assert REPORT not in client.get("/reports/").content.decode()
    assert REPORT not in client.get("/figures/about/t3.1.total/").content.decode()
    assert "办结" not in client.get("/").content.decode()


def test_the_published_report_is_what_was_frozen(client, city):
    key = bring(city.office, 2021, "published")
    state = case(key)
    correct_the_past(city)
    shown = client.get(REPORT).content.decode()
    value = json.loads(blobs.get(state.content))["report"]["table3"]["1"][6]
    assert f'aria-label="一、本年新收政府信息公开申请数量·总计：{value}">{value}</a>' in shown
    assert "42 个等式全部成立" in shown and state.content in shown and "草稿" not in shown
    assert client.get("/reports/cq-office/2021.json").json() == json.loads(blobs.get(state.files["json"]))
    assert hashlib.sha256(client.get(f"{REPORT}content.json").content).hexdigest() == state.content
    for name, digest in state.files.items():
        assert hashlib.sha256(client.get(f"{REPORT}report.{name}").content).hexdigest() == digest
    assert client.get(f"{REPORT}report.exe").status_code == 404
    assert client.get("/reports/cq-office/2020/").status_code == 404


def test_the_tables_keep_the_published_layout(client, town):
    bring(town.office, 2021, "published")
    shown = client.get(REPORT).content.decode()
    assert shown.count('role="region" tabindex="0"') == 3 and shown.count("<caption") == 3
    for cell in ('rowspan="22"', 'rowspan="8"', 'rowspan="5"', 'rowspan="3"', 'colspan="7"', 'colspan="5"'):
        assert cell in shown
    assert shown.count('href="/figures/about/t') >= 200
    for name in ('name="ArticleTitle"', 'name="PubDate" content="2022-01-10"', 'name="ContentSource"'):
        assert name in shown


def test_a_report_has_the_tools_of_an_article(client, town):
    """It is printed from its PDF, shared by its address, and its words are read aloud, not its two hundred numbers."""
    key = bring(town.office, 2021, "published")
    page = client.get(REPORT).content.decode()
    assert f'<img src="/qr.svg?page={REPORT}"' in page and f"http://testserver{REPORT}</a>" in page
    assert f'<a href="{REPORT}report.pdf">打开 PDF 再打印</a>' in page and "pdf" in case(key).files
    read = speech.text_in(page.encode())
    assert read.splitlines()[0].endswith("年度报告") and "一、总体情况" in read and "本年新收" not in read


def test_demonstration_reports_say_so(client, town, settings):
    settings.DEMO = True
    bring(town.office, 2021, "published")
    settings.DEMO = False
    assert '<span class="mark">演示数据</span>' in client.get(REPORT).content.decode()


def test_every_cell_opens_its_definition(client, town):
    bring(town.office, 2021, "published")
    shown = client.get("/figures/about/t3.3.4.1.total/").content.decode()
    assert "不掌握" in shown and "条例第五十条第（二）项" in shown and "2021年" in shown
    assert "第二十条第（一）项" in client.get("/figures/about/t2.regulation.issued/").content.decode()
    assert client.get("/figures/about/no.such/").status_code == 404


def test_lists_and_front_page(client, town):
    bring(town.office, 2021, "published")
    bring(town.district, 2021, "published")
    listed = client.get("/reports/").content.decode()
    assert REPORT in listed and "/reports/cq-yuzhong/2021/" in listed
    front = client.get("/").content.decode()
    assert f'href="{REPORT}' in front and "全年新收申请" in front
