"""The kiosk mode: one visit, in its shell, with the reset; nothing of it left for the next."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from lxml import html

from gongkai.interaction.models import Message
from gongkai.ledger import clock
from gongkai.ledger.services import replay
from gongkai.library import indexing
from gongkai.library.testing import shelve
from gongkai.organs.testing import small_city
from gongkai.requests.models import Request
from gongkai.ui.testing import assert_valid
from gongkai.zones import devices, services
from gongkai.zones.testing import ANYBODY, zone

NOW = datetime(2021, 6, 1, 4, tzinfo=UTC)
WHO = {
    "body": "cq-office", "category": "natural_person", "name": "欧阳秋水", "id_type": "identity_card",
    "id_number": "500103197203040567", "phone": "13987654321", "at": "who", "go": "next",
}  # fmt: skip
WHAT = {"content": "请公开轨道交通九号线规划批复", "form": "paper", "delivery": "collect", "at": "what", "go": "next"}


@pytest.fixture
def city(db, settings, tmp_path):
    settings.HOME = tmp_path
    with clock.at(NOW):
        yield small_city()


class Terminal:
    """A browser at a zone; ``proven`` with the link from the desk."""

    def __init__(self, key, proven=True):
        self.key, self.client = key, Client(enforce_csrf_checks=True)
        if proven:
            assert self.client.get(devices.link(key, replay("zone", key).kiosk)).status_code == 302
        self.begin()

    def begin(self):
        self.page = self.client.get(f"/kiosk/{self.key}/")
        found = re.search(rf"/kiosk/{self.key}/[\w-]+/search/", self.page.content.decode())
        self.visit = found[0].removesuffix("search/") if found else ""
        return self.page

    def get(self, path="", **query):
        return self.client.get(self.visit + path, query)

    def post(self, path, data):
        """Send the form of a page as the browser would: with the token it carries."""
        form = html.fromstring(self.get(path).content.decode())
        hidden = {one.get("name"): one.get("value") for one in form.xpath("//main//input[@type='hidden']")}
        return self.client.post(self.visit + path, hidden | data)

    def send(self, page, path, data):
        """The next step, from the page just answered."""
        form = html.fromstring(page.content.decode())
        hidden = {one.get("name"): one.get("value") for one in form.xpath("//main//input[@type='hidden']")}
        return self.client.post(self.visit + path, hidden | data)

    def apply(self):
        page = self.post("on/apply/new/", WHO)
        page = self.send(page, "on/apply/new/", WHAT)
        return self.send(page, "on/apply/new/", {"at": "check", "go": "send"})


def test_every_page_resets_and_is_kept_nowhere(city):
    record = shelve(city.office, texts=("第一条 内容。",))
    terminal = Terminal(zone(city.office, kiosk=True))
    reading = ["", "search/", "read/", "print/", f"records/{record}/", "on/apply/", "on/apply/form/", "records/none/"]
    for path, seconds in [*((one, 60) for one in reading), ("on/apply/new/", 300), ("on/apply/status/", 300)]:
        page = terminal.get(path)
        assert page.status_code == (404 if "none" in path else 200), path
        assert page["Refresh"] == f"{seconds}; url=/kiosk/{terminal.key}/" and page["Cache-Control"] == "no-store"
        assert "结束使用" in page.content.decode()
    assert terminal.page["Cache-Control"] == "no-store" and "Refresh" not in terminal.page


def test_nothing_leads_out_and_nothing_is_handed_out(city):
    record = shelve(city.office, texts=("第一条 见《渝中区规定》。",), attachment="附件内容")
    indexing.drain()
    terminal = Terminal(zone(city.office, kiosk=True))
    paths = ["", "search/?q=内容", "read/", "read/?kind=other", "print/", f"records/{record}/", "on/apply/", "on/apply/new/",
             "on/apply/form/", "on/apply/status/", "on/apply/found/"]  # fmt: skip
    for path in paths:
        content = terminal.client.get(terminal.visit + path).content.decode()
        assert_valid(content)
        page = html.fromstring(content)
        for one in page.xpath("//a/@href | //form/@action"):
            assert one.startswith((f"/kiosk/{terminal.key}/", "#", "?")), (path, one)
        assert not page.xpath("//input[@type='file'] | //a[@target] | //a[@download]"), path
        for one in page.xpath("//main//input[not(@type='hidden')] | //main//textarea"):
            assert one.get("autocomplete") == "off", (path, one.get("name"))
    for outside in (
        "office/",
        "records/x/files/1/",
        "apply/form.pdf",
        "apply/status/papers/a.pdf",
        "kiosk/",
        "zones/",
        "static/x",
    ):
        assert terminal.get(f"on/{outside}").status_code == 404, outside


def test_a_visit_ends_with_the_start_page(city):
    terminal = Terminal(zone(city.office, kiosk=True))
    before = terminal.visit
    assert terminal.get("search/", q="我的事").status_code == 200
    terminal.begin()
    for path in ("", "search/?q=我的事", "on/apply/new/", "on/apply/status/mine/"):
        gone = terminal.client.get(before + path)
        assert (gone.status_code, gone["Location"]) == (302, f"/kiosk/{terminal.key}/"), path
    assert terminal.client.post(before + "on/apply/new/", WHO).status_code == 302
    assert terminal.get().status_code == 200
    assert Client().get(terminal.visit).status_code == 302  # another browser, the same address


def test_an_application_at_a_terminal_is_handed_in_there(city):
    key = zone(city.office, kiosk=True, name="大厅专区")
    terminal = Terminal(key)
    sent = terminal.apply()
    assert (sent.status_code, sent["Location"]) == (302, terminal.visit + "on/apply/receipt/")
    row = Request.objects.get()
    case = replay("request", row.key)
    assert (row.channel, row.received_on, case.place) == ("in-person", NOW.date(), "大厅专区")
    receipt = terminal.get("on/apply/receipt/").content.decode()
    assert row.number in receipt and "提交之日为收到申请之日" in receipt and "data-print" in receipt
    assert row.number in terminal.get("on/apply/status/mine/").content.decode()
    terminal.begin()
    names = {name for name, cookie in terminal.client.cookies.items() if cookie.value}
    assert names == {"terminal", "visit"}
    assert terminal.get("on/apply/receipt/")["Location"] == terminal.visit + "on/apply/status/"
    client = Client()
    client.force_login(city.people["handler"])
    assert "大厅专区" in client.get(f"/office/requests/{row.key}/").content.decode()


QUESTION = {
    "body": "cq-office",
    "title": "九号线何时开通",
    "content": "想知道开通的日期。",
    "name": "欧阳秋水",
    "phone": "13987654321",
}


def test_a_question_at_a_terminal_says_where_it_was_asked(city):
    key = zone(city.office, kiosk=True, name="大厅专区")
    for proven, place in ((True, "大厅专区"), (False, "")):
        terminal = Terminal(key, proven)
        sent = terminal.post("on/messages/new/", QUESTION)
        assert (sent.status_code, sent["Location"]) == (302, terminal.visit + "on/messages/mine/")
        row = Message.objects.order_by("-key")[0]
        assert row.place == replay("message", row.key).place == place
        client = Client()
        client.force_login(city.people["registrar"])
        page = client.get(f"/office/interaction/messages/{row.key}/").content.decode()
        assert ("大厅专区自助终端" in page) == proven


def test_only_a_proven_terminal_stands_in_the_zone(city):
    """Whoever opens the kiosk's address at home applies by internet, and waits for confirmation (Art 31)."""
    key = zone(city.office, kiosk=True)
    anybody = Terminal(key, proven=False)
    assert anybody.apply().status_code == 302
    assert Request.objects.get().channel == "web" and Request.objects.get().received_on is None
    forged = Terminal(key, proven=False)
    forged.client.cookies["terminal"] = devices.secret(key, 1)  # the link's secret is not the cookie's
    forged.begin()
    assert forged.apply().status_code == 302 and Request.objects.filter(channel="web").count() == 2


