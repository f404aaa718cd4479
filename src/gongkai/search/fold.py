"""Folding: what looks the same to a reader becomes the same characters, one for one, so that offsets stay true.

Folded text is lower case, simplified, half width, with one kind of bracket, quotation mark, dash and space. Tokens are
*pairs* of neighbouring characters of it. A pair that starts with a space or with a mark before a letter is not indexed
(its place is kept): the pairs around it already prove what stands there.
"""

import re
import sys
import unicodedata
from array import array
from functools import cache

import opencc

#: Stands for a space within a pair: tokens are separated by spaces.
SPACE = "␣"
BLANK = " " + SPACE
#: A token too long for the index: it is dropped, and its position stays empty.
DROPPED = "-" * 12
LONGEST = 9  # bytes: two characters have at most eight

_SAME = {
    "(": "([〔［（【〖{｛",
    ")": ")]〕］）】〗}｝",
    "《": "《〈",
    "》": "》〉",
    '"': '"“”„‟「」『』〝〞＂',
    "'": "'‘’‚‛＇",
    "-": "-‐‑‒–—―−－─━",
    "·": "·•・‧∙⋅",
    "〇": "〇○◯",
    " ": "\u200b\u200c\u200d\u2060\ufeff\u00ad" + SPACE,
}
#: Stands for what is left out while tokens are made: folding leaves none of it.
_GONE = "\u3000"
#: Codes of characters as an array holds them.
_CODES = f"utf-32-{sys.byteorder[0]}e"
#: With more different characters to change than this, looking at each character once is sooner.
_FEW = 30
#: Characters that stand in nearly every text and that folding changes.
_COMMON = "，（）：；\n"
_YEAR_BEFORE_NUMBER = re.compile(r"(\(\d{4}\))第?0*(?=\d)")
_BARE_YEAR = re.compile(r"^([^\d()]+)((?:19|20)\d\d)(?=第)")


@cache
def _table() -> dict[int, str]:
    """Every character of the Basic Multilingual Plane as folding leaves it.

    Those it does not change are in it too: a character that is missed costs ``translate`` more than one that is found.
    """
    table = {code: unicodedata.normalize("NFKC", chr(code)).lower() for code in range(0x10000)}
    single = {code: new if len(new) == 1 else chr(code) for code, new in table.items()}
    han = [code for code in single if "\u3400" <= single[code] <= "\u9fff"]
    simple = opencc.OpenCC("t2s").convert("\n".join(single[code] for code in han)).split("\n")
    single |= {code: new for code, new in zip(han, simple, strict=True) if len(new) == 1}
    single |= {code: " " for code in single if chr(code).isspace() or single[code].isspace()}
    single |= {ord(old): new for new, olds in _SAME.items() for old in olds}
    return single


@cache
def _changing() -> re.Pattern[str]:
    """Any character that folding changes, but for the commonest."""
    changed = (code for code, new in _table().items() if chr(code) != new and chr(code) not in _COMMON)
    return re.compile("[" + "".join(rf"\u{code:04x}" for code in changed) + "]")


@cache
def _common() -> tuple[tuple[str, str], ...]:
    return tuple((char, _table()[ord(char)]) for char in _COMMON)


def fold(text: str) -> str:
    """``text`` as it is compared: as long as the original, character for character."""
    # Of a text only some marks change as a rule, and replacing those is quicker than translating everything.
    for char, new in _common():
        text = text.replace(char, new)
    table, changing = _table(), set(_changing().findall(text))
    if len(changing) > _FEW:
        return text.translate(table)
    for char in changing:
        text = text.replace(char, table[ord(char)])
    return text


def is_word(char: str) -> bool:
    """Whether a folded character is a letter, digit or ideograph; what is not separates."""
    return char.isalnum()


def indexed(first: str, second: str) -> bool:
    """Whether the pair of two folded characters is a token: it starts with a letter, or is two visible marks."""
    return first.isalnum() or (first not in BLANK and second not in BLANK and not second.isalnum())


@cache
def _left_out() -> re.Pattern[str]:
    """Where a pair starts that need not be a token (``indexed``).

    The letters of the Basic Multilingual Plane are written out: asking of each character what it is takes longer. Beyond it a
    pair or two too many are kept, which no query asks for.
    """
    letters = "".join(rf"\u{code:04x}" for code in range(0x10000) if chr(code).isalnum())
    return re.compile(rf"[^{letters}\U00010000-\U0010ffff](?:(?=[{letters}{SPACE}])|(?<={SPACE}))")


def pairs(folded: str) -> str:
    """The tokens of a folded text, separated by spaces, one for each character; the last has a space behind it."""
    if not folded:
        return ""
    spaced = folded.replace(" ", SPACE) + SPACE
    rows = array("I", [ord(" ")]) * (3 * len(folded))
    rows[0::3] = _codes(_left_out().sub(_GONE, spaced))[:-1]
    rows[1::3] = _codes(spaced)[1:]
    return rows.tobytes().decode(_CODES, "surrogatepass").replace(_GONE, DROPPED)


def _codes(text: str) -> "array[int]":
    """The code of each character: an array is sliced and filled at once, where a loop would look at each."""
    return array("I", text.encode(_CODES, "surrogatepass"))


def characters(folded: str) -> str:
    """The different letters, digits and ideographs of a folded text, separated by spaces."""
    return " ".join(sorted(char for char in set(folded) if char.isalnum()))


def strip(folded: str) -> str:
    """``folded`` without marks and spaces at both ends."""
    start, end = 0, len(folded)
    while start < end and not folded[start].isalnum():
        start += 1
    while end > start and not folded[end - 1].isalnum():
        end -= 1
    return folded[start:end]


def number_key(number: str) -> str:
    """A 文号, 登记号 or 索引号 in one form: 国发 ［２０２１］ 第 05 号 and 国发〔2021〕5号 are both 国发(2021)5号."""
    folded = re.sub(r"\s+", "", fold(number))
    folded = _BARE_YEAR.sub(r"\1(\2)", folded) if "(" not in folded else folded
    return _YEAR_BEFORE_NUMBER.sub(r"\1", folded)
