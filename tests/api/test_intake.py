"""Handing in requests: one receipt for each key, every fault named, nothing of the person anywhere else."""

import json
import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.ledger import vault
from gongkai.ledger.models import Event
from gongkai.requests.models import Request

from .conftest import Machine, application, fields


def test_a_request_is_entered_once_for_each_key(machine):
    first = machine.submit()
    assert first.status_code == 201
    told = first.json()
    assert set(told) == {"number", "query_code", "url"}
    assert told["number"].startswith("渝府办依申〔") and told["url"] == "http://testserver/apply/status/"
    assert "Location" in first.headers
    again = machine.submit()
    assert (again.status_code, again.json()) == (200, told)
    assert Request.objects.count() == 1
    assert machine.submit("k2").json()["number"] == told["number"].replace("1号", "2号")


def test_what_was_sent_is_kept_whole_and_the_title_tells_nothing_of_the_person(machine):
    machine.submit()
    row = Request.objects.get()
    assert row.title == "申请公开《重庆市轨道交通第三期建设规划》"
    assert vault.peek(row.personal)["content"] == application()["content"]
    assert "陈小明" not in json.dumps([e.data for e in Event.objects.all()], ensure_ascii=False)
    assert machine.submit("k2", title="轨道交通规划批复").status_code == 201
    assert Request.objects.get(number__endswith="2号").title == "轨道交通规划批复"


@pytest.mark.parametrize(
    "changes",
    [
        {"content": "别的内容"},
        {"applicant_name": "陈大明"},
        {"applicant_email": "a@b.cn"},
        {"body": "cq-plan"},
        {"delivery": "collect"},
        {"title": "自拟标题"},
        {"year": "2020"},
    ],
    ids=str,
)
def test_a_key_used_for_something_else_is_refused(machine, changes):
    machine.submit()
    refused = machine.submit(**changes)
    assert refused.status_code == 409 and fields(refused) == {"Idempotency-Key"}
    assert Request.objects.count() == 1


def test_a_key_whose_request_was_erased_gives_nothing_away(machine):
    machine.submit()
    row = Request.objects.get()
    for entry in (row.personal, f"request/{row.key}/code"):
        vault.erase(entry)
    assert machine.submit().status_code == 409
    assert Request.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"applicant_name": None}, {"applicant.name"}),
        ({"applicant_name": " \t"}, {"applicant.name"}),
        ({"applicant_category": "person"}, {"applicant.category"}),
        ({"applicant_id_type": None, "applicant_id_number": None}, {"applicant.id_type", "applicant.id_number"}),
        ({"applicant_phone": None}, {"applicant.phone"}),
        ({"applicant_email": "nobody"}, {"applicant.email"}),
        ({"delivery": "mail"}, {"applicant.address"}),
        ({"delivery": "email"}, {"applicant.email"}),
        ({"applicant_phone": 13800000000}, {"applicant.phone"}),
        ({"applicant_name": "x" * 101}, {"applicant.name"}),
        ({"applicant_purpose": "科研"}, {"applicant.purpose"}),
        ({"applicant": None}, {f"applicant.{n}" for n in ("category", "name", "id_type", "id_number", "phone")}),
        ({"applicant": "陈小明"}, {"applicant", *(f"applicant.{n}" for n in ("category", "name", "id_type", "id_number", "phone"))}),
        ({"content": None}, {"content"}),
        ({"content": "a\x00b"}, {"content"}),
        ({"content": "\ud800"}, {"content"}),
        ({"content": {"text": "x"}}, {"content"}),
        ({"content": "长" * 20_001}, {"content"}),
        ({"form": "fax", "delivery": None}, {"form", "delivery"}),
        ({"purpose": "科研"}, {"purpose"}),
        ({"body": None}, {"body"}),
        ({"body": "nowhere", "content": None}, {"body", "content"}),
        ({"body": "\x00"}, {"body"}),
        ({"body": ["cq-office"]}, {"body"}),
        ({"\ud800": "x"}, {"?"}),
    ],
    ids=lambda value: ascii(sorted(value) if isinstance(value, set) else value)[:50],
)  # fmt: skip
def test_every_fault_is_named_at_once(machine, changes, named):
    refused = machine.submit(**changes)
    assert refused.status_code == 422, refused.content
    assert fields(refused) == named
    assert Request.objects.count() == 0


@pytest.mark.parametrize("key", [None, "", "  ", "k" * 201, "键"])
def test_the_key_is_needed(machine, key):
    refused = machine.submit(key)
    assert refused.status_code == 422 and fields(refused) == {"Idempotency-Key"}


DEEP = '{"body":' + "[" * 100_000 + "]" * 100_000 + "}"


