"""The desk and the public pages: what each shows, to whom, in how many queries; forms sent twice; what is baked."""

import random
from copy import copy
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.bake import baker
from gongkai.bake.families import families
from gongkai.bake.models import Page
from gongkai.bake.rendering import render
from gongkai.identity.models import Rate
from gongkai.interaction import queries, services, survey_services
from gongkai.interaction.models import Message, Mistake, Submission, Survey
from gongkai.interaction.testing import MESSAGE, MISTAKE, WHO, by, close, drafted, event_data, sent
from gongkai.ledger import clock, followers
from gongkai.ledger.models import Reading
from gongkai.notices.models import APPLICANT
from gongkai.notices.models import Message as Notice

from .conftest import NOW

ASKED = MESSAGE | {"publish": "on", "body": "cq-office"}
LATER = NOW + timedelta(20)


def sign_in(city, role: str) -> Client:
    client = Client()
    client.force_login(city.people[role])
    return client


def text_of(answer) -> str:
    return b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode(errors="ignore")


def test_asking_from_the_form_to_the_published_page(city, settings):
    """A citizen asks, four officers answer and publish, everybody reads; the mail tells where to look."""
    settings.NOTICE_EMAIL = True
    citizen = Client()
    assert 'name="token"' in citizen.get("/messages/new/").content.decode()
    done = citizen.post("/messages/new/", ASKED | {"token": "once"})
    assert (done.status_code, done.url) == (302, "/messages/mine/")
    row = Message.objects.get()
    receipt = citizen.get("/messages/mine/").content.decode()
    assert row.number in receipt and queries.query_code("message", row.key) in receipt and "还剩" in receipt
    page = reverse("office:interaction:message", args=[row.key])
    for role, event in (
        ("registrar", "assign"), ("handler", "draft"), ("reviewer", "approve"), ("editor", "prepare"), ("signatory", "publish"),
    ):  # fmt: skip
        data = {f"{event}-{name}": value for name, value in event_data("message", event).items()}
        answer = sign_in(city, role).post(page, {"event": event} | data)
        assert answer.status_code == 302, answer.content.decode()
    followers.run("notices.outbox")
    mail = Notice.objects.filter(recipient=APPLICANT).values_list("title", "channel")
    assert set(mail) == {("已收到您的提问", "email"), ("您的提问已有答复", "email")}
    listed, shown = (Client().get(url).content.decode() for url in ("/messages/", f"/messages/{row.key}/"))
    assert event_data("message", "prepare")["heading"] in listed and event_data("message", "draft")["reply"] in shown
    assert event_data("message", "draft")["reply"] in citizen.get("/messages/mine/").content.decode()
    assert citizen.post("/messages/leave/").url == "/messages/status/"
    assert citizen.get("/messages/mine/").status_code == 302


FORMS = (("/messages/new/", ASKED, Message), ("/mistakes/new/", MISTAKE, Mistake))


def test_a_double_click_is_one(city):
    key = drafted(city.office, form="survey")
    answers = {"q1": "0", "q3": "1"}
    for url, data, model in (*FORMS, (f"/surveys/{key}/answer/", answers, Submission)):
        first, again = (Client().post(url, data | {"token": "once"}) for _ in range(2))
        assert first.status_code == again.status_code == 302 and model._default_manager.count() == 1
        assert Client().post(url, data | {"token": "twice"}).status_code == 302 and model._default_manager.count() == 2


def test_too_often_is_told_and_keeps_what_was_written(city, settings):
    settings.WEB_INTAKE_PER_MINUTE = 1
    for url, data, model in FORMS:
        Rate.objects.all().delete()
        assert Client().post(url, data | {"token": "1"}).status_code == 302
        answer = Client().post(url, data | {"token": "2"})
        assert answer.status_code == 429 and int(answer["Retry-After"]) > 0 and model.objects.count() == 1
        assert data["content"] in answer.content.decode() and "提交过于频繁" in answer.content.decode()


def test_faults_stay_in_the_form(city):
    key = drafted(city.office)
    for url in ("/messages/new/", "/mistakes/new/", f"/surveys/{key}/answer/"):
        answer = Client().post(url, {"token": "x", "content": "保留这一句"})
        assert answer.status_code == 422 and "请填写" in answer.content.decode()
        assert url.startswith("/surveys/") or "保留这一句" in answer.content.decode()
    assert not Message.objects.exists() and not Mistake.objects.exists() and not Submission.objects.exists()


