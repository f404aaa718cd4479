"""DOCX and PDF read as text."""

import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from gongkai.text.lines import Kind, lines_of
from gongkai.text.reading import CannotRead, Reading, title_of

LARGEST_UNPACKED = 300 * 1024 * 1024
MOST_PAGES = 2000


def read_docx(content: bytes, shown: str) -> Reading:
    """Paragraphs and tables in their order; :class:`CannotRead` for what is no Word file or unpacks beyond measure."""
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
            unpacked = sum(entry.file_size for entry in package.infolist())
    except zipfile.BadZipFile as error:
        raise CannotRead(f"{shown} 已损坏，无法打开") from error
    if "word/document.xml" not in names:
        raise CannotRead(f"{shown} 不是 Word 文件，请提供 .docx、.pdf、.html、.txt 或 .md")
    if unpacked > LARGEST_UNPACKED:
        raise CannotRead(f"{shown} 解开后过大（上限 {LARGEST_UNPACKED // 1024 // 1024} MB）")
    try:
        document = docx.Document(io.BytesIO(content))
        text = "\n".join(_blocks(document)) + "\n"
        numbered = document.element.body.xpath("count(.//w:numPr)")
        title = (document.core_properties.title or "").strip()
    except Exception as error:  # python-docx lets through whatever the XML holds: KeyError, XMLSyntaxError …
        raise CannotRead(f"{shown} 的内容无法读取，文件可能已损坏，请用 Word 打开后另存再试") from error
    warnings = [f"有 {int(numbered)} 段使用了 Word 自动编号，编号没有读出，请改为手写编号或者核对"] if numbered else []
    if document.inline_shapes:
        warnings.append(f"文中有 {len(document.inline_shapes)} 张图片，图片里的文字没有读取")
    return Reading(title_of(text) or title, text, "docx", {}, tuple(warnings))


def _blocks(document: Any) -> Iterator[str]:
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                yield "| " + " | ".join(re.sub(r"\s+", " ", cell.text) for cell in row.cells) + " |"
        else:
            yield block.text


def read_pdf(content: bytes, shown: str) -> Reading:
    """The text layer, lines of a paragraph joined again; :class:`CannotRead` for a damaged, locked or scanned file."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
        if len(document) > MOST_PAGES:
            raise CannotRead(f"{shown} 页数过多（上限 {MOST_PAGES} 页），请拆分后再试")
        pages = [page.get_textpage().get_text_bounded() for page in document]
    except pypdfium2.PdfiumError as error:
        raise CannotRead(f"{shown} 无法打开：文件已损坏或者设有密码") from error
    if not any(page.strip() for page in pages):
        raise CannotRead(f"{shown} 没有文字层，可能是扫描件，请提供文字版或者先作文字识别")
    text, numbers = _joined(pages)
    warnings = ["PDF 按版面分行，已拼接为段落，请核对分段"]
    if numbers:
        warnings.append(f"去掉了 {numbers} 处页码")
    blank = sum(not page.strip() for page in pages)
    if blank:
        warnings.append(f"有 {blank} 页没有文字，可能是扫描页或者图片")
    return Reading(title_of(text), text, "pdf", {}, tuple(warnings))


_PAGE_NUMBER = re.compile(r"[\s—–\-－·]*\d{1,4}[\s—–\-－·]*|第\s*\d+\s*页(?:\s*共\s*\d+\s*页)?")


def _joined(pages: list[str]) -> tuple[str, int]:
    """Lines put together: one that runs to the right edge and ends no sentence goes on in the next."""
    lines: list[str] = []
    numbers = 0
    for page in pages:
        written = [line.strip("\r ") for line in page.replace("\r\n", "\n").split("\n") if line.strip()]
        for at_edge in (0, -1):
            if written and _PAGE_NUMBER.fullmatch(written[at_edge]):
                written.pop(at_edge)
                numbers += 1
        lines += written
    if not lines:
        return "", numbers
    widths = sorted(len(line.strip()) for line in lines)
    full = widths[len(widths) * 3 // 4] - 3
    paragraphs = [lines[0]]
    for before, line in itertools.pairwise(lines):
        goes_on = len(before.strip()) >= max(full, 8) and before.rstrip()[-1] not in "。；：;:" and not _opens(line)
        if goes_on:
            paragraphs[-1] += line.strip()
        else:
            paragraphs.append(line)
    return "\n".join(paragraphs) + "\n", numbers


def _opens(line: str) -> bool:
    """Whether a line begins a piece of its own: indented, or with a label."""
    if line.startswith(("\u3000", "  ")):
        return True
    judged = lines_of(line)
    return bool(judged) and judged[0].kind not in {Kind.PARAGRAPH, Kind.QUOTE, Kind.TABLE}
