"""The page of a record and the other forms of it."""

import hashlib
import io
import json
import re
import zipfile
from datetime import date, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import docx
import pytest
from django.urls import reverse

from gongkai.bake.reading import batch
from gongkai.bake.rendering import render
from gongkai.ledger import clock
from gongkai.library import archive, indexing, queries
from gongkai.library.testing import TEXT, shelve
from gongkai.records.shelf import Link
from gongkai.text.structure import parse

pytestmark = pytest.mark.django_db


def page(client, key, view="record", /, **args):
    return client.get(reverse(f"portal:library:{view}", kwargs={"key": key, **args}))


def test_every_condition_paragraph_and_item_has_its_address(client, publish):
    text = page(client, publish()).content.decode()
    for anchor in parse(TEXT).by_anchor:
        assert text.count(f'id="{anchor}"') == 1, anchor
    assert 'href="#art-2-p1-i2" aria-label="链接到（二）"' in text
    assert '<a href="#art-3">本办法第三条</a>' in text
    assert '<a href="#art-2-p1">前款</a>' in text


def test_nothing_in_a_text_becomes_markup(client, publish):
    evil = "第一条 <script>alert(1)</script>&amp;《<b>某法</b>》\n"
    text = page(client, publish(evil, title='</script><img src=x onerror="1">')).content.decode()
    assert "<script>alert" not in text and "<b>某法" not in text and "<img src=x" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;" in text


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"ceased_on": date(2021, 1, 1), "ended_how": "repealed", "ended_by": "重庆市人民政府令第350号"},
         ["不再有效", "已废止，自2021年1月1日起", "依据：重庆市人民政府令第350号"]),
        ({"ceased_on": date(2021, 1, 1), "ended_how": "lapsed"}, ["不再有效", "已宣布失效"]),
        ({"valid_until": date(2020, 12, 31), "ceased_on": date(2021, 1, 1)}, ["不再有效", "有效期已届满"]),
        ({"effective_on": date(9000, 1, 1)}, ["尚未施行", "9000年1月1日"]),
    ],
)  # fmt: skip
def test_what_is_not_in_force_says_so_above_the_text(client, publish, row, words):
    text = page(client, publish(**row)).content.decode()
    assert all(word in text[: text.index('class="reading')] for word in words)


def test_what_ends_soon_says_so_and_what_is_in_force_does_not(client, publish):
    soon = clock.today() + timedelta(30)
    assert "即将到期" in page(client, publish(valid_until=soon, ceased_on=soon + timedelta(1))).content.decode()
    assert 'class="notice' not in page(client, publish()).content.decode()


def test_the_act_that_ended_it_is_linked_and_both_ways_the_relation_is_said(client, publish):
    old = publish(title="旧办法", ceased_on=date(2021, 1, 1), ended_how="repealed")
    new = publish(title="新办法", links=[Link("repeals", target=old), Link("based_on", name="某部的通知")])
    publish(title="没有公开的决定", links=[Link("amends", target=old)], public=False)
    there, back = page(client, new).content.decode(), page(client, old).content.decode()
    assert "<dt>废止</dt>" in there and f'href="/records/{old}/"' in there and "某部的通知" in there
    assert "<dt>被废止</dt>" in back and f'href="/records/{new}/"' in back and "没有公开的决定" not in back
    banner = back[back.index('class="notice') : back.index('class="information')]
    assert f'<a href="/records/{new}/">《新办法》</a>' in banner


def test_drafts_do_not_exist_and_what_was_taken_down_is_gone_with_the_reason(client, publish):
    draft = publish(public=False, published_on=None, state="draft")
    gone = publish(public=False, withdrawn_on=date(2021, 5, 6), withdrawn_why="含有个人信息")
    forms = [
        ("record", {}),
        ("history", {}),
        ("at", {"day": date(2021, 1, 1)}),
        ("file", {"name": "json"}),
        ("file", {"name": "pdf"}),
    ]
    for name, args in forms:
        assert page(client, draft, name, **args).status_code == 404
        answer = page(client, gone, name, **args)
        assert answer.status_code == 410 and "含有个人信息" in answer.content.decode()
        assert TEXT.splitlines()[-1] not in answer.content.decode()


