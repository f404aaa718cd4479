"""The register of figures and the one way to ask for them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Ask:
    """What is asked: bodies (a query of ids, or None for every body), a period, as of when.

    ``first`` and ``last`` are legal days, both inside; ``known_at`` is a recorded instant (None: what is known now).
    A cut-off day before the end of the year is simply ``last``.
    """

    bodies: QuerySet[Any] | None
    first: date
    last: date
    known_at: datetime | None = None

    @classmethod
    def year(
        cls, bodies: QuerySet[Any] | None, year: int, as_of: date | None = None, known_at: datetime | None = None
    ) -> "Ask":
        """A calendar year, cut off at ``as_of`` when that is earlier. Raises ValueError (Chinese) when it is before."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        if as_of and as_of < first:
            raise ValueError(f"截至日 {as_of.isoformat()} 早于 {year} 年 1 月 1 日")
        return cls(bodies, first, min(last, as_of) if as_of else last, known_at)


Value = int | Decimal
#: Body key → figure → value, and the same for each month (1 … 12) of a year.
ByBody = Mapping[str, Mapping[str, Value]]
ByMonth = Mapping[str, Mapping[int, Mapping[str, int]]]


@dataclass(frozen=True)
class Ratio:
    """A figure made of two others: ``scale`` × part ÷ whole, rounded to ``places``; 0 of nothing."""

    part: str
    whole: str
    scale: int = 100
    places: int = 2

    def of(self, values: Mapping[str, Value]) -> Value:
        """Its value where both parts are known; whole numbers as such. Raises KeyError where one is not."""
        part, whole = values[self.part], values[self.whole]
        if not whole:
            return 0
        value = (Decimal(self.scale * part) / whole).quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)
        return int(value) if value == int(value) else value


@dataclass(frozen=True)
class Figure:
    """One named number: what it is called, its unit and its definition, in Chinese, with the article behind it.

    The values of several bodies add up to that of all of them where it ``sums``; a ``ratio`` is made anew from its parts.
    """

    id: str
    label: str
    unit: str
    definition: str
    sums: bool = True
    ratio: Ratio | None = None


@dataclass(frozen=True)
class Family:
    """Figures counted together.

    ``count(ask)`` gives a value for every figure of the family (a missing one is 0); ``count_by_body(ask)`` the same
    for each body key in one go; ``rows(ask, figure id)`` the rows behind one figure. ``count_by_month(ask)``, for a
    period within one year, gives those of its figures that have a day, month by month, for each body key.
    """

    name: str
    figures: tuple[Figure, ...]
    count: Callable[[Ask], Mapping[str, Value]]
    rows: Callable[[Ask, str], QuerySet[Any]]
    count_by_body: Callable[[Ask], ByBody]
    count_by_month: Callable[[Ask], ByMonth] | None = None
    permission: str = "figures.rows"


FAMILIES: dict[str, Family] = {}
_OWNER: dict[str, Family] = {}


def register(family: Family) -> Family:
    """Make a family known. Raises ValueError when a name or a figure id is taken."""
    taken = [figure.id for figure in family.figures if figure.id in _OWNER]
    if family.name in FAMILIES or taken:
        raise ValueError(f"figures registered twice: {family.name} {taken}")
    FAMILIES[family.name] = family
    _OWNER.update({figure.id: family for figure in family.figures})
    return family


def family_of(figure: str) -> Family:
    """The family that counts a figure. Raises LookupError with a Chinese message for an unknown id."""
    if figure not in _OWNER:
        raise LookupError(f"没有名为“{figure}”的指标")
    return _OWNER[figure]


def figures() -> list[Figure]:
    """Every figure there is, family by family."""
    return [figure for family in FAMILIES.values() for figure in family.figures]


def count(ask: Ask, names: Iterable[str] | None = None) -> dict[str, Value]:
    """The values of the named families (all by default): one query or two for each family."""
    result: dict[str, Value] = {}
    for name in FAMILIES if names is None else names:
        family = FAMILIES[name]
        values = family.count(ask)
        result |= {figure.id: values.get(figure.id, 0) for figure in family.figures}
    return result


def count_by_body(ask: Ask, names: Iterable[str] | None = None) -> dict[str, dict[str, Value]]:
    """The values of the named families (all by default) for each body that has any, in as many queries as for one."""
    result: dict[str, dict[str, Value]] = {}
    for name in FAMILIES if names is None else names:
        for body, values in FAMILIES[name].count_by_body(ask).items():
            result.setdefault(body, {}).update(values)
    return result


def count_by_month(ask: Ask) -> dict[str, dict[int, dict[str, int]]]:
    """What has a day, for each body and month of a period within one year; what is 0 is left out."""
    result: dict[str, dict[int, dict[str, int]]] = {}
    for family in FAMILIES.values():
        for body, months in family.count_by_month(ask).items() if family.count_by_month else ():
            for month, values in months.items():
                result.setdefault(body, {}).setdefault(month, {}).update(values)
    return result


def by_month(groups: Iterable[tuple[str, int, str, int]]) -> dict[str, dict[int, dict[str, int]]]:
    """(body, month, figure, number) groups of queries as ``count_by_month`` gives them; what is 0 is left out."""
    result: dict[str, dict[int, dict[str, int]]] = {}
    for body, month, figure, number in groups:
        if number:
            values = result.setdefault(body, {}).setdefault(month, {})
            values[figure] = values.get(figure, 0) + number
    return result


def rows(ask: Ask, figure: str) -> QuerySet[Any]:
    """The rows one figure counts."""
    return family_of(figure).rows(ask, figure)
