"""Articles of statutes and how they are cited in Chinese.

A short reference names article, paragraph and item: ``"33.3"`` is Article 33 paragraph 3, ``"31(2)"`` item (2) of
Article 31, ``"23.1(4)"`` both, ``"17-1"`` an article inserted after 17 (第十七条之一). Another instrument is named
before a colon: ``"reconsideration:20"``; ``"report-2021:"`` is a notice as a whole.
"""

import re
from dataclasses import dataclass

from gongkai.law.numerals import from_chinese, to_chinese


@dataclass(frozen=True)
class Instrument:
    """A law, regulation or rule: ``code`` in references, official ``title``, ``short`` name, number, year of version.

    ``mark`` follows the title in the full name, where the title alone would not say which text is meant.
    """

    code: str
    title: str
    short: str
    number: str
    version: int
    mark: str = ""

    @property
    def full(self) -> str:
        """The name as a letter writes it: 《title》 and its mark."""
        return f"《{self.title}》{self.mark}"


_REPORT_FORM = "中华人民共和国政府信息公开工作年度报告格式"
_BY_CODE = (
    Instrument("regulation", "中华人民共和国政府信息公开条例", "条例", "国务院令第711号", 2019),
    Instrument("reconsideration", "中华人民共和国行政复议法", "行政复议法", "主席令第9号", 2023),
    Instrument(
        "reconsideration-2017", "中华人民共和国行政复议法", "原行政复议法", "主席令第76号", 2017, "（2017年修正）"
    ),
    Instrument("litigation", "中华人民共和国行政诉讼法", "行政诉讼法", "主席令第71号", 2017),
    Instrument(
        "fees",
        "政府信息公开信息处理费管理办法",
        "信息处理费办法",
        "国办函〔2020〕109号",
        2020,
        "（国办函〔2020〕109号）",
    ),
    Instrument(
        "report-2021", _REPORT_FORM, "2021年报格式", "国办公开办函〔2021〕30号", 2021, "（国办公开办函〔2021〕30号）"
    ),
    Instrument(
        "report-2019", _REPORT_FORM, "2019年报格式", "国办公开办函〔2019〕60号", 2019, "（国办公开办函〔2019〕60号）"
    ),
    Instrument(
        "site-check",
        "政府网站与政务新媒体检查指标",
        "网站检查指标",
        "国办秘函〔2019〕19号",
        2019,
        "（国办秘函〔2019〕19号）",
    ),
    Instrument("site-guide", "政府网站发展指引", "网站发展指引", "国办发〔2017〕47号", 2017, "（国办发〔2017〕47号）"),
)
INSTRUMENTS: dict[str, Instrument] = {instrument.code: instrument for instrument in _BY_CODE}
REGULATION = INSTRUMENTS["regulation"]

_REFERENCE = re.compile(
    r"(?:(?P<code>[a-z][a-z0-9-]*):)?"
    r"(?:(?P<number>\d+)(?:-(?P<inserted>\d+))?(?:\.(?P<paragraph>\d+))?(?:\((?P<item>\d+)\))?)?"
)
_NUMERAL = "[零一二三四五六七八九十百千]+"
_CITATION = re.compile(
    rf"(?P<name>.*?)(?:第(?P<number>{_NUMERAL})条(?:之(?P<inserted>{_NUMERAL}))?"
    rf"(?:第(?P<paragraph>{_NUMERAL})款)?(?:第（(?P<item>{_NUMERAL})）项)?)?"
)


@dataclass(frozen=True)
class Article:
    """A place in an instrument: 条 ``number``, 之 ``inserted``, 款 ``paragraph``, 项 ``item`` (all from 1).

    Without a number it is the instrument as a whole, for notices that have no articles.
    """

    instrument: str
    number: int | None = None
    paragraph: int | None = None
    item: int | None = None
    inserted: int | None = None

    def __post_init__(self) -> None:
        if self.instrument not in INSTRUMENTS:
            raise ValueError(f"未收录的法律文件：{self.instrument}")
        below = [part for part in (self.paragraph, self.item, self.inserted) if part is not None]
        if min([1, *below] if self.number is None else [self.number, *below]) < 1:
            raise ValueError("条、款、项从一开始编号")
        if self.number is None and below:
            raise ValueError("引用款、项须指明条")

    @property
    def reference(self) -> str:
        """The short reference, e.g. ``33.3`` or ``reconsideration:23.1(4)``; :func:`article` reads it back."""
        prefix = "" if self.instrument == REGULATION.code else f"{self.instrument}:"
        if self.number is None:
            return prefix or f"{self.instrument}:"
        inserted = f"-{self.inserted}" if self.inserted else ""
        paragraph = f".{self.paragraph}" if self.paragraph else ""
        return f"{prefix}{self.number}{inserted}{paragraph}" + (f"({self.item})" if self.item else "")

    @property
    def place(self) -> str:
        """第三十三条第三款, without the instrument's name."""
        if self.number is None:
            return ""
        written = f"第{to_chinese(self.number)}条"
        if self.inserted:
            written += f"之{to_chinese(self.inserted)}"
        if self.paragraph:
            written += f"第{to_chinese(self.paragraph)}款"
        return written + (f"第（{to_chinese(self.item)}）项" if self.item else "")

    @property
    def short(self) -> str:
        """条例第三十三条第三款."""
        return INSTRUMENTS[self.instrument].short + self.place

    @property
    def full(self) -> str:
        """《中华人民共和国政府信息公开条例》第三十三条第三款."""
        return INSTRUMENTS[self.instrument].full + self.place

    def __str__(self) -> str:
        return self.short


def article(reference: str) -> Article:
    """The article a short reference names; ``ValueError`` if it is malformed or its instrument unknown."""
    match = _REFERENCE.fullmatch(reference)
    if not reference or not match:
        raise ValueError(f"条文编号无法识别：{reference}")
    parts = {name: int(part) for name, part in match.groupdict().items() if name != "code" and part}
    return Article(match["code"] or REGULATION.code, **parts)


def cite(reference: str, *, full: bool = False) -> str:
    """A short reference in Chinese: ``cite("33.3")`` → 条例第三十三条第三款; ``full`` gives the official title."""
    found = article(reference)
    return found.full if full else found.short


def parse(citation: str) -> Article:
    """The article a Chinese citation names, with short or full name; ``ValueError`` if it names none we hold."""
    match = _CITATION.fullmatch(citation.strip())
    codes = {name: entry.code for entry in INSTRUMENTS.values() for name in (entry.full, entry.short)}
    if not match or match["name"] not in codes:
        raise ValueError(f"引用的条文无法识别：{citation}")
    parts = {name: from_chinese(part) for name, part in match.groupdict().items() if name != "name" and part}
    return Article(codes[match["name"]], **parts)
