"""The tree: every 条 of the corpus found, every text put together again to the byte, quotations opening nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text.structure import Kind, TooLong, node_at, outline, parse, reassemble
from gongkai.text.tests.corpus import EVERY, records
from gongkai.text.tests.linear import assert_linear

#: An independent count: lines that begin with 第…条, whatever the parser thinks of them.
NAIVE = re.compile(r"^[ \t\u3000\xa0\u2002\u2003]*第[一二三四五六七八九十百千零〇○]+ ?条", re.MULTILINE)


def test_every_article_of_the_corpus_is_found_and_nothing_is_lost():
    """No text of the corpus has a line-initial 第…条 in a quotation, so that the counts must be equal."""
    articles = 0
    for number, record in enumerate(records(1)):
        text = record["text"]
        tree = parse(text)
        assert reassemble(tree) == text, record["id"]
        assert len(tree.articles) == len(NAIVE.findall(text)), record["title"]
        articles += len(tree.articles)
        if number % EVERY:
            continue
        anchors = [node.anchor for node in tree.walk() if node is not tree.root]
        assert len(anchors) == len(set(anchors)) and all(anchors), record["id"]
    assert articles > 100_000
    print(f"{articles} articles")


LINES = st.sampled_from(
    [
        "第一条 甲", "第二条 乙：", "第二条之一 丙", "（一）丁；", "(二)戊", "1.己", "（1）庚", "一、辛", "二、壬：“第九条 癸。", "“第十条 子。",
        "丑”", "“寅”", "## 第一章 卯", "第一编 辰", "## 附则", "目 录", "附件1", "| 巳 | 午 |", "2021年3月1日", "市政府", "", "  ", "第三条规定的未",
        "\u3000\u3000第四条\u3000申", "①酉", "#", "第三条（戌）", "亥。\r",
    ]
)  # fmt: skip


@given(st.lists(LINES, max_size=30), st.sampled_from(["\n", "\n\n", "\r\n"]))
def test_any_lines_are_covered(lines, end):
    text = end.join(lines)
    tree = parse(text)
    assert reassemble(tree) == text
    for node in tree.walk():
        assert node.start <= node.own_end <= node.end
        assert node.start <= node.label_end <= node.own_end or not node.label
        edges = [node.own_end, *(child.end for child in node.children)]
        assert [child.start for child in node.children] == edges[:-1] and (not node.children or edges[-1] == node.end)
        if node.anchor:
            assert tree.by_anchor[node.anchor] is node
    for offset in range(len(text)):
        path = tree.path(offset)
        assert all(node.start <= offset < node.end for node in path)


@given(st.text())
def test_any_text_is_covered(text):
    assert reassemble(parse(text)) == text


LAW = """## 第一章 总则

第一条 为了甲，制定本办法。

第二条 乙应当：

（一）丙；

（二）丁：
1.戊；
2.己。

前款所称乙，包括庚。

第二条之一（定义）
辛。

## 第二章 附则

第三条 本办法自2021年1月1日起施行。
"""


def test_places():
    tree = parse(LAW)
    assert [node.label for node in tree.articles] == ["第一条", "第二条", "第二条之一", "第三条"]
    item = node_at(tree, 2, 1, 2)
    assert item and item.anchor == "art-2-p1-i2" and tree.words(item) == "丁："
    assert node_at(tree, 2, item=2) is item
    assert tree.by_anchor["art-2-p1-i2-s1"].label == "1."
    assert tree.words(tree.by_anchor["art-2-p2"]) == "前款所称乙，包括庚。"
    inserted = node_at(tree, 2, inserted=1)
    assert inserted and inserted.anchor == "art-2-1" and tree.words(tree.by_anchor["art-2-1-p1"]) == "辛。"
    assert node_at(tree, 9) is None and node_at(tree, 2, 3) is None and node_at(tree, 1, item=1) is None
    assert [node.anchor for node in tree.path(LAW.index("己"))][1:] == [
        "ch-1",
        "art-2",
        "art-2-p1",
        "art-2-p1-i2",
        "art-2-p1-i2-s2",
    ]
    assert [(one["label"], one["title"], one["anchor"]) for one in outline(tree)] == [
        ("第一章", "总则", "ch-1"), ("第二章", "附则", "ch-2"),
    ]  # fmt: skip
    assert [one["anchor"] for one in outline(tree, deep=True)[1]["children"]] == ["art-3"]


DECISION = """某市人民政府关于修改《某办法》的决定

一、将第三条修改为：“第三条 甲。
“第四条 乙。
“（一）丙；
“丁。”
二、增加一条，作为第五条：
“第五条 戊。”
三、删去第八条。

某市人民政府
2021年3月1日
"""


def test_a_quoted_article_is_none():
    tree = parse(DECISION)
    assert not tree.articles
    assert [node.label for node in tree.walk() if node.kind is Kind.POINT] == ["一、", "二、", "三、"]
    assert [node.anchor for node in tree.walk() if node.kind is Kind.QUOTE] == [
        "pt-1-q1",
        "pt-1-q2",
        "pt-1-q3",
        "pt-2-q1",
    ]
    assert tree.root.children[-1].kind is Kind.CLOSING


def test_a_forgotten_closing_quote_swallows_nothing():
    tree = parse("第一条 称为“甲。\n第二条 乙：“丙。\n第三条 丁。\n第四条 戊。\n")
    assert len(tree.articles) == 4


def test_points_gather_articles_or_count_in_one():
    gathered = parse("## 一、一般规定\n第一条 甲。\n## 二、附则\n第二条 乙。\n")
    assert [node.anchor for node in gathered.root.children] == ["pt-1", "pt-2"]
    counted = parse("第一条 甲：\n一、乙；\n二、丙。\n第二条 丁。\n")
    assert [node.anchor for node in counted.root.children] == ["art-1", "art-2"]
    assert [node.anchor for node in counted.articles[0].children[0].children] == ["art-1-p1-n1", "art-1-p1-n2"]


def test_contents_and_annexes_have_their_own():
    tree = parse("目录\n第一章 甲\n第二章 乙\n第一章 甲\n第一条 丙。\n第二章 乙\n第二条 丁。\n附件1\n第一条 戊。\n")
    assert [node.kind for node in tree.root.children] == [Kind.TOC, Kind.CHAPTER, Kind.CHAPTER, Kind.ANNEX]
    assert [node.anchor for node in tree.articles] == ["art-1", "art-2", "annex-1-art-1"]


def test_a_line_that_cites_is_no_article():
    assert not parse("第三条规定的情形。\n第四条、第五条同。\n第六条第二款。\n第一章的规定，依照甲执行。\n").articles


def test_too_long_is_refused():
    with pytest.raises(TooLong, match="过长"):
        parse("甲" * 20_000_001)


@pytest.mark.parametrize(
    "piece",
    [
        "“",
        "“甲：“",
        "第",
        "第一",
        "第一条 ",
        "（一",
        "《",
        "一、",
        "# ",
        "第一条 甲：“乙\n",
        "二〇二一年",
        "目录\n",
        "| ",
        "附件\n",
        "（一）\n1.\n",
        "\n",
        " ",
    ],
)
def test_time_is_linear(piece):
    """Four times the text takes nowhere near sixteen times as long."""
    assert_linear(lambda count: parse(piece * count), 2000)
