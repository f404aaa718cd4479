"""The information-processing fee (国办函〔2020〕109号, 政府信息公开信息处理费管理办法), progressive by band.

An application is charged by item *or* by page, never both (Art 3 of the rule). Items of one applicant add up over the
calendar month (Art 4); pages are counted for each application on its own (Art 5).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import count

from gongkai.law.articles import Article, article


class Basis(StrEnum):
    """What is counted."""

    ITEM = "item"
    PAGE = "page"


@dataclass(frozen=True)
class Rate:
    """A band of the tariff: from ``first`` to ``last`` (None: no end) at ``yuan`` each."""

    first: int
    last: int | None
    yuan: Decimal


@dataclass(frozen=True)
class Charge:
    """What one band contributes: units ``first``–``last``, their number, the rate and the amount in yuan."""

    first: int
    last: int
    yuan: Decimal

    @property
    def units(self) -> int:
        """How many items or pages fall in the band."""
        return self.last - self.first + 1

    @property
    def amount(self) -> Decimal:
        """Units × rate, in yuan."""
        return self.units * self.yuan


@dataclass(frozen=True)
class Fee:
    """A fee with its derivation: ``total`` in yuan is the sum of ``charges``."""

    basis: Basis
    charges: tuple[Charge, ...]
    article: Article

    @property
    def total(self) -> Decimal:
        """Yuan."""
        return sum((charge.amount for charge in self.charges), Decimal(0))

    @property
    def text(self) -> str:
        """The derivation in Chinese, for the fee notice."""
        unit = "件" if self.basis is Basis.ITEM else "页"
        bands = [
            f"第{charge.first}—{charge.last}{unit}（{charge.units}{unit}）"
            + (f"{charge.yuan}元/{unit}，计{charge.amount}元" if charge.yuan else "不收费")
            for charge in self.charges
        ]
        counted = "按件计收" if self.basis is Basis.ITEM else "按量计收"
        return f"{counted}：{'；'.join(bands)}；合计{self.total}元（{self.article.short}）"


PAGE_RATES = (
    Rate(1, 30, Decimal(0)),
    Rate(31, 100, Decimal(10)),
    Rate(101, 200, Decimal(20)),
    Rate(201, None, Decimal(40)),
)
ITEM_RATES = (Rate(1, 10, Decimal(0)), Rate(11, 30, Decimal(100)))
# From the 31st item on every further ten raise the rate by 100 yuan: 31–40 at 200, 41–50 at 300 …
STEP_FROM, STEP_ITEMS, STEP_YUAN = 31, 10, Decimal(100)


def _item_rates() -> Iterator[Rate]:
    yield from ITEM_RATES
    for step in count(2):
        first = STEP_FROM + (step - 2) * STEP_ITEMS
        yield Rate(first, first + STEP_ITEMS - 1, step * STEP_YUAN)


def _charges(rates: Iterator[Rate], first: int, last: int) -> tuple[Charge, ...]:
    charges = []
    for rate in rates:
        if rate.first > last:
            break
        low, high = max(first, rate.first), min(last, rate.last or last)
        if low <= high:
            charges.append(Charge(low, high, rate.yuan))
    return tuple(charges)


def _at_least(value: int, least: int, what: str) -> None:
    if value < least:
        raise ValueError(f"{what}不能小于{least}：{value}")


def by_item(items: int, *, before: int = 0) -> Fee:
    """The fee for ``items`` items, when the applicant has made ``before`` others in the same calendar month."""
    _at_least(items, 1, "件数")
    _at_least(before, 0, "当月已申请件数")
    return Fee(Basis.ITEM, _charges(_item_rates(), before + 1, before + items), article("fees:4"))


def by_page(pages: int) -> Fee:
    """The fee for one application answered with ``pages`` pages (one side of A4 or smaller is a page)."""
    _at_least(pages, 1, "页数")
    return Fee(Basis.PAGE, _charges(iter(PAGE_RATES), 1, pages), article("fees:5"))


def charge(*, items: int | None = None, before: int = 0, pages: int | None = None) -> Fee:
    """The fee by the one basis given; ``ValueError`` in Chinese if both or neither is."""
    if items is not None and pages is not None:
        raise ValueError("一件申请只能按件或者按量计收，不能同时计收（信息处理费办法第三条）")
    if items is not None:
        return by_item(items, before=before)
    if pages is not None:
        return by_page(pages)
    raise ValueError("请填写件数或者页数")
