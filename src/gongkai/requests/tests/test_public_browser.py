"""The citizen's journey in Chromium: by keyboard alone, on a phone, in large print; every step for everybody."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongkai.organs.testing import small_city
from gongkai.requests.models import Request
from gongkai.requests.services import do
from gongkai.requests.testing import event_data
from gongkai.requests.tests.public import WHAT, WHO
from gongkai.requests.tests.test_procedure import by
from gongkai.ui.testing import assert_accessible, browser, open_page

__all__ = ["browser", "open_page"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
#: Where to leave pictures of every step, for people to look at.
PICTURES = os.environ.get("GONGKAI_TEST_PICTURES", "")


class Reader:
    """Somebody with a keyboard and nothing else."""

    def __init__(self, page: Any, mode: str):
        self.page, self.mode, self.seen = page, mode, 0

    def look(self, name: str) -> None:
        """The page as it stands is for everybody."""
        self.seen += 1
        if PICTURES:
            self.page.screenshot(path=Path(PICTURES) / f"{self.mode}-{self.seen:02}-{name}.png", full_page=True)
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


@pytest.mark.parametrize(("mode", "width"), [("default", 320), ("elder", 320), ("elder", 1280), ("contrast", 1280)])
def test_from_application_to_withdrawal(open_page: Callable[..., Any], live_server: Any, mode: str, width: int) -> None:
    small_city()
    page = open_page(live_server.url + "/apply/", mode=mode, width=width)
    reader = Reader(page, f"{mode}-{width}")
    reader.look("home")
    reader.press('a.btn[href="/apply/new/"]')
    reader.look("who")
    reader.press('button[value="next"]')
    assert page.locator(".summary a").count() >= 4
    page.complaints = [text for text in page.complaints if "422" not in text]
    reader.look("who-wrong")
    reader.write({name: value for name, value in WHO.items() if name != "body"})
    reader.press('button[value="next"]')
    reader.look("what")
    reader.write(WHAT)
    reader.press('button[value="next"]')
    reader.look("check")
    reader.press("button.btn[value=send]")
    reader.look("receipt")
    number, code = page.locator("dd strong").all_text_contents()
    reader.press('.btn[href="/apply/status/mine/"]')
    reader.look("mine")
    reader.press('form[action="/apply/status/leave/"] button')
    reader.look("status")
    reader.write({"number": number, "code": code})
    reader.press("main form button.btn")
    row = Request.objects.get(number=number)
    for event in ("confirm", "accept", "request_clarification"):
        do(row.key, event, by(event), event_data(event))
    page.reload()
    reader.look("clarifying")
    reader.go_to("details.action > summary")
    page.keyboard.press("Enter")
    reader.write({"content": "文号为渝府办〔2020〕12号"}, "clarify-")
    reader.look("clarifying-open")
    reader.press("details.action[open] button.btn")
    reader.look("clarified")
    reader.go_to("details.action > summary:has-text('撤回申请')")
    page.keyboard.press("Enter")
    reader.write({"reason": "申请人不再需要该信息"}, "withdraw-")
    reader.press("details.action[open] button.btn")
    reader.look("withdrawn")
    row.refresh_from_db()
    assert row.state == "closed"


@pytest.mark.parametrize("width", [320, 1280])
def test_other_pages(open_page: Callable[..., Any], live_server: Any, width: int) -> None:
    city = small_city()
    page = open_page(live_server.url + "/complain/", width=width)
    reader = Reader(page, f"other-{width}")
    reader.look("complain")
    complaint = {
        "door": "not_answered",
        "against": city.department.name,
        "matter": "逾期未答复",
        "content": "一直没有答复",
    }
    reader.write(complaint | {"name": "陈小明", "phone": "13800000000"})
    reader.press("main form button.btn")
    reader.look("complained")
    for name in ("form", "found"):
        page.goto(f"{live_server.url}/apply/{name}/")
        reader.look(name)
