"""The desk of sites: the wizard, lists and exports, the editor without script, placing, rights of each body."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.ledger.models import Event
from gongkai.ledger.services import SYSTEM
from gongkai.organs.services import add_person, grant
from gongkai.sites import content, filling, services, testing
from gongkai.sites.models import Column, Entry, Page, Site
from gongkai.sites.testing import MARKS, by

from .conftest import policies


@pytest.fixture
def site(city):
    policies(city, 3)
    return testing.site(city.office, pack="standard")


def client_of(city, role):
    client = Client()
    client.force_login(city.people[role])
    return client


def test_the_wizard_shows_first_and_makes_once(city, site):
    client = client_of(city, "administrator")
    data = {"body": "cq-office", "pack": "standard", "key": "two", **MARKS, "hosts": "two.example.gov.cn", "token": "t"}
    wrong = client.post(reverse("office:sites:new"), data | {"code": "123", "do": "look"})
    assert wrong.status_code == 422 and "10 位" in wrong.content.decode()
    look = client.post(reverse("office:sites:new"), data | {"do": "look"}).content.decode()
    assert "30 个栏目" in look and "行政规范性文件" in look and not Site.objects.filter(key="two").exists()
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', look.split("<aside")[1]))
    for _ in range(2):
        made = client.post(reverse("office:sites:new"), sent | {"do": "confirm"})
        assert made.status_code == 302 and made.url == "/office/sites/sites/two/"
    assert Column.objects.filter(site="two").count() == 30
    assert client_of(city, "editor").get(reverse("office:sites:new")).status_code == 403


def test_lists_filter_sort_and_export(city, site, django_assert_max_num_queries):
    testing.page(site)
    client = client_of(city, "editor")
    for name, query, words in (
        ("home", "?q=main&sort=name", "重庆市人民政府"), ("columns", "?q=政策文件&sort=-count", "政策文件"),
        ("columns", "?empty=true", "财政预决算"), ("pages", "?state=published&sort=title", "办事须知"), ("redirects", "", "旧址转向"),
    ):  # fmt: skip
        with django_assert_max_num_queries(14):
            page = client.get(reverse(f"office:sites:{name}") + query)
        assert page.status_code == 200 and words in page.content.decode(), (name, query)
    assert (
        "政策文件"
        not in client.get(reverse("office:sites:columns") + "?empty=true").content.decode().split("<tbody")[1]
    )
    rows = b"".join(client.get(reverse("office:sites:columns") + "?export=csv")).decode("utf-8-sig").splitlines()
    assert len(rows) == 31 and rows[0].startswith("栏目,网站")


def test_the_site_page_says_what_is_empty_and_why(city, site):
    page = client_of(city, "editor").get(reverse("office:sites:site", args=[site])).content.decode()
    assert "财政预决算" in page and "还没有符合条件的信息" in page and "页面还没有发布" in page
    tree = client_of(city, "editor").get(reverse("office:sites:tree", args=[site])).content.decode()
    assert tree.count("上移") and "不显示" in tree


def test_columns_move_with_buttons(city, site):
    client = client_of(city, "editor")

    def names():
        rows = Column.objects.filter(site=site, parent=f"{site}_policy").order_by("order", "key")
        return list(rows.values_list("slug", flat=True))

    before = names()
    client.post(reverse("office:sites:shift", args=[f"{site}_{before[1]}"]), {"do": "up"})
    assert names()[:2] == [before[1], before[0]]
    client.post(reverse("office:sites:shift", args=[f"{site}_{before[0]}"]), {"do": "up"})
    assert names() == before
    events = Event.objects.count()
    client.post(reverse("office:sites:shift", args=[f"{site}_{before[0]}"]), {"do": "up"})  # nothing above
    assert Event.objects.count() == events
    assert (
        client_of(city, "reviewer").post(reverse("office:sites:shift", args=[f"{site}_{before[0]}"])).status_code == 403
    )


def test_a_page_is_written_block_by_block_without_script(city, site):
    client = client_of(city, "editor")
    made = client.post(reverse("office:sites:page_new", args=[site]), {"form": "page", "title": "须知", "token": "t"})
    key = Page.objects.get(title="须知").key
    address = reverse("office:sites:page_edit", args=[key])
    assert made.url == address and client.get(address).status_code == 200
    data = {"title": "须知", "kind": ["text"], "b0-html": "第一段\n\n第二段", "do": "add-table"}
    page = client.post(address, data).content.decode()
    assert (
        page.count('name="kind"') == 2
        and "第一段" in page
        and Page.objects.get(key=key).draft == content.put({"about": {}, "blocks": []})
    )
    data |= {"kind": ["text", "table"], "b1-caption": "表", "b1-rows": "甲 | 乙\n一", "do": "save"}
    wrong = client.post(address, data)
    assert (
        wrong.status_code == 422 and "第 2 行有 1 格" in wrong.content.decode() and "第一段" in wrong.content.decode()
    )
    moved = client.post(address, data | {"do": "up-1"}).content.decode()
    assert moved.index('value="table"') < moved.index('value="text"')
    assert client.post(address, data | {"do": "remove-0"}).content.decode().count('name="kind"') == 1
    data |= {"b1-rows": "甲 | 乙\n一 | 二", "do": "preview"}
    saved = client.post(address, data)
    assert saved.url == reverse("office:sites:preview", args=[key])
    preview = client.get(saved.url).content.decode()
    assert "<p>第一段</p><p>第二段</p>" in preview and "预览" in preview and client.get("/p/须知/").status_code == 404
    case = reverse("office:sites:page", args=[key])
    client.post(case, {"event": "submit", "token": "a"})
    assert client.post(case, {"event": "approve", "token": "b"}).status_code == 403  # the editor's own
    done = client_of(city, "reviewer").post(case, {"event": "approve", "token": "c"})
    assert done.status_code == 302 and Page.objects.get(key=key).state == "published"


def test_pictures_are_made_anew_and_shown_to_staff_first(city, site):
    import io

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    out, client = io.BytesIO(), client_of(city, "editor")
    picture = Image.new("RGB", (3000, 1000), "red")
    exif = picture.getexif()
    exif[270] = "拍摄地点"
    picture.save(out, "JPEG", exif=exif)
    key = services.create_page(site, by("write"), {"form": "page", "title": "图"}).event.subject
    address = reverse("office:sites:page_edit", args=[key])
    data = {"title": "图", "kind": ["image"], "b0-alt": "红色", "do": "save"}
    bad = client.post(address, data | {"b0-file": SimpleUploadedFile("x.png", b"not a picture")})
    assert bad.status_code == 422 and "PNG" in bad.content.decode()
    assert client.post(address, data | {"b0-file": SimpleUploadedFile("x.jpg", out.getvalue())}).status_code == 302
    (digest,) = content.pictures(Page.objects.get(key=key).draft)
    shown = client.get(reverse("office:sites:page_file", args=[key, digest, "jpg"]))
    with Image.open(io.BytesIO(shown.content)) as stored:
        assert stored.size == (1600, 533) and not stored.getexif()
    assert client.get(f"/page-files/{key}/{digest}.jpg").status_code == 404  # not public yet


def test_a_record_is_placed_from_its_page(city, site):
    client, (record,) = client_of(city, "editor"), list(Entry.objects.values_list("record_id", flat=True)[:1])
    address = reverse("office:sites:place", args=[record])
    assert "政务要闻" in client.get(address).content.decode()
    client.post(address, {"do": "place", "column": f"{site}_headlines", "token": "t"})
    filling.keep_up()  # a test's transaction is never committed
    assert Entry.objects.filter(column=f"{site}_headlines", record=record).exists()
    client.post(address, {"do": "unplace", "column": f"{site}_headlines"})
    filling.keep_up()
    assert not Entry.objects.filter(column=f"{site}_headlines").exists()
    assert client.post(address, {"do": "place"}).status_code == 422


def test_an_editor_of_another_body_is_refused(city, site):
    other = add_person("other", "外单位编辑", city.department, SYSTEM)
    grant(other, city.department, ["editor", "administrator", "disclosure"], SYSTEM)
    client = Client()
    client.force_login(other)
    page = testing.page(site)
    for name, args in (
        ("site", [site]), ("site_edit", [site]), ("tree", [site]), ("column", [f"{site}_policies"]), ("page", [page]),
        ("column_edit", [f"{site}_policies"]), ("column_new", [site]), ("page_new", [site]), ("page_edit", [page]),
        ("preview", [page]), ("redirect_new", [site]),
    ):  # fmt: skip
        assert client.get(reverse(f"office:sites:{name}", args=args)).status_code == 403, name
        assert client.post(reverse(f"office:sites:{name}", args=args), {}).status_code in (403, 405), name
    assert "重庆市人民政府" not in client.get(reverse("office:sites:home")).content.decode().split("<main")[1]
