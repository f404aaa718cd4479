"""What a query asks of an index, as a small tree that both engines translate: what must match, and what raises the score.

The fields named here are those of ``schema``; their tokens are made by ``fold``.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from gongkai.search.conditions import DATES, EXACT, Condition
from gongkai.search.fold import SPACE, indexed
from gongkai.search.query import Query, Word
from gongkai.search.schema import own_field
from gongkai.search.sound import sound_pairs

# How much a match is worth beside a BM25 score, which lies between 1 and 40 for a word. Tuned with benchmarks/search.py.
IS_NUMBER = 2000.0
IS_TITLE = 1000.0
IN_TITLE = 40.0
#: Times a word's BM25 in the title. Its rarity there is at least that in all text, and a title three times as long as others
#: still scores 0.55 of it where the best text reaches 2.2: with 4 a title draws level with every mere text, with 8 it leads.
TITLE_SCORE = 8.0
TOGETHER, TOGETHER_IN_TITLE = 2.0, 60.0
OR_TITLE, OR_SOUND, OR_TEXT = 3.0, 3.0, 1.0
NEAREST = 4000.0
#: Of a long query only the rarest pairs, of letters and of sounds, are looked for when some of them will do.
MOST_PAIRS, MOST_SOUNDS = 24, 12
#: The part of the pairs a document must have in that case.
ENOUGH = 0.5
#: And of those, so many that their lists name this many documents: what a question costs has a bound, however large the index.
MOST_READ = 50_000


@dataclass(frozen=True)
class Term:
    """Documents with ``token`` in ``field``."""

    field: str
    token: str


@dataclass(frozen=True)
class Phrase:
    """Documents with the tokens of ``places`` at these distances; with ``open_end`` the last is a token's beginning."""

    field: str
    places: tuple[tuple[int, str], ...]
    open_end: bool = False


@dataclass(frozen=True)
class Interval:
    """Documents whose number in ``field`` lies from ``start`` to ``end``, both included."""

    field: str
    start: int | None
    end: int | None


@dataclass(frozen=True)
class AllOf:
    """Every node of ``must``, none of ``excluded``, at least ``minimum`` of ``should``, which score."""

    must: tuple["Node", ...] = ()
    should: tuple["Node", ...] = ()
    excluded: tuple["Node", ...] = ()
    minimum: int = 0


@dataclass(frozen=True)
class Weighted:
    """``node`` with its score times ``factor``."""

    node: "Node"
    factor: float


@dataclass(frozen=True)
class Flat:
    """``node`` with ``score`` instead of its own."""

    node: "Node"
    score: float


@dataclass(frozen=True)
class Like:
    """Raises the score of documents like ``text`` by an analyser of the engine's own; where it has none, of no one."""

    text: str


Node = Term | Phrase | Interval | AllOf | Weighted | Flat | Like


def any_of(nodes: Iterable[Node]) -> Node:
    """At least one of ``nodes``; the node itself when there is one only."""
    several = tuple(nodes)
    return several[0] if len(several) == 1 else AllOf(should=several, minimum=1)


def phrase(field: str, way: str) -> Node:
    """``way`` (folded, without marks at its ends) as a substring of ``field``."""
    if len(way) == 1:
        return Term("title_chars", way) if field == "title" else Phrase(field, ((0, way),), open_end=True)
    spaced = way.replace(" ", SPACE)
    places, at = [], 0
    while at < len(spaced):
        start = at if at < len(spaced) - 1 and indexed(*spaced[at : at + 2]) else at - 1
        if indexed(*spaced[start : start + 2]):
            places.append((start, spaced[start : start + 2]))
        else:  # only the last character: a mark before it, so no pair holds it
            return Phrase(field, (*places, (at, spaced[at])), open_end=True)
        at = start + 2
    return Term(field, places[0][1]) if len(places) == 1 else Phrase(field, tuple(places))


def word(asked: Word) -> Node:
    """Documents that have a word in any of its ways, in title or text; a 文号 also among their numbers."""
    found = [phrase("all", way) for way in asked.ways]
    if asked.number:
        found.append(phrase("numbers", asked.number))
    return any_of(found)


def readable(readers: Collection[str]) -> Node:
    """Documents one of ``readers`` may see; without readers, none."""
    return any_of(Term("readers", reader) for reader in sorted(set(readers)) or [""])


def conditions(query: Query, readers: Collection[str]) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """What filters, without a score: nodes that must match, and nodes that must not. Readers always filter."""
    must = [readable(readers)]
    excluded = [word(asked) for asked in query.excluded]
    for asked in query.conditions:
        (excluded if asked.negative else must).append(_condition(asked))
    return tuple(Flat(node, 0.0) for node in must), tuple(excluded)


