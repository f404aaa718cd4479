"""The annual report as an Excel workbook: a sheet for each table, merged as published, and a 说明 sheet."""

import io
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.annual.document import Document
from gongkai.annual.equations import EQUATIONS, check, equations
from gongkai.annual.forms import SECTIONS
from gongkai.annual.grid import Grid, GridCell, grids
from gongkai.typeset.package import sealed

SHEETS = {2: "二 主动公开", 3: "三 依申请公开", 4: "四 复议诉讼"}
FIRST_ROW = 3  # a title and an empty row stand above each table
WIDTHS = {2: (22.0,) * 4, 3: (9.0, 13.0, 36.0) + (9.5,) * 7, 4: (8.0,) * 15}

_THIN = Side(style="thin", color="FF404040")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_BAND = PatternFill("solid", fgColor="FFC6D9F1")
_TOTAL = PatternFill("solid", fgColor="FFF2F2F2")


def write(document: Document) -> bytes:
    """The workbook. The same document gives the same bytes."""
    book = Workbook()
    book.remove(book.active)
    for grid in grids(document.report):
        _sheet(book.create_sheet(SHEETS[grid.number]), grid, document)
    _notes(book.create_sheet("说明"), document)
    book.properties.title = document.title
    book.properties.creator = document.publisher
    target = io.BytesIO()
    book.save(target)
    return sealed(target.getvalue(), document.stamp)


def _sheet(sheet: Worksheet, grid: Grid, document: Document) -> None:
    title = sheet.cell(1, 1, SECTIONS[grid.number - 1])
    title.font = Font(name="黑体", size=14)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=grid.columns)
    for cell in grid.cells:
        _draw(sheet, cell, document)
    for number, width in enumerate(WIDTHS[grid.number], 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    if grid.head:
        sheet.freeze_panes = sheet.cell(FIRST_ROW + grid.head, 4 if grid.number == 3 else 1)
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if grid.number == 4 else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True


def _draw(sheet: Worksheet, cell: GridCell, document: Document) -> None:
    row, column = FIRST_ROW + cell.row, 1 + cell.column
    last_row, last_column = row + cell.rowspan - 1, column + cell.colspan - 1
    for line in range(row, last_row + 1):
        for place in range(column, last_column + 1):
            sheet.cell(line, place).border = _BORDER
    target = sheet.cell(row, column, cell.text if cell.value is None else cell.value)
    target.font = Font(name="楷体" if cell.role == "note" else "宋体", size=10, bold=cell.total)
    left = cell.role in ("note", "band") or (cell.role == "row" and sheet.title != SHEETS[2])
    target.alignment = Alignment(
        horizontal="left" if left else "center", vertical="center", wrap_text=cell.value is None
    )
    if cell.role == "band" or cell.total:
        target.fill = _BAND if cell.role == "band" else _TOTAL
    if cell.value is not None:
        target.number_format = "0.######" if isinstance(cell.value, Decimal) else "0"
        address = document.link(cell.id) if document.link else None
        if address:
            target.hyperlink = address
    if (last_row, last_column) != (row, column):
        sheet.merge_cells(start_row=row, start_column=column, end_row=last_row, end_column=last_column)


def _notes(sheet: Worksheet, document: Document) -> None:
    report = document.report
    findings = check(report)
    lines = [
        ("标题", document.title),
        ("发布情况", document.meta),
        ("年度", f"{report.year}年"),
        ("格式", report.form.document),
        ("单位", "除注明外均为件；行政事业性收费为万元"),
        *((f"勾稽 {rule.id}", rule.description) for rule in EQUATIONS if rule.standing != "warning"),
        ("勾稽核对", f"{len(equations(report.form))}个等式，{f'{len(findings)}个不成立' if findings else '全部成立'}"),
        *((finding.rule, finding.message) for finding in findings),
    ]
    for number, (name, text) in enumerate(lines, 1):
        sheet.cell(number, 1, name).font = Font(name="黑体", size=10)
        cell = sheet.cell(number, 2, text)
        cell.font = Font(name="宋体", size=10)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 14.0, 90.0
