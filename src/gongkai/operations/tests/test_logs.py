"""The log: what a line says, and what never gets into it."""

import io
import json
import logging
import re

import pytest
from django.test import Client

from gongkai.operations import logs
from gongkai.organs.testing import small_city
from gongkai.requests.tests import public

PERSON = {
    "name": "陈秘密",
    "phone": "13800009999",
    "address": "重庆市渝中区隐私路9号",
    "id_number": "500103199001011234",
}


@pytest.fixture
def written():
    """Everything every logger of the process writes, down to the lowest level, as the house would write it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.Lines("json"))
    names = ("", "django", "django.request", "django.db.backends", "gongkai")
    before = [(logging.getLogger(name), logging.getLogger(name).level) for name in names]
    for logger, _ in before:
        logger.setLevel(logging.DEBUG)
    for name in ("", "django"):
        logging.getLogger(name).addHandler(handler)
    yield lambda: out.getvalue()
    for name in ("", "django"):
        logging.getLogger(name).removeHandler(handler)
    for logger, level in before:
        logger.setLevel(level)


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.django_db
def test_a_line_says_route_status_time_and_whose_key(written, client):
    people = small_city().people
    client.get("/search/?q=" + PERSON["name"])
    client.force_login(people["administrator"])
    answer = client.get("/office/operations/?q=" + PERSON["phone"])
    first, second = (line for line in lines(written()) if line["logger"] == "gongkai.access")
    assert (first["route"], first["status"]) == ("portal:library:search", 200) and "user" not in first
    assert second["route"] == "office:operations:home" and second["user"] == f"person/{people['administrator'].pk}"
    assert second["request"] == answer["X-Request-ID"] and second["ms"] > 0
    assert PERSON["name"] not in written() and PERSON["phone"] not in written()


@pytest.mark.django_db
def test_nothing_of_a_person_gets_into_the_log(written, monkeypatch):
    """An applicant applies, asks for the status, and meets a page that breaks with their name in its mouth."""
    small_city()
    browser = Client(raise_request_exception=False)
    answer = public.send(browser, public.to_check(browser, PERSON))
    page = browser.get(answer["Location"]).content.decode()
    number, code = re.findall(r'<strong class="num">([^<]+)</strong>', page)
    assert browser.post("/apply/status/", {"number": number, "code": code}).status_code == 302
    assert browser.get("/apply/status/mine/").status_code == 200
    browser.post("/apply/status/", {"number": number, "code": "wrong-" + code})

    def breaks(*args, **kwargs):
        raise ValueError(f"{PERSON['name']} {PERSON['phone']} {code}")

    monkeypatch.setattr("gongkai.portal.views.entries", breaks)
    assert browser.get("/?q=" + PERSON["name"]).status_code == 500
    text = written()
    assert any(line.get("error") == "ValueError" and "test_logs.py" in line["at"][-1] for line in lines(text))
    for secret in (*PERSON.values(), code):
        assert secret not in text


def test_of_others_messages_the_template_is_kept_and_the_values_are_not():
    record = logging.LogRecord("lib.x", logging.WARNING, "f", 1, "cannot send to %s", ("陈秘密",), None)
    assert json.loads(logs.Lines("json").format(record))["message"] == "cannot send to %s"
    ours = logging.LogRecord("gongkai.operations", logging.WARNING, "f", 1, "step %s", ("index",), None)
    assert logs.Lines("text").format(ours).endswith("WARNING gongkai.operations step index")


def test_the_form_is_as_wished_else_text_for_people_and_json_for_machines(monkeypatch):
    assert logs.style("text") == "text" and logs.style("") == "json"
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert logs.style("") == "text"
    with pytest.raises(ValueError, match="GONGKAI_LOG"):
        logs.style("xml")
