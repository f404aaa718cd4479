"""The desk of records: writing one through the pages, lists by kind, what is refused; a kind added by its file alone."""

import io
import json
import os
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from gongkai.figure import Ask
from gongkai.ledger import clock
from gongkai.ledger.services import Actor
from gongkai.organs.rights import PERMISSIONS, ROLES
from gongkai.organs.testing import small_city
from gongkai.procedure import NEW
from gongkai.records import figures, kinds, services
from gongkai.records.models import Record
from gongkai.records.procedure import RECORD
from gongkai.records.testing import event_data

MONDAY = datetime(2021, 3, 1, 4, tzinfo=UTC)
EVERY = Actor("everybody", frozenset(ROLES))
LISTS = ("home", "queue", "clock", "withheld", "kinds")


@pytest.fixture
def city(db):
    with clock.at(MONDAY):
        yield small_city()


@pytest.fixture
def sign_in(city):
    def enter(role: str) -> Client:
        client = Client()
        client.force_login(city.people[role])
        return client

    return enter


def at(name: str, *args: str) -> str:
    return reverse(f"office:records:{name}", args=args)


def meeting(body, **data) -> str:
    return services.enter(body, EVERY, "meeting", event_data("enter", "meeting") | data).event.subject


def through(key: str, *events: str, kind: str = "meeting") -> None:
    for event in events:
        services.do(key, event, Actor(f"by-{event}", frozenset(ROLES)), event_data(event, kind))


def test_who_may_open_the_pages(city, sign_in):
    key = meeting(city.office)
    pages = [*map(at, LISTS), at("case", key), at("kind", "meeting"), at("template", "plan")]
    for role in city.people:
        client, sees = sign_in(role), role in PERMISSIONS["records.view"][1]
        assert {client.get(url).status_code for url in pages} == {200 if sees else 403}, role
        for move in (m for m in RECORD.transitions if NEW in m.sources):
            kind = "policy" if move.event == "draft" else "meeting"
            expected = 200 if sees and role in move.roles else 403
            assert client.get(at("choose", move.event)).status_code == expected, (role, move.event)
            assert client.get(at("new", move.event, kind)).status_code == expected, (role, move.event)
        assert client.get(at("import")).status_code == (200 if role in {"editor", "disclosure"} else 403)
        assert client.get(at("edit", key, "edit")).status_code == (
            200 if role in {"handler", "editor", "disclosure"} else 403
        )


def test_another_bodys_records_do_not_exist_here(city, sign_in):
    key, client = meeting(city.department), sign_in("disclosure")
    assert client.get(at("case", key)).status_code == client.get(at("edit", key, "edit")).status_code == 403
    assert not client.get(at("home")).context["page"].object_list
    for url in (at("case", "none"), at("kind", "none"), at("new", "enter", "none"), at("new", "sign", "meeting"),
                at("edit", key, "sign"), at("template", "none")):  # fmt: skip
        assert client.get(url).status_code == 404


def test_a_document_from_the_form_to_the_catalogue(city, sign_in):
    handler = sign_in("handler")
    url = at("new", "draft", "policy")
    data = {"body": "cq-office", "token": "t", "title": "关于某事的通知", "text": "一、要求", "data.form": "notice",
            "topics": ["business", "chengyu"], "columns": ["policies", "business"], "category": "20(15)"}  # fmt: skip
    wrong = handler.post(url, data | {"title": "", "data.form": "", "written_on": "明天"})
    assert wrong.status_code == 422 and {"title", "data.form", "written_on"} <= set(wrong.context["form"].errors)
    file = SimpleUploadedFile("附件.txt", "名单".encode())
    page = handler.post(url, data | {"files": file}).url
    assert handler.post(url, data).url == page and Record.objects.count() == 1
    row = Record.objects.get()
    assert row.topics == ["business", "chengyu"] and row.attachments[0]["name"] == "附件.txt"
    answer = handler.get(at("file", row.key, row.attachments[0]["digest"]))
    assert answer.content.decode() == "名单" and "attachment" in answer["Content-Disposition"]
    assert handler.get(at("file", row.key, "0" * 64)).status_code == 404
    assert sign_in("administrator").get(at("file", row.key, row.attachments[0]["digest"])).status_code == 403

    def post(role: str, event: str, **values: str) -> int:
        client = sign_in(role)
        return client.post(
            page, {"event": event} | {f"{event}-{name}": value for name, value in values.items()}
        ).status_code

    edit = handler.post(
        at("edit", row.key, "edit"),
        data | {"token": "t2", "text": "一、新的要求", "kept": [row.attachments[0]["digest"]]},
    )
    assert edit.status_code == 302 and len(Record.objects.get().attachments) == 1
    assert (
        handler.post(at("edit", row.key, "edit"), data | {"token": "t3"}).status_code == 302
        and not Record.objects.get().attachments
    )
    assert post("handler", "propose") == 422 and post("handler", "propose", attribute="active") == 302
    assert post("handler", "secrecy", secrecy="cleared") == 403
    assert post("reviewer", "secrecy", secrecy="cleared") == 302 and post("disclosure", "check") == 302
    assert post("signatory", "sign") == 302 and post("registrar", "number") == 302
    assert "渝府办发〔2021〕1号" in handler.get(page).content.decode()
    assert "应于 2021-03-29 前公开" in handler.get(page).content.decode()
    assert post("editor", "publish") == 302 and Record.objects.get().public
    shown = handler.get(page).content.decode()
    assert (
        "（此件公开发布）" in shown
        and "优化营商环境、成渝地区双城经济圈" in shown
        and handler.get(at("edit", row.key, "edit")).status_code == 404
    )


