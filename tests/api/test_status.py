"""Looking at a request, and the applicant's own steps, by number and code."""

from urllib.parse import quote

import pytest

from gongkai.ledger.models import Event
from gongkai.organs.testing import small_city
from gongkai.requests import services
from gongkai.requests.models import Request
from gongkai.requests.testing import event_data

from .conftest import Machine, fields


@pytest.fixture
def receipt(machine):
    """What an applicant took away."""
    return machine.submit().json()


def officer(city, event, role="disclosure", **data):
    """An officer's step on the only request."""
    return services.do(Request.objects.get().key, event, city.actor(role), event_data(event) | data)


def path(receipt, step=""):
    return f"requests/{quote(receipt['number'])}{step}"


def test_the_applicant_sees_the_case(city, machine, receipt):
    told = machine.get(path(receipt), code=receipt["query_code"]).json()
    assert (told["state"], told["due"], told["steps"]) == ("awaiting", None, [])
    assert [e["title"] for e in told["events"]] == ["提交申请"]
    assert told["actions"] == ["withdrawal"]
    officer(city, "confirm")
    told = machine.get(path(receipt), code=receipt["query_code"].lower()).json()
    assert told["state"] == "registered" and told["due"] == Request.objects.get().due_on.isoformat()
    assert told["steps"] and all(step["text"] and step["article"] for step in told["steps"])
    by_key = machine.get(f"requests/{Request.objects.get().key}", code=receipt["query_code"])
    assert by_key.json() == told
    by_header = machine.client.get(f"/api/v1/{path(receipt)}", headers={"Query-Code": receipt["query_code"]})
    assert by_header.json() == told


def test_a_wrong_number_and_a_wrong_code_look_alike(machine, receipt):
    wrong = [
        machine.get(path(receipt), code="AAAAAAAAAA"),
        machine.get("requests/nothing", code=receipt["query_code"]),
        machine.get("requests/cq-office-2021-00099", code=receipt["query_code"]),
        machine.get("requests/%00", code=receipt["query_code"]),
        machine.get(path(receipt), code="\x00"),
    ]
    assert {(r.status_code, r.content) for r in wrong} == {(404, wrong[0].content)}
    assert fields(wrong[0]) == {"number"}
    missing = machine.get(path(receipt))
    assert missing.status_code == 422 and fields(missing) == {"code"}


def test_guessing_is_slowed_also_under_the_other_name(machine, receipt):
    key = Request.objects.get().key
    answers = [machine.get(f"requests/{key}" if n % 2 else path(receipt), code=f"WRONG{n}") for n in range(20)]
    assert {a.status_code for a in answers[:9]} == {404}
    assert answers[-1].status_code == 429 and int(answers[-1].headers["Retry-After"]) > 0
    fields(answers[-1])
    assert machine.get(path(receipt), code=receipt["query_code"]).status_code == 429


def test_a_clarification_is_answered_once(city, machine, receipt):
    sent = {"code": receipt["query_code"], "content": "文号为渝府办〔2020〕12号"}
    early = machine.post(path(receipt, "/clarification"), sent)
    assert early.status_code == 409 and fields(early) == {"state"}
    for event in ("confirm", "assign"):
        officer(city, event)
    officer(city, "accept", "handler")
    officer(city, "request_clarification", "handler")
    waiting = machine.get(path(receipt), code=receipt["query_code"]).json()
    assert waiting["state"] == "clarifying" and waiting["clarification"]["what"]
    assert set(waiting["actions"]) == {"clarification", "withdrawal"} & set(waiting["actions"])
    done = machine.post(path(receipt, "/clarification"), sent)
    assert done.status_code == 200 and done.json()["state"] == "handling"
    assert machine.post(path(receipt, "/clarification"), sent).json() == done.json()
    other = machine.post(path(receipt, "/clarification"), sent | {"content": "别的"})
    assert other.status_code == 409 and fields(other) == {"Idempotency-Key"}
    assert Event.objects.filter(kind="clarify").count() == 1


def test_withdrawing_needs_no_reason(machine, receipt):
    done = machine.post(path(receipt, "/withdrawal"), {"code": receipt["query_code"]})
    assert done.status_code == 200 and done.json()["state"] == "closed" and done.json()["actions"] == []
    again = machine.post(path(receipt, "/withdrawal"), {"code": receipt["query_code"]}, "k2")
    assert again.status_code == 409 and fields(again) == {"state"}


@pytest.mark.parametrize(
    ("step", "sent", "status", "named"),
    [
        ("clarification", {}, 422, {"code", "content"}),
        ("clarification", {"code": "WRONG", "content": "x"}, 404, {"number"}),
        ("clarification", {"code": "WRONG", "content": 3, "more": 1}, 422, {"content", "more"}),
        ("withdrawal", {"code": "WRONG", "reason": "我病了"}, 422, {"reason"}),
        ("withdrawal", {"code": "WRONG"}, 404, {"number"}),
        ("reasons", {"code": "WRONG"}, 422, {"content"}),
        ("payment", {"code": "\ud800", "note": "x"}, 422, {"code"}),
    ],
)
def test_steps_name_their_faults_and_need_the_code(machine, receipt, step, sent, status, named):
    refused = machine.post(path(receipt, f"/{step}"), sent)
    assert refused.status_code == status and fields(refused) == named
    assert not Event.objects.filter(kind__in=("withdraw", "clarify")).exists()


@pytest.mark.django_db(transaction=True)
def test_looking_takes_few_statements(django_assert_max_num_queries):
    small_city()
    machine = Machine()
    receipt = machine.submit().json()
    with django_assert_max_num_queries(24):
        machine.get(path(receipt), code=receipt["query_code"])
