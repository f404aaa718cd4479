"""Two texts compared article by article: added, removed, changed, moved; in what changed, the words.

Pieces are matched by their words first and by their number second, so that an inserted 条 that pushes the others down
shows as one addition and as moves, not as a change of everything.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from gongkai.text.lines import Kind
from gongkai.text.nodes import Node, Tree
from gongkai.text.structure import parse

#: How alike two pieces must be (share of common pairs of characters) to be one piece changed.
ALIKE = 0.5
ALIKE_WITH_SAME_LABEL = 0.2
#: Longer pieces are compared by sentences, so that the work stays linear in practice.
LONGEST_BY_CHARACTER = 3000


class Change(StrEnum):
    """What became of a piece."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Piece:
    """Words that stay (``=``), are new (``+``) or gone (``-``)."""

    mark: str
    text: str


@dataclass(frozen=True)
class Difference:
    """A piece of the documents: its label and words before and after ("" where it is not), and what changed in it.

    ``moved`` also marks a changed piece whose label is another one now.
    """

    change: Change
    old_label: str = ""
    new_label: str = ""
    old_anchor: str = ""
    new_anchor: str = ""
    old: str = ""
    new: str = ""
    pieces: tuple[Piece, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether it stands in both under different labels."""
        return self.change in {Change.MOVED, Change.CHANGED} and self.old_label != self.new_label


@dataclass(frozen=True)
class _Unit:
    label: str
    anchor: str
    words: str
    kind: Kind


def compare(old: str, new: str) -> list[Difference]:
    """Every piece of both texts in the order of the new one, removed ones where they stood."""
    before, after = units(parse(old)), units(parse(new))
    pairs = _matched(before, after)
    back = {there: here for here, there in pairs.items()}
    found: list[Difference] = []
    cursor = 0
    for place, unit in enumerate(after):
        if place not in back:
            found.append(
                Difference(Change.ADDED, "", unit.label, "", unit.anchor, "", unit.words, (Piece("+", unit.words),))
            )
            continue
        found += _removed(before, pairs, cursor, back[place])
        cursor = max(cursor, back[place] + 1)
        found.append(_compared(before[back[place]], unit))
    return found + _removed(before, pairs, cursor, len(before))


def differences(old: str, new: str) -> list[Difference]:
    """What differs only."""
    return [one for one in compare(old, new) if one.change is not Change.SAME]


def _removed(before: list[_Unit], pairs: dict[int, int], start: int, end: int) -> list[Difference]:
    return [
        Difference(Change.REMOVED, one.label, "", one.anchor, "", one.words, "", (Piece("-", one.words),))
        for place, one in enumerate(before[start:end], start)
        if place not in pairs
    ]


def _compared(one: _Unit, other: _Unit) -> Difference:
    change = Change.CHANGED if one.words != other.words else Change.SAME if one.label == other.label else Change.MOVED
    pieces = words_between(one.words, other.words) if change is Change.CHANGED else ()
    return Difference(change, one.label, other.label, one.anchor, other.anchor, one.words, other.words, pieces)


_DIVISIONS = {Kind.DOCUMENT, Kind.PART, Kind.SUBPART, Kind.CHAPTER, Kind.SECTION, Kind.HEADING, Kind.ANNEX}


def units(tree: Tree) -> list[_Unit]:
    """The pieces compared: 条, or 一、 where there are none; headings, and what stands outside, on their own."""
    return list(_units(tree, tree.root))


def _units(tree: Tree, node: Node) -> Iterator[_Unit]:
    holds = node.kind in _DIVISIONS or (
        node.kind is Kind.POINT and any(child.kind is Kind.ARTICLE for child in node.children)
    )
    if not holds:
        yield _Unit(
            node.label or _NAMES.get(node.kind, ""), node.anchor, _folded(_without_label(tree, node)), node.kind
        )
        return
    if words := _folded(tree.words(node)):
        yield _Unit(node.label, node.anchor, words, node.kind)
    for child in node.children:
        yield from _units(tree, child)


_NAMES = {Kind.PREAMBLE: "正文之前", Kind.CLOSING: "落款", Kind.TOC: "目录"}


def _without_label(tree: Tree, node: Node) -> str:
    start = node.label_end if node.label else node.start
    return tree.text[start : node.end]


def _folded(words: str) -> str:
    """Lines without the blanks around them and without empty ones: how a text is set is no difference."""
    return "\n".join(line for raw in words.splitlines() if (line := raw.strip(" \t\u3000\xa0\u2002\u2003#")))


def _matched(before: list[_Unit], after: list[_Unit]) -> dict[int, int]:
    """Which piece became which: same label and words; same words; alike words; same label and something in common."""
    pairs: dict[int, int] = {}
    free_old, free_new = set(range(len(before))), set(range(len(after)))

    def take(keys_old: dict[int, object], keys_new: dict[int, object]) -> None:
        places = defaultdict(list)
        for place in sorted(free_new):
            places[keys_new[place]].append(place)
        for place in sorted(free_old):
            if places[keys_old[place]]:
                pairs[place] = places[keys_old[place]].pop(0)
        free_old.difference_update(pairs)
        free_new.difference_update(pairs.values())

    for key in (lambda unit: (unit.kind, unit.label, unit.words), lambda unit: (unit.kind, unit.words)):
        take(dict(enumerate(map(key, before))), dict(enumerate(map(key, after))))
    for score, place, there in _alike(before, after, free_old, free_new):
        same_label = before[place].label == after[there].label
        if place in free_old and there in free_new and (score >= ALIKE or same_label):
            pairs[place] = there
            free_old.discard(place)
            free_new.discard(there)
    return pairs


def _alike(
    before: list[_Unit], after: list[_Unit], free_old: set[int], free_new: set[int]
) -> list[tuple[float, int, int]]:
    """Pairs with enough in common, the most alike first; a same label weighs a little."""
    holders: dict[str, list[int]] = defaultdict(list)
    sizes = {there: max(1, len(_shingles(after[there].words))) for there in free_new}
    for there in sorted(free_new):
        for shingle in _shingles(after[there].words):
            holders[shingle].append(there)
    found = []
    for place in sorted(free_old):
        shingles = _shingles(before[place].words)
        shared: Counter[int] = Counter()
        for shingle in shingles:
            shared.update(holders.get(shingle, ())[:50])
        for there, count in shared.items():
            score = 2 * count / (len(shingles) + sizes[there])
            same = before[place].label == after[there].label
            if before[place].kind is after[there].kind and score >= (ALIKE_WITH_SAME_LABEL if same else ALIKE):
                found.append((score + 0.05 * same, place, there))
    return sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2]))


def _shingles(words: str) -> set[str]:
    return {words[place : place + 2] for place in range(max(1, len(words) - 1))}


_TOKENS = re.compile(r"[A-Za-z0-9.]+|.", re.DOTALL)
_SENTENCES = re.compile(r"[^。；\n]*[。；\n]?")


def words_between(old: str, new: str) -> tuple[Piece, ...]:
    """What stays, goes and comes, character by character (numbers and Latin words whole); joined they give both texts."""
    pattern = _SENTENCES if max(len(old), len(new)) > LONGEST_BY_CHARACTER else _TOKENS
    one, other = ([token for token in pattern.findall(text) if token] for text in (old, new))
    pieces: list[Piece] = []
    for tag, start, end, there, until in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        gone, come = "".join(one[start:end]), "".join(other[there:until])
        if tag == "equal":
            pieces.append(Piece("=", gone))
            continue
        pieces += [Piece(mark, text) for mark, text in (("-", gone), ("+", come)) if text]
    return _smoothed(pieces)


def _smoothed(pieces: list[Piece]) -> tuple[Piece, ...]:
    """A single character that happens to stay between changes joins them: 改正→更改 reads better whole."""
    joined: list[Piece] = []
    gone = come = ""
    for place, piece in enumerate(pieces):
        lonely = piece.mark == "=" and len(piece.text) == 1 and 0 < place < len(pieces) - 1
        if piece.mark == "=" and not lonely:
            joined += [Piece(mark, text) for mark, text in (("-", gone), ("+", come)) if text]
            joined.append(piece)
            gone = come = ""
        else:
            gone += piece.text if piece.mark != "+" else ""
            come += piece.text if piece.mark != "-" else ""
    return (*joined, *(Piece(mark, text) for mark, text in (("-", gone), ("+", come)) if text))
