"""Documents that come in as files: DOCX, PDF, HTML (pages of gov.cn among them) and plain text, as values of a record.

What a page says of itself (索引号, 发文机关, 发文字号 …) is read from its table of metadata.
"""

import io
import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from pathlib import PurePath
from typing import Any

from lxml import html as lxml_html

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
#: What stands before the colon in a page's table of metadata.
_LABELS = {
    "索引号": "index_number", "主题分类": "theme", "发文机关": "issuer", "发布机构": "issuer", "成文日期": "written_on",
    "标题": "title", "名称": "title", "发文字号": "document_number", "文号": "document_number", "发布日期": "published_on",
    "公开日期": "published_on", "施行日期": "effective_on",
}  # fmt: skip
#: Where the text of a page stands: gov.cn first, then what other sites call it.
_CONTENT = (
    '//*[@id="UCAP-CONTENT"]', '//*[@id="zoom"]', '//*[contains(@class,"TRS_Editor")]', "//article", "//main", "//body",
)  # fmt: skip
_BLOCKS = frozenset(["p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "table", "section", "article", "br"])
_HEAVY = "加密或者损坏的文件读不出来，请打开后重新保存"


class Unreadable(ValueError):
    """A file that cannot be read; the message is Chinese."""


def read(name: str, content: bytes) -> dict[str, Any]:
    """Title, text and whatever else a file says of itself. Raises :class:`Unreadable`."""
    ending = PurePath(name).suffix.lower().lstrip(".")
    reader = READERS.get(ending)
    if reader is None:
        raise Unreadable(f"不能导入 {ending or name} 文件；可以导入 {'、'.join(READERS)}")
    values = reader(content)
    if not values.get("text", "").strip():
        raise Unreadable("没有读到文字（可能是扫描件），请提供可以复制文字的文件")
    values.setdefault("title", title_of(values["text"]) or PurePath(name).stem)
    return values


def title_of(text: str) -> str:
    """The first line that can be a title; a title broken over several short lines is put together."""
    found = ""
    for line in (line.strip().lstrip("#").strip() for line in text.split("\n")[:12]):
        if not line:
            if found:
                break
            continue
        if found and (len(line) > 40 or line.endswith(("：", ":", "。")) or "号" in line[-1:]):
            break
        if not found and (len(line) > 100 or line.endswith("号")):
            continue
        found += line
        if len(found) > 300 or re.search(
            r"(通知|意见|决定|办法|规定|方案|公告|通告|函|批复|条例|报告|令|规划|计划|细则)$", found
        ):
            break
    return re.sub(r"\s+", "", found)[:300]


def day(written: str) -> str:
    """2021年3月6日 as 2021-03-06; other ways of writing stay for the check that follows."""
    if _ISO.fullmatch(written):
        return written
    match = _DATE.search(unicodedata.normalize("NFKC", written))
    return f"{match[1]}-{match[2].zfill(2)}-{match[3].zfill(2)}" if match else written.strip()


def plain(content: bytes) -> dict[str, Any]:
    """A text file."""
    return {"text": decoded(content)}


def decoded(content: bytes) -> str:
    """Text in UTF-8 or GB 18030. Raises :class:`Unreadable`."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("文字编码无法识别，请另存为 UTF-8")


def docx(content: bytes) -> dict[str, Any]:
    """Paragraphs and tables of a Word file, in order."""
    from docx import Document
    from docx.table import Table

    try:
        document = Document(io.BytesIO(content))
        lines = []
        for part in document.iter_inner_content():
            rows = part.rows if isinstance(part, Table) else ()
            lines += ["\t".join(cell.text.strip() for cell in row.cells) for row in rows] or [
                getattr(part, "text", "").strip()
            ]
    except Exception as error:  # the library raises whatever its parts do on a broken file
        raise Unreadable(_HEAVY) from error
    return {"text": "\n".join(lines)}


def pdf(content: bytes) -> dict[str, Any]:
    """The text layer of a PDF; lines that only the page broke are joined."""
    from pypdf import PdfReader

    try:
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    except Exception as error:  # as above
        raise Unreadable(_HEAVY) from error
    return {"text": joined("\n".join(pages))}


def joined(text: str) -> str:
    """Paragraphs put together from the lines of a page: a line that does not end a sentence goes on in the next."""
    made: list[str] = []
    for line in (line.strip() for line in text.split("\n")):
        begins = re.match(
            r"第[一二三四五六七八九十百零〇]+[编章节条]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．]",
            line,
        )
        if (
            made
            and made[-1]
            and line
            and not begins
            and not re.search(r"[。；：！？:;]$", made[-1])
            and len(made[-1]) > 20
        ):
            made[-1] += line
        else:
            made.append(line)
    return "\n".join(made)


def page(content: bytes) -> dict[str, Any]:
    """An HTML page."""
    return of_html(decoded(content))


def of_html(source: str) -> dict[str, Any]:
    """Metadata and text of an HTML page. Raises :class:`Unreadable`."""
    try:
        tree = lxml_html.fromstring(source)
    except (ValueError, lxml_html.etree.ParserError) as error:
        raise Unreadable("网页读不出来") from error
    values: dict[str, Any] = _metadata(tree)
    body = next((found[0] for path in _CONTENT if (found := tree.xpath(path))), tree)
    values["text"] = text_of(body)
    heading = next(iter([*tree.xpath("//h1"), *tree.xpath("//title")]), None)
    if "title" not in values and heading is not None and heading.text_content().strip():
        values["title"] = re.sub(r"\s+", "", heading.text_content()).split("_")[0]
    return values


def _metadata(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    cells = [re.sub(r"\s+", "", cell.text_content()) for cell in tree.xpath("//td[not(.//td)] | //th[not(.//th)]")]
    for label, value in pairwise(cells):
        name = _LABELS.get(label.rstrip("：:")) if label.endswith(("：", ":")) else None
        if name and value and not value.endswith(("：", ":")):
            found.setdefault(name, day(value) if name.endswith("_on") else value)
    return found


def text_of(node: Any) -> str:
    """The text of a node, a line for each block."""
    parts: list[str] = []

    def walk(one: Any) -> None:
        if not isinstance(one.tag, str) or one.tag in {"script", "style"}:
            parts.append(one.tail or "")
            return
        block = one.tag in _BLOCKS
        parts.append("\n" if block else "")
        parts.append(re.sub(r"\s+", " ", one.text or ""))
        for child in one:
            walk(child)
        parts.append("\n" if block else "")
        parts.append(re.sub(r"\s+", " ", one.tail or "") if one is not node else "")

    walk(node)
    lines = (line.strip(" \t\xa0") for line in "".join(parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


READERS: dict[str, Callable[[bytes], dict[str, Any]]] = {
    "docx": docx,
    "pdf": pdf,
    "html": page,
    "htm": page,
    "txt": plain,
    "md": plain,
}
