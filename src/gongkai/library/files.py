"""A record as files: JSON, plain text, Word, PDF. The same record gives the same bytes until it changes."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from gongkai.typeset.fonts import FontsMissing
from gongkai.typeset.press import TypesetError
from gongkai.ui.addresses import origin

from . import data, sheet
from .queries import Sight

TEMPLATE = Path(__file__).with_name("sheet.typ")


def _json(sight: Sight, site: str) -> bytes:
    return orjson.dumps(data.whole(sight, site), option=orjson.OPT_APPEND_NEWLINE)


def _txt(sight: Sight, site: str) -> bytes:
    return sheet.of(sight, site).text.encode()


def _docx(sight: Sight, site: str) -> bytes:
    from . import word

    return word.write(sheet.of(sight, site))


def _pdf(sight: Sight, site: str) -> bytes:
    """Setting takes a second for a long statute: what was set is kept under the hash of what it says."""
    from gongkai.typeset import press

    made = sheet.of(sight, site)
    told = made.as_data()
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode() + TEMPLATE.read_bytes()).hexdigest()
    kept = Path(settings.HOME) / "cache" / "pdf" / f"{digest}.pdf"
    if kept.exists():
        return kept.read_bytes()
    content = press.pdf(TEMPLATE, told, day=made.stamp)
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_suffix(".new")
    fresh.write_bytes(content)
    fresh.replace(kept)
    return content


@dataclass(frozen=True)
class Format:
    """A kind of file: its name for readers, its media type, how it is written, whether a browser shows it."""

    label: str
    media: str
    write: Callable[[Sight, str], bytes]
    shown: bool = False


FORMATS: dict[str, Format] = {
    "docx": Format("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx),
    "pdf": Format("PDF", "application/pdf", _pdf, shown=True),
    "txt": Format("纯文本", "text/plain; charset=utf-8", _txt, shown=True),
    "json": Format("数据（JSON）", "application/json", _json, shown=True),
}


def answer(request: HttpRequest, sight: Sight, name: str) -> HttpResponse:
    """A file as an answer; 503 with the reason where this machine cannot set a PDF."""
    kind = FORMATS[name]
    try:
        content = kind.write(sight, origin(request))
    except (FontsMissing, TypesetError) as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type=kind.media)
    title = sight.record.title[:80]
    response["Content-Disposition"] = content_disposition_header(not kind.shown, f"{title}.{name}") or "inline"
    return response
