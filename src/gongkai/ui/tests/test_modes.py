"""Choosing how pages look, without script: the page stays the same, its last style sheet is the chosen one."""

import pytest
from django.test import Client

from gongkai.ui.modes import COLOURS, SIZES, Mode, sheets

pytestmark = pytest.mark.django_db  # the front page shows figures


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colour", COLOURS)
def test_a_choice_is_kept(client: Client, size: str, colour: str) -> None:
    answer = client.get("/mode/", {"size": size, "colour": colour, "next": "/sitemap/"})
    assert answer.status_code == 302 and answer["Location"] == "/sitemap/"
    assert client.get("/mode.css").content.decode() == sheets()[f"{size}.{colour}"]


def test_pages_are_the_same_in_every_mode(client: Client) -> None:
    for address in ("/", "/sitemap/", "/mode/", "/office/login/", "/nowhere"):
        plain = Client().get(address).content.decode()
        client.cookies["display"] = "elder.dark"
        assert '<link rel="stylesheet" href="/mode.css">' in plain
        if "csrfmiddlewaretoken" not in plain:
            assert client.get(address).content.decode() == plain


def test_the_sheet_is_asked_for_again_and_answered_shortly(client: Client) -> None:
    first = client.get("/mode.css")
    assert first["Content-Type"].startswith("text/css") and "Cookie" in first["Vary"]
    assert "no-cache" in first["Cache-Control"]
    again = {"headers": {"If-None-Match": first["ETag"]}}
    assert client.get("/mode.css", **again).status_code == 304
    client.cookies["display"] = "elder.dark"
    assert client.get("/mode.css", **again).status_code == 200


def test_every_mode_has_its_own_sheet_and_all_are_small() -> None:
    found = sheets()
    assert len(found) == len(set(found.values())) == len(SIZES) * len(COLOURS)
    assert "--size:1.5;" in found["elder.auto"] and "--size:1.5;" not in found["standard.auto"]
    assert max(map(len, found.values())) < 8_000


def test_one_choice_leaves_the_other(client: Client) -> None:
    client.get("/mode/", {"size": "elder"})
    client.get("/mode/", {"colour": "dark"})
    assert client.cookies["display"].value == "elder.dark"


@pytest.mark.parametrize("text", ["", ".", "elder", "elder.", "x.y", '"><script>.dark', "a.b.c"])
def test_a_strange_cookie_is_no_harm(client: Client, text: str) -> None:
    mode = Mode.read(text)
    assert mode.size in SIZES and mode.colour in COLOURS
    client.cookies["display"] = text
    assert client.get("/mode.css").content.decode() == sheets()[str(mode)]


@pytest.mark.parametrize("away", ["https://example.org/", "//example.org", "javascript:alert(1)", "/\\example.org", ""])
def test_the_way_back_stays_on_this_site(client: Client, away: str) -> None:
    assert client.get("/mode/", {"size": "elder", "next": away})["Location"] == "/"


def test_the_way_back_keeps_what_was_searched(client: Client) -> None:
    def back(came: str) -> str:
        asked = {"size": "elder", "next": "/search/"}
        return client.get("/mode/", asked, headers={"Referer": came})["Location"]

    assert back("http://testserver/search/?q=%E9%A2%84%E7%AE%97") == "/search/?q=%E9%A2%84%E7%AE%97"
    for other in (
        "http://testserver/records/?q=1",
        "http://example.org/search/?q=1",
        "http://testserver/search/",
        "http://[",
    ):
        assert back(other) == "/search/"


def test_what_can_be_chosen_is_shown(client: Client) -> None:
    page = client.get("/mode/").content.decode()
    assert all(words in page for words in (*SIZES.values(), *COLOURS.values()))
