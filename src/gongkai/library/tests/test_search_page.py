"""The search page: what it finds, says and remembers."""

import json
import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from gongkai.cli.main import main
from gongkai.library import services
from gongkai.library.models import Missed, Word
from gongkai.library.testing import WORD

pytestmark = pytest.mark.django_db


def ask(client, query="", **rest):
    return client.get("/search/", {"q": query, **rest}).content.decode()


def titles(text):
    return [re.sub("<[^>]+>", "", one) for one in re.findall(r"<h3><a [^>]+>(.*?)</a>", text)]


def test_words_are_marked_and_markup_in_texts_is_not_markup(client, publish):
    publish("第一条 <b>轨道</b>交通。", title="轨道<i>交通</i>办法")
    text = ask(client, "轨道")
    assert "<mark>轨道</mark>" in text and "&lt;i&gt;交通&lt;/i&gt;" in text and "<i>交通" not in text
    assert "&lt;b&gt;" in text and '找到 <b class="num">1</b> 条' in text


def test_some_of_the_words_is_said_so(client, publish):
    publish("轨道交通", title="甲")
    assert "含部分词" in ask(client, "轨道 公租房") and "含部分词" not in ask(client, "轨道")


def test_every_facet_link_leads_to_as_many_as_it_says(client, city, publish):
    for n in range(6):
        publish("轨道交通", title=f"文件{n}", kind="policy" if n % 2 else "meeting", published_on=date(2019 + n % 3, 1, 1),
                body=city.office if n % 3 else city.department, theme="城乡建设、环境保护\\城乡规划" if n < 4 else "")  # fmt: skip
    text = ask(client, "轨道")
    links = re.findall(r'<li><a href="([^"]+)">[^<]+</a> <span class="num quiet">(\d+)</span>', text)
    assert len(links) >= 8
    for url, count in links:
        page = client.get(url.replace("&amp;", "&")).content.decode()
        assert f'找到 <b class="num">{count}</b> 条' in page, url
        assert "取消限定" in page


def test_days_and_sorting(client, publish):
    for n in range(5):
        publish("轨道", title=f"文件{n}", published_on=date(2021, 1, 1 + n))
    assert titles(ask(client, "轨道", sort="newest")) == ["文件4", "文件3", "文件2", "文件1", "文件0"]
    text = ask(client, "轨道", **{"from": "2021-01-02", "to": "2021-01-03"})
    assert sorted(titles(text)) == ["文件1", "文件2"]
    assert "看不懂" in ask(client, "轨道", **{"from": "明天"})


def test_pages_follow_each_other_without_gap_or_repeat(client, publish):
    for n in range(45):
        publish("轨道", title=f"文件{n:02d}", published_on=date(2021, 1, 1))
    seen, url = [], "/search/?q=轨道&sort=newest"
    while url:
        text = client.get(url).content.decode()
        seen += titles(text)
        following = re.search(r'rel="next" href="([^"]+)"', text)
        url = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == 45 and len(set(seen)) == 45


def test_the_page_takes_as_many_queries_for_many_as_for_one(client, publish, django_assert_max_num_queries):
    for n in range(25):
        publish("轨道", title=f"文件{n}")
    ask(client, "轨道")
    with django_assert_max_num_queries(5):
        ask(client, "轨道")


def test_nothing_found_says_what_to_do_and_is_remembered_without_the_asker(client, publish):
    publish("轨道", title="办法")
    for query in ("公租房　申请", "公租房 申请", "130,5001031990010112345", "chen@example.com", "500103199001011234"):
        text = ask(client, query)
        assert "没有找到" in text and reverse("portal:requests:new") in text
    assert list(Missed.objects.values_list("query", "count")) == [("公租房 申请", 2)]
    assert {field.name for field in Missed._meta.get_fields()} == {"query", "count", "last_on"}
    ask(client, "轨道", kind="meeting")
    assert Missed.objects.count() == 1, "found nothing only because of the filter"


def test_staff_words_count_at_once(client, city, publish):
    publish("公共租赁住房的申请条件。", title="住房保障办法")
    assert titles(ask(client, "公租房")) == []
    done = services.add_word(city.office, city.actor("editor"), WORD)
    assert titles(ask(client, "公租房")) == ["住房保障办法"]
    services.do_word(done.event.subject, "retire", city.actor("disclosure"), {"reason": "不再使用"})
    assert titles(ask(client, "公租房")) == []


