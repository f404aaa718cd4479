"""Public pages of sites: complete meta tags and marks, no empty columns, 政府信息公开 as required, leaving, 410, queries, baking."""

import re
from datetime import date
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.test import Client

from gongkai.bake import tree
from gongkai.bake.rendering import render
from gongkai.library import meta
from gongkai.library import queries as library
from gongkai.library.testing import shelve
from gongkai.records import services as records
from gongkai.records.models import Record
from gongkai.records.testing import event_data
from gongkai.sites import addresses, filling, services, testing
from gongkai.sites.baking import baked
from gongkai.sites.models import Page, Pending
from gongkai.sites.testing import by
from gongkai.ui import speech

from .conftest import policies


def tags(text: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'<meta name="(\w+)" content="([^"]*)"', text)}


@pytest.fixture
def site(city):
    """The main site with 45 policies, every form of page, a department's site beside it."""
    policies(city, 45)
    testing.site(city.office, pack="standard")
    testing.site(city.department, "plan", main=False, pack="standard", name="重庆市发展和改革委员会", tint="teal")
    image = testing.picture() | {"alt": "图"}
    testing.page("main", form="topic", slug="t", title="专题甲", about={"summary": "摘要", "image": image})
    testing.page("main", form="leader", slug="l", title="张远")
    testing.page("main", slug="notes")
    for key in Page.objects.filter(state="draft").values_list("key", flat=True):
        services.do_page(key, "submit", by("submit"))
        services.do_page(key, "approve", by("approve"))
    filling.keep_up()
    return "main"


def test_meta_tags_are_complete(client, site):
    """Site, column and article tags of 国办发〔2017〕47号, on every kind of page."""
    own = {"SiteName": "重庆市人民政府", "SiteDomain": "www.example.gov.cn", "SiteIDCode": "5000000001"}
    for address in ("/", "/c/policies/", "/p/notes/", "/gov-info/", "/sitemap/", "/search/"):
        assert own.items() <= tags(client.get(address).content.decode()).items(), address
    other = tags(client.get("/s/plan/gov-info/").content.decode())
    assert other["SiteName"] == "重庆市发展和改革委员会"
    column = tags(client.get("/c/policies/").content.decode())
    assert column["ColumnName"] == column["ColumnKeywords"] == "政策文件" and column["ColumnType"] == "政策文件"
    assert column["ColumnDescription"].startswith("重庆市人民政府发布")
    article = tags(client.get("/topics/t/").content.decode())
    assert article["ArticleTitle"] == "专题甲" and article["PubDate"] == "2021-03-01 12:00"
    assert article["ContentSource"] == article["Author"] == "重庆市人民政府办公厅"
    assert article["Keywords"] == "专题甲" and article["Description"] == "摘要"
    assert article["Image"].startswith("/page-files/") and article["Url"].endswith("/topics/t/")
    assert client.get(article["Image"]).headers["Content-Type"] == "image/png"


def test_meta_tags_of_a_record(client, site, city):
    done = records.register_existing(city.office, by("x"), "policy", event_data("register_existing"))
    record = Record.objects.select_related("body").get(key=done.event.subject)
    found = tags(meta.drawn(meta.record_meta(library.sight(record), "https://x/records/1/")))
    assert found["ArticleTitle"] == record.title and found["PubDate"] == "2021-02-28"
    assert set(found) == {
        "ArticleTitle", "PubDate", "ContentSource", "Keywords", "Author", "Description", "Image", "Url"
    }  # fmt: skip
    page = tags(client.get(f"/records/{record.key}/").content.decode())
    assert {"SiteName", "SiteDomain", "SiteIDCode"} <= set(page)
    assert page.items() >= (found | {"Url": page["Url"]}).items() and page["Url"].endswith(f"/records/{record.key}/")


def test_marks_stand_at_the_foot_of_every_page(client, site):
    marks = (
        "主办单位：重庆市人民政府办公厅",
        "023-00000000",
        "5000000001",
        "渝ICP备00000001号",
        "渝公网安备",
        "网站地图",
    )
    for address in ("/", "/c/policies/", "/p/notes/", "/leaders/", "/records/"):
        foot = client.get(address).content.decode().split("<footer")[1]
        assert all(one in foot for one in marks), address