def test_number_and_code_open_one_case_and_no_other(city):
    for kind, base in (("message", "/messages/"), ("mistake", "/mistakes/")):
        key, other = sent(kind, city.office), sent(kind, city.office)
        number, code = queries.MODELS[kind].objects.get(pk=key).number, queries.query_code(kind, key)
        wrong = Client().post(f"{base}status/", {"number": number, "code": queries.query_code(kind, other)})
        assert wrong.status_code == 422 and "没有查到" in wrong.content.decode()
        client = Client()
        assert client.post(f"{base}status/", {"number": number, "code": code.lower()}).url == f"{base}mine/"
        page = client.get(f"{base}mine/")
        assert number in page.content.decode() and page["Cache-Control"] == "no-store"
        assert queries.MODELS[kind].objects.get(pk=other).number not in page.content.decode()


def test_the_page_of_a_mistake_is_filled_in(city):
    form = Client().get("/mistakes/new/?page=/records/x/").content.decode()
    assert 'value="/records/x/"' in form
    came = Client().get("/mistakes/new/", headers={"referer": "http://testserver/search/?q=1"}).content.decode()
    assert 'value="/search/?q=1"' in came
    other = Client().get("/mistakes/new/", headers={"referer": "http://elsewhere.example/x/"}).content.decode()
    assert "elsewhere" not in other
    assert "/mistakes/new/?page=/messages/" in Client().get("/messages/").content.decode()


def test_nothing_of_a_person_without_the_right_and_a_line_for_each_reading(city):
    """Pages and exports masked; opening is a right, and logged."""
    key, mistake = sent("message", city.office, "published"), sent("mistake", city.office)
    survey = drafted(city.office)
    opinion = survey_services.submit(survey, {"q1": "好", "name": WHO["name"], "reach": WHO["phone"]}).event.subject
    names = (("message", key), ("mistake", mistake), ("submission", opinion))
    pages = [reverse(f"office:interaction:{name}", args=[one]) for name, one in names]
    lists = [reverse(f"office:interaction:{name}") for name in ("home", "mistakes", "surveys")]
    lists.append(reverse("office:interaction:submissions", args=[survey]))
    exports = [f"{url}?export={kind}" for url in lists for kind in ("csv", "xlsx")]
    for role in ("handler", "reviewer", "auditor"):
        client = sign_in(city, role)
        for url in (*pages, *lists, *exports):
            answer = client.get(url)
            shown = text_of(answer)
            assert answer.status_code == 200 and not [one for one in WHO.values() if one in shown], (role, url)
        for url in pages:
            before = Reading.objects.count()
            answer = client.post(url, {"reveal": "1"})
            if role == "handler":
                assert WHO["name"] in answer.content.decode() and Reading.objects.count() == before + 1
            else:
                assert answer.status_code == 403 and Reading.objects.count() == before
    for url in ("/messages/", f"/messages/{key}/", "/messages/statistics/", f"/surveys/{survey}/", "/mistakes/"):
        assert not [one for one in (*WHO.values(), MESSAGE["content"]) if one in Client().get(url).content.decode()]


def test_only_what_is_published_is_public(city):
    for state, status in (("answered", 404), ("prepared", 404), ("kept", 404), ("published", 200), ("withdrawn", 410)):
        answer = Client().get(f"/messages/{sent('message', city.office, state)}/")
        assert answer.status_code == status, state
    assert "情况属实" in answer.content.decode()  # why it was taken down
    for state, status in (("drafted", 404), ("returned", 404), ("approved", 200), ("dropped", 404), ("withdrawn", 410)):
        key = drafted(city.office, state)
        assert Client().get(f"/surveys/{key}/").status_code == status, state
        assert Client().get(f"/surveys/{key}/answer/").status_code == (200 if state == "approved" else 404)


def test_a_survey_goes_from_list_to_list(city):
    key, base = drafted(city.office), "/surveys/"
    survey_services.submit(key, {"q1": "建议写明罚则"})

    def lists() -> list[bool]:
        urls = (base, f"{base}closed/", f"{base}results/")
        return [f"{base}{key}/" in Client().get(url).content.decode() for url in urls]

    assert lists() == [True, False, False]
    with clock.at(LATER):
        assert lists() == [False, True, False]
        assert Client().get(f"{base}{key}/answer/").url == f"{base}{key}/"
        late = Client().post(f"{base}{key}/answer/", {"q1": "迟到的意见", "token": "x"})
        assert late.status_code == 422 and "不能提交" in late.content.decode()
        close(key)
        assert lists() == [False, False, True]
        page = Client().get(f"{base}{key}/").content.decode()
        assert "罚则由上位法规定" in page and "部分采纳" in page


