"""Screens of the desk that no journey passes: each looked at once, by turns on phone and desk, plain, large, dark."""

from collections.abc import Callable
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.ledger import clock
from gongkai.ledger.services import Actor
from gongkai.organs import leave
from gongkai.organs.services import grant
from gongkai.organs.testing import City, small_city
from gongkai.remedies import services as remedies
from gongkai.remedies.testing import OPENING
from gongkai.requests.register_import import COLUMNS
from gongkai.requests.tests.test_procedure import bring, by
from gongkai.ui.testing import Reader, browser, open_page

__all__ = ["browser", "open_page"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

LOOKS = cycle([("default", 320), ("elder", 1280), ("dark", 320), ("contrast", 1280), ("elder", 320)])
#: A register whose one row has everything wrong.
NEEDED = [column.label for column in COLUMNS if column.required]
FAULTY = f"{','.join(NEEDED)}\n{','.join('飞鸽' for _ in NEEDED)}\n"
OPEN = {
    "reconsideration": remedies.file_reconsideration,
    "lawsuit": remedies.file_lawsuit,
    "complaint": remedies.receive_complaint,
}


class Desk:
    """Somebody's desk; every page opened or come to is for everybody."""

    def __init__(self, open_page: Callable[..., Any], site: str, city: City, role: str):
        client = Client()
        client.force_login(city.people[role])
        self.open_page, self.site, self.session = open_page, site, client.session.session_key

    def look(self, name: str, *args: str, query: str = "") -> Reader:
        """An address by its name."""
        mode, width = next(LOOKS)
        address = f"{self.site}{reverse(name, args=args)}{query}"
        page = self.open_page(address, mode=mode, width=width, session=self.session)
        reader = Reader(page, name.rpartition("office:")[2].replace(":", "-"))
        reader.look(f"{mode}-{width}")
        return reader

    def press(self, reader: Reader, selector: str) -> None:
        """And the page it leads to."""
        with reader.page.expect_navigation():
            reader.page.locator(selector).first.press("Enter")
        reader.look("pressed")


@pytest.fixture
def city(transactional_db: None, settings: Any, tmp_path: Any) -> City:
    settings.HOME = tmp_path
    made = small_city()
    grant(made.people["disclosure"], made.city, ["disclosure"], made.actor("administrator"), below=True)
    return made


def test_requests(open_page: Callable[..., Any], live_server: Any, city: City) -> None:
    desk = Desk(open_page, live_server.url, city, "disclosure")
    key = bring(city, "handling")
    for name in ("wizard", "fee", "split"):
        desk.look(f"office:requests:{name}", key)
    for name in ("enter", "queue"):
        desk.look(f"office:requests:{name}")
    reader = desk.look("office:requests:import")
    reader.page.locator("[name=body]").select_option("cq-office")
    reader.page.locator("[name=file]").set_input_files(
        {"name": "台账.csv", "mimeType": "text/csv", "buffer": FAULTY.encode()}
    )
    desk.press(reader, "button[name=check]")
    assert "需要更正的行" in reader.page.inner_text("main")
    reader = desk.look("office:requests:home")
    reader.page.locator("input[name=chosen]").first.check()
    desk.press(reader, "button[name=do][value=accept]")
    desk.press(reader, "main form button.btn")
    assert "已办" in reader.page.inner_text("main")


def test_remedies(open_page: Callable[..., Any], live_server: Any, city: City) -> None:
    desk = Desk(open_page, live_server.url, city, "disclosure")
    request = bring(city, "served")
    for kind, file in OPEN.items():
        key = file(city.office, by("file"), OPENING[kind] | {"request": request}).event.subject
        desk.look(f"office:remedies:{kind}s")
        desk.look(f"office:remedies:{kind}_enter", query=f"?request={request}")
        reader = desk.look(f"office:remedies:{kind}", key)
        assert request not in reader.page.inner_text("main"), "by its number, not by its key"


def test_people_and_own_account(open_page: Callable[..., Any], live_server: Any, city: City) -> None:
    today, officer = clock.today(), city.people["handler"]
    leave.take(
        officer, city.people["reviewer"], today, today + timedelta(days=3), Actor("handler", frozenset({"self"}))
    )
    desk = Desk(open_page, live_server.url, city, "administrator")
    for name in ("organs:home", "organs:people", "organs:add", "notices:failed", "identity:log"):
        desk.look(f"office:{name}")
    for name in ("organs:person", "identity:account"):
        desk.look(f"office:{name}", officer.username)
    own = Desk(open_page, live_server.url, city, "handler")
    bring(city, "registered")
    for name in (
        "organs:leave",
        "notices:home",
        "notices:wishes",
        "identity:home",
        "identity:password",
        "identity:factor",
    ):
        own.look(f"office:{name}")
