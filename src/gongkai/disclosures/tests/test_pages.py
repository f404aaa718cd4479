"""The desk and the public pages: what each shows, to whom, and in how many queries."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.disclosures import services, suggestions
from gongkai.disclosures.models import Item, Proposal
from gongkai.disclosures.testing import COPY, WORDS, by, event_data, item, served
from gongkai.ledger import clock
from gongkai.organs.testing import small_city
from gongkai.records.models import Record
from gongkai.requests import queries as requests
from gongkai.requests.models import Request
from gongkai.requests.testing import APPLICATION

NOW = datetime(2021, 3, 1, 4, tzinfo=UTC)
WHO = ("name", "id_number", "phone")


@pytest.fixture
def city(db, settings, tmp_path):
    settings.HOME = tmp_path
    with clock.at(NOW):
        yield small_city()


def sign_in(city, role: str) -> Client:
    client = Client()
    client.force_login(city.people[role])
    return client


def test_from_the_request_to_the_public_by_four_hands(city):
    """The handler opens the request, proposes with a copy; reviewer and signatory do the rest; anybody reads."""
    request = served(city.office)
    handler = sign_in(city, "handler")
    case = handler.get(reverse("office:requests:case", args=[request])).content.decode()
    url = reverse("office:disclosures:propose", args=[request])
    assert f'href="{url}"' in case and "公开到目录" in case
    form = handler.get(url).content.decode()
    assert "予以公开，复印件附后。" in form  # what the decision said, to start from
    copy = SimpleUploadedFile(COPY.name, COPY.content)
    answer = handler.post(url, WORDS | {"files": [copy], "token": "once"})
    row = Item.objects.get()
    assert answer.status_code == 302 and answer.url == reverse("office:disclosures:item", args=[row.key])
    page = reverse("office:disclosures:item", args=[row.key])
    assert COPY.name in handler.get(page).content.decode()
    assert url not in handler.get(reverse("office:requests:case", args=[request])).content.decode()
    assert handler.post(page, {"event": "review"} | _prefixed("review", event_data("review"))).status_code == 403
    for role, event in (("reviewer", "review"), ("signatory", "publish")):
        done = sign_in(city, role).post(page, {"event": event} | _prefixed(event, event_data(event)))
        assert done.status_code == 302, done.content.decode()
    listed = Client().get("/disclosed/").content.decode()
    assert WORDS["title"] in listed and reverse("portal:disclosures:item", args=[row.key]) in listed
    assert Record.objects.get(pk=row.key).public


def _prefixed(event: str, data: dict[str, str]) -> dict[str, str]:
    return {f"{event}-{name}": value for name, value in data.items()}


def test_faults_stay_in_the_form(city):
    client, url = sign_in(city, "disclosure"), reverse("office:disclosures:propose", args=[served(city.office)])
    bad = client.post(url, WORDS | {"title": ""})
    assert bad.status_code == 422 and "请填写“标题”" in bad.content.decode()
    bad = client.post(url, WORDS | {"files": [SimpleUploadedFile("a.exe", b"MZ")]})
    page = bad.content.decode()
    assert bad.status_code == 422 and "这类文件不能接收" in page
    bad = client.post(url, WORDS | {"answer": "寄给陈小明"})
    page = bad.content.decode()
    assert bad.status_code == 422 and "“答复的内容”中含有申请人的姓名或名称" in page and "寄给陈小明" in page
    assert not Item.objects.exists()


def test_what_cannot_be_proposed_says_why(city):
    client = sign_in(city, "disclosure")
    url = reverse("office:disclosures:propose", args=[served(city.office, "3.4.1")])
    assert "只有予以公开、部分公开" in client.get(url).content.decode()
    key = item(city.office)
    request = Item.objects.get(key=key).request
    assert "已经列入目录" in client.get(reverse("office:disclosures:propose", args=[request])).content.decode()
    assert client.get(reverse("office:disclosures:propose", args=["nothing"])).status_code == 404


def test_another_handler_does_not_write(city):
    request = served(city.office)
    Request.objects.filter(key=request).update(handler="somebody")
    other = sign_in(city, "reviewer")
    assert other.get(reverse("office:disclosures:propose", args=[request])).status_code == 403


def test_editing_keeps_or_replaces_the_copies(city):
    key = item(city.office, "returned")
    client, url = sign_in(city, "disclosure"), reverse("office:disclosures:edit", args=[key])
    assert COPY.name in client.get(url).content.decode()
    assert client.post(url, WORDS | {"keep": "on"}).status_code == 302
    assert len(services.replay("disclosure", key).draft.files) == 1
    services.do(key, "send_back", by("send_back"), {"reason": "换一份"})
    assert client.post(url, WORDS).status_code == 302
    assert services.replay("disclosure", key).draft.files == ()


def test_editors_see_no_request(city):
    """Whoever may see the log but no requests gets no link to them."""
    key = item(city.office)
    number = Request.objects.get().number
    page = reverse("office:disclosures:item", args=[key])
    assert number in sign_in(city, "handler").get(page).content.decode()
    editor = sign_in(city, "editor").get(page).content.decode()
    assert number not in editor and "/office/requests/" not in editor
    proposal = services.suggest(served(city.office), "涉及沿线居民").event.subject
    page = reverse("office:disclosures:proposal", args=[proposal])
    assert "涉及沿线居民" in sign_in(city, "disclosure").get(page).content.decode()
    for role in ("editor", "reviewer"):
        assert "涉及沿线居民" not in sign_in(city, role).get(page).content.decode()
    assert "/office/requests/" not in sign_in(city, "editor").get(page).content.decode()


def test_no_public_answer_holds_anything_of_the_applicant(city):
    """Pages, exports, feed, file: neither the person nor the request's number or key."""
    key = item(city.office)
    request = Request.objects.get()
    secrets = [str(APPLICATION[name]) for name in WHO] + [request.number, request.key]
    urls = ["/disclosed/", "/disclosed/?export=csv", "/disclosed/?q=批复", "/disclosed/feed.atom", f"/disclosed/{key}/"]
    urls += [f"/disclosed/{key}/files/1/", f"/disclosed/?q={APPLICATION['name']}"]
    for url in urls:
        answer = Client().get(url, follow=True)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found = [one for one in secrets if one in text.decode().replace(f'value="{APPLICATION["name"]}"', "")]
        assert answer.status_code == 200 and not found, (url, found)
    row = Record.objects.get(pk=key)
    assert not [one for one in secrets if one in f"{row.title}{row.data}{row.attachments}"]


