"""Lines of a document and what each one opens: 编, 章, 条, 项, 一、, an annex, a signature, or just a paragraph.

Nothing here knows the tree: a line is judged by its own first characters and by whether it stands inside a quotation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from gongkai.text.numerals import NUMERAL, value_of


class Kind(StrEnum):
    """What a piece of a document is."""

    DOCUMENT = "document"
    PREAMBLE = "preamble"  # what stands before the first numbered piece, or after a signature
    TOC = "toc"  # 目录
    PART = "part"  # 编
    SUBPART = "subpart"  # 分编
    CHAPTER = "chapter"  # 章
    SECTION = "section"  # 节
    HEADING = "heading"  # a heading without number
    POINT = "point"  # 一、
    ARTICLE = "article"  # 条
    PARAGRAPH = "paragraph"  # 款, and any unnumbered paragraph
    ITEM = "item"  # （一） 项
    SUBITEM = "subitem"  # 1. 目
    DETAIL = "detail"  # （1）
    MARK = "mark"  # ①
    QUOTE = "quote"  # a line inside a quotation
    TABLE = "table"
    CLOSING = "closing"  # who signed, and the day
    ANNEX = "annex"  # 附件


#: Characters that stand for nothing at the ends of a line.
BLANK = " \t\r\u3000\xa0\u2002\u2003\u2009\u200b\ufeff"
_ENDINGS = BLANK + "\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
#: A quotation that runs over lines must end within so many, or it is a slip of the typist.
LONGEST_QUOTATION = 400

_N = NUMERAL
_ARTICLE = re.compile(rf"第 ?(?P<number>{_N}) ?条(?:之(?P<inserted>[一二三四五六七八九十]{{1,3}}))?")
#: After 第N条 these go on with a sentence: the line cites an article, it does not open one.
_CITED = re.compile("第|规定|所[称列述规]|[、，,。；;和或]|的|中[的“]|至第|与第|及第|及其|相应|修改|作为|改为")
_DIVISION = re.compile(rf"第 ?(?P<number>{_N}) ?(?P<unit>分编|编|章|节)(?P<rest>.*)", re.DOTALL)
_UNITS = {"编": Kind.PART, "分编": Kind.SUBPART, "章": Kind.CHAPTER, "节": Kind.SECTION}
_MARKS = {mark: value for value, mark in enumerate("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", 1)}
#: Marks of lists by what they begin with: a bracket, a Chinese numeral, a digit. The number is the group that matched.
_BRACKETED = (
    (Kind.ITEM, re.compile(r"[（(][ \u3000]?([一二三四五六七八九十百零〇]{1,5})[ \u3000]?[）)]")),
    (Kind.DETAIL, re.compile(r"[（(](\d{1,3})[）)]")),
)
_CHINESE = ((Kind.POINT, re.compile(r"([一二三四五六七八九十百零〇]{1,5})(?:[、．]|[.](?!\d))")),)
_DIGITS = (
    (Kind.DETAIL, re.compile(r"(\d{1,2})[）)]")),
    (Kind.SUBITEM, re.compile(r"(\d{1,3})(?:[、．]|[.](?!\d))")),
)
_LISTS = {**dict.fromkeys("（(", _BRACKETED), **dict.fromkeys("一二三四五六七八九十百零〇", _CHINESE)}
#: What every line begins with, beside digits, that is more than a paragraph.
_OPENING = frozenset("#第附目|<“") | _LISTS.keys() | _MARKS.keys()
_ANNEX = re.compile(rf"(?:附[件录表图]|附)[ \u3000]*(?P<number>{_N})?[ \u3000]*[：:]?")
_ANNEX_HEADING = re.compile(rf"附[件录表图][ \u3000]*(?P<number>{_N})?")
_DATE = re.compile(
    r"[12二一][\d〇零○ＯO一二三四五六七八九]{3}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日"
)
_ENDS = "。；：，、！？.;:,!?”"


@dataclass(slots=True)
class Line:
    """A line with what follows it up to the next line with words, as offsets in the text.

    ``label_end`` is where the label (第一条, （一）) and the blanks after it end; ``level`` counts the ``#`` before it.
    """

    start: int
    end: int
    kind: Kind
    label: str
    label_end: int
    number: int | None = None
    inserted: int | None = None
    level: int = 0
    words: str = ""


def lines_of(text: str) -> list[Line]:
    """Every line with words in it, blank ones joined to the line before; the first takes the blanks before it.

    The spans follow each other without gap from 0 to the end of the text.
    """
    found = list(_with_words(text))
    if not found:
        return []
    starts = [0, *(start for start, _ in found[1:]), len(text)]
    quoted = _quoted([words for _, words in found]) if "“" in text or "”" in text else ()
    judged = []
    for place, (start, words) in enumerate(found):
        lead = text.find(words, start)
        line = _quotation(words) if quoted and quoted[place] else _judge(words)
        line.start, line.end = starts[place], starts[place + 1]
        line.label_end += lead
        line.words = words
        judged.append(line)
    return _contents(_closings(judged))


def _with_words(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for raw in text.splitlines(keepends=True):
        words = raw.strip(_ENDINGS)
        if words:
            yield start, words
        start += len(raw)


def _quotation(words: str) -> Line:
    return Line(0, 0, Kind.QUOTE, "", 0)


def _judge(words: str) -> Line:
    """What a line opens; ``label_end`` counts from the line's first character that is not blank."""
    first = words[0]
    if first not in _OPENING and not first.isdecimal():
        return Line(0, 0, Kind.PARAGRAPH, "", 0)
    level = len(words) - len(words.lstrip("#")) if first == "#" else 0
    body = words[level:].lstrip(BLANK) if level else words
    shift = len(words) - len(body)
    first = body[:1]
    if first == "第":
        line = _division(body, level) or _article(body) or _other(body, level)
    elif first == "附":
        line = _annex(body, level) or _other(body, level)
    else:
        line = _list(body, first) or _other(body, level)
    if line.label:
        after = body[line.label_end :]
        line.label_end += len(after) - len(after.lstrip(BLANK))
    line.label_end += shift
    line.level = level
    return line


