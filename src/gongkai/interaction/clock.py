"""The clock on a question and on a mistake: working days from the day it came, that day not counted; pure functions."""

import calendar as months
from datetime import date

from gongkai.law.articles import article
from gongkai.law.calendar import CHINA, Calendar
from gongkai.law.derivation import Deadline, Step

BASIS = "site-check:"


def deadline(received: date, days: int, words: str, calendar: Calendar = CHINA) -> Deadline:
    """When it is due, and why. ``days`` ≥ 1 are working days of the local rules, ``words`` what was received."""
    due, basis = calendar.add_workdays(received, days), article(BASIS)
    steps = (
        Step("receipt", basis, received, received, 0, due, words),
        Step("answer", basis, received, due, days, due),
    )
    sure = all(map(calendar.announced, range(received.year, due.year + 1)))
    return Deadline(due, not sure, steps, received, received)


def limit(received: date, count: int) -> date:
    """The last day before a question counts as unanswered for more than ``count`` months.

    The same day of that month, or its last where it has no such day.
    """
    year, month = divmod(received.year * 12 + received.month - 1 + count, 12)
    return date(year, month + 1, min(received.day, months.monthrange(year, month + 1)[1]))


def taken(received: date, answered: date, calendar: Calendar = CHINA) -> int:
    """The working days an answer took: 0 when it came on the day of the question."""
    return max(0, calendar.workdays_between(received, answered))
