"""Looking at pages as people do: a browser for tests, and the check every page must pass.

A test module asks for the fixtures by importing them, and marks itself::

    from gongkai.ui.testing import assert_accessible, browser, open_page  # noqa: F401
    pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

    @pytest.mark.parametrize("mode", MODES)
    def test_list(open_page, live_server, mode):
        assert_accessible(open_page(live_server.url + "/office/requests/", mode=mode, width=320))
"""

import atexit
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urljoin

import pytest

from .modes import COOKIE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
#: The modes to look at a page in, as the cookie says them.
MODES = {
    "default": "standard.light",
    "elder": "elder.light",
    "contrast": "standard.contrast",
    "dark": "standard.dark",
}
WIDTHS = (320, 1280)
#: Where to leave pictures of every step, for people to look at.
PICTURES = os.environ.get("GONGKAI_TEST_PICTURES", "")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@cache
def _chromium() -> "Browser":
    """One browser for the process: every module's fixture is this one, since a process can run only one Playwright."""
    from playwright.sync_api import sync_playwright

    playwright = sync_playwright().start()
    chromium = playwright.chromium.launch(
        executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
    )
    atexit.register(lambda: (chromium.close(), playwright.stop()))
    return chromium


@pytest.fixture(scope="session")
def browser() -> "Browser":
    """Debian's Chromium; tests that need it are skipped, with a word, where it is missing."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is missing: apt-get install chromium")
    return _chromium()


@cache
def axe() -> str:
    """The script that looks for breaches."""
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def window(browser: "Browser") -> "Page":
    """A fresh window. It has axe at hand; what the console complains of is kept in ``page.complaints``."""
    context = browser.new_context(locale="zh-CN")
    context.add_init_script(axe())
    page: Any = context.new_page()
    page.complaints, page.crashed, page.protocol = [], False, context.new_cdp_session(page)
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("crash", lambda _: setattr(page, "crashed", True))
    return cast("Page", page)


#: The window of this process: opening one for each look takes longer than looking.
_windows: list[Any] = []


def close_window() -> None:
    """Close it; the next test opens another."""
    while _windows:
        _windows.pop().context.close()


@pytest.fixture
def open_page(browser: "Browser") -> Iterator[Callable[..., "Page"]]:
    """``open_page(address, mode=…, width=…, session=…)``: the window, turned to a page as one reader has it.

    ``mode`` is a key of :data:`MODES`, ``session`` the session key of somebody signed in
    (``client.force_login(person); client.session.session_key``). ``apart``: a window of its own, for readers who are there
    at the same time. What the console complains of, a breach of the content security policy above all, is kept in
    ``page.complaints`` and fails :func:`assert_accessible`.
    """
    apart_ones = []

    def open_(
        address: str, *, mode: str = "default", width: int = 1280, session: str | None = None, apart: bool = False
    ) -> "Page":
        if apart:
            apart_ones.append(page := window(browser))
        else:
            if _windows and (_windows[0].crashed or _windows[0].is_closed()):
                close_window()
            page = _windows[0] if _windows else window(browser)
            _windows[:] = [page]
        _turn(page, address, MODES[mode], width, session)
        return page

    yield open_
    for page in apart_ones:
        page.context.close()
    for page in _windows:
        page.goto("about:blank")


def _turn(page: Any, address: str, mode: str, width: int, session: str | None) -> None:
    page.goto("about:blank")
    site = urljoin(address, "/")  # a cookie's path is its address's
    cookies: list[Any] = [{"name": COOKIE, "value": mode, "url": site}]
    if session:
        cookies.append({"name": "sessionid", "value": session, "url": site})
    page.protocol.send("Network.clearBrowserCache")  # in another test the same address says something else
    page.context.clear_cookies()
    page.context.add_cookies(cookies)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(media="null", color_scheme="null", reduced_motion="null", forced_colors="null", contrast="null")
    page.complaints.clear()
    page.goto(address)


def violations(page: "Page") -> list[str]:
    """What axe finds against WCAG 2.2 A and AA, one line each."""
    from playwright.sync_api import Error

    try:
        found = _judged(page)
    except Error:  # the page was just being left: the one it leads to is judged
        found = _judged(page)
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def _judged(page: "Page") -> list[dict[str, Any]]:
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe())
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": WCAG}}
    found: list[dict[str, Any]] = page.evaluate(
        "options => axe.run(document, options).then(all => all.violations)", options
    )
    return found


def assert_accessible(page: "Page") -> None:
    """No breach of WCAG 2.2 AA, nothing wider than the screen, no complaint in the console."""
    faults = violations(page)
    assert not faults, "\n".join(faults)
    assert_fits(page)
    assert not page.complaints, page.complaints  # type: ignore[attr-defined]


def assert_fits(page: "Page") -> None:
    """Nothing is wider than the screen."""
    width, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width <= room, f"the page is {width} px wide on a screen of {room} px"


def assert_valid(html: str) -> None:
    """HTML without a parse error (html5lib, strict), without two elements of one id, without a label for nothing."""
    import html5lib

    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    try:
        document = parser.parse(html)
    except html5lib.html5parser.ParseError as error:
        line, column = parser.tokenizer.stream.position()
        raise AssertionError(f"{error}: {html.splitlines()[line - 1][max(0, column - 120) : column + 20]}") from None
    ids = [element.get("id") for element in document.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), f"more than once: {sorted({one for one in ids if ids.count(one) > 1})}"
    for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
        asked = {word for element in document.iter() for word in (element.get(name) or "").split()}
        assert asked <= set(ids), f"{name} leads nowhere: {asked - set(ids)}"


class Reader:
    """Somebody with a keyboard and nothing else; ``name`` heads the pictures of what they saw."""

    def __init__(self, page: "Page", name: str):
        self.page, self.name, self.seen = page, name, 0

    def look(self, name: str) -> None:
        """The page as it stands is for everybody."""
        self.seen += 1
        if PICTURES:
            self.page.screenshot(path=Path(PICTURES) / f"{self.name}-{self.seen:02}-{name}.png", full_page=True)
        assert_accessible(self.page)

    def go_to(self, selector: str) -> None:
        """Press Tab until the element has the focus."""
        target = self.page.locator(selector).first
        for _ in range(120):
            self.page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"no way to {selector} by keyboard")

    def write(self, values: dict[str, str], prefix: str = "") -> None:
        """Fill in fields in their order: text is typed, choices are made with arrows."""
        for name, value in values.items():
            choice = self.page.locator(f'[name="{prefix}{name}"][type="radio"]')
            if choice.count():
                self.go_to(f'[name="{prefix}{name}"]')
                self.page.keyboard.press("Space")
                while not self.page.locator(f'[name="{prefix}{name}"][value="{value}"]').is_checked():
                    self.page.keyboard.press("ArrowDown")
            elif self.page.locator(f'select[name="{prefix}{name}"]').count():
                continue
            else:
                self.go_to(f'[name="{prefix}{name}"]')
                self.page.keyboard.type(value)

    def press(self, selector: str) -> None:
        """Go there and press Enter."""
        self.go_to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
