"""What stands at the root for machines: data at every list, feeds, the sitemap, robots, widgets; nothing withheld anywhere."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime

import pytest

from gongkai.api import sitemap, widgets
from gongkai.bake.families import families
from gongkai.bake.models import Page, Read
from gongkai.bake.reading import recording
from gongkai.disclosures.testing import item
from gongkai.ledger import clock
from gongkai.library import indexing
from gongkai.library.testing import shelve
from gongkai.organs.testing import small_city
from gongkai.records.models import Record
from gongkai.reporting.testing import bring

pytestmark = pytest.mark.django_db
SPACES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def city(db, settings, tmp_path):
    settings.HOME = tmp_path
    with clock.at(datetime(2022, 1, 10, 4, tzinfo=UTC)):
        yield small_city()
    indexing._open.clear()


def body(answer) -> str:
    return b"".join(answer).decode("utf-8-sig")


def locations(client, url: str) -> list[str]:
    answer = client.get(url)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("application/xml")
    return [one.text for one in ET.fromstring(body(answer)).iterfind(".//s:loc", SPACES)]


def test_lists_are_data_too(city, client, django_assert_max_num_queries):
    """The same rows as the page, with its filters, sort and refusals; and only what anybody may read."""
    keys = [shelve(city.office, title=f"办法{n}", published_on=date(2021, 1, n)) for n in (1, 2, 3)]
    shelve(city.office, title="草稿", public=False)
    shelve(city.department, title="预算", kind="budget", topics=["rural"])
    told = json.loads(body(client.get("/records/list.json?kind=policy&sort=published_on")))
    assert [row["url"].split("/")[-2] for row in told["rows"]] == keys and told["columns"]["title"] == "标题"
    rows = list(csv.DictReader(io.StringIO(body(client.get("/records/list.csv?kind=policy&sort=published_on")))))
    assert [row["标题"] for row in rows] == [row["title"] for row in told["rows"]] == ["办法1", "办法2", "办法3"]
    assert [row["title"] for row in json.loads(body(client.get("/records/list.json?topic=rural")))["rows"]] == ["预算"]
    wrong = client.get("/records/list.json?kind=nothing")
    assert wrong.status_code == 422 and wrong.json()["errors"][0]["field"] == "kind"
    assert client.get("/records/list.xlsx").status_code == 404
    item(city.office, title="申请公开某文件")
    assert json.loads(body(client.get("/disclosed/list.json")))["rows"][0]["outcome"] == "予以公开"
    with django_assert_max_num_queries(4):
        body(client.get("/records/list.json"))


def test_feeds_in_both_forms_and_of_a_search(city, client):
    shelve(city.office, title="轨道交通办法", published_on=date(2021, 3, 4))
    shelve(city.office, title="草稿", public=False)
    indexing.drain()
    atom = client.get("/search/feed.atom?q=轨道交通")
    assert [one.text for one in ET.fromstring(body(atom)).iterfind("a:entry/a:title", SPACES)] == ["轨道交通办法"]
    rss = ET.fromstring(body(client.get("/records/feed.rss?kind=policy")))
    assert rss.tag == "rss" and [one.text for one in rss.iterfind("channel/item/title")] == ["轨道交通办法"]
    assert body(client.get("/records/feed.rss")) == body(client.get("/records/feed.rss"))  # no moment in it
    assert client.get("/search/feed.atom?q=轨道交通&year=2020").content.count(b"<entry>") == 0
    for url in ("/search/feed.atom", "/search/feed.atom?q=年:abc", "/records/feed.pdf", "/search/feed.rss2?q=x"):
        assert client.get(url).status_code == 404, url


def test_the_sitemap_names_every_public_page_once(city, client, monkeypatch):
    keys = {shelve(city.office, published_on=date(2021, 1 + n % 3, 5)) for n in range(7)} | {
        shelve(city.office, published_on=None)
    }
    hidden = [shelve(city.office, public=False), shelve(city.office, public=False, withdrawn_on=date(2021, 5, 1))]
    amended = shelve(city.office, ("旧", "新"), published_on=date(2021, 1, 9), since=date(2020, 1, 1))
    bring(city.office, 2020, "published")
    files = locations(client, "/sitemap.xml")
    pages = [page for file in files for page in locations(client, file)]
    assert len(pages) == len(set(pages))
    records = {page.split("/")[-2] for page in pages if "/records/" in page and "/by-" not in page}
    assert keys | {amended} <= records and not records & set(hidden)
    assert "http://testserver/reports/cq-office/2020/" in pages
    january = body(client.get("/sitemap/records-2021-01.xml"))
    assert "<lastmod>2021-01-05</lastmod>" in january and "<lastmod>2021-01-09</lastmod>" in january
    for name in ("records-2021-13", "records-2019-01", "no-such", "records"):
        assert client.get(f"/sitemap/{name}.xml").status_code == 404
    monkeypatch.setattr(sitemap, "MOST", 2)
    split = [file for file in locations(client, "/sitemap.xml") if "records-2021-01" in file]
    assert len(split) == 2 and sum(len(locations(client, file)) for file in split) == 4


def test_the_sitemap_is_baked_again_by_what_changes_it(city, client):
    key = shelve(city.office, published_on=date(2021, 1, 5))
    with recording() as sources:
        client.get("/sitemap/records-2021-01.xml")
    assert f"record:{key}" in sources.keys
    january, february = "/sitemap/records-2021-01.xml", "/sitemap/records-2021-02.xml"
    assert sitemap.born(f"record:{key}") == [january, "/sitemap.xml"]
    Page.objects.create(address=january)
    Read.objects.create(page_id=january, key=f"record:{key}")
    assert sitemap.born(f"record:{key}") == [january]  # the index stays as it is
    Record.objects.filter(key=key).update(published_on=date(2021, 2, 1))
    assert sitemap.born(f"record:{key}") == [february, "/sitemap.xml"]
    Record.objects.filter(key=key).update(public=False)
    assert sitemap.born(f"record:{key}") == ["/sitemap.xml"]
    Record.objects.filter(key=key).update(public=True)
    assert sitemap.born("column:main_x#3") == []
    assert set(sitemap.addresses()) == {
        "/sitemap.xml",
        *(f.replace("http://testserver", "") for f in locations(client, "/sitemap.xml")),
    }
    (machines,) = [one for one in families() if one.name == "machines"]
    baked = set(machines.addresses())
    assert {"/robots.txt", "/opensearch.xml", "/widgets/"} <= baked


def test_the_number_of_queries_of_a_month_does_not_grow(city, client, django_assert_max_num_queries):
    for _ in range(12):
        shelve(city.office, ("旧", "新"), published_on=date(2021, 1, 5))
    with django_assert_max_num_queries(4):
        client.get("/sitemap/records-2021-01.xml")


def test_robots_opensearch_and_security(city, client, settings):
    robots = client.get("/robots.txt").content.decode()
    for closed in ("/office/", "/mode/", "/subscribe/", "/apply/status/"):
        assert f"Disallow: {closed}\n" in robots
    assert "Sitemap: http://testserver/sitemap.xml" in robots
    described = client.get("/opensearch.xml")
    root = ET.fromstring(described.content)
    short = root.findtext("{http://a9.com/-/spec/opensearch/1.1/}ShortName")
    assert short and len(short) <= 16 and b"/search/?q={searchTerms}" in described.content
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:security@example.gov.cn"
    told = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:security@example.gov.cn\n" in told and "\nExpires: 20" in told


def test_widgets_may_be_framed_and_nothing_else_may(city, client, django_assert_max_num_queries):
    key = shelve(city.office, title="轨道交通办法", published_on=date(2021, 3, 4))
    shelve(city.department, ("别的内容。",), title="别的机关", published_on=date(2021, 3, 5))
    shelve(city.office, title="草稿", public=False)
    indexing.drain()
    for query in ("kind=policy&body=cq-office", "q=轨道交通", "body=cq-office&size=3&colour=dark&title=我们的文件"):
        with django_assert_max_num_queries(8):
            answer = client.get(f"/widgets/latest/?{query}")
        page = answer.content.decode()
        assert f"/records/{key}/" in page and "草稿" not in page and "别的机关" not in page
        assert "X-Frame-Options" not in answer and "frame-ancestors *" in answer["Content-Security-Policy"]
        assert not answer.cookies and "<script" not in page and "<form" not in page
    assert "我们的文件" in page and "/widgets/dark.css" in page
    for wrong in ("kind=x", "body=x", "topic=x", "column=x", "theme=x"):
        assert client.get(f"/widgets/latest/?{wrong}").status_code == 404, wrong
    assert client.get("/widgets/latest/?q=年:abc").status_code == 200  # finds nothing
    assert client.get("/widgets/red.css").status_code == 404
    assert client.get("/widgets/light.css")["Content-Type"].startswith("text/css")
    for url in ("/widgets/", "/subscribe/", f"/records/{key}/"):
        assert client.get(url)["X-Frame-Options"] == "DENY", url
    Record.objects.filter(key=key).update(public=False)
    assert key not in client.get("/widgets/latest/?q=轨道交通").content.decode()


def test_a_figure_in_a_frame(city, client):
    bring(city.office, 2020, "published")
    page = client.get("/widgets/figure/?figure=t3.1.total&body=cq").content.decode()  # its office reports for it
    assert "重庆市人民政府办公厅" in page and "2020年" in page and "<caption" in page
    for wrong in ("figure=no", "figure=t3.1.total&body=no", ""):
        assert client.get(f"/widgets/figure/?{wrong}").status_code == 404
    assert widgets.YEARS == 5
