"""The equations: their number, that valid reports satisfy them, and that any single change is found."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.annual.equations import EQUATIONS, check, equations, equations_across_years
from gongkai.annual.forms import FORM_2019, FORM_2021
from gongkai.annual.report import Report, report_from_values
from gongkai.annual.tests.samples import ANY_FORM, SOME, gold, valid_reports


def _changed(report: Report, cell: str, value: int) -> Report:
    return report_from_values(report.body, report.year, {**report.values, cell: value}, report.form)


def test_counts() -> None:
    assert len(equations(FORM_2021)) == 42 and len(equations(FORM_2019)) == 40
    assert len(equations_across_years(FORM_2021)) == 9 and len(equations_across_years(FORM_2019)) == 7
    by_rule = {rule.id: sum(one.rule == rule for one in equations(FORM_2021)) for rule in EQUATIONS}
    assert by_rule == {"E1": 7, "E2": 7, "E3": 25, "E4": 3, "X1": 0, "X2": 0}


def test_the_published_report_satisfies_all() -> None:
    assert check(Report.from_json(gold())) == []


@given(ANY_FORM)
@SOME
def test_valid_reports_have_no_findings(report: Report) -> None:
    assert check(report) == []


def test_every_cell_of_tables_three_and_four_is_covered() -> None:
    report = Report.from_json(gold())
    covered = frozenset().union(*(one.cells for one in equations(report.form)))
    assert covered == {cell for cell in report.values if cell[:2] in ("t3", "t4")}


def test_every_single_cell_change_of_the_published_report_is_found() -> None:
    report = Report.from_json(gold())
    for cell, value in report.values.items():
        found = check(_changed(report, cell, int(value) + 1))
        assert bool(found) == (cell[:2] in ("t3", "t4")), cell


@given(valid_reports(), st.data())
@SOME
def test_a_single_change_is_found_in_all_its_equations(report: Report, data: st.DataObject) -> None:
    cell = data.draw(st.sampled_from([cell for cell in report.values if cell[:2] in ("t3", "t4")]))
    value = data.draw(st.integers(0, 10_000).filter(lambda other: other != report.values[cell]))
    found = {(one.rule, one.where) for one in check(_changed(report, cell, value))}
    assert found == {(one.rule.id, one.where) for one in equations(report.form) if cell in one.cells}


@given(valid_reports(), valid_reports())
@SOME
def test_check_equals_plain_arithmetic(valid: Report, other: Report) -> None:
    """An oracle which adds up the tables by position, without cells or terms."""
    mixed = dataclasses.replace(valid, table3={**valid.table3, "3.7": other.table3["3.7"]}, table4=other.table4)
    table = mixed.table3
    wrong = 0
    for column in range(7):
        wrong += table["1"][column] + table["2"][column] != table["3.7"][column] + table["4"][column]
        leaves = [row[column] for code, row in table.items() if code[:2] == "3." and code != "3.7"]
        wrong += sum(leaves) != table["3.7"][column]
    wrong += sum(sum(row[:6]) != row[6] for row in table.values())
    wrong += sum(sum(row[:4]) != row[4] for row in mixed.table4.values())
    assert len(check(mixed)) == wrong


def test_a_finding_says_cell_both_sides_and_difference() -> None:
    report = _changed(Report.from_json(gold()), "t3.1.natural_person", 507)
    first, second = check(report)
    assert (first.rule, first.where, first.standing) == ("E1", "t3.4.natural_person", "official")
    assert first.message == (
        "第三部分“自然人”列：第一项（本年新收）加第二项（上年结转）等于537，"
        "第三项（七）总计加第四项（结转下年度）等于538，前者比后者少1"
    )
    assert (second.rule, second.where, second.standing) == ("E3", "t3.1.total", "follows")


def _year_before(report: Report, **changes: int) -> Report:
    """A report of the year before which both equations across years accept, but for ``changes``."""
    values = {f"t3.4.{name}": report.values[f"t3.2.{name}"] for name in ("natural_person", "other", "total")}
    for item in ("regulation", "normative_document"):
        issued, repealed, in_force = (report.values[f"t2.{item}.{part}"] for part in ("issued", "repealed", "in_force"))
        values[f"t2.{item}.in_force"] = in_force - issued + repealed
    cells = {name.replace("__", "."): value for name, value in changes.items()}
    return report_from_values(report.body, report.year - 1, {**values, **cells}, FORM_2021)


def test_across_years() -> None:
    report = report_from_values(
        "某局",
        2022,
        {
            "t2.regulation.issued": 2,
            "t2.regulation.repealed": 1,
            "t2.regulation.in_force": 10,
            "t3.2.natural_person": 3,
            "t3.2.total": 3,
            "t3.4.natural_person": 3,
            "t3.4.total": 3,
        },
    )
    assert check(report, _year_before(report)) == []
    wrong = check(report, _year_before(report, t2__regulation__in_force=8, t3__4__natural_person=4))
    assert [(one.rule, one.where, one.standing) for one in wrong] == [
        ("X1", "t3.2.natural_person", "warning"),
        ("X2", "t2.regulation.in_force", "warning"),
    ]
    assert "等于9，本年现行有效件数等于10，前者比后者少1" in wrong[1].message


def test_across_the_change_of_forms_only_the_carry_over_is_compared() -> None:
    report = Report.from_json(gold())
    previous = report_from_values("某局", 2020, {"t3.4.natural_person": 30, "t3.4.total": 30})
    assert {one.rule for one in check(report, previous)} == {"X1"}


def test_the_wrong_year_is_refused() -> None:
    report = Report.from_json(gold())
    with pytest.raises(ValueError, match="对照的应当是2020年度报告"):
        check(report, report)
