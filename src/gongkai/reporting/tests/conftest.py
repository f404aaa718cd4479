"""A city with a few requests in 2021, and hands for every role."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from gongkai.law.applicants import COLUMNS
from gongkai.ledger import clock
from gongkai.ledger.services import Actor
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import City, small_city
from gongkai.requests import services as requests
from gongkai.requests.testing import event_data

NEW_YEAR_2022 = datetime(2022, 1, 10, 2, tzinfo=UTC)
LEAVES = ("3.2", "3.3.1", "3.3.5", "3.4.1", "3.5.1", "3.5.2", "3.6.3")


def by(event: str) -> Actor:
    """Different hands for drafting, checking and signing."""
    return Actor(f"{event}-officer", frozenset(ROLES))


def play(body, received: datetime, rng: random.Random) -> str:
    """One request received at an instant, decided (or not) some days later."""

    def do(event: str, at: datetime, **data) -> None:
        with clock.at(at):
            requests.do(key, event, by(event), event_data(event) | data)

    with clock.at(received):
        data = event_data("register") | {"category": rng.choice(COLUMNS).value}
        key = requests.receive(body, by("register"), data).event.subject
    later = received + timedelta(days=rng.randrange(1, 60))
    how = rng.randrange(10)
    if how == 0:
        return key
    if how == 1:
        do("withdraw", later)
        return key
    do("accept", received)
    for event in ("draft", "review", "sign"):
        do(event, later)
    if how != 3:  # what a letter of each kind must say is not the matter here
        do(
            "correct",
            later + timedelta(days=rng.randrange(40)),
            category=rng.choice(COLUMNS).value,
            leaf=rng.choice(LEAVES),
        )
    return key


@pytest.fixture
def town(db) -> Iterator[City]:
    """The city without any work done: for what does not count."""
    with clock.at(NEW_YEAR_2022):
        yield small_city()


@pytest.fixture
def city(db) -> Iterator[City]:
    """The city on 10 January 2022, with requests of 2020 and 2021 on three of its bodies."""
    rng = random.Random(2021)
    with clock.at(datetime(2020, 1, 2, 2, tzinfo=UTC)):
        made = small_city()
    for number in range(14):
        received = datetime(2020, 11, 2, 2, tzinfo=UTC) + timedelta(days=29 * number)
        play((made.office, made.office, made.city, made.district)[number % 4], received, rng)
    with clock.at(NEW_YEAR_2022):
        yield made
