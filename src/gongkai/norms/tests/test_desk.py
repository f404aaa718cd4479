"""The desk of norms and registers through its addresses: who sees what, few queries, events and imports from forms."""

import io
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from gongkai.ledger import clock
from gongkai.ledger.models import Event
from gongkai.ledger.services import SYSTEM, Actor, replay
from gongkai.norms import services
from gongkai.norms.models import Entry, Norm
from gongkai.norms.procedure import ENTRY, NORM
from gongkai.norms.testing import event_data
from gongkai.norms.tests.test_imports import BAD, GOOD
from gongkai.organs.rights import PERMISSIONS, ROLES
from gongkai.organs.services import grant
from gongkai.organs.testing import small_city
from gongkai.procedure import NEW

EVERY = Actor("everybody", frozenset(ROLES))
NORMS = ("home", "regulation_list", "normative_document_list")


@pytest.fixture
def city(db):
    with clock.at(datetime(2021, 12, 1, 4, tzinfo=UTC)):
        yield small_city()


@pytest.fixture
def sign_in(city):
    def enter(role: str) -> Client:
        client = Client()
        client.force_login(city.people[role])
        return client

    return enter


def at(name: str, *args: str) -> str:
    return reverse(f"office:norms:{name}", args=args)


def new_norm(body, number: int = 1, **data) -> str:
    entry = event_data("norm", "register_existing") | {"document_number": f"渝府发〔2015〕{number}号"} | data
    return services.register_existing(body, EVERY, entry).event.subject


def new_entry(body, **data) -> str:
    return services.enter(body, EVERY, event_data("register_entry", "enter") | data).event.subject


def test_who_may_open_the_pages(city, sign_in):
    norm, entry = new_norm(city.office), new_entry(city.office)
    pages = {
        "norms.view": [*map(at, NORMS), at("case", norm)],
        "registers.view": [at("register_list"), at("entry", entry), at("template")],
    }
    for role in city.people:
        client = sign_in(role)
        for right, urls in pages.items():
            expected = 200 if role in PERMISSIONS[right][1] else 403
            assert {client.get(url).status_code for url in urls} == {expected}, (role, right)
        for procedure, right in ((NORM, "norms.view"), (ENTRY, "registers.view")):
            for move in (m for m in procedure.transitions if NEW in m.sources):
                may = role in move.roles and role in PERMISSIONS[right][1]
                assert client.get(at(move.event)).status_code == (200 if may else 403), (role, move.event)
        assert client.get(at("import")).status_code == (200 if role in {"editor", "disclosure"} else 403)


def test_another_bodys_rows_do_not_exist_here(city, sign_in):
    norm, entry = new_norm(city.department), new_entry(city.department)
    client = sign_in("disclosure")
    assert client.get(at("case", norm)).status_code == client.get(at("entry", entry)).status_code == 403
    for name in (*NORMS, "register_list"):
        assert not client.get(at(name)).context["page"].object_list
    assert client.get(at("case", "nothing")).status_code == 404


