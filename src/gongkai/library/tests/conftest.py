"""A small city, a home of its own for each test (index, texts), and a way to publish."""

import pytest

from gongkai.library import indexing
from gongkai.library.testing import shelve
from gongkai.organs.testing import City, small_city


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path):
    settings.HOME = tmp_path
    indexing.directory().mkdir()
    indexing._whole().touch()  # as if the first index had been made
    yield
    indexing._open.clear()


@pytest.fixture
def city(db) -> City:
    return small_city()


@pytest.fixture
def publish(city):
    """Put a record on the shelf and let the catalogue have it; ``body`` is the office unless named."""

    def put(*texts, body=None, **row):
        key = shelve(body or city.office, *([texts] if texts else []), **row)
        indexing.drain()
        return key

    return put
