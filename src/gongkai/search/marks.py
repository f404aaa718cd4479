"""Highlighting: places are looked for in the folded text, which is as long as the original, and cut from the original."""

import re
from collections.abc import Collection, Iterator
from html import escape

from gongkai.search.fold import fold

#: Characters of a snippet, and how many of them stand before the first place.
SNIPPET, BEFORE = 120, 20
#: Places looked at when the densest window is chosen.
MOST_PLACES = 400
#: The signs before a heading in a kept text (``## 一、``): to a reader they say nothing.
_HEADING = re.compile("^#+", re.MULTILINE)

Place = tuple[int, int]


def marked(original: str, words: Collection[str]) -> str:
    """The whole ``original`` as safe HTML with every one of the folded ``words`` in ``<mark>``."""
    return _html(original, 0, len(original), places(fold(original), words))


def snippet(original: str, words: Collection[str]) -> str:
    """The stretch of ``original`` with the most different ``words``, as safe HTML."""
    found = places(fold(original), words)
    start = max(0, _best(found) - BEFORE) if found else 0
    end = min(len(original), start + SNIPPET)
    start = max(0, min(start, end - SNIPPET))
    before, after = "…" if start else "", "…" if end < len(original) else ""
    shown = original[:start] + _HEADING.sub(lambda signs: " " * len(signs[0]), original[start:end])
    return before + _html(shown, start, end, found) + after


def places(folded: str, words: Collection[str]) -> list[Place]:
    """Where the words stand, from left to right, overlaps joined."""
    found = sorted(place for word in words for place in _each(folded, word))
    joined: list[Place] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _each(folded: str, word: str) -> Iterator[Place]:
    at = folded.find(word) if word else -1
    for _ in range(MOST_PLACES):
        if at < 0:
            return
        yield at, at + len(word)
        at = folded.find(word, at + 1)


def _best(found: list[Place]) -> int:
    """Where a window starts that holds the most marked characters."""
    best, most, last, held = found[0][0], 0, 0, 0
    for first, (start, end) in enumerate(found):
        while last < len(found) and found[last][1] <= start + SNIPPET - BEFORE:
            held += found[last][1] - found[last][0]
            last += 1
        if held > most:
            best, most = start, held
        held = max(0, held - (end - start)) if last > first else 0
        last = max(last, first + 1)
    return best


def _html(original: str, start: int, end: int, found: list[Place]) -> str:
    """``original[start:end]`` escaped, line breaks as spaces, with the places in it marked."""
    parts, at = [], start
    for first, last in found:
        first, last = max(first, start), min(last, end)
        if first < last:
            parts += [_text(original[at:first]), "<mark>", _text(original[first:last]), "</mark>"]
            at = last
    return "".join((*parts, _text(original[at:end])))


def _text(original: str) -> str:
    return escape(original.replace("\r", " ").replace("\n", " "))
