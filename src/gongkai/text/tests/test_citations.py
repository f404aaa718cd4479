"""Citations: a labelled sample of the corpus, the traps one by one, any text, long text."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text import citations
from gongkai.text.citations import cite, title_key
from gongkai.text.provisions import provisions_at
from gongkai.text.structure import parse
from gongkai.text.tests.corpus import by_id, records
from gongkai.text.tests.linear import assert_linear

#: Passages drawn by seed from the corpus, every citation in them labelled by reading: span in the record's text,
#: the cited words, and what they lead to in the form of ``Citation.target``. See docs/explanation/texts.md.
#: The first file is by the author of the parser (draws A to C), the second by a second labeller (draws D on).
LABELLED = [
    passage
    for name in ("labelled-citations.json", "labelled-citations-3.json")
    for passage in json.loads((Path(__file__).parent / name).read_text("utf-8"))
]


def _folded(target: str) -> tuple[str, str]:
    """中华人民共和国 or not, which brackets: no difference to what is meant."""
    match = re.fullmatch("《(.*)》(.*)", target)
    return (title_key(match[1]), match[2].strip()) if match else ("", target.strip())


def test_precision_and_recall_on_the_labelled_sample():
    """A citation counts when its span and its target are both exactly as labelled."""
    texts = by_id()
    right = wrong = missed = 0
    cited = {key: cite(texts[key]["text"]) for key in {passage["document"] for passage in LABELLED}}
    for passage in LABELLED:
        text = texts[passage["document"]]["text"]
        for one in passage["citations"]:
            assert text[one["start"] : one["end"]] == one["text"]
        labelled = {(one["start"], one["end"], _folded(one["target"])) for one in passage["citations"]}
        found = {
            (one.start, one.end, _folded(one.target))
            for one in cited[passage["document"]]
            if passage["start"] <= one.start < passage["end"]
        }
        right, wrong, missed = (
            right + len(found & labelled),
            wrong + len(found - labelled),
            missed + len(labelled - found),
        )
    precision, recall = right / (right + wrong), right / (right + missed)
    print(f"{right + missed} labelled, precision {precision:.4f}, recall {recall:.4f}")
    assert right + missed >= 300
    assert precision >= 0.98
    assert recall >= 0.95


def _cited(text: str) -> list[tuple[str, str]]:
    return [(one.text, one.target) for one in cite(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("依照《甲〈乙〉条例》第三条处理", [("《甲〈乙〉条例》第三条", "《甲〈乙〉条例》3")]),
        ("依照《甲《乙》条例》第三条处理", [("《甲《乙》条例》第三条", "《甲《乙》条例》3")]),
        ("《甲办法》（渝府发[2020]5号）第二条", [("《甲办法》（渝府发[2020]5号）第二条", "《甲办法》2")]),
        ("按渝府发〔2020〕5号办理", [("渝府发〔2020〕5号", "渝府发〔2020〕5号")]),
        ("渝府发〔2020〕5号\n\n正文", []),
        ("持《采矿许可证》的", []),
        ("填写《申请表》（见附件2）", []),
        ("依照刑法第二百五十三条之一第三款处罚", [("刑法第二百五十三条之一第三款", "《刑法》253-1.3")]),
        ("中华人民共和国刑法第三条", [("中华人民共和国刑法第三条", "《中华人民共和国刑法》3")]),
        ("依照重庆市城市管理条例第三条", [("重庆市城市管理条例第三条", "《重庆市城市管理条例》3")]),
        ("违反本办法第三条至第五条、第八条第一款第（二）、（三）项规定",
         [("本办法第三条至第五条、第八条第一款第（二）、（三）项", "3..5 8.1(2) 8.1(3)")]),
        ("依照本法第三章第二节", [("本法第三章第二节", "ch3/sec2")]),
        ("全国第一项工程、第二条件、第三条例、三项目", []),
        ("目前款项、以前条件、提前项目、根本条件、基本项目", []),
        ("依照《甲条例》第三条规定的情形和第五条规定的情形",
         [("《甲条例》第三条", "《甲条例》3"), ("第五条", "《甲条例》5")]),
        ("违反《甲条例》的，依照该条例第九条处罚", [("《甲条例》", "《甲条例》"), ("该条例第九条", "《甲条例》9")]),
        ("《甲市乙条例》（以下简称《条例》）。《条例》第二条、条例第三条",
         [("《甲市乙条例》", "《甲市乙条例》"), ("《条例》第二条", "《甲市乙条例》2"), ("条例第三条", "《甲市乙条例》3")]),
        ("对《甲办法》作如下修改：\n一、将第三条修改为：“乙。”\n二、删去第五条。",
         [("《甲办法》", "《甲办法》"), ("第三条", "《甲办法》3"), ("第五条", "《甲办法》5")]),
        ("依照招标投标法第五条和招标投标法实施条例第六条",
         [("招标投标法第五条", "《招标投标法》5"), ("招标投标法实施条例第六条", "《招标投标法实施条例》6")]),
        ("违反第二条第一款规定的，警告；违反第二款规定的，罚款", [("第二条第一款", "2.1"), ("第二款", "2.2")]),
        ("依照第三条规定的第二项处罚", [("第三条规定的第二项", "3(2)")]),
        ("根据第三条第二款制定", [("第三条第二款", "3.2")]),
        ("依据香港法例第13章", [("香港法例第13章", "《香港法例》ch13")]),
        ("报送《甲情况的汇报》和《受控物质清单》", [("《甲情况的汇报》",) * 2, ("《受控物质清单》",) * 2]),
        ("填写《航行日志》《检察建议书》《物品清单》", []),
    ],
)  # fmt: skip
def test_traps(text, expected):
    assert _cited(text) == expected


WITH_PLACES = """第一条 甲。

