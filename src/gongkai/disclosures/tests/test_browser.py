"""Every page of the log as people see it: no breach of WCAG 2.2 AA in any mode, at any width."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.disclosures import services
from gongkai.disclosures.testing import item, served
from gongkai.ledger import clock
from gongkai.organs.testing import small_city
from gongkai.requests import queries as requests
from gongkai.requests.models import Request
from gongkai.ui.testing import MODES, WIDTHS, assert_accessible, browser, open_page, violations  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
NOW = datetime(2021, 3, 1, 4, tzinfo=UTC)


@pytest.fixture
def city(settings, tmp_path):
    settings.HOME = tmp_path
    with clock.at(NOW):
        yield small_city()


def test_public_pages(city, open_page, live_server):  # noqa: F811
    key = item(city.office)
    item(city.office, title="申请公开供水价格调整方案")
    for mode in MODES:
        for width in WIDTHS:
            for page in ("/disclosed/", "/disclosed/?q=没有这样的信息", f"/disclosed/{key}/"):
                assert_accessible(open_page(live_server.url + page, mode=mode, width=width))


@pytest.mark.parametrize("width", WIDTHS)
def test_desk_pages(city, open_page, live_server, width):  # noqa: F811
    key, request = item(city.office, "amending"), served(city.office)
    proposal = services.suggest(request, "涉及沿线居民").event.subject
    client = Client()
    client.force_login(city.people["disclosure"])
    pages = [
        reverse("office:disclosures:home"),
        reverse("office:disclosures:proposals"),
        reverse("office:disclosures:propose", args=[request]),
        reverse("office:disclosures:item", args=[key]),
        reverse("office:disclosures:edit", args=[key]),
        reverse("office:disclosures:proposal", args=[proposal]),
        reverse("office:requests:case", args=[request]),
    ]
    for page in pages:
        opened = open_page(live_server.url + page, width=width, session=client.session.session_key)
        assert_accessible(opened)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_applicants_page(city, open_page, live_server, width):  # noqa: F811
    row = Request.objects.get(key=served(city.office))
    page = open_page(f"{live_server.url}/apply/status/", width=width)
    page.fill("[name=number]", row.number)
    page.fill("[name=code]", requests.query_code(row.key))
    page.click("main button.btn")
    page.click("text=建议主动公开")
    assert_accessible(page)
    page.click("text=提出建议")  # nothing written
    assert not violations(page) and "请填写“建议理由”" in page.inner_text("main")
    page.complaints.clear()  # the browser tells of the 422
    page.fill("[name=why]", "涉及沿线居民")
    page.click("text=提出建议")
    assert "待研究" in page.inner_text("main")
    assert_accessible(page)
