"""The redaction and retention pages as people have them: narrow, wide, in elderly mode, with no fault axe can find."""

import io
from datetime import UTC, datetime

import pytest
from django.test import Client
from PIL import Image

from gongkai.ledger import attachments, clock
from gongkai.organs.testing import small_city
from gongkai.requests import redactions
from gongkai.ui.testing import assert_accessible, browser, open_page  # noqa: F401

from .paper_cases import by, decided, told

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
LOOKS = [("default", 1280), ("elder", 320), ("contrast", 1280), ("dark", 320)]


@pytest.mark.parametrize(("mode", "width"), LOOKS)
def test_every_page(open_page, live_server, settings, tmp_path, mode, width):  # noqa: F811
    settings.HOME = tmp_path
    start = datetime.now(UTC)
    with clock.at(start):
        city = small_city()
        key, kept = told(city, "accept", start=start), told(city, *decided("3.1"), "archive", start=start)
        page = io.BytesIO()
        Image.new("RGB", (300, 400), "white").save(page, "PDF")
        redactions.store(key, attachments.Upload("批复.pdf", page.getvalue()), "九号线批复", by("maker"))
        redactions.add_box(key, 1, 0, redactions.Box(10, 10, 60, 60), "3.3.4/1", by("maker"))
        redactions.make(key, 1, by("maker"))
    client = Client()
    client.force_login(city.people["disclosure"])
    session = client.session.session_key
    root = f"{live_server.url}/office/requests/"
    for url in (
        f"{key}/redaction/",
        f"{key}/redaction/1/?q=甲",
        f"{key}/redaction/1/1/",
        "retention/",
        f"{kept}/retention/",
    ):
        found = open_page(root + url, mode=mode, width=width, session=session)
        assert_accessible(found)
        assert found.evaluate("document.documentElement.scrollWidth") <= width, url
        assert found.evaluate("[...document.images].every(one => one.complete && one.naturalWidth > 0)"), url
