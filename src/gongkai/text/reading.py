"""A file read into text and metadata: DOCX, PDF, HTML (pages of gov.cn), TXT (UTF-8 or GB 18030), Markdown.

Nothing in a file is run or fetched. What cannot be read is refused with the reason; what was read only in part, or
was mended, is said in the warnings.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from gongkai.text.lines import BLANK, Kind, lines_of

LARGEST_FILE = 50 * 1024 * 1024
LONGEST_TEXT = 20_000_000


class CannotRead(ValueError):
    """The file cannot be read; the message is Chinese and says what it is and what to do."""


@dataclass(frozen=True)
class Reading:
    """What a file says: its title ("" if it shows none), its text, its metadata by name, and what to look at again.

    Names of metadata are those of the corpus: ``index_number``, ``theme``, ``issuing_body``, ``doc_number``,
    ``written_date`` and ``publish_date`` (ISO), ``subject_words`` …
    """

    title: str
    text: str
    kind: str
    metadata: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


_OTHER = (
    (b"\xd0\xcf\x11\xe0", "旧版 Word 或 Excel 文件（.doc、.xls），请另存为 .docx 后再试"),
    (b"\x89PNG", "图片，请提供文字版"),
    (b"\xff\xd8\xff", "图片，请提供文字版"),
    (b"Rar!", "压缩包，请解压后逐个处理"),
    (b"7z\xbc\xaf", "压缩包，请解压后逐个处理"),
    (b"\x1f\x8b", "压缩包，请解压后逐个处理"),
)


def read_file(path: Path) -> Reading:
    """Read a file; :class:`CannotRead` for a folder, a missing, too large or unknown one."""
    if path.is_dir():
        raise CannotRead(f"{path} 是目录，请指明其中的一个文件")
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise CannotRead(f"{path.name} 过大（上限 {LARGEST_FILE // 1024 // 1024} MB），请拆分后再试")
        content = path.read_bytes()
    except OSError as error:
        raise CannotRead(
            f"无法打开文件：{path}（{'没有这个文件' if not path.exists() else '没有读取权限'}）"
        ) from error
    return read_bytes(content, path.name)


def read_bytes(content: bytes, name: str = "") -> Reading:
    """Read the bytes of a file. What it is is seen from the bytes; ``name`` only tells Markdown from plain text."""
    shown = name or "输入内容"
    if len(content) > LARGEST_FILE:
        raise CannotRead(f"{shown} 过大（上限 {LARGEST_FILE // 1024 // 1024} MB），请拆分后再试")
    if not content.strip():
        raise CannotRead(f"{shown} 是空的，没有可读的内容")
    for signature, what in _OTHER:
        if content.startswith(signature):
            raise CannotRead(f"{shown} 是{what}")
    reading = _reader(content, name)(content, shown)
    if len(reading.text) > LONGEST_TEXT:
        raise CannotRead(f"{shown} 文字过多（上限 {LONGEST_TEXT} 字），请拆分后再试")
    if not reading.text.strip():
        raise CannotRead(f"{shown} 里没有读出文字")
    return reading


def _reader(content: bytes, name: str) -> Callable[[bytes, str], Reading]:
    from gongkai.text import html_reading, office_reading

    if content.startswith(b"%PDF"):
        return office_reading.read_pdf
    if content.startswith(b"PK\x03\x04"):
        return office_reading.read_docx
    if name.lower().endswith((".html", ".htm", ".shtml")) or _HTML.match(content[:2000]):
        return html_reading.read_html
    return _read_text


_HTML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|div|table|!--)", re.IGNORECASE)


def decoded(content: bytes, shown: str) -> str:
    """Bytes as text: UTF-8 (with or without mark), UTF-16 with mark, else GB 18030."""
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise CannotRead(f"{shown} 不是文本：既不是 UTF-8 编码，也不是 GB 18030 编码，或者是其他程序的文件")


def _read_text(content: bytes, shown: str) -> Reading:
    text = decoded(content, shown)
    kind = (
        "markdown"
        if shown.lower().endswith((".md", ".markdown")) or re.search(r"^#{1,4} ", text, re.MULTILINE)
        else "text"
    )
    return Reading(title_of(text), text, kind)


def title_of(text: str) -> str:
    """The title a text begins with: its first lines, when they are short, unnumbered and without full stop."""
    title = ""
    for line in lines_of(text[:2000])[:4]:
        words = line.words.lstrip("# ").strip(BLANK)
        if line.kind not in {Kind.PARAGRAPH, Kind.HEADING} or len(words) > 60 or words[-1] in "。；：，（:;,":
            break
        if title and (re.search(r"[〔\[（(]\s*\d{4}|^[（(]|\d{4}年", words) or title.endswith(_TITLE_ENDS)):
            break
        title += words
    return title


_TITLE_ENDS = (
    "法",
    "条例",
    "办法",
    "规定",
    "细则",
    "规则",
    "决定",
    "意见",
    "通知",
    "公告",
    "通告",
    "批复",
    "函",
    "方案",
    "解释",
)
