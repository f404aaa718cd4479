"""Reports for the tests: the published one beside the repository, and random ones that are valid by construction."""

import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from gongkai.annual.document import Document
from gongkai.annual.forms import FORM_2019, FORM_2021, Form
from gongkai.annual.grid import grids
from gongkai.annual.report import Report

SHARED = Path(__file__).resolve().parents[4].parent / "shared"


def shared(name: str) -> Path:
    """A file of the shared material; the test is skipped where there is none."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    return path


def gold() -> dict[str, Any]:
    data = json.loads(shared("seed/chongqing-2021.gold.json").read_text("utf-8"))
    return {key: data[key] for key in ("body", "year", "table2", "table3", "table4")}


FEW = settings(max_examples=8)
SOME = settings(max_examples=30)
COUNTS = st.one_of(st.just(0), st.integers(0, 30), st.integers(0, 99_999))
MONEY = st.one_of(COUNTS, st.decimals(0, 99_999, places=4).map(lambda value: Decimal(value)))


@st.composite
def valid_reports(draw: st.DrawFn, form: Form = FORM_2021) -> Report:
    """A report for which every equation holds, drawn without using the equations' code.

    Each column of table three: what came in is what was decided plus what is left, split at random.
    """
    leaves = [code for code in form.codes if code not in ("1", "2", "3.7", "4")]
    columns = []
    for _ in range(6):
        decided = {leaf: draw(st.integers(0, 400)) if draw(st.booleans()) else 0 for leaf in leaves}
        left = draw(st.integers(0, 50))
        total = sum(decided.values())
        carried = draw(st.integers(0, total + left))
        columns.append({"1": total + left - carried, "2": carried, **decided, "3.7": total, "4": left})
    table3 = {
        code: (*(column[code] for column in columns), sum(column[code] for column in columns)) for code in form.codes
    }
    table4 = {}
    for block in ("行政复议", "未经复议直接起诉", "复议后起诉"):
        outcomes = [draw(st.integers(0, 40)) for _ in range(4)]
        table4[block] = (*outcomes, sum(outcomes))
    return Report("某某市某某局", 2021 if form is FORM_2021 else 2020, draw(_table2(form)), table3, table4, form)


@st.composite
def _table2(draw: st.DrawFn, form: Form) -> dict[str, Any]:
    table = {}
    for block, item in form.items():
        row = tuple(
            draw(st.integers(-50, 50) if column.signed else MONEY if column.money else COUNTS)
            for column in block.columns
        )
        table[item.key] = row if len(row) > 1 else row[0]
    return table


ANY_FORM = st.one_of(valid_reports(FORM_2021), valid_reports(FORM_2019))


def document(report: Report, **parts: Any) -> Document:
    defaults: dict[str, Any] = {
        "title": f"{report.body}{report.year}年政府信息公开工作年度报告",
        "publisher": report.body,
        "published": datetime.date(report.year + 1, 1, 30),
        "preamble": ("根据《中华人民共和国政府信息公开条例》编制。",),
        "sections": {1: ("全年工作平稳。", "（一）主动公开。公开了<信息>&文件。"), 6: ("未收取信息处理费。",)},
        "marks": ("演示数据",),
    }
    return Document(report, **{**defaults, **parts})


def cell_lines(report: Report, tabs: bool = True) -> str:
    """The report as a copied web page: a cell a line, each after a tab, merged places empty, rows apart."""
    lines = [
        report.body,
        "",
        f"{report.year}年政府信息公开工作年度报告",
        "根据条例编制。",
        "一、总体情况",
        "全年工作平稳。",
    ]
    headings = {
        2: "二、主动公开政府信息情况",
        3: "三、收到和处理政府信息公开申请情况",
        4: "四、政府信息公开行政复议、行政诉讼情况",
    }
    for grid in grids(report):
        lines += ["", headings[grid.number], ""]
        printed = {(cell.row, cell.column): cell for cell in grid.cells}
        hidden = {(cell.row + down, cell.column) for cell in grid.cells for down in range(1, cell.rowspan)}
        for row in range(grid.rows):
            for column in range(grid.columns):
                if (row, column) in printed:
                    lines.append(("\t" if tabs else "") + printed[row, column].text)
                elif (row, column) in hidden and tabs:
                    lines.append("\t")
            lines.append("")
    lines += ["五、存在的主要问题及改进情况", "公开意识仍需加强。", "六、其他需要报告的事项", "无。"]
    return "\n".join(lines)
