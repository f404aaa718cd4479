"""Charts as values: categories along the foot, one or several series, and the geometry a template draws as SVG.

A chart never stands alone: ``<c-picture>`` puts the table of its numbers beneath it, so that nothing is said by colour,
height or pointer only. The SVG is stretched to the room there is (a unit is a thousandth of its height, a hundredth of a
category's width); words stay outside of it, as text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import ceil, log10
from typing import Literal

Number = int | float | Decimal
HEIGHT, SLOT = 1000, 100
#: How much of a category its columns fill: less where there are few.
ROOM, SLIM, FEWEST = 64, 40, 4
#: Numbers at the top of a field, in tenths of a power of ten.
TIDY = (10, 12, 16, 20, 30, 40, 50, 60, 80, 100)
#: Series beyond these would look alike.
MOST_SERIES = 6
#: So many values of one series are written under their columns.
FEW = 8


@dataclass(frozen=True)
class Series:
    """A row of numbers, one for each category (None: not known). ``url`` is the page that says what they count.

    ``urls`` are those of the single numbers, where each counts something of its own.
    """

    label: str
    values: Sequence[Number | None]
    url: str = ""
    urls: Sequence[str] = ()


@dataclass(frozen=True)
class Mark:
    """A rectangle of the field; ``place`` numbers its series from 1, ``words`` say it in full."""

    place: int
    x: float
    y: float
    width: float
    height: float
    words: str


@dataclass(frozen=True)
class Line:
    """The path of a series, broken where a value is not known, and its points."""

    place: int
    path: str
    points: Sequence[tuple[float, float, str]]


@dataclass(frozen=True)
class Tick:
    """A category under the field; ``major`` ones stay where there is little room. ``value`` is written where it fits."""

    label: str
    major: bool
    value: Number | None = None


@dataclass(frozen=True)
class Picture:
    """``<c-picture>``: columns side by side, columns on top of each other, or lines.

    ``urls`` are the pages of the categories, where there are such. Raises ValueError for too many series, a series of
    another length, a value below zero.
    """

    kind: Literal["columns", "stack", "lines"]
    title: str
    categories: Sequence[str]
    series: Sequence[Series]
    unit: str = "件"
    heading: str = "月份"
    urls: Sequence[str] = ()
    summed: bool = False

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= MOST_SERIES:
            raise ValueError(f"图中应有 1 至 {MOST_SERIES} 组数值")
        for one in self.series:
            if len(one.values) != len(self.categories):
                raise ValueError(f"“{one.label}”的数值与类别不是一样多")
            if any(value is not None and value < 0 for value in one.values):
                raise ValueError("图中的数值不能小于零")

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for one in self.series for value in one.values)

    @cached_property
    def top(self) -> int:
        """The number at the top of the field: tidy, with a tidy half."""
        if self.kind == "stack":
            highest = max((sum(float(v or 0) for v in column) for column in self._columns()), default=0.0)
        else:
            highest = max((float(value or 0) for one in self.series for value in one.values), default=0.0)
        step = int(10 ** int(log10(max(highest, 1))))
        tidy = (tenths * step // 10 for tenths in TIDY if tenths * step % 20 == 0)
        return next(number for number in tidy if number >= highest)

    @property
    def scale(self) -> tuple[int, int, int]:
        """What stands beside the field, from the top."""
        return self.top, self.top // 2, 0

    @property
    def width(self) -> int:
        """The field's width."""
        return SLOT * max(1, len(self.categories))

    def _columns(self) -> Iterator[tuple[Number | None, ...]]:
        return zip(*(one.values for one in self.series), strict=True)

    def _height(self, value: Number | None) -> float:
        return round(HEIGHT * float(value or 0) / self.top, 2)

    def _words(self, category: str, one: Series, value: Number | None) -> str:
        said = "没有数值" if value is None else f"{value:,}{self.unit}"
        return f"{category} {one.label} {said}"

    @property
    def marks(self) -> Iterator[Mark]:
        """The columns, category by category."""
        room = SLIM if len(self.categories) <= FEWEST and (self.kind == "stack" or len(self.series) == 1) else ROOM
        slim = room / (1 if self.kind == "stack" else len(self.series))
        for number, category in enumerate(self.categories):
            x, foot = number * SLOT + (SLOT - room) / 2, float(HEIGHT)
            for place, one in enumerate(self.series, 1):
                height = self._height(one.values[number])
                if height:
                    y = (foot if self.kind == "stack" else HEIGHT) - height
                    words = self._words(category, one, one.values[number])
                    yield Mark(place, round(x, 2), round(y, 2), round(slim, 2), height, words)
                    foot = y
                x += 0 if self.kind == "stack" else slim

    @property
    def lines(self) -> Iterator[Line]:
        """The lines."""
        for place, one in enumerate(self.series, 1):
            path, points, pen = [], [], "M"
            for number, (category, value) in enumerate(zip(self.categories, one.values, strict=True)):
                if value is None:
                    pen = "M"
                    continue
                x, y = number * SLOT + SLOT / 2, round(HEIGHT - self._height(value), 2)
                path.append(f"{pen}{x:g} {y:g}")
                points.append((x, y, self._words(category, one, value)))
                pen = "L"
            yield Line(place, " ".join(path), points)

    @property
    def many(self) -> bool:
        """Whether the words under the field stand close."""
        return len(self.categories) > FEW

    @property
    def ticks(self) -> Iterator[Tick]:
        """The words under the field."""
        alone = len(self.series) == 1 and len(self.categories) <= FEW
        step = max(1, ceil(len(self.categories) / 4)) if len(self.categories) > FEW else 1
        for number, category in enumerate(self.categories):
            yield Tick(category, number % step == 0, self.series[0].values[number] if alone else None)

    @property
    def rows(self) -> Iterator[tuple[str, str, Sequence[tuple[Number | None, str]]]]:
        """The table: category, its page, the numbers with theirs (and their sum at the end where ``summed``)."""
        for number, (category, column) in enumerate(zip(self.categories, self._columns(), strict=True)):
            pages = (one.urls[number] if one.urls else "" for one in self.series)
            more = ((sum(value or 0 for value in column), ""),) if self.summed else ()
            yield category, self.urls[number] if self.urls else "", (*zip(column, pages, strict=True), *more)

    @property
    def said(self) -> str:
        """The picture in one sentence: of each series where it is highest."""
        parts = []
        for one in self.series:
            known = [(value, category) for value, category in zip(one.values, self.categories, strict=True) if value]
            if known:
                value, category = max(known, key=lambda pair: float(pair[0]))
                parts.append(f"{one.label}最多的是{category}，{value:,}{self.unit}")
        return f"{self.title}：{'；'.join(parts[:3]) or '没有数值'}。"
