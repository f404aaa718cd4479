"""Uploads: judged by content, sealed, erasable, sealed anew; every trick refused in Chinese, by name."""

import io
import json
import os
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from gongkai.ledger import attachments, uploads, vault
from gongkai.ledger.attachments import Missing, Upload
from gongkai.ledger.models import Reading
from gongkai.ledger.services import SYSTEM, act
from gongkai.procedure import Invalid
from gongkai.settings.home import KeyRing

MB = uploads.MB
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


def png(width: int = 1, height: int = 1) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0\0\0")) + chunk(b"IEND", b"")
    )


def jpg(width: int = 1, height: int = 1) -> bytes:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + b"\0" * 9 + frame + b"\xff\xd9"


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1600 + stream.encode("utf-16-le") + b"\0" * 512


def container(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return held.getvalue()


WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}
EXCEL = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
GOOD = {
    "申请 1.pdf": PDF,
    "说明.docx": container(WORD),
    "清单.xlsx": container(EXCEL),
    "旧.doc": ole("WordDocument"),
    "旧.xls": ole("Workbook"),
    "版式.ofd": container({"OFD.xml": b"<OFD/>"}),
    "照片.JPG": jpg(),
    "照片.jpeg": jpg(),
    "图.png": png(),
    "文字.txt": "请公开规划批复\r\n".encode(),
    "国标.txt": "请公开规划批复".encode("gb18030"),
}


def lying(content: bytes, says: int) -> bytes:
    """The same container, whose directory and local headers claim another size for every entry."""
    held = bytearray(content)
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        found = held.find(mark)
        while found >= 0:
            held[found + at : found + at + 4] = struct.pack("<I", says)
            found = held.find(mark, found + 4)
    return bytes(held)


def encrypted(content: bytes) -> bytes:
    held = bytearray(content)
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        found = held.find(mark)
        while found >= 0:
            held[found + at] |= 1
            found = held.find(mark, found + 4)
    return bytes(held)