def test_a_change_shows_both_texts_until_it_is_approved(city, sign_in):
    key = meeting(city.office)
    through(key, "approve", "publish")
    editor, page = sign_in("editor"), at("case", key)
    form = editor.get(at("edit", key, "change"))
    assert "会议审议了若干事项。" in form.content.decode()
    data = {
        "title": "改",
        "text": "新的文字。",
        "data.type": "executive",
        "data.held_on": "2021-02-27",
        "reason": "有误",
    }
    assert editor.post(at("edit", key, "change"), data).status_code == 302
    text = editor.get(page).content.decode()
    assert "修改待审核" in text and "新的文字。" in text and "会议审议了若干事项。" in text
    assert (
        sign_in("reviewer").post(page, {"event": "approve_change", "approve_change-secrecy": "cleared"}).status_code
        == 302
    )
    assert "历史版本" in editor.get(page).content.decode()


def test_lists_take_the_same_queries_for_one_row_and_many(city, sign_in):
    client, numbers = sign_in("disclosure"), []
    for rows in (range(1), range(12)):
        for _ in rows:
            meeting(city.office)
        for url in (at("home"), at("kind", "meeting"), at("clock")):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            numbers.append(len(captured))
    assert numbers[:3] == numbers[3:] and max(numbers) <= 10, numbers


def test_filters_export_and_the_page_of_a_case(city, sign_in):
    first = meeting(city.office, title="第一次", **{"data.type": "plenary"})
    second = meeting(city.office, title="第二次", topics=["chuanyu"])
    through(second, "approve", "publish")
    client = sign_in("disclosure")
    expected = {
        "q=第一": {first}, "kind=meeting": {first, second}, "state=open": {first}, "topic=chuanyu": {second},
        "attribute=active": {first, second}, "category=20(15)": {first, second}, "state=published": {second},
        "published_from=2021-03-01": {second}, "published_to=2021-02-01": set(),
    }  # fmt: skip
    for query, keys in expected.items():
        assert {row.key for row in client.get(f"{at('home')}?{query}").context["page"].object_list} == keys, query
    own = client.get(at("kind", "meeting") + "?own_type=plenary")
    assert [row.key for row in own.context["page"].object_list] == [first] and "全体会议" in own.content.decode()
    text = b"".join(client.get(at("kind", "meeting") + "?export=csv").streaming_content).decode()
    assert "会议类型" in text and "全体会议" in text and "常务会议" in text
    with CaptureQueriesContext(connection) as captured:
        client.get(at("case", second))
    assert len(captured) <= 10, [query["sql"] for query in captured]


def test_clock_and_assessment_on_the_front_page(city, sign_in):
    key = meeting(city.office)
    held = services.draft(city.office, EVERY, "policy", event_data("draft")).event.subject
    for event in ("propose", "secrecy", "check", "sign", "number", "hold"):
        services.do(held, event, Actor(f"by-{event}", frozenset(ROLES)), event_data(event, "policy", "withheld"))
    for days, words, pill in ((0, "还剩 20 日", None), (23, "还剩", "soon"), (60, "逾期", "late")):
        with clock.at(MONDAY + timedelta(days=days)):
            text = sign_in("disclosure").get(at("clock")).content.decode()
            assert words in text and (pill is None or f"pill {pill}" in text)
            home = sign_in("disclosure").get("/office/").content.decode()
            assert ("市政府第一百二十次常务会议" in home) == (pill is not None)
    with clock.at(MONDAY + timedelta(days=370)):
        assert "关于加强轨道交通建设管理的通知" in sign_in("disclosure").get("/office/").content.decode()
        assert held in sign_in("signatory").get(at("withheld")).content.decode()
    assert Record.objects.get(pk=key).due_on


def upload(client: Client, text: str, **data):
    file = SimpleUploadedFile("会议.csv", text.encode())
    return client.post(at("import"), {"body": "cq-office", "kind": "meeting", "file": file} | data)


