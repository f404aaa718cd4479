"""The citizen's side: applying, the receipt, the status page; once for each form, for nobody else's eyes."""

import io
import logging
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongkai import figure
from gongkai.figure import Ask
from gongkai.identity import throttle
from gongkai.ledger import attachments, clock
from gongkai.ledger.models import Counter, Event, Reading, Secret
from gongkai.ledger.tests.test_attachments import BAD, PDF
from gongkai.ledger.uploads import MB
from gongkai.library import indexing
from gongkai.library.models import Waiting
from gongkai.norms import services as norms
from gongkai.norms import testing as norms_testing
from gongkai.organs.models import Body
from gongkai.organs.testing import City, small_city
from gongkai.procedure import Invalid, Refused
from gongkai.remedies.models import Complaint
from gongkai.requests import access, intake, suggestions
from gongkai.requests.models import Deflection, Request
from gongkai.requests.procedure import PROCEDURE
from gongkai.requests.queries import query_code
from gongkai.requests.services import do, split
from gongkai.requests.testing import event_data
from gongkai.requests.tests.public import MINE, NEW, STATUS, WHAT, WHO, apply, kept, send, to_check
from gongkai.requests.tests.test_numbers import environment, run
from gongkai.requests.tests.test_procedure import WAYS, bring, by

DATA = {name: value for name, value in (WHO | WHAT).items() if name != "body"}
MONDAY = datetime(2026, 3, 2, 4, tzinfo=UTC)
PRIVATE = (WHO["name"], WHO["id_number"], WHO["phone"], WHO["email"], WHO["address"])


@pytest.fixture
def city(db: None, settings: Any, tmp_path: Any) -> Any:
    settings.HOME = tmp_path
    with clock.at(MONDAY):
        yield small_city()


def look(client: Client, number: str, code: str) -> Any:
    return client.post(STATUS, {"number": number, "code": code}, follow=True)


def on(row: Request, *events: str) -> None:
    for event in events:
        do(row.key, event, by(event), event_data(event))


def text(response: Any) -> str:
    page: str = response.content.decode()
    return page


def token(page: Any, event: str) -> dict[str, str]:
    """The hidden fields of a step on the status page."""
    found = re.search(rf'name="event" value="{event}"><input type="hidden" name="token" value="([^"]+)"', text(page))
    assert found, text(page)
    return {"event": event, "token": found[1]}


# Applying ------------------------------------------------------------------------------------------------------------


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


# Suggestions ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def norm(city: City) -> str:
    data = norms_testing.event_data("norm", "register_existing") | {"title": "重庆市轨道交通九号线建设规划"}
    done = norms.register_existing(city.office, by("register"), data)
    Waiting.objects.create(record=done.event.subject)
    indexing.drain()
    return done.state.title


def test_published_things_are_shown_and_both_ends_counted(norm: str, client: Client) -> None:
    page = to_check(client)
    assert norm in text(page) and "这就是我要的，不再申请" in text(page)
    for _ in range(2):  # a double click
        found = client.post(NEW, {"kept": kept(page), "at": "check", "go": "found"}, follow=True)
        assert "没有提交申请" in text(found)
    assert not Request.objects.exists()
    assert list(Deflection.objects.values_list("outcome", "shown", "body")) == [("found", 1, "cq-office")]
    send(client, to_check(client))
    assert sorted(Deflection.objects.values_list("outcome", flat=True)) == ["found", "sent"]
    ask = Ask(Body.objects.filter(key="cq-office"), MONDAY.date(), MONDAY.date())
    assert figure.count(ask, ["requests.deflected"]) == {"requests_deflected": 1}
    assert [row.outcome for row in figure.rows(ask, "requests_deflected")] == ["found"]
    kept_of_it = " ".join(str(row) for row in Deflection.objects.values_list())
    assert not any(one in kept_of_it for one in PRIVATE)


def test_nothing_shown_is_nothing_counted(norm: str, client: Client) -> None:
    page = to_check(client, what={"title": "垃圾分类收费标准", "content": "请公开"})
    assert norm not in text(page) and "这就是我要的" not in text(page)
    send(client, page)
    client.post(
        NEW,
        {"kept": kept(to_check(client, what={"title": "垃圾分类", "content": "收费"})), "at": "check", "go": "found"},
    )
    assert Deflection.objects.filter(outcome="found").count() == 0


def test_repealed_norms_are_not_suggested(norm: str, city: City) -> None:
    from gongkai.ledger.services import act
    from gongkai.norms.models import Norm

    assert [item.label for item in suggestions.suggest("轨道交通九号线规划")] == [norm]
    act("norm", Norm.objects.get().key, "repeal", by("repeal"), data=norms_testing.event_data("norm", "repeal"))
    assert suggestions.suggest("轨道交通九号线规划") == []


