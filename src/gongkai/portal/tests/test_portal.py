"""The public site: its pages, what it links, its words when something goes wrong."""

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory

from gongkai.portal import errors

pytestmark = pytest.mark.django_db
SITE = {
    "government": "某市人民政府",
    "host": "某市人民政府办公厅",
    "code": "5000000001",
    "icp": "渝ICP备00000000号",
    "police": "渝公网安备00000000000000号",
    "mistakes": "https://zfwzgl.www.gov.cn/",
}


@pytest.mark.parametrize("address", ["/", "/sitemap/", "/mode/"])
def test_public_pages(client: Client, address: str) -> None:
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == 200 and '<html lang="zh-Hans"' in page
    assert len(re.findall(r"<h1", page)) == 1 and all(f"<{mark}" in page for mark in ("header", "main", "footer"))
    assert page.index('class="skip"') < page.index("<header") and 'id="content"' in page


def test_only_what_exists_is_linked(client: Client) -> None:
    for start in ("/", "/sitemap/"):
        for link in set(re.findall(r'href="(/[^"#]*)"', client.get(start).content.decode())):
            if not link.startswith(("/static/", "/mode/?")):
                assert client.get(link).status_code == 200, link


def test_marks_of_the_site(client: Client, settings: Any) -> None:
    settings.SITE = SITE
    page = client.get("/").content.decode()
    assert all(value in page for value in SITE.values()) and "我为政府网站找错" in page
    settings.SITE = {}
    assert (
        "网站识别码" not in client.get("/").content.decode()
        and "备" not in client.get("/").content.decode().split("<footer")[1]
    )


def test_demonstration_says_so_on_every_page(client: Client, settings: Any) -> None:
    settings.DEMO = True
    for address in ("/", "/office/login/", "/nowhere"):
        assert "演示数据" in client.get(address).content.decode()
    settings.DEMO = False
    assert "演示数据" not in client.get("/").content.decode()


def test_missing_page_shows_the_way(client: Client) -> None:
    answer = client.get("/no/such/<b>page")
    page = answer.content.decode()
    assert answer.status_code == 404 and "没有找到" in page and 'href="/"' in page and "<b>page" not in page


def test_errors_need_no_database(rf: RequestFactory, django_assert_num_queries: Any) -> None:
    request = rf.get("/x")
    with django_assert_num_queries(0):
        assert "系统暂时出了问题" in errors.broken(request).content.decode()
        refused = errors.refused(request, PermissionDenied("您没有“签发”的权限"))
        assert refused.status_code == 403 and "您没有“签发”的权限。" in refused.content.decode()
        assert errors.unreadable(request).status_code == 400


def test_a_stale_form_is_explained() -> None:
    answer = Client(enforce_csrf_checks=True).post("/office/login/", {})
    assert answer.status_code == 403 and "页面已过期" in answer.content.decode()


def test_a_crash_is_answered_in_chinese(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongkai.portal.views.facts", lambda request: 1 / 0)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500 and "系统暂时出了问题" in answer.content.decode()
