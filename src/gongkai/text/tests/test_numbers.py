"""文号 in every typographic form, 索引号 and their check characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text.index_number import (
    BadIndexNumber,
    check_character,
    is_credit_code,
    is_organisation_code,
    make_index_number,
    parse_index_number,
)  # fmt: skip
from gongkai.text.numbers import BadNumber, DocumentNumber, find_numbers, parse_number
from gongkai.text.numerals import to_chinese, value_of
from gongkai.text.tests.corpus import pages, records

BRACKETS = ("〔〕", "[]", "()", "（）", "［］", "【】", "﹝﹞")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@given(
    st.sampled_from(["渝府", "国", "交公路", "法（研）", "渝规资", "国办公开"]),
    st.sampled_from(["发", "办发", "函", "规", "令", "字", "办函"]),
    st.integers(1949, 2099),
    st.integers(1, 9999),
    st.sampled_from(BRACKETS),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", " ", "\u3000"]),
    st.booleans(),
)
def test_every_form_is_one_number(code, style, year, number, brackets, wide, ordinal, gap, mark):
    written = f"{code}{style}{gap}{brackets[0]}{year}{brackets[1]}{gap}{'第' if ordinal else ''}{gap}{number}"
    written = (written.translate(WIDE) if wide else written) + ("号" if mark else "")
    found = parse_number(written)
    assert found.text == f"{code}{style}〔{year}〕{number}号"
    assert parse_number(found.text) == found
    if mark:
        (span,) = find_numbers(f"依照，{written}，办理")
        assert span.number == found and span.written == written


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("国务院令第711号", "国务院令第711号"),
        ("中华人民共和国国务院第711号令", "中华人民共和国国务院令第711号"),
        ("国土资源部令第五十六号", "国土资源部令第56号"),
        ("农业部令2012年第7号", "农业部令〔2012〕7号"),
        ("国家税务总局公告2021年第5号", "国家税务总局公告2021年第5号"),
        ("〔1996〕武司字第82号", "武司字〔1996〕82号"),
        ("〔94〕财税字第089号", "财税字〔1994〕89号"),
        ("第339号", "令第339号"),
        ("教外际〔2004〕14号", "教外际〔2004〕14号"),
    ],
)
def test_other_forms(written, text):
    assert parse_number(written).text == text
    assert parse_number(text).text == text


@pytest.mark.parametrize(
    "written",
    ["", "  ", "渝府发", "〔2021〕5号", "渝府发〔1821〕5号", "渝府发〔2021〕0号", "渝" * 90, "abc〔2021〕5号", "5号"],
)
def test_what_is_none_is_refused_in_chinese(written):
    with pytest.raises(BadNumber, match="文号"):
        parse_number(written)


@pytest.mark.parametrize(
    ("sentence", "written"),
    [
        ("根据国发〔1987〕22号文和渝府发[2021]5号的规定", ["国发〔1987〕22号", "渝府发[2021]5号"]),
        ("10月11日交通部令交公路发(1999)535号发布", ["交公路发(1999)535号"]),
        ("（国发〔2004〕20号，以下简称《决定》）", ["国发〔2004〕20号"]),
        ("1991年2月4日国务院令第80号发布", ["国务院令第80号"]),
        ("按渝府办发〔2020〕100号办理；参见（2019）3号楼", ["渝府办发〔2020〕100号"]),
    ],
)
def test_found_in_a_sentence(sentence, written):
    assert [sentence[one.start : one.end] for one in find_numbers(sentence)] == written


def test_numbers_of_the_corpus_are_read():
    """The records' own numbers, of which some have a cut-off issuer, and all the pages'."""
    numbers = [record["doc_number"] for record in records(1) if record.get("doc_number")]
    assert len(numbers) > 600
    for number in numbers:
        assert parse_number(number).number > 0
    assert all(parse_number(one).text == one for one in numbers if "〔" in one)


@given(st.integers(0, 9999))
def test_numerals(number):
    assert value_of(to_chinese(number)) == value_of(str(number)) == value_of(str(number).translate(WIDE)) == number


def test_years_in_chinese():
    assert value_of("二〇二一") == 2021 and value_of("一百〇二") == 102
    for bad in ("", "甲", "12345678901"):
        with pytest.raises(ValueError, match="不是数字"):
            value_of(bad)


CODES = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17)


@given(CODES, st.integers(1949, 2099), st.integers(1, 99999), st.integers(0, 17))
def test_index_numbers(first, year, serial, place):
    code = first + check_character(first)
    made = make_index_number(code, year, serial)
    assert parse_index_number(made.text) == parse_index_number(f"[11]{made.text.lower()}") == made
    other = "0" if code[place] != "0" else "1"
    wrong = code[:place] + other + code[place + 1 :]
    assert not is_credit_code(wrong)  # one wrong character never passes
    with pytest.raises(BadIndexNumber, match="信用代码"):
        make_index_number(wrong, year, serial)


def test_known_codes():
    assert is_credit_code("91350100M000100Y43")  # the standard's own example
    assert is_organisation_code("000014349")
    assert not is_organisation_code("000014348")
    assert parse_index_number("000014349/2019-00007").is_old


@pytest.mark.parametrize("bad", ["", "000014348/2019-00007", "000014349/2019-7", "甲/2019-00001"])
def test_bad_index_numbers(bad):
    with pytest.raises(BadIndexNumber):
        parse_index_number(bad)


def test_index_numbers_of_the_pages():
    found = [record["index_number"] for record in records(1) if record.get("index_number")]
    assert len(found) == len(pages()) == 45
    assert all(parse_index_number(one).text == one for one in found)


def test_a_number_shows_itself():
    number = DocumentNumber("渝府", "发", 2021, 5)
    assert str(number) == "渝府发〔2021〕5号" and not number.is_order and parse_number("国务院令第1号").is_order
