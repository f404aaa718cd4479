"""Texts whose numbers are figures; numbers people wrote against the tables."""

import json
from pathlib import Path

import pytest

from gongkai import figure
from gongkai.annual.report import Report, report_from_values
from gongkai.procedure import Invalid, Refused
from gongkai.reporting import content, narrative, services
from gongkai.reporting.consistency import review
from gongkai.reporting.queries import case
from gongkai.reporting.testing import TEXTS, bring, officer

SHARED = Path(__file__).resolve().parents[4].parent / "shared"
VALUES = dict(report_from_values("甲", 2021, {}).values) | {
    "t3.1.total": 522, "t3.2.total": 31, "t3.3.7.total": 532, "t3.4.total": 21, "t4.reconsideration.total": 6,
    "t4.direct_suit.total": 14, "t4.suit_after_reconsideration.total": 2, "t2.regulation.issued": 9,
    "t2.normative_document.issued": 73, "t2.normative_document.in_force": 872, "t2.regulation.in_force": 171,
    "t2.regulation.repealed": 10,
}  # fmt: skip


def test_every_number_of_the_first_draft_is_a_figure(town):
    known = {one.id for one in figure.figures()}
    for number, text in narrative.first_draft().items():
        assert set(narrative.NAME.findall(text)) <= known | set(narrative.WORDS), number
        assert not any(sign.isdigit() for sign in narrative.NAME.sub("", text)), number


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("收到{requests_recieved}件", "不存在的指标“{requests_recieved}”"),
        ("收到{}件", "不存在的指标"),
        ("收到{requests_received件", "不成对的花括号"),
        ("收到{{requests_received}}件", "花括号"),
        ("\x00", "控制字符"),
        ("长" * 20_001, "不得超过"),
    ],
)
def test_faulty_texts_are_refused(town, text, words):
    key = bring(town.office, 2021, "draft")
    with pytest.raises(Invalid, match=words.replace("{", r"\{").replace("}", r"\}")) as refusal:
        services.do(key, "edit", officer("edit"), {"sections": {1: text, 5: "好"}})
    assert {name for name, _ in refusal.value.errors} == {"section_1"}
    assert content.narrative(case(key).narrative) == narrative.first_draft()


def test_a_section_that_does_not_exist_and_no_change(town):
    key = bring(town.office, 2021, "draft")
    with pytest.raises(Invalid, match="只有一至六部分"):
        services.do(key, "edit", officer("edit"), {"sections": {7: "x"}})
    with pytest.raises(Refused, match="没有改动"):
        services.do(key, "edit", officer("edit"), {"sections": narrative.first_draft()})


def test_texts_are_not_in_the_ledger_and_keep_their_references(town):
    key = bring(town.office, 2021, "draft")
    done = services.do(key, "edit", officer("edit"), {"sections": TEXTS | {6: "共收到{t3.1.total}件。"}})
    assert set(done.event.data) == {"narrative", "sections"} and done.event.data["sections"] == [1, 5, 6]
    assert content.narrative(done.state.narrative)[6] == "共收到{t3.1.total}件。"


def test_figures_are_put_in():
    text = narrative.fill("{body}{year}年收到{t3.1.total}件", VALUES, "甲局", 2021)
    assert text == "甲局2021年收到522件"
    with pytest.raises(LookupError, match="没有数值"):
        narrative.fill("{unknown}", VALUES, "甲", 2021)


@pytest.mark.parametrize(
    "text",
    [
        "2021年，市政府机关共收到信息公开申请522件，办理行政复议6件、行政诉讼16件。",
        "办理政府信息公开申请553件。",
        "办结政府信息公开申请532件。",
        "主动公开市政府规章10件、累计公开规范性文件800件。",
        "市、区县两级政府行政规范性文件5324件。",
        "2020年收到政府信息公开申请400件。",
        "上年收到申请400件，同比增长30%。",
        "备案规范性文件99件。",
        "未经复议直接起诉的行政诉讼14件。",
        "制发规章9件、废止规章10件，现行有效规章171件。",
        "优良网站55个，占比63.6%。",
        "满意50件，占80件的62.5%。",
    ],
)
def test_sentences_that_are_right_or_mean_something_else_raise_no_doubt(text):
    assert review({1: (text,)}, VALUES, 2021) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("全年收到政府信息公开申请523件", "522"),
        ("办理行政诉讼15件", "16"),
        ("行政复议7件", "6"),
        ("制发规章8件", "9"),
        ("废止规章9件", "10"),
        ("现行有效行政规范性文件870件", "872"),
        ("满意55件，占88件的63.6%", "62.5"),
    ],
)
def test_contradictions_are_named_with_the_table_s_number(text, number):
    (remark,) = review({1: (text,)}, VALUES, 2021)
    assert number in remark.message and remark.section == 1 and not remark.note


def test_a_direct_suit_after_2024_is_a_note():
    (remark,) = review({}, VALUES, 2024)
    assert remark.note and "先申请行政复议" in remark.message


@pytest.mark.skipif(not SHARED.is_dir(), reason="the seed is not on this machine")
def test_the_published_report_raises_no_doubt():
    gold = Report.from_json(json.loads((SHARED / "seed" / "chongqing-2021.gold.json").read_text()))
    text = (SHARED / "seed" / "annual-report-chongqing-2021.txt").read_text()
    assert review({1: tuple(text.splitlines())}, gold.values, 2021) == []
