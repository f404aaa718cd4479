"""One search, the same for every engine: AND first; when that finds nothing, OR, labelled so."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from gongkai.search import marks, nearest, plan
from gongkai.search.documents import BadQuery, Hit, Mode, Results, Sort
from gongkai.search.fold import fold
from gongkai.search.plan import AllOf
from gongkai.search.query import Query, parse
from gongkai.search.vocabulary import Vocabulary

#: key, url, title, score, and what an engine needs to give the text
Raw = tuple[str, str, str, float, bytes]
MOST_HITS, DEEPEST = 500, 10_000


class Found(NamedTuple):
    """A page of raw hits and the number of all."""

    total: int
    hits: tuple[Raw, ...]


class Engine(Protocol):
    """What a search asks of an engine: one consistent view of its index."""

    def find(self, node: AllOf, limit: int, offset: int, sort: Sort) -> Found:
        """A page of what ``node`` finds."""

    def texts(self, hits: Sequence[Raw]) -> Mapping[str, str]:
        """The original texts of hits by key."""

    def counts(self, node: AllOf, names: Sequence[str]) -> dict[str, tuple[tuple[str, int], ...]]:
        """How many of what ``node`` finds have each value of the fields ``names``."""

    def frequencies(self, field: str, tokens: Sequence[str]) -> Mapping[str, int]:
        """In how many documents each token stands."""


class Asking:
    """A query read for some readers, and its answers."""

    def __init__(
        self,
        engine: Engine,
        query: str,
        filters: Mapping[str, object],
        readers: Collection[str],
        vocabulary: Vocabulary | None,
        marked: bool = True,
    ) -> None:
        self.engine, self.readers, self.marked = engine, frozenset(readers), marked
        self.query: Query = parse(query, filters, vocabulary)

    def results(self, facets: Sequence[str], limit: int, offset: int, sort: Sort) -> Results:
        """Raises ``BadQuery`` for a page that is too large or too far."""
        if not 0 <= limit <= MOST_HITS or not 0 <= offset <= DEEPEST:
            raise BadQuery(f"每页最多 {MOST_HITS} 条，最多翻到第 {DEEPEST} 条：请用筛选缩小范围。")
        asked = plan.every_word(self.query, self.readers)
        order: Sort = sort if self.query.words else "newest"
        mode: Mode = "and"
        heard: Mapping[str, int] = {}
        found = self.engine.find(asked, limit, offset, order)
        if not found.total and self.query.words:
            near = [raw[0] for raw in self._nearest()]
            pairs = _rarest(self.engine.frequencies("all", plan.pairs_of(self.query)), plan.MOST_PAIRS)
            heard = self.engine.frequencies("sounds", plan.sounds_of(self.query))
            asked = plan.some_words(self.query, self.readers, pairs, _rarest(heard, plan.MOST_SOUNDS), near)
            found, mode = self.engine.find(asked, limit, offset, order), "or"
        counts = self.engine.counts(plan.without_scores(asked), facets) if facets else {}
        hits = self._hits(found, mode)
        also = self._also(hits) if mode == "and" and not offset and order == "relevance" else ()
        return Results(found.total, mode, hits, counts, self._did_you_mean(hits, heard) if mode == "or" else "", also)

    def _nearest(self) -> list[Raw]:
        """Documents whose title the query may abbreviate, the likeliest first."""
        short = nearest.may_abbreviate(self.query)
        if not short:
            return []
        asked = plan.title_with(short, self.query, self.readers)
        candidates = self.engine.find(asked, nearest.CANDIDATES, 0, "relevance").hits
        fits = [(nearest.abbreviated(short, raw[2]), raw) for raw in candidates]
        likely = sorted((fit for fit in fits if fit[0]), key=lambda fit: -fit[0])
        return [raw for _, raw in likely[: nearest.KEPT]]

    def _also(self, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Titles the query may abbreviate, when it stands in no title of the page."""
        whole = self.query.whole
        if not hits or len(self.query.words) != 1 or len(whole) < 3 or any(whole in fold(hit.title) for hit in hits):
            return ()
        there = {hit.key for hit in hits}
        near = tuple(raw for raw in self._nearest() if raw[0] not in there)
        return self._hits(Found(len(near), near), "or")

    def _did_you_mean(self, hits: tuple[Hit, ...], heard: Mapping[str, int]) -> str:
        """The query spelled as a title that sounds like it. ``heard``: in how many titles each pair of its syllables stands."""
        if len(self.query.words) == 1 and not all(heard.values()):
            return ""  # no title has all of its sounds: none need be read aloud
        return next(filter(None, (nearest.corrected(self.query, hit.title) for hit in hits[:3])), "")

    def _hits(self, found: Found, mode: Mode) -> tuple[Hit, ...]:
        if not self.marked:
            return tuple(Hit(key, url, title, "", "", score) for key, url, title, score, _ in found.hits)
        ways = [way for word in self.query.words for way in word.ways]
        words = ways if mode == "and" else [*ways, *plan.pairs_of(self.query)]
        texts = self.engine.texts(found.hits) if found.hits else {}
        return tuple(
            Hit(key, url, title, marks.marked(title, words), marks.snippet(texts.get(key, ""), words), score)
            for key, url, title, score, _ in found.hits
        )


def _rarest(counted: Mapping[str, int], most: int) -> dict[str, int]:
    """The rarest of tokens that stand in any document, the rarest first, with their counts."""
    rarest = sorted((count, token) for token, count in counted.items() if count)
    return {token: count for count, token in rarest[:most]}
