"""Every page of the product is for everybody: its HTML is valid, axe finds nothing, nothing is wider than a phone,
nothing complains.

Each page is looked at in one mode and width, in turn, and held to the width of a phone in large print; in all of them with
``GONGKAI_THOROUGH=1``.
"""

import mimetypes
import os
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from gongkai.ui import modes
from gongkai.ui.testing import MODES, PICTURES, WIDTHS, assert_accessible, assert_fits, assert_valid, browser
from gongkai.ui.testing import window as own_window

from .asking import address, ask
from .objects import World
from .table import TABLE

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db]

HOUSE = "http://localhost"
LOOKS = [(mode, width) for width in WIDTHS for mode in MODES]
PAGES = [name for name, row in TABLE.items() if row.gets and not row.says[0] and not name.startswith("api:")]
ASKED = [
    pytest.param(name, *look, id=f"{name}-{look[0]}-{look[1]}")
    for number, name in enumerate(PAGES)
    for look in (LOOKS if os.environ.get("GONGKAI_THOROUGH") else [LOOKS[number % len(LOOKS)]])
]


@pytest.fixture(scope="module")
def window(browser: Any) -> Iterator[Any]:
    """A page whose whole internet is this house; what it shows is put into ``window.shown``."""
    page: Any = own_window(browser)
    page.shown = {}

    def fulfil(route: Any) -> None:
        path = route.request.url.removeprefix(HOUSE)
        if path in page.shown:
            answer = page.shown[path]
            route.fulfill(status=200, headers=dict(answer.headers), body=answer.text_of)
        elif path.startswith("/static/") and (found := finders.find(path.removeprefix("/static/"))):
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            route.fulfill(status=200, content_type=kind, body=Path(str(found)).read_bytes())
        elif path == "/mode.css":
            route.fulfill(status=200, content_type="text/css", body=modes.sheets()[page.mode])
        else:
            route.fulfill(status=204)

    page.route("**/*", fulfil)
    yield page
    page.context.close()


@pytest.mark.parametrize(("name", "mode", "width"), ASKED)
def test_page_is_for_everybody(world: World, window: Any, name: str, mode: str, width: int) -> None:
    row = TABLE[name]
    url = address(name, row, world)
    signed_in = (world.nobody if row.open else world.near[min(row.gets)]).cookies
    client = Client(raise_request_exception=False)
    client.cookies = SimpleCookie({key: morsel.value for key, morsel in signed_in.items()})
    answer = ask(url, client)
    if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
        return  # a file, or the way to another page
    assert_valid(answer.text_of.decode())
    window.shown[url] = answer
    window.complaints.clear()
    _turn(window, url, mode, width)
    if PICTURES:
        window.screenshot(path=Path(PICTURES) / f"{name.replace(':', '-')}-{mode}-{width}.png", full_page=True)
    assert_accessible(window)
    _turn(window, url, "elder", 320)  # where room is least
    assert_fits(window)


def _turn(window: Any, url: str, mode: str, width: int) -> None:
    window.mode = MODES[mode]
    window.set_viewport_size({"width": width, "height": 900})
    window.goto(HOUSE + url)
