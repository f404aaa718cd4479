"""Folding keeps offsets; a word's tokens prove exactly that it is a substring."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.search.fold import LONGEST, SPACE, fold, indexed, number_key, pairs

NUMBERS = (
    "国发〔2021〕5号",
    "国发[2021]5号",
    "国发（２０２１）５号",
    "国发［2021］第5号",
    "国发 〔2021〕 05 号",
    "國發【2021】5號",
)


@given(st.text())
def test_folded_text_is_as_long_as_the_original_and_folding_it_again_changes_nothing(text):
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@given(st.text(alphabet="甲乙 。，(1a\n"))
def test_there_is_one_token_for_each_character(text):
    assert len(pairs(fold(text)).split()) == len(text)


@given(st.text() | st.text(alphabet="甲b1_。，😀𠮷 "))
def test_every_pair_that_a_query_may_ask_for_is_a_token_at_its_place(text):
    folded = fold(text)
    spaced = folded.replace(" ", SPACE) + SPACE
    for token, pair in zip(pairs(folded).split(" "), map("".join, pairwise(spaced)), strict=False):
        assert token == pair if indexed(*pair) else token == pair or len(token.encode()) >= LONGEST


def test_what_looks_the_same_is_the_same():
    assert fold("ＡＢｃ　資訊公開條例〔2021〕「甲」") == 'abc 资讯公开条例(2021)"甲"'


@pytest.mark.parametrize("number", NUMBERS)
def test_a_document_number_has_one_form(number):
    assert number_key(number) == "国发(2021)5号"
