"""The page of a record as a reader has it: light, with its tools, read aloud, and nothing that has to run first."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders

from gongkai.library.testing import TEXT
from gongkai.ui import speech
from gongkai.ui.testing import assert_valid

pytestmark = pytest.mark.django_db
LIMIT = 100_000  # bytes transferred


def weight(client, address):
    """Bytes a first visit transfers: the page and what it asks for at once, compressed as they are sent."""
    html = client.get(address).content.decode()
    assert_valid(html)
    assert not re.search(r"<script(?! (?:src=\"[^\"]+\" defer|type=\"application/ld\+json\"))", html)
    asked = re.findall(r'<(?:link rel="(?:stylesheet|icon)" href|script src)="([^"]+)"', html)
    files = [client.get(one) for one in asked if not one.startswith("/static/")]
    bodies = [one.content for one in files]
    for one in asked:
        if one.startswith("/static/"):
            with open(finders.find(one.removeprefix("/static/")), "rb") as file:
                bodies.append(file.read())
    assert len(bodies) == len(asked) >= 3
    return sum(len(gzip.compress(body)) for body in [html.encode(), *bodies])


def test_home_list_and_article_are_light(client, publish):
    key = publish(TEXT * 20)
    for _ in range(25):
        publish()
    for address in ("/", "/records/", "/records/all/", f"/records/{key}/"):
        assert weight(client, address) <= LIMIT / 3, address


def test_the_tools_need_no_script(client, publish):
    key = publish(TEXT, title="办法&“一”")
    html = client.get(f"/records/{key}/").content.decode()
    for size in ("standard", "elder", "larger", "largest"):
        assert f'href="/mode/?size={size}&amp;next=/records/{key}/"' in html
    assert f'<img src="/qr.svg?page=/records/{key}/"' in html
    assert "mailto:?subject=%E5%8A%9E%E6%B3%95%26%E2%80%9C" in html
    buttons = re.findall(r'(<p hidden data-\w+>)?<button type="button"([^>]*)', html)
    assert len(buttons) == 3 and all(around or " hidden " in own for around, own in buttons), "shown by script only"


def test_a_record_is_read_aloud(client, publish, monkeypatch, tmp_path):
    heard = []

    def recording(text):
        heard.append(text)
        (tmp_path / "a.mp3").write_bytes(b"sound")
        return tmp_path / "a.mp3"

    monkeypatch.setattr(speech, "recording", recording)
    monkeypatch.setattr(speech, "_installed", lambda: True)
    key = publish(TEXT, title="轨道交通办法")
    address = f"/read.mp3?page=/records/{key}/"
    assert f'<audio controls preload="none" src="{address}">' in client.get(f"/records/{key}/").content.decode()
    assert b"".join(client.get(address)) == b"sound"
    assert heard[0].startswith("轨道交通办法\n") and "\n第二条 轨道交通建设" in heard[0] and "首页" not in heard[0]
    for page in (
        "",
        "/office/",
        "/records/none/",
        "/records/",
        "/apply/new/",
        f"//{key}/",
        f"/records/{key}.json",
        "/[/",
    ):
        assert client.get("/read.mp3", {"page": page}).status_code == 404, page
    monkeypatch.setattr(speech, "_installed", lambda: False)
    page = client.get(f"/records/{key}/").content.decode()
    assert "<audio" not in page and "没有安装朗读语音" in page
    assert client.get(address).status_code == 503
