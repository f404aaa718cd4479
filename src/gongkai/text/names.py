"""Names of documents without 《》: 刑法第…条, 本办法第…条, 该条例第…条, and the short names a text gives (以下简称).

National statutes are known by name (:mod:`gongkai.text.statutes`); any other name must end as documents do and begin where the
sentence's own words end.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gongkai.text.statutes import STATUTES

_HAN = r"\u3400-\u9fff"
_RUN = re.compile(rf"[{_HAN}]{{1,40}}\Z")
_ENDING = "法典|法|条例|办法|规定|细则|规则|解释|决定|公约|章程|法例|协定|议定书|规程|规范|通则|准则|标准|意见|通知|方案|安排|补充规定|暂行办法"
_SELF = re.compile(
    rf"本(?:实施|暂行|试行|若干|补充|管理|补充安排|修正)?(?:{_ENDING}|合同|制度|指引|指南|目录|公告|批复|纲要|计划|规划)\Z"
)
_THAT = re.compile(rf"(?:该|上述|前述|同)(?:{_ENDING})\Z")
_ENDS = re.compile(rf"(?:{_ENDING})\Z")
_PARTS = re.compile(r"(?:分则|总则|附则|正文|序言)\Z")
#: Words of a sentence that stand before a name and are none of it.
_STOPS = re.compile(
    r".*(?:根据|依照|依据|按照|参照|比照|适用|违反|符合|属于|具有|遵守|执行|对照|涉及|构成|触犯|实施(?!条例|细则|办法|规定|规则)|认定为|所称|规定|主张|"
    r"修改|删去|废止|公布|以及|或者|并且|关于|由于|对于|不服|是指|除|[的和与及或在有按依将对为从以就由经犯据该])(?=..)"
)
_NO_NAME = re.compile(
    r"(?:有关|相关|讨论|上述|前述|下列|以下|上列|其他|国家|法律|法规|规章|本|另行|特别|一般|具体|现行|统一|专门|共同|主要)*(?:"
    rf"{_ENDING})"
)
_NO_LAW = re.compile(r"(?:方|违|合|执|立|司|书|办|做|看|守|普|用|依)法\Z")


@dataclass(frozen=True)
class Name:
    """A name found before a place: where it begins; its title, "" for the document itself."""

    start: int
    title: str
    kind: str


def name_before(text: str, end: int, aliases: Mapping[str, str], recent: str = "") -> Name | None:
    """The name that ends at ``end``: 本办法, a short name defined in the text, a statute, 该条例, any other; or None.

    ``recent`` is the title 该条例 stands for: the one cited last.
    """
    run = _RUN.search(text[max(0, end - 40) : end])
    if run is None:
        return None
    words = run.group()
    if part := _PARTS.search(words):
        words = words[: part.start()]
    begin = end - len(run.group())
    if own := _SELF.search(words):
        return Name(begin + own.start(), "", "internal")
    if known := _longest(words, aliases) or _longest(words, STATUTES):
        start = len(words) - len(known)
        start -= 7 if words[:start].endswith("中华人民共和国") else 0
        return Name(begin + start, aliases.get(known, words[start:]), "named")
    if that := _THAT.search(words):
        return Name(begin + that.start(), recent, "that") if recent else None
    return _any_name(words, begin)


def _longest(words: str, names: Iterable[str] | Mapping[str, str]) -> str:
    known = names if isinstance(names, frozenset | Mapping) else frozenset(names)
    return next((words[start:] for start in range(len(words)) if words[start:] in known), "")


def _any_name(words: str, begin: int) -> Name | None:
    if not _ENDS.search(words) or _NO_LAW.search(words):
        return None
    sentence = _STOPS.match(words)
    start = sentence.end() if sentence else 0
    name = words[start:]
    if len(name) < 4 or len(name) > 34 or _NO_NAME.fullmatch(name):
        return None
    return Name(begin + start, name, "named")


_ALIAS = re.compile(
    r"》[ \u3000]?[（(](?P<before>[^《》\n]{0,80}?)以下(?:简称|统称|称)(?:为)?[：:]?[《“\"「]?"
    r"(?P<alias>[\u3400-\u9fff、]{1,30}?)(?:[（(][^（）()\n]{1,6}[）)])?[》”\"」]?[）)，,；;]"
)


def aliases_of(text: str, titles: Iterable[tuple[int, int, str]]) -> dict[str, str]:
    """The short names a text gives: 《…条例》（以下简称《条例》） → {条例: …条例}. ``titles``: start, end and title of 《…》."""
    found: dict[str, str] = {}
    for _, end, title in titles:
        match = _ALIAS.match(text, end - 1)
        if match and len(match["alias"]) < len(title):
            found.setdefault(match["alias"], title)
    return found
