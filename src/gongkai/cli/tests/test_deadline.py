"""``gongkai deadline`` as others script against it."""

import io
import json
import subprocess
import sys

import pytest

from gongkai.cli.main import main

EXAMPLE = ["deadline", "--received", "2021-02-08", "--channel", "mail-signed"]
CONSULTED = [{"kind": "consultation_sent", "on": "2021-03-02"}, {"kind": "consultation_returned", "on": "2021-03-10"}]


def test_the_contract(capsys):
    assert main([*EXAMPLE, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "due": "2021-03-12",
        "provisional": False,
        "steps": [
            {
                "rule": "receipt",
                "article": "条例第三十一条第（二）项",
                "from": "2021-02-08",
                "to": "2021-02-08",
                "days": 0,
            },
            {"rule": "answer", "article": "条例第三十三条第二款", "from": "2021-02-08", "to": "2021-03-12", "days": 20},
        ],
    }


def test_events_from_a_file(tmp_path, capsys):
    path = tmp_path / "events.json"
    path.write_text(json.dumps(CONSULTED), encoding="utf-8")
    assert main([*EXAMPLE, "--events", str(path)]) == 0
    assert "应于 2021-03-22 前答复" in capsys.readouterr().out


def test_what_is_waited_for_and_found(monkeypatch, capsys):
    late = [{"kind": "clarification_requested", "on": "2021-03-01"}]
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(late)))
    assert main([*EXAMPLE, "--events", "-", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["waiting"]["kind"] == "clarification"
    assert [finding["rule"] for finding in answer["findings"]] == ["clarification_late"]


def test_a_provisional_year_says_so(capsys):
    assert main(["deadline", "--received", "2040-03-01"]) == 0
    assert "暂定" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ('[{"kind": "clarified", "on": "2021-03-01"}]', "此前没有告知补正"),
        ('[{"kind": "extended", "on": "2021-03-01", "days": 21}]', "1 至 20"),
        ('[{"kind": "extended", "on": "2021-03-01", "days": "5"}]', "应为整数"),
        ('[{"kind": "extended", "on": "2021-03-01", "days": true}]', "应为整数"),
        ('[{"kind": "extended"}]', "第 1 个事件缺少"),
        ('[{"kind": "extended", "on": "3月1日"}]', "无法识别"),
        ('[{"kind": "extended", "on": "2021-03-01", "day": 5}]', "不认识的项目：day"),
        ('{"kind": "extended"}', "应为一个列表"),
        ("[", "不是有效的 JSON"),
    ],
)
def test_bad_events_exit_2_with_the_reason(events, reason, tmp_path, capsys):
    path = tmp_path / "events.json"
    path.write_text(events, encoding="utf-8")
    assert main([*EXAMPLE, "--events", str(path), "--json"]) == 2
    written = capsys.readouterr()
    assert reason in written.err and not written.out


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--received", "20210208x"], "收到日期无法识别"),
        (["--received", "1999-01-01"], "日历只覆盖"),
        (["--received", "2021-02-08", "--channel", "pigeon"], "没有这种渠道"),
        (["--received", "2021-02-08", "--events", "/nowhere/events.json"], "无法读取事件文件"),
    ],
)
def test_bad_options_exit_2_with_the_reason(options, reason, capsys):
    assert main(["deadline", *options]) == 2
    assert reason in capsys.readouterr().err


def test_starts_without_django():
    program = (
        "import sys; from gongkai.cli.main import main; "
        "code = main(['deadline', '--received', '2021-02-08']); sys.exit(code or 'django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60).returncode == 0
