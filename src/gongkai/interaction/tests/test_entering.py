"""Questions that did not come by the form: entered by staff from a call or a letter, sent from a terminal of a zone."""

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.interaction import services
from gongkai.interaction.models import Message
from gongkai.interaction.testing import MESSAGE, WHO, by, event_data
from gongkai.ledger import vault
from gongkai.ledger.models import Event
from gongkai.organs.rights import ROLES
from gongkai.procedure import Refused

ENTER = reverse("office:interaction:enter")
CALL = MESSAGE | {"channel": "phone", "body": "cq-office", "on": "2021-02-26"}
LETTER = CALL | {"channel": "letter", "phone": "", "email": "", "address": "渝中区人民路1号", "publish": ""}


def desk(city, role: str) -> Client:
    client = Client()
    client.force_login(city.people[role])
    return client


def test_a_call_runs_on_the_clock_of_the_day_it_came(city):
    """Entered on Monday, called on Friday: due five working days after Friday, as by the form; the channel is kept."""
    client = desk(city, "registrar")
    assert f'href="{ENTER}"' in client.get(reverse("office:interaction:home")).content.decode()
    page = client.get(ENTER).content.decode()
    assert "登记来电来信" in page and 'name="token"' in page
    for _ in range(2):
        answer = client.post(ENTER, CALL | {"token": "once"})
    row = Message.objects.get()
    assert answer.url == reverse("office:interaction:message", args=[row.key])
    assert (row.channel, row.received_on.isoformat(), row.due_on.isoformat()) == ("phone", "2021-02-26", "2021-03-05")
    assert row.number == "渝府办咨〔2021〕1号" and row.state == "received" and row.publish
    assert "来电" in client.get(answer.url).content.decode()
    line = Event.objects.get(subject_kind="message")
    assert (line.kind, line.actor) == ("enter", client.get(ENTER).wsgi_request.user.username)
    assert not [one for one in (*WHO.values(), MESSAGE["content"]) if one in str(line.data)]
    assert vault.peek(line.data["personal"])["phone"] == WHO["phone"]
    for event in ("assign", "draft", "approve", "prepare", "publish"):
        services.do("message", row.key, event, by(event), event_data("message", event))
    assert Message.objects.get().state == "published" and Message.objects.get().took == 1


def test_a_letter_needs_only_an_address(city):
    client = desk(city, "disclosure")
    assert client.post(ENTER, LETTER | {"address": ""}).status_code == 422
    assert client.post(ENTER, LETTER | {"on": "2021-03-02"}).status_code == 422, "tomorrow"
    assert client.post(ENTER, LETTER | {"title": f"{WHO['name']}的来信"}).status_code == 422
    assert not Message.objects.exists()
    assert client.post(ENTER, LETTER).status_code == 302 and Message.objects.get().channel == "letter"
    page = client.get(reverse("office:interaction:message", args=[Message.objects.get().key])).content.decode()
    assert "来信" in page and "渝中区人民路1号" not in page, "the address is masked"


def test_entering_is_for_those_who_hand_questions_out(city):
    for role in sorted(set(ROLES) - {"applicant", "system"}):
        may = role in {"registrar", "disclosure"}
        client = desk(city, role)
        assert client.get(ENTER).status_code == (200 if may else 403), role
        assert client.post(ENTER, CALL).status_code == (302 if may else 403), role
        home = client.get(reverse("office:interaction:home"))
        assert home.status_code in (200, 403) and (ENTER in home.content.decode()) == may, role
    with pytest.raises(Refused):
        services.enter(city.office, services.APPLICANT, {k: v for k, v in CALL.items() if k not in ("body", "on")})


@pytest.mark.parametrize(("channel", "found"), [("phone", ["来电一"]), ("web", ["网上一"]), ("place", ["终端一"])])
def test_the_queue_is_filtered_by_channel(city, channel, found):
    services.send(city.office, MESSAGE | {"title": "网上一"})
    services.send(city.office, MESSAGE | {"title": "终端一"}, place="大厅专区")
    told = {k: v for k, v in CALL.items() if k not in ("body", "on")}
    services.enter(city.office, by("enter"), told | {"title": "来电一"})
    page = desk(city, "disclosure").get(reverse("office:interaction:home"), {"channel": channel}).content.decode()
    assert [title for title in ("来电一", "网上一", "终端一") if f"{title}<" in page] == found