def test_a_word_is_entered_once_and_a_key_used_twice_is_one(city):
    from gongkai.procedure import Invalid

    first = services.add_word(city.office, city.actor("editor"), WORD, key="one")
    assert services.add_word(city.office, city.actor("editor"), WORD, key="one").event.subject == first.event.subject
    with pytest.raises(Invalid, match="已经登记"):
        services.add_word(city.office, city.actor("editor"), WORD)
    assert Word.objects.count() == 1


def test_who_finds_nothing_is_answered_though_nothing_can_be_written(client, publish):
    publish(title="公共租赁住房管理办法")

    def busy(execute, sql, params, many, context):
        if sql.startswith(("UPDATE", "INSERT")):
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(busy):
        assert "没有找到" in ask(client, "碳排放核算")
    assert not Missed.objects.exists()


def test_the_desk_keeps_words_and_shows_what_was_missed(client, city):
    Missed.objects.create(query="公租房", count=3, last_on=date(2021, 5, 1))
    client.force_login(city.people["editor"])
    assert "公租房" in client.get("/office/library/missed/").content.decode()
    client.post("/office/library/words/add/", {"body": "cq-office", "token": "t", **WORD})
    page = client.get("/office/library/").content.decode()
    assert "公共租赁住房" in page
    key = Word.objects.get().key
    client.post(f"/office/library/words/{key}/", {"event": "change", "token": "u", "change-means": "公共租赁房"})
    assert Word.objects.get().means == "公共租赁房"
    assert "公共租赁住房" in client.get(f"/office/library/words/{key}/").content.decode(), "its history"


@pytest.mark.parametrize(
    "query", ["\x00", "标题:", "「」", "a" * 2000, "-", "年:abc", "q:'\"<>", "page", "的" * 300, "()", "标题:“”"]
)
def test_odd_queries_are_answered(client, publish, query):
    publish("轨道")
    for name in ("q", "kind", "year", "from", "page", "theme"):
        assert client.get("/search/", {"q": "轨道", name: query}).status_code == 200


def test_the_desk_finds_what_its_own_bodies_have_not_published(client, city, publish):
    publish("轨道交通九号线", title="公开的")
    publish("轨道交通九号线", title="本机关的草稿", public=False)
    publish("轨道交通九号线", title="别人的草稿", public=False, body=city.district)
    client.force_login(city.people["handler"])
    found = titles(client.get("/office/library/search/?q=九号线").content.decode())
    assert sorted(found) == ["公开的", "本机关的草稿"]
    client.force_login(city.people["administrator"])
    assert client.get("/office/library/search/?q=九号线").status_code == 403
    client.logout()
    assert titles(ask(client, "九号线")) == ["公开的"]


def test_suggestions_are_public_titles(client, publish):
    publish(title="轨道交通条例")
    publish(title="轨道交通草稿", public=False)
    assert client.get("/search/suggest.json?q=轨道").json() in (["轨道交通条例"], [])
    assert client.get("/search/suggest.json?q=").json() == []


@pytest.mark.django_db(transaction=True)
def test_the_command_line_says_the_same(publish, capsys):
    publish("轨道交通九号线", title="甲", kind="meeting")
    publish("轨道交通", title="乙", kind="policy")
    assert main(["search", "轨道", "--json", "--filter", "kind=meeting"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["total"] == 1 and told["mode"] == "and" and told["facets"]["kind"] == {"meeting": 1}
    assert set(told["hits"][0]) == {"url", "title", "snippet", "score"} and told["hits"][0]["title"] == "甲"
    assert main(["search", "没有的词"]) == 1
    assert main(["search", "轨道", "--filter", "无"]) == 2 and main(["search", "轨道", "--filter", "x=1"]) == 2
    assert main(["search", "--reindex"]) == 0


def test_addresses_of_a_search_keep_what_was_asked(client, publish):
    publish("轨道", kind="policy")
    text = ask(client, "轨道", kind="policy", **{"from": "2019-01-01"})
    url = next(one for one in re.findall(r'href="(\?[^"]+|/search/\?[^"]+)"', text) if "newest" in one)
    asked = parse_qs(urlsplit(url.replace("&amp;", "&")).query)
    assert asked == {"q": ["轨道"], "kind": ["policy"], "from": ["2019-01-01"], "sort": ["newest"]}
