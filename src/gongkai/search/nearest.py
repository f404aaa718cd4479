"""Titles a query may abbreviate (民诉法 for 民事诉讼法) or misspell by sound (政物公开 for 政务公开)."""

import re

from gongkai.search.fold import fold, strip
from gongkai.search.query import Query
from gongkai.search.sound import syllables

#: How long an abbreviation is, in characters, and which part of the title it must be.
SHORTEST, LONGEST = 2, 16
LEAST_PART = 0.15
#: Titles looked at, and titles kept.
CANDIDATES, KEPT = 100, 5

_COUNTRY = re.compile(r"^中华人民共和国")
_REGION = re.compile(r"^[^《》()]{2,7}?(?:省|自治区|自治州|自治县|市)")
_EDITION = re.compile(r"\([^()]*\)$")
_ENDS = ("法", "条例", "办法", "规定", "规则", "细则", "解释", "决定", "通知", "意见", "批复", "规程", "章程", "公约")


def may_abbreviate(query: Query) -> str:
    """The query as an abbreviation, when it could be one: its words in one run of ideographs; else empty."""
    typed = query.whole
    han = all("\u3400" <= char <= "\u9fff" or char == "〇" for char in typed)
    return typed if han and SHORTEST <= len(typed) <= LONGEST else ""


def abbreviated(short: str, title: str) -> float:
    """How well ``short`` abbreviates ``title``: 0 when its characters do not stand there in this order."""
    whole = _EDITION.sub("", strip(fold(title)))
    if not _is_within(short, whole):
        return 0.0
    forms = {whole, _COUNTRY.sub("", whole), _REGION.sub("", whole)}
    return max(_fits(short, form) for form in forms)


def _fits(short: str, form: str) -> float:
    """The part of ``form`` that ``short`` is, more when both begin and end alike and few characters stand alone."""
    places, at = [], -1
    for char in short:
        at = form.find(char, at + 1)
        if at < 0:
            return 0.0
        places.append(at)
    part = len(short) / len(form)
    if part < LEAST_PART:
        return 0.0
    end = next((end for end in _ENDS if form.endswith(end) and short.endswith(end)), "")
    same_start = short[0] == form[0]
    same_end = bool(end) or short[-1] == form[-1]
    # A word is most often two characters, and abbreviated by its first.
    stem = form[: len(form) - len(end)] if end else form
    firsts = stem[::2]
    of_firsts = _is_within(short[: len(short) - len(end)], firsts)
    return part + 0.4 * same_start + 0.4 * same_end + 0.4 * of_firsts


def _is_within(short: str, form: str) -> bool:
    rest = iter(form)
    return all(char in rest for char in short)


def corrected(query: Query, title: str) -> str:
    """The stretch of ``title`` that sounds like the query but is written otherwise; empty when there is none."""
    typed = query.whole
    if len(typed) < 2:
        return ""
    folded = fold(title)
    asked, read = syllables(typed), syllables(folded)
    for start in range(len(read) - len(asked) + 1):
        if read[start : start + len(asked)] == asked and folded[start : start + len(asked)] != typed:
            return title[start : start + len(asked)]
    return ""
