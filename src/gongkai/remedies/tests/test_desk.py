"""The remedy desk through its addresses: who sees what, lists that stay at few queries, events made from forms."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.ledger import clock
from gongkai.ledger.models import Event, Reading
from gongkai.ledger.services import Actor, replay
from gongkai.organs.rights import PERMISSIONS, ROLES
from gongkai.organs.testing import small_city
from gongkai.remedies import services
from gongkai.remedies.models import Reconsideration
from gongkai.remedies.procedure import PROCEDURES
from gongkai.remedies.testing import OPENING, event_data

KINDS = pytest.mark.parametrize("kind", list(PROCEDURES))
EVERY = Actor("everybody", frozenset(ROLES))
OPEN = {
    "reconsideration": services.file_reconsideration,
    "lawsuit": services.file_lawsuit,
    "complaint": services.receive_complaint,
}


@pytest.fixture
def city(db):
    with clock.at(datetime(2021, 3, 1, 4, tzinfo=UTC)):
        yield small_city()


@pytest.fixture
def sign_in(city):
    def enter(role: str) -> Client:
        client = Client()
        client.force_login(city.people[role])
        return client

    return enter


def new(city, kind: str, body=None, **data) -> str:
    return OPEN[kind](body or city.office, EVERY, OPENING[kind] | data).event.subject


def page(kind: str, key: str) -> str:
    return reverse(f"office:remedies:{kind}", args=[key])


def form(client: Client, url: str, event: str, **data) -> dict:
    """What a browser would send: the fields of the event's form with the page's token."""
    action = next(a for a in client.get(url).context["actions"] if dict(a.hidden)["event"] == event)
    return dict(action.hidden) | {f"{event}-{name}": value for name, value in data.items()}


@KINDS
def test_who_may_open_the_pages(city, sign_in, kind):
    key = new(city, kind)
    for role in city.people:
        allowed = role in PERMISSIONS["remedies.view"][1]
        for url in (reverse(f"office:remedies:{kind}s"), page(kind, key)):
            assert sign_in(role).get(url).status_code == (200 if allowed else 403), (role, url)
        enters = allowed and role in PROCEDURES[kind].transitions[0].roles
        assert sign_in(role).get(reverse(f"office:remedies:{kind}_enter")).status_code == (200 if enters else 403)
    assert Client().get(page(kind, key)).status_code in {302, 403}


@KINDS
def test_another_bodys_cases_do_not_exist_here(city, sign_in, kind):
    key = new(city, kind, city.department)
    client = sign_in("disclosure")
    assert client.get(page(kind, key)).status_code == 403
    assert not client.get(reverse(f"office:remedies:{kind}s")).context["page"].object_list
    assert client.get(page(kind, "cq-office-2021-99999")).status_code == 404


@KINDS
def test_a_list_takes_the_same_queries_for_one_row_and_many(city, sign_in, kind):
    client, url = sign_in("disclosure"), reverse(f"office:remedies:{kind}s")
    numbers = []
    for rows in (1, 20):
        for _ in range(rows):
            new(city, kind)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        numbers.append(len(captured))
    assert numbers[0] == numbers[1] <= 10, numbers


@KINDS
def test_lists_filter_and_export(city, sign_in, kind):
    new(city, kind, matter="不服轨道规划答复")
    key = new(city, kind, matter="不服财政预算答复")
    client, url = sign_in("disclosure"), reverse(f"office:remedies:{kind}s")
    found = client.get(url, {"q": "财政", "state": "open"}).context["page"].object_list
    assert [row.key for row in found] == [key]
    text = b"".join(client.get(url, {"q": "财政", "export": "csv"}).streaming_content).decode()
    assert "不服财政预算答复" in text and "轨道" not in text and "陈小明" not in text
    assert not client.get(url, {"state": "void"}).context["page"].object_list


def test_answers_owed_and_overdue(city, sign_in):
    key = new(city, "reconsideration")
    services.do("reconsideration", key, "accept", EVERY)
    client, url = sign_in("handler"), reverse("office:remedies:reconsiderations")
    for state, expected in (("owed", [key]), ("overdue", [])):
        assert [row.key for row in client.get(url, {"state": state}).context["page"].object_list] == expected
    with clock.at(datetime(2021, 4, 1, 4, tzinfo=UTC)):
        assert [row.key for row in client.get(url, {"state": "overdue"}).context["page"].object_list] == [key]
        assert "已逾期 21 日" in client.get(page("reconsideration", key)).content.decode()
        home = client.get(reverse("office:home")).content.decode()
        assert "复议诉讼待答复" in home and "2021-03-11前答复" in home


@KINDS
def test_entering_a_case_from_the_form(city, sign_in, kind):
    client, url = sign_in("handler"), reverse(f"office:remedies:{kind}_enter")
    token = client.get(url).context["token"]
    data = OPENING[kind] | {"body": "cq-office", "on": "2021-02-20", "token": token}
    wrong = client.post(url, data | {"matter": "", "body": "cq-plan"})
    assert wrong.status_code == 422 and {"matter", "body"} <= set(wrong.context["form"].errors)
    late = client.post(url, data | {"on": "2021-03-02"})
    assert late.status_code == 422 and "晚于今天" in late.content.decode()
    first, again = client.post(url, data), client.post(url, data)
    assert first.status_code == 302 and first.url == again.url == page(kind, "cq-office-2021-00001")
    assert Event.objects.filter(subject_kind=kind).count() == 1
    assert Event.objects.get(subject_kind=kind).legal_day.isoformat() == "2021-02-20"


def test_an_unknown_review_is_named_at_its_field(city, sign_in):
    data = OPENING["lawsuit"] | {"body": "cq-office", "route": "after_review", "reconsideration": "nothing"}
    answer = sign_in("handler").post(reverse("office:remedies:lawsuit_enter"), data)
    assert answer.status_code == 422 and "没有编为" in str(answer.context["form"].errors["reconsideration"])


def test_an_event_from_its_form_once_for_a_double_click(city, sign_in):
    key = new(city, "reconsideration")
    client, url = sign_in("handler"), page("reconsideration", key)
    data = form(client, url, "accept", case_number="渝复〔2021〕8号")
    assert client.post(url, data).status_code == 302
    client.post(url, data)
    assert replay("reconsideration", key).case_number == "渝复〔2021〕8号"
    assert Event.objects.filter(subject_kind="reconsideration").count() == 2


@pytest.mark.parametrize("role", PERMISSIONS["remedies.view"][1])
@KINDS
def test_actions_are_those_of_the_role(city, sign_in, kind, role):
    key = new(city, kind)
    opening = replay(kind, key).state
    offered = [dict(a.hidden)["event"] for a in sign_in(role).get(page(kind, key)).context["actions"]]
    assert offered == [move.event for move in PROCEDURES[kind].allowed(opening, [role])]


def test_a_forged_event_is_refused(city, sign_in):
    key = new(city, "reconsideration")
    services.do("reconsideration", key, "accept", EVERY)
    data = {f"conclude-{name}": value for name, value in event_data("reconsideration", "conclude").items()}
    answer = sign_in("handler").post(page("reconsideration", key), data | {"event": "conclude"})
    assert answer.status_code == 403 and Reconsideration.objects.get(key=key).state == "accepted"


def test_the_drafter_sees_why_approving_must_wait(city, sign_in):
    from gongkai.ledger.services import SYSTEM
    from gongkai.organs.services import grant

    grant(city.people["handler"], city.office, ["reviewer"], SYSTEM)
    key = new(city, "reconsideration")
    services.do("reconsideration", key, "accept", EVERY)
    data = event_data("reconsideration", "draft_answer")
    services.do("reconsideration", key, "draft_answer", Actor("handler", frozenset({"handler"})), data)
    shown = sign_in("handler").get(page("reconsideration", key))
    assert "approve_answer" not in [dict(a.hidden)["event"] for a in shown.context["actions"]]
    assert "拟稿人不能审定自己的答复" in shown.content.decode()


@KINDS
def test_personal_data_is_masked_and_its_reading_logged(city, sign_in, kind):
    key = new(city, kind)
    client = sign_in("handler")
    shown = client.get(page(kind, key)).content.decode()
    assert "陈＊＊" in shown and "陈小明" not in shown and not Reading.objects.exists()
    assert "陈小明" in client.post(page(kind, key), {"reveal": "1"}).content.decode()
    assert Reading.objects.get().reader == "handler"
    assert sign_in("auditor").post(page(kind, key), {"reveal": "1"}).status_code == 403


def test_a_suit_links_its_review_and_request(city, sign_in):
    review = new(city, "reconsideration", request="cq-office-2021-00007")
    suit = new(city, "lawsuit", route="after_review", reconsideration=review, request="")
    shown = sign_in("auditor").get(page("lawsuit", suit)).content.decode()
    assert page("reconsideration", review) in shown and "/office/requests/cq-office-2021-00007/" in shown


def test_words_are_escaped(city, sign_in):
    key = new(city, "complaint", matter="<script>alert(1)</script>")
    client = sign_in("disclosure")
    for url in (page("complaint", key), reverse("office:remedies:complaints")):
        assert "<script>alert" not in client.get(url).content.decode()