ZEROS = b"\0" * (40 * MB)
BAD = {
    "zero bytes": ("空.pdf", b"", "空文件"),
    "another kind": ("程序.pdf", b"MZ\x90\0" * 100, "不是 PDF"),
    "a page as text": ("网页.png", b"<html><script>alert(1)</script>", "不是 PNG"),
    "excel called word": ("表.docx", container(EXCEL), "不是 Word"),
    "old excel called word": ("表.doc", ole("Workbook"), "不是 Word 97"),
    "zip": ("材料.zip", container({"a.txt": b"a"}), "压缩包请解开"),
    "zip called word": ("材料.docx", container({"a.txt": b"a"}), "不是 Word"),
    "no ending": ("材料", PDF, "这类文件不能接收"),
    "program": ("程序.exe", b"MZ", "这类文件不能接收"),
    "page": ("网页.html", b"<html>", "这类文件不能接收"),
    "drawing with script": ("图.svg", b"<svg/>", "这类文件不能接收"),
    "two endings": ("说明.pdf.exe", PDF, "这类文件不能接收"),
    "binary text": ("文字.txt", b"a\0b", "不是纯文本"),
    "neither encoding": ("文字.txt", b"\xff\xff\xff", "不是纯文本"),
    "torn container": ("断.docx", container(WORD)[:-30], "打不开"),
    "wrong checksum": ("坏.docx", container(WORD, zipfile.ZIP_STORED).replace(b"<document/>", b"<dokument/>"), "打不开"),
    "locked": ("锁.docx", encrypted(container(WORD)), "密码"),
    "macros": ("宏.docx", container(WORD | {"word/vbaProject.bin": b"x"}), "宏程序"),
    "nested": ("套.docx", container(WORD | {"word/embeddings/a.zip": container({"b": ZEROS[:MB]})}), "内含压缩包"),
    "path inside": ("径.docx", container(WORD | {"../../etc/passwd": b"x"}), "路径"),
    "root inside": ("径.xlsx", container(EXCEL | {"/etc/passwd": b"x"}), "路径"),
    "many entries": ("多.docx", container(WORD | {f"word/{n}.xml": b"" for n in range(6000)}, 0), "部件过多"),
    "bomb": ("弹.docx", container(WORD | {"word/media/a.bin": ZEROS}), "压缩炸弹"),
    "bomb of ratio": ("弹.xlsx", container(EXCEL | {"xl/a.xml": ZEROS[: 12 * MB]}), "压缩炸弹"),
    "bomb that lies": ("弹.docx", lying(container(WORD | {"word/a.bin": ZEROS}), 10), "打不开"),
    "huge picture": ("图.png", png(60000, 60000), "图片过大"),
    "huge photograph": ("图.jpg", jpg(60000, 60000), "图片过大"),
    "up the path": ("../../etc/passwd.pdf", PDF, "路径"),
    "windows path": ("C:\\Users\\a.pdf", PDF, "路径"),
    "hidden": (".a.pdf", PDF, "路径"),
    "dots": ("a..pdf", PDF, "路径"),
    "null": ("a\0.pdf", PDF, "控制字符"),
    "line": ("a\r\nSet-Cookie: b.pdf", PDF, "控制字符"),
    "turned around": ("照片\u202efdp.exe.pdf", PDF, "控制字符"),
    "long": ("长" * 200 + ".pdf", PDF, "过长"),
    "too large": ("大.txt", b"a" * (20 * MB + 1), "超过 20 MB"),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_what_people_send_is_taken(name: str) -> None:
    assert uploads.objection(Upload(name, GOOD[name])) is None


@pytest.mark.parametrize("case", BAD)
def test_tricks_are_refused_by_name(case: str) -> None:
    name, content, said = BAD[case]
    with pytest.raises(Invalid) as refused:
        uploads.check([Upload(name, content)], "files")
    ((field, message),) = refused.value.errors
    assert field == "files" and said in message and uploads.shown(name) in message
    assert not uploads._HIDDEN.search(message)


def test_a_bomb_is_found_quickly() -> None:
    for case in ("bomb", "bomb that lies", "bomb of ratio", "nested"):
        name, content, _ = BAD[case]
        start = time.process_time()
        assert uploads.objection(Upload(name, content))
        assert time.process_time() - start < 2


def test_too_many_and_too_much(settings) -> None:
    with pytest.raises(Invalid, match="最多 10 个"):
        uploads.check([Upload("a.pdf", PDF)] * 11)
    settings.UPLOADS = {"total": 100}
    with pytest.raises(Invalid, match="合计超过"):
        uploads.check([Upload("a.pdf", PDF)] * 3)


@given(st.text(max_size=300), st.binary(max_size=400))
def test_nothing_breaks_the_judgement(name: str, content: bytes) -> None:
    for ending in ("", *(f".{kind}" for kind in uploads.KINDS)):
        said = uploads.objection(Upload(name + ending, content))
        assert said is None or isinstance(said, str)


@given(st.sampled_from(sorted(GOOD)), st.data())
def test_damaged_files_break_nothing(name: str, data: st.DataObject) -> None:
    content = bytearray(GOOD[name])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    said = uploads.objection(Upload(name, bytes(content)))
    assert said is None or isinstance(said, str)


# Stored --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def home(settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path / "attachments"


def store(*files: Upload) -> list[str]:
    with transaction.atomic(), attachments.keeping(files) as kept:
        act(
            "person",
            f"p{time.monotonic_ns()}",
            "join",
            SYSTEM,
            data={"body": "cq"},
            system_data={"attachments": kept.told},
        )
    return [one["ref"] for one in kept.told]


def stored(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


FILE = Upload("陈小明身份证.pdf", PDF)


@pytest.mark.django_db(transaction=True)
def test_sealed_settled_read_and_erased(home: Path) -> None:
    (reference,) = store(FILE)
    (path,) = stored(home)
    assert path.parent.name == reference[:2] and b"%PDF" not in path.read_bytes()
    assert attachments.get(reference) == FILE and attachments.name_of(reference) == FILE.name
    attachments.erase(reference)
    attachments.erase(reference)
    assert not stored(home) and attachments.name_of(reference) == ""
    with pytest.raises(Missing):
        attachments.get(reference)
    for trick in ("../../../etc/passwd", "", "x" * 32, "0" * 31 + "/"):
        with pytest.raises(Missing):
            attachments.get(trick)


@pytest.mark.django_db(transaction=True)
def test_a_line_says_neither_name_nor_content(home: Path) -> None:
    from gongkai.ledger.models import Event

    store(FILE)
    said = json.dumps(Event.objects.get().data, ensure_ascii=False)
    assert "陈小明" not in said and '"size": ' in said and '"type": "pdf"' in said


@pytest.mark.django_db(transaction=True)
def test_a_failed_step_leaves_no_file(home: Path) -> None:
    with pytest.raises(ZeroDivisionError), attachments.keeping([FILE]):
        assert stored(home)
        raise ZeroDivisionError
    with pytest.raises(Invalid), attachments.keeping([FILE, Upload("a.exe", b"MZ")]):
        raise AssertionError("never inside")
    assert not stored(home)


@pytest.mark.django_db(transaction=True)
def test_what_a_crash_leaves_is_swept(home: Path) -> None:
    (reference,) = store(FILE)
    settled = stored(home)[0]
    (home / "incoming").mkdir(exist_ok=True)
    settled.rename(home / "incoming" / reference)  # the crash came before the file was settled
    lost = attachments._store(FILE)["ref"]  # and another before the line was written
    assert attachments.sweep() == 0, "a file of today may be about to be named"
    assert attachments.sweep(time.time() + 2 * 24 * 3600) == 1
    assert attachments.get(reference) == FILE and stored(home)[0].parent.name == reference[:2]
    with pytest.raises(Missing):
        attachments.get(lost)


@pytest.mark.django_db(transaction=True)
def test_rotation_seals_files_anew(home: Path, settings, tmp_path: Path) -> None:
    ring = tmp_path / "ring"
    ring.write_text("first")
    settings.VAULT_KEYS = KeyRing(ring)
    (reference,) = store(FILE)
    settings.VAULT_KEYS.replace(["second", "first"])
    assert attachments.rotate() == 1 and attachments.rotate() == 0
    settings.VAULT_KEYS.replace(["second"])
    assert attachments.get(reference) == FILE
    settings.VAULT_KEYS.replace(["first"])
    with pytest.raises(InvalidToken):
        attachments.get(reference)


@pytest.mark.django_db(transaction=True)
def test_sealed_while_the_ring_changes(home: Path, settings, tmp_path: Path, monkeypatch) -> None:
    ring = tmp_path / "ring"
    ring.write_text("first")
    settings.VAULT_KEYS = KeyRing(ring)
    write, rotated = attachments._write, []

    def meanwhile(path: Path, content: bytes) -> None:
        if not rotated:
            rotated.append(True)
            settings.VAULT_KEYS.replace(["second", "first"])
            attachments.rotate()
        write(path, content)

    monkeypatch.setattr(attachments, "_write", meanwhile)
    reference = attachments._store(FILE)["ref"]
    settings.VAULT_KEYS.replace(["second"])
    assert attachments.get(reference) == FILE


@pytest.mark.django_db(transaction=True)
def test_served_to_be_saved_and_logged(home: Path) -> None:
    (reference,) = store(FILE)
    answer = attachments.serve(reference, "handler", "办理申请")
    assert (
        answer["Content-Disposition"].startswith("attachment") and "filename*=utf-8''" in answer["Content-Disposition"]
    )
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Type"] == "application/pdf" and answer.content == PDF
    line = Reading.objects.get()
    assert (line.secret, line.reader) == (f"attachment/{reference}", "handler")


def test_files_are_closed_to_other_users(home: Path) -> None:
    attachments._store(FILE)
    assert all(os.stat(path).st_mode & 0o077 == 0 for path in stored(home))
    assert vault.fernet_key("a") != vault.fernet_key("b")
