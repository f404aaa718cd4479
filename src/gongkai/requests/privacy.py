"""No applicant's data in what is published: texts, file names and the text inside files, compared with the vault.

What is compared is folded: one width, no case, nothing but letters and digits, so that 139 8765 4321 is found as
13987654321 and 欧 阳 as 欧阳. Traditional characters are read as simplified ones.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from functools import cache
from html import unescape
from typing import Any

import opencc
import pypdf
import pypdfium2

from gongkai.ledger.uploads import Upload, kind_of

#: What is looked for, by its name in the vault, and what it is called.
SOUGHT = {
    "name": "姓名或名称", "id_number": "证件号码", "phone": "联系电话", "email": "电子邮箱", "address": "通信地址",
}  # fmt: skip
#: Shorter than this after folding says nothing: one character, the last digits of a number.
SHORTEST = {"name": 2, "id_number": 6, "phone": 7, "email": 5, "address": 5}
_REGION = re.compile(r"^(?:[^省]{2,6}省|[^区]{2,6}自治区)?(?:[^市]{2,5}市)?(?:[^区县]{1,6}[区县])?")
_MOBILE = re.compile(r"(?<![\d])1[3-9]\d{9}(?!\d)")
_IDENTITY = re.compile(r"(?<![\d])[1-9]\d{16}[\dXx](?!\d)")
_BETWEEN = re.compile(r"(?<=\d)[\s-](?=\d)")
_TAGS = re.compile(rb"<[^>]+>")
#: Kinds whose text can be read here; the others are looked at by the reviewer alone.
READABLE = frozenset({"pdf", "docx", "xlsx", "ofd", "txt"})


@cache
def _simplified() -> Any:
    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """The text as it is compared."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return str(_simplified().convert("".join(c for c in plain if c.isalnum())))


def _needles(personal: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """(name in the vault, folded text to look for)."""
    for name, shortest in SHORTEST.items():
        value = str(personal.get(name) or "")
        forms = {value}
        if name == "address":
            forms.add(_REGION.sub("", value))
        if name == "phone":
            forms |= {re.sub(r"^(?:\+?86|0086)", "", value), *re.split(r"[,，;；、/\s]+", value)}
        for one in forms:
            if len(folded := fold(one)) >= shortest:
                yield name, folded


def found(personal: Mapping[str, Any], text: str) -> list[str]:
    """Which of an applicant's data a text holds, by their Chinese names, each once; empty when it holds none."""
    folded = fold(text)
    hits = [SOUGHT[name] for name, needle in _needles(personal) if needle in folded]
    return list(dict.fromkeys(hits))


def identifying(text: str) -> list[str]:
    """Numbers that name some person, whoever it is, by their Chinese names: mobile telephones, identity cards."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    return [word for word, pattern in (("手机号码", _MOBILE), ("身份证号码", _IDENTITY)) if pattern.search(plain)]


def text_of(upload: Upload) -> str:
    """The text inside a file, metadata included; empty for kinds that cannot be read (pictures, old Office files)."""
    kind, content = kind_of(upload.name), upload.content
    if kind == "pdf":
        return _pdf(content)
    if kind == "txt":
        return _plain(content)
    if kind in READABLE:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            xml = {name: parts.read(name) for name in parts.namelist() if name.endswith((".xml", ".rels"))}
        # Addresses of links stand in the attributes of relations, everything else between the tags.
        plain = [part if name.endswith(".rels") else _TAGS.sub(b"", part) for name, part in xml.items()]
        return unescape("\n".join(part.decode(errors="ignore") for part in plain))
    return ""


def _plain(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="ignore")


def _pdf(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        pages = [document[n].get_textpage().get_text_range() for n in range(len(document))]
    finally:
        document.close()
    told = pypdf.PdfReader(io.BytesIO(content)).metadata or {}
    return "\n".join([*pages, *(str(value) for value in told.values())])


def objections(personal: Mapping[str, Any], texts: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """(field, message) for every text of ``texts`` (field → label, text) that holds something of the applicant's."""
    errors = []
    for field, (label, text) in texts.items():
        if hits := found(personal, text):
            errors.append((field, f"“{label}”中含有申请人的{'、'.join(hits)}，请删去后再提交"))
    return errors


def file_objections(personal: Mapping[str, Any], files: Iterable[Upload]) -> list[tuple[str, str]]:
    """(``files``, message) for every file whose name or text holds something of the applicant's."""
    errors = []
    for number, one in enumerate(files, 1):
        if hits := found(personal, one.name):
            errors.append(("files", f"第 {number} 个附件的文件名含有申请人的{'、'.join(hits)}，请改名后再上传"))
        elif hits := found(personal, text_of(one)):
            errors.append(("files", f"附件“{one.name}”中含有申请人的{'、'.join(hits)}，请遮盖或者删去后重新上传"))
    return errors