@pytest.mark.parametrize(
    ("sent", "kind", "status", "field"),
    [
        ("{", "application/json", 400, "JSON"),
        (" ", "application/json", 400, "JSON"),
        ("[]", "application/json", 400, "JSON"),
        ("null", "application/json", 400, "JSON"),
        (b'{"body": "\xff"}', "application/json", 400, "JSON"),
        ('{"body": NaN}', "application/json", 400, "JSON"),
        ('{"body": ' + "9" * 5000 + "}", "application/json", 400, "JSON"),
        (DEEP, "application/json", 400, "JSON"),
        ("{}" + " " * 300_000, "application/json", 413, "Content-Length"),
        ("{}", "text/plain", 415, "Content-Type"),
        ("body=cq-office", "application/x-www-form-urlencoded", 415, "Content-Type"),
        ("{}", "application/json; charset=utf-8", 422, "body"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_json_is_refused(machine, sent, kind, status, field):
    refused = machine.post("requests", sent, content_type=kind)
    assert refused.status_code == status
    assert field in fields(refused)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "requests", 405),
        ("put", "requests", 405),
        ("options", "requests", 405),
        ("delete", "requests/x", 405),
        ("get", "requests/x/withdrawal", 405),
        ("get", "", 404),
        ("get", "nothing/here", 404),
        ("post", "requests/", 404),
    ],
)
def test_other_addresses_and_methods_are_refused_in_the_same_shape(machine, method, path, status):
    refused = getattr(machine.client, method)(f"/api/v1/{path}")
    assert refused.status_code == status
    fields(refused)
    assert "Access-Control-Allow-Origin" not in refused.headers


def test_no_browser_elsewhere_may_read_or_keep_an_answer(machine):
    response = machine.post("requests", application(), Origin="https://elsewhere.example")
    assert response.status_code == 201  # no cookie is asked for, none is believed
    assert not [name for name in response.headers if name.startswith("Access-Control")]
    assert response.headers["Cache-Control"] == "no-store"


def test_callers_are_limited_by_the_minute(machine, settings):
    settings.API_INTAKE_PER_MINUTE = 3
    answers = [machine.submit(f"k{n}", content=None) for n in range(5)]
    assert [a.status_code for a in answers] == [422, 422, 422, 429, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61
    fields(answers[-1])
    other = machine.client.post("/api/v1/requests", "{}", content_type="application/json", REMOTE_ADDR="10.0.0.9",
                                headers={"Idempotency-Key": "k"})  # fmt: skip
    assert other.status_code == 422


def test_the_minute_ends(machine, settings, monkeypatch):
    from datetime import timedelta

    from gongkai.identity import moment, rates

    settings.API_INTAKE_PER_MINUTE = 1
    assert [machine.submit(f"k{n}").status_code for n in range(2)] == [201, 429]
    later = moment.now() + timedelta(seconds=61)
    monkeypatch.setattr(moment, "now", lambda: later)
    assert machine.submit("k2").status_code == 201
    assert rates.forget() == 0
    monkeypatch.setattr(moment, "now", lambda: later + timedelta(seconds=61))
    assert rates.forget() == 1


def test_nothing_of_the_person_reaches_a_log_or_an_error(machine, caplog, monkeypatch):
    from gongkai.requests import intake

    with caplog.at_level(logging.DEBUG):
        machine.submit(applicant_category="x")
        machine.submit(delivery="mail")

        def broken(*args, **kwargs):
            raise RuntimeError("陈小明 500103199001011234")

        monkeypatch.setattr(intake, "submit", broken)
        response = machine.submit()
    assert response.status_code == 500 and fields(response) == {"server"}
    told = caplog.text + response.content.decode("unicode_escape")
    assert "RuntimeError at" in caplog.text
    assert not [secret for secret in ("陈小明", "500103199001011234", "13800000000") if secret in told]


def test_a_busy_database_asks_to_come_again(machine, monkeypatch):
    from django.db import OperationalError

    from gongkai.requests import intake

    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(intake, "submit", busy)
    response = machine.submit()
    assert response.status_code == 503 and response.headers["Retry-After"] and fields(response) == {"server"}


@pytest.mark.django_db(transaction=True)
def test_a_submission_takes_few_statements():
    from gongkai.organs.testing import small_city

    small_city()
    machine = Machine()
    machine.submit("warm")
    with CaptureQueriesContext(connection) as asked:
        assert machine.submit("k").status_code == 201
    statements = [query["sql"] for query in asked if not query["sql"].startswith(("BEGIN", "COMMIT"))]
    assert len(statements) <= 12, "\n".join(sql[:120] for sql in statements)
