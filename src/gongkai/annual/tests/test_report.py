"""The report as a value: ids, JSON, refusals, the fold to the 2019 rows."""

import copy
import json
import pickle
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from gongkai.annual.forms import FORM_2019, FORM_2021
from gongkai.annual.report import Report, ReportError, fold_2019, report_from_values
from gongkai.annual.tests.samples import ANY_FORM, SOME, gold, valid_reports


def test_json_is_the_gold_json_in_order_and_type() -> None:
    data = gold()
    assert json.dumps(Report.from_json(data).to_json(), ensure_ascii=False) == json.dumps(data, ensure_ascii=False)


def test_two_hundred_cells_with_stable_ids() -> None:
    report = Report.from_json(gold())
    cells = list(report.cells())
    assert len({cell.id for cell in cells}) == len(cells) == 200
    assert report.values["t2.regulation.in_force"] == 171
    assert report.values["t3.3.1.natural_person"] == 210
    assert report.values["t3.3.3.8.commercial_enterprise"] == 1
    assert report.values["t4.reconsideration.upheld"] == 6
    labels = {cell.id: cell.label for cell in cells}
    assert labels["t3.3.3.1.total"] == "三、本年度办理结果（三）不予公开1.属于国家秘密·总计"


@given(ANY_FORM)
@SOME
def test_json_round_trip(report: Report) -> None:
    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report


@given(ANY_FORM)
@SOME
def test_values_round_trip(report: Report) -> None:
    assert report_from_values(report.body, report.year, report.values, report.form) == report


def test_copies_and_hashes() -> None:
    report = Report.from_json(gold())
    assert copy.deepcopy(report) == report == pickle.loads(pickle.dumps(report))
    assert hash(copy.deepcopy(report)) == hash(report)
    with pytest.raises(TypeError):
        report.table3["1"] = (0,) * 7  # type: ignore[index]


def test_a_report_without_form_takes_its_years() -> None:
    data = gold()
    assert Report(data["body"], 2021, data["table2"], data["table3"], data["table4"]).form is FORM_2021


def _broken(change: Any) -> dict[str, Any]:
    data = copy.deepcopy(gold())
    change(data)
    return data


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.pop("table3"), "缺少“table3”"),
        (lambda data: data.update(year="2021"), "缺少“year”一项，或者它的类型不对"),
        (lambda data: data.update(year=2018), "2018年没有可用的年度报告格式"),
        (lambda data: data["table3"].pop("3.4.2"), "第三部分缺少：3.4.2"),
        (lambda data: data["table3"].update({"5": [0] * 7}), "第三部分多出：5"),
        (lambda data: data["table3"].update({"1": [0] * 6}), "应有7个数字，实有6个"),
        (lambda data: data["table3"].update({"1": None}), "应有7个数字，实有1个"),
        (lambda data: data["table3"]["1"].__setitem__(0, "508"), "自然人应当是整数，不能是“508”"),
        (lambda data: data["table3"]["1"].__setitem__(0, -1), "不能小于0，现为-1"),
        (lambda data: data["table3"]["1"].__setitem__(0, True), "应当是整数"),
        (lambda data: data["table3"]["1"].__setitem__(0, 1.5), "应当是整数"),
        (lambda data: data["table2"].update({"行政许可": 10**12}), "数字过大"),
        (lambda data: data["table2"].update({"行政事业性收费_万元": float("nan")}), "不是可用的金额"),
        (lambda data: data["table2"].update({"行政事业性收费_万元": Decimal("0.1234567")}), "最多保留6位小数"),
        (lambda data: data["table4"].pop("行政复议"), "第四部分缺少：行政复议"),
    ],
)
def test_refusals_name_the_place(change: Any, message: str) -> None:
    with pytest.raises(ReportError, match=message):
        Report.from_json(_broken(change))


@pytest.mark.parametrize("data", [None, 3, "x", []])
def test_what_is_no_object_is_refused(data: Any) -> None:
    with pytest.raises(ReportError, match="应当是一个对象"):
        Report.from_json(data)


def test_unknown_cells_are_refused() -> None:
    with pytest.raises(ReportError, match="没有这些单元格：t9"):
        report_from_values("某局", 2021, {"t9": 1})


@given(valid_reports())
@SOME
def test_fold_keeps_columns_whole(report: Report) -> None:
    folded = fold_2019(report)
    assert list(folded) == list(FORM_2019.codes)
    for column in range(7):
        parts = sum(row[column] for code, row in folded.items() if code.startswith("3.") and code != "3.7")
        assert parts == folded["3.7"][column]


@given(valid_reports(FORM_2019))
@SOME
def test_fold_leaves_a_2019_report_alone(report: Report) -> None:
    assert fold_2019(report) == dict(report.table3)
