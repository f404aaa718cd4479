"""A paper as an editable Word document, laid out after GB/T 9704 like the PDF. The same paper gives the same bytes."""

import io
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from gongkai.papers.compose import Paper
from gongkai.papers.template import Table
from gongkai.typeset.package import sealed

TITLE, BODY, TABLE, LATIN = "方正小标宋简体", "仿宋_GB2312", "宋体", "Times New Roman"
RED = RGBColor(0xC0, 0, 0)
SIZE, LINE = 16, 28


def write(paper: Paper) -> bytes:
    """The DOCX. Texts are plain runs: nothing in them becomes a field."""
    word = docx.Document()
    _page(word, paper)
    if paper.signature:
        _agency(word, paper.agency)
    if paper.number:
        _text(word, paper.number, align=WD_ALIGN_PARAGRAPH.RIGHT)
    _text(word, paper.name, style="Title")
    if paper.addressee:
        _text(word, paper.addressee)
    for block in paper.blocks:
        if isinstance(block, Table):
            _table(word, block)
        else:
            _text(word, block, indent=2)
    _close(word, paper)
    target = io.BytesIO()
    word.save(target)
    return sealed(target.getvalue(), paper.stamp)


def _page(word: WordDocument, paper: Paper) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    _style(word.styles["Normal"], BODY, SIZE)
    _style(word.styles["Title"], TITLE, 22)
    title = word.styles["Title"].paragraph_format
    title.alignment, title.space_before, title.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(10), Pt(14)
    _page_number(section.footer.paragraphs[0])
    properties = word.core_properties
    properties.title, properties.author = paper.name, paper.agency
    properties.last_modified_by, properties.comments, properties.language = paper.agency, "", "zh-CN"


def _style(style: Any, face: str, size: int) -> None:
    """A style afresh: the blank document's colours, rules and theme fonts do not belong in an official paper."""
    for part in ("w:rPr", "w:pPr"):
        for found in style.element.findall(qn(part)):
            style.element.remove(found)
    style.font.size = Pt(size)
    _face(style.element.get_or_add_rPr(), face)
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(0), Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(max(LINE, size * 1.5))
    layout.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def _face(properties: Any, face: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for script, name in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", face), ("cs", LATIN)):
        fonts.set(qn(f"w:{script}"), name)


def _run(paragraph: Paragraph, text: str, face: str, size: float) -> Any:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    _face(run._r.get_or_add_rPr(), face)
    return run


def _text(
    word: WordDocument, text: str, *, style: str = "Normal", align: Any = None, indent: int = 0, size: int = SIZE
) -> Paragraph:
    paragraph = word.add_paragraph(style=style)
    run = paragraph.add_run(text)
    if size != SIZE:
        run.font.size = Pt(size)
    if align is not None:
        paragraph.paragraph_format.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(indent * size)
    return paragraph


def _agency(word: WordDocument, name: str) -> None:
    """The agency in red over a red double rule."""
    paragraph = word.add_paragraph()
    layout = paragraph.paragraph_format
    layout.alignment, layout.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(8)
    layout.line_spacing = Pt(40)
    run = _run(paragraph, name, TITLE, 26)
    run.font.bold, run.font.color.rgb = True, RED
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for key, value in (("val", "thickThinSmallGap"), ("sz", "18"), ("space", "6"), ("color", "C00000")):
        bottom.set(qn(f"w:{key}"), value)
    borders.append(bottom)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:spacing", "w:ind", "w:jc")


def _table(word: WordDocument, block: Table) -> None:
    table = word.add_table(len(block.rows), 2, style="Table Grid")
    table.autofit = False
    for row, (label, text) in zip(table.rows, block.rows, strict=True):
        for cell, content, face, width in zip(row.cells, (label, text), (TABLE, BODY), (Mm(53), Mm(103)), strict=True):
            cell.width = width
            for number, line in enumerate(content.split("\n")):
                paragraph = cell.paragraphs[0] if not number else cell.add_paragraph()
                layout = paragraph.paragraph_format
                layout.alignment, layout.line_spacing = WD_ALIGN_PARAGRAPH.LEFT, Pt(22)
                layout.space_before = layout.space_after = Pt(3)
                _run(paragraph, line, face, 14)
    _text(word, "", size=8).paragraph_format.line_spacing = Pt(8)


def _close(word: WordDocument, paper: Paper) -> None:
    """Signature and date to the right with room for the seal, then where to ask."""
    for number, line in enumerate(filter(None, (paper.signature, paper.date))):
        closing = _text(word, line, align=WD_ALIGN_PARAGRAPH.RIGHT)
        closing.paragraph_format.right_indent = Pt(2 * SIZE)
        closing.paragraph_format.space_before = Pt(0 if number else 42)
        closing.paragraph_format.keep_with_next = not number
    for number, note in enumerate(paper.notes):
        _text(word, note, indent=2, size=14).paragraph_format.space_before = Pt(0 if number else 14)


def _page_number(paragraph: Paragraph) -> None:
    """``— 1 —`` in 宋体, 14 pt, centred."""
    paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, "— ", TABLE, 14)
    counter = OxmlElement("w:fldSimple")
    counter.set(qn("w:instr"), "PAGE")
    counter.append(_run(paragraph, "1", TABLE, 14)._r)
    paragraph._p.append(counter)
    _run(paragraph, " —", TABLE, 14)
