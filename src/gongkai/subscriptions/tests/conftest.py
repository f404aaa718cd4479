"""A small government with a mail server, a home of its own for each test, a Monday at noon."""

from datetime import UTC, datetime

import pytest

from gongkai.ledger import clock
from gongkai.library import indexing
from gongkai.notices import delivery
from gongkai.notices.tests.servers import MailServer
from gongkai.organs.testing import City, small_city

NOW = datetime(2022, 1, 10, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def surroundings(settings, tmp_path):
    settings.HOME, settings.NOTICE_EMAIL, settings.SMS_URL = tmp_path, True, ""
    settings.ORIGIN = "https://www.cq.example"
    with clock.at(NOW):
        yield
    indexing._open.clear()


@pytest.fixture
def city(db) -> City:
    return small_city()


@pytest.fixture
def post(settings):
    """A mail server; calling it sends what waits and returns every mail so far."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port

        def send():
            delivery.deliver()
            return server.mails

        send.server = server
        yield send


def text_of(mail) -> str:
    """What a mail says."""
    return mail.get_payload(decode=True).decode()
