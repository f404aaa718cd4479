"""What may be uploaded, judged by the content itself: kind, size, structure, and the name it came with.

Word, Excel and OFD files are zip containers: their directory is read and every entry unpacked (and thrown away) under a
limit, because a directory can lie. Archives as such are refused: nobody can see what is in them before opening them.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings

from gongkai.procedure import Invalid

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes; set with ``UPLOADS = {…}`` in the settings. ``unpacked`` is what a container may grow to."""

    file: int = 20 * MB
    total: int = 50 * MB
    files: int = 10
    name: int = 100
    unpacked: int = 200 * MB
    entries: int = 5000
    ratio: int = 100


def limits() -> Limits:
    """The limits of this installation. Raises TypeError for a name :class:`Limits` does not know."""
    return Limits(**getattr(settings, "UPLOADS", {}))


@dataclass(frozen=True)
class Upload:
    """A file as it was sent: the name the sender gave it, and its content."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Kind:
    """A kind of file: what people call it, how it is served, and the check of its content (an objection, or None)."""

    label: str
    mime: str
    check: Callable[[bytes], str | None]


_WRONG = "内容不是{}文件，请用相应软件打开核对后重新保存"
#: Names of entries that are archives themselves.
_ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".bz2", ".xz", ".tar", ".tgz", ".jar", ".cab", ".iso", ".zst")
_PIXELS = 100_000_000


def _pdf(content: bytes) -> str | None:
    whole = re.match(rb"%PDF-\d\.\d", content) and b"%%EOF" in content[-4096:]
    return None if whole else _WRONG.format(" PDF ")


def _ole(*streams: str) -> Callable[[bytes], str | None]:
    """The old Office container; which program wrote it shows in the names of its streams."""

    def check(content: bytes) -> str | None:
        whole = content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") and len(content) >= 1536
        named = any(stream.encode("utf-16-le") in content for stream in streams)
        return None if whole and named else _WRONG.format(" Word 97 " if "WordDocument" in streams else " Excel 97 ")

    return check


def _png(content: bytes) -> str | None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") or b"IEND" not in content[-64:]:
        return _WRONG.format(" PNG 图片")
    width, height = struct.unpack(">II", content[16:24])
    return "图片过大，请缩小后再上传" if not 0 < width * height <= _PIXELS else None


def _jpg(content: bytes) -> str | None:
    """Walk the markers to the frame header, which gives the size."""
    at = 2
    if not content.startswith(b"\xff\xd8\xff") or b"\xff\xd9" not in content[-4096:]:
        return _WRONG.format(" JPG 图片")
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return "图片过大，请缩小后再上传" if width * height > _PIXELS else None
        at += 2 + length
    return _WRONG.format(" JPG 图片")


def _txt(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _WRONG.format("纯文本") if re.search(r"[\x00-\x08\x0e-\x1f]", text) else None
    return _WRONG.format("纯文本")


def _container(label: str, *needed: str) -> Callable[[bytes], str | None]:
    """A zip container that holds the entries that make it one of its kind."""

    def check(content: bytes) -> str | None:
        if not content.startswith(b"PK\x03\x04"):
            return _WRONG.format(label)
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as container:
                entries = container.infolist()
                if objection := _directory(entries, len(content)):
                    return objection
                if not set(needed) <= {entry.filename for entry in entries}:
                    return _WRONG.format(label)
                return _unpack(container, entries)
        except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, EOFError, OSError):
            return "文件已损坏或者加了密码，打不开"

    return check


def _directory(entries: Sequence[zipfile.ZipInfo], size: int) -> str | None:
    """What the container's own list of contents gives away."""
    allowed = limits()
    if len(entries) > allowed.entries:
        return "内含的部件过多，疑似压缩炸弹，不能接收"
    if sum(entry.file_size for entry in entries) > min(allowed.unpacked, max(allowed.ratio * size, 10 * MB)):
        return "解开后远大于文件本身，疑似压缩炸弹，不能接收"
    for entry in entries:
        name = entry.filename.lower()
        if name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts or ":" in name:
            return "内含指向其他位置的路径，不能接收"
        if entry.flag_bits & 1:
            return "加了密码，工作人员无法打开，请去掉密码后再上传"
        if name.endswith(_ARCHIVES):
            return "内含压缩包，不能接收，请把其中的文件逐个上传"
        if name.endswith("vbaproject.bin"):
            return "含有宏程序，不能接收，请另存为不含宏的文件后再上传"
    return None


