"""The clock on a question against walking through the days, the rule packs, and the figures against counting by hand."""

import calendar
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.figure import Ask, count, rows
from gongkai.interaction import clock as due_clock
from gongkai.interaction import rules, services
from gongkai.interaction.models import Message
from gongkai.interaction.testing import by, event_data, sent
from gongkai.law.calendar import CHINA
from gongkai.ledger import clock
from gongkai.ledger.services import replay

DAYS = st.dates(date(2005, 1, 1), date(2030, 12, 31))


def walked(received: date, days: int) -> date:
    """The slow truth: day after day, a working day counts one, the first day none."""
    day = received
    while days:
        day += timedelta(1)
        days -= CHINA.is_workday(day)
    return day


@given(DAYS, st.integers(1, 60))
def test_the_due_day_by_walking(received, days):
    found = due_clock.deadline(received, days, "收到留言")
    assert found.due == walked(received, days) and CHINA.is_workday(found.due)
    assert [step.due for step in found.steps] == [found.due] * 2 and "收到留言" in found.steps[0].text


@given(DAYS, st.integers(0, 60))
def test_the_time_taken_by_walking(received, ahead):
    answered = received + timedelta(ahead)
    assert due_clock.taken(received, answered) == sum(
        CHINA.is_workday(received + timedelta(n)) for n in range(1, ahead + 1)
    )


@given(DAYS, st.integers(1, 14))
def test_the_veto_line_by_counting_months(received, months):
    year, month = received.year, received.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day = min(received.day, calendar.monthrange(year, month)[1])
    assert due_clock.limit(received, months) == date(year, month, day)


def test_the_veto_line_at_the_end_of_a_month():
    assert due_clock.limit(date(2021, 11, 30), 3) == date(2022, 2, 28)


def test_a_pack_of_ones_own(city, settings, tmp_path):
    """Another place's rules for one district, the clock of what came before stays."""
    before = sent("message", city.district)
    (tmp_path / "interaction").mkdir()
    told = {
        "key": "quick", "version": 2, "label": "某区规则", "source": "某区办法", "message_days": {"simple": 2, "complex": 9},
        "unanswered_months": 1, "mistake_days": 1, "comment_days": 30,
    }  # fmt: skip
    (tmp_path / "interaction" / "quick.json").write_text(json.dumps(told))
    rules._packs.cache_clear()
    settings.INTERACTION_PACKS = "common,cq-yuzhong=quick"
    after = sent("message", city.district)
    due = dict(Message.objects.values_list("key", "due_on"))
    assert (due[before].isoformat(), due[after].isoformat()) == ("2021-03-08", "2021-03-03")
    assert replay("message", after).rule == "quick@2" and rules.pack_of(city.office).name == "common@2"
    settings.INTERACTION_PACKS = "none"
    with pytest.raises(rules.BadPack, match="没有名为"):
        rules.pack_of(city.office)
    (tmp_path / "interaction" / "quick.json").write_text(
        json.dumps(told | {"message_days": {"simple": 0, "complex": 1}})
    )
    rules._packs.cache_clear()
    with pytest.raises(rules.BadPack, match=r"quick\.json"):
        rules.pack_of(city.office)
    rules._packs.cache_clear()


def test_the_figures_by_hand(city):
    """One answered at once, one late, one never, one published, one refused, one merged; two mistakes."""
    sent("message", city.office, "answered")
    sent("message", city.office, "published")
    sent("message", city.office, "refused")
    sent("message", city.office, "merged", title="一并")  # makes a second one that it joins, neither answered
    late = sent("message", city.office, "assigned")
    sent("mistake", city.office, "mended"), sent("mistake", city.office)
    with clock.at(datetime(2021, 3, 10, 4, tzinfo=UTC)):
        for event in ("draft", "approve"):
            services.do("message", late, event, by(event), event_data("message", event))
    ask = Ask.year(None, 2021)
    names = ["interaction.messages", "interaction.mistakes"]
    found = count(ask, names)
    assert found == {
        "messages_received": 5, "messages_answered": 3, "messages_on_time": 2, "messages_workdays": 7,
        "messages_published": 1, "messages_unanswered_long": 0,
        "mistakes_received": 2, "mistakes_ended": 1, "mistakes_mended": 1, "mistakes_on_time": 1,
    }  # fmt: skip
    with clock.at(datetime(2021, 6, 1, 4, tzinfo=UTC)):
        assert count(ask, names)["messages_unanswered_long"] == 0  # the last day of the three months
    with clock.at(datetime(2021, 6, 2, 4, tzinfo=UTC)):
        found = count(ask, names)
        assert found["messages_unanswered_long"] == 2
        for figure, value in found.items():
            assert figure == "messages_workdays" or rows(ask, figure).count() == value
    assert set(count(Ask.year(None, 2020), names).values()) == {0}
