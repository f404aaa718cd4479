"""``gongkai check``: exit codes, JSON, the summary in Chinese, no traceback."""

import json
from pathlib import Path

import pytest

from gongkai.annual.report import report_from_values
from gongkai.annual.tests.samples import cell_lines, gold, shared
from gongkai.cli.main import main


def _written(path: Path, year: int = 2021, **values: int) -> str:
    cells = {f"t3.{name}": value for name, value in values.items()}
    path.write_text(cell_lines(report_from_values("某局", year, cells)), encoding="utf-8")
    return str(path)


def test_the_published_report_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(shared("seed/annual-report-chongqing-2021.txt")), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer == {"report": gold(), "findings": [], "repairs": []}
    assert main(["check", str(shared("seed/annual-report-chongqing-2021.txt"))]) == 0
    assert "42个等式全部成立" in capsys.readouterr().out


def test_findings_exit_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "report.txt"
    path.write_text(
        cell_lines(report_from_values("某局", 2021, {"t4.direct_suit.corrected": 1})).replace("\t0\n", "\t０\n", 1),
        "utf-8",
    )
    assert main(["check", str(path), "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    (finding,) = answer["findings"]
    assert finding["rule"] == "E4" and finding["where"] == "t4.direct_suit.total" and "多1" in finding["message"]
    assert set(finding) == {"rule", "where", "message"}
    assert answer["repairs"][0]["where"] == "t2.regulation.issued"
    assert main(["check", str(path)]) == 1
    shown = capsys.readouterr().out
    assert "1处不成立" in shown and "E4" in shown and "1处修正" in shown


def test_the_year_before(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    this, before = _written(tmp_path / "2022.txt", 2022), _written(tmp_path / "2021.txt", 2021)
    assert main(["check", this, "--previous", before]) == 0
    assert main(["check", before, "--previous", this]) == 2
    assert "对照的应当是2020年度报告" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "找不到文件"), (b"", "空的"), (b"\x00\x01", "二进制"), ("dir", "目录")]
)
def test_unreadable_exits_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | str | None, reason: str
) -> None:
    path = tmp_path / "file"
    if content == "dir":
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    assert main(["check", str(path), "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and reason in err and "Traceback" not in err
