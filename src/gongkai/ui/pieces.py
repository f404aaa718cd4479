"""The small values screens are made of. Apps build them, components (templates/cotton/) draw them.

Each class names the component that draws it; none knows HTML. Texts are plain; templates escape them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.forms import BaseForm
from django.utils.safestring import SafeString

#: Kinds of a pill, a notice, a clock: how urgent, never the only sign of it.
KINDS = ("", "brand", "ok", "soon", "late", "pause")


@dataclass(frozen=True)
class Crumb:
    """A step of ``<c-breadcrumb>``; the last has no address."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Fact:
    """A figure of ``<c-facts>``: the number as people read it, what it counts, and the page that opens it."""

    value: str | int
    label: str
    url: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Happening:
    """An entry of ``<c-timeline>``. ``on`` is a legal day or an instant; ``article`` the provision it rests on."""

    title: str
    on: date | datetime
    who: str = ""
    text: str = ""
    article: str = ""
    url: str = ""

    @property
    def with_time(self) -> bool:
        """Whether the hour is known."""
        return isinstance(self.on, datetime)


@dataclass(frozen=True)
class Action:
    """Something that may be done now, for ``<c-actions>``: only allowed ones are passed.

    ``needs`` says what the law asks, ``article`` where. With a ``form`` (give every form on a page its own prefix) it
    opens in place and posts to ``url``; without one it is a link to the page where it is done, or with ``post`` a
    plain button. ``submit`` is the word on the button; ``grave`` marks what cannot be undone.
    """

    label: str
    url: str
    needs: str = ""
    article: str = ""
    form: BaseForm | None = None
    post: bool = False
    submit: str = ""
    grave: bool = False
    hidden: Sequence[tuple[str, str]] = ()

    @property
    def opens(self) -> bool:
        """Whether the form stands open: its data were refused."""
        return bool(self.form and self.form.is_bound and self.form.errors)

    @property
    def encoding(self) -> str:
        """The form's encoding: files need their own."""
        return "multipart/form-data" if self.form and self.form.is_multipart() else "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Term:
    """A number in an equation."""

    value: str | int
    label: str
    url: str = ""


@dataclass(frozen=True)
class Equation:
    """``<c-equation>``: the sum of ``left`` should equal the sum of ``right``; ``holds`` says whether it does."""

    left: Sequence[Term]
    right: Sequence[Term]
    holds: bool
    rule: str = ""


@dataclass(frozen=True)
class Node:
    """A node of ``<c-tree>``; ``open`` unfolds its children."""

    label: str
    url: str = ""
    note: str = ""
    children: Sequence["Node"] = ()
    open: bool = False


@dataclass(frozen=True)
class Item:
    """A line of a panel."""

    label: str
    url: str = ""
    note: str = ""
    pill: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Panel:
    """A box of the desk's front page: what waits for this person. ``count`` is the whole number, ``items`` the first."""

    title: str
    items: Sequence[Item] = ()
    url: str = ""
    empty: str = "目前没有需要办理的事项。"
    count: int | None = None


@dataclass(frozen=True)
class Entry:
    """A public page people start from. ``name`` is a url name; where it is not installed the entry is not shown."""

    title: str
    name: str
    text: str = ""
    args: tuple[Any, ...] = ()
    on_home: bool = True


@dataclass(frozen=True)
class Bar:
    """A bar of a chart: ``share`` is its length in per cent of the longest."""

    label: str
    value: int | float
    share: float
    url: str = ""


@dataclass(frozen=True)
class BarChart:
    """``<c-bar-chart>``: the chart is its own data table."""

    title: str
    bars: Sequence[Bar]
    unit: str = ""
    heading: str = "类别"

    @classmethod
    def of(
        cls, title: str, rows: Sequence[tuple[str, int | float] | tuple[str, int | float, str]], unit: str = ""
    ) -> "BarChart":
        """A chart of (label, value[, address]) rows. Raises ValueError for a value below zero."""
        if any(row[1] < 0 for row in rows):
            raise ValueError("图中的数值不能小于零")
        longest = max((row[1] for row in rows), default=0) or 1
        bars = [Bar(row[0], row[1], round(100 * row[1] / longest, 2), row[2] if len(row) > 2 else "") for row in rows]
        return cls(title, bars, unit)


@dataclass(frozen=True)
class Row:
    """A row of ``<c-definitions>``. ``detail`` may be marked-safe HTML from ``format_html``."""

    term: str
    detail: str | SafeString = ""
    url: str = ""


@dataclass(frozen=True)
class Download:
    """A link of ``<c-downloads>``."""

    label: str
    url: str
    note: str = field(default="")
