"""Remedies: what a letter must tell the applicant, by outcome and date, and the results of reviews and suits.

From 2024-01-01 a refusal to disclose and an answer not given in time go to reconsideration first (行政复议法 2023 Art
23(1)(3)(4)), and the letter must say so (Art 23(2)). Everything else leaves the choice: reconsideration within sixty
days or a suit within six months.
"""

import calendar as gregorian
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from gongkai.law.articles import Article, article
from gongkai.law.calendar import CHINA, Calendar
from gongkai.law.decisions import LEAVES

REVIEW_FIRST_SINCE = date(2024, 1, 1)
REFUSALS = frozenset(f"3.3.{row}" for row in range(1, 8))


class Outcome(StrEnum):
    """What is contested."""

    WITHHELD = "withheld"
    PARTIAL = "partial"
    OTHER = "other"
    NO_ANSWER = "no_answer"
    NOTICE = "notice"


class Route(StrEnum):
    """Which way is open."""

    EITHER = "either"
    REVIEW_FIRST = "review_first"
    NONE = "none"


class Result(StrEnum):
    """The four results of table four, in column order."""

    UPHELD = "upheld"
    CORRECTED = "corrected"
    OTHER = "other"
    PENDING = "pending"

    @property
    def label(self) -> str:
        """The column head, in the exact words of the form."""
        return {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果", "pending": "尚未审结"}[self]


class Proceeding(StrEnum):
    """The three blocks of table four."""

    RECONSIDERATION = "reconsideration"
    DIRECT_SUIT = "direct_suit"
    SUIT_AFTER_REVIEW = "suit_after_reconsideration"

    @property
    def label(self) -> str:
        """The block's head, in the exact words of the form."""
        return {
            "reconsideration": "行政复议",
            "direct_suit": "未经复议直接起诉",
            "suit_after_reconsideration": "复议后起诉",
        }[self]


@dataclass(frozen=True)
class Window:
    """A time to file: so many calendar days or months, from the day after the decision is served."""

    days: int = 0
    months: int = 0

    @property
    def text(self) -> str:
        """60日, 6个月 or 15日."""
        return f"{self.months}个月" if self.months else f"{self.days}日"

    def closes(self, served: date, calendar: Calendar = CHINA) -> date:
        """The last day to file; an end on a day off moves to the next working day."""
        end = _months_later(served, self.months) + timedelta(self.days)
        return end if calendar.is_workday(end) else calendar.add_workdays(end, 1)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


REVIEW_WINDOW = Window(days=60)
SUIT_WINDOW = Window(months=6)
SUIT_AFTER_REVIEW_WINDOW = Window(days=15)


# What each part of a paragraph says; a remedy names the parts it is made of.
_EITHER = (
    "如对{contested}不服，可以自{since}之日起60日内向{review_body}申请行政复议，"
    "或者自{since}之日起6个月内向{court}提起行政诉讼。"
)
_REVIEW_FIRST = (
    "如对{contested}不服，应当自{since}之日起60日内先向{review_body}申请行政复议；"
    "对行政复议决定仍不服的，可以自收到行政复议决定书之日起15日内向{court}提起行政诉讼。"
)
_TEMPLATES = {Route.EITHER: _EITHER, Route.REVIEW_FIRST: _REVIEW_FIRST}


@dataclass(frozen=True)
class Part:
    """One sentence of the paragraph: what is contested, from when time runs, and the route open."""

    route: Route
    contested: str = "本答复"
    since: str = "收到本答复"


@dataclass(frozen=True)
class Remedy:
    """The way open against an outcome: its parts (the first is the main one) and the articles behind it."""

    parts: tuple[Part, ...]
    articles: tuple[Article, ...]

    @property
    def route(self) -> Route:
        """The route of the main part; ``Route.NONE`` if the act cannot be contested on its own."""
        return self.parts[0].route if self.parts else Route.NONE

    @property
    def review_first(self) -> bool:
        """Whether a direct suit (of the main part) is not open."""
        return self.route is Route.REVIEW_FIRST

    @property
    def windows(self) -> dict[Proceeding, Window]:
        """The time to file, by proceeding open against the main part."""
        open_ways = {
            Proceeding.RECONSIDERATION: REVIEW_WINDOW,
            Proceeding.DIRECT_SUIT: SUIT_WINDOW,
            Proceeding.SUIT_AFTER_REVIEW: SUIT_AFTER_REVIEW_WINDOW,
        }
        closed = {
            Route.NONE: set(Proceeding),
            Route.REVIEW_FIRST: {Proceeding.DIRECT_SUIT},
            Route.EITHER: set[Proceeding](),
        }[self.route]
        return {way: window for way, window in open_ways.items() if way not in closed}

    def paragraph(self, review_body: str, court: str) -> str:
        """The remedy paragraph in Chinese, naming the review body and the court; empty when there is no remedy."""
        return "".join(
            _TEMPLATES[part.route].format(
                contested=part.contested, since=part.since, review_body=review_body, court=court
            )
            for part in self.parts
        )


def _articles(*references: str) -> tuple[Article, ...]:
    return tuple(map(article, references))


_OLD_LAW = _articles("reconsideration-2017:9.1", "litigation:44.1", "litigation:45", "litigation:46.1")
_NEW_LAW = _articles("reconsideration:20.1", "litigation:44.1", "litigation:45", "litigation:46.1")
_REFUSAL = _articles("reconsideration:23.1(4)", "reconsideration:23.2", "reconsideration:20.1", "litigation:45")
_SILENCE = _articles("reconsideration:23.1(3)", "reconsideration:20.1", "litigation:45")
_ELSE = Part(Route.EITHER, "本答复的其他内容")
_SILENT = {"contested": "逾期未作答复的行为", "since": "答复期限届满"}

_BEFORE: dict[Outcome, Remedy] = {
    Outcome.WITHHELD: Remedy((Part(Route.EITHER),), _OLD_LAW),
    Outcome.PARTIAL: Remedy((Part(Route.EITHER),), _OLD_LAW),
    Outcome.OTHER: Remedy((Part(Route.EITHER),), _OLD_LAW),
    Outcome.NO_ANSWER: Remedy((Part(Route.EITHER, **_SILENT),), _OLD_LAW),
    Outcome.NOTICE: Remedy((), ()),
}
_SINCE: dict[Outcome, Remedy] = {
    Outcome.WITHHELD: Remedy((Part(Route.REVIEW_FIRST),), _REFUSAL),
    Outcome.PARTIAL: Remedy((Part(Route.REVIEW_FIRST, "本答复中不予公开的部分"), _ELSE), _REFUSAL),
    Outcome.OTHER: Remedy((Part(Route.EITHER),), _NEW_LAW),
    Outcome.NO_ANSWER: Remedy((Part(Route.REVIEW_FIRST, **_SILENT),), _SILENCE),
    Outcome.NOTICE: Remedy((), ()),
}


def outcome_of(leaf: str) -> Outcome:
    """The outcome a leaf of table three (``3.3.4``) stands for; ``ValueError`` for anything but a leaf.

    Refusals under Arts 14–16 are rows 3.3.1–3.3.7; 行政查询 (3.3.8, Art 36(7)) refers the applicant to another law and
    withholds nothing under the Regulation, so it stays with the rest.
    """
    if leaf not in LEAVES:
        raise ValueError(f"不是处理决定的情形编号：{leaf}")
    if leaf == "3.2":
        return Outcome.PARTIAL
    return Outcome.WITHHELD if leaf in REFUSALS else Outcome.OTHER


def remedy(outcome: Outcome, on: date) -> Remedy:
    """The remedy against an outcome dated ``on`` (the day of the decision, or the day after the answer was due)."""
    return (_SINCE if on >= REVIEW_FIRST_SINCE else _BEFORE)[outcome]
