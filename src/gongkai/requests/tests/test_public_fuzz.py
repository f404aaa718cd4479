"""Whatever is put into the public forms: no page breaks, and every refusal is a Chinese message that leads somewhere."""

import os
import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.ledger import vault
from gongkai.organs.testing import small_city
from gongkai.procedure import Invalid
from gongkai.requests import intake
from gongkai.requests.models import Request
from gongkai.requests.public_forms import STEPS
from gongkai.requests.queries import query_code
from gongkai.requests.tests.public import COMPLAINT, DATA, MINE, NEW, STATUS, WHAT, WHO, kept
from gongkai.requests.tests.public import on as bring_on

pytestmark = pytest.mark.django_db
fuzz = settings(
    max_examples=300 if "GONGKAI_THOROUGH" in os.environ else 20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

#: Text as people and programs write it: nothing, much, invisible, markup, other scripts, numbers, paths.
ODD = st.sampled_from(
    ["", " ", "\x00", "a\x00b", "\u202e", "<script>alert(1)</script>", "' OR 1=1 --", "{{ 7*7 }}", "../../etc/passwd",
     "𠮷" * 50, "x" * 30_000, "\r\n.\r\n", "１２３", "NaN", "-1", "🙂", "%00", "=cmd()", "a@b", "a@b.c"]
)  # fmt: skip
WORDS = st.one_of(ODD, st.text(st.characters(exclude_categories=["Cs"]), max_size=60))


#: A form that reached its last step.
SEALED = vault.seal({"token": "fuzz", "answers": WHO | WHAT, "shown": 0})


def entries(good: dict[str, str]) -> st.SearchStrategy[dict[str, str]]:
    """Some fields good, some odd, some left out, one that nobody asked for."""
    fields = {name: st.one_of(st.just(value), WORDS) for name, value in good.items()}
    return st.fixed_dictionaries({}, optional=fields | {"unasked": WORDS})


def hold(answer: Any) -> None:
    """No break; every message of a refusal is Chinese, and where it leads exists on the page."""
    assert answer.status_code in {200, 302, 422}, answer
    if answer.status_code != 422:
        return
    page = answer.content.decode()
    summary = re.search(r'<div class="summary".*?</div>', page, re.S)
    said = (
        re.findall(r"<li>(.*?)</li>", summary[0], re.S)
        if summary
        else re.findall(r'notice-word">.*?</div>', page, re.S)
    )
    assert said, page
    for message in said:
        assert re.search(r"[\u4e00-\u9fff]", message), message
        assert not re.search(r"[A-Za-z]{3,} [A-Za-z]{3,}", re.sub(r"<[^>]*>|“.*?”", "", message)), message
    for target in re.findall(r'href="#([^"]+)"', summary[0] if summary else ""):
        assert f'id="{target}"' in page, target


@pytest.fixture
def client(client: Client, tmp_path: Any) -> Client:
    from django.test import override_settings

    with override_settings(HOME=tmp_path):
        small_city()
        yield client


@fuzz
@given(entries(WHO), entries(WHAT), st.sampled_from(["next", "back", "send", "found", "", "x"]))
def test_the_steps_of_an_application(client: Client, who: dict[str, str], what: dict[str, str], go: str) -> None:
    start = kept(client.get(NEW))
    page = client.post(NEW, {"kept": start, "at": "who", "go": go} | who)
    hold(page)
    if page.status_code == 200 and b'name="kept"' in page.content:
        page = client.post(NEW, {"kept": kept(page), "at": "what", "go": go} | what)
        hold(page)
    with transaction.atomic():
        hold(client.post(NEW, {"kept": kept(page), "at": "check", "go": go}))
        transaction.set_rollback(True)


@fuzz
@given(st.dictionaries(st.sampled_from(["kept", "at", "go", "csrfmiddlewaretoken"]), WORDS), st.booleans())
def test_the_machinery_of_the_form(client: Client, given_: dict[str, str], sealed: bool) -> None:
    hold(client.post(NEW, given_ | ({"kept": SEALED} if sealed else {})))


@fuzz
@given(WORDS, WORDS)
def test_asking_for_a_request(client: Client, number: str, code: str) -> None:
    with transaction.atomic():  # the pauses after wrong codes are another test's matter
        hold(client.post(STATUS, {"number": number, "code": code}))
        transaction.set_rollback(True)


@fuzz
@given(st.sampled_from(sorted(STEPS)), WORDS, WORDS)
def test_the_steps_of_the_status_page(client: Client, event: str, said: str, token: str) -> None:
    with transaction.atomic():
        row = Request.objects.get(key=intake.submit("cq-office", DATA).subject)
        ways = {"clarify": "request_clarification", "give_reasons": "ask_reasons", "report_payment": "notice_fee"}
        bring_on(row, "confirm", "accept", *([ways[event]] if event in ways else []))
        client.post(STATUS, {"number": row.number, "code": query_code(row.key)})
        fields = {f"{event}-{field.name}": said for field in STEPS[event].fields}
        hold(client.post(MINE, {"event": event, "token": token} | fields))
        transaction.set_rollback(True)


@fuzz
@given(entries(COMPLAINT | {"token": "t"}))
def test_a_complaint(client: Client, given_: dict[str, str]) -> None:
    with transaction.atomic():
        hold(client.post("/complain/", given_))
        transaction.set_rollback(True)


@fuzz
@given(st.text(max_size=30), st.text(max_size=30))
def test_addresses(client: Client, first: str, second: str) -> None:
    for url in (
        f"/apply/status/papers/{first}.{second}",
        f"/apply/status/files/{first}/",
        f"/apply/new/?body={second}",
    ):
        assert client.get(url).status_code in {200, 301, 302, 404}


@given(
    st.dictionaries(
        st.sampled_from([*DATA, "purpose", ""]), st.one_of(WORDS, st.integers(), st.none(), st.lists(WORDS))
    )
)
def test_intake_takes_any_data_or_names_the_field(data: dict[str, Any]) -> None:
    try:
        values = intake.prepared(data)
    except Invalid as invalid:
        assert all(re.search(r"[\u4e00-\u9fff]", message) for _, message in invalid.errors)
        assert all(isinstance(name, str) for name, _ in invalid.errors)
    else:
        assert values["content"] and values["title"]
