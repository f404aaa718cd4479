"""A report as files: JSON, HTML, Word, PDF, Excel, always from the same content."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string

from gongkai.annual.document import Document
from gongkai.annual.forms import FORM_2021
from gongkai.annual.report import Report
from gongkai.typeset.fonts import FontsMissing
from gongkai.typeset.press import TypesetError

from . import narrative
from .content import Figures, Narrative, plain, written

DRAFT_MARK, DEMO_MARK = "草稿", "演示数据"
#: Why a PDF cannot be set on this machine; the message is Chinese and says how to mend it.
Unprintable = (FontsMissing, TypesetError)


def marks() -> tuple[str, ...]:
    """The marks every report of this installation bears."""
    return (DEMO_MARK,) if getattr(settings, "DEMO", False) else ()


def title_of(body: str, year: int) -> str:
    """The report's full title."""
    return f"{body}{year}年政府信息公开工作年度报告"


def content_of(
    figures: Figures, sections: Narrative, publish_on: date | None, marked: tuple[str, ...]
) -> dict[str, Any]:
    """Everything a report says, as one value: what is frozen and hashed, and what every file is made from."""
    filled = narrative.filled(sections, figures.values, figures.body, figures.year)
    return {
        "form": FORM_2021.document,
        "title": title_of(figures.body, figures.year),
        "publisher": figures.body,
        "publish_on": publish_on.isoformat() if publish_on else None,
        "marks": list(marked),
        "as_of": figures.as_of.isoformat(),
        "known_at": figures.known_at.isoformat(),
        "report": figures.report().to_json(),
        "preamble": [narrative.fill(narrative.PREAMBLE, figures.values, figures.body, figures.year)],
        "sections": {str(number): list(paragraphs) for number, paragraphs in filled.items()},
        "figures": {name: plain(value) for name, value in figures.values.items()},
        "months": written(figures.months),
    }


def document(content: Mapping[str, Any], link: Callable[[str], str | None] | None = None) -> Document:
    """The content as the writers take it."""
    return Document(
        report=Report.from_json(content["report"]),
        title=content["title"],
        publisher=content["publisher"],
        published=date.fromisoformat(content["publish_on"]) if content["publish_on"] else None,
        preamble=tuple(content["preamble"]),
        sections={int(number): tuple(texts) for number, texts in content["sections"].items()},
        marks=tuple(content["marks"]),
        link=link,
    )


def pretty(value: Any) -> bytes:
    """JSON for people: indented, UTF-8."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _json(content: Mapping[str, Any]) -> bytes:
    return pretty(Report.from_json(content["report"]).to_json())


def _html(content: Mapping[str, Any]) -> bytes:
    from gongkai.annual import html

    made = document(content)
    page = {"title": made.title, "article": html.write(made)}
    return render_to_string("reporting/standalone.html", page).encode()


def _docx(content: Mapping[str, Any]) -> bytes:
    from gongkai.annual import docx

    return docx.write(document(content))


def _pdf(content: Mapping[str, Any]) -> bytes:
    from gongkai.annual import pdf

    return pdf.write(document(content))


def _xlsx(content: Mapping[str, Any]) -> bytes:
    from gongkai.annual import xlsx

    return xlsx.write(document(content))


@dataclass(frozen=True)
class Format:
    """A kind of file: its name for readers, its media type, how it is written, whether a terminal can show it."""

    label: str
    media: str
    write: Callable[[Mapping[str, Any]], bytes]
    text: bool = False


#: Writers load their libraries only when used: the command line starts quickly.
FORMATS: dict[str, Format] = {
    "docx": Format("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx),
    "pdf": Format("PDF", "application/pdf", _pdf),
    "xlsx": Format("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "json": Format("JSON", "application/json", _json, text=True),
    "html": Format("网页", "text/html; charset=utf-8", _html, text=True),
}


def download(data: bytes, name: str, title: str) -> HttpResponse:
    """A file of a report as an answer: JSON is shown, the rest is saved under the report's title."""
    kind = FORMATS[name]
    response = HttpResponse(data, content_type=kind.media)
    place = "inline" if name == "json" else "attachment"
    ending = f"{quote(title)}.{name}"
    response["Content-Disposition"] = f"{place}; filename=\"report.{name}\"; filename*=UTF-8''{ending}"
    return response
