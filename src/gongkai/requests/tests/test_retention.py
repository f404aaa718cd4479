"""The end of retention: two people, a waiting period, nothing pending; then no personal string is left anywhere."""

import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from PIL import Image

from gongkai.law.decisions import LEAVES
from gongkai.ledger import attachments, clock, followers
from gongkai.ledger.models import Event, Secret
from gongkai.ledger.queries import rebuild, verify
from gongkai.ledger.services import Actor
from gongkai.notices.models import Message
from gongkai.organs.rights import GRANTABLE
from gongkai.organs.testing import small_city
from gongkai.procedure import Refused
from gongkai.remedies import services as remedies
from gongkai.remedies.testing import OPENING
from gongkai.reporting.queries import compile_report
from gongkai.requests import redactions, retention, schedule
from gongkai.requests.models import Mark, Request, RequestTally
from gongkai.requests.queries import case, query_code
from gongkai.requests.services import APPLICANT, do, receive
from gongkai.requests.testing import APPLICATION, draft, event_data

from .paper_cases import MONDAY, by, decided, told

pytestmark = pytest.mark.django_db(transaction=True)
PRIVATE = {
    "name": "欧阳秋水",
    "id_number": "500103197203040567",
    "phone": "13987654321",
    "email": "ouyang@mail.example",
    "address": "和平路七星岗某巷18号",
    "content": "我家房屋所在地块的征收批复",
}
#: Everything about people that goes in with the story below.
STRINGS = [
    *PRIVATE.values(),
    "补正里写的欧阳家门牌",
    "渝江规划咨询公司",
    "签收人司马东风",
    "身份证照片.txt",
    "附件里的户口信息",
]
ONE, TWO = Actor("registrar", frozenset({"registrar"})), Actor("supervisor", frozenset({"supervisor"}))
#: A disclosed case archived in 2021 is kept ten years from 1 January 2022.
OVER = datetime(2032, 1, 5, 4, tzinfo=UTC)
LATER = OVER + timedelta(days=40)
REASON = "保管期限届满，依法清除"


@pytest.fixture
def city(settings, tmp_path):
    settings.HOME = tmp_path
    with clock.at(MONDAY):
        yield small_city()


def lived(city) -> str:
    """A request with everything personal a case can have, served and archived."""
    with attachments.keeping([attachments.Upload("身份证照片.txt", "附件里的户口信息".encode())]) as kept:
        key = receive(city.office, by("register"), APPLICATION | PRIVATE, attached=kept.told).event.subject
    do(key, "accept", by("accept"))
    do(key, "request_clarification", by("x"), event_data("request_clarification"))
    do(key, "clarify", APPLICANT, {"content": "补正里写的欧阳家门牌"})
    do(key, "consult", by("x"), event_data("consult") | {"name": "渝江规划咨询公司"})
    do(key, "consulted", by("x"), event_data("consulted"))
    page, maker = io.BytesIO(), by("maker")
    Image.new("RGB", (300, 400), "white").save(page, "PDF")
    redactions.store(key, attachments.Upload("批复.pdf", page.getvalue()), "征收批复", maker)
    redactions.add_box(key, 1, 0, redactions.Box(10, 10, 60, 60), "3.3.4/1", maker)
    redactions.make(key, 1, maker)
    do(key, "draft", by("draft"), draft("3.2"))
    redactions.release(key, 1, 1, by("reviewer"))
    for event in ("review", "sign"):
        do(key, event, by(event), event_data(event))
    do(key, "serve", by("serve"), {"method": "in_person", "signer": "签收人司马东风"})
    do(key, "archive", by("archive"))
    followers.run_all()
    return key


def everything() -> str:
    """Every row of every table, the vault opened, as one text."""
    rows = [
        json.dumps(list(model._default_manager.values()), default=str, ensure_ascii=False)
        for model in apps.get_models()
    ]
    opened = [json.dumps(redactions.vault.peek(one.key), ensure_ascii=False) for one in Secret.objects.all()]
    files = [str(path) for path in attachments._root().rglob("*") if path.is_file()]
    sealed = [attachments.get(Path(path).name) for path in files]
    return "\n".join([*rows, *opened, *files, *(one.name + one.content.decode(errors="ignore") for one in sealed)])


def projections() -> str:
    """What a rebuild must give again."""
    return repr([list(model.objects.order_by("pk").values_list()) for model in (Request, RequestTally)])


def erased(city, key: str) -> None:
    """Proposed and approved."""
    with clock.at(OVER):
        retention.propose(key, REASON, ONE)
    with clock.at(LATER):
        retention.approve(key, REASON, TWO)
        followers.run_all()


