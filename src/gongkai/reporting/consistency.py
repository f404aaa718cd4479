"""Does the narrative agree with the tables: numbers people wrote beside words that a table counts.

A number that is a figure reference cannot disagree; this reads the finished text, so that it also serves texts that
came from elsewhere. It stays silent where a sentence may mean something else (another year, another scope, another
quantity): an unheard error is cheaper here than a false alarm. Every remark is a warning for the reviewer.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .content import Value


@dataclass(frozen=True)
class Claim:
    """What a sentence says: ``pattern`` finds the number (group ``n``); any of ``means`` (sums of cells) may be meant."""

    what: str
    pattern: re.Pattern[str]
    means: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Remark:
    """A doubt: the number of the section, and the sentence for the reviewer. ``note`` marks what is no contradiction."""

    section: int
    message: str
    note: bool = False


_N = r"(?P<n>\d+)\s*件"
_SUITS = ("t4.direct_suit.total", "t4.suit_after_reconsideration.total")


def _norm(kind: str, words: str) -> tuple[Claim, ...]:
    """What is said of regulations or normative documents; 备案, 公开, 累计 are other quantities and not looked for."""
    return (
        Claim(f"制发{words}", re.compile(rf"(?:制发|印发|出台|制定){_GAP}{words}{_N}"), ((f"t2.{kind}.issued",),)),
        Claim(f"废止{words}", re.compile(rf"废止{_GAP}{words}{_N}"), ((f"t2.{kind}.repealed",),)),
        Claim(f"现行有效{words}", re.compile(rf"现行有效(?:的)?{_GAP}{words}{_N}"), ((f"t2.{kind}.in_force",),)),
    )


_GAP = r"(?:市|省|区|县|政府|本机关|行政)*"
CLAIMS: tuple[Claim, ...] = (
    Claim(
        "收到、受理或者办理申请",
        re.compile(rf"(?:收到|受理|办理|办结|答复)[^，。；、\d]{{0,14}}申请(?:共|合计)?{_N}"),
        (("t3.1.total",), ("t3.1.total", "t3.2.total"), ("t3.3.7.total",)),
    ),
    Claim("行政复议", re.compile(rf"行政复议(?:案件)?{_N}"), (("t4.reconsideration.total",),)),
    Claim("行政诉讼", re.compile(rf"行政诉讼(?:案件)?{_N}"), (_SUITS, _SUITS[:1], _SUITS[1:])),
    *_norm("regulation", "规章"),
    *_norm("normative_document", "规范性文件"),
)
#: A clause with such words speaks of another year or another scope.
ELSEWHERE = re.compile(r"上年|去年|上一年|同比|历年|累计|两级|区县|全市|全省|各级|乡镇|街道|备案")
_SHARE = re.compile(
    r"(?P<part>\d+)(?P<unit>[件个条])[^。；]{0,10}?占[^。；\d]{0,8}(?P<whole>\d+)(?P=unit)的(?P<share>\d+(?:\.\d+)?)%"
)


def review(sections: Mapping[int, tuple[str, ...]], values: Mapping[str, Value], year: int) -> list[Remark]:
    """Every doubt about finished paragraphs, section by section."""
    remarks: list[Remark] = []
    for number, paragraphs in sections.items():
        for clause in (clause for text in paragraphs for clause in re.split(r"[，。；：\n]", text)):
            remarks += [Remark(number, message) for message in _clause(clause, values, year)]
        remarks += [Remark(number, message) for text in paragraphs for message in _shares(text)]
    return remarks + _notes(values, year)


def _clause(clause: str, values: Mapping[str, Value], year: int) -> Iterator[str]:
    years = {int(found) for found in re.findall(r"(20\d\d)\s*年", clause)}
    if ELSEWHERE.search(clause) or years - {year}:
        return
    for claim in CLAIMS:
        for found in claim.pattern.finditer(clause):
            possible = [sum(values[cell] for cell in cells) for cells in claim.means]
            if int(found["n"]) not in possible:
                shown = "、".join(dict.fromkeys(map(str, possible)))
                yield f"“{found[0]}”与表中数字不一致：表中“{claim.what}”可能的数字是 {shown}"


def _shares(text: str) -> Iterator[str]:
    """Percentages whose part and whole stand in the same sentence are computed again."""
    for found in _SHARE.finditer(text):
        part, whole = int(found["part"]), int(found["whole"])
        places = len(found["share"].partition(".")[2])
        if whole == 0:
            continue
        share = (Decimal(100 * part) / whole).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if share != Decimal(found["share"]):
            yield f"“{found[0]}”：{part} 占 {whole} 的比例应为 {share}%"


def _notes(values: Mapping[str, Value], year: int) -> list[Remark]:
    suits = values["t4.direct_suit.total"]
    if year < 2024 or not suits:
        return []
    text = f"有 {suits} 件未经复议直接起诉的案件：2024年起对不予公开决定不服的应当先申请行政复议，请核对"
    return [Remark(4, text, note=True)]
