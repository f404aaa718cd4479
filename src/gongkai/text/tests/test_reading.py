"""Files read: the pages of gov.cn, Word, PDF, text in both encodings; bad input is refused in Chinese."""

import io
import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text.reading import CannotRead, read_bytes, read_file
from gongkai.text.structure import parse
from gongkai.text.tests.corpus import pages, records
from gongkai.typeset import press

LAW = "某市某办法\n\n第一章 总则\n\n第一条 为了甲，制定本办法。\n\n第二条 乙：\n\n（一）丙；\n"


def _bare(text: str) -> str:
    return "".join(text.replace("|", "").split())


def test_pages_of_gov_cn():
    """Metadata and body equal those of the corpus, which another program took from the same pages."""
    known = {record["title"]: record for record in records(1) if record.get("index_number")}
    same = 0
    for page in pages():
        reading = read_bytes(page["html"].encode(), "page.html")
        record = known[page["title"]]
        assert (reading.title, reading.kind) == (page["title"], "html")
        for field in ("index_number", "doc_number", "publish_date", "written_date", "issuing_body", "theme"):
            assert reading.metadata.get(field) == record.get(field), (field, page["title"])
        assert set(_bare(record["text"])) - set(_bare(reading.text)) == set()
        same += _bare(reading.text) == _bare(record["text"])
    assert same >= 42  # three hold tables, which the corpus left out or set differently


def test_a_page_runs_and_fetches_nothing():
    page = (
        "<html><head><title>某办法_某市</title><script>alert(1)</script></head><body><nav>首页</nav><!-- 注 -->"
        "<table><tr><th>索引号</th><td>000014349/2019-00007</td><th>成文日期：</th><td>去年</td></tr></table>"
        "<div id='zoom'><p>第一条　甲<b>乙</b>。</p><p>第二条 丙<br>丁</p><img src='http://nowhere.invalid/x.png'>"
        "<style>p{}</style><iframe src='file:///etc/passwd'></iframe><table><tr><td>戊</td><td>己</td></tr></table></div></body></html>"
    )
    reading = read_bytes(page.encode("gb18030").replace(b"<head>", b"<head><meta charset='gb2312'>"), "")
    assert reading.text == "第一条　甲乙。\n\n第二条 丙\n丁\n\n| 戊 | 己 |\n"
    assert reading.title == "某办法"
    assert reading.metadata == {"index_number": "000014349/2019-00007", "written_date": "去年"}
    assert "日期无法识别" in reading.warnings[0] and "1 张图片" in reading.warnings[1]


def test_an_unknown_page_is_read_whole_with_a_warning():
    reading = read_bytes(b"<html><body><p>\xe7\x94\xb2</p></body></html>")
    assert reading.text == "甲\n" and "没有认出正文" in reading.warnings[0]


def _docx(text: str) -> bytes:
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "甲", "乙"
    document.add_paragraph("末段", style="List Number")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_word(tmp_path):
    path = tmp_path / "某办法.docx"
    path.write_bytes(_docx(LAW))
    reading = read_file(path)
    assert reading.text == LAW + "\n| 甲 | 乙 |\n末段\n"
    assert reading.title == "某市某办法" and len(parse(reading.text).articles) == 2


def test_pdf_lines_become_paragraphs(tmp_path):
    """A page set by the house's own press, long lines broken by the page, is read back into its paragraphs."""
    long = "第一条 " + "为了规范某市某项工作保障公民法人和其他组织依法获取政府信息的权利" * 4 + "，制定本办法。"
    template = tmp_path / "page.typ"
    template.write_text(
        "#let data = json(bytes(sys.inputs.data))\n"
        '#set document(title: "某办法")\n#set text(font: data.fonts.body, lang: "zh")\n#set page(numbering: "— 1 —")\n'
        "#for line in data.lines [#line#parbreak()]\n",
        "utf-8",
    )
    content = press.pdf(template, {"lines": [long, "第二条 乙。", "第三条 丙。"]}, day=date(2021, 1, 1))
    reading = read_bytes(content, "a.pdf")
    articles = parse(reading.text).articles
    assert len(articles) == 3
    assert _bare(long) in _bare(reading.text)
    assert any("页码" in warning for warning in reading.warnings)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_any_encoding(encoding):
    reading = read_bytes(LAW.encode(encoding), "某办法.txt")
    assert (reading.text, reading.title, reading.kind) == (LAW, "某市某办法", "text")


def test_markdown():
    reading = read_bytes("# 某市某办法\n\n## 第一章 总则\n\n第一条 甲。\n".encode(), "a.md")
    assert (reading.title, reading.kind) == ("某市某办法", "markdown")


def _zip(name: str, size: int = 4) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, b"0" * size)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "空的"),
        (b"  \n", "空的"),
        (b"PK\x03\x04 broken", "损坏"),
        (_zip("xl/workbook.xml"), "不是 Word 文件"),
        (_zip("word/document.xml"), "无法读取"),
        (_zip("word/document.xml", 400 * 1024 * 1024), "解开后过大"),
        (b"%PDF-1.7 broken", "损坏"),
        (b"\xd0\xcf\x11\xe0 old", "旧版 Word"),
        (b"\x89PNG", "图片"),
        (b"\x00\x01\x02", "不是文本"),
        (b"\xff\xff\xff\xff", "不是文本"),
        (b"<html><body></body></html>", "没有读出文字"),
    ],
)
def test_bad_input_is_refused(content, message):
    with pytest.raises(CannotRead, match=message):
        read_bytes(content, "文件")


def test_a_scan_has_no_words():
    from PIL import Image

    out = io.BytesIO()
    Image.new("1", (40, 40)).save(out, "PDF")
    with pytest.raises(CannotRead, match="扫描件"):
        read_bytes(out.getvalue(), "a.pdf")


def test_files_that_are_none(tmp_path, monkeypatch):
    with pytest.raises(CannotRead, match="没有这个文件"):
        read_file(Path(tmp_path / "无.txt"))
    with pytest.raises(CannotRead, match="是目录"):
        read_file(tmp_path)
    monkeypatch.setattr("gongkai.text.reading.LARGEST_FILE", 3)
    (tmp_path / "大.txt").write_text("第一条", "utf-8")
    with pytest.raises(CannotRead, match="过大"):
        read_file(tmp_path / "大.txt")


@given(st.binary(max_size=200), st.sampled_from([b"", b"%PDF", b"PK\x03\x04", b"<html>", b"\xff\xfe"]))
def test_any_bytes_are_read_or_refused(content, head):
    try:
        assert read_bytes(head + content).text.strip()
    except CannotRead as error:
        assert str(error)
