"""The citizen's journey in Chromium: by keyboard alone, on a phone, in large print; every step for everybody."""

from collections.abc import Callable
from typing import Any

import pytest

from gongkai.organs.testing import small_city
from gongkai.requests.models import Request
from gongkai.requests.services import do
from gongkai.requests.testing import event_data
from gongkai.requests.tests.public import WHAT, WHO
from gongkai.requests.tests.test_procedure import by
from gongkai.ui.testing import Reader, browser, open_page

__all__ = ["browser", "open_page"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


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
