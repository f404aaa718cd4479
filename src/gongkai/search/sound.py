"""Pinyin of titles: syllables without tones, their initials, and what a reader may have meant by Latin letters."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from pypinyin import lazy_pinyin
from pypinyin.constants import PINYIN_DICT

#: In the place of a character without a sound.
SILENT = ""
LONGEST_SOUND = 20  # bytes: zhuang'chuang has 13
DROPPED_SOUND = "-" * LONGEST_SOUND
_RUN = re.compile(r"([\u3400-\u9fff〇]+)|[^\u3400-\u9fff〇]+")
#: Latin letters can be cut into syllables in many ways; the first few are tried.
MOST_READINGS = 8


@lru_cache(maxsize=256)
def syllables(folded: str) -> tuple[str, ...]:
    """The syllable of each character as it is read here; a letter or digit is its own, a mark is ``SILENT``."""
    read: list[str] = []
    for run, is_han in _runs(folded):
        read += _read(run) if is_han else [char if char.isalnum() else SILENT for char in run]
    return tuple(read)


@lru_cache(maxsize=8192)
def _read(run: str) -> tuple[str, ...]:
    """The syllables of ideographs; titles share many a run of them."""
    return tuple(lazy_pinyin(run, errors=lambda rest: list(rest)))  # type: ignore[arg-type,return-value]


def initials(folded: str) -> str:
    """The first letter of each syllable, a space for a mark: 政务公开 is zwgk."""
    return "".join(sound[0] if sound else " " for sound in syllables(folded))


def sound_pairs(folded: str) -> list[str]:
    """One token for each character: its syllable and the next one's, zheng'wu; nothing follows before a mark.

    A character without a sound gives a token that is too long for the index, so that its place stays empty.
    """
    read = (*syllables(folded), SILENT)
    return [f"{a}'{b}" if a else DROPPED_SOUND for a, b in pairwise(read)]


def readings(latin: str) -> list[tuple[str, ...]]:
    """How lower-case Latin letters may be cut into syllables; the last one may be unfinished. Fewest first."""
    found = sorted(_cuts(latin.replace(" ", "").replace("'", "")), key=len)
    return found[:MOST_READINGS]


def _cuts(latin: str) -> Iterator[tuple[str, ...]]:
    """Every way to cut, depth first."""
    known = _known()
    stack: list[tuple[tuple[str, ...], int]] = [((), 0)]
    made = 0
    while stack and made < 64:
        cut, start = stack.pop()
        if start == len(latin):
            made += 1
            yield cut
            continue
        ends = [end for end in range(start + 1, min(start + 6, len(latin)) + 1) if latin[start:end] in known]
        if len(latin) - start < 6 and latin[start:] in _prefixes():
            ends = sorted({*ends, len(latin)})
        stack += [((*cut, latin[start:end]), end) for end in ends]


@cache
def _known() -> frozenset[str]:
    """Every syllable there is, without tones."""
    from pypinyin.contrib.tone_convert import to_normal

    marked = {sound for sounds in PINYIN_DICT.values() for sound in sounds.split(",")}
    plain = {to_normal(sound) for sound in marked}
    return frozenset(sound for sound in plain if sound.isascii() and sound.isalpha() and sound not in ("m", "n", "ng"))


@cache
def _prefixes() -> frozenset[str]:
    return frozenset(sound[:end] for sound in _known() for end in range(1, len(sound) + 1))


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """``text`` in runs of ideographs and runs of anything else."""
    for run in _RUN.finditer(text):
        yield run[0], run.lastindex == 1
