"""Every page of the room as people see it: no breach of WCAG 2.2 AA, at any width, for old eyes too; by keyboard alone."""

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.interaction import survey_services
from gongkai.interaction.models import Message
from gongkai.interaction.testing import drafted, sent
from gongkai.ledger import clock
from gongkai.organs.testing import small_city
from gongkai.ui.testing import Reader, assert_accessible, browser, open_page  # noqa: F401

from .conftest import NOW
from .test_surveys import LATER, over

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    with clock.at(LATER):
        with clock.at(NOW):
            city = small_city()
        yield city


def test_public_pages(home, open_page, live_server):  # noqa: F811
    with clock.at(NOW):
        key = sent("message", home.office, "published")
    results, poll = over(home, "published"), drafted(home.office, form="survey", until="2059-12-31")
    pages = (
        "/messages/", f"/messages/{key}/", "/messages/new/", "/messages/status/", "/messages/statistics/", "/surveys/",
        f"/surveys/{results}/", f"/surveys/{poll}/", f"/surveys/{poll}/answer/", "/mistakes/", "/mistakes/new/?page=/x/",
    )  # fmt: skip
    for mode, width in (("elder", 320), ("dark", 1280)):
        page = open_page(live_server.url + pages[0], mode=mode, width=width)
        for address in pages:
            page.goto(live_server.url + address)
            assert_accessible(page)


def test_asking_by_keyboard_and_the_receipt(home, open_page, live_server):  # noqa: F811
    reader = Reader(open_page(live_server.url + "/messages/new/?body=cq-office", width=320), "ask")
    reader.press("main form button.btn")  # nothing filled in: the summary says what is missing
    assert "请填写" in reader.page.inner_text(".summary")
    reader.page.complaints.clear()  # the console notes the 422
    reader.look("faults")
    reader.write({"title": "公园几点关门", "content": "冬天公园几点关门？", "name": "王小明", "phone": "13800000000"})
    reader.press("main form button.btn")
    assert reader.page.url.endswith("/messages/mine/") and Message.objects.count() == 1
    reader.look("receipt")


def test_desk_pages(home, open_page, live_server):  # noqa: F811
    survey = over(home, "summarised")
    opinion = survey_services.Submission.objects.get(survey=survey).key
    keys = {"message": sent("message", home.office, "drafted"), "mistake": sent("mistake", home.office)}
    sent("message", home.office)
    keys |= {"survey": survey, "submission": opinion, "submissions": survey}
    pages = [reverse(f"office:interaction:{name}", args=[key]) for name, key in keys.items()]
    pages += [reverse(f"office:interaction:{name}") for name in ("home", "mistakes", "surveys", "survey_draft")]
    client = Client()
    client.force_login(home.people["disclosure"])
    for width in (320, 1280):
        page = open_page(live_server.url + pages[0], width=width, session=client.session.session_key)
        for address in pages:
            page.goto(live_server.url + address)
            assert_accessible(page)
