"""The morning's warnings: who gets which cases, once a working day; against the request desk's own list of late ones."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.calendar import CHINA
from gongkai.ledger import clock
from gongkai.notices import daily
from gongkai.notices.models import Message, Round
from gongkai.notices.services import Wish, set_wish
from gongkai.remedies import services as remedies
from gongkai.remedies.testing import OPENING
from gongkai.requests import queries
from gongkai.requests.models import Request

MONDAY = date(2021, 3, 1)
BY_UNIT = (("assign", "disclosure"), ("accept", "handler"))


def at(day: date, hour: int = 9):
    return clock.at(datetime.combine(day, time(hour), clock.SHANGHAI))


@pytest.fixture
def case(enter):
    """A case the handler works on since Monday; due on 29 March."""
    with at(MONDAY):
        key = enter(*BY_UNIT)
    assert Request.objects.get(key=key).due_on == date(2021, 3, 29)
    return key


def warned() -> dict[str, str]:
    return dict(Message.objects.filter(channel="inbox").values_list("recipient", "title"))


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2021, 3, 23), {}),
        (date(2021, 3, 24), {"handler": "3 个工作日内到期 1 件"}),
        (date(2021, 3, 29), {"handler": "3 个工作日内到期 1 件"}),
        (date(2021, 3, 30), {"handler": "您承办的，已逾期 1 件", "disclosure": "本机关其他逾期事项 1 件"}),
        (date(2021, 3, 27), {}),  # a Saturday
        (date(2021, 4, 5), {}),  # 清明, a Monday
        (date(2021, 4, 25), {"handler": "已逾期", "disclosure": "逾期"}),  # a Sunday made a working day
    ],
)
def test_who_is_warned_when(case, day, told):
    with at(day):
        assert daily.warn() is CHINA.is_workday(day)
    found = warned()
    assert found.keys() == told.keys() and all(words in found[who] for who, words in told.items())


def test_the_words(case):
    with at(date(2021, 3, 26)):
        daily.warn()
    text = Message.objects.get().text
    assert "［黄］" in text and "2021-03-29 到期，还剩 1 个工作日" in text
    with at(date(2021, 3, 29)):
        daily.warn()
    assert "［红］" in Message.objects.first().text and "今日到期" in Message.objects.first().text
    with at(date(2021, 3, 31)):
        daily.warn()
    assert "已逾期 2 个工作日" in Message.objects.filter(recipient="handler").first().text


def test_once_a_day_and_not_before_eight(case):
    day = date(2021, 3, 26)
    with at(day, 7):
        assert not daily.warn()
    for hour in (8, 9, 17):
        with at(day, hour):
            assert daily.warn() is (hour == 8)
    assert Message.objects.count() == 1 and Round.objects.get().day == day


def test_a_crash_while_writing_leaves_the_day_to_be_done(case, monkeypatch):
    def cut(rows):
        real(rows)
        raise RuntimeError("power cut")

    real = daily.post
    with at(date(2021, 3, 26)):
        monkeypatch.setattr(daily, "post", cut)
        with pytest.raises(RuntimeError):
            daily.warn()
        assert not Message.objects.exists() and not Round.objects.exists()
        monkeypatch.setattr(daily, "post", real)
        assert daily.warn() and Message.objects.count() == 1


def test_by_mail_where_wanted(city, case):
    set_wish(city.people["handler"], Wish(by_email=True, email="h@example.com"))
    with at(date(2021, 3, 26)):
        daily.warn()
    assert {row.channel for row in Message.objects.all()} == {"inbox", "email"}


def test_answers_to_reviews_are_watched(city):
    with at(MONDAY):
        key = remedies.file_reconsideration(
            city.office, city.actor("handler"), OPENING["reconsideration"] | {"request": ""}
        ).event.subject
        remedies.do("reconsideration", key, "accept", city.actor("handler"), {})
    with at(date(2021, 3, 10)):
        daily.warn()
    assert warned().keys() == {"disclosure"} and "渝" in Message.objects.get().text


def test_late_is_what_the_desk_calls_late(city, enter):
    with at(MONDAY):
        enter()
        enter(*BY_UNIT)
        enter(*BY_UNIT, ("consult", "handler"))
        enter(*BY_UNIT, ("draft", "handler"), ("review", "reviewer"))
        enter(*BY_UNIT, ("draft", "handler"), ("review", "reviewer"), ("sign", "signatory"))
    today = date(2021, 6, 1)
    rows = {row.pk for row, due, _ in daily.due_rows(today) if due < today}
    assert rows == {row.pk for row in queries.overdue(Request.objects.all(), today)} and len(rows) == 4


@given(st.dates(date(2021, 1, 1), date(2021, 12, 20)), st.integers(-30, 5))
def test_days_left_against_counting(today, distance):
    """The slow oracle: count the days one by one."""
    due = today + timedelta(days=distance)
    step = 1 if due > today else -1
    days = [today + timedelta(days=step * n) for n in range(1, abs(distance) + 1)]
    words = daily._left(due, today)
    if due < today:  # from the day after the due day to today
        late = [today, *days][:-1]
        assert words.endswith(f"已逾期 {sum(map(CHINA.is_workday, late))} 个工作日")
    else:
        count = sum(map(CHINA.is_workday, days))
        assert words.endswith(f"还剩 {count} 个工作日" if days else "今日到期")
        assert daily._urgency(due, today) == ("黄" if count else "红")


def test_a_long_list_is_cut_and_counted(city):
    title, text = daily.words([f"第 {n} 件" for n in range(50)], [], [])
    assert title.endswith("3 个工作日内到期 50 件") and text.count("\n") == 21 and "……共 50 件" in text


def test_the_number_of_queries_does_not_grow(city, enter, django_assert_max_num_queries):
    with at(MONDAY):
        for _ in range(12):
            enter(*BY_UNIT)
    with at(date(2021, 4, 1)), django_assert_max_num_queries(17):
        assert daily.warn()
    assert "12 件" in warned()["handler"]


def test_the_end_of_a_norms_validity_and_its_filing(city):
    """Half a year, three months, a month, a week ahead; what falls on days off is told on the next working day."""
    from gongkai.ledger.services import Actor
    from gongkai.norms import services as norms
    from gongkai.norms.models import Norm
    from gongkai.organs.rights import ROLES

    everyone = Actor("clerk", frozenset(ROLES))
    data = {
        "kind": "normative_document",
        "title": "旧办法",
        "issued_on": "2015-01-01",
        "document_number": "渝府发〔2015〕1号",
    }
    with at(MONDAY):
        norms.register_existing(city.office, everyone, data | {"valid_until": "2022-02-28"})
    told = {}
    day = MONDAY
    while day < date(2022, 3, 15):
        with at(day):
            daily.warn()
        if found := Message.objects.filter(channel="inbox"):
            told[day] = found[0].text
            found.delete()
        day += timedelta(1)
    # 2021-08-29 and 2022-01-28 … : counted on a calendar, not by the product
    assert list(told) == [date(2021, 8, 30), date(2021, 11, 29), date(2022, 1, 28), date(2022, 2, 21)]
    assert all("渝府发〔2015〕1号 旧办法：有效期至 2022-02-28" in text for text in told.values())
    Norm.objects.update(filing_due_on=date(2021, 3, 4))
    with at(date(2021, 3, 2)):
        Round.objects.all().delete()
        daily.warn()
    assert "旧办法：备案2021-03-04 到期，还剩 2 个工作日" in Message.objects.get(recipient="disclosure").text
