"""A small government, a case, and channels that exist."""

import pytest

from gongkai.notices import outbox
from gongkai.organs.testing import City, small_city
from gongkai.requests import services
from gongkai.requests.testing import APPLICATION, event_data


@pytest.fixture
def city(db: None) -> City:
    return small_city()


@pytest.fixture(autouse=True)
def both_channels(settings):
    settings.NOTICE_EMAIL = True
    settings.SMS_URL = "http://127.0.0.1:9/sms"
    settings.SMS_SECRET = "shared"
    assert outbox.channels() == {"email", "sms"}


@pytest.fixture
def enter(city):
    """Enter a request at the office, and bring it along by events, each made by the role named."""

    def enter(*moves: tuple[str, str], **data) -> str:
        done = services.receive(city.office, city.actor("registrar"), APPLICATION | data)
        for event, role in moves:
            services.do(done.event.subject, event, city.actor(role), event_data(event))
        return done.event.subject

    return enter
