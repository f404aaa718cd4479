"""A small government with a library, on a steady day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from gongkai.ledger import clock
from gongkai.library.testing import shelve
from gongkai.organs.testing import City, small_city

NOW = datetime(2021, 3, 1, 4, tzinfo=UTC)


@pytest.fixture
def city(db: Any, settings: Any, tmp_path: Path) -> Iterator[City]:
    """The city; its clock stands on 1 March 2021."""
    settings.HOME = tmp_path
    with clock.at(NOW):
        yield small_city()


def policies(city: City, count: int) -> list[str]:
    """So many policies of the office, a day apart."""
    return [
        shelve(city.office, (), title=f"关于事项{n}的通知", since=date.fromordinal(date(2020, 3, 1).toordinal() + n))
        for n in range(count)
    ]
