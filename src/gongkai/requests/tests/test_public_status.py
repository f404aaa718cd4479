"""The status page: plain words in every state, the applicant's steps, papers; for nobody else's eyes."""

import logging
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongkai.identity import throttle
from gongkai.ledger.models import Event, Reading
from gongkai.ledger.tests.test_attachments import PDF
from gongkai.organs.testing import City
from gongkai.procedure import Refused
from gongkai.requests import access, intake
from gongkai.requests.procedure import PROCEDURE
from gongkai.requests.services import split
from gongkai.requests.testing import event_data
from gongkai.requests.tests.public import DATA, MINE, NEW, PRIVATE, STATUS, apply, city, look, on, proved, text, token
from gongkai.requests.tests.test_procedure import WAYS, by

__all__ = ["city"]


#: An erased case has no query code: nobody sees it (``test_retention``).
STATES = [state for state in WAYS if state not in {"void", "erased"}]


@pytest.mark.parametrize("state", [*STATES, "void"])
def test_every_state_is_told_in_plain_words(city: City, client: Client, state: str) -> None:
    row = proved(city, state, client)
    page, seen = client.get(MINE), intake.status(row)
    assert page.status_code == 200 and seen.label in text(page) and seen.explanation in text(page)
    assert set(seen.actions) == {move.event for move in PROCEDURE.allowed(row.state, {"applicant"})}
    for inside in ("officer", "政务公开处", "情况属实，依法办理", "某规划咨询公司", "拟定", "审核", "签发"):
        assert inside not in text(page), f"{inside} stays inside"
    if state in {"drafted", "reviewed", "signed"}:
        assert "予以公开" not in text(page), "the decision is told when it is served"


def test_every_step_of_the_table_that_is_told_exists() -> None:
    assert set(intake.TOLD) <= set(PROCEDURE.events)
    assert {intake._OUTSIDE.get(state, state) for state in PROCEDURE.state} - {"archived", "erased"} <= set(
        intake.WORDS
    )


def test_clarification_with_text_and_files_once(city: City, client: Client) -> None:
    row = proved(city, "clarifying", client)
    page = client.get(MINE)
    assert "请写明文件名称或者文号" in text(page) and "答复期限停止计算" in text(page)
    step = token(page, "clarify")
    for _ in range(2):
        said = step | {"clarify-content": "文号为渝府办〔2020〕12号"}
        answer = client.post(MINE, said | {"clarify-files": SimpleUploadedFile("补充说明.pdf", PDF)})
        assert answer.status_code == 302
    row.refresh_from_db()
    assert row.state == "handling" and Event.objects.filter(subject=row.key, kind="clarify").count() == 1
    page = client.get(MINE)
    assert "补充说明.pdf" in text(page) and "补正已经提交" in text(page)
    (url,) = re.findall(r'href="(/apply/status/files/[0-9a-f]+/)"', text(page))
    file = client.get(url)
    assert file.content == PDF and file["Content-Disposition"].startswith("attachment")
    assert Reading.objects.filter(reader="applicant").count() == 1
    assert Client().get(url).status_code == 302


def test_fee_is_seen_and_payment_told(city: City, client: Client) -> None:
    row = proved(city, "paying", client)
    page = client.get(MINE)
    assert "880" in text(page) and "109 页" in text(page) and "缴费期限" in text(page)
    assert (
        client.post(MINE, token(page, "report_payment") | {"report_payment-note": "缴款单号 QX998"}).status_code == 302
    )
    row.refresh_from_db()
    assert row.state == "paying" and "您告知已缴费" in text(client.get(MINE))
    assert "QX998" not in str(Event.objects.filter(subject=row.key).values_list("data", flat=True))


