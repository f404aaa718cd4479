"""The public lists of surveys, by phase."""

from datetime import date, timedelta

from django.db.models import QuerySet

from gongkai.bake.touched import touch

from .models import Survey
from .queries import public_surveys

#: Name → what it is called and its address. 正在征集 also shows what is about to begin.
LISTS = {
    "open": ("正在征集", "/surveys/"),
    "closed": ("已结束", "/surveys/closed/"),
    "results": ("已公布结果", "/surveys/results/"),
}


def in_list(which: str, today: date) -> QuerySet[Survey]:
    """The surveys of a list on a day, the newest first."""
    rows = public_surveys()
    if which == "results":
        return rows.filter(state="published").order_by("-published_on", "-key")
    rows = rows.exclude(state="published")
    if which == "open":
        return rows.filter(until__gte=today).order_by("-since", "-key")
    return rows.filter(until__lt=today).order_by("-until", "-key")


def next_change(today: date) -> date | None:
    """The first day after today on which a survey begins or is over; None while nothing is to come."""
    waiting = public_surveys().exclude(state="published")
    begin = waiting.filter(since__gt=today).order_by("since").values_list("since", flat=True).first()
    end = waiting.filter(until__gte=today).order_by("until").values_list("until", flat=True).first()
    days = [day for day in (begin, end + timedelta(1) if end else None) if day]
    return min(days, default=None)


def turn() -> None:
    """A new day has begun: what begins or is over today may bring another page into a list. May be repeated."""
    if public_surveys().exclude(state="published").exists():
        touch("surveys")
