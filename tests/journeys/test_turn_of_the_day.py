"""A new day changes pages that nobody touches: what the baker then has is what a full bake of that day would write."""

from datetime import UTC, date, datetime, timedelta

import pytest

from gongkai.bake import baker, chunks, tree
from gongkai.cli import worker
from gongkai.interaction.models import Survey
from gongkai.interaction.testing import drafted, sent
from gongkai.ledger import clock
from gongkai.library import indexing
from gongkai.library.testing import shelve
from gongkai.organs.testing import small_city
from gongkai.reporting.testing import bring
from gongkai.sites import filling, testing
from gongkai.zones.testing import zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(settings, tmp_path, monkeypatch):
    """A city; lists have short pages, so that the day brings and takes numbered ones."""
    settings.HOME = tmp_path
    monkeypatch.setattr(chunks, "SIZE", 1)
    worker.pages_of.cache_clear()
    indexing.directory().mkdir()
    yield small_city()
    indexing._open.clear()


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def furnish(city, day: date) -> None:
    """Every sort of page that looks at the day, with something of each that is about to turn."""
    testing.site(city.office, pack="standard")
    for n in (0, 1, 2):
        turn = day + timedelta(n)
        shelve(
            city.office, title=f"第{n}日失效", since=date(2019, 1, 1), valid_until=turn - timedelta(1), ceased_on=turn
        )
        shelve(city.office, title=f"第{n}日施行", since=date(2019, 1, 1), effective_on=turn)
        drafted(city.office, form="survey", since=day.isoformat(), until=turn.isoformat())
        drafted(city.office, since=turn.isoformat(), until=(turn + timedelta(9)).isoformat())
    sent("message", city.office, "published")
    sent("mistake", city.office)
    zone(city.district)
    indexing.drain()
    filling.keep_up()


@pytest.mark.parametrize("day", [date(2021, 3, 1), date(2021, 12, 31), date(2022, 1, 1), date(2022, 1, 31)])
def test_the_tree_of_the_next_days_is_what_a_full_bake_would_write(city, day):
    with clock.at(noon(day - timedelta(400))):
        if day.year > 2021:
            bring(city.office, day.year - 2, "published")
    with clock.at(noon(day)):
        furnish(city, day)
        baker.whole()
        assert baker.verify() == []
    for later in (1, 2):
        with clock.at(noon(day + timedelta(later))):
            worker.pages_of(day + timedelta(later))
            baker.keep_up()
            assert baker.verify() == [], later
    closed = Survey.objects.filter(until__lt=day + timedelta(2)).count()
    assert closed == 2 and tree.holds("/surveys/closed/page-1/")
