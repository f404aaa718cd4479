"""Choosing how pages look, without script."""

import pytest
from django.test import Client

from gongkai.ui.modes import COLOURS, SIZES, Mode

pytestmark = pytest.mark.django_db  # the front page shows figures


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colour", COLOURS)
def test_a_choice_is_kept_on_every_page(client: Client, size: str, colour: str) -> None:
    answer = client.get("/mode/", {"size": size, "colour": colour, "next": "/sitemap/"})
    assert answer.status_code == 302 and answer["Location"] == "/sitemap/"
    for address in ("/", "/sitemap/", "/office/login/", "/nowhere"):
        assert f'data-mode="{size}" data-colour="{colour}"' in client.get(address).content.decode()


def test_one_choice_leaves_the_other(client: Client) -> None:
    client.get("/mode/", {"size": "elder"})
    client.get("/mode/", {"colour": "dark"})
    assert client.cookies["display"].value == "elder.dark"


@pytest.mark.parametrize("text", ["", ".", "elder", "elder.", "x.y", '"><script>.dark', "a.b.c"])
def test_a_strange_cookie_is_no_harm(client: Client, text: str) -> None:
    mode = Mode.read(text)
    assert mode.size in SIZES and mode.colour in COLOURS
    client.cookies["display"] = text
    assert "<script" not in client.get("/").content.decode()


@pytest.mark.parametrize("away", ["https://example.org/", "//example.org", "javascript:alert(1)", "/\\example.org", ""])
def test_the_way_back_stays_on_this_site(client: Client, away: str) -> None:
    assert client.get("/mode/", {"size": "elder", "next": away})["Location"] == "/"


def test_what_can_be_chosen_is_shown(client: Client) -> None:
    page = client.get("/mode/").content.decode()
    assert all(words in page for words in (*SIZES.values(), *COLOURS.values()))
    assert client.get("/mode/")["Vary"].find("Cookie") >= 0
