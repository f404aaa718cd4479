"""What OR asks for: less than everything, and enough."""

from hypothesis import given
from hypothesis import strategies as st

from gongkai.search import plan

TOKENS = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(TOKENS, st.integers(1, 9), st.sets(st.sampled_from("abcdefgh")))
def test_a_document_with_enough_of_the_tokens_has_one_of_those_asked_for(tokens, number, document):
    if len(document.intersection(tokens)) >= number:
        assert document.intersection(plan._telling(tokens, number))


@given(TOKENS, st.integers(1, 9))
def test_the_commonest_tokens_are_left_out_and_none_is_asked_for_where_there_are_too_few(tokens, number):
    asked = plan._telling(tokens, number)
    assert list(asked) == tokens[: max(0, len(tokens) - number + 1)]


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, plan.MOST_READ)))
def test_what_is_read_has_a_bound_and_the_rarest_token_is_always_asked_for(documents):
    counted = dict(sorted(documents.items(), key=lambda entry: entry[1]))
    asked = plan._affordable([*counted], counted)
    assert list(asked) == [*counted][: len(asked)] and (asked or not counted)
    assert sum(counted[token] for token in asked) < 2 * plan.MOST_READ
    assert len(asked) == len(counted) or sum(counted[token] for token in asked) >= plan.MOST_READ
