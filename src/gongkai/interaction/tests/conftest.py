"""One small city on a Monday for the tests of this room."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from gongkai.ledger import clock
from gongkai.organs.testing import City, small_city

NOW = datetime(2021, 3, 1, 4, tzinfo=UTC)


@pytest.fixture
def city(db, settings, tmp_path) -> Iterator[City]:
    """The city, and a home of its own."""
    settings.HOME = tmp_path
    with clock.at(NOW):
        yield small_city()
