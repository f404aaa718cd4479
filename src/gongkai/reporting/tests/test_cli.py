"""``gongkai report`` and ``gongkai figures``: what others script against."""

import json
import os
import subprocess
import sys
import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from gongkai.cli.main import main
from gongkai.reporting import services
from gongkai.reporting.queries import compile_report
from gongkai.reporting.testing import TEXTS, bring, officer

OFFICE = ["--body", "cq-office", "--year", "2021"]


def test_json_is_the_compiled_report(city, capsys):
    assert main(["report", *OFFICE, "--format", "json"]) == 0
    out = capsys.readouterr().out
    assert json.loads(out) == compile_report(city.office, 2021).to_json()
    assert "重庆市人民政府办公厅" in out and out.startswith("{\n  ")


def test_as_of_known_at_and_reach_are_followed(city, capsys):
    for options, expected in (
        (["--as-of", "2021-06-30"], compile_report(city.office, 2021, city_day("2021-06-30"))),
        (["--known-at", "2021-03-01"], compile_report(city.office, 2021, known_at=services.instant("2021-03-01"))),
        (["--reach", "all"], compile_report(city.city, 2021, reach="all")),
    ):
        body = ["--body", "cq" if "--reach" in options else "cq-office", "--year", "2021"]
        assert main(["report", *body, *options, "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out) == expected.to_json()


def city_day(text):
    from datetime import date

    return date.fromisoformat(text)


def test_the_2019_form_folds_table_three(city, capsys):
    assert main(["report", *OFFICE, "--form", "2019", "--format", "json"]) == 0
    folded = json.loads(capsys.readouterr().out)["table3"]
    full = compile_report(city.office, 2021).table3
    assert len(folded) == 23 and folded["3.6"] == [
        sum(row) for row in zip(*(full[f"3.6.{n}"] for n in (1, 2, 3)), strict=True)
    ]
    assert main(["report", *OFFICE, "--form", "2019", "--format", "docx"]) == 2
    assert "第二部分" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "part"), [("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml")])
def test_office_files_are_written(city, tmp_path, name, part):
    target = tmp_path / f"report.{name}"
    assert main(["report", *OFFICE, "--format", name, "-o", str(target)]) == 0
    assert part in zipfile.ZipFile(BytesIO(target.read_bytes())).namelist()


def test_html_is_a_whole_page_marked_draft(city, capsys):
    services.do(bring(city.office, 2021, "draft"), "edit", officer("edit"), {"sections": TEXTS | {6: "没有收费。"}})
    assert main(["report", *OFFICE, "--format", "html"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("<!doctype html>") and 'lang="zh-Hans"' in page and "草稿" in page and "没有收费。" in page
    assert page.count("<table") == 3 and "{" not in page.split("<body>")[1]


def test_without_a_format_a_summary(city, capsys):
    assert main(["report", *OFFICE]) == 0
    out = capsys.readouterr().out
    values = compile_report(city.office, 2021).values
    assert f"新收申请 {values['t3.1.total']} 件" in out and "勾稽关系 42 个，全部成立" in out


def test_frozen_files_come_out_byte_for_byte(town, tmp_path, capsys):
    from gongkai.ledger import blobs
    from gongkai.reporting.queries import case

    assert main(["report", *OFFICE, "--frozen"]) == 2
    assert "还没有冻结" in capsys.readouterr().err
    state = case(bring(town.office, 2021, "frozen"))
    target = tmp_path / "r.docx"
    assert main(["report", *OFFICE, "--frozen", "--format", "docx", "-o", str(target)]) == 0
    assert target.read_bytes() == blobs.get(state.files["docx"])


@pytest.mark.parametrize("command", ["report", "figures"])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--body", "nowhere", "--year", "2021"], "没有标识为“nowhere”的机关"),
        (["--body", "cq-office", "--year", "二零二一"], "年度“二零二一”无法识别"),
        (["--body", "cq-office", "--year", "99999"], "年度应在"),
        ([*OFFICE, "--as-of", "2021-02-30"], "“2021-02-30”不是有效的日期"),
        ([*OFFICE, "--as-of", "2020-12-31"], "早于 2021 年 1 月 1 日"),
        ([*OFFICE, "--known-at", "昨天"], "无法识别"),
    ],
)
def test_bad_input_is_refused_in_chinese(town, capsys, command, options, words):
    assert main([command, *options]) == 2
    captured = capsys.readouterr()
    assert words in captured.err and not captured.out and "Traceback" not in captured.err


def test_a_file_that_cannot_be_written_is_refused(town, tmp_path, capsys):
    assert main(["report", *OFFICE, "--format", "json", "-o", str(tmp_path / "no" / "r.json")]) == 2
    assert "文件写入失败" in capsys.readouterr().err


def test_binary_is_not_written_on_a_terminal(town, capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["report", *OFFICE, "--format", "pdf"]) == 2
    assert "-o" in capsys.readouterr().err


def test_figures_as_json(city, capsys):
    assert main(["figures", *OFFICE, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["figures"]
    assert all(list(one) == ["id", "label", "value", "unit", "definition", "rows_url"] for one in found)
    values = {one["id"]: one["value"] for one in found}
    report = compile_report(city.office, 2021)
    assert {cell: values[cell] for cell in report.values} == {
        cell: float(value) if isinstance(value, Decimal) else value for cell, value in report.values.items()
    }
    urls = {one["id"]: one["rows_url"] for one in found}
    assert urls["t3.1.total"] == "/office/reporting/figures/t3.1.total/?body=cq-office&year=2021"
    assert values["requests_received"] == report.values["t3.1.total"]


def test_figures_as_a_table(town, capsys):
    assert main(["figures", *OFFICE]) == 0
    assert "t3.1.total" in capsys.readouterr().out


def test_a_database_never_set_up_is_explained(tmp_path):
    """A fresh machine: no traceback, but what to do."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("GONGKAI_", "DJANGO_"))}
    environment |= {"GONGKAI_HOME": str(tmp_path / "var"), "PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    done = subprocess.run(
        [sys.executable, "-m", "gongkai.cli.main", "report", *OFFICE],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and "gongkai demo" in done.stderr and "Traceback" not in done.stderr
