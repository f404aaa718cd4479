"""The public pages: one answer for everybody, links that only the mailbox has, one click; and the desk's list."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.identity import throttle
from gongkai.ledger.services import replay
from gongkai.notices.models import Message
from gongkai.subscriptions import contacts, pages, services
from gongkai.subscriptions.models import Subscription
from gongkai.subscriptions.testing import EMAIL, link, publish, subscription, work

from .conftest import text_of

pytestmark = pytest.mark.django_db
FORM = {"kinds": ["meeting"], "frequency": "daily", "email": EMAIL}


def test_asked_confirmed_changed_and_left_without_script_or_account(city, client, post):
    page = client.get("/subscribe/?kind=meeting&q=轨道&body=nobody").content.decode()
    assert re.search(r'value="meeting"[^>]*checked', page) and 'value="轨道"' in page and 'name="email"' in page
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    for _ in range(2):  # a double click is one
        assert client.post("/subscribe/", FORM | {"token": token}).url == "/subscribe/sent/"
    row = Subscription.objects.get()
    (mail,) = post()
    mine = re.search(r"https://www\.cq\.example(/subscribe/\S+)", text_of(mail))[1]
    assert mine == link(row.key)
    answer = client.get(mine)  # a mail scanner opens links: that alone confirms nothing
    assert "确认订阅" in answer.content.decode() and replay(services.KIND, row.key).state == "pending"
    assert answer["Cache-Control"] == "no-store" and answer["Referrer-Policy"] == "same-origin"
    assert EMAIL not in answer.content.decode()
    assert client.post(mine, {"event": "confirm"}).url == f"{mine}?done=confirm"
    assert (
        client.post(mine, {"event": "change", "topics": ["rural"], "query": "乡村", "frequency": "weekly"}).status_code
        == 302
    )
    now = replay(services.KIND, row.key)
    assert (now.state, now.topics, now.kinds, now.frequency) == ("active", ("rural",), (), "weekly")
    assert contacts.of(row.key).query == "乡村" and contacts.of(row.key).email == EMAIL
    assert "请至少选择一个" in client.post(mine, {"event": "change", "frequency": "weekly"}).content.decode()
    for wrong in ("confirm", "resume", "nothing"):
        answer = client.post(mine, {"event": wrong})
        assert answer.status_code == 422 and "没有办成" in answer.content.decode()
    assert client.post(mine, {"event": "leave"}).url == "/subscribe/left/"
    assert client.get(mine).status_code == 404 and not contacts.of(row.key).email


@pytest.mark.parametrize(
    ("page", "feed", "filled"),
    [
        ("/records/", "/records/feed.", {}),
        ("/records/by-kind/meeting/", "/records/feed.", {"kinds": "meeting"}),
        ("/records/by-body/cq-office/", "/records/feed.", {"bodies": "cq-office"}),
        ("/records/list/?topic=rural", "/records/feed.", {"topics": "rural"}),
        ("/search/?q=轨道&kind=meeting", "/search/feed.", {"query": "轨道", "kinds": "meeting"}),
        (
            "/search/?q=没有的词&body_names=重庆市人民政府办公厅",
            "/search/feed.",
            {"query": "没有的词", "bodies": "cq-office"},
        ),
    ],
)
def test_every_list_leads_to_its_feeds_and_to_the_form_filled_in(city, client, page, feed, filled):
    publish(city.office, kind="meeting", topics=["rural"])
    head, rest = client.get(page).content.decode().split("</head>")
    for form in ("atom", "rss"):
        (told,), (linked,) = (re.findall(rf'href="({feed}{form}[^"]*)"', part) for part in (head, rest))
        assert told == linked and client.get(unescape(linked)).status_code == 200
    (wish,) = re.findall(r'href="(/subscribe/[^"]*)"', rest)
    asked = client.get(unescape(wish)).content.decode()
    ticked = dict(re.findall(r'name="(\w+)" value="([^"]+)"[^>]* checked', asked))
    words = re.search(r'name="query"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="query"', asked)
    found = ticked | ({"query": words[1] or words[2]} if words else {})
    assert found == filled | {"frequency": "daily"}


def test_one_click_needs_no_page_and_no_cookie(city):
    key = subscription()
    machine = Client(enforce_csrf_checks=True)
    url = link(key, "leave")
    assert machine.get(url).status_code == 200 and replay(services.KIND, key).state == "active"
    for _ in range(2):
        assert machine.post(url, {"List-Unsubscribe": "One-Click"}).url == "/subscribe/left/"
    assert replay(services.KIND, key).state == "ended"


def test_a_wrong_link_is_no_page(city, client):
    key = subscription()
    for path in (f"/subscribe/{key}/{'0' * 32}/", "/subscribe/no-such/abc/", f"/subscribe/{'x' * 90}/abc/"):
        assert client.get(path).status_code == client.post(path, {"event": "leave"}).status_code == 404
        assert client.get(f"{path}leave/").status_code == 404
        assert client.post(f"{path}leave/").url == "/subscribe/left/"  # says nothing about what there is
    assert replay(services.KIND, key).state == "active"


def test_a_mailbox_is_not_flooded_and_nobody_learns_of_it(city, client, monkeypatch):
    answers = [client.post("/subscribe/", FORM | {"token": f"t{n}"}) for n in range(6)]
    assert {answer.url for answer in answers} == {"/subscribe/sent/"}
    assert Message.objects.count() == Subscription.objects.count() == 3
    client.post("/subscribe/", FORM | {"email": "other@example.com"})
    assert Message.objects.count() == 4
    first = Subscription.objects.order_by("key")[0].key
    client.post(link(first), {"event": "confirm"})  # who reads the letters may ask on
    client.post("/subscribe/", FORM | {"token": "again"})
    assert Message.objects.count() == 5
    monkeypatch.setattr(pages, "ASKINGS", 0)
    answer = client.post("/subscribe/", FORM)
    assert answer.status_code == 429 and "频繁" in answer.content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": "nobody"}, "请填写能收信的电子邮箱"),
        ({"email": ""}, "请填写“电子邮箱”"),
        ({"kinds": ["no_such"]}, "请从所列各项中选择"),
        ({"kinds": []}, "请至少选择一个"),
        ({"query": "年:abc"}, "年"),
        ({"query": "\x00"}, "不可见的控制字符"),
        ({"frequency": "hourly"}, "请选择多久发一次"),
    ],
)
def test_faults_are_told_in_place(city, client, wrong, words):
    answer = client.post("/subscribe/", FORM | wrong)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Subscription.objects.exists() and not throttle.paused_until("mailbox", EMAIL)


def test_without_a_mail_server_only_feeds_are_offered(city, client, settings):
    settings.NOTICE_EMAIL = False
    page = client.get("/subscribe/").content.decode()
    assert 'name="email"' not in page and "/records/feed.atom" in page
    assert client.post("/subscribe/", FORM).status_code == 422 and not Subscription.objects.exists()


def test_the_desk_counts_and_sees_no_mailbox(city, post):
    desk = Client()
    desk.force_login(city.people["administrator"])
    publish(city.office, "从前的会议")
    keys = [subscription(wish=services.Wish(bodies=("cq-office",), frequency="at_once"))]
    publish(city.office)
    work(), post()
    url = reverse("office:subscriptions:home")
    page = desk.get(url).content.decode()
    assert "重庆市人民政府办公厅" in page and re.search(r'class="n"[^>]*>1<', page) and EMAIL not in page
    few = _queries(desk, url)
    keys += [subscription(wish=services.Wish(bodies=("cq-office",), kinds=("meeting",))) for _ in range(5)]
    assert _queries(desk, url) == few
    case = reverse("office:subscriptions:case", args=[keys[0]])
    shown = desk.get(case).content.decode()
    assert EMAIL not in shown and "rea＊" in shown and contacts.of(keys[0]).code not in shown
    csv = b"".join(desk.get(f"{url}?export=csv")).decode()
    assert csv.count("\n") == 7 and EMAIL not in csv
    assert "退订" in shown and 'value="confirm"' not in shown and 'value="change"' not in shown
    other = Client()
    other.force_login(city.people["editor"])
    assert other.get(url).status_code == other.get(case).status_code == 403


def _queries(desk: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        desk.get(url)
    return len(seen)
