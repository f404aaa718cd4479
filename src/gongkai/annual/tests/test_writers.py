"""Every writer: the 200 figures come back cell by cell, the bytes do not change, the layout is the published one."""

import io
import re
import time
import zipfile
from decimal import Decimal
from html.parser import HTMLParser

import docx as python_docx
import openpyxl
import pytest
from hypothesis import given
from pypdf import PdfReader

from gongkai.annual import docx, html, pdf, xlsx
from gongkai.annual.document import Document, run_in
from gongkai.annual.grid import grids
from gongkai.annual.report import Figure, Report
from gongkai.annual.tests.samples import ANY_FORM, FEW, document, gold
from gongkai.typeset import fonts, press


class _Tables(HTMLParser):
    """The tables of a page: places covered by each cell, from the spans alone, as a browser lays them out."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[dict[tuple[int, int], str]] = []
        self.ids: list[str] = []
        self.headers: list[str] = []
        self._row, self._spans, self._text = -1, (1, 1), ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids += [found["id"]] if "id" in found else []
        self.headers += found.get("headers", "").split()
        if tag == "table":
            self.tables.append({})
            self._row = -1
        elif tag == "tr":
            self._row += 1
        elif tag in ("td", "th"):
            self._spans, self._text = (int(found.get("rowspan", 1)), int(found.get("colspan", 1))), ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            places = self.tables[-1]
            column = next(number for number in range(99) if (self._row, number) not in places)
            for row in range(self._row, self._row + self._spans[0]):
                for place in range(column, column + self._spans[1]):
                    assert (row, place) not in places
                    places[row, place] = self._text.strip()


def _parsed(document: Document) -> _Tables:
    parser = _Tables()
    parser.feed(html.write(document))
    return parser


def _figures(report: Report, tables: list[dict[tuple[int, int], str]]) -> dict[str, Figure]:
    """The figures standing in the tables at the places where the form has them."""
    found: dict[str, Figure] = {}
    for grid, places in zip(grids(report), tables, strict=True):
        assert set(places) == {(row, column) for row in range(grid.rows) for column in range(grid.columns)}
        for cell in grid.cells:
            text = places[cell.row, cell.column]
            if cell.role == "figure":
                found[cell.id] = int(text) if re.fullmatch("-?[0-9]+", text) else Decimal(text)
            else:
                assert text == cell.text
    return found


def _word_tables(content: bytes) -> list[dict[tuple[int, int], str]]:
    return [
        {(row, column): cell.text for row, line in enumerate(table.rows) for column, cell in enumerate(line.cells)}
        for table in python_docx.Document(io.BytesIO(content)).tables
    ]


def _excel_tables(report: Report, content: bytes) -> list[dict[tuple[int, int], str]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    tables = []
    for grid in grids(report):
        sheet = book[xlsx.SHEETS[grid.number]]
        places = {}
        for cell in grid.cells:
            value = sheet.cell(xlsx.FIRST_ROW + cell.row, 1 + cell.column).value
            assert cell.role != "figure" or isinstance(value, int | float)
            text = str(value)
            for row in range(cell.row, cell.row + cell.rowspan):
                for column in range(cell.column, cell.column + cell.colspan):
                    places[row, column] = text
        merged = {str(span) for span in sheet.merged_cells.ranges}
        assert len(merged) == 1 + sum((cell.rowspan, cell.colspan) != (1, 1) for cell in grid.cells)
        tables.append(places)
    return tables


@given(ANY_FORM)
@FEW
def test_html_gives_back_every_figure(report: Report) -> None:
    assert _figures(report, _parsed(document(report)).tables) == dict(report.values)


@given(ANY_FORM)
@FEW
def test_word_gives_back_every_figure(report: Report) -> None:
    assert _figures(report, _word_tables(docx.write(document(report)))) == dict(report.values)


@given(ANY_FORM)
@FEW
def test_excel_gives_back_every_figure(report: Report) -> None:
    assert _figures(report, _excel_tables(report, xlsx.write(document(report)))) == dict(report.values)


@pytest.fixture(scope="module")
def published() -> Document:
    return document(Report.from_json(gold()))


def _chinese_font() -> bool:
    try:
        fonts.choose(frozenset(fonts.library(fonts.folders()).families()))
    except fonts.FontsMissing:
        return False
    return True


needs_font = pytest.mark.skipif(not _chinese_font(), reason="no Chinese font on this machine")


def test_bytes_do_not_change_with_time(published: Document) -> None:
    writers = (docx, xlsx, *((pdf,) if _chinese_font() else ()))
    first = [writer.write(published) for writer in writers]
    time.sleep(2.1)  # the clock of a zip archive ticks every other second
    assert [writer.write(published) for writer in writers] == first


def test_office_files_bear_the_day_of_publication(published: Document) -> None:
    for writer in (docx, xlsx):
        with zipfile.ZipFile(io.BytesIO(writer.write(published))) as package:
            assert {entry.date_time[:3] for entry in package.infolist()} == {(1980, 1, 1)}
            core = package.read("docProps/core.xml").decode()
        assert set(re.findall(r"<dcterms:(?:created|modified)[^>]*>([^<]*)<", core)) == {"2022-01-30T00:00:00Z"}


@needs_font
def test_pdf_is_tagged_archival_and_complete(published: Document) -> None:
    reader = PdfReader(io.BytesIO(pdf.write(published)))
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata and "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None and reader.metadata.title == published.title
    text = "".join("".join(page.extract_text() for page in reader.pages).split())
    for wanted in ("一、总体情况", "六、其他需要报告的事项", "演示数据", "公开了<信息>&文件。", "508140000522"):
        assert wanted in text
    assert all(f"—{number}—" in text for number in range(1, len(reader.pages) + 1))
    rows = [row for row in published.report.table3.values() if any(row)]
    assert all("".join(map(str, row)) in text for row in rows)


def test_without_a_chinese_font_pdf_is_refused_and_says_how_to_mend(
    published: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = fonts.library((), system=False)
    monkeypatch.setattr(fonts, "library", lambda *_: bare)
    with pytest.raises(fonts.FontsMissing, match=r"fonts-noto-cjk[\s\S]*GONGKAI_FONTS"):
        pdf.write(published)


@needs_font
def test_a_character_in_no_font_is_refused(published: Document) -> None:
    strange = document(published.report, sections={1: ("\U000f0000",)})
    with pytest.raises(press.TypesetError, match="有的字在已安装的字体中找不到"):
        pdf.write(strange)


def test_html_is_a_fragment_without_style_or_script(published: Document) -> None:
    text = html.write(published)
    assert not re.search(r"<(style|script|html|body)|\sstyle=|\son[a-z]+=", text)
    assert "公开了&lt;信息&gt;&amp;文件。" in text and "<strong>（一）主动公开。</strong>" in text
    assert text.count("<caption") == 3 and text.count("<h2") == 6 and text.count("<h1") == 1


def test_html_has_the_published_spans(published: Document) -> None:
    text = html.write(published)
    assert re.search(r'<td[^>]*rowspan="3" colspan="3"[^>]*>（本列数据的勾稽关系为', text)
    assert re.search(r'<th[^>]*colspan="7"[^>]*>申请人情况', text)
    assert re.search(r'<th[^>]*colspan="5"[^>]*>法人或其他组织', text)
    assert re.search(r'<th[^>]*rowspan="22"[^>]*>三、本年度办理结果', text)
    for label, span in (("（三）不予公开", 8), ("（四）无法提供", 3), ("（五）不予处理", 5), ("（六）其他处理", 3)):
        assert re.search(rf'<th[^>]*rowspan="{span}"[^>]*>{label}', text)


def test_html_headers_name_cells_that_exist(published: Document) -> None:
    parsed = _parsed(published)
    assert len(parsed.ids) == len(set(parsed.ids))
    assert set(parsed.headers) <= set(parsed.ids)
    assert set(published.report.values) <= set(parsed.ids)


def test_links(published: Document) -> None:
    linked = document(published.report, link=lambda cell: f"/rows?cell={cell}&x" if cell.endswith("total") else None)
    text = html.write(linked)
    assert text.count("<a href=") == sum(cell.endswith("total") for cell in published.report.values)
    assert 'href="/rows?cell=t3.1.total&amp;x"' in text
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.write(linked)))[xlsx.SHEETS[3]]
    assert sheet.cell(6, 10).hyperlink.target == "/rows?cell=t3.1.total&x"


def test_notes_of_the_workbook(published: Document) -> None:
    notes = openpyxl.load_workbook(io.BytesIO(xlsx.write(published)))["说明"]
    text = "\n".join(str(cell.value) for row in notes.iter_rows() for cell in row)
    assert "42个等式，全部成立" in text and "国办公开办函〔2021〕30号" in text and "演示数据" in text


def test_run_in_headings() -> None:
    assert run_in("（一）主要问题。还有不足。") == ("（一）主要问题。", "还有不足。")
    assert run_in("还有不足。（一）主要问题。") == ("", "还有不足。（一）主要问题。")


def test_a_draft_has_no_day_and_unknown_sections_are_refused(published: Document) -> None:
    draft = document(published.report, published=None)
    assert "发布日期" not in draft.meta and docx.write(draft) == docx.write(draft)
    with pytest.raises(ValueError, match="没有第7部分"):
        document(published.report, sections={7: ()})
