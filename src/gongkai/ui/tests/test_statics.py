"""Static files have the name of their content, are served at once, and stay in the browser."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.test import Client

from gongkai.ui import modes, statics, styles

LIMIT = 40_000


def address(name: str) -> str:
    return Template("{% load static %}{% static name %}").render(Context({"name": name}))


def test_a_file_is_linked_by_its_content_and_kept_for_good(client: Client) -> None:
    for name in (*statics.BUNDLES, "ui/mark.svg"):
        link = address(name)
        assert re.fullmatch(r"/static/ui/\w+\.[0-9a-f]{12}\.(css|svg)", link)
        answer = client.get(link)
        assert answer.status_code == 200 and b"".join(answer) == statics.content(name)  # type: ignore[arg-type]
        assert "immutable" in answer["Cache-Control"]
        assert client.get(link, headers={"Accept-Encoding": "gzip"})["Content-Encoding"] == "gzip"


def test_nothing_is_linked_that_is_not_there(client: Client) -> None:
    with pytest.raises(ValueError, match="no static file"):
        address("ui/nowhere.css")
    assert not finders.find("ui/gongkai.0123456789ab.css")


def test_the_server_in_front_gets_the_same_files(tmp_path: Path) -> None:
    files = dict(statics.files())
    for name in (*statics.BUNDLES, "ui/mark.svg"):
        assert files[address(name).removeprefix("/static/")] == statics.content(name)


def test_all_styles_together_are_small() -> None:
    everywhere, *rare = (statics.content(name) for name in statics.BUNDLES)
    mode = max(len(sheet.encode()) for sheet in modes.sheets().values())
    assert len(everywhere) + mode <= LIMIT and all(len(sheet) < 10_000 for sheet in rare)
    for sheet in (everywhere, *rare):
        assert not [word for word in (b"url(", b"@import", b"data-mode") if word in sheet]


def test_styles_are_made_small_without_changing_them() -> None:
    sheets = sorted(Path(statics.__file__).resolve().parents[1].glob("*/css/*.css"))
    small = styles.bundle() + styles.bundle(*styles.RARE) + "".join(map(styles.special, styles.SPECIAL))
    written = "".join(re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S) for sheet in sheets)
    assert sorted(re.findall(r'"[^"]*"', small)) == sorted(re.findall(r'"[^"]*"', written)) and "'" not in written
    assert sorted(re.sub(r"[\s;]", "", written)) == sorted(re.sub(r"[\s;]|@layer [a-z,]+;", "", small))
    assert small.count(" :") == len(re.findall(r"[^\s{},;]\s+:(?!\s)", written)), (
        "a space before :is() and the like means something"
    )
