"""A small city, a browser, and a clock of the world that can be moved."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from gongkai.identity import moment
from gongkai.organs.testing import City, small_city

PASSWORD = "test-password-1"


class World:
    """The world's clock."""

    def __init__(self) -> None:
        self.at = datetime(2022, 3, 1, 2, 0, 0, tzinfo=UTC)

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


@pytest.fixture
def world(monkeypatch) -> World:
    clock = World()
    monkeypatch.setattr(moment, "now", lambda: clock.at)
    return clock


@pytest.fixture
def city(db) -> City:
    return small_city()


def sign_in(client: Client, username: str = "registrar", password: str = PASSWORD, **extra: str):
    return client.post("/office/login/", {"username": username, "password": password}, **extra)


def is_in(client: Client) -> bool:
    return client.get("/office/").status_code == 200
