"""Applying: once for each form, faults lead to their fields, published things shown before sending."""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongkai.ledger.models import Counter, Secret
from gongkai.organs.testing import City
from gongkai.procedure import Invalid
from gongkai.requests import intake
from gongkai.requests.models import Request
from gongkai.requests.queries import query_code
from gongkai.requests.tests.public import (
    DATA,
    MINE,
    NEW,
    STATUS,
    WHAT,
    WHO,
    apply,
    city,
    kept,
    look,
    send,
    text,
    to_check,
)
from gongkai.requests.tests.test_numbers import environment, run
from gongkai.requests.tests.test_procedure import bring

__all__ = ["city"]


def test_journey(city: City, client: Client) -> None:
    number, code = apply(client)
    assert number == "渝府办依申〔2026〕1号"
    row = Request.objects.get(number=number)
    assert (row.state, row.channel, row.body_id) == ("awaiting", "web", "cq-office")
    page = look(Client(), number, code.lower())
    assert page.redirect_chain[-1][0] == MINE
    assert "等待确认" in text(page) and row.title in text(page)


def test_one_form_is_one_request_however_often_it_is_sent(city: City, client: Client) -> None:
    page = to_check(client)
    first, again, elsewhere = send(client, page), send(client, page), Client()
    assert (first.status_code, again.status_code) == (302, 302)
    assert send(elsewhere, page).status_code == 302  # the answer was lost, another browser window tries
    assert Request.objects.count() == 1 and Counter.objects.get(series__startswith="request/").last == 1
    assert "没有重复登记" in text(client.get(again["Location"]))
    apply(client)
    assert Counter.objects.get(series__startswith="request/").last == 2, "no number is lost to the repeats"
    assert Secret.objects.filter(key__endswith="/code").count() == 2


SEND = """
import sys
from pathlib import Path
from concurrent.futures import ThreadPoolExecutor
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from gongkai.ledger.models import Counter
from gongkai.ledger.tests.test_attachments import PDF
from gongkai.organs.testing import small_city
from gongkai.requests.models import Request
from gongkai.requests.tests.public import send, to_check

call_command("migrate", verbosity=0)
settings.ALLOWED_HOSTS = ["*"]
small_city()
page = to_check(Client())

def press(_):
    try:
        return send(Client(), page, files=SimpleUploadedFile("说明.pdf", PDF)).status_code
    finally:
        connection.close()

with ThreadPoolExecutor(6) as pool:
    print(list(pool.map(press, range(12))))
print(Request.objects.count(), Counter.objects.get(series__startswith="request/").last)
print(len([path for path in (Path(settings.HOME) / "attachments").rglob("*") if path.is_file()]))
"""


def test_a_form_sent_many_times_at_once(tmp_path: Path) -> None:
    said = run(SEND, environment(tmp_path)).splitlines()
    assert said == [str([302] * 12), "1 1", "1"]


def test_receipt_is_the_same_again(city: City) -> None:
    first = intake.submit("cq-office", DATA, key="k")
    again = intake.submit("cq-office", DATA | {"title": "别的"}, key="k")
    assert (again.number, again.query_code, again.subject) == (first.number, first.query_code, first.subject)
    assert (first.repeated, again.repeated) == (False, True) and query_code(first.subject) == first.query_code


def test_a_submission_is_cheap(city: City) -> None:
    intake.submit(city.office, DATA, key="first")
    with CaptureQueriesContext(connection) as queries:
        intake.submit(city.office, DATA, key="second")
    said = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(said) <= 9, said


def test_what_was_typed_is_kept_and_faults_lead_to_their_fields(city: City, client: Client) -> None:
    page = client.post(
        NEW, {"kept": kept(client.get(NEW)), "at": "who", "go": "next"} | WHO | {"name": "", "email": "x"}
    )
    assert page.status_code == 422
    assert 'href="#id_name">请填写“姓名或名称”' in text(page) and "“电子邮箱”格式不对" in text(page)
    assert 'value="13800000000"' in text(page) and 'value="x"' in text(page)
    page = to_check(client)
    back = client.post(NEW, {"kept": kept(page), "at": "check", "go": "what"})
    assert WHAT["title"] in text(back) and WHAT["content"] in text(back)
    back = client.post(NEW, {"kept": kept(back), "at": "what", "go": "back"} | WHAT | {"title": "改过"})
    assert 'value="陈小明"' in text(back)
    page = client.post(NEW, {"kept": kept(back), "at": "who", "go": "next"} | WHO)
    assert 'value="改过"' in text(page)


