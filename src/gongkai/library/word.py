"""A record as an editable Word document with real headings. The same sheet gives the same bytes."""

import io
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from gongkai.papers.docx import BODY, LATIN, TABLE, TITLE
from gongkai.typeset.package import sealed

from .sheet import Piece, Sheet

HEADING = "黑体"
SIZE = 14


def write(sheet: Sheet) -> bytes:
    """The DOCX. Texts are plain runs: nothing in them becomes a field."""
    word = docx.Document()
    _page(word, sheet)
    _add(word, sheet.title, style="Title")
    if sheet.number:
        _add(word, sheet.number, align=WD_ALIGN_PARAGRAPH.CENTER)
    for fact in (*sheet.facts, *filter(None, [sheet.notice]), f"来源：{sheet.url}"):
        _add(word, fact, size=10.5, face=TABLE)
    for piece in sheet.pieces:
        _piece(word, piece)
    target = io.BytesIO()
    word.save(target)
    return sealed(target.getvalue(), sheet.stamp)


def _page(word: Document, sheet: Sheet) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(30)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    _style(word.styles["Normal"], BODY, SIZE)
    _style(word.styles["Title"], TITLE, 22, WD_ALIGN_PARAGRAPH.CENTER)
    for level in range(1, 6):
        centred = WD_ALIGN_PARAGRAPH.CENTER if level == 1 else WD_ALIGN_PARAGRAPH.LEFT
        _style(word.styles[f"Heading {level}"], HEADING, 16 if level == 1 else SIZE, centred)
    properties = word.core_properties
    properties.title, properties.author, properties.language = sheet.title, sheet.publisher, "zh-CN"
    properties.last_modified_by, properties.comments = sheet.publisher, ""


def _style(style: Any, face: str, size: float, align: Any = WD_ALIGN_PARAGRAPH.JUSTIFY) -> None:
    for part in ("w:rPr", "w:pPr"):
        for found in style.element.findall(qn(part)):
            style.element.remove(found)
    style.font.size, style.font.color.rgb = Pt(size), RGBColor(0, 0, 0)
    _face(style.element.get_or_add_rPr(), face)
    layout = style.paragraph_format
    layout.alignment, layout.line_spacing = align, 1.6
    layout.space_before = layout.space_after = Pt(0 if style.name == "Normal" else 10)


def _face(properties: Any, face: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for script, name in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", face), ("cs", LATIN)):
        fonts.set(qn(f"w:{script}"), name)


def _add(
    word: Document,
    text: str,
    *,
    style: str = "Normal",
    align: Any = None,
    size: float = 0,
    face: str = "",
    label: str = "",
) -> Any:
    paragraph = word.add_paragraph(style=style)
    if label:
        _face(paragraph.add_run(f"{label}　")._r.get_or_add_rPr(), HEADING)
    run = paragraph.add_run(text)
    if size:
        run.font.size = Pt(size)
        paragraph.paragraph_format.line_spacing = 1.3
    if face:
        _face(run._r.get_or_add_rPr(), face)
    if align is not None:
        paragraph.paragraph_format.alignment = align
    return paragraph


def _piece(word: Document, piece: Piece) -> None:
    if piece.role == "heading":
        _add(word, piece.text, style=f"Heading {min(piece.level - 1, 5)}")
    elif piece.role == "closing":
        _add(word, piece.text, align=WD_ALIGN_PARAGRAPH.RIGHT)
    elif piece.role == "row":
        _add(word, piece.text, size=10.5, face=TABLE)
    else:
        label = piece.label if piece.role == "article" else ""
        text = piece.text if label else piece.label + piece.text
        _add(word, text, label=label).paragraph_format.first_line_indent = Pt(2 * SIZE)
