"""The desk of clean-ups and texts through its addresses: who sees what, decisions for many, few queries, texts and changes."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.ledger import clock
from gongkai.ledger.services import SYSTEM, Actor, replay
from gongkai.norms import services as norms
from gongkai.norms.cleanup import services
from gongkai.norms.cleanup.models import Cleanup, CleanupItem
from gongkai.norms.models import Norm
from gongkai.norms.testing import TEXT, event_data
from gongkai.norms.tests.test_cleanup import existing
from gongkai.organs.rights import ROLES
from gongkai.organs.services import add_person, grant
from gongkai.organs.testing import small_city

ALL = Actor("clerk", frozenset(ROLES))


@pytest.fixture
def city(db):
    with clock.at(datetime(2021, 12, 1, 4, tzinfo=UTC)):
        yield small_city()


def browser(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def at(name: str, *args: str) -> str:
    return reverse(f"office:norms:{name}", args=args)


@pytest.fixture
def campaign(city) -> str:
    existing(city, 5, city.office)
    key = services.start("open", city.office, ALL, event_data("cleanup", "open")).event.subject
    services.do(key, "draw", ALL)
    return key


def decide(client: Client, key: str, **data):
    told = {"do": "decide", "confirm": "1", "decision": "repeal", "reason": "任务完成", "token": "t"} | data
    return client.post(at("cleanup_bulk", key), told)


def test_a_campaign_from_its_form_to_its_decision(city):
    existing(city, 3, city.office)
    client = browser(city.people["disclosure"])
    told = {"body": "cq-office", "title": "年度清理", "reach": "own", "kind": "both", "token": "a"}
    answer = client.post(at("cleanup_open"), told)
    key = Cleanup.objects.get().key
    assert answer.url == at("cleanup", key)
    assert client.post(answer.url, {"event": "draw", "token": "b"}).status_code == 302
    shown = client.get(at("cleanup_items", key) + "?decision=none").content.decode()
    assert "不勾选即为筛选出的全部文件" in shown and "共 3 件，未提意见 3 件" in shown
    form = client.post(at("cleanup_bulk", key), {"do": "decide", "back": at("cleanup_items", key) + "?decision=none"})
    assert form.context["count"] == 3 and form.context["query"] == "decision=none"
    assert decide(client, key, count="3", query="decision=none", token="c").status_code == 302
    assert set(CleanupItem.objects.values_list("decision", flat=True)) == {"repeal"}
    client.post(at("cleanup", key), {"event": "submit", "token": "d"})
    browser(city.people["reviewer"]).post(at("cleanup", key), {"event": "review", "token": "e"})
    browser(city.people["signatory"]).post(at("cleanup", key), {"event": "approve", "token": "f"})
    told = {"publish-title": "关于废止部分文件的决定", "publish-document_number": "渝府发（2021）40号"}
    assert client.post(at("cleanup", key), told | {"event": "publish", "token": "g"}).status_code == 302
    assert not Norm.objects.exclude(state="repealed").exists()
    page = client.get(at("cleanup", key)).content.decode()
    assert "渝府发〔2021〕40号" in page and "已公布结果" in page
    old = client.get(at("case", Norm.objects.first().key)).content.decode()
    assert "此件自 2021-12-01 起废止，依据：关于废止部分文件的决定（渝府发〔2021〕40号）" in old and "被废止" in old


def test_ticked_ones_only_and_a_list_that_changed_meanwhile(city, campaign):
    client = browser(city.people["disclosure"])
    first = CleanupItem.objects.first()
    assert decide(client, campaign, chosen=[first.pk], count="1").status_code == 302
    assert CleanupItem.objects.filter(decision="repeal").get() == first
    answer = decide(client, campaign, query="decision=none", count="5", token="u")
    assert answer.status_code == 422 and "现在是 4 件" in answer.content.decode()
    answer = decide(client, campaign, query="decision=none", count="4", reason="", token="v")
    assert answer.status_code == 422 and "请写明理由" in answer.content.decode()
    assert client.post(at("cleanup_bulk", campaign), {"do": "publish"}).status_code == 302
    assert client.get(at("cleanup_bulk", campaign)).status_code == 302


def test_the_unit_responsible_sees_and_decides_its_own(city, campaign):
    mine = Norm.objects.order_by("key").first()
    services.do(campaign, "assign", ALL, {"items": [mine.key], "department": "cq-plan"})
    person = add_person("plan", "李计划", city.department, SYSTEM)
    grant(person, city.department, ["handler"], SYSTEM)
    client = browser(person)
    rows = client.get(at("cleanup_items", campaign)).context["page"].object_list
    assert [row.norm_id for row in rows] == [mine.key]
    assert list(client.get(at("cleanups")).context["page"].object_list) == [Cleanup.objects.get()]
    assert client.get(at("cleanup", campaign)).status_code == 403
    assert decide(client, campaign, count="1").status_code == 302
    item = replay("cleanup", campaign).items[mine.key]
    assert (item.decision, item.decided_by) == ("repeal", "plan")
    assert CleanupItem.objects.filter(decision="repeal").count() == 1
    other = add_person("far", "王别处", city.district, SYSTEM)
    grant(other, city.district, ["handler", "disclosure"], SYSTEM)
    assert browser(other).get(at("cleanup_items", campaign)).status_code == 403


def test_lists_take_the_same_queries_for_few_rows_and_many(city, campaign):
    client, numbers = browser(city.people["disclosure"]), []
    for _ in range(2):
        for url in (at("cleanups"), at("cleanup_items", campaign), at("cleanup", campaign)):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            numbers.append(len(captured))
        keys = existing(city, 30, city.office)
        services.do(campaign, "include", ALL, {"items": keys})
    assert numbers[:3] == numbers[3:] and max(numbers) <= 16, numbers


def test_text_from_a_file_and_amended_from_the_form(city):
    key = existing(city, 1, city.office)[0]
    client = browser(city.people["disclosure"])
    file = SimpleUploadedFile("正文.txt", TEXT.encode())
    assert client.post(at("text", key), {"file": file, "token": "a"}).status_code == 302
    told = {
        "by": "修改决定（渝府发〔2021〕9号）",
        "action_1": "replace",
        "place_1": "第二条",
        "words_1": "新的第二条。",
        "token": "b",
    }
    bad = client.post(at("amend", key), told | {"place_1": "第二"})
    assert bad.status_code == 422 and "读不了，请写成 第三条" in bad.content.decode()
    missing = client.post(at("amend", key), told | {"place_1": "第九条"})
    assert missing.status_code == 422 and "找不到第九条" in missing.content.decode()
    assert client.post(at("amend", key), told).url == at("text", key)
    page = client.get(at("text", key)).content.decode()
    assert "<ins>" in page and "新的第二条" in page and "2021-12-01 起" in page
    assert "适用于本市轨道交通建设" in client.get(at("text", key) + "?version=1").content.decode()
    assert client.post(at("text", key), {"token": "c"}).status_code == 422
    assert browser(city.people["auditor"]).post(at("text", key), {"text": "x"}).status_code == 403


def test_status_on_a_day_and_balance(city):
    key = existing(city, 1, city.office, valid_until="2021-06-30")[0]
    client = browser(city.people["auditor"])
    shown = client.get(at("case", key) + "?on=2021-06-30").context
    assert shown["asked_status"] == ("即将到期", "soon") and "有效期已满" in shown["banner"][1]
    assert client.get(at("case", key) + "?on=x").status_code == 200
    page = client.get(at("balance") + "?body=cq-office&scope=own&since=2021-01-01&on=2021-12-01")
    equation = page.context["parts"][1]["equation"]
    assert equation.holds and [term.value for term in equation.left] == [1, 0]
    assert [term.value for term in equation.right] == [0, 0, 0, 1]
    assert client.get(at("balance") + "?since=2022-01-01&on=2021-12-01").status_code == 422
    assert norms.expire_due() == 1