def test_a_norm_being_drafted_offers_a_consultation(city):
    from gongkai.norms import services as norms
    from gongkai.norms.testing import event_data as norm_data

    key = norms.draft(city.office, by("draft"), norm_data("norm", "draft")).event.subject
    editor = sign_in(city, "editor")
    url = f"{reverse('office:interaction:survey_draft')}?record={key}"
    assert url in editor.get(reverse("office:norms:case", args=[key])).content.decode()
    assert f'value="{key}"' in editor.get(url).content.decode()
    survey = drafted(city.office, record=key)
    assert Survey.objects.get(pk=survey).record == key
    assert (
        reverse("office:interaction:survey", args=[survey])
        in editor.get(reverse("office:norms:case", args=[key])).content.decode()
    )


@pytest.mark.parametrize(
    ("url", "make"),
    [
        ("/office/interaction/", lambda city: sent("message", city.office, "assigned")),
        ("/office/interaction/mistakes/", lambda city: sent("mistake", city.office)),
        ("/office/interaction/surveys/", lambda city: drafted(city.office)),
        ("/messages/", lambda city: sent("message", city.office, "published")),
        ("/messages/statistics/", lambda city: sent("message", city.office, "published")),
        ("/surveys/", lambda city: drafted(city.office)),
        ("/office/", lambda city: [sent("message", city.office), sent("mistake", city.office)]),
    ],
)
def test_the_number_of_queries_does_not_grow(city, url, make):
    client, counts = sign_in(city, "disclosure"), []
    for more in (2, 4):
        for _ in range(more):
            make(city)
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(url).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 60, counts


def test_lists_are_filtered(city):
    first = sent("message", city.office, "assigned", title="公交线路恢复")
    sent("message", city.office, "answered", publish=False)
    client, number = sign_in(city, "disclosure"), Message.objects.get(pk=first).number

    def shown(query: str) -> list[bool]:
        page = client.get(f"/office/interaction/?{query}").content.decode()
        return [number in page, "老旧小区" in page]

    assert shown("") == [True, True] and shown("q=公交") == [True, False] and shown("state=open") == [True, False]
    assert shown("state=overdue") == [False, False] and shown("publish=0") == [False, True]
    with clock.at(LATER):
        assert shown("state=overdue") == [True, False]
    assert shown("unit=公开") == [True, True] and shown("received_from=2021-03-02") == [False, False]


# What is baked -------------------------------------------------------------------------------------------------------


OWN = {"messages", "surveys", "interaction"}


def _many(key: str, count: int) -> None:
    """As many older rows like one, to fill pages without playing every step."""
    row = Message.objects.get(pk=key)
    copies = []
    for number in range(count):
        row.pk, row.number, row.published_on = f"{key}-{number:02}", f"{number}", NOW.date() - timedelta(count - number)
        copies.append(copy(row))
    Message.objects.bulk_create(copies)


def test_what_is_kept_up_equals_a_full_bake(city, monkeypatch):
    """Random steps of questions, surveys and days: the tree is the same, byte for byte, as baked anew."""
    monkeypatch.setattr(baker, "families", lambda: [one for one in families() if one.name in OWN])
    dice, surveys = random.Random(7), list[str]()
    _many(sent("message", city.office, "published"), 38)
    for day in range(4):
        with clock.at(NOW + timedelta(day)):
            for _ in range(2):
                sent("message", city.office, "published")
            surveys.append(drafted(city.office, ("approved", "drafted")[day % 2]))
            row = dice.choice(Message.objects.filter(state="published", number__startswith="渝").order_by("key"))
            services.do("message", row.key, "withdraw", by("withdraw"), event_data("message", "withdraw"))
            baker.whole()
    with clock.at(LATER):
        close(surveys[0])
        baker.whole()
        assert baker.verify() == []
        assert "/messages/page-1/" in {page.address for page in Page.objects.all()}


def test_every_baked_page_is_the_same_for_everybody(city):
    for state in ("published", "withdrawn"):
        sent("message", city.office, state)
    drafted(city.office), drafted(city.office, "withdrawn")
    own = [one for one in families() if one.name in OWN]
    addresses = [address for one in own for address in one.addresses()]
    assert len(addresses) == 10
    for address in addresses:
        made = render(address)
        assert made is not None and made.keys, address
        assert not [one for one in (*WHO.values(), MESSAGE["content"]) if one in made.content.decode()]
