"""The pages of reports, looked at in Chromium: WCAG 2.2 AA, standard and elder, phone and desk width."""

import os
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from gongkai.ledger import clock
from gongkai.organs.testing import small_city
from gongkai.reporting.queries import rows_url
from gongkai.reporting.testing import bring
from gongkai.ui.testing import WIDTHS, assert_accessible, browser, open_page

from .conftest import NEW_YEAR_2022

__all__ = ["browser", "open_page"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
#: GONGKAI_THOROUGH=1 looks at every page in every mode and width.
THOROUGH = bool(os.environ.get("GONGKAI_THOROUGH"))
PUBLIC = (
    "/reports/", "/reports/cq-office/2021/", "/figures/about/t3.1.total/", "/figures/2021/cq-office/", "/figures/2021/",
    "/figures/", "/figures/search/?q=申请", "/reports/cq-office/compare/", "/reports/cq-office/compare/2019/2021/",
    "/reports/2021/",
)  # fmt: skip
OFFICE = (
    "/office/reporting/", "/office/reporting/compile/", "/office/reporting/reports/cq-office-2020/",
    "/office/reporting/reports/cq-office-2020/text/", rows_url("t3.1.total", "cq-office", 2021),
)  # fmt: skip
#: Each page in one mode and width; the big tables in all of them.
EVERYWHERE = ("/reports/cq-office/2021/", "/office/reporting/reports/cq-office-2020/")


def test_pages_are_for_everybody(open_page: Callable[..., Any], live_server: Any, client: Any) -> None:
    with clock.at(NEW_YEAR_2022):
        city = small_city()
        bring(city.office, 2019, "published")
        bring(city.office, 2021, "published")
        bring(city.office, 2020, "draft")
    client.force_login(city.people["disclosure"])
    session = client.session.session_key
    looks = list(product(("default", "elder"), WIDTHS))
    for number, address in enumerate((*PUBLIC, *OFFICE)):
        for mode, width in looks if address in EVERYWHERE or THOROUGH else [looks[number % len(looks)]]:
            signed_in = session if address.startswith("/office/") else None
            assert_accessible(open_page(live_server.url + address, mode=mode, width=width, session=signed_in))
