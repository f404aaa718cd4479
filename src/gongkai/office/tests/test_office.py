"""The desk: closed by default, signed in and out in Chinese, made of what the apps offer."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from gongkai.office import navigation
from gongkai.office.templatetags.office import NEAR
from gongkai.organs.models import Body, Grant
from gongkai.organs.rights import PERMISSIONS

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Any:
    body = Body.objects.create(
        key="cq-office", name="市政府办公厅", short_name="办公厅", kind="office", path="/cq-office/"
    )
    person = get_user_model()(username="handler", name="王承办", body=body)
    person.set_password("long enough to pass")
    person.save()
    return person


def test_signing_in_and_out(client: Client, person: Any) -> None:
    page = client.get("/office/login/?next=/office/").content.decode()
    assert "登录名" in page and "密码" in page
    wrong = client.post("/office/login/", {"username": "handler", "password": "no"}).content.decode()
    assert "登录名或密码不正确" in wrong
    empty = client.post("/office/login/", {}).content.decode()
    assert "请填写登录名" in empty and "请填写密码" in empty
    fields = {"username": "handler", "password": "long enough to pass", "next": "/office/"}
    assert client.post("/office/login/", fields)["Location"] == "/office/"
    home = client.get("/office/").content.decode()
    assert "王承办" in home and "市政府办公厅" in home and 'aria-current="page"' in home
    assert client.get("/office/logout/").status_code == 405
    assert client.post("/office/logout/")["Location"] == "/office/goodbye/"
    assert client.get("/office/").status_code == 302


def test_sign_in_leads_nowhere_else(client: Client, person: Any) -> None:
    fields = {"username": "handler", "password": "long enough to pass", "next": "https://example.org/"}
    assert client.post("/office/login/", fields)["Location"] == "/office/"


def test_somebody_who_left_cannot_enter(client: Client, person: Any) -> None:
    person.is_active = False
    person.save()
    answer = client.post("/office/login/", {"username": "handler", "password": "long enough to pass"})
    assert answer.status_code == 200 and "_auth_user_id" not in client.session


def test_sections_follow_rights(client: Client, person: Any, rf: Any) -> None:
    assert {entry.permission for entry in navigation.SECTIONS} - {None} <= set(PERMISSIONS)
    request = rf.get("/office/")
    request.user = person
    assert [label for label, _ in navigation.sections(request)] == ["工作台"]
    Grant.objects.create(person=person, body=person.body, role="disclosure")
    request.user = get_user_model().objects.get(pk=person.pk)
    granted = [
        entry.label
        for entry in navigation.SECTIONS
        if (entry.permission is None or "disclosure" in PERMISSIONS[entry.permission][1])
        and navigation.address(entry.name)
    ]
    assert "申请" in granted and "运行维护" not in granted
    assert [label for label, _ in navigation.sections(request)] == granted


def test_the_bar_holds_a_few_sections_and_its_menu_all(client: Client, person: Any) -> None:
    for role in ("disclosure", "administrator"):
        Grant.objects.create(person=person, body=person.body, role=role)
    client.force_login(person)
    page = client.get("/office/organs/").content.decode()
    nav = page[page.index("<nav") : page.index("</nav>")]
    bar, menu = nav.split("<details")
    every = navigation.sections(client.get("/office/").wsgi_request)
    assert len(every) > NEAR
    assert re.findall(r">([^<]+)</a>", bar) == [label for label, _ in every[:NEAR]]
    assert re.findall(r">([^<]+)</a>", menu) == [label for label, _ in every]
    assert "更多：机关与人员" in menu and "栏目：机关与人员" in menu and menu.count("aria-current") == 1


def test_the_kit_exists_for_developers_only(client: Client, settings: Any) -> None:
    assert client.get("/office/kit/").status_code == 404
    settings.KIT = True
    assert client.get("/office/kit/").status_code == 200