def test_lists_take_the_same_queries_for_one_row_and_many(city, sign_in):
    client, numbers = sign_in("disclosure"), []
    for rows in (range(1), range(1, 20)):
        for n in rows:
            new_norm(city.office, n)
            new_entry(city.office)
        for name in ("home", "register_list"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(at(name)).status_code == 200
            numbers.append(len(captured))
    assert numbers[:2] == numbers[2:] and max(numbers) <= 10, numbers


def test_status_of_today_in_list_filter_and_page(city, sign_in):
    soon = new_norm(city.office, 1, valid_until="2022-03-31")
    past = new_norm(city.office, 2, valid_until="2021-11-30")
    ended = new_norm(city.office, 3)
    services.do("norm", ended, "repeal", EVERY, {"by": "清理决定"})
    plain = new_norm(city.office, 4, kind="regulation")
    drafted = services.draft(city.office, EVERY, event_data("norm", "draft")).event.subject
    client = sign_in("disclosure")
    expected = {
        "in_force": {soon, plain}, "expiring": {soon}, "unrecorded": {past}, "ceased": {past, ended}, "draft": {drafted},
    }  # fmt: skip
    for status, keys in expected.items():
        assert {row.key for row in client.get(at("home"), {"status": status}).context["page"].object_list} == keys
    assert [row.key for row in client.get(at("regulation_list")).context["page"].object_list] == [plain]
    text = b"".join(client.get(at("home"), {"export": "csv"}).streaming_content).decode()
    assert all(word in text for word in ("即将到期", "失效（期满）", "废止", "有效", "起草中"))
    assert "失效（期满）" in client.get(at("case", past)).content.decode()
    assert "即将到期的文件" in client.get(reverse("office:home")).content.decode()


def test_entering_a_norm_from_the_form(city, sign_in):
    client, url = sign_in("editor"), at("register_existing")
    data = event_data("norm", "register_existing") | {"body": "cq-office", "token": client.get(url).context["token"]}
    wrong = client.post(url, data | {"issued_on": "2015年", "title": ""})
    assert wrong.status_code == 422 and {"issued_on", "title"} <= set(wrong.context["form"].errors)
    refused = client.post(url, data | {"effective_on": "2014-01-01"})
    assert refused.status_code == 422 and "施行日期不能早于公布日期" in refused.content.decode()
    first, again = client.post(url, data), client.post(url, data)
    assert first.status_code == 302 and first.url == again.url and Norm.objects.count() == 1
    twice = client.post(url, data | {"token": "other"})
    assert twice.status_code == 422 and "已登记为" in str(twice.context["form"].errors["document_number"])


def test_entering_an_entry_and_correcting_it(city, sign_in):
    client, url = sign_in("editor"), at("enter")
    data = {"body": "cq-office", "register": "fee", "matter": "信息处理费", "decided_on": "2021-05-01", "amount": "880"}
    assert "不填数量" in client.post(url, data | {"count": "1"}).content.decode()
    page = client.post(url, data).url
    action = next(a for a in client.get(page).context["actions"] if dict(a.hidden)["event"] == "correct")
    answer = client.post(page, dict(action.hidden) | {"correct-amount": "1080", "correct-reason": "误录"})
    assert answer.status_code == 302 and Entry.objects.get().amount == 1080
    assert "1080 元" in client.get(page).content.decode()


@pytest.mark.parametrize("role", PERMISSIONS["norms.view"][1])
def test_actions_are_those_of_the_role(city, sign_in, role):
    key = new_norm(city.office)
    shown = sign_in(role).get(at("case", key))
    pages = {at("text", key): "set_text", at("amend", key): "amend"}
    offered = {pages.get(a.url) or dict(a.hidden).get("event") for a in shown.context["actions"]} - {
        None
    }  # links lead on
    waiting = {move.event for move, _ in shown.context["later"]}
    assert offered | waiting == {move.event for move in NORM.allowed("issued", [role])} and waiting <= {"expire"}


def test_a_forged_event_is_refused(city, sign_in):
    key = new_norm(city.office)
    answer = sign_in("editor").post(at("case", key), {"event": "repeal", "repeal-by": "x"})
    assert answer.status_code == 403 and replay("norm", key).state == "issued"


def upload(client: Client, text: str, **data):
    file = SimpleUploadedFile("登记.csv", text.encode())
    return client.post(at("import"), {"body": "cq-office", "file": file} | data)


def test_import_names_every_bad_row_and_imports_nothing(city, sign_in):
    client = sign_in("editor")
    page = upload(client, BAD)
    text = page.content.decode()
    assert page.status_code == 200 and "6 行有错误" in text and "一行也没有导入" in text
    assert "“数量（件）”应为整数" in text and not Entry.objects.exists()
    page = upload(client, BAD, only_good="on")
    assert "没有错误的 1 行已导入" in page.content.decode() and Entry.objects.count() == 1


def test_check_then_import_then_again(city, sign_in):
    client = sign_in("editor")
    checked = upload(client, GOOD, check="1").content.decode()
    assert "检查通过：共 4 行" in checked and not Entry.objects.exists()
    assert upload(client, GOOD).url == at("register_list") and Entry.objects.count() == 4
    assert "4 行以前已导入" in client.get(upload(client, GOOD).url).content.decode() and Entry.objects.count() == 4


def test_import_refuses_what_is_no_table_or_no_right(city, sign_in):
    answer = upload(sign_in("editor"), "你好")
    assert answer.status_code == 422 and "缺少" in str(answer.context["form"].errors["file"])
    assert sign_in("editor").post(at("import"), {"body": "cq-office"}).status_code == 422
    assert upload(sign_in("editor"), GOOD, body="cq-plan").status_code == 422
    assert upload(sign_in("auditor"), GOOD).status_code == 403
    # A right somewhere is no right here: the editor of the office enters nothing for the department.
    grant(city.people["auditor"], city.department, ["editor"], SYSTEM)
    assert upload(sign_in("auditor"), GOOD).status_code == 422 and not Entry.objects.exists()


def test_the_template_downloads(city, sign_in):
    answer = sign_in("auditor").get(at("template"))
    assert "spreadsheetml" in answer["Content-Type"]
    assert load_workbook(io.BytesIO(answer.content)).worksheets[0]["A1"].value == "登记类别"


def test_words_are_escaped(city, sign_in):
    key = new_norm(city.office, title="<script>alert(1)</script>")
    client = sign_in("disclosure")
    bad = GOOD.replace("印章刻制", "x" * 201 + "<script>alert(2)</script>").replace(
        "行政处罚", "<script>alert(3)</script>"
    )
    for page in (client.get(at("case", key)), client.get(at("home")), upload(client, bad)):
        assert "<script>alert" not in page.content.decode()
    assert not Event.objects.filter(subject_kind="register_entry").exists()