def test_suggestions_cost_one_query_a_source(norm: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        suggestions.suggest("轨道交通九号线二期规划批复" * 5, "规划" * 5000)
    assert len(queries) <= 4


# The status page -----------------------------------------------------------------------------------------------------


def proved(city: City, state: str, client: Client) -> Request:
    """A citizen's request in a state, opened in this browser."""
    row = Request.objects.get(key=intake.submit(city.office, DATA).subject)
    if state != "awaiting":
        on(row, "confirm", *(event for event, _ in WAYS[state][1:]))
    row.refresh_from_db()
    look(client, row.number, query_code(row.key))
    return row


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


# Rights --------------------------------------------------------------------------------------------------------------


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


# Uploads -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["zero bytes", "another kind", "zip", "bomb", "bomb that lies", "up the path", "null"])
def test_bad_files_are_refused_by_field_and_name(city: City, client: Client, case: str) -> None:
    name, content, said = BAD[case]
    page = to_check(client)
    disposition = f'form-data; name="files"; filename="{name}"'.encode()
    fields = {"kept": kept(page), "at": "check", "go": "send"}
    body = b"".join(
        f'--b\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields.items()
    )
    body += b"--b\r\nContent-Disposition: " + disposition + b"\r\nContent-Type: application/pdf\r\n\r\n"
    answer = client.post(NEW, data=body + content + b"\r\n--b--\r\n", content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 422, answer
    assert 'href="#id_files"' in text(answer) and said in text(answer)
    assert WHO["name"] in text(answer), "what was entered is still there"
    assert not Request.objects.exists()


class Endless(io.RawIOBase):
    """A body of so many bytes that remembers how much of it was read at once."""

    def __init__(self, size: int):
        self.left, self.most = size, 0

    def read(self, size: int = -1) -> bytes:
        asked = self.left if size is None or size < 0 else min(size, self.left)
        self.most, self.left = max(self.most, asked), self.left - asked
        return b"0" * asked


def test_200_mb_are_refused_unread(city: City, client: Client, tmp_path: Any, settings: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    for url in (NEW, MINE):
        body = Endless(200 * MB)
        kind = "multipart/form-data; boundary=b"
        given = {"wsgi.input": body, "CONTENT_LENGTH": str(200 * MB), "CONTENT_TYPE": kind}
        answer = Client(enforce_csrf_checks=True).post(url, **given)
        assert answer.status_code == 413 and "“附件”每个不超过 20 MB" in text(answer)
        assert body.left == 0 and body.most <= MB, "thrown away piece by piece, so that the browser reads the answer"
    assert not list(tmp_path.glob("*.upload"))


def test_forms_are_protected(city: City) -> None:
    client = Client(enforce_csrf_checks=True)
    for url in (NEW, STATUS, MINE, "/apply/status/leave/", "/complain/"):
        assert client.post(url, {}).status_code in {302, 403}, url
    assert client.post(NEW, {"at": "check"}).status_code == 403


def test_staff_open_attachments_only_with_the_right(city: City) -> None:
    made = intake.submit(city.office, DATA, files=[attachments.Upload("陈小明的说明.pdf", PDF)])
    (one,) = intake.status(Request.objects.get(key=made.subject)).attachments
    url = f"/office/requests/{made.subject}/files/{one['ref']}/"
    for role, status in {"handler": 200, "disclosure": 200, "reviewer": 403, "auditor": 403, "editor": 403}.items():
        client = Client()
        client.force_login(city.people[role])
        assert client.get(url).status_code == status, role
        assert client.get(url.replace(one["ref"], "0" * 32)).status_code == (404 if status == 200 else 403)
    assert sorted(Reading.objects.values_list("reader", flat=True)) == ["disclosure", "handler"]


# Complaints ----------------------------------------------------------------------------------------------------------

COMPLAINT = {
    "door": "not_answered", "against": "某局", "matter": "逾期未答复", "content": "没有答复", "name": "陈小明", "phone": "138",
}  # fmt: skip


def test_a_complaint_reaches_the_office_once(city: City, client: Client) -> None:
    given = COMPLAINT | {"token": "t"}
    for _ in range(2):
        page = client.post("/complain/", given, follow=True)
        assert "渝府办投诉〔2026〕1号" in text(page)
    assert Complaint.objects.get().state == "received"
    wrong = client.post("/complain/", COMPLAINT | {"name": ""})
    assert wrong.status_code == 422 and "请填写“姓名或名称”" in text(wrong) and "逾期未答复" in text(wrong)
    assert Client().get("/complain/done/").status_code == 302


def test_paper_form_has_the_same_fields(client: Client, city: City) -> None:
    page = text(client.get("/apply/form/"))
    assert all(field.label in page for field in intake.FIELDS if field.name not in {"title", "content"})
    file = client.get("/apply/form.pdf")
    assert file.status_code == 302 or file.content.startswith(b"%PDF")


def test_the_desk_sees_a_citizens_request(city: City) -> None:
    assert bring(city, "awaiting") and Request.objects.filter(channel="web").exists()


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
