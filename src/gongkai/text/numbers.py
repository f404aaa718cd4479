"""文号: the number a document bears, in every typographic form, and the one normal form 渝府发〔2021〕5号.

Grammar: 机关代字 + (发|办发|函|规|办规|令|字 …) + 〔year〕 + number 号 (党政机关公文处理工作条例; GB/T 9704-2012, 7.2.5),
orders 国务院令第711号 and 国务院第711号令, announcements 税务总局公告2021年第5号, the older 〔1996〕武司字第82号.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.text.numerals import value_of

EARLIEST_YEAR = 1949
LATEST_YEAR = 2099
LONGEST = 80

#: What a 机关代字 ends with, longest first: the kind of document.
STYLES = ("办规", "办发", "办函", "办字", "公告", "发", "函", "规", "令", "字", "文", "电", "通")

_OPEN, _CLOSE = r"〔\[(（［【﹝〖", r"〕\])）］】﹞〗"
_HAN = r"\u3400-\u9fff"
_S = r"[ \u3000\xa0]{0,3}"
_DIGIT = r"[0-9０-９]"
_ARABIC = rf"{_DIGIT}(?:[ \u3000]?{_DIGIT}){{0,5}}"
_NUMBER = rf"(?:{_ARABIC}|[一二三四五六七八九十百千零〇○]{{1,8}})"
_YEAR = rf"(?:[12１２](?:[ \u3000]?{_DIGIT}){{3}}|[一二][〇零○九][一二三四五六七八九〇零○]{{2}})"

#: Where a number stands in running text, from the bracket or the word that makes it one; its code stands before it.
_BRACKETED = rf"[{_OPEN}]{_S}(?P<year>{_YEAR}){_S}年?{_S}[{_CLOSE}]{_S}第?{_S}(?P<number>{_ARABIC}){_S}号"
_REVERSED = (
    rf"[{_OPEN}](?P<ryear>{_YEAR}|[5-9][0-9])[{_CLOSE}](?P<rcode>[{_HAN}]{{1,12}})字第{_S}(?P<rnumber>{_ARABIC}){_S}号"
)
_NAMED = rf"(?P<kind>令|公告){_S}(?:(?P<nyear>{_YEAR}){_S}年{_S})?第{_S}(?P<nnumber>{_NUMBER}){_S}号"
_TURNED = rf"第{_S}(?P<tnumber>{_NUMBER}){_S}号令"
_BARE = re.compile(rf"第({_NUMBER})号")
_ANY = re.compile(f"{_REVERSED}|{_BRACKETED}|{_NAMED}|{_TURNED}")

_CODE_BEFORE = re.compile(rf"(?:[{_HAN}]|[（(][{_HAN}]{{1,3}}[）)](?=[{_HAN}])){{1,20}}{_S}\Z")
_ISSUER_BEFORE = re.compile(rf"[{_HAN}、 \u3000]{{1,60}}\Z")
_BEFORE_CODE = re.compile(
    r".*(?:根据|按照?|依据|依照|印发|发布|公布|批准|转发|关于|执行|参见|详见|文件|令(?!$)|的|号|以|和|与|及|[\d一二三四五六七八九十]日|文号|名称)"
)
_BEFORE_ISSUER = re.compile(
    r".*(?:根据|按照?|依据|依照|关于|执行|修[订正改]|的|号|以|[\d一二三四五六七八九十]日|文号|经|据|并以|\s)"
)
_NOT_FIRST = re.compile("[和与及、，原见即由]+")


class BadNumber(ValueError):
    """The text is not a 文号; the message is Chinese and shows the form to write."""


@dataclass(frozen=True)
class DocumentNumber:
    """A 文号: ``code`` 机关代字 (for orders and announcements the issuer), ``style`` 发, 令 …, ``year``, ``number``.

    ``year`` is None for orders and announcements counted through the years.
    """

    code: str
    style: str
    year: int | None
    number: int

    @property
    def text(self) -> str:
        """The normal form: 渝府发〔2021〕5号, 国务院令第711号, 国家税务总局公告2021年第5号."""
        if self.year is None:
            return f"{self.code}{self.style}第{self.number}号"
        if self.style == "公告":
            return f"{self.code}公告{self.year}年第{self.number}号"
        return f"{self.code}{self.style}〔{self.year}〕{self.number}号"

    @property
    def is_order(self) -> bool:
        """Whether it is the number of an order 令 rather than of a document."""
        return self.style == "令"

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class NumberSpan:
    """A 文号 found in a text: where, as it is written there, and what it means."""

    start: int
    end: int
    written: str
    number: DocumentNumber


def parse_number(text: str) -> DocumentNumber:
    """Read one 文号 in any typographic form: any brackets, full width, spaces, 第 or no 第, 号 left out.

    :raises BadNumber: it is none, or its year cannot be.
    """
    shown = text.strip()
    if not shown:
        raise BadNumber("文号为空，请填写，例如 渝府发〔2021〕5号")
    if len(shown) > LONGEST:
        raise BadNumber(f"文号过长（{len(shown)} 个字），应为 渝府发〔2021〕5号 的形式")
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", shown))
    for candidate in (folded, folded + "号"):
        match = _ANY.search(candidate)
        if match and match.end() == len(candidate):
            return _checked(_number(match, candidate[: match.start()]), candidate[: match.start()], match, shown)
    if bare := _BARE.fullmatch(folded):
        return DocumentNumber("", "令", None, value_of(bare[1]))
    raise BadNumber(f"文号无法识别：{shown}（应为 渝府发〔2021〕5号 或者 国务院令第711号 的形式）")


def find_numbers(text: str) -> Iterator[NumberSpan]:
    """Every 文号 in a running text, in order. What cannot be one (no code, an impossible year) is passed over."""
    for match in _ANY.finditer(text) if "号" in text else ():
        start, before = _lead(match, text)
        try:
            number = _checked(_number(match, before), before, match, text[start : match.end()])
        except BadNumber:
            continue
        yield NumberSpan(start, match.end(), text[start : match.end()], number)


def _lead(match: re.Match[str], text: str) -> tuple[int, str]:
    """Where a found number begins, and its code: the run of characters before, without the words of the sentence."""
    if match["rcode"]:
        return match.start(), ""
    issuer = match["year"] is None
    near = text[max(0, match.start() - 60) : match.start()]
    run = (_ISSUER_BEFORE if issuer else _CODE_BEFORE).search(near)
    if run is None:
        return match.start(), ""
    code = run.group()
    if code.startswith("日") and near[: run.start()][-1:].isdecimal():
        code = code[1:]  # 10月11日交通部令: the day is Arabic, so the run of characters begins with 日
    sentence = (_BEFORE_ISSUER if issuer else _BEFORE_CODE).match(code.rstrip())
    if sentence:
        code = code[sentence.end() :]
    code = code[first.end() :] if (first := _NOT_FIRST.match(code)) else code
    code = code.lstrip(" \u3000、")
    return match.start() - len(code), code.rstrip(" \u3000\xa0")


def _number(match: re.Match[str], before: str) -> DocumentNumber:
    code = re.sub(r"\s", "", before).replace("(", "（").replace(")", "）")
    if match["rcode"]:
        written = value_of(match["ryear"])  # 〔94〕财税字第089号 is of 1994
        year = written + 1900 if written < 100 else written
        return DocumentNumber(match["rcode"], "字", year, value_of(match["rnumber"]))
    if match["year"]:
        style = next((style for style in STYLES if code.endswith(style)), "")
        code = code.removesuffix(style)
        return DocumentNumber(code, style, value_of(match["year"]), value_of(match["number"]))
    if match["tnumber"]:
        return DocumentNumber(code, "令", None, value_of(match["tnumber"]))
    named = value_of(match["nyear"]) if match["nyear"] else None
    return DocumentNumber(code, match["kind"], named, value_of(match["nnumber"]))


def _checked(number: DocumentNumber, before: str, match: re.Match[str], written: str) -> DocumentNumber:
    if number.year is not None and not EARLIEST_YEAR <= number.year <= LATEST_YEAR:
        raise BadNumber(f"文号中的年份不对：{written}（应在 {EARLIEST_YEAR} 至 {LATEST_YEAR} 之间）")
    if number.number < 1:
        raise BadNumber(f"文号中的序号应从 1 开始：{written}")
    if match["year"] and not (number.code or number.style):
        raise BadNumber(f"文号缺少机关代字：{written}（应为 渝府发〔2021〕5号 的形式）")
    if not re.fullmatch(rf"[{_HAN}、（）]*", number.code):
        raise BadNumber(f"文号无法识别：{written}（机关代字应为汉字，如 渝府发〔2021〕5号）")
    return number
