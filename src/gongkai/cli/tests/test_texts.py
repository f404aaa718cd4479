"""``gongkai structure`` and ``gongkai cite``: the contract, for people, bad input, and no Django."""

import io
import json
import subprocess
import sys

import pytest

from gongkai.cli.main import main

LAW = "某市某办法\n\n第一条 依照《甲条例》（国务院令第9号）第三条，制定本办法。\n\n第二条 乙：\n\n（一）违反本办法第一条的；\n"


@pytest.fixture
def law(tmp_path):
    path = tmp_path / "某办法.txt"
    path.write_text(LAW, "utf-8")
    return str(path)


def test_the_tree(law, capsys):
    assert main(["structure", law, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["title"], answer["kind"], answer["articles"]) == ("某市某办法", "document", 2)
    article = answer["children"][-1]
    assert (article["label"], article["number"], article["anchor"]) == ("第二条", 2, "art-2")
    item = article["children"][0]["children"][0]
    assert LAW[item["start"] : item["end"]] == "（一）违反本办法第一条的；\n"


def test_the_citations(law, capsys):
    assert main(["cite", law, "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)["citations"]
    start, end = first["span"]
    assert LAW[start:end] == first["text"] == "《甲条例》（国务院令第9号）第三条"
    assert (first["target"], first["title"], first["number"]) == ("《甲条例》3", "甲条例", "国务院令第9号")
    assert second["internal"] and second["target"] == "1" and second["provisions"][0]["anchor"] == "art-1"


def test_for_people(law, capsys):
    assert main(["structure", law]) == main(["cite", law]) == 0
    shown = capsys.readouterr().out
    assert "共 2 条" in shown and "第二条  #art-2" in shown and "共 2 处引用" in shown and "本文第一条" in shown


@pytest.mark.parametrize("command", ["structure", "cite"])
def test_bad_input(command, tmp_path, capsys):
    assert main([command, str(tmp_path / "无.txt")]) == 2
    assert "没有这个文件" in capsys.readouterr().err


def test_standard_input(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LAW.encode("gb18030"))))
    assert main(["cite", "-", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["citations"]) == 2


def test_without_django(law):
    code = (
        "import sys; from gongkai.cli.main import main; "
        f"main(['structure', {law!r}, '--json']); main(['cite', {law!r}, '--json']); assert 'django' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
