"""Widgets and their page as people see them: no breach of WCAG 2.2 AA, light and dark, also in a frame of another page."""

from datetime import date

import pytest

from gongkai.library.testing import shelve
from gongkai.organs.testing import small_city
from gongkai.reporting.testing import bring
from gongkai.ui.testing import WIDTHS, assert_accessible, browser, open_page  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def city(transactional_db, settings, tmp_path):
    settings.HOME = tmp_path
    return small_city()


def test_widgets(city, open_page, live_server):  # noqa: F811
    shelve(city.office, title="轨道交通建设管理办法", published_on=date(2021, 3, 4))
    bring(city.office, 2020, "published")
    for width in WIDTHS:
        assert_accessible(open_page(f"{live_server.url}/widgets/", width=width))
        for path in (
            "latest/?kind=policy",
            "latest/?kind=policy&colour=dark",
            "latest/?kind=budget",
            "figure/?figure=t3.1.total",
        ):
            page = open_page(f"{live_server.url}/widgets/{path}", width=width)
            assert_accessible(page)
    page.set_content(
        f'<html lang="zh"><title>x</title><iframe title="x" src="{live_server.url}/widgets/latest/?kind=policy"></iframe>'
    )
    assert page.frame_locator("iframe").locator("li a").inner_text() == "轨道交通建设管理办法"