def test_nothing_personal_is_left_and_everything_else_stays(city, settings):
    other = told(city, *decided("3.1"))  # another case, untouched
    key = lived(city)
    before, report = everything(), compile_report(city.office, 2021).to_json()
    assert [one for one in STRINGS if one not in before] == []
    tokens = [bytes(one.sealed) for one in Secret.objects.filter(key__startswith=f"request/{key}/")]
    files = {path for path in attachments._root().rglob("*") if path.is_file()}
    heads = list(Event.objects.values_list("hash", flat=True))
    assert len(tokens) >= 5 and len(files) == 3 and Mark.objects.filter(subject=key).exists()
    assert Message.objects.filter(cause__in=[f"line/{e.id}" for e in Event.objects.filter(subject=key)]).exists()

    erased(city, key)

    after = everything()
    assert [one for one in STRINGS if one in after] == []
    assert not [path for path in attachments._root().rglob("*") if path.is_file()]
    assert not Mark.objects.filter(subject=key).exists() and query_code(key) == "" != query_code(other)
    assert not Message.objects.filter(cause__in=[f"line/{e.id}" for e in Event.objects.filter(subject=key)]).exists()
    if connection.vendor == "sqlite":  # not in freed pages either, not even sealed
        raw = connection.connection.serialize()
        assert not [one for one in STRINGS if one.encode() in raw] and not [one for one in tokens if one in raw]
    home = b"".join(path.read_bytes() for path in Path(settings.HOME).rglob("*") if path.is_file())
    assert not [one for one in STRINGS if one.encode() in home]

    assert compile_report(city.office, 2021).to_json() == report and verify().broken is None
    assert list(Event.objects.values_list("hash", flat=True))[: len(heads)] == heads
    shown = projections()
    rebuild()
    assert projections() == shown and verify().broken is None
    assert case(key).state == "erased" and PRIVATE["name"] not in after and query_code(other)


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_killed_half_way_it_completes_later(city, monkeypatch, nth):
    key, calls = lived(city), []
    real = attachments.erase

    def dying(reference):
        calls.append(reference)
        if len(calls) == nth:
            raise KeyboardInterrupt
        real(reference)

    with clock.at(OVER):
        retention.propose(key, REASON, ONE)
    monkeypatch.setattr(attachments, "erase", dying)
    with clock.at(LATER):
        with pytest.raises(KeyboardInterrupt):
            retention.approve(key, REASON, TWO)
        assert case(key).state == "erased" and Secret.objects.filter(key__startswith=f"request/{key}/").exists()
        monkeypatch.undo()
        followers.run_all()
        retention.erase(key)  # once more does no harm
    assert not Secret.objects.filter(key__startswith=f"request/{key}/").exists()
    assert not [path for path in attachments._root().rglob("*") if path.is_file()]


def archived(city) -> str:
    """A plain case, archived."""
    return told(city, *decided("3.1"), "archive")


def test_not_before_the_period_is_over(city):
    key = archived(city)
    with clock.at(datetime(2031, 12, 31, 4, tzinfo=UTC)), pytest.raises(Refused, match="2032-01-01 期满"):
        retention.propose(key, REASON, ONE)
    with clock.at(datetime(2032, 1, 1, 4, tzinfo=UTC)):
        retention.propose(key, REASON, ONE)
        with pytest.raises(Refused, match="等待期到 2032-01-31"):
            retention.approve(key, REASON, TWO)
        with pytest.raises(Refused, match="已经提出"):
            retention.propose(key, REASON, ONE)
    refused = told(city, *decided("3.4.1"), "archive")
    with clock.at(OVER), pytest.raises(Refused, match="保管 30 年"):
        retention.propose(refused, REASON, ONE)
    with clock.at(OVER), pytest.raises(Refused):
        retention.propose(told(city, *decided("3.1")), REASON, ONE)


def test_two_people(city):
    key, both = archived(city), Actor("registrar", frozenset({"registrar", "supervisor"}))
    with clock.at(OVER):
        retention.propose(key, REASON, both)
    with clock.at(LATER):
        with pytest.raises(Refused, match="提出人不能批准"):
            retention.approve(key, REASON, both)
        for event in ("propose_erasure", "approve_erasure", "stop_erasure"):
            with pytest.raises(Refused):
                do(key, event, both, {"reason": REASON})  # no way round by the case page's form
        retention.stop(key, "仍需查阅", TWO)
        with pytest.raises(Refused, match="没有待批准"):
            retention.approve(key, REASON, TWO)
        assert case(key).state == "archived" and query_code(key)


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ("reconsideration", remedies.file_reconsideration),
        ("lawsuit", remedies.file_lawsuit),
        ("complaint", remedies.receive_complaint),
    ],
)
def test_an_open_remedy_stops_it(city, kind, command):
    key = archived(city)
    with clock.at(OVER):
        retention.propose(key, REASON, ONE)
    with clock.at(LATER):
        number = command(city.office, by("x"), OPENING[kind] | {"request": key}).state.number
        with pytest.raises(Refused, match="未结的.*" + number):
            retention.approve(key, REASON, TWO)
    assert query_code(key)