def _unpack(container: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> str | None:
    """Unpack everything and keep nothing: checksums are compared, and sizes that lie are found."""
    room = limits().unpacked
    for entry in entries:
        with container.open(entry) as stream:
            while chunk := stream.read(256 * 1024):
                room -= len(chunk)
                if room < 0:
                    return "解开后远大于文件本身，疑似压缩炸弹，不能接收"
    return None


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, Kind] = {
    "pdf": Kind("PDF", "application/pdf", _pdf),
    "docx": Kind("Word", _OPEN_XML + "wordprocessingml.document",
                 _container(" Word ", "[Content_Types].xml", "word/document.xml")),
    "xlsx": Kind("Excel", _OPEN_XML + "spreadsheetml.sheet",
                 _container(" Excel ", "[Content_Types].xml", "xl/workbook.xml")),
    "doc": Kind("Word 97", "application/msword", _ole("WordDocument")),
    "xls": Kind("Excel 97", "application/vnd.ms-excel", _ole("Workbook", "Book")),
    "ofd": Kind("OFD", "application/ofd", _container(" OFD ", "OFD.xml")),
    "jpg": Kind("图片", "image/jpeg", _jpg),
    "png": Kind("图片", "image/png", _png),
    "txt": Kind("文本", "text/plain; charset=utf-8", _txt),
}  # fmt: skip
_SAME = {"jpeg": "jpg"}
ALLOWED = "、".join(KINDS)
#: Control characters, and those that turn the direction of writing to hide an ending.
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def kind_of(name: str) -> str:
    """The kind by the name's ending (a key of :data:`KINDS`), or empty."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    ending = _SAME.get(ending, ending)
    return ending if ending in KINDS else ""


def name_objection(name: str) -> str | None:
    """Why a file name is refused (Chinese), or None."""
    if _HIDDEN.search(name):
        return "文件名含有不可见的控制字符，请改名后再上传"
    if "/" in name or "\\" in name or ".." in name or name.startswith((".", "~")) or re.search(r'[:*?"<>|]', name):
        return "文件名含有路径或者特殊符号，请改为普通名称后再上传"
    if len(name) > limits().name or len(name.encode(errors="replace")) > 240:
        return f"文件名过长，请改到 {limits().name} 字以内"
    if not kind_of(name):
        return f"这类文件不能接收；可以上传 {ALLOWED} 文件。压缩包请解开后逐个上传"
    return None


def objection(upload: Upload) -> str | None:
    """Why a file is refused (Chinese), or None."""
    if said := name_objection(upload.name):
        return said
    if not upload.content:
        return "是空文件（0 字节），请核对后重新上传"
    if len(upload.content) > limits().file:
        return f"超过 {limits().file // MB} MB，请压缩或者拆分后再上传"
    return KINDS[kind_of(upload.name)].check(upload.content)


def check(uploads: Sequence[Upload], field: str = "files") -> None:
    """Refuse what may not be uploaded. Raises ``procedure.Invalid`` naming the field and each file."""
    allowed = limits()
    errors = []
    if len(uploads) > allowed.files:
        errors.append((field, f"“附件”一次最多 {allowed.files} 个"))
    elif sum(len(upload.content) for upload in uploads) > allowed.total:
        errors.append((field, f"“附件”合计超过 {allowed.total // MB} MB，请减少或者压缩后再上传"))
    else:
        errors = [(field, f"附件“{shown(one.name)}”{said}") for one in uploads if (said := objection(one))]
    if errors:
        raise Invalid(errors)


def shown(name: str) -> str:
    """A file's name as a message may show it: nothing hidden, not too long."""
    plain = _HIDDEN.sub("�", name)
    return plain if len(plain) <= 60 else f"{plain[:40]}…{plain[-12:]}"