def _division(body: str, level: int) -> Line | None:
    match = _DIVISION.match(body)
    if not match:
        return None
    rest = match["rest"]
    apart = not rest or rest[0] in BLANK
    if not (level or (len(body) <= 60 and rest[-1:] not in tuple(_ENDS) and (apart or len(body) <= 20))) and rest:
        return None
    label = match.group()[: match.start("rest")]
    return Line(0, 0, _UNITS[match["unit"]], label, len(label), value_of(match["number"]))


def _article(body: str) -> Line | None:
    match = _ARTICLE.match(body)
    if not match or _CITED.match(body, match.end()):
        return None
    inserted = value_of(match["inserted"]) if match["inserted"] else None
    return Line(0, 0, Kind.ARTICLE, match.group(), match.end(), value_of(match["number"]), inserted)


def _list(body: str, first: str) -> Line | None:
    if first in _MARKS:
        return Line(0, 0, Kind.MARK, first, 1, _MARKS[first])
    for kind, pattern in _DIGITS if first.isdecimal() else _LISTS.get(first, ()):
        if match := pattern.match(body):
            return Line(0, 0, kind, match[0], match.end(), value_of(match[1]))
    return None


def _annex(body: str, level: int) -> Line | None:
    match = _ANNEX.fullmatch(body) or (_ANNEX_HEADING.match(body) if level else None)
    if not match:
        return None
    number = value_of(match["number"]) if match["number"] else None
    return Line(0, 0, Kind.ANNEX, match.group(), match.end(), number)


def _other(body: str, level: int) -> Line:
    if body[:1] == "目" and re.sub(r"\s", "", body) in {"目录", "目次"}:
        return Line(0, 0, Kind.TOC, "", 0)
    if level:
        return Line(0, 0, Kind.HEADING, "", 0)
    if body.startswith(("|", "<!--")):
        return Line(0, 0, Kind.TABLE, "", 0)
    whole = body.startswith("“") and body.endswith("”") and body.count("”") == body.count("“") == 1
    return Line(0, 0, Kind.QUOTE if whole else Kind.PARAGRAPH, "", 0)


def _quoted(lines: list[str]) -> list[bool]:
    """Which lines begin inside a quotation opened on an earlier line, or reopen one.

    A quotation runs over lines when it is opened after a colon or at the start of a line and is not closed there, and
    a line not far below closes it. Each of its lines may begin with “ again (GB/T 15834-2011, 4.8.3.3).
    """
    closes = [_surplus(words) > 0 for words in lines]
    following: list[int] = [len(lines)] * (len(lines) + 1)
    for place in range(len(lines) - 1, -1, -1):
        following[place] = place if closes[place] else following[place + 1]
    quoted = [False] * len(lines)
    until = -1
    for place, words in enumerate(lines):
        if place <= until:
            quoted[place] = True
        elif _left_open(words) and following[place + 1] - place <= LONGEST_QUOTATION:
            until = following[place + 1] if following[place + 1] < len(lines) else -1
            quoted[place] = words.startswith("“") and until >= 0
    return quoted


def _surplus(words: str) -> int:
    """How many more ” than “ a line has, a “ at its start not counted: it only says that the quotation goes on."""
    return words.count("”") - words.count("“") + words.startswith("“")


def _left_open(words: str) -> bool:
    """Whether the line's last “ is not closed on it and was opened where a long quotation is: after a colon, at the start."""
    last = words.rfind("“")
    if last < 0 or words.count("“") <= words.count("”") or "”" in words[last:]:
        return words.startswith("“") and "”" not in words
    return last == 0 or words[last - 1] in "：:" or words.startswith("“")


def _closings(lines: list[Line]) -> list[Line]:
    """A line that is only a date is a signature's, with the short lines without full stop before it: who signed."""
    changed = list(lines)
    for place, line in enumerate(lines):
        signed = line.kind is Kind.PARAGRAPH and line.words.endswith("日")
        if signed and _DATE.fullmatch(re.sub(r"\s", "", line.words)):
            changed[place] = replace(line, kind=Kind.CLOSING)
            for above in range(place - 1, max(place - 5, 0), -1):
                who = lines[above]
                if (
                    who.kind is not Kind.PARAGRAPH
                    or len(who.words) > 40
                    or who.words[0] == "附"
                    or who.words[-1] in _ENDS + "）"
                ):
                    break
                changed[above] = replace(who, kind=Kind.CLOSING)
    return changed


def _contents(lines: list[Line]) -> list[Line]:
    """Lines of a table of contents open nothing: from 目录 to where its first entry comes a second time, or a 条."""
    starts = [place for place, line in enumerate(lines) if line.kind is Kind.TOC]
    if not starts or starts[0] + 1 >= len(lines):
        return lines
    first = starts[0] + 1
    key = _entry(lines[first])
    for place in range(first + 1, len(lines)):
        if _entry(lines[place]) == key or lines[place].kind is Kind.ARTICLE:
            end = place if _entry(lines[place]) == key else first
            listed = [replace(line, kind=Kind.TOC) for line in lines[first:end]]
            return [*lines[:first], *listed, *lines[end:]]
    return lines


def _entry(line: Line) -> str:
    return re.sub(r"[\s#.…·\d]", "", line.words)
