"""The pages of the shell, looked at in Chromium: WCAG 2.2 AA in every mode, at phone and desk width."""

from collections.abc import Callable
from typing import Any

import pytest

from gongkai.ui.testing import MODES, WIDTHS, assert_accessible, browser, open_page

__all__ = ["browser", "open_page"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
PAGES = ("/office/kit/", "/office/login/", "/")


@pytest.fixture(autouse=True)
def with_kit(settings: Any) -> None:
    settings.KIT = True


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("mode", MODES)
def test_pages_are_for_everybody(open_page: Callable[..., Any], live_server: Any, mode: str, address: str) -> None:
    page = open_page(live_server.url + address, mode=mode)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)


def test_settings_and_missing_page(open_page: Callable[..., Any], live_server: Any) -> None:
    for address in ("/mode/", "/nowhere"):
        page = open_page(live_server.url + address, width=320)
        # The address that is meant to be missing is reported by the console as such.
        page.complaints = [text for text in page.complaints if "404" not in text]
        assert_accessible(page)


def test_every_open_action_is_accessible(open_page: Callable[..., Any], live_server: Any) -> None:
    page = open_page(live_server.url + "/office/kit/", width=320)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    assert_accessible(page)


def test_elder_is_large_and_has_large_targets(open_page: Callable[..., Any], live_server: Any) -> None:
    page = open_page(live_server.url + "/office/kit/", mode="elder")
    small = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(e => [...e.childNodes].some(n => n.nodeType == 3
        && n.textContent.trim()) && e.checkVisibility() && !e.closest('.hidden') && parseFloat(getComputedStyle(e).fontSize) < 24)
        .map(e => e.outerHTML.slice(0, 90))"""
    )
    assert not small, small
    low = page.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, select, input:not([type=hidden])')].filter(e =>
        e.checkVisibility() && !e.closest('.skip, p, label') && e.getBoundingClientRect().height < 44)
        .map(e => e.outerHTML.slice(0, 90))"""
    )
    assert not low, low


def test_keyboard_reaches_the_text_first(open_page: Callable[..., Any], live_server: Any) -> None:
    page = open_page(live_server.url + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_the_switch_works_without_script(browser: Any, live_server: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + "/sitemap/")
    assert page.locator("text=退出长者版").is_hidden()
    with page.expect_navigation():  # to the same address: without waiting the old page answers
        page.click("text=长者版")
    assert (
        page.url.endswith("/sitemap/") and page.locator("main").evaluate("e => getComputedStyle(e).fontSize") == "24px"
    )
    assert page.locator("text=退出长者版").is_visible()
    context.close()
