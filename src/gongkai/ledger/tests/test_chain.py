"""The canonical form of a line: its bytes never change, for hashes of years ago are held against them."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.ledger.chain import canonical

#: Text as it reaches the ledger: anything UTF-8 can say.
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)


@given(VALUES)
def test_the_bytes_are_those_of_the_standard_library(value):
    told = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical(value) == told.encode()


def test_signs_that_are_escaped():
    assert canonical({"乙": '"\\\n\t\x00\x1f\x7f/\u2028', "甲": (1, None)}) == (
        '{"乙":"\\"\\\\\\n\\t\\u0000\\u001f\x7f/\u2028","甲":[1,null]}'.encode()
    )


@pytest.mark.parametrize("value", [{"day": date(2021, 3, 12)}, {1, 2}, {1: "one"}, "\ud800"])
def test_what_json_cannot_say_is_refused(value):
    with pytest.raises(TypeError):
        canonical(value)
