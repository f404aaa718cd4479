"""What reading a published report yields, and the small steps every layout shares."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from gongkai.annual.forms import Column
from gongkai.annual.report import LARGEST, MONEY_PLACES, Cell, Figure, Report


class ReadError(ValueError):
    """The input cannot be read as an annual report; the message says in Chinese what, where and how to mend it."""


@dataclass(frozen=True)
class Repair:
    """Something mended in reading: the cell id, what stood there, what it was taken for, the sentence for the reader."""

    where: str
    found: str
    taken: str
    message: str


@dataclass(frozen=True)
class Section:
    """One of the six sections as published: its own heading and its paragraphs (tables left out)."""

    heading: str
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A report as read: figures, title, paragraphs before the first section, sections 1 … 6, repairs."""

    report: Report
    title: str
    preamble: tuple[str, ...] = ()
    sections: Mapping[int, Section] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()


DIGITS = str.maketrans("０１２３４５６７８９．，－＋", "0123456789.,-+")
NOTHING = {"": "空白", "-": "“-”", "—": "“—”", "——": "“——”", "/": "“/”", "／": "“／”", "\\": "“\\”"}
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?", re.ASCII)
_SIGNED = re.compile(r"([+-]|增加?|减少?)?([0-9]+)", re.ASCII)


def bare(text: str) -> str:
    """``text`` for comparing labels: compatibility characters resolved, letters, digits and ideographs only."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


def is_figure(text: str) -> bool:
    """Whether a stripped cell text stands for a figure, mended or not."""
    plain = text.translate(DIGITS)
    return text in NOTHING or bool(_NUMBER.fullmatch(plain) or _SIGNED.fullmatch(plain))


def figure(text: str, cell: Cell) -> tuple[Figure, Repair | None]:
    """The figure a stripped cell text stands for, and the repair if it was not written plainly.

    Raises:
        ReadError: it stands for none, or for one the column cannot hold.
    """
    if text in NOTHING:
        return 0, Repair(cell.id, text, "0", f"“{cell.label}”为{NOTHING[text]}，按0计")
    plain = text.translate(DIGITS)
    value = _value(plain, cell.column)
    if value is None:
        wanted = "数字" if cell.column.money else "整数"
        raise ReadError(f"“{cell.label}”应当是{wanted}，读到的是“{text}”")
    if not -LARGEST < value < LARGEST:
        raise ReadError(f"“{cell.label}”的数字过大：{text[:30]}，请核对是否几个单元格连在了一起")
    taken = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if taken == text:
        return value, None
    return value, Repair(cell.id, text, taken, f"“{cell.label}”写作“{text}”，读作{taken}")


def _value(plain: str, column: Column) -> Figure | None:
    if column.signed and (signed := _SIGNED.fullmatch(plain)) and len(plain) < 20:
        sign = -1 if (signed.group(1) or "+")[0] in "-减" else 1
        return sign * int(signed.group(2))
    if not _NUMBER.fullmatch(plain) or len(plain) > 40:
        return None
    amount = Decimal(plain.replace(",", ""))
    if amount == amount.to_integral_value():
        return int(amount)
    places = -int(amount.normalize().as_tuple().exponent)
    return amount.normalize() if column.money and places <= MONEY_PLACES else None