def test_no_empty_column_is_linked_or_shown(client, site):
    for start in ("/", "/sitemap/", "/gov-info/", "/gov-info/statutory/", "/c/policy/", "/s/plan/"):
        for link in set(re.findall(r'href="(/[^"#?]*)"', client.get(start).content.decode())):
            if not link.startswith(("/static/", "/mode")):
                assert client.get(link).status_code == 200, (start, link)
    assert client.get("/c/budgets/").status_code == 404
    assert "财政预决算" not in client.get("/sitemap/").content.decode()


def test_pages_of_a_column_hold_everything_once(client, site):
    seen = []
    for address in ("/c/policies/", "/c/policies/page-1/"):
        seen += re.findall(r'<li><a href="/records/([^/]+)/"', client.get(address).content.decode())
    assert len(seen) == len(set(seen)) == 45
    assert client.get("/c/policies/page-2/").status_code == 404


def test_a_column_is_followed_by_feeds_and_by_mail(client, site, city, settings):
    """Both feeds tell the same; page and head lead to them, and to the form of a subscription with the column ticked."""
    settings.NOTICE_EMAIL, told = True, []
    for form, entry in (("atom", "entry"), ("rss", "item")):
        answer = client.get(f"/c/policies/feed.{form}")
        text = answer.content.decode()
        assert (
            answer["Content-Type"].startswith(f"application/{form}+xml")
            and "重庆市人民政府政府信息公开：政策文件" in text
        )
        told.append(re.findall(r"<title>([^<]*)</title>", text)[1:])
        assert len(told[-1]) == text.count(f"<{entry}>") == 45 and told[-1][0] == "关于事项44的通知"
    assert told[0] == told[1] and client.get("/c/policies/feed.pdf").status_code == 404
    page = client.get("/c/policies/").content.decode()
    head, rest = page.split("</head>")
    for form in ("atom", "rss"):
        assert f'type="application/{form}+xml" title="政策文件" href="/c/policies/feed.{form}"' in head
        assert f'href="/c/policies/feed.{form}"' in rest
    (wish,) = re.findall(r'href="(/subscribe/[^"]*)"', rest)
    assert re.search(r'value="main_policies"[^>]*checked', client.get(unescape(wish)).content.decode())
    Pending.objects.create(what="record", key=shelve(city.department, ()))
    filling.keep_up()
    assert "发展和改革委员会政府信息公开" in client.get("/s/plan/c/policies/feed.rss").content.decode()


@pytest.mark.parametrize("address", ["/topics/t/", "/leaders/l/", "/p/notes/"])
def test_articles_have_their_tools_and_say_what_is_read(client, site, address):
    page = client.get(address).content.decode()
    assert f'<img src="/qr.svg?page={address}"' in page and f"http://testserver{address}</a>" in page
    read = speech.text_in(page.encode())
    assert {"/topics/t/": "节假日不办理", "/leaders/l/": "1970年生", "/p/notes/": "节假日不办理"}[address] in read
    assert "字号" not in read and "首页" not in read


def test_gov_info_is_exactly_what_is_required(client, site):
    page = client.get("/gov-info/").content.decode()
    parts = re.findall(r'<li><a href="[^"]*">([^<]*)</a><p>', page)
    assert parts == ["政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开"]
    key = Page.objects.get(site="main", form="guide").key
    services.write_page(key, by("write"), "指南（修订）", {}, [{"kind": "text", "html": "新的内容"}])
    assert "新的内容" not in client.get("/gov-info/guide/").content.decode()
    services.do_page(key, "submit", by("submit"))
    services.do_page(key, "approve", by("approve"))
    now, before = client.get("/gov-info/guide/").content.decode(), client.get("/gov-info/guide/v1/").content.decode()
    assert "新的内容" in now and "新的内容" not in before and "历次版本" in now and "最新版本" in before
    assert client.get("/gov-info/guide/v3/").status_code == 404


def test_foreign_links_pass_the_notice_and_nobody_elses_do(client, site):
    page = client.get("/p/notes/").content.decode()
    assert "<script>alert" not in page and 'href="https://www.gov.cn/"' in page
    (leave,) = set(re.findall(r'href="(/leave/[^"]*map[^"]*)"', page))
    answer = client.get(unescape(leave)).content.decode()
    assert "不是政府网站" in answer and 'href="https://map.example.com/"' in answer
    for forged in ("", "https://evil.example/", "https://evil.example/:abc"):
        wrong = client.get("/leave/", {"to": forged})
        assert wrong.status_code == 400 and "evil.example" not in wrong.content.decode().split("<main")[1]
    assert addresses.way_out("https://www.cq.gov.cn/x").startswith("https://www.cq.gov.cn")
    assert addresses.way_out("https://gov.cn.example.com/").startswith("/leave/")


