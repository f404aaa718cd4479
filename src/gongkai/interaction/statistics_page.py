"""Published statistics of the interaction, year by year, up to yesterday (baked every day)."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gongkai.bake.reading import reads, until
from gongkai.figure import Ask, count, family_of
from gongkai.ledger import clock
from gongkai.organs.models import Body
from gongkai.ui.pieces import BarChart, Crumb

from .models import Message, Mistake
from .projection import STATISTICS
from .public import MESSAGES, MISTAKES, START

#: How many years are shown.
YEARS = 5


@dataclass(frozen=True)
class Year:
    """What one year came to; averages in working days, shares in per cent, empty where nothing was answered."""

    year: int
    received: int
    ended: int
    on_time: str
    other: int
    average: str = ""


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "—"


def _message(year: int, found: dict[str, int]) -> Year:
    answered = found["messages_answered"]
    average = f"{found['messages_workdays'] / answered:.1f}" if answered else "—"
    on_time = _share(found["messages_on_time"], answered)
    return Year(year, found["messages_received"], answered, on_time, found["messages_published"], average)


def _mistake(year: int, found: dict[str, int]) -> Year:
    ended = found["mistakes_ended"]
    return Year(
        year, found["mistakes_received"], ended, _share(found["mistakes_on_time"], ended), found["mistakes_mended"]
    )


def _years(model: type[Message] | type[Mistake], family: str) -> list[tuple[int, dict[str, int]]]:
    """(year, its figures) since the first one came, the newest first; up to yesterday."""
    today = clock.today()
    yesterday = today - timedelta(1)
    first = model.objects.order_by("received_on").values_list("received_on", flat=True).first()
    reads(STATISTICS)
    until(today + timedelta(1))
    if first is None or first > yesterday:
        return []
    years = range(yesterday.year, max(first.year, yesterday.year - YEARS + 1) - 1, -1)
    return [(year, dict(count(Ask.year(None, year, yesterday), [family]))) for year in years]  # type: ignore[arg-type]


@require_GET
def messages(request: HttpRequest) -> HttpResponse:
    """Questions: received, answered, in time, how long it took, published; this year by body."""
    found = _years(Message, "interaction.messages")
    years = [_message(year, figures) for year, figures in found]
    context = {
        "title": "留言统计",
        "trail": (START, MESSAGES, Crumb("留言统计")),
        "years": _named(years),
        "chart": _chart(years),
        "this_year": f"{years[0].year}年各机关情况" if years else "",
        "bodies": _bodies(years[0].year) if years else [],
        "yesterday": clock.today() - timedelta(1),
    }
    return render(request, "interaction/public/statistics.html", context)


def _named(years: list[Year]) -> list[tuple[str, Year]]:
    return [(f"{one.year}年", one) for one in years]


def _chart(years: list[Year]) -> BarChart | None:
    rows = [(f"{one.year}年", one.received) for one in reversed(years)]
    return replace(BarChart.of("各年收到留言", rows, "件"), heading="年份") if rows else None


def _bodies(year: int) -> list[tuple[str, Year]]:
    family = family_of("messages_received")
    assert family.count_by_body
    found = family.count_by_body(Ask.year(None, year, clock.today() - timedelta(1)))
    names = Body.objects.filter(key__in=found).order_by("order", "id").values_list("key", "name")
    rows = [(name, _message(year, dict(found[key]))) for key, name in names]  # type: ignore[arg-type]
    return [(name, one) for name, one in rows if one.received or one.ended]


@require_GET
def mistakes(request: HttpRequest) -> HttpResponse:
    """Mistakes: received, dealt with, in time, mended."""
    years = _named([_mistake(year, figures) for year, figures in _years(Mistake, "interaction.mistakes")])
    context = {
        "title": MISTAKES.label,
        "trail": (START, MISTAKES),
        "years": years,
        "yesterday": clock.today() - timedelta(1),
    }
    return render(request, "interaction/public/mistakes.html", context)
