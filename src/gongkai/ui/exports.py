"""Rows as files that spreadsheets open safely: CSV and XLSX, streamed from the database."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import quote

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

#: A text that starts so would be run as a formula by a spreadsheet (half-width and full-width signs, tab, return).
DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
BOM = "\ufeff"
LONGEST = 32_767  # what a cell of a spreadsheet holds

Cells = Sequence[Any]


def plain(value: Any) -> Any:
    """A value as a spreadsheet knows it: numbers and days as such, instants in China's time, all else as text."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.replace(tzinfo=None, microsecond=0)
    if isinstance(value, int | float | Decimal | date) and not isinstance(value, bool):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("", str(value))


def safe_text(value: Any) -> str:
    """A cell of a CSV file; a text that would be a formula gets an apostrophe in front, numbers stay as they are."""
    cell = plain(value)
    text = cell.isoformat(" ") if isinstance(cell, datetime) else str(cell)
    return f"'{text}" if isinstance(cell, str) and text.lstrip(" \u3000").startswith(DANGEROUS) else text


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[Cells]) -> Iterator[str]:
    """The rows as CSV text, line by line, with the mark by which Excel knows UTF-8."""
    writer = csv.writer(_Line())
    yield BOM
    for row in rows:
        yield writer.writerow([safe_text(value) for value in row])


def xlsx_file(rows: Iterable[Cells], title: str) -> IO[bytes]:
    """The rows as a workbook in a temporary file, written as they come. Texts are texts, never formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(sign for sign in title if sign not in "[]:*?/\\'")[:31] or "数据")
    sheet.freeze_panes = "A2"

    def cell(value: Any) -> WriteOnlyCell:
        value = plain(value)
        made = WriteOnlyCell(sheet, value[:LONGEST] if isinstance(value, str) else value)
        if isinstance(value, str):
            made.data_type = "s"
        return made

    for row in rows:
        sheet.append([cell(value) for value in row])
    file = TemporaryFile()  # noqa: SIM115 (the response closes it)
    book.save(file)
    file.seek(0)
    return file


def _csv(rows: Iterable[Cells], title: str) -> HttpResponseBase:
    response = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename=\"export.csv\"; filename*=UTF-8''{quote(title)}.csv"
    return response


def _xlsx(rows: Iterable[Cells], title: str) -> HttpResponseBase:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(xlsx_file(rows, title), as_attachment=True, filename=f"{title}.xlsx", content_type=kind)


def json_rows(title: str, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> HttpResponseBase:
    """Rows as JSON, streamed: ``{"title", "columns": {name: Chinese name}, "rows": [{name: value}]}``."""

    def write() -> Iterator[str]:
        yield f'{{"title": {json.dumps(title, ensure_ascii=False)}, "columns": {json.dumps(dict(columns), ensure_ascii=False)}'
        yield ', "rows": ['
        for number, row in enumerate(rows):
            told = {name: _told(value) for name, value in row.items()}
            yield f"{',' if number else ''}\n{json.dumps(told, ensure_ascii=False)}"
        yield "\n]}\n"

    return StreamingHttpResponse(write(), content_type="application/json")


def _told(value: Any) -> Any:
    """A value as JSON knows it; nothing is null, money stays exact as text."""
    cell = plain(value)
    if cell == "":
        return None
    return cell.isoformat() if isinstance(cell, date) else str(cell) if isinstance(cell, Decimal) else cell


#: How each offered format answers.
FORMATS = {"csv": _csv, "xlsx": _xlsx}
