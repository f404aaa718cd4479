"""Texts are read aloud by the server: once, one at a time, within bounds, and nobody needs it to read a page."""

import fcntl
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory

from gongkai.ui import speech

TEXT = "渝府发〔2021〕5号，自2021年3月1日起施行，达到25.5%。"


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path / "cache" / "speech"


def test_a_text_is_said_as_people_say_it() -> None:
    assert speech.readable(TEXT) == "渝府发 二〇二一 5号，自二〇二一年3月1日起施行，达到百分之25.5。"
    assert speech.readable("第（一）项 12021 2021-03") == "第一，项 12021 2021-03"


def test_only_what_is_marked_is_read() -> None:
    page = """<nav>首页</nav><h1 data-read>某办法</h1><p>目录</p><div data-read><h2 id="c-1">第一章<a class="here" href="#c-1">¶</a>
    总则</h2><p>为了&lt;规范&gt;，<a href="/">制定</a>。</p><ul><li>一</li><li>二</li></ul></div><footer>网站地图</footer>"""
    assert speech.text_in(page.encode()) == "某办法\n第一章\n总则\n为了<规范>，制定。\n一\n二"
    assert speech.text_in(b"<p>nothing</p>") == ""


@pytest.mark.skipif(not speech.available(), reason="no engine for speech is installed")
def test_a_recording_is_made_once_and_given_in_parts(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = speech.answer(RequestFactory().get("/"), TEXT)
    sound = b"".join(whole)  # type: ignore[arg-type]
    assert whole["Content-Type"] == "audio/mpeg" and len(sound) > 5_000 and sound[0] == 0xFF
    monkeypatch.setattr(speech, "_make", None)  # what is kept is not made again
    part = speech.answer(RequestFactory().get("/", headers={"Range": "bytes=0-99"}), TEXT)
    assert part.status_code == 206 and part["Content-Range"] == f"bytes 0-99/{len(sound)}"
    assert part.content == sound[:100]  # type: ignore[attr-defined]
    tail = speech.answer(RequestFactory().get("/", headers={"Range": "bytes=-10"}), TEXT)
    assert tail.content == sound[-10:]  # type: ignore[attr-defined]
    beyond = speech.answer(RequestFactory().get("/", headers={"Range": f"bytes={len(sound)}-"}), TEXT)
    assert beyond.status_code == 416
    assert [path.suffix for path in home.iterdir() if path.name != "lock"] == [".mp3"]


def test_who_comes_second_is_asked_to_wait(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "_PATIENCE", 0)
    monkeypatch.setattr(speech, "_installed", lambda: True)
    home.mkdir(parents=True)
    with open(home / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = speech.answer(RequestFactory().get("/"), "等一等")
    assert answer.status_code == 503 and answer["Retry-After"] == "10"


def test_it_can_be_switched_off_and_is_kept_within_bounds(
    settings: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SPEECH_CHARACTERS = 0
    assert not speech.available() and speech.answer(RequestFactory().get("/"), TEXT).status_code == 503
    settings.SPEECH_CHARACTERS = 5
    made: list[str] = []

    def make(said: str, kept: Path) -> None:
        made.append(said)
        kept.write_bytes(bytes(100))

    monkeypatch.setattr(speech, "_make", make)
    monkeypatch.setattr(speech, "ROOM", 250)
    for text in ("一二三四五六", "二二", "三三", "四四"):
        speech.recording(text)
    assert made[0] == "一二三四五" and len(list(home.glob("*.mp3"))) == 2