# The schedule ------------------------------------------------------------------------------------------------------------


def test_the_schedule_knows_every_outcome(city):
    found = schedule.present(date(2021, 3, 1))
    assert {found.of(code).years for code in ("3.1", "3.2")} == {10} and found.of("3.3.8").years == 30
    assert all(found.of(code).years for code in ("", *LEAVES))


LOCAL = {
    "version": "cq-1", "valid_from": "2020-01-01", "source": "本市", "waiting_days": 5,
    "classes": [{"id": "all", "title": "全部", "leaves": ["", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6"], "years": 3}],
}  # fmt: skip


def local(settings, **changed) -> None:
    """A schedule of this installation."""
    folder = Path(settings.HOME) / "retention"
    folder.mkdir(exist_ok=True)
    (folder / "local.json").write_text(json.dumps(LOCAL | changed, ensure_ascii=False))


def test_a_local_schedule_takes_its_place(city, settings):
    local(settings)
    key = archived(city)
    with clock.at(datetime(2025, 1, 1, 4, tzinfo=UTC)):
        assert retention.propose(key, REASON, ONE).event.data["schedule"] == "cq-1"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"classes": []}, "没有写明"), ({"waiting_days": 0}, "1 以上"), ({"valid_from": "昨天"}, "写错了"),
        ({"classes": [{"id": "a", "title": "b", "leaves": ["9.9"], "years": 3}]}, "没有处理决定 9.9"),
    ],
)  # fmt: skip
def test_a_faulty_schedule_stops_every_erasing(city, settings, changed, words):
    local(settings, **changed)
    key = archived(city)
    with clock.at(OVER):
        with pytest.raises(Refused, match=words):
            retention.propose(key, REASON, ONE)
        page = signed_in(city, "registrar").get("/office/requests/retention/")
        assert page.status_code == 200 and words in page.content.decode()


# The screens -------------------------------------------------------------------------------------------------------------


def signed_in(city, role: str) -> Client:
    """A browser of the person who holds just this role."""
    client = Client()
    client.force_login(city.people[role])
    return client


def test_the_list_and_the_way_by_forms(city):
    key, early = archived(city), told(city, *decided("3.4.1"), "archive")
    root = f"/office/requests/{key}/retention/"
    with clock.at(OVER):
        officer = signed_in(city, "registrar")
        page = officer.get("/office/requests/retention/").content.decode()
        assert case(key).number in page and case(early).number not in page and "2032-01-01（10 年）" in page
        assert root in officer.get(f"/office/requests/{key}/").content.decode()
        assert "保管 30 年，到 2052-01-01 期满" in officer.get(f"/office/requests/{early}/retention/").content.decode()
        form = {"event": "propose_erasure", "propose_erasure-reason": REASON, "token": "a"}
        assert officer.post(root, form).status_code == 302 == officer.post(root, form).status_code
    with clock.at(LATER):
        supervisor = signed_in(city, "supervisor")
        assert "proposed" in supervisor.get("/office/requests/retention/?proposed=yes").content.decode()
        form = {"event": "approve_erasure", "approve_erasure-reason": "", "token": "b"}
        assert supervisor.post(root, form).status_code == 422
        assert supervisor.post(root, form | {"approve_erasure-reason": REASON}).status_code == 302
        page = supervisor.get(root).content.decode()
        assert "已清除，不能恢复" in page and "陈小明" not in page
        for url in (
            f"/office/requests/{key}/",
            f"/office/requests/{key}/papers/receipt-1",
            "/office/requests/?state=erased",
        ):
            assert supervisor.get(url).status_code == 200, url
        assert Client().post("/apply/status/", {"number": case(key).number, "code": "ABCDEFGHJK"}).status_code == 422


@pytest.mark.parametrize("role", GRANTABLE)
def test_who_may_do_which_step(city, role):
    key = archived(city)
    root = f"/office/requests/{key}/retention/"
    may = {
        "propose_erasure": {"registrar", "disclosure"},
        "stop_erasure": {"disclosure", "supervisor"},
        "approve_erasure": {"supervisor"},
    }
    with clock.at(OVER):
        browser = signed_in(city, role)
        for event, roles in may.items():
            answer = browser.post(root, {"event": event, f"{event}-reason": ""})
            assert (answer.status_code == 403) is (role not in roles), event


def test_the_list_asks_the_same_number_of_questions(city, django_assert_max_num_queries):
    for _ in range(3):
        archived(city)
    with clock.at(OVER):
        officer = signed_in(city, "registrar")
        officer.get("/office/requests/retention/")
        with django_assert_max_num_queries(8):
            officer.get("/office/requests/retention/")
