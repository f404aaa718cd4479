"""Every page of subscriptions as people see it: no breach of WCAG 2.2 AA in any mode, at any width; by keyboard alone."""

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.ledger.services import replay
from gongkai.subscriptions import services
from gongkai.subscriptions.testing import EMAIL, link, publish, subscription
from gongkai.ui.testing import MODES, WIDTHS, Reader, assert_accessible, browser, open_page  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


def test_pages(city, open_page, live_server):  # noqa: F811
    publish(city.office)
    mine, stopped = subscription("pending"), subscription("stopped")
    desk = Client()
    desk.force_login(city.people["disclosure"])
    looks = [(mode, 320) for mode in MODES] + [("default", 1280)]
    for mode, width in looks:
        for path in ("/subscribe/?kind=meeting", link(stopped), link(mine)):
            assert_accessible(open_page(live_server.url + path, mode=mode, width=width))
    for path in ("/subscribe/sent/", "/subscribe/left/", link(mine, "leave")):
        assert_accessible(open_page(live_server.url + path, width=320))
    for path in (reverse("office:subscriptions:home"), reverse("office:subscriptions:case", args=[stopped])):
        for width in WIDTHS:
            page = open_page(live_server.url + path, width=width, session=desk.session.session_key)
            assert_accessible(page)


def test_subscribing_by_keyboard(city, open_page, live_server):  # noqa: F811
    reader = Reader(open_page(f"{live_server.url}/subscribe/?kind=meeting", width=320), "subscribe")
    reader.go_to("[name=query]")
    reader.page.keyboard.type("轨道")
    reader.go_to("[name=email]")
    reader.page.keyboard.type(EMAIL)
    reader.press("main button.btn")
    reader.look("sent")
    (key,) = [row.key for row in services.Subscription.objects.all()]
    reader.page.goto(live_server.url + link(key))
    reader.press("[value=confirm]")
    reader.look("confirmed")
    assert replay(services.KIND, key).state == "active"
