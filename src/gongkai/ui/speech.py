"""Reading aloud 朗读 by the server: text becomes a recording once, kept under the digest of what it says.

So that hearing a page needs nothing of the reader's device but sound. Long texts are read up to
``settings.SPEECH_CHARACTERS`` (0: no reading). One recording is made at a time, in a process with low priority; the
oldest go when all together exceed :data:`ROOM`.
"""

import fcntl
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from lxml.html import document_fromstring

from . import speak

ROOM = 2 * 1024**3  # bytes
_PATIENCE = 3.0  # seconds a reader waits for another's recording
_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class Busy(Exception):
    """Another recording is being made."""


class Failed(Exception):
    """The engine could not read this text."""


def available() -> bool:
    """Whether this installation can read aloud."""
    return settings.SPEECH_CHARACTERS > 0 and _installed()


@cache
def _installed() -> bool:
    return all(find_spec(name) for name in ("espeakng_loader", "lameenc"))


def of(path: str) -> str:
    """The address of the recording of a page of this site, by its path."""
    return f"/read.mp3?page={quote(path, safe='/@')}"


def text_in(page: bytes) -> str:
    """What is read of a page: the elements marked ``data-read``, a line for each of their paragraphs."""
    lines = []
    for part in document_fromstring(page.decode()).xpath("//*[@data-read]"):
        for mark in part.find_class("here"):
            mark.drop_tree()
        for element in part.iter(
            "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "dt", "dd", "caption", "div"
        ):
            element.tail = "\n" + (element.tail or "")
        lines += [" ".join(line.split()) for line in part.text_content().splitlines()]
    return "\n".join(filter(None, lines))


def readable(text: str) -> str:
    """The text as it is said: years by their figures, per cent in words, no brackets around a year or a number."""
    text = re.sub(r"(?<!\d)\d{4}(?= ?[年〕］\]])", lambda year: year[0].translate(_DIGITS), text)
    text = re.sub(r"(\d+(?:\.\d+)?)[%％]", r"百分之\1", text)
    text = re.sub(r"[〔〕［］\[\]]", " ", text)
    return re.sub(r"[（(]([一二三四五六七八九十百]+)[)）]", r"\1，", text)


def recording(text: str) -> Path:
    """The recording of a text, made when it is not there yet. Raises :class:`Busy` and :class:`Failed`."""
    said = readable(text)[: settings.SPEECH_CHARACTERS]
    voice = f"{speak.VOICE} {speak.WORDS_A_MINUTE} {speak.BITS}\n"
    kept = _home() / f"{sha256((voice + said).encode()).hexdigest()}.mp3"
    if not kept.exists():
        with _alone():
            if not kept.exists():
                _make(said, kept)
                _tidy(kept)
    os.utime(kept)
    return kept


def _home() -> Path:
    home = Path(settings.HOME, "cache", "speech")
    home.mkdir(parents=True, exist_ok=True)
    return home


@contextmanager
def _alone() -> Iterator[None]:
    until = monotonic() + _PATIENCE
    with open(_home() / "lock", "w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if monotonic() > until:
                    raise Busy from None
                sleep(0.1)
        yield


def _make(said: str, kept: Path) -> None:
    fresh = kept.with_suffix(".new")
    command = [sys.executable, "-I", speak.__file__, str(fresh)]
    try:
        subprocess.run(command, input=said.encode(), check=True, capture_output=True, timeout=2 * speak.CPU_SECONDS)
    except (subprocess.SubprocessError, OSError) as error:
        fresh.unlink(missing_ok=True)
        raise Failed from error
    fresh.replace(kept)


def _tidy(fresh: Path) -> None:
    """Let the recordings nobody has listened to for longest go, until the rest have room."""
    found = sorted(_home().glob("*.mp3"), key=lambda path: path.stat().st_mtime)
    excess = sum(path.stat().st_size for path in found) - ROOM
    for path in found:
        if excess <= 0 or path == fresh:
            return
        excess -= path.stat().st_size
        path.unlink(missing_ok=True)


def answer(request: HttpRequest, text: str) -> HttpResponseBase:
    """The recording as an answer, or a part of it; 503 with the reason where it cannot be had now."""
    if not available():
        return _sorry("本站没有安装朗读语音。请使用浏览器自带的朗读功能。")
    try:
        path = recording(text)
    except Busy:
        return _sorry("正在为别的读者准备朗读，请过一会儿再试。")
    except Failed:
        return _sorry("这份文字暂时不能朗读。")
    size, asked = path.stat().st_size, _RANGE.fullmatch(request.headers.get("Range", ""))
    response: HttpResponseBase
    if asked and any(asked.groups()):
        first, last = _part(asked[1], asked[2], size)
        if first > last:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        with open(path, "rb") as file:
            file.seek(first)
            response = HttpResponse(file.read(last - first + 1), status=206, content_type="audio/mpeg")
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    else:
        response = FileResponse(path.open("rb"), content_type="audio/mpeg")
    response["Accept-Ranges"], response["Cache-Control"] = "bytes", "no-cache"
    response["ETag"] = f'"{path.stem[:16]}"'
    return response


def _part(first: str, last: str, size: int) -> tuple[int, int]:
    """The first and last byte asked for; ``-500`` means the last 500."""
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last or size), size - 1)


def _sorry(words: str) -> HttpResponse:
    return HttpResponse(words, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "10"})
