"""Numerals as documents print them: 三十三, 一百〇二, ３３, 33, 二〇二一, with stray spaces."""

import re
import unicodedata
from functools import lru_cache

from gongkai.law.numerals import to_chinese

#: One numeral of 条, 款, 项 …, as a piece of a regular expression. Spaces inside are OCR's.
NUMERAL = r"[一二三四五六七八九十百千零〇○\d](?:[ \u3000]?[一二三四五六七八九十百千零〇○\d]){0,8}"

_DIGITS = {"零": 0, "〇": 0, "○": 0, **{digit: value for value, digit in enumerate("一二三四五六七八九", 1)}}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_CHINESE = re.compile("[一二三四五六七八九十百千零〇○]+")
_YEARLIKE = re.compile("[一二三四五六七八九零〇○]+")

__all__ = ["NUMERAL", "is_numeral", "to_chinese", "value_of"]


@lru_cache(maxsize=4096)
def value_of(written: str) -> int:
    """The value of a numeral, Chinese or Arabic, full or half width (一百〇二, ３３, 二〇二一); ``ValueError`` if none."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", written)) if not written.isdecimal() else written
    if text.isdecimal() and len(text) <= 9:
        return int(text)
    if not _CHINESE.fullmatch(text) or len(text) > 9:
        raise ValueError(f"不是数字：{written}")
    if len(text) > 1 and _YEARLIKE.fullmatch(text):
        return int("".join(str(_DIGITS[character]) for character in text))
    return _sum(text)


def _sum(text: str) -> int:
    total = digit = 0
    for character in text:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def is_numeral(written: str) -> bool:
    """Whether :func:`value_of` can read it."""
    try:
        value_of(written)
    except ValueError:
        return False
    return True