def test_steps_agree(city: City, client: Client) -> None:
    page = client.post(NEW, {"kept": kept(client.get(NEW)), "at": "who", "go": "next"} | WHO | {"address": ""})
    page = client.post(NEW, {"kept": kept(page), "at": "what", "go": "next"} | WHAT | {"delivery": "mail"})
    assert page.status_code == 422 and "请填写“通信地址”（请返回上一步填写）" in text(page)


def test_purpose_is_never_asked(city: City, client: Client) -> None:
    pages = [client.get("/apply/"), client.get(NEW), to_check(client), client.get("/apply/form/")]
    assert not any(re.search(r'name="(purpose|use)"', text(page)) for page in pages)
    with pytest.raises(Invalid, match="没有“purpose”这一项"):
        intake.submit("cq-office", DATA | {"purpose": "科研"})


@pytest.mark.parametrize("gone", ["name", "category", "id_type", "id_number", "content", "form", "delivery"])
def test_what_the_law_asks_for_is_needed(city: City, gone: str) -> None:
    with pytest.raises(Invalid) as refused:
        intake.submit("cq-office", {name: value for name, value in DATA.items() if name != gone})
    assert [name for name, _ in refused.value.errors] == [gone]


def test_one_way_to_reach_the_applicant_is_enough(city: City) -> None:
    without = {n: v for n, v in DATA.items() if n not in {"phone", "email", "address"}} | {"delivery": "collect"}
    with pytest.raises(Invalid) as refused:
        intake.submit("cq-office", without)
    assert [name for name, _ in refused.value.errors] == ["phone"]
    assert intake.submit("cq-office", without | {"address": "某路1号"}).number


def test_a_title_is_made_of_what_is_quoted_only(city: City) -> None:
    untitled = {n: v for n, v in DATA.items() if n != "title"}
    about = {"content": "我是陈小明，请公开《轨道交通规划》和另一份文件", "reference": "渝府办发〔2020〕12号"}
    made = intake.submit("cq-office", untitled | about)
    assert Request.objects.get(key=made.subject).title == "申请公开《轨道交通规划》、渝府办发〔2020〕12号"
    plain = intake.submit("cq-office", untitled | {"content": "我是陈小明，请公开我家的拆迁补偿"})
    assert Request.objects.get(key=plain.subject).title == intake.NO_TITLE


def test_a_lost_or_forged_form_starts_anew(city: City, client: Client) -> None:
    for forged in ("", "x", "gAAAAA", kept(client.get(NEW))[:-5]):
        page = client.post(NEW, {"kept": forged, "at": "check", "go": "send"})
        assert page.status_code == 422 and "页面已经过期" in text(page)
    assert not Request.objects.exists()


def test_forms_are_protected(city: City) -> None:
    client = Client(enforce_csrf_checks=True)
    for url in (NEW, STATUS, MINE, "/apply/status/leave/", "/complain/"):
        assert client.post(url, {}).status_code in {302, 403}, url
    assert client.post(NEW, {"at": "check"}).status_code == 403


def test_an_address_that_sends_too_often_is_told_when_to_try_again(city, settings):
    settings.WEB_INTAKE_PER_MINUTE = 2
    clients = [Client() for _ in range(3)]
    pages = [to_check(client) for client in clients]
    assert [send(client, page).status_code for client, page in zip(clients, pages, strict=True)] == [302, 302, 429]
    refused = send(clients[2], pages[2])
    assert refused.status_code == 429 and 1 <= int(refused["Retry-After"]) <= 61
    assert re.search(r"请 \d+ 秒后（\d\d:\d\d:\d\d 以后）再试；这件申请还没有提交", text(refused))
    assert WHAT["title"] in text(refused) and Request.objects.count() == 2
    elsewhere = clients[2].post(NEW, {"kept": kept(refused), "at": "check", "go": "send"}, REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 302 and Request.objects.count() == 3


def test_the_address_may_send_again_in_the_next_minute(city, settings, monkeypatch):
    from datetime import timedelta

    from gongkai.identity import moment

    settings.WEB_INTAKE_PER_MINUTE = 1
    one, other = Client(), Client()
    page = to_check(other)
    assert apply(one) and send(other, page).status_code == 429
    later = moment.now() + timedelta(seconds=61)
    monkeypatch.setattr(moment, "now", lambda: later)
    assert send(other, page).status_code == 302


def test_paper_form_has_the_same_fields(client: Client, city: City) -> None:
    page = text(client.get("/apply/form/"))
    assert all(field.label in page for field in intake.FIELDS if field.name not in {"title", "content"})
    file = client.get("/apply/form.pdf")
    assert file.status_code == 302 or file.content.startswith(b"%PDF")


def test_the_desk_sees_a_citizens_request(city: City) -> None:
    assert bring(city, "awaiting") and Request.objects.filter(channel="web").exists()
