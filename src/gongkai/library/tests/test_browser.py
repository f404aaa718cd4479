"""The pages of the library as people have them: every mode, narrow and wide, on a text with everything in it."""

from datetime import date

import pytest

from gongkai.library import indexing
from gongkai.library.testing import TEXT, shelve
from gongkai.organs.testing import small_city
from gongkai.records.shelf import Link
from gongkai.ui.testing import assert_accessible, browser, open_page  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
TABLE = "\n\n第二章 附则\n\n第四条 收费标准如下：\n\n| 项目 | 元 |\n| --- | --- |\n| 复印 | 1 |\n\n重庆市人民政府\n\n2021年3月1日\n"


@pytest.fixture
def library():
    """Two records that know each other; the newer one amended."""
    city = small_city()
    old = shelve(city.office, title="重庆市轨道交通旧办法", ceased_on=date(2021, 1, 1), ended_how="repealed")
    cites = TEXT + "\n第五条 《重庆市轨道交通旧办法》第二条第一款同时废止。"
    new = shelve(
        city.office, [TEXT, cites + TABLE], title="重庆市轨道交通建设管理办法", links=[Link("repeals", target=old)],
        attachment="附件", document_number="渝府令〔2021〕第350号", theme="城乡建设、环境保护\\城乡规划",
    )  # fmt: skip
    indexing.drain()
    return new


#: Each page in the modes and widths where it has shown faults of its own; tests/access puts every page before axe too.
NARROW_AND_WIDE = [("default", 320), ("elder", 320), ("contrast", 320), ("dark", 1280)]
PAGES = {
    "/records/{key}/": NARROW_AND_WIDE,
    "/records/{key}/compare/1/2/": NARROW_AND_WIDE[1:],
    "/search/?q=轨道+公开": NARROW_AND_WIDE,
    "/search/?q=没有这个": NARROW_AND_WIDE[1:2],
    "/records/list/": NARROW_AND_WIDE[1:2],
}


def test_pages_are_for_everybody(open_page, live_server, library, subtests):  # noqa: F811
    for page, ways in PAGES.items():
        for mode, width in ways:
            with subtests.test(page, mode=mode, width=width):
                assert_accessible(open_page(live_server.url + page.format(key=library), mode=mode, width=width))


def test_by_keyboard_and_on_paper(open_page, live_server, library):  # noqa: F811
    """A provision is reached and shown by keyboard; what is printed has no controls."""
    page = open_page(f"{live_server.url}/records/{library}/#art-2-p1-i2")
    assert page.locator(":target").inner_text().startswith("（二）公开透明")
    link = page.locator("#art-3 a.here").first
    link.focus()
    assert link.evaluate("one => getComputedStyle(one).opacity") == "1"
    page.keyboard.press("Enter")
    assert page.url.endswith("#art-3")
    page.emulate_media(media="print")
    assert not page.locator(".contents, .here, .mast .search, .tools").evaluate_all(
        "all => all.filter(one => getComputedStyle(one).display !== 'none').length"
    )
    assert page.locator("#art-2-p1-i2").is_visible()


def test_tools_are_for_everybody(open_page, live_server, library):  # noqa: F811
    """All of them open, in the largest type on the narrowest screen, and in the colours of a device."""
    page = open_page(f"{live_server.url}/records/{library}/", mode="elder", width=320)
    page.evaluate(
        "document.querySelectorAll('.tools details').forEach(d => { d.removeAttribute('name'); d.open = true })"
    )
    page.locator(".share img").scroll_into_view_if_needed()
    assert page.locator(".share img").evaluate("one => one.decode().then(() => true)")
    assert_accessible(page)
    low = page.locator(".tools :is(a, summary, button:not([hidden]))").evaluate_all(
        "all => all.filter(one => one.checkVisibility() && !one.closest('p:not(.sizes, .buttons)'))"
        ".filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"
    )
    assert not low, low
    assert page.locator("[data-print]").is_visible(), "the script gives the button"
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert_accessible(page)
    with page.expect_navigation():  # to the same address: without waiting the old page answers
        page.click("text=最大")
    assert page.url.endswith(f"/records/{library}/")
    assert page.evaluate("[getComputedStyle(document.querySelector('.record-text')).fontSize, innerWidth]") == [
        "36px",
        320,
    ]
    assert_accessible(page)
