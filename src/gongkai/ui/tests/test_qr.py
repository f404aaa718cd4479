"""The picture of a page's address."""

import pytest
from django.test import Client

from gongkai.ui import qr

pytestmark = pytest.mark.django_db  # a page of what is missing asks which site it is on


def test_a_page_of_this_site_has_a_picture(client: Client) -> None:
    answer = client.get(qr.of("/records/a-1/@2021-12-31/"))
    assert answer["Content-Type"] == "image/svg+xml" and answer.content.startswith(b"<svg")
    assert client.get(qr.of("/records/a-2/")).content != answer.content
    assert "public" in answer["Cache-Control"]


@pytest.mark.parametrize("page", ["", "//example.org/", "https://example.org/", "/" + "a" * 400, "/a\nb"])
def test_no_other_site_has_one(client: Client, page: str) -> None:
    assert client.get("/qr.svg", {"page": page}).status_code == 404
