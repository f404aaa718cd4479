"""Spreadsheets that come in: a CSV or XLSX file read into rows by the fields it should have, every fault named.

A room that imports says which :class:`~gongkai.procedure.Field` stands in which column (the field's label is the head)
and gets back rows of text by field name; what the rows mean and how they are entered is the room's own.
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils.exceptions import InvalidFileException

from gongkai.procedure import Field, Invalid

from .exports import DANGEROUS

LARGEST = 20 * 1024 * 1024  # bytes
LARGEST_UNPACKED = 300 * 1024 * 1024
MOST_ROWS = 100_000
#: What the readers of CSV and XLSX raise on files that are not what they say.
_BROKEN = (csv.Error, zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, TypeError, IndexError, OSError)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?")


@dataclass(frozen=True)
class Row:
    """One row: its number in the file (the header is row 1) and its data by field name, as text."""

    number: int
    data: dict[str, str]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row: its number in the file, the column, and how to mend it, in Chinese."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class Outcome:
    """What an import did, or would do (``dry_run``): rows in the file, imported now, imported before, and faults."""

    rows: int
    imported: int
    repeated: int
    faults: tuple[Fault, ...]
    dry_run: bool


@dataclass(frozen=True)
class Sheet:
    """A kind of sheet: its name and the fields of its columns. ``mend`` puts usual ways of writing right, row by row.

    ``passed_over`` are heads an export of the same has and that say nothing to an import.

    Days are always understood as people write them (2021/3/6, 2021年3月6日), choices by their Chinese labels too.
    """

    title: str
    fields: tuple[Field, ...]
    mend: Callable[[dict[str, str]], dict[str, str]] = lambda data: data
    passed_over: tuple[str, ...] = ()

    def column(self, name: str) -> str:
        """The Chinese head of a field's column."""
        return next((field.label for field in self.fields if field.name == name), "整行")

    def read(self, content: bytes, filename: str) -> list[Row]:
        """The rows of a file; empty ones are left out. Raises ``procedure.Invalid`` (field ``file``) when unreadable."""
        if len(content) > LARGEST:
            raise unreadable(f"文件超过 {LARGEST // 1024 // 1024} MB，请分开导入")
        reader = _READERS.get(filename.lower().rpartition(".")[2])
        if reader is None:
            raise unreadable("请上传 CSV 或 XLSX 文件；XLS 文件请先另存为 XLSX")
        try:
            rows = list(self._rows(reader(content)))
        except _BROKEN as error:
            raise unreadable("文件损坏或者格式不对，请用表格软件打开后重新保存") from error
        if not rows:
            raise unreadable("文件中没有数据行，请从第二行起填写")
        return rows

    def template(self) -> bytes:
        """An empty workbook to fill in: the header, and a sheet that says what goes where."""
        book = Workbook()
        sheet, help_ = book.active, book.create_sheet("填写说明")
        sheet.title = self.title
        sheet.append([field.label for field in self.fields])
        help_.append(["列", "必填", "说明"])
        for field in self.fields:
            choices = "、".join(label for _, label in field.choices)
            help_.append([field.label, "是" if field.required else "否", choices or field.hint])
        for page, widths in ((sheet, [max(12, 2 * len(f.label) + 6) for f in self.fields]), (help_, [20, 8, 60])):
            page.freeze_panes = "A2"
            for cell, width in zip(page[1], widths, strict=True):
                cell.font = Font(bold=True)
                page.column_dimensions[cell.column_letter].width = width
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    def _rows(self, lines: Iterator[Iterable[Any]]) -> Iterator[Row]:
        names, found = self._names(next(lines, [])), 0
        for number, cells in enumerate(lines, start=2):
            data = {name: text for name, cell in zip(names, cells, strict=False) if name and (text := _text(cell))}
            if data:
                found += 1
                yield Row(number, self.mend(self._mended(data)))
            if found > MOST_ROWS:
                raise unreadable(f"超过 {MOST_ROWS} 行，请分开导入")

    def _names(self, header: Iterable[Any]) -> list[str]:
        known = {head_of(field.label): field.name for field in self.fields}
        heads = [head_of(cell) for cell in header]
        names = [known.get(head, "") for head in heads]
        missing = [field.label for field in self.fields if field.required and field.name not in names]
        unknown = [
            head for head, name in zip(heads, names, strict=True) if head and not name and head not in self.passed_over
        ]
        twice = [head for head in dict.fromkeys(heads) if head and heads.count(head) > 1]
        if missing:
            raise unreadable(f"第 1 行应为列名，缺少：{'、'.join(missing)}。可以下载模板填写")
        if unknown or twice:
            raise unreadable(f"不认识或重复的列：{'、'.join(dict.fromkeys(unknown + twice))}。可以下载模板填写")
        return names

    def _mended(self, data: dict[str, str]) -> dict[str, str]:
        """Full-width digits, the usual ways to write a day or a number, and the Chinese name of a choice."""
        for field in self.fields:
            if field.name not in data:
                continue
            if field.kind in {"date", "integer", "money"}:
                data[field.name] = unicodedata.normalize("NFKC", data[field.name]).strip()
            if field.kind == "date" and (match := _DATE.fullmatch(data[field.name])):
                data[field.name] = "-".join([match[1], match[2].zfill(2), match[3].zfill(2)])
            if field.kind in {"integer", "money"} and re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", data[field.name]):
                data[field.name] = data[field.name].replace(",", "")
            if field.choices:
                data[field.name] = next(
                    (v for v, label in field.choices if label == data[field.name]), data[field.name]
                )
        return data


def unreadable(message: str) -> Invalid:
    """A file that cannot be read, as the form's fault."""
    return Invalid([("file", message)])


def head_of(text: Any) -> str:
    """A column's head without its unit: 金额（元） and 金额 are one."""
    return unicodedata.normalize("NFKC", str(text or "")).partition("(")[0].replace(" ", "").strip("*")


def _csv(content: bytes) -> Iterator[Iterable[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return iter(csv.reader(io.StringIO(text, newline="")))
    raise unreadable("文字编码无法识别，请另存为 UTF-8 编码的 CSV，或者 XLSX")


def _xlsx(content: bytes) -> Iterator[Iterable[Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > LARGEST_UNPACKED:
            raise unreadable("文件解压后过大，请只保留需要导入的工作表")
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return iter(book.worksheets[0].iter_rows(values_only=True))


_READERS: dict[str, Callable[[bytes], Iterator[Iterable[Any]]]] = {"csv": _csv, "xlsx": _xlsx}


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute) else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return format(cell, ".15g")
    text = "" if cell is None else str(cell).strip()
    # An export put the apostrophe there, so that no program takes the text for a formula.
    return text[1:] if text.startswith("'") and text[1:].lstrip(" \u3000").startswith(DANGEROUS) else text


def faults_of(sheet: Sheet, row: Row, found: Sequence[tuple[str, str]]) -> list[Fault]:
    """(field, message) pairs of a row as faults of the file."""
    return [Fault(row.number, sheet.column(name), message) for name, message in found]
