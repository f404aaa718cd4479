"""Numerals and citations, both ways; and every article the code cites is in the statute."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law import attributes, categories, clocks, decisions, receipt, remedies, running
from gongkai.law.articles import INSTRUMENTS, Article, article, cite, parse
from gongkai.law.numerals import from_chinese, to_chinese

STATUTES = Path(__file__).resolve().parents[5] / "shared" / "law"
TEXTS = {
    "regulation": "regulation-2019.txt",
    "reconsideration": "administrative-reconsideration-law-2023.txt",
    "litigation": "administrative-litigation-law-2017.txt",
}


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, "零"), (10, "十"), (13, "十三"), (20, "二十"), (33, "三十三"), (100, "一百"), (102, "一百零二"), (110, "一百一十"),
     (113, "一百一十三"), (1005, "一千零五"), (1050, "一千零五十"), (1260, "一千二百六十"), (9999, "九千九百九十九")],
)  # fmt: skip
def test_numerals(number, written):
    assert to_chinese(number) == written
    assert from_chinese(written) == number


@given(st.integers(0, 9999))
def test_numerals_round_trip(number):
    assert from_chinese(to_chinese(number)) == number


@pytest.mark.parametrize("written", ["", "一十三", "三三", "二百二", "十百", "百", "33", "零三", "一百二"])
def test_numerals_nobody_writes_are_refused(written):
    with pytest.raises(ValueError, match="中文数字"):
        from_chinese(written)


@pytest.mark.parametrize(
    ("reference", "citation"),
    [
        ("33.3", "条例第三十三条第三款"),
        ("31(2)", "条例第三十一条第（二）项"),
        ("36(1)", "条例第三十六条第（一）项"),
        ("17-1.2", "条例第十七条之一第二款"),
        ("reconsideration:23.1(4)", "行政复议法第二十三条第一款第（四）项"),
        ("report-2021:", "2021年报格式"),
    ],
)
def test_cite(reference, citation):
    assert cite(reference) == citation
    assert parse(citation) == article(reference)
    assert article(reference).reference == reference


def test_cite_in_full():
    assert cite("33.3", full=True) == "《中华人民共和国政府信息公开条例》第三十三条第三款"
    assert cite("fees:6", full=True) == "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）第六条"


numbers = st.integers(1, 400)
maybe = st.none() | st.integers(1, 40)
articles = st.builds(Article, st.sampled_from(sorted(INSTRUMENTS)), numbers, maybe, maybe, maybe) | st.builds(
    Article, st.sampled_from(sorted(INSTRUMENTS))
)


@given(articles)
def test_citations_round_trip(cited):
    assert parse(cited.short) == parse(cited.full) == article(cited.reference) == cited


@pytest.mark.parametrize("wrong", ["", "33.", "三十三", "33(2).1", "nothing:1", "33.0"])
def test_malformed_references_are_refused(wrong):
    with pytest.raises(ValueError, match=r".+"):
        article(wrong)


@pytest.mark.parametrize("wrong", ["", "第三十三条", "某办法第一条", "条例第一十条", "条例第三十三条第三项"])
def test_unknown_citations_are_refused(wrong):
    with pytest.raises(ValueError, match=r".+"):
        parse(wrong)


def _cited() -> set[Article]:
    found = {leaf_article for leaf in decisions.LEAVES.values() for leaf_article in leaf.articles}
    found |= {option.article for node in decisions.DECISION_TREE.values() for option in node.options if option.article}
    found |= {rule.article for rule in receipt.RULES.values()}
    found |= {basis for rule in attributes.RULES.values() for basis in rule.bases}
    found |= {category.article for category in categories.CATEGORIES.values()}
    found |= {clock.article for clock in clocks.SUB_CLOCKS.values()}
    found |= {value for value in vars(running).values() if isinstance(value, Article)}
    for day in (remedies.REVIEW_FIRST_SINCE, remedies.REVIEW_FIRST_SINCE.replace(year=2020)):
        found |= {basis for outcome in remedies.Outcome for basis in remedies.remedy(outcome, day).articles}
    return found


def _holds(text: str, cited: Article) -> bool:
    match = re.search(
        rf"^第{to_chinese(cited.number or 0)}条 (.*?)(?=^第[一二三四五六七八九十百]+条 |^#|\Z)", text, re.M | re.S
    )
    lines = [line for line in match[1].splitlines() if line.strip()] if match else []
    items = [line for line in lines if re.match(r"[（(][一二三四五六七八九十]+[）)]", line)]
    paragraphs = [line for line in lines if line not in items]
    wanted = f"[（(]{to_chinese(cited.item)}[）)]" if cited.item else ""
    return (
        bool(lines)
        and len(paragraphs) >= (cited.paragraph or 1)
        and any(re.match(wanted, line) for line in items or lines)
    )


@pytest.mark.skipif(not STATUTES.exists(), reason="the statutes are not beside the repository")
def test_every_article_cited_is_in_the_statute():
    cited = [basis for basis in _cited() if basis.instrument in TEXTS]
    texts = {code: (STATUTES / name).read_text(encoding="utf-8") for code, name in TEXTS.items()}
    assert len(cited) > 40
    assert not [basis.short for basis in cited if not _holds(texts[basis.instrument], basis)]


@pytest.mark.skipif(not STATUTES.exists(), reason="the statutes are not beside the repository")
def test_categories_are_the_statutes_words():
    text = (STATUTES / TEXTS["regulation"]).read_text(encoding="utf-8")
    missing = [category.code for category in categories.CATEGORIES.values() if category.text not in text]
    assert not missing
