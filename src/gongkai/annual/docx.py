"""The annual report as a Word document: the layout of the official blank form, on A4 after GB/T 9704.

Figures stand in really merged cells, so that an officer can go on working in the file. Font names are those the
standard asks for (方正小标宋, 黑体, 仿宋, 楷体, 宋体); Word replaces the ones a machine lacks.
"""

import io
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, Twips
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from gongkai.annual.document import Document, run_in
from gongkai.annual.forms import SECTIONS
from gongkai.annual.grid import Grid, GridCell, grids
from gongkai.typeset.package import sealed

TITLE, HEADING, BODY, EMPHASIS, TABLE = "方正小标宋简体", "黑体", "仿宋_GB2312", "楷体_GB2312", "宋体"
TEXT_WIDTH = 8844  # twips: 210 mm less the margins of 28 and 26 mm
WIDTHS = {2: (2211,) * 4, 3: (640, 880, 2774) + (650,) * 7, 4: (588,) * 6 + (589,) * 3 + (590,) * 6}
LATIN = "Times New Roman"


def write(document: Document) -> bytes:
    """The DOCX. The same document gives the same bytes."""
    word = docx.Document()
    _page(word, document)
    for line in document.title_lines:
        _paragraph(word, line, "Title")
    _paragraph(word, document.meta, "Subtitle")
    _text(word, document.preamble)
    tables = {grid.number: grid for grid in grids(document.report)}
    for number, heading in enumerate(SECTIONS, 1):
        _paragraph(word, heading, "Heading 1")
        _text(word, document.paragraphs(number))
        if number in tables:
            _table(word, tables[number])
    target = io.BytesIO()
    word.save(target)
    return sealed(target.getvalue(), document.stamp)


def _page(word: WordDocument, document: Document) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    for name, face, size, bold, centred in (
        ("Normal", BODY, 16, False, False),
        ("Title", TITLE, 22, False, True),
        ("Subtitle", EMPHASIS, 12, False, True),
        ("Heading 1", HEADING, 16, False, False),
    ):
        _style(word.styles[name], face, size, bold, centred)
    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    _page_number(section.footer.paragraphs[0])
    properties = word.core_properties
    properties.title, properties.author = document.title, document.publisher
    properties.last_modified_by, properties.comments, properties.language = document.publisher, "", "zh-CN"


def _style(style: ParagraphStyle, face: str, size: float, bold: bool, centred: bool) -> None:
    """A style afresh: the template's colours, rules and Latin theme fonts do not belong in an official document."""
    for part in ("w:rPr", "w:pPr"):
        for found in style.element.findall(qn(part)):
            style.element.remove(found)
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    _face(style.element.get_or_add_rPr(), face)
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(0), Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(max(28, size * 1.5))
    if centred:
        layout.alignment, layout.first_line_indent = WD_ALIGN_PARAGRAPH.CENTER, Pt(0)
    else:
        layout.alignment, layout.first_line_indent = WD_ALIGN_PARAGRAPH.JUSTIFY, Pt(2 * size)
    if style.name.startswith("Heading"):
        layout.keep_with_next = True
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), "0")
        style.element.get_or_add_pPr().append(level)


def _face(properties: Any, face: str) -> None:
    """``face`` for Chinese. The hint makes Word set “ ” — … full width, as Chinese punctuation."""
    fonts = properties.get_or_add_rFonts()
    fonts.set(qn("w:hint"), "eastAsia")
    for script, name in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", face), ("cs", LATIN)):
        fonts.set(qn(f"w:{script}"), name)


def _run(paragraph: Paragraph, text: str, face: str, size: float, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    _face(run._r.get_or_add_rPr(), face)


def _paragraph(word: WordDocument, text: str, style: str) -> None:
    word.add_paragraph(text, style=style)


def _text(word: WordDocument, texts: tuple[str, ...]) -> None:
    for text in texts:
        heading, rest = run_in(text)
        paragraph = word.add_paragraph()
        if heading:
            _run(paragraph, heading, EMPHASIS, 16, bold=True)
        _run(paragraph, rest, BODY, 16)


def _page_number(paragraph: Paragraph) -> None:
    """``— 1 —`` in 宋体, 14 pt, centred."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.first_line_indent = Pt(0)
    _run(paragraph, "— ", TABLE, 14)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    _run(paragraph, "1", TABLE, 14)
    field.append(paragraph.runs[-1]._r)
    paragraph._p.append(field)
    _run(paragraph, " —", TABLE, 14)


def _table(word: WordDocument, grid: Grid) -> None:
    table = word.add_table(grid.rows, grid.columns, style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _margins(table)
    widths = WIDTHS[grid.number]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Twips(width)
    places = [list(row.cells) for row in table.rows]
    for number, row in enumerate(table.rows):
        _row_properties(row._tr.get_or_add_trPr(), repeated=number < grid.head)
    for cell in grid.cells:
        last = places[cell.row + cell.rowspan - 1][cell.column + cell.colspan - 1]
        target = places[cell.row][cell.column]
        target = target.merge(last) if (cell.rowspan, cell.colspan) != (1, 1) else target
        target.width = Twips(sum(widths[cell.column : cell.column + cell.colspan]))
        _fill(target, cell, grid)


def _margins(table: Table) -> None:
    """The full width of the text, and narrow cell margins, as in the form: its columns of figures are three characters wide."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "40")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties = table._tbl.tblPr
    whole = properties.find(qn("w:tblW"))
    whole.set(qn("w:w"), str(TEXT_WIDTH))
    whole.set(qn("w:type"), "dxa")
    look = properties.find(qn("w:tblLook"))
    properties.insert(len(properties) if look is None else properties.index(look), margins)


def _row_properties(properties: Any, repeated: bool) -> None:
    """No row breaks across pages; header rows are announced as such and repeated."""
    for name in ("w:cantSplit", *(("w:tblHeader",) if repeated else ())):
        properties.append(OxmlElement(name))


def _size(cell: GridCell, grid: Grid) -> float:
    """10 points, less for a figure of so many digits that it would break within its narrow column."""
    if cell.role != "figure" or grid.number == 2:
        return 10
    return min(10, {3: 110, 4: 98}[grid.number] // len(cell.text) / 2)  # half an em a digit, in half points


def _fill(target: _Cell, cell: GridCell, grid: Grid) -> None:
    target.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for surplus in target.paragraphs[1:]:
        surplus._p.getparent().remove(surplus._p)
    paragraph = target.paragraphs[0]
    layout = paragraph.paragraph_format
    layout.first_line_indent, layout.line_spacing_rule = Pt(0), WD_LINE_SPACING.SINGLE
    layout.line_spacing = 1.0
    layout.space_before = layout.space_after = Pt(3 if grid.number == 2 else 1.5)
    layout.keep_with_next = cell.row + cell.rowspan < grid.rows
    left = cell.role in ("note", "band") or (cell.role == "row" and grid.number != 2)
    layout.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.CENTER
    size = _size(cell, grid)
    _run(paragraph, cell.text, EMPHASIS if cell.role == "note" else TABLE, size, bold=cell.total)
    if cell.role == "band" or cell.total:
        shade = OxmlElement("w:shd")
        for name, value in (
            ("val", "clear"),
            ("color", "auto"),
            ("fill", "C6D9F1" if cell.role == "band" else "F2F2F2"),
        ):
            shade.set(qn(f"w:{name}"), value)
        properties = target._tc.get_or_add_tcPr()
        align = properties.find(qn("w:vAlign"))
        properties.insert(properties.index(align), shade)
