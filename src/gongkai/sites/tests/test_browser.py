"""Sites as people have them: the public pages in every mode and width; a new site made by an editor in the browser."""

import time

import pytest
from django.test import Client

from gongkai.sites import services, testing
from gongkai.sites.models import Column, Page
from gongkai.ui.testing import Reader, assert_accessible, browser, open_page  # noqa: F401

from .conftest import policies

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


def test_public_pages_are_for_everybody(city, open_page, live_server):  # noqa: F811
    """Each page kind once, in a mode where it has most to lose (tests/access looks at every page in turn)."""
    policies(city, 45)
    site = testing.site(city.office, pack="standard", tint="red")
    image = testing.picture() | {"alt": "图"}
    testing.page(site, form="topic", slug="t", title="专题甲", about={"summary": "摘要", "image": image})
    testing.page(site, slug="notes")
    looks = (("/", "elder", 320), ("/", "dark", 1280), ("/c/policies/", "contrast", 320), ("/p/notes/", "elder", 1280),
             ("/topics/t/", "dark", 320), ("/gov-info/", "default", 320))  # fmt: skip
    for address, mode, width in looks:
        assert_accessible(open_page(live_server.url + address, mode=mode, width=width))


def test_a_new_site_with_thirty_columns_in_two_minutes(city, open_page, live_server, capsys):  # noqa: F811
    """An administrator at the keyboard: one form, a look, confirm; printed is the time it took."""
    policies(city, 3)
    client = Client()
    client.force_login(city.people["administrator"])
    began = time.monotonic()
    page = open_page(f"{live_server.url}/office/sites/", session=client.session.session_key)
    reader = Reader(page, "site")
    reader.press("text=新建网站")
    page.locator("[name=key]").fill("")
    reader.write({"key": "plan", "hosts": "plan.example.gov.cn"})
    page.select_option("[name=body]", "cq-office") if page.locator("select[name=body]").count() else None
    reader.write({"code": "5000000002", "icp": "渝ICP备00000002号", "police": "渝公网安备 50000000000002号"})
    reader.press("button[value=look]")
    reader.look("plan")
    reader.press("button[value=confirm]")
    assert "30 个栏目" in page.inner_text("main")
    page.click("text=开通 >> nth=0")
    page.click(".action[open] button.btn")
    took = time.monotonic() - began
    assert Column.objects.filter(site="plan", state="open").count() == 30
    page.goto(f"{live_server.url}/")
    assert_accessible(page)
    assert "政策文件" in page.inner_text("main")
    with capsys.disabled():
        print(f"\na new site with 30 columns from the pack: {took:.1f} s in the browser")
    assert took < 120


def test_the_editor_with_script(city, open_page, live_server):  # noqa: F811
    """What is written in the editor reaches the page; our policy is not breached; the desk is for everybody."""
    site = testing.site(city.office)
    key = services.create_page(site, testing.by("write"), {"form": "page", "title": "须知"}).event.subject
    client = Client()
    client.force_login(city.people["editor"])
    session = client.session.session_key
    page = open_page(f"{live_server.url}/office/sites/pages/{key}/edit/", session=session)
    page.click("button[value=add-text]")
    page.click(".ProseMirror[role=textbox]")
    page.keyboard.type("写在编辑器里。")
    page.keyboard.press("Control+a")
    page.click("[data-name=bold]")
    assert page.locator("[data-name=bold]").inner_text() == "加粗"
    assert_accessible(page)
    page.click("aside button[value=save]")
    page.wait_for_selector("text=已保存")
    assert_accessible(page)
    draft = Page.objects.get(key=key).draft
    from gongkai.sites import content

    assert content.get(draft)["blocks"] == [{"kind": "text", "html": "<p><strong>写在编辑器里。</strong></p>"}]
    page.goto(f"{live_server.url}/office/sites/sites/{site}/columns/")
    assert_accessible(page)
