"""AND results are what Python's ``in`` says on folded text, whatever the words, exclusions, filters and readers."""

import os
import random
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.search import Document, open_opensearch, open_tantivy
from gongkai.search.query import MOST_WORDS
from gongkai.search.tests import corpus
from gongkai.search.tests.cluster import Cluster

THOROUGH = bool(os.environ.get("GONGKAI_THOROUGH"))
#: Few characters, so that words are found often; marks and spaces of every kind between them.
TEXT = st.text(alphabet="甲乙丙丁公開开a1，。、（） \n　", max_size=24)
LETTER = st.sampled_from("甲乙丙公开a1")
INNER = st.text(alphabet="甲乙丙公开a1，、(", max_size=3)
WORD = LETTER | st.builds("".join, st.tuples(LETTER, INNER, LETTER))
PHRASE = st.lists(WORD, min_size=1, max_size=3).map(" ".join)
KINDS = ("规章", "规范性文件", "其他")
DOCUMENT = st.tuples(
    TEXT,
    TEXT,
    st.sampled_from(KINDS),
    st.integers(2018, 2022),
    st.sampled_from([("public",), ("staff",), ("public", "staff")]),
)


def asked(words, excluded=(), years=None, title="") -> str:
    """As a reader types it."""
    parts = [f"“{word}”" if " " in word else word for word in words] + [f"-“{word}”" for word in excluded]
    return " ".join(
        [*parts, *([f"年:{years[0]}..{years[1]}"] if years else []), *([f"标题:“{title}”"] if title else [])]
    )


def found(port, query, **how) -> set[str] | None:
    """Keys of everything AND finds."""
    first = port.search(query, limit=500, **how)
    keys = [hit.key for hit in first.hits]
    while first.mode == "and" and len(keys) < first.total:
        keys += [hit.key for hit in port.search(query, limit=500, offset=len(keys), **how).hits]
    assert len(keys) == len(set(keys))
    return set(keys) if first.mode == "and" else set()


@settings(max_examples=200 if THOROUGH else 15)
@given(
    drawn=st.lists(DOCUMENT, min_size=1, max_size=8),
    queries=st.lists(
        st.tuples(
            st.lists(PHRASE, min_size=1, max_size=3),
            st.lists(PHRASE, max_size=1),
            st.lists(st.sampled_from(KINDS), max_size=2),
            st.none() | st.just((2019, 2021)),
            st.sampled_from([("public",), ("staff",), ("public", "staff"), ()]),
            st.just("") | WORD,
        ),
        min_size=6,
        max_size=12,
    ),
)
def test_random_documents(tmp_path_factory, drawn, queries):
    documents = [
        Document(str(n), f"/{n}", title, text, kind=kind, published_on=date(year, 5, 1), readers=readers)
        for n, (title, text, kind, year, readers) in enumerate(drawn)
    ]
    truth, port = corpus.Truth(documents), open_tantivy(tmp_path_factory.mktemp("index"), heap=15_000_000)
    compiled = open_opensearch(Cluster(), "gongkai")
    for engine in (port, compiled):
        engine.add(documents)
        engine.commit()
    for words, excluded, kinds, years, readers, title in queries:
        expected = truth.keys(words, excluded, kinds, years, title, readers)
        query = asked(words, excluded, years, title)
        for engine in (port, compiled):
            assert found(engine, query, filters={"kind": kinds}, readers=readers) == expected, query
    port.close()


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    documents = list(corpus.records())
    if not documents:
        pytest.skip("the shared corpus is not here (GONGKAI_CORPUS)")
    documents = documents if THOROUGH else random.Random(4).sample(documents, 250)
    port = open_tantivy(tmp_path_factory.mktemp("index"))
    port.add(documents)
    port.commit()
    yield port, corpus.Truth(documents)
    port.close()


def pieces(truth: corpus.Truth, rng: random.Random, length: int) -> str:
    """Some characters of some text that begin and end with a letter."""
    while True:
        text = truth.folded[rng.choice(truth.documents).key][1]
        at = rng.randrange(max(1, len(text) - length))
        piece = text[at : at + length]
        blanks = '"' in piece or "  " in piece or any(a == " " != b and not b.isalnum() for a, b in pairwise(piece))
        if piece and piece[0].isalnum() and piece[-1].isalnum() and not blanks and ":" not in piece:
            return piece


@pytest.mark.parametrize("length", [1, 2, 3, 4, 7, 15])
def test_the_real_corpus(library, length):
    port, truth = library
    rng = random.Random(length)
    for _ in range(60 if THOROUGH else 20):
        words = [pieces(truth, rng, length) for _ in range(rng.choice((1, 1, 2)))]
        excluded = [pieces(truth, rng, rng.choice((1, 2, 3)))] if rng.random() < 0.4 else []
        kinds = rng.sample(["地方性法规", "行政法规", "司法解释"], 2) if rng.random() < 0.4 else []
        years = (2005, rng.randrange(2006, 2024)) if rng.random() < 0.3 else None
        readers = rng.choice([("public",), ("staff",)])
        expected = truth.keys(words, excluded, kinds, years, readers=readers)
        query = asked(words, excluded, years)
        assert found(port, query, filters={"kind": kinds}, readers=readers) == expected, query


def test_a_query_may_have_many_words(library):
    port, truth = library
    words = [document.title[-2:] for document in truth.documents[:MOST_WORDS]]
    assert found(port, " ".join(words)) == truth.keys(words)