def test_the_list_is_filtered(city):
    item(city.office)
    key = item(city.office, title="申请公开供水价格调整方案")
    services.do(key, "amend", by("amend"), event_data("amend") | {"title": "供水价格调整方案"})
    services.do(key, "review", by("review"), event_data("review")), services.do(key, "publish", by("publish"))

    def shown(query: str) -> list[bool]:
        page = Client().get(f"/disclosed/?{query}").content.decode()
        return [f"{title}</a>" in page for title in (WORDS["title"], "供水价格调整方案")]

    assert shown("") == [True, True] and shown("q=供水价格") == [False, True] and shown("q=附图") == [False, True]
    assert shown("body=cq-office&outcome=3.1") == [True, True] and shown("outcome=3.2") == [False, False]
    assert shown("published_from=2021-03-02") == [False, False] and shown("sort=-title") == [True, True]


def test_only_what_is_published_is_public(city):
    for state in ("proposed", "returned", "reviewed", "dropped", "withdrawn"):
        key = item(city.office, state)
        assert Client().get(f"/disclosed/{key}/", follow=True).status_code in {404, 410}, state
        assert Client().get(f"/disclosed/{key}/files/1/").status_code == 404
    assert "目录里还没有公开的信息" in Client().get("/disclosed/").content.decode()


