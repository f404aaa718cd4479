"""Zones as people see them: accessible in every mode, maps by keyboard; and at the terminal nothing left of the last user."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from playwright.sync_api import Error

from gongkai.ledger import clock
from gongkai.ledger.services import replay
from gongkai.library import indexing
from gongkai.library.testing import shelve
from gongkai.organs.testing import small_city
from gongkai.ui.testing import Reader, assert_accessible, browser, open_page, violations  # noqa: F401
from gongkai.zones import devices, services
from gongkai.zones.testing import ANYBODY, service, zone

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
NOW = datetime(2021, 6, 1, 4, tzinfo=UTC)
PRIVATE = ("欧阳秋水", "500103197203040567", "13987654321", "轨道交通九号线")


@pytest.fixture
def city(settings, tmp_path):
    settings.HOME = tmp_path
    with clock.at(NOW):
        yield small_city()


def _zones(city):
    keys = [zone(city.district, longitude=f"106.5{n}1234", latitude=f"29.5{n}3421") for n in range(6)]
    services.do(keys[0], "suspend", ANYBODY, {"reason": "大厅维修", "until": "2021-07-01"})
    return keys


#: Pages with something of their own, each in the modes and widths that try it; tests/access looks at every page.
VISITS = (
    ("/zones/", "elder", 320),
    ("/zones/", "dark", 1280),
    ("/zones/in/cq-yuzhong/", "contrast", 320),
    ("/zones/all/", "default", 320),
    ("/zones/cq-yuzhong-z00001/", "elder", 320),
)


def test_the_finder(city, open_page, live_server):  # noqa: F811
    _zones(city)
    for page, mode, width in VISITS:
        opened = open_page(live_server.url + page, mode=mode, width=width)
        assert_accessible(opened)
        assert opened.locator("svg:visible").count() == (1 if page in ("/zones/", "/zones/in/cq-yuzhong/") else 0)
        boxes = [one.bounding_box() for one in opened.locator("svg:visible circle").all()]
        assert all(box["width"] >= 24 for box in boxes)  # large enough to touch


def test_the_map_by_keyboard(city, open_page, live_server):  # noqa: F811
    keys = _zones(city)
    reader = Reader(open_page(live_server.url + "/zones/", width=1280), "zones")
    reader.press("svg:visible a")
    assert reader.page.url.endswith("/zones/in/cq-yuzhong/")
    reader.press(f'svg:visible a[href="/zones/{keys[3]}/"]')
    assert reader.page.url.endswith(f"/zones/{keys[3]}/")


def test_the_desk(city, open_page, live_server):  # noqa: F811
    key = zone(city.office, kiosk=True)
    service(key)
    client = Client()
    client.force_login(city.people["disclosure"])
    for page in (f"{key}/", f"{key}/edit/"):
        address = f"{live_server.url}/office/zones/{page}"
        assert_accessible(open_page(address, width=320, session=client.session.session_key))


def _fill(page):
    page.click("text=申请公开")
    page.click("text=在网上提出申请")
    page.check("[name=category][value=natural_person]")
    page.fill("[name=name]", "欧阳秋水")
    page.check("[name=id_type][value=identity_card]")
    page.fill("[name=id_number]", "500103197203040567")
    page.fill("[name=phone]", "13987654321")
    page.click("main .buttons button.btn")
    page.fill("[name=content]", "请公开轨道交通九号线规划批复")
    page.check("[name=form][value=paper]")
    page.check("[name=delivery][value=collect]")
    page.click("main .buttons button.btn")
    page.click("main .buttons button.btn")


def test_the_terminal(city, open_page, live_server):  # noqa: F811
    """Search, read, apply with real touch targets; end; then go back through the whole history: nothing."""
    shelve(city.office, texts=("第一条 轨道交通的内容。",))
    indexing.drain()
    key = zone(city.office, kiosk=True)
    page = open_page(live_server.url + devices.link(key, 1), width=1280, apart=True)  # its history begins here
    assert_accessible(page)
    heights = [tile.bounding_box()["height"] for tile in page.locator(".tiles a").all()]
    assert min(heights) >= 64
    page.click("text=查信息")
    page.fill("[name=q]", "轨道交通")
    page.press("[name=q]", "Enter")
    assert_accessible(page)
    page.click(".kiosk-hits a >> nth=0")
    page.locator("[data-print]").wait_for()  # the script offers to print
    assert_accessible(page)
    for one in page.locator("header a, main button").all():
        assert one.bounding_box()["height"] >= 64
    page.click("text=返回首页")
    _fill(page)
    page.wait_for_url("**/receipt/")
    assert "渝府办依申〔" in page.content()
    assert_accessible(page)
    page.click("text=查看办理情况")
    page.click("text=结束使用")
    assert {cookie["name"] for cookie in page.context.cookies()} == {"terminal", "visit"}
    _nothing_behind(page, key)


def _nothing_behind(page, key):
    """Press back as often as the history is long; where a form was sent the browser shows a page of its own."""
    own = 0
    page.wait_for_url(f"**/kiosk/{key}/")
    for _ in range(page.evaluate("history.length") - 1):
        try:
            page.go_back(timeout=5000)
        except Error as error:
            own += "ERR_CACHE_MISS" in str(error)
            page.wait_for_timeout(200)
            continue
        seen = page.content() + page.title()
        assert not any(words in seen for words in PRIVATE)
        assert page.url.endswith(f"/kiosk/{key}/") or page.url == "about:blank", page.url
    assert own >= 1  # the steps of the form were among them


def test_the_reset_without_script(city, browser, live_server):  # noqa: F811
    """The answer's own header leads back; here it says one second instead of sixty."""
    key = zone(city.office, kiosk=True)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.route("**/read/", _sooner)
    page.goto(f"{live_server.url}/kiosk/{key}/")
    page.click("text=看公开")
    page.wait_for_url("**/read/")
    left = page.url
    page.wait_for_url(f"**/kiosk/{key}/")
    page.unroute("**/read/")
    page.goto(left)
    assert page.url.endswith(f"/kiosk/{key}/")  # the visit is over
    context.close()


def _sooner(route):
    answer = route.fetch()
    headers = answer.headers | {"refresh": answer.headers["refresh"].replace("60;", "1;")}
    route.fulfill(status=answer.status, headers=headers, body=answer.body())


def test_the_reset_with_script_counts_from_the_last_touch(city, open_page, live_server):  # noqa: F811
    key = zone(city.office, kiosk=True)
    page = open_page(f"{live_server.url}/kiosk/{key}/")
    page.clock.install()
    page.click("text=看公开")
    page.wait_for_url("**/read/")
    left = page.url
    page.clock.fast_forward(45_000)
    page.locator("#idle").wait_for(state="visible")
    assert "15" in page.inner_text("#idle") and not violations(page)
    page.click("#idle-stay")
    assert page.locator("#idle").is_hidden() and page.url == left
    page.clock.fast_forward(45_000)
    page.keyboard.press("Tab")
    page.clock.fast_forward(45_000)
    assert page.url == left  # somebody is there
    page.clock.fast_forward(20_000)
    page.wait_for_url(f"**/kiosk/{key}/")


def test_ledger_keeps_no_secret(city):
    key = zone(city.office, kiosk=True)
    assert devices.secret(key, 1) not in str(replay("zone", key))
