"""What a process keeps between two questions never reaches a reader it is not for: pages asked by turns, of two sites, by
readers with and without a session, in two display modes, are what each is when nothing was kept."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory

from gongkai.ledger import memo
from gongkai.library import indexing
from gongkai.library.testing import shelve
from gongkai.organs.testing import City, small_city
from gongkai.sites import services, testing
from gongkai.sites.testing import MARKS, by
from gongkai.ui import stencils
from gongkai.ui.context import Site

pytestmark = pytest.mark.django_db
PUBLIC = (
    "/",
    "/s/plan/",
    "/search/?q=轨道",
    "/search/?q=公租房",
    "/search/",
    "/records/open-00001/",
    "/s/plan/sitemap/",
)
DESK = "/office/library/search/?q=轨道"


@pytest.fixture
def city(settings: Any, tmp_path: Path) -> Iterator[City]:
    """Two sites, what is public and what is not, in a home of its own."""
    settings.HOME = tmp_path
    indexing.directory().mkdir()
    city = small_city()
    shelve(city.office, ("轨道交通。",), key="open-00001", title="公开的办法")
    shelve(city.office, ("轨道交通。",), key="draft-00001", title="本机关的草稿", public=False)
    shelve(city.department, ("轨道交通。",), key="draft-00002", title="别人的草稿", public=False)
    indexing.rebuild()
    testing.site(city.office, pack="standard")
    testing.site(city.department, "plan", main=False, pack="standard", name="重庆市发展和改革委员会", tint="teal")
    yield city
    indexing._open.clear()


def forget() -> None:
    """The process knows nothing, as when it has just begun."""
    memo._kept.clear()
    stencils._page.cache_clear()
    stencils._pieces.cache_clear()


def readers(city: City) -> dict[str, Client]:
    """Nobody, an officer of the office, one who wants large white letters."""
    made = {name: Client() for name in ("nobody", "officer", "elder")}
    made["officer"].force_login(city.people["handler"])
    made["elder"].cookies["display"] = "elder.contrast"
    return made


def untold(page: bytes) -> str:
    """A page but for the token of its forms, which is another one each time."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", page.decode())


def test_by_turns_and_alone_are_the_same(city: City) -> None:
    who = readers(city)
    asked = [(name, url) for name in who for url in (*PUBLIC, "/mode.css")] + [("officer", DESK)]
    alone = {}
    for name, url in asked:
        forget()
        answer = who[name].get(url)
        assert answer.status_code == 200, url
        alone[name, url] = untold(answer.content)
    for first, second in itertools.permutations(asked[:: len(asked) // 12], 2):
        for name, url in (first, second, first):
            assert untold(who[name].get(url).content) == alone[name, url], (name, url, first, second)
    for name, url in [*asked, *reversed(asked)]:
        assert untold(who[name].get(url).content) == alone[name, url], (name, url)
    assert "本机关的草稿" in alone["officer", DESK] and "别人的草稿" not in alone["officer", DESK]
    assert all("草稿" not in alone[name, url] for name in who for url in PUBLIC)
    assert alone["nobody", "/mode.css"] != alone["elder", "/mode.css"]
    assert alone["nobody", "/"] != alone["nobody", "/s/plan/"]


def test_a_message_is_for_the_one_it_waits_for(city: City) -> None:
    url, left, other = "/search/?q=轨道", Client(), Client()
    plain = other.get(url).content
    left.post("/real-name/out/")
    assert "已退出实名登录" in left.get(url).content.decode()
    assert other.get(url).content == plain == left.get(url).content


def test_a_page_with_a_message_is_the_page_and_the_message(city: City) -> None:
    """Drawn in full and put together it is the same page."""
    url, left = "/search/?q=轨道", Client()
    left.post("/real-name/out/")
    told, plain = (left.get(url).content.decode() for _ in range(2))
    message = re.compile(r'<div role="status">\s*<div class="notice [^"]*"><p>.*?</p></div>\s*</div>')
    assert len(message.findall(told)) == 1
    assert message.sub("", told).split() == plain.split()


def test_another_name_of_the_site_is_seen_at_once(city: City) -> None:
    client = Client()
    assert "重庆市人民政府" in client.get("/search/?q=轨道").content.decode()
    services.do_site("main", "change", by("change"), {**MARKS, "name": "山城人民政府"})
    assert "<title>搜索：轨道 - 山城人民政府</title>" in client.get("/search/?q=轨道").content.decode()


def test_what_is_withdrawn_is_not_found_even_before_the_index_knows(city: City) -> None:
    from gongkai.records.models import Record

    client = Client()
    assert "公开的办法" in client.get("/search/?q=轨道").content.decode()
    Record.objects.filter(key="open-00001").update(public=False)
    assert "公开的办法" not in client.get("/search/?q=轨道").content.decode()


def test_a_stencil_of_a_page_knows_its_site_and_its_path() -> None:
    """Two sites and two addresses by turns, with the same words."""
    for name, path in itertools.product(("甲", "乙", "甲"), ("/a/", "/b/", "/a/")):
        request = RequestFactory().get(path)
        request.site = Site(government=name, key=name, mistakes="/mistakes/new/")  # type: ignore[attr-defined]
        request._messages = ()  # type: ignore[attr-defined]
        told = {"title": "<搜索>", "query": "", "total": "3"}
        text = stencils.page(request, "library/search.html", {"anything": True}, told).content.decode()
        assert f'content="{name}"' in text and f"page={path}" in text and "<title>&lt;搜索&gt; - " in text
