"""Decisions to amend, read into amendments; what is not understood is said."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text.amending import read_decision
from gongkai.text.tests.corpus import records
from gongkai.text.tests.linear import assert_linear
from gongkai.text.versions import Action, consolidate

BEFORE = """第一条 为了甲，制定本办法。

第二条 市政府办公厅负责：

（一）受理；

（二）答复。

第三条 旧话。

第四条 删掉的话。

第五条 本办法自2020年1月1日起施行。
"""

DECISION = """某市人民政府关于修改《某办法》的决定

为了甲，决定对《某办法》作如下修改：

一、第二条中的“办公厅”修改为“办公室”，“答复”修改为“办理”；在“受理”后增加“登记”。

二、将第三条修改为：“新话：
“（一）乙；
“（二）‘丙’。”

三、第一条增加一款，作为第二款：“第二款的话。”

四、增加一条，作为第一条之一：“之一的话。”

五、删去第四条。

六、第五条改为第四条。

七、对全文作文字修改。

本决定自2021年5月1日起施行，条文顺序作相应调整。
"""


def test_a_decision_becomes_amendments_and_a_new_text():
    decision = read_decision(DECISION)
    assert decision.day == date(2021, 5, 1)
    assert [len(line.amendments) for line in decision.instructions] == [3, 1, 1, 1, 1, 0, 0]
    assert [line.text for line in decision.unread] == [
        "对全文作文字修改。\n\n本决定自2021年5月1日起施行，条文顺序作相应调整。"
    ]
    assert {line.title for line in decision.instructions} == {"某办法"}
    assert consolidate(BEFORE, decision.amendments("某办法"), decision.day) == (
        "第一条 为了甲，制定本办法。\n\n第二款的话。\n\n第一条之一 之一的话。\n\n第二条 市政府办公室负责：\n\n（一）受理登记；\n\n（二）办理。\n\n"
        "第三条 新话：\n\n（一）乙；\n\n（二）‘丙’。\n\n第四条 本办法自2020年1月1日起施行。\n"
    )
    assert consolidate(BEFORE, decision.amendments(), date(2021, 4, 30)) == BEFORE


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("删去第五条、第八条至第十条。", [("delete", "5"), ("delete", "8"), ("delete", "9"), ("delete", "10")]),
        ("删去第三条第二款。", [("delete", "3.2")]),
        ("删去第三条中的“甲”。", [("words", "3")]),
        ("第六条第一款第（二）项修改为：“（二）甲；”", [("replace", "6.1(2)")]),
        ("第六条改为第七条，修改为：“甲。”", [("replace", "6")]),
        ("增加二条，作为第十条、第十一条：“第十条 甲。\n“第十一条 乙。”", [("insert", "10"), ("insert", "11")]),
        ("第六条第一款增加一项，作为第（三）项：“（三）甲；”", [("insert", "6.1(3)")]),
        ("将第二条、第三条中的“甲”修改为“乙”。", [("words", "2"), ("words", "3")]),
        ("第二条修改为：“甲。”\n增加一款，作为第二款：“乙。”", []),
    ],
)
def test_ways_of_writing(line, expected):
    decision = read_decision(f"决定对《某办法》作如下修改：\n一、{line}\n", date(2021, 1, 1), "某决定")
    (instruction,) = decision.instructions
    assert [(str(one.action), one.target.code) for one in instruction.amendments] == expected
    assert bool(instruction.reason) is not bool(expected)
    assert all(one.source == "某决定" for one in instruction.amendments)


def test_several_documents_in_one_decision():
    text = "一、修改《甲办法》\n1.将第二条修改为：\n“新。”\n二、修改《乙办法》\n1.删去第三条。\n"
    decision = read_decision(text, date(2021, 1, 1))
    assert [(line.title, line.amendments[0].action) for line in decision.instructions] == [
        ("甲办法", Action.REPLACE), ("乙办法", Action.DELETE),
    ]  # fmt: skip


def test_a_day_is_needed():
    with pytest.raises(ValueError, match="施行日期"):
        read_decision("一、删去第三条。")


def test_decisions_of_the_corpus():
    """Most lines of real decisions are read; each of the others is reported with its words."""
    lines = read = 0
    for record in records(1):
        if "修改" in record["title"] and record["title"].endswith("决定"):
            decision = read_decision(record["text"], date(2020, 1, 1))
            lines += len(decision.instructions)
            read += len(decision.instructions) - len(decision.unread)
            assert all(line.text and line.text in record["text"] for line in decision.instructions)
    print(f"{read} of {lines} instructions read")
    assert lines > 300 and read >= 0.8 * lines


@given(st.text("第一二三条款项（）“”‘’修改为删去增加作中的，。：、\n甲乙《》", max_size=80))
def test_any_text_is_read(text):
    for line in read_decision(f"一、{text}", date(2021, 1, 1)).instructions:
        assert line.amendments or line.reason or "第" in line.text


@pytest.mark.parametrize(
    "piece",
    [
        "第三条修改为：“甲”乙",
        "第三条修改为：“甲",
        "”第三条修改为：“甲\n",
        "第三条中的“甲”修改为“乙”",
        "在“甲”后",
        "增加一条，作为第",
    ],
)
def test_time_is_linear(piece):
    """Four times the text takes nowhere near sixteen times as long."""
    assert_linear(lambda count: read_decision(f"一、第一条{piece * count}", date(2021, 1, 1)), 2000)
