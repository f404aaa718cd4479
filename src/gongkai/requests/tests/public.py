"""The applicant's side for tests: steps through the public form as a browser without script takes them, and back again."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from gongkai.ledger import clock
from gongkai.organs.testing import City, small_city
from gongkai.requests import intake
from gongkai.requests.models import Request
from gongkai.requests.queries import query_code
from gongkai.requests.services import do
from gongkai.requests.testing import event_data
from gongkai.requests.tests.test_procedure import WAYS, by

WHO: dict[str, str] = {
    "body": "cq-office",
    "category": "natural_person",
    "name": "陈小明",
    "id_type": "identity_card",
    "id_number": "500103199001011234",
    "phone": "13800000000",
    "email": "chen@example.com",
    "address": "重庆市渝中区某路1号",
}
WHAT: dict[str, str] = {
    "title": "轨道交通九号线二期规划批复",
    "content": "请公开轨道交通九号线二期规划批复文件",
    "year": "2020",
    "form": "electronic",
    "delivery": "email",
}
DATA = {name: value for name, value in (WHO | WHAT).items() if name != "body"}
PRIVATE = (WHO["name"], WHO["id_number"], WHO["phone"], WHO["email"], WHO["address"])
COMPLAINT = {
    "door": "not_answered", "against": "某局", "matter": "逾期未答复", "content": "没有答复", "name": "陈小明", "phone": "138",
}  # fmt: skip
MONDAY = datetime(2026, 3, 2, 4, tzinfo=UTC)
NEW, STATUS, MINE = "/apply/new/", "/apply/status/", "/apply/status/mine/"


def kept(response: Any) -> str:
    """The sealed answers in a page."""
    found = re.search(r'name="kept" value="([^"]+)"', response.content.decode())
    assert found, response.content.decode()[:2000]
    return found[1]


def to_check(client: Client, who: dict[str, str] | None = None, what: dict[str, str] | None = None) -> Any:
    """The page of the last step."""
    page = client.get(NEW)
    page = client.post(NEW, {"kept": kept(page), "at": "who", "go": "next"} | WHO | (who or {}))
    assert page.status_code == 200, page.content.decode()
    page = client.post(NEW, {"kept": kept(page), "at": "what", "go": "next"} | WHAT | (what or {}))
    assert page.status_code == 200, page.content.decode()
    return page


def send(client: Client, page: Any, **files: Any) -> Any:
    """Press 提交."""
    return client.post(NEW, {"kept": kept(page), "at": "check", "go": "send"} | files)


def apply(client: Client, **files: Any) -> tuple[str, str]:
    """A whole application; returns number and code from the receipt."""
    response = send(client, to_check(client), **files)
    assert response.status_code == 302, response.content.decode()
    page = client.get(response["Location"]).content.decode()
    number, code = re.findall(r'<strong class="num">([^<]+)</strong>', page)
    return number, code


@pytest.fixture
def city(db: None, settings: Any, tmp_path: Any) -> Iterator[City]:
    """A small city on a Monday, with a home of its own."""
    settings.HOME = tmp_path
    with clock.at(MONDAY):
        yield small_city()


def look(client: Client, number: str, code: str) -> Any:
    """Number and code typed into the status page."""
    return client.post(STATUS, {"number": number, "code": code}, follow=True)


def on(row: Request, *events: str) -> None:
    """The desk works on."""
    for event in events:
        do(row.key, event, by(event), event_data(event))


def text(response: Any) -> str:
    """The page."""
    page: str = response.content.decode()
    return page


def token(page: Any, event: str) -> dict[str, str]:
    """The hidden fields of a step on the status page."""
    found = re.search(rf'name="event" value="{event}"><input type="hidden" name="token" value="([^"]+)"', text(page))
    assert found, text(page)
    return {"event": event, "token": found[1]}


def proved(city: City, state: str, client: Client) -> Request:
    """A citizen's request in a state, opened in this browser."""
    row = Request.objects.get(key=intake.submit(city.office, DATA).subject)
    if state != "awaiting":
        on(row, "confirm", *(event for event, _ in WAYS[state][1:]))
    row.refresh_from_db()
    look(client, row.number, query_code(row.key))
    return row
