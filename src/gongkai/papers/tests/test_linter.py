"""The linter: each leaf's complete letter passes, each element taken away is found by name."""

import dataclasses

import pytest

from gongkai.law.articles import cite
from gongkai.law.decisions import LEAVES
from gongkai.papers.linter import BasisFault, Letter, articles_of, check, checklist, full_basis

REMEDY = "如对本答复不服，可以申请行政复议，或者向人民法院提起行政诉讼。"
SEARCHED = "检索了公文系统，关键词“规划”，时间范围2008年至2020年"


def complete(leaf: str) -> Letter:
    """A letter that lacks nothing."""
    basis = "、".join(one.short for one in LEAVES[leaf].articles)
    if leaf == "3.3.2":
        basis += "、《中华人民共和国统计法》第九条"
    return Letter(
        leaf=leaf, agency="甲", document_number="甲〔2021〕1号", applicant="乙", received_on="2021-03-01", channel="互联网",
        items=("丙", "丁"), findings=("有", "无"), basis=basis, text="答复", reason="理由", provided="网站", withheld="附件",
        searched=SEARCHED, earlier="2020年6月1日答复", remedy=REMEDY, date="2021-03-12", contact="023", clarified=True,
        reasons_asked=True, third_party_asked=True,
    )  # fmt: skip


@pytest.mark.parametrize("leaf", LEAVES)
def test_a_complete_letter_passes(leaf):
    assert check(complete(leaf)) == []
    assert all(finding is None for _, finding in checklist(complete(leaf)))


#: What is taken away → the element the linter names, and the leaves for which it must.
EVERY = tuple(LEAVES)
TAKEN = [
    ("agency", "", "机关名称", EVERY), ("document_number", "", "文号", EVERY), ("applicant", "", "申请人", EVERY),
    ("received_on", "", "收到日期", EVERY), ("channel", "", "渠道", EVERY), ("items", (), "申请内容（逐项）", EVERY),
    ("asked", 3, "申请内容（逐项）", EVERY),
    ("findings", (), "逐项认定", EVERY), ("findings", ("有",), "逐项认定", EVERY), ("basis", "", "法律依据", EVERY),
    ("basis", "有关规定", "法律依据", EVERY), ("text", "", "答复内容", EVERY), ("reason", "", "理由", EVERY),
    ("remedy", "", "救济途径", EVERY), ("date", "", "日期", EVERY), ("contact", "", "联系方式", EVERY),
    ("provided", "", "提供方式", ("3.1", "3.2")), ("withheld", "", "不予公开的内容", ("3.2",)),
    ("searched", "", "检索情况", ("3.4.1",)), ("searched", "查过了", "检索情况", ("3.4.1",)),
    ("third_party_asked", False, "征求第三方意见的情况", ("3.3.4",)), ("provided", "", "查询途径", ("3.3.8",)),
    ("clarified", False, "补正的情况", ("3.4.3",)), ("provided", "", "可以提出的渠道", ("3.5.1",)),
    ("earlier", "", "前次答复", ("3.5.2",)), ("provided", "", "获取公开出版物的途径", ("3.5.3",)),
    ("reasons_asked", False, "要求说明理由的情况", ("3.5.4",)), ("earlier", "", "已经获取信息的情况", ("3.5.5",)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "element", "leaves"), TAKEN)
def test_what_is_taken_away_is_found(name, value, element, leaves):
    for leaf in EVERY:
        found = check(dataclasses.replace(complete(leaf), **{name: value}))
        named = [finding.element for finding in found]
        assert (element in named) == (leaf in leaves), (leaf, named)
        assert all(finding.mend and finding.article for finding in found)


@pytest.mark.parametrize("leaf", LEAVES)
def test_the_article_of_another_leaf_does_not_carry_this_one(leaf):
    """Against the table itself: a citation is accepted exactly when the leaf's own row lists it."""
    for other in LEAVES.values():
        letter = dataclasses.replace(complete(leaf), basis=other.articles[0].short, searched=SEARCHED)
        refused = any(finding.element == "处理决定和法律依据" for finding in check(letter))
        own = [one for one in LEAVES[leaf].articles if one.reference != "36(3)"]
        assert refused == (other.articles[0] not in own)


def test_how_to_refuse_is_not_why():
    letter = dataclasses.replace(complete("3.3.6"), basis="条例第三十六条第（三）项")
    (finding,) = check(letter)
    assert finding.element == "处理决定和法律依据" and finding.article == "条例第十六条第二款"


def test_an_article_without_its_item_is_not_enough():
    assert check(dataclasses.replace(complete("3.1"), basis="条例第三十六条"))
    assert check(dataclasses.replace(complete("3.5.1"), basis="条例第三十九条"))


@pytest.mark.parametrize(
    ("basis", "references"),
    [
        ("条例第三十六条第（二）项", ["36(2)"]),
        ("条例第十四条、第三十六条第（三）项", ["14", "36(3)"]),
        ("条例第三十六条第（四）项、第（五）项", ["36(4)", "36(5)"]),
        ("《中华人民共和国政府信息公开条例》第十六条第二款；第三十六条第（三）项。", ["16.2", "36(3)"]),
        ("2021年报格式", ["report-2021:"]),
    ],
)
def test_citations_are_read(basis, references):
    assert [one.reference for one in articles_of(basis)] == references
    assert full_basis(basis) == "、".join(cite(one, full=True) for one in references)


@pytest.mark.parametrize(
    "basis", ["", "有关规定", "36条", "条例", "《某法》", "第三十六条", "条例第三十六条第二项", "；、"]
)
def test_what_is_no_citation_is_refused(basis):
    if basis == "条例":
        assert articles_of(basis)[0].number is None and check(dataclasses.replace(complete("3.1"), basis=basis))
        return
    with pytest.raises(BasisFault):
        articles_of(basis)


def test_not_ours_to_disclose_needs_no_search():
    letter = dataclasses.replace(complete("3.4.1"), basis="条例第三十六条第（五）项", searched="")
    assert check(letter) == []
