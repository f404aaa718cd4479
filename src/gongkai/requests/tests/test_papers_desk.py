"""Papers on the desk: who sees which, what is masked, what the reading log keeps."""

import io

import docx as word
import pytest
from django.test import Client

from gongkai.ledger import clock
from gongkai.ledger.models import Reading
from gongkai.organs.rights import GRANTABLE, PERMISSIONS
from gongkai.organs.services import add_person
from gongkai.organs.testing import small_city
from gongkai.requests.services import do
from gongkai.requests.testing import draft, event_data

from .paper_cases import MONDAY, STORIES, by, decided, told

PERSONAL = PERMISSIONS["requests.personal"][1]
VIEWERS = PERMISSIONS["requests.view"][1]


@pytest.fixture
def city(db):
    with clock.at(MONDAY):
        yield small_city()


def signed_in(city, role: str) -> Client:
    """A browser of the person who holds just this role."""
    client = Client()
    client.force_login(city.people[role])
    return client


def url(key: str, paper: str = "") -> str:
    """A case's page, or one of its papers."""
    return f"/office/requests/{key}/" + (f"papers/{paper}" if paper else "")


def test_the_case_page_lists_papers(city):
    key = told(city, *decided("3.1"))
    page = signed_in(city, "handler").get(url(key)).content.decode()
    for slug in ("receipt-1", "register-form-1", "decision-6", "service-receipt-7"):
        assert url(key, slug) in page and url(key, f"{slug}.docx") in page and url(key, f"{slug}.pdf") in page
    page = signed_in(city, "reviewer").get(url(key)).content.decode()
    assert url(key, "decision-6") in page and url(key, "decision-6.docx") not in page


@pytest.mark.parametrize("role", GRANTABLE)
@pytest.mark.parametrize("paper", ["decision-6", "decision-6.docx", "decision-6.pdf"])
def test_rights_of_every_role(city, role, paper):
    key = told(city, *decided("3.1"))
    allowed = role in (VIEWERS if paper == "decision-6" else PERSONAL)
    assert signed_in(city, role).get(url(key, paper)).status_code == (200 if allowed else 403)


def test_nobody_else(city):
    key = told(city, *decided("3.1"))
    for paper in ("decision-6", "decision-6.docx", "decision-6.pdf"):
        answer = Client().get(url(key, paper))
        assert answer.status_code == 302 and "/login/" in answer["Location"]
    other = add_person("elsewhere", "外单位", city.department, by("x"), None, "x")
    stranger = Client()
    stranger.force_login(other)
    assert stranger.get(url(key, "decision-6")).status_code == 403
    officer = signed_in(city, "handler")
    for paper in ("decision-7", "decision-6.odt", "poem-1", "decision-6.docx/x", "..%2f..%2fetc"):
        assert officer.get(url(key, paper)).status_code == 404
    assert officer.get(url("cq-office-2021-99999", "decision-6.pdf")).status_code == 404
    assert officer.post(url(key, "decision-6.pdf")).status_code == 405


def test_the_preview_is_masked_and_the_download_logged(city):
    key = told(city, *decided("3.1"))
    officer = signed_in(city, "handler")
    page = officer.get(url(key, "decision-6")).content.decode()
    assert "陈＊＊：" in page and "陈小明" not in page and not Reading.objects.exists()
    code = officer.get(url(key, "receipt-1")).content.decode()
    assert "＊＊＊＊＊＊" in code and not Reading.objects.exists()
    answer = officer.get(url(key, "decision-6.docx"))
    text = "".join(p.text for p in word.Document(io.BytesIO(answer.content)).paragraphs)
    assert (
        "陈小明：" in text and answer["Cache-Control"] == "no-store" and "attachment" in answer["Content-Disposition"]
    )
    (reading,) = Reading.objects.all()
    assert reading.reader == "handler" and "答复书" in reading.purpose
    assert officer.get(url(key, "decision-6.pdf")).content.startswith(b"%PDF") and Reading.objects.count() == 2


def test_papers_without_people_need_no_more_than_the_case(city):
    key = told(city, "accept", ("draft", draft("3.5.1", transferred_to="重庆市信访办公室")), "review", "sign")
    assert signed_in(city, "auditor").get(url(key, "transfer-5.docx")).status_code == 200
    assert not Reading.objects.exists()


def test_drafter_and_reviewer_see_what_is_missing(city):
    key = told(city, "accept", ("draft", draft("3.1", findings="")))
    page = signed_in(city, "reviewer").get(url(key)).content.decode()
    assert "答复书要素" in page and "请在“逐项认定”中对每一项写明查找和认定的结果" in page
    assert "答复书还不完整" in page
    do(key, "send_back", by("review"), event_data("send_back"))
    assert "答复书要素" not in signed_in(city, "reviewer").get(url(key)).content.decode()


@pytest.mark.parametrize("story", ["third party", "fee", "withdrawn", "waiting"])
def test_every_preview_opens(city, story):
    steps, application = STORIES[story]
    key = told(city, *steps, **application)
    officer = signed_in(city, "disclosure")
    page = officer.get(url(key)).content.decode()
    papers = sorted({part.split('"')[0] for part in page.split(f'href="{url(key)}papers/')[1:]})
    assert len(papers) >= 6
    assert all(officer.get(url(key, paper)).status_code == 200 for paper in papers)


def test_markup_in_a_case_is_shown_as_text(city):
    key = told(city, "accept", ("draft", draft("3.1", text="<script>alert(1)</script>{{ 7*7 }}")))
    page = signed_in(city, "handler").get(url(key, "decision-3")).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page and "<script>alert" not in page