def test_reasons_and_withdrawal(city: City, client: Client) -> None:
    row = proved(city, "explaining", client)
    assert (
        client.post(MINE, token(client.get(MINE), "give_reasons") | {"give_reasons-content": "科研"}).status_code == 302
    )
    step = token(client.get(MINE), "withdraw")
    wrong = client.post(MINE, step | {"withdraw-reason": "随便写的 13800000000"})
    assert wrong.status_code == 422 and "“撤回的原因”请从所列各项中选择" in text(wrong)
    assert client.post(MINE, step | {"withdraw-reason": "申请人不再需要该信息"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "closed"
    late = client.post(MINE, {"event": "withdraw", "token": "x", "withdraw-reason": "申请人不再需要该信息"})
    assert late.status_code == 422 and "不能" in text(late)


@pytest.mark.parametrize("event", ["confirm", "pay", "sign", "assign", "void", "nonsense", ""])
def test_an_applicant_does_nothing_else(city: City, client: Client, event: str) -> None:
    row = proved(city, "paying" if event == "pay" else "awaiting", client)
    before = Event.objects.filter(subject=row.key).count()
    client.post(MINE, {"event": event} | {f"{event}-{name}": value for name, value in event_data(event).items()})
    assert Event.objects.filter(subject=row.key).count() == before
    if event:
        with pytest.raises((Refused, KeyError)):
            intake.act(row.key, event, event_data(event))


def test_papers_once_they_concern_the_applicant(city: City, client: Client) -> None:
    row = proved(city, "signed", client)
    assert "/papers/decision" not in text(client.get(MINE))
    draft = next(e for e in Event.objects.filter(subject=row.key, kind="sign"))
    assert client.get(f"/apply/status/papers/decision-{draft.seq}.docx").status_code == 404
    on(row, "serve")
    page = client.get(MINE)
    urls = re.findall(r'href="(/apply/status/papers/[^"]+)"', text(page))
    assert any("/decision-" in url for url in urls) and not any("register-form" in url for url in urls)
    for url in urls:
        file = client.get(url)
        assert file.status_code == 200 and file["Content-Disposition"].startswith("attachment"), url
        assert Client().get(url).status_code == 302


def test_parts_of_a_split_application_open_with_their_own_codes(city: City, client: Client) -> None:
    row = proved(city, "registered", client)
    split(row.key, ["第一项", "第二项"], by("split"), "分为两件")
    number, code = intake.status(row).parts[0]
    assert number in text(client.get(MINE)) and code in text(client.get(MINE))
    assert look(Client(), number, code).redirect_chain[-1][0] == MINE


def test_another_code_opens_nothing(city: City) -> None:
    mine, other = intake.submit(city.office, DATA), intake.submit(city.office, DATA | {"title": "别人的申请"})
    for number, code in ((mine.number, other.query_code), (mine.number, ""), ("", ""), ("无此号", mine.query_code)):
        client = Client()
        page = look(client, number, code)
        assert page.status_code == 422 and not client.cookies.get(access.COOKIE)
        assert client.get(MINE).status_code == 302
        assert mine.query_code not in text(page) or code == mine.query_code


def test_a_proof_is_for_one_request_and_cannot_be_made(city: City, client: Client) -> None:
    mine, other = intake.submit(city.office, DATA), intake.submit(city.office, DATA | {"title": "别人的申请"})
    look(client, mine.number, mine.query_code)
    good = client.cookies[access.COOKIE].value
    assert client.cookies[access.COOKIE]["httponly"] and client.cookies[access.COOKIE]["path"] == "/apply/"
    assert "别人的申请" not in text(client.get(MINE))
    for forged in (good.replace(mine.subject, other.subject), other.subject, "", f"{other.subject}:x:y:z"):
        client.cookies[access.COOKIE] = forged
        assert client.get(MINE).status_code == 302
    client.cookies[access.COOKIE] = good
    assert client.get(MINE).status_code == 200
    from gongkai.ledger import vault
    from gongkai.requests.services import code_key

    vault.erase(code_key(mine.subject))
    assert client.get(MINE).status_code == 302, "retention closes it"


def test_leaving_closes_the_request(city: City, client: Client) -> None:
    apply(client)
    assert client.get(MINE).status_code == 200
    client.post("/apply/status/leave/")
    assert client.get(MINE).status_code == 302


def test_guessing_is_slowed_down_for_a_number_and_not_for_good(city: City) -> None:
    made = intake.submit(city.office, DATA)
    for n in range(access.CODE_LIMIT["free"]):
        answer = Client(REMOTE_ADDR=f"10.0.0.{n}").post(STATUS, {"number": made.number, "code": f"WRONG{n}"})
        assert "没有查到" in text(answer)
    shut = Client(REMOTE_ADDR="10.1.1.1").post(STATUS, {"number": made.number, "code": made.query_code})
    assert shut.status_code == 422 and "已暂停查询" in text(shut)
    assert throttle.LIMITS["case"].longest <= 900


def test_guessing_is_slowed_down_for_an_address(city: City) -> None:
    client = Client(REMOTE_ADDR="10.2.2.2")
    said = [
        text(client.post(STATUS, {"number": f"号{n}", "code": "X"})) for n in range(throttle.LIMITS["address"].free + 1)
    ]
    assert "已暂停查询" in said[-1] and "已暂停查询" not in said[0]


def test_personal_data_and_code_stand_in_no_address_log_or_foreign_page(
    city: City, client: Client, caplog: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    code = apply(client)[1]
    addresses = [NEW, "/apply/receipt/", MINE, STATUS]
    client.post(MINE, token(client.get(MINE), "withdraw") | {"withdraw-reason": "x"})
    said = " ".join([*addresses, *(record.getMessage() for record in caplog.records if "django.db" not in record.name)])
    stranger = Client()
    said += "".join(text(stranger.get(url, follow=True)) for url in ("/", "/apply/", *addresses, "/sitemap/"))
    assert not [one for one in (*PRIVATE, code) if one in said]
    lines = str(list(Event.objects.values_list("data", flat=True)))
    assert not [one for one in (*PRIVATE, code) if one in lines]
    for url in (NEW, "/apply/receipt/", MINE, STATUS):
        assert client.get(url)["Cache-Control"] == "no-store"