def every_word(query: Query, readers: Collection[str]) -> AllOf:
    """AND: every word, with what makes one document better than another."""
    must, excluded = conditions(query, readers)
    should: list[Node] = []
    for asked in query.words:
        in_title = any_of(phrase("title", way) for way in asked.ways)
        should.append(Weighted(in_title, TITLE_SCORE))
        if asked.number:
            should.append(Flat(Term("number", asked.number), IS_NUMBER))
    whole = query.whole
    if whole:
        should.append(Flat(Term("name", whole), IS_TITLE))
    if len(query.words) > 1 and len(whole) > 1:
        should += [Weighted(phrase("all", whole), TOGETHER), Flat(phrase("title", whole), TOGETHER_IN_TITLE)]
    return AllOf((*map(word, query.words), *must), tuple(should), excluded)


def pairs_of(query: Query) -> list[str]:
    """The different pairs of letters in the words as typed."""
    typed = [asked.typed for asked in query.words]
    found = (way[at : at + 2] for way in typed for at in range(len(way) - 1))
    return list(dict.fromkeys(pair for pair in found if pair.isalnum()))


def sounds_of(query: Query) -> list[str]:
    """The different pairs of syllables in the words as typed."""
    found = (sound for asked in query.words for sound in sound_pairs(asked.typed))
    return list(dict.fromkeys(sound for sound in found if sound[-1].isalnum()))


def some_words(
    query: Query,
    readers: Collection[str],
    keep: Mapping[str, int],
    sounds: Mapping[str, int],
    nearest: Sequence[str] = (),
) -> AllOf:
    """OR: documents with enough of the pairs ``keep``; those with them in the title, or sounding like it, first.

    ``sounds`` are pairs of syllables that stand in titles. Both come with the number of documents that have them, the rarest
    first. ``nearest`` are keys of documents that come before all others, in this order.
    """
    must, excluded = conditions(query, readers)
    pairs = _affordable(_telling([*keep], max(1, int(len(keep) * ENOUGH))), keep)
    heard = _affordable(_telling([*sounds], max(2, (min(len(sounds_of(query)), MOST_SOUNDS) + 1) // 2)), sounds)
    enough: list[Node] = [Weighted(Term("all", pair), OR_TEXT) for pair in pairs]
    enough += [Weighted(Term("sounds", sound), OR_SOUND) for sound in heard]
    enough += [word(asked) for asked in query.words if len(asked.ways) > 1 or len(asked.typed) == 1 or asked.number]
    enough += [Flat(phrase("numbers", asked.typed), IN_TITLE) for asked in query.words]
    enough += [Flat(Term("key", key), NEAREST / (place + 1)) for place, key in enumerate(nearest)]
    raised: list[Node] = [Weighted(Term("title", pair), OR_TITLE) for pair in keep]
    raised += [Weighted(Term("sounds", sound), OR_SOUND) for sound in [*sounds][len(heard) :]]
    raised += [Like(query.whole)] if query.whole else []
    raised += [Flat(Term("number", asked.number), IS_NUMBER) for asked in query.words if asked.number]
    return AllOf((any_of(enough), *must), tuple(raised), excluded)


def _telling(tokens: Sequence[str], number: int) -> Sequence[str]:
    """Of tokens, the rarest first, those of which every document with ``number`` of them has one; none where there are fewer.

    They are all but the ``number`` - 1 commonest. Asked so, no long list of a common token is read and nothing counted; a
    few documents with fewer come along, with the lowest scores.
    """
    return tokens[: len(tokens) - number + 1] if len(tokens) >= number else ()


def _affordable(tokens: Sequence[str], documents: Mapping[str, int]) -> Sequence[str]:
    """Of tokens, the rarest first, those before which ``MOST_READ`` documents are not yet named."""
    named = accumulate((documents[token] for token in tokens), initial=0)
    return [token for token, before in zip(tokens, named, strict=False) if before < MOST_READ]


def title_with(short: str, query: Query, readers: Collection[str]) -> AllOf:
    """Documents whose title has every character of ``short``, the shortest first."""
    must, excluded = conditions(query, readers)
    letters = [Term("title_chars", char) for char in dict.fromkeys(short)]
    return AllOf((*letters, *must), (), excluded)


def _condition(asked: Condition) -> Node:
    if asked.field == "year" and asked.values:
        return any_of(Interval("year", int(value), int(value)) for value in asked.values)
    if asked.field == "year" or asked.field in DATES:
        return Interval(asked.field, asked.start, asked.end)
    if asked.field in (*EXACT, "body_names", "key"):
        return any_of(Term(asked.field, value) for value in asked.values)
    return _within(asked)


def _within(asked: Condition) -> Node:
    """Conditions on fields that are searched within, and on the further fields of documents."""
    if asked.field == "title":
        return any_of(phrase("title", value) for value in asked.values)
    if asked.field == "number":
        return any_of(phrase("numbers", value) for value in asked.values)
    if asked.field == "body":
        names = [phrase("body_pairs", value) for value in asked.values]
        return any_of([*names, *(Term("bodies", value) for value in asked.values)])
    return any_of(Term(f"fields.{own_field(asked.field)}", value) for value in asked.values)


def without_scores(node: AllOf) -> AllOf:
    """The same documents, for counting."""
    return AllOf(node.must, (), node.excluded)