def test_a_copy_is_only_saved(city):
    key = item(city.office)
    answer = Client().get(f"/disclosed/{key}/files/1/")
    assert answer.content == COPY.content and "attachment" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
    assert Client().get(f"/disclosed/{key}/files/2/").status_code == 404


def test_the_feed_is_atom_and_tells_of_corrections(city):
    key = item(city.office, "amended")
    with clock.at(datetime(2021, 3, 9, 4, tzinfo=UTC)):
        services.do(key, "publish", by("publish"))
    answer = Client().get("/disclosed/feed.atom")
    atom = "{http://www.w3.org/2005/Atom}"
    entries = ElementTree.fromstring(answer.content).findall(f"{atom}entry")
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert [e.findtext(f"{atom}title") for e in entries] == [WORDS["title"]]
    assert entries[0].findtext(f"{atom}published") == "2021-03-01T00:00:00+08:00"
    assert entries[0].findtext(f"{atom}updated") == "2021-03-09T00:00:00+08:00"


def test_people_about_to_ask_for_it_are_shown_it(city):
    item(city.office), item(city.office, "reviewed")
    found = suggestions.candidates(["轨道", "交通", "批复"], 5)
    assert [one.label for one in found] == [WORDS["title"]] and found[0].url


def test_the_applicant_suggests_on_the_own_page(city):
    request = served(city.office)
    row = Request.objects.get(key=request)
    client = Client()
    page = reverse("portal:disclosures:suggest")
    assert client.get(page).url == "/apply/status/"
    client.post(reverse("portal:requests:status"), {"number": row.number, "code": requests.query_code(request)})
    assert page in client.get(reverse("portal:requests:mine")).content.decode()
    assert "提出建议" in client.get(page).content.decode()
    assert client.post(page, {"why": ""}).status_code == 422
    for _ in range(2):  # a double click
        assert client.post(page, {"why": "涉及沿线居民", "token": "once"}).status_code == 302
    proposal = Proposal.objects.get()
    assert proposal.suggested == 1 and "目前：待研究" in client.get(page).content.decode()
    services.settle(proposal.key, "decline", by("decline"), {"reason": "将随规划一并公布"})
    assert "将随规划一并公布" in client.get(page).content.decode()


def test_nothing_to_suggest_where_nothing_was_given(city):
    request = served(city.office, "3.4.1")
    row = Request.objects.get(key=request)
    client = Client()
    client.post(reverse("portal:requests:status"), {"number": row.number, "code": requests.query_code(request)})
    page = reverse("portal:disclosures:suggest")
    assert page not in client.get(reverse("portal:requests:mine")).content.decode()
    assert "提出建议" not in client.get(page).content.decode()
    assert client.post(page, {"why": "想看"}).status_code == 422


@pytest.mark.parametrize(
    ("name", "role", "most"),
    [("office:disclosures:home", "disclosure", 8), ("office:disclosures:proposals", "disclosure", 8),
     ("portal:disclosures:home", None, 5), ("portal:disclosures:feed", None, 4)],
)  # fmt: skip
def test_lists_take_so_many_queries_however_long(city, name, role, most):
    client = sign_in(city, role) if role else Client()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(reverse(name)).status_code == 200
        return len(captured)

    def fill() -> None:
        item(city.office)
        services.suggest(served(city.office), "涉及沿线居民")

    fill()
    few = queries()
    for _ in range(3):
        fill()
    assert queries() == few <= most


def test_the_front_page_of_the_desk_counts_what_waits(city):
    item(city.office, "proposed"), item(city.office)
    services.suggest(served(city.office), "涉及沿线居民")
    for role, words in (("disclosure", "转主动公开建议"), ("reviewer", "公开目录待办")):
        assert words in sign_in(city, role).get("/office/").content.decode()
    assert "公开目录待办" not in sign_in(city, "inspector").get("/office/").content.decode()