def test_a_new_link_ends_the_old_one_and_its_terminals(city):
    key = zone(city.office, kiosk=True)
    terminal, old = Terminal(key), devices.link(key, 1)
    services.do(key, "enable_kiosk", ANYBODY, {"idle": 60})
    assert Client().get(old).status_code == 404
    terminal.apply()
    assert Request.objects.get().channel == "web"
    services.do(key, "disable_kiosk", ANYBODY)
    for address in (f"/kiosk/{key}/", terminal.visit, devices.link(key, 2), devices.link(key, 0), "/kiosk/nothing/"):
        assert Client().get(address).status_code == 404, address


def test_a_paused_zone_has_no_tiles(city):
    terminal = Terminal(zone(city.office, kiosk=True))
    services.do(terminal.key, "suspend", ANYBODY, {"reason": "大厅维修"})
    assert terminal.get().status_code == 302
    page = terminal.begin().content.decode()
    assert "大厅维修" in page and "查信息" not in page


def test_forms_of_the_kiosk_are_protected(city):
    terminal = Terminal(zone(city.office, kiosk=True))
    answer = terminal.client.post(terminal.visit + "on/apply/new/", WHO)
    assert answer.status_code == 403 and "kiosk" in answer.content.decode()


def test_an_officer_who_looks_stays_signed_in_but_not_at_a_terminal(city):
    key = zone(city.office, kiosk=True)
    client = Client()
    client.force_login(city.people["disclosure"])
    client.get(f"/kiosk/{key}/")
    assert client.get("/office/zones/").status_code == 200
    client.get(devices.link(key, 1))
    client.get(f"/kiosk/{key}/")
    assert client.get("/office/zones/").status_code == 302


def test_pages_of_a_terminal_take_few_queries(city, django_assert_max_num_queries):
    for _ in range(5):
        record = shelve(city.office, texts=("第一条 内容。",))
    terminal = Terminal(zone(city.office, kiosk=True))
    with django_assert_max_num_queries(6):
        terminal.get("read/")
    with django_assert_max_num_queries(14):
        terminal.get(f"records/{record}/")
