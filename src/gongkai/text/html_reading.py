"""A page of a government site: the table of metadata above, and the body. Scripts, styles and links are not followed."""

import re
from collections.abc import Iterator
from typing import Any

import lxml.html

from gongkai.text.reading import CannotRead, Reading, decoded, title_of

_FIELDS = {
    "索引号": "index_number", "主题分类": "theme", "发文机关": "issuing_body", "发布机构": "issuing_body", "成文日期": "written_date",
    "标题": "title", "名称": "title", "发文字号": "doc_number", "文号": "doc_number", "发布日期": "publish_date",
    "主题词": "subject_words", "有效性": "validity", "公开方式": "disclosure", "责任部门": "department",
    "施行日期": "effective_date", "失效日期": "expiry_date", "体裁分类": "genre", "服务对象": "audience",
}  # fmt: skip
_DATES = {"written_date", "publish_date", "effective_date", "expiry_date"}
_BODIES = (
    "//*[@id='UCAP-CONTENT']", "//*[@id='zoom']", "//*[contains(@class,'TRS_Editor')]", "//*[contains(@class,'pages_content')]",
    "//article", "//*[@role='main']", "//main",
)  # fmt: skip
_UNSEEN = {"script", "style", "noscript", "template", "head", "iframe", "object", "nav", "select", "button"}
_BLOCKS = {
    "p",
    "div",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "blockquote",
    "ul",
    "ol",
    "table",
}
#: A page nested deeper than this is not a page a person wrote.
DEEPEST = 400


def read_html(content: bytes, shown: str) -> Reading:
    """The body's paragraphs and the metadata of the page; :class:`CannotRead` if it holds no text."""
    text = _decoded(content, shown)
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = lxml.html.document_fromstring(text, parser=parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise CannotRead(f"{shown} 不是能读的网页") from error
    metadata, warnings = _metadata(root)
    body, how = _body(root)
    words = _tidy("".join(_words(body)))
    if how:
        warnings.append(how)
    if body.xpath(".//img"):
        warnings.append(f"正文里有 {len(body.xpath('.//img'))} 张图片，图片里的文字没有读取")
    title = metadata.pop("title", "") or _heading(root) or title_of(words)
    return Reading(title, words, "html", metadata, tuple(warnings))


def _decoded(content: bytes, shown: str) -> str:
    declared = re.search(rb"charset=[\"']?([A-Za-z0-9-]+)", content[:4000])
    if declared and declared[1].lower() in {b"gb2312", b"gbk", b"gb18030"}:
        try:
            return content.decode("gb18030")
        except UnicodeDecodeError:
            pass
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", decoded(content, shown))


def _metadata(root: Any) -> tuple[dict[str, str], list[str]]:
    """Cells that hold a known name (with or without colon) and the cell behind each."""
    found: dict[str, str] = {}
    warnings: list[str] = []
    for cell in root.xpath("//td|//th|//dt"):
        name = _FIELDS.get(re.sub(r"[\s:：\[\]【】]", "", cell.text_content())[:12])
        behind = cell.getnext()
        if name is None or behind is None or name in found:
            continue
        value = re.sub(r"\s+", " ", behind.text_content()).strip()
        if name in _DATES and value:
            value = iso_date(value) or (warnings.append(f"日期无法识别：{value}") or value)  # type: ignore[func-returns-value]
        if value:
            found[name] = value.replace("\\\\", "\\")
    return found, warnings


def iso_date(written: str) -> str:
    """2019年01月27日 or 2019-1-27 as 2019-01-27; "" if it is neither."""
    match = re.search(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})", written)
    return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}" if match else ""


def _body(root: Any) -> tuple[Any, str]:
    for path in _BODIES:
        if (found := root.xpath(path)) and found[0].text_content().strip():
            return found[0], ""
    return root, "没有认出正文所在的位置，读取了整个页面，可能带有导航等文字，请核对"


def _heading(root: Any) -> str:
    for path in ("//h1", "//title"):
        if found := root.xpath(path):
            words = re.sub(r"\s+", "", found[0].text_content())
            if words:
                return str(re.split(r"[_|－]", words)[0])
    return ""


def _words(element: Any, depth: int = 0) -> Iterator[str]:
    """The words as seen: blocks on lines of their own, rows of a table as ``| a | b |``."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in _UNSEEN:
        return
    if tag == "br":
        yield "\n"
    elif tag == "tr" and len(element) > 1:
        yield "\n| " + " | ".join(re.sub(r"\s+", " ", cell.text_content()).strip() for cell in element) + " |\n"
    elif depth > DEEPEST:
        yield str(element.text_content())
    else:
        edge = "\n\n" if tag in _BLOCKS else ""
        yield edge + re.sub(r"[\r\n\t]+", " ", element.text or "")
        for child in element:
            yield from _words(child, depth + 1)
            yield re.sub(r"[\r\n\t]+", " ", child.tail or "")
        yield edge


def _tidy(words: str) -> str:
    lines = (line.strip(" \t\xa0\u200b") for line in words.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
