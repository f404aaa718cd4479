"""An annual report as a document: the figures with title, publisher, day and the six narrative sections."""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gongkai.annual.forms import SECTIONS
from gongkai.annual.report import Report

_RUN_IN = re.compile(r"（[一二三四五六七八九十]+）[^。；]{1,30}。")
_DAY = datetime.date(2000, 1, 1)


@dataclass(frozen=True)
class Document:
    """What the writers write.

    Args:
        report: the figures.
        title: the full title, usually with the body's name before it.
        publisher: who publishes it.
        published: the legal day of publication; None while it is a draft.
        preamble: paragraphs between title and first section.
        sections: number of the section, 1 … 6 → its paragraphs. In 2, 3 and 4 they stand above the table.
        marks: short notices shown under the title, such as 演示数据 or 草稿.
        link: cell id → address of what the figure counts, for writers which can link.
    """

    report: Report
    title: str
    publisher: str
    published: datetime.date | None = None
    preamble: tuple[str, ...] = ()
    sections: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    link: Callable[[str], str | None] | None = None

    def __post_init__(self) -> None:
        if wrong := sorted(set(self.sections) - set(range(1, len(SECTIONS) + 1))):
            raise ValueError(f"年度报告只有六个部分，没有第{'、'.join(map(str, wrong))}部分")

    @property
    def title_lines(self) -> tuple[str, ...]:
        """The title as set: the body's name stands on a line of its own where the title begins with it."""
        body, rest = self.report.body, self.title.removeprefix(self.report.body)
        return (body, rest) if rest and rest != self.title else (self.title,)

    @property
    def meta(self) -> str:
        """The line under the title: publisher, day, marks."""
        day = f"发布日期：{chinese_day(self.published)}" if self.published else ""
        return "　".join(part for part in (f"发布机关：{self.publisher}", day, *self.marks) if part)

    @property
    def stamp(self) -> datetime.date:
        """The day written into file metadata; a fixed one for a draft, so that its bytes do not change by the hour."""
        return self.published or _DAY

    def paragraphs(self, number: int) -> tuple[str, ...]:
        """The paragraphs of section ``number``."""
        return tuple(self.sections.get(number, ()))


def chinese_day(day: datetime.date) -> str:
    """``2022年1月30日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def run_in(paragraph: str) -> tuple[str, str]:
    """A paragraph as (run-in heading, rest): ``（一）加强公开。…`` begins with one, most have none."""
    found = _RUN_IN.match(paragraph)
    return (found.group(), paragraph[found.end() :]) if found else ("", paragraph)
