"""The longest way through the house: applied for, partly disclosed, taken to review, corrected, decided anew.

A citizen and four officers, each with a browser of their own, on phone and desk; every page they meet is for everybody.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from gongkai.ledger.queries import verify
from gongkai.organs.models import Person
from gongkai.organs.services import grant
from gongkai.organs.testing import City, small_city
from gongkai.remedies.models import Reconsideration
from gongkai.requests.models import Request
from gongkai.requests.tests.public import WHAT, WHO
from gongkai.ui.testing import Reader, browser, open_page

__all__ = ["browser", "open_page"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

PART = {
    "clarify": "clear",
    "subject": "information",
    "owner": "ours",
    "held": "held",
    "release": "part",
    "how": "provided",
    "reply": "letter",
}
WORDS = {
    "text": "区分处理后，公开批复正文，附件中的技术方案不予公开。",
    "reason": "附件为企业提交的技术方案，公开会损害其商业秘密。",
    "findings": "批复正文可以公开，附件属于商业秘密",
    "provided": "批复正文复印件一份，随本答复书邮寄",
    "withheld": "附件中的技术方案",
}
REVIEW = {"legality": "sound", "secrecy": "cleared"}
SERVICE = {"method": "mail", "proof": "EMS 1000000000000"}


class Officer(Reader):
    """Somebody at the desk. What they have looked at once, they need not look at again."""

    glances = False

    def look(self, name: str) -> None:
        """The page as it stands, unless they only glance."""
        if not self.glances:
            super().look(name)

    def step(self, event: str, values: dict[str, str] | None = None) -> None:
        """Open a step of the case page, fill it in, send it; look before and after."""
        form = self.page.locator(f'form:has(input[name="event"][value="{event}"])').first
        details = self.page.locator("details.action", has=form).first
        details.locator("summary").focus()
        self.page.keyboard.press("Enter")
        for name, value in (values or {}).items():
            self.fill(form, f"{event}-{name}", value)
        self.look(f"{event}-open")
        with self.page.expect_navigation():
            form.locator("button.btn").first.press("Enter")
        self.look(event)
        assert self.page.locator(".wrong, .summary").count() == 0, self.page.locator("main").inner_text()

    def fill(self, form: Any, name: str, value: str) -> None:
        """One field, whatever it is."""
        field = form.locator(f'[name="{name}"]').first
        if field.get_attribute("type") == "radio":
            form.locator(f'[name="{name}"][value="{value}"]').check()
        elif field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def officer(open_page: Callable[..., Any], address: str, person: Person, mode: str, width: int) -> Officer:
    """Somebody signed in, at an address."""
    client = Client()
    client.force_login(person)
    session = client.session.session_key
    return Officer(
        open_page(address, mode=mode, width=width, session=session, apart=True), f"{person.username}-{mode}-{width}"
    )


def applied(open_page: Callable[..., Any], site: str) -> tuple[Reader, Request]:
    """The citizen sends the form on a phone and keeps the status page open."""
    citizen = Reader(open_page(f"{site}/apply/new/", mode="elder", width=320, apart=True), "citizen")
    citizen.write({name: value for name, value in WHO.items() if name != "body"})
    citizen.press('button[value="next"]')
    citizen.write(WHAT)
    citizen.press('button[value="next"]')
    citizen.press("button.btn[value=send]")
    citizen.look("receipt")
    citizen.press('.btn[href="/apply/status/mine/"]')
    citizen.look("mine")
    return citizen, Request.objects.get()


def decided(handler: Officer, others: dict[str, Officer], case: str) -> None:
    """Seven questions to the draft, the review, the signature, the service."""
    handler.page.goto(case)
    handler.press('main a[href$="/draft/"], main a[href$="/wizard/"]')
    for name, answer in PART.items():
        handler.look(name)
        handler.page.locator(f'[name="{name}"][value="{answer}"]').check()
        handler.press('button[name="asked"]')
    handler.look("leaf")
    form = handler.page.locator('form:has(input[name="event"][value="draft"])')
    for name, value in WORDS.items():
        handler.fill(form, f"draft-{name}", value)
    with handler.page.expect_navigation():
        form.locator("button.btn").press("Enter")
    handler.look("drafted")
    for role, event, values in (
        ("reviewer", "review", REVIEW),
        ("signatory", "sign", {}),
        ("registrar", "serve", SERVICE),
    ):
        others[role].page.goto(case)
        others[role].step(event, values)


def to_review(handler: Officer, disclosure: Officer, reviewer: Officer, site: str, request: str) -> None:
    """The review is entered, answered with evidence and ends in 纠正."""
    handler.page.goto(f"{site}/office/remedies/reconsideration/enter/?request={request}")
    handler.look("review-form")
    form = handler.page.locator("main form[method=post]").first
    values = {"forum": "重庆市人民政府", "matter": "对部分公开决定不服", "contested": "answer", "name": "陈小明"}
    for name, value in values.items():
        handler.fill(form, name, value)
    with handler.page.expect_navigation():
        form.locator("button.btn").first.press("Enter")
    case = handler.page.url
    handler.step("accept")
    handler.step("draft_answer", {"text": "原答复事实清楚", "evidence": "答复书\n送达回证"})
    reviewer.page.goto(case)
    reviewer.step("approve_answer")
    disclosure.page.goto(case)
    disclosure.step("conclude", {"result": "corrected", "document_number": "渝府复〔2021〕1号"})


#: How each of them works.
SCREENS = {
    "registrar": ("elder", 320), "handler": ("default", 1280), "reviewer": ("dark", 320), "signatory": ("elder", 1280),
    "disclosure": ("contrast", 1280),
}  # fmt: skip


def test_to_the_new_decision(open_page: Callable[..., Any], live_server: Any) -> None:
    city: City = small_city()
    site = live_server.url
    citizen, row = applied(open_page, site)
    case = f"{site}/office/requests/{row.key}/"
    grant(city.people["disclosure"], city.office, ["disclosure"], city.actor("administrator"))
    at_desk = {role: officer(open_page, case, city.people[role], *screen) for role, screen in SCREENS.items()}
    at_desk["registrar"].step("confirm", {"how": "电话确认"})
    at_desk["registrar"].step("assign", {"unit": "政务公开处", "handler": "handler"})
    at_desk["handler"].page.goto(case)
    at_desk["handler"].step("accept")
    decided(at_desk["handler"], at_desk, case)
    citizen.page.reload()
    citizen.look("served")
    assert citizen.page.locator("main").inner_text().count("已送达")
    to_review(at_desk["handler"], at_desk["disclosure"], at_desk["reviewer"], site, row.key)
    row.refresh_from_db()
    assert row.state == "handling"
    assert Reconsideration.objects.get().state == "concluded"
    for one in at_desk.values():
        one.glances = True
    decided(at_desk["handler"], at_desk, case)
    citizen.page.reload()
    citizen.look("served-anew")
    row.refresh_from_db()
    assert (row.state, row.leaf) == ("served", "3.2")
    assert verify().broken is None
