"""The bar of the desk in a browser: one line where there is room, and every section within reach in every mode."""

import pytest
from django.test import Client

from gongkai.ledger.services import SYSTEM
from gongkai.organs.rights import GRANTABLE
from gongkai.organs.services import grant
from gongkai.organs.testing import small_city
from gongkai.ui.testing import assert_accessible, browser, open_page  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
#: Mode, width, and the lines of links the bar may take.
LOOKS = [("default", 1280, 1), ("elder", 1280, 1), ("default", 320, 2), ("elder", 320, 4)]


@pytest.mark.parametrize(("mode", "width", "lines"), LOOKS)
def test_every_section_is_within_reach(open_page, live_server, mode, width, lines):  # noqa: F811
    city = small_city()
    person = city.people["administrator"]
    grant(person, city.office, [role for role in GRANTABLE if role != "administrator"], SYSTEM)
    client = Client()
    client.force_login(person)
    page = open_page(f"{live_server.url}/office/organs/", mode=mode, width=width, session=client.session.session_key)
    bar = page.locator("header.bar").bounding_box()
    assert bar["height"] <= lines * page.locator(".bar-name").bounding_box()["height"] * 1.3
    page.locator(".bar-menu summary").click()
    shown = page.locator("header.bar nav a:visible")
    assert sorted(shown.all_inner_texts()) == sorted(page.locator(".bar-menu a").all_text_contents())
    assert len(shown.all_inner_texts()) > 10
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".bar-menu a", has_text="台账核验").click()
    page.wait_for_url("**/office/ledger/")
