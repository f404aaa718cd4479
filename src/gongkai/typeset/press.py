"""From a typst template and data to a PDF: tagged, archival, the same bytes for the same input and fonts.

A template reads its data with ``json(bytes(sys.inputs.data))`` and finds font families by part of the document in
``data.fonts`` (title, heading, body, emphasis, table). Text travels as data only, so nothing in it is run as markup.
"""

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst

from gongkai.typeset import fonts

STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
"""PDF/A-2a (ISO 19005-2, for archives) and PDF/UA-1 (ISO 14289-1, readable by screen readers)."""


class TypesetError(RuntimeError):
    """A template that does not compile, or a character no installed font has; the message is in Chinese."""


def pdf(template: Path, data: Mapping[str, Any], *, day: datetime.date) -> bytes:
    """Set ``data`` in ``template`` as a PDF dated ``day``.

    PDF/A forbids a missing glyph, so a character without a font is an error here and never a box on the page.

    Raises:
        fonts.FontsMissing: there is no Chinese font on this machine.
        TypesetError: the document cannot be set.
    """
    library = fonts.library(fonts.folders())
    faces = fonts.choose(frozenset(library.families()))
    payload = json.dumps({**data, "fonts": faces}, ensure_ascii=False, sort_keys=True)
    midnight = datetime.datetime.combine(day, datetime.time(), datetime.UTC)
    try:
        return typst.compile(
            str(template),
            root=str(template.parent),
            font_paths=library,
            format="pdf",
            sys_inputs={"data": payload},
            pdf_standards=[*STANDARDS],
            timestamp=int(midnight.timestamp()),
        )
    except typst.TypstError as error:
        raise TypesetError(_reason(error)) from error


def _reason(error: typst.TypstError) -> str:
    if "could not be displayed" in error.message or "no font" in error.message:
        return f"有的字在已安装的字体中找不到，没有生成PDF。请安装字库更全的中文字体。（{error.message}）"
    hints = f"（{'；'.join(error.hints)}）" if error.hints else ""
    return f"排版没有成功：{error.message}{hints}"