def test_a_page_asks_the_database_at_most_ten_times(client, publish, django_assert_max_num_queries):
    targets = [publish(title=f"重庆市第{n}号办法") for n in range(12)]
    cites = "根据" + "、".join(f"《重庆市第{n}号办法》" for n in range(12)) + "。\n"
    key = publish(cites, TEXT, links=[Link("based_on", target=one) for one in targets], attachment="附件")
    for n in range(12):
        publish(f"依照《重庆市人民政府的核心办法》第{n + 1}条办理。", title=f"引用者{n}")
    with django_assert_max_num_queries(10):
        assert page(client, key).status_code == 200


def test_the_text_of_a_day_and_what_changed_since(client, publish):
    key = publish(
        "第一条 旧的规定。\n\n第二条 不变。",
        "第一条 新的规定。\n\n第二条 不变。\n\n第三条 增加。",
        since=date(2020, 3, 1),
    )
    assert "新的规定" in page(client, key).content.decode()
    old = page(client, key, "at", day=date(2020, 6, 1)).content.decode()
    assert "旧的规定" in old and "新的规定" not in old and "2020年6月1日" in old and "修改以前的文本" in old
    early = page(client, key, "at", day=date(2019, 1, 1))
    assert early.status_code == 404 and "2020年3月1日" in early.content.decode()
    answer = client.get(f"/records/{key}/?on=2020-06-01")
    assert answer.url == f"/records/{key}/@2020-06-01/"
    listed = page(client, key, "history").content.decode()
    assert listed.count("/@20") == 2 and f"/records/{key}/compare/1/2/" in listed
    compared = page(client, key, "compare", old=1, new=2).content.decode()
    assert "<del>旧</del>" in compared and "<ins>新</ins>" in compared and "第三条" in compared
    assert "不变" not in compared
    assert page(client, key, "compare", old=1, new=3).status_code == 404


def test_an_impossible_day_is_no_address(client, publish):
    assert client.get(f"/records/{publish()}/@2021-02-31/").status_code == 404


def test_json_says_everything(client, city, publish):
    old = publish(title="旧办法")
    key = publish(links=[Link("repeals", target=old)], attachment="附件", document_number="渝府发〔2021〕5号")
    answer = page(client, key, "file", name="json")
    told = json.loads(answer.content)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert told["text"] == TEXT and told["document_number"] == "渝府发〔2021〕5号"
    assert told["text_sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert told["relations"] == [{"relation": "废止", "title": "旧办法", "key": old, "since": None}]
    assert [one["words"] for one in told["citations"] if one["anchor"]] == ["前款", "本办法第三条"]
    assert client.get(told["attachments"][0]["url"].removeprefix("http://testserver")).content.decode() == "附件"


def test_text_word_and_pdf_hold_the_whole_text(client, publish):
    key = publish(attachment="附件")
    said = re.sub(r"\s", "", TEXT)
    assert said in re.sub(r"\s", "", page(client, key, "file", name="txt").content.decode())
    word = docx.Document(io.BytesIO(page(client, key, "file", name="docx").content))
    assert said in re.sub(r"\s", "", "".join(one.text for one in word.paragraphs))
    assert [one.style.name for one in word.paragraphs if one.style.name.startswith("Heading")] == ["Heading 1"]
    first, again = (page(client, key, "file", name="pdf") for _ in range(2))
    assert first.content == again.content and first.content.startswith(b"%PDF")
    import pypdfium2

    pdf = pypdfium2.PdfDocument(first.content)
    printed = "".join(one.get_textpage().get_text_range() for one in pdf)
    assert "公开透明" in re.sub(r"\s", "", printed) and "第三条" in printed


def test_linked_data_is_legislation_for_rules_only(client, publish):
    def described(key):
        text = page(client, key).content.decode()
        return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[1])

    rule = described(
        publish(kind="regulation", document_number="渝府令第350号", ceased_on=date(2021, 1, 1), ended_how="repealed")
    )
    assert rule["@type"] == "Legislation" and rule["legislationLegalForce"] == "https://schema.org/NotInForce"
    assert rule["temporalCoverage"] == "2020-03-01/2021-01-01" and rule["legislationIdentifier"] == "渝府令第350号"
    assert described(publish(kind="meeting"))["@type"] == "DigitalDocument"


def test_the_feed_has_the_newest_and_follows_the_filters(client, publish):
    for n in range(3):
        publish(title=f"通知{n}", published_on=date(2021, 1, 1 + n))
    publish(title="会议", kind="meeting")
    publish(title="草稿", public=False)
    atom = {"a": "http://www.w3.org/2005/Atom"}
    whole = ElementTree.fromstring(client.get("/records/feed.atom").content)
    assert [one.text for one in whole.findall("a:entry/a:title", atom)] == ["通知2", "通知1", "通知0", "会议"]
    part = ElementTree.fromstring(client.get("/records/feed.atom?kind=meeting").content)
    assert [one.text for one in part.findall("a:entry/a:title", atom)] == ["会议"]


