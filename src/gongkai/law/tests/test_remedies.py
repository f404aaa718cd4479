"""Remedies by outcome and date."""

from datetime import date

import pytest

from gongkai.law.decisions import LEAVES
from gongkai.law.remedies import Outcome, Proceeding, Result, Route, Window, outcome_of, remedy

OLD, NEW = date(2023, 12, 31), date(2024, 1, 1)
BODY, COURT = "重庆市人民政府", "重庆市第五中级人民法院"


@pytest.mark.parametrize(
    ("outcome", "before", "since"),
    [
        (Outcome.WITHHELD, Route.EITHER, Route.REVIEW_FIRST),
        (Outcome.PARTIAL, Route.EITHER, Route.REVIEW_FIRST),
        (Outcome.OTHER, Route.EITHER, Route.EITHER),
        (Outcome.NO_ANSWER, Route.EITHER, Route.REVIEW_FIRST),
        (Outcome.NOTICE, Route.NONE, Route.NONE),
    ],
)
def test_routes(outcome, before, since):
    assert (remedy(outcome, OLD).route, remedy(outcome, NEW).route) == (before, since)


def test_windows():
    assert set(remedy(Outcome.WITHHELD, NEW).windows) == {Proceeding.RECONSIDERATION, Proceeding.SUIT_AFTER_REVIEW}
    assert set(remedy(Outcome.WITHHELD, OLD).windows) == set(Proceeding)
    assert remedy(Outcome.NOTICE, NEW).windows == {}


def test_outcomes_of_leaves():
    withheld = {code for code in LEAVES if outcome_of(code) is Outcome.WITHHELD}
    assert withheld == {f"3.3.{row}" for row in range(1, 8)}
    assert {code for code in LEAVES if outcome_of(code) is Outcome.PARTIAL} == {"3.2"}
    with pytest.raises(ValueError, match="不是处理决定"):
        outcome_of("3.7")


def test_paragraphs():
    either = f"如对本答复不服，可以自收到本答复之日起60日内向{BODY}申请行政复议，或者自收到本答复之日起6个月内向{COURT}提起行政诉讼。"
    assert remedy(Outcome.WITHHELD, OLD).paragraph(BODY, COURT) == either
    assert remedy(Outcome.OTHER, NEW).paragraph(BODY, COURT) == either
    first = remedy(Outcome.WITHHELD, NEW).paragraph(BODY, COURT)
    assert first == (
        f"如对本答复不服，应当自收到本答复之日起60日内先向{BODY}申请行政复议；"
        f"对行政复议决定仍不服的，可以自收到行政复议决定书之日起15日内向{COURT}提起行政诉讼。"
    )
    partial = remedy(Outcome.PARTIAL, NEW).paragraph(BODY, COURT)
    assert "不予公开的部分不服，应当" in partial and "其他内容不服，可以" in partial
    assert remedy(Outcome.NOTICE, NEW).paragraph(BODY, COURT) == ""
    assert all(len(remedy(outcome, NEW).articles) >= 2 for outcome in Outcome if outcome is not Outcome.NOTICE)


@pytest.mark.parametrize(
    ("window", "served", "closes"),
    [
        (Window(days=60), date(2024, 3, 1), date(2024, 4, 30)),
        (Window(days=60), date(2021, 12, 3), date(2022, 2, 7)),  # 1 February is Spring Festival, worked from the 7th
        (Window(months=6), date(2021, 8, 31), date(2022, 2, 28)),
        (Window(months=6), date(2023, 9, 5), date(2024, 3, 5)),
        (Window(days=15), date(2024, 3, 1), date(2024, 3, 18)),  # the 16th is a Saturday
    ],
)
def test_windows_close(window, served, closes):
    assert window.closes(served) == closes


def test_results_are_the_columns_of_table_four():
    assert [result.label for result in Result] == ["结果维持", "结果纠正", "其他结果", "尚未审结"]
    assert [way.label for way in Proceeding] == ["行政复议", "未经复议直接起诉", "复议后起诉"]