def test_what_was_taken_down_says_why(client, site):
    page = Page.objects.get(site="main", slug="notes")
    services.do_page(page.key, "withdraw", by("withdraw"), {"reason": "内容已经过时"})
    answer = client.get("/p/notes/")
    assert answer.status_code == 410 and "内容已经过时" in answer.content.decode()
    assert "预约" not in answer.content.decode()
    services.do_site("plan", "close", by("close"), {"reason": "并入市政府网站"})
    answer = client.get("/s/plan/")
    assert answer.status_code == 410 and "并入市政府网站" in answer.content.decode()
    assert client.get("/s/nobody/").status_code == 404


@pytest.mark.parametrize("baked", [False, True])
def test_a_sites_own_host_leads_to_the_site(client, site, city, settings, baked):
    """Whether the front page is rendered or lies baked; other hosts and other pages stay what they are."""
    settings.ORIGIN, settings.SERVE_BAKED = "https://www.example.gov.cn", baked
    testing.site(city.district, "yz", main=False, hosts=["yz.example.gov.cn", "www.yz.example.gov.cn"])
    if baked:
        tree.put("/", b"<!doctype html>baked")
    for host in ("yz.example.gov.cn", "WWW.YZ.example.gov.cn:8000"):
        answer = client.get("/", HTTP_HOST=host)
        assert (answer.status_code, answer.url) == (302, "https://www.example.gov.cn/s/yz/"), host
    for host in ("www.example.gov.cn", "other.example.gov.cn", "example.gov.cn", "z.example.gov.cn", '"', "", "%"):
        assert client.get("/", HTTP_HOST=host).status_code in (200, 400), host
    assert client.get("/s/yz/", HTTP_HOST="yz.example.gov.cn").status_code == 200
    services.do_site("yz", "close", by("close"), {"reason": "并入市政府网站"})
    assert client.get("/", HTTP_HOST="yz.example.gov.cn").url == "https://www.example.gov.cn/s/yz/"


def test_old_addresses_lead_on(client, site):
    key = services.add_redirect(site, by("add"), {"old": "/zwgk/index.html", "to": "/gov-info/"}).event.subject
    answer = client.get("/zwgk/index.html")
    assert answer.status_code == 301 and answer.url == "/gov-info/"
    services.do_redirect(key, "retire", by("retire"), {"reason": "不再需要"})
    assert client.get("/zwgk/index.html").status_code == 404
    assert client.get("/s/main/gov-info/").url == "/gov-info/"


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/", 40),
        ("/c/policies/", 7),
        ("/c/policies/page-1/", 7),
        ("/p/notes/", 4),
        ("/sitemap/", 7),
        ("/gov-info/statutory/", 12),
    ],
)
def test_queries_do_not_grow(client, site, city, address, most, django_assert_max_num_queries):
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200
    before = len(client.get(address).content)
    for n in range(5):
        Page.objects.get(key=testing.page("main", slug=f"more-{n}"))
        shelve(city.office, (), title=f"更多{n}", since=date(2021, 1, 1 + n), key=f"more-{n}")
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200 and before


def test_every_listed_page_can_be_baked_and_says_what_it_reads(site, settings):
    """Each is rendered as the baker renders it: the same for everybody; its keys name what it shows."""
    made = {address: page for family in baked for address in family.addresses() if (page := render(address))}
    assert {
        "/",
        "/c/policies/",
        "/c/policies/page-1/",
        "/c/policies/feed.atom",
        "/c/policies/feed.rss",
        "/gov-info/guide/v1/",
        "/s/plan/",
    } <= set(made)
    key = Page.objects.get(slug="notes").key
    assert f"page:{key}" in made["/p/notes/"].keys and "site:main" in made["/c/policies/"].keys
    assert "column:main_policies#0" in made["/"].keys and "column:main_policies#1" in made["/c/policies/page-1/"].keys
    reader = Client(HTTP_HOST=urlsplit(settings.ORIGIN).netloc)
    assert not [address for address in made if reader.get(address).content != made[address].content]
    born = {address for family in baked for address in family.born(f"page:{key}")}
    assert "/p/notes/" in born
    assert "/c/policies/page-3/" in {one for family in baked for one in family.born("column:main_policies#3")}