def test_the_list_narrows_sorts_and_exports(client, city, publish, django_assert_num_queries):
    publish(title="轨道交通", kind="policy", published_on=date(2020, 1, 1))
    publish(title="预算", kind="budget", published_on=date(2021, 1, 1), body=city.department)
    publish(title="废止的", ceased_on=date(2021, 1, 1), ended_how="repealed")
    publish(title="草稿", public=False)
    text = client.get("/records/list/").content.decode()
    assert "轨道交通" in text and "草稿" not in text
    for query, title in (
        ("kind=budget", "预算"),
        ("body=cq-plan", "预算"),
        ("year=2021", "预算"),
        ("q=轨道", "轨道交通"),
        ("validity=ended", "废止的"),
    ):
        found = client.get(f"/records/list/?{query}").content.decode()
        assert [one for one in ("轨道交通", "预算", "废止的") if f">{one}</a>" in found] == [title], query
    assert "预算" in b"".join(client.get("/records/list/?export=csv")).decode()
    with django_assert_num_queries(4):  # the site, then count, rows, bodies
        client.get("/records/list/")


def test_the_front_page_counts_what_is_public(client, city, publish, django_assert_max_num_queries):
    assert "还没有公开的信息" in client.get("/records/").content.decode()
    for n in range(3):
        publish(title=f"预算{n}", kind="budget", theme="财政、金融、审计\\财政")
    publish(title="草稿", public=False)
    with django_assert_max_num_queries(7):
        text = client.get("/records/").content.decode()
    assert '已公开 <b class="num">3</b> 条' in text and "草稿" not in text and "财政、金融、审计" in text


def test_the_download_is_what_its_manifest_says(client, city, publish):
    keys = {publish(title=f"办法{n}", attachment="附件" if n else "") for n in range(3)}
    draft = publish(title="草稿", public=False)
    content = b"".join(client.get("/records/download/records.zip"))
    whole = zipfile.ZipFile(io.BytesIO(content))
    assert whole.testzip() is None
    manifest = json.loads(whole.read("manifest.json"))
    assert {one["name"] for one in manifest["files"]} | {"manifest.json"} == set(whole.namelist())
    for one in manifest["files"]:
        member = whole.read(one["name"])
        assert (hashlib.sha256(member).hexdigest(), len(member)) == (one["sha256"], one["size"])
    lines = [json.loads(line) for line in whole.read("records.jsonl").decode().splitlines()]
    assert {line["key"] for line in lines} == keys and draft not in content.decode(errors="ignore")


def test_the_download_does_not_grow_in_memory(city):
    for n in range(30):
        shelve(city.office, [f"第一条 {n}" + "字" * 20_000])
    sizes = [len(part) for part in archive.stream(queries.public(), "")]
    assert len(sizes) > 30 and max(sizes) < 100_000


def test_the_stencil_of_the_baker_says_what_the_page_says(client, city, publish, settings):
    """Records with every part of the page and with none, baked together, alone, and asked for by a reader."""
    law = publish(title="甲办法")
    full = publish(
        TEXT, TEXT + "\n第四章 附则\n\n第四条 见《甲办法》第一条。\n", title='<b>"旧"&</b>',
        attachment="附", document_number="渝府发〔2020〕1号", ended_how="repealed", ended_by="《甲办法》",
        ceased_on=date(2021, 1, 1), links=[Link("amends", law, "甲办法", date(2020, 3, 1))],
    )  # fmt: skip
    bare = shelve(city.office, (), title="zz-title-zz", attachment="只有附件")
    empty = shelve(city.office, (), title="没有正文")
    indexing.drain()
    keys = [law, full, bare, empty]
    with batch(), queries.holding(keys):
        together = [render(f"/records/{key}/").content for key in keys]
    client.defaults["HTTP_HOST"] = urlsplit(settings.ORIGIN).netloc
    for key, one in zip(keys, together, strict=True):
        assert one == render(f"/records/{key}/").content == page(client, key).content, key
    said = [one.decode() for one in together]
    assert "正文见附件" in said[2] and "这条信息没有正文" in said[3] and "相关文件" in said[0]
    assert "&lt;b&gt;" in said[1] and "<b>&quot;" not in said[1] and "渝府发〔2020〕1号" in said[1]
    assert "<title>zz-title-zz" in said[2]