第二条 乙：

（一）丙；

（二）前项规定的，依照第一款。

前款第二项、本条第一款第（一）项和前条规定。

前两款规定的，参照前款。

第三条 违反前两条规定的。
"""


def test_places_are_counted_from_where_they_stand():
    assert _cited(WITH_PLACES) == [
        ("前项", "2.1(1)"),
        ("第一款", "2.1"),
        ("前款第二项", "2.1(2)"),
        ("本条第一款第（一）项", "2.1(1)"),
        ("前条", "1"),
        ("前两款", "2.1..2"),
        ("前款", "2.2"),
        ("前两条", "1..2"),
    ]
    assert all(one.internal for one in cite(WITH_PLACES))


def test_places_in_the_new_text_a_decision_quotes():
    text = (
        "为了惩治犯罪，对刑法作如下修改：\n\n一、将刑法第三条修改为：“有下列情形的：\n“（一）甲；\n“（二）乙。\n“犯前款罪的，丙。\n"
        "“犯前两款罪的，丁。”\n\n二、将刑法第四条第二款修改为：“依照前款的规定处罚。”\n\n三、增加一款：“犯前款罪的。”\n"
    )
    assert _cited(text) == [
        ("刑法第三条", "《刑法》3"),
        ("前款", "《刑法》3.1"),
        ("前两款", "《刑法》3.1..2"),
        ("刑法第四条第二款", "《刑法》4.2"),
        ("前款", "《刑法》4.1"),
        ("前款", ""),
    ]


def test_what_the_new_text_calls_this_law_is_the_law_amended():
    text = (
        "对刑法作如下修改：\n\n一、将刑法第三条修改为：“甲。\n\n“乙依照本法第九条处罚。\n\n“丙依照第一款处罚。”\n\n"
        "二、本决定第一条自公布之日起施行。\n"
    )
    assert _cited(text) == [
        ("刑法第三条", "《刑法》3"),
        ("本法第九条", "《刑法》9"),
        ("第一款", "《刑法》3.1"),
        ("本决定第一条", "1"),
    ]


def test_the_word_before_may_end_like_another_word():
    text = "第一条 甲：\n\n（一）乙。\n\n（二）丙。\n\n发生前款（一）、（二）项情形的，以前款规定的财产出资。\n"
    assert _cited(text) == [("前款（一）、（二）项", "1.1(1) 1.1(2)"), ("前款", "1.1")]


def test_items_of_the_list_below():
    text = "第一条 甲。\n\n第二条 有下列第一项、第二项情形的，警告：\n\n（一）乙。\n\n（二）丙。\n"
    assert _cited(text) == [("第一项、第二项", "2(1) 2(2)")]


def test_items_below_a_named_article():
    text = "第九条 违反本办法第五条规定，有下列情形之一的，按照下列规定处罚：\n\n（一）违反第二项的，罚款。\n"
    assert _cited(text)[1] == ("第二项", "5(2)")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("第三十七条、三十八条的", "37 38"),
        ("第二项至六项", "(2)..6"),
        ("第十五条（三）、（四）项", "15(3) 15(4)"),
        ("第一、二款", ".1 .2"),
        ("第二十条，第二十一条第一款，第二十二条，对", "20 21.1 22"),
        ("第三条规定，第四条", "3"),
        ("第５条第６项", "5(6)"),
    ],
)
def test_lists_of_places(text, codes):
    found = provisions_at(text, 0)
    assert found and " ".join(one.code for one in found.provisions) == codes


def test_anchors_lead_to_pieces_of_the_tree():
    tree = parse(WITH_PLACES)
    for one in cite(WITH_PLACES, tree):
        assert all(place.anchor in tree.by_anchor for place in one.provisions), one.text


WORDS = (
    "第一三十百条款项目章节编（）《》〈〉〔〕、和至，。号令甲\n“”",
    ["2021", "本办法", "本条", "前款", "前两条", "或者", "以下简称", "刑法", "公告", "之一", "规定", "该条例"],
)
PIECES = st.sampled_from([*WORDS[0], *WORDS[1]])


@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_text_is_read(text):
    found = cite(text)
    cursor = 0
    for one in found:
        assert cursor <= one.start < one.end and text[one.start : one.end] == one.text
        cursor = one.end
        assert json.loads(json.dumps(one.as_json(), ensure_ascii=False))["span"] == [one.start, one.end]
        assert all(place.text for place in one.provisions)


def test_the_corpus_is_read():
    """No text of the corpus stops it; most citations of a document's own 条 lead to a 条 it has."""
    own = lost = 0
    for record in records():
        tree = parse(record["text"])
        numbers = {(node.number, node.inserted) for node in tree.articles}
        for one in cite(record["text"], tree):
            for place in one.provisions if one.kind == "internal" else ():
                if place.article and numbers:
                    own += 1
                    lost += (place.article, place.inserted) not in numbers
    print(f"{own} citations of the document's own articles, {lost} of articles it does not have")
    assert own > 100 and lost <= own * 0.02


@pytest.mark.parametrize(
    "piece",
    ["第一条、", "第", "《", "《甲", "《甲》（", "第一、", "第（一）、", "（2021）", "甲", "前款", "本办法", "以下简称", "〔2021〕", "》（以下简称",
     "第一条规定和", "对《甲》作如下修改", "中华人民共和国刑法", "令第", "1", " "],
)  # fmt: skip
def test_time_is_linear(piece):
    """Four times the text takes nowhere near sixteen times as long."""
    assert_linear(lambda count: cite(piece * count), 1000)


@given(st.text(alphabet="本前上一两条款项第从发生年规定 目（", max_size=40))
def test_places_counted_from_here_are_found_as_a_search_of_every_character_finds_them(text):
    searched = [match.start() for match in citations._RELATIVE.finditer(text)]
    assert list(citations._relatives(text)) == searched


def test_a_text_that_cites_nothing_is_not_parsed():
    def tree():
        raise AssertionError("parsed")

    assert cite("轨道交通、公租房（12）。\n一、总体要求\n各单位要加强组织领导。", tree) == []