def test_import_on_the_screen(city, sign_in):
    client = sign_in("editor")
    good = "标题,正文,会议类型,召开日期,发布日期\n第一次,甲,常务会议,2021-01-02,2021-01-04\n"
    bad = good + "第二次,乙,茶话会,2021-01-02,\n"
    text = upload(client, bad).content.decode()
    assert "1 行有错误" in text and "一条也没有导入" in text and "会议类型" in text and not Record.objects.exists()
    assert "检查通过：可以导入 1 条" in upload(client, good, check="1").content.decode() and not Record.objects.exists()
    assert "没有错误的 1 条已导入" in upload(client, bad, only_good="on").content.decode()
    assert upload(client, good).status_code == 302 and Record.objects.count() == 1
    assert "1 条以前已导入" in client.get(upload(client, good).url).content.decode()
    assert upload(client, "x").status_code == 422 and upload(client, good, kind="regulation").status_code == 422
    assert (
        upload(client, good, body="cq-plan").status_code == 422 and upload(sign_in("auditor"), good).status_code == 403
    )
    exe = client.post(at("import"), {"body": "cq-office", "kind": "plan", "file": SimpleUploadedFile("x.exe", b"MZ")})
    assert exe.status_code == 422 and "不能导入这种文件" in exe.content.decode()
    sheet = load_workbook(io.BytesIO(client.get(at("template", "meeting")).content)).worksheets[0]
    assert {"标题", "正文", "会议类型"} <= {cell.value for cell in sheet[1]}


def test_words_are_escaped(city, sign_in):
    key = meeting(city.office, title="<script>alert(1)</script>", text="<script>alert(2)</script>", unit="<b>x</b>")
    client = sign_in("disclosure")
    for url in (at("case", key), at("home"), at("edit", key, "edit"), at("clock")):
        text = client.get(url).content.decode()
        assert "<script>alert" not in text and "<b>x</b>" not in text


# A kind added by its file alone


NEW_KIND = {
    "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "行政执法公示", "description": "双随机检查结果",
    "x-order": 200, "x-category": "20(13)", "x-column": "announcements", "type": "object", "additionalProperties": False,
    "properties": {
        "field": {"type": "string", "title": "领域", "x-order": 1, "x-facet": True, "x-list": True,
                  "oneOf": [{"const": "food", "title": "食品"}, {"const": "fire", "title": "消防"}]},
        "checked": {"type": "integer", "title": "检查家数", "x-order": 2, "x-list": True, "minimum": 1},
        "found": {"type": "string", "format": "date", "title": "检查日期", "x-order": 3},
    },
    "required": ["field", "checked"],
    "x-figures": [{"id": "food_checks_published", "label": "公开食品检查", "unit": "条", "where": {"field": "food"}}],
}  # fmt: skip


@pytest.fixture
def local_kind(city, settings, tmp_path):
    settings.HOME = tmp_path  # a home of its own: the other workers' kinds stay as they are
    directory = tmp_path / "kinds"
    directory.mkdir()
    file = directory / "enforcement.json"
    file.write_text(json.dumps(NEW_KIND, ensure_ascii=False))
    kinds._looked_at.cache_clear()
    yield file
    file.unlink()
    kinds._looked_at.cache_clear()


def test_a_kind_by_file_only_walks_from_form_to_facet_and_figure(city, sign_in, local_kind):
    editor = sign_in("editor")
    assert "行政执法公示" in editor.get(at("choose", "enter")).content.decode()
    url = at("new", "enter", "enforcement")
    form = editor.get(url).content.decode()
    assert all(words in form for words in ("领域", "检查家数", "检查日期", "消防"))
    data = {"body": "cq-office", "title": "春季检查", "text": "结果", "data.field": "food", "data.checked": "0"}
    answer = editor.post(url, data)
    assert answer.status_code == 422 and "不能小于 1" in str(answer.context["form"].errors["data.checked"])
    page = editor.post(url, data | {"data.checked": "32"}).url
    assert "32" in editor.get(page).content.decode()
    row = Record.objects.get()
    through(row.key, "approve", "publish")
    row.refresh_from_db()
    assert row.public and row.data == {"field": "food", "checked": 32} and row.category == "20(13)"
    for value, count in (("food", 1), ("fire", 0)):
        assert editor.get(at("kind", "enforcement") + f"?own_field={value}").context["page"].paginator.count == count
    conditions = figures._kind_conditions()
    figure, condition = conditions["food_checks_published"]
    ask = Ask.year(None, 2021)
    assert (
        figure.label == "公开食品检查" and figures._within(ask).filter(figures.published(ask), condition).count() == 1
    )


@pytest.mark.parametrize(("change", "words"), [
    ({"title": ""}, "缺少 title"), ({"x-category": "99"}, "没有 99 这个法定类别"), ({"type": 3}, "读不懂"),
    ({"properties": {"a": {"type": "string"}}}, "a 缺少 title"),
    ({"properties": {"a": {"type": "object", "title": "甲"}}}, "不能做成表单项"),
    ({"properties": {"a": {"type": "string", "title": "甲", "x-facet": True}}}, "须有 enum"),
    ({"x-figures": [{"id": "x", "label": "y", "where": {"field": "nothing"}}]}, "不在所列各项中"),
    ({"x-figures": [{"id": "plans_published", "label": "y"}]}, "指标重复"),
])  # fmt: skip
def test_a_file_that_cannot_be_used_is_named(local_kind, change, words):
    local_kind.write_text(json.dumps(NEW_KIND | change, ensure_ascii=False))
    os.utime(local_kind, ns=(1, hash(words) % 10**15))
    kinds._looked_at.cache_clear()
    with pytest.raises(kinds.KindError, match=words):
        kinds.kinds()
