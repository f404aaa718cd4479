"""The desk of norms as people see it: no breach of WCAG 2.2 AA at any width, and usable at 320 pixels."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.ledger import clock
from gongkai.ledger.services import Actor
from gongkai.norms import services
from gongkai.norms.cleanup import services as cleanups
from gongkai.norms.testing import TEXT, event_data
from gongkai.norms.tests.test_cleanup import existing
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import small_city
from gongkai.text.provisions import Provision
from gongkai.text.versions import Action, Amendment
from gongkai.ui.testing import WIDTHS, assert_accessible, browser, open_page  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
ALL = Actor("clerk", frozenset(ROLES))


@pytest.fixture
def city(settings, tmp_path):
    settings.HOME = tmp_path
    with clock.at(datetime(2021, 3, 1, 4, tzinfo=UTC)):
        yield small_city()


def test_every_page(city, open_page, live_server):  # noqa: F811
    one, two, *_ = existing(city, 4, city.office)
    services.do("norm", one, "set_text", ALL, {"text": TEXT})
    change = Amendment(
        Action.REPLACE, Provision(article=2), date(2021, 1, 1), text="本办法适用于轨道交通的建设和运营。"
    )
    services.amend(one, ALL, {"by": "修改决定（渝府发〔2021〕9号）"}, [change])
    services.do("norm", two, "repeal", ALL, {"by": "新办法", "by_norm": one})
    key = cleanups.start("open", city.office, ALL, event_data("cleanup", "open")).event.subject
    cleanups.do(key, "draw", ALL)
    client = Client()
    client.force_login(city.people["disclosure"])
    pages = {"home": (), "case": (one,), "text": (one,), "amend": (one,), "balance": (), "cleanups": ()}
    pages |= {"cleanup_open": (), "cleanup": (key,), "cleanup_items": (key,)}
    narrow, wide = WIDTHS
    shown = [(name, args, narrow) for name, args in pages.items()]
    shown += [("case", (two,), wide), ("text", (one,), wide), ("cleanup_items", (key,), wide)]
    for name, args, width in shown:
        url = live_server.url + reverse(f"office:norms:{name}", args=args)
        assert_accessible(open_page(url, width=width, session=client.session.session_key))
    page = open_page(live_server.url + reverse("office:norms:cleanup_items", args=[key]), width=narrow,
                     session=client.session.session_key)  # fmt: skip
    page.check("input[name=chosen] >> nth=0")
    page.click("text=提出处理意见")
    assert_accessible(page)
    page.check("text=保留")
    page.click("text=提出处理意见 1 件")
    assert "已办：提出处理意见 1 件" in page.inner_text("main")
