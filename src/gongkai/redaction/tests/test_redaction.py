"""Removed text is gone: from pixels, text, streams, metadata; what stays stays; what is not found stops the work."""

import datetime
import io

import pypdf
import pypdfium2
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.redaction import Basis, NotAPdf, NotFound, Removal, press, read, redact, survivors, unproven
from gongkai.redaction.pages import Box
from gongkai.typeset import fonts

DAY = datetime.date(2022, 1, 4)
PRIVACY, SECRET = Basis("条例第十五条", "个人隐私"), Basis("条例第十五条", "商业秘密")

try:
    FACES = fonts.choose(frozenset(fonts.library(fonts.folders()).families()))
except fonts.FontsMissing:
    pytest.skip("no Chinese font is installed (apt package fonts-noto-cjk)", allow_module_level=True)


def source(*pages: str) -> bytes:
    """A PDF with these pages of text."""
    face = FACES["body"][0]
    body = "#pagebreak()\n".join(f'#text("{page}")\n' for page in pages)
    markup = f'#set page(paper: "a4", margin: 20mm)\n#set text(font: "{face}", size: 12pt)\n{body}'
    return typst.compile(markup.encode(), format="pdf")


LETTER = source("申请人陈小明（证件500103199001011234）住渝中区。投资三亿五千万元，由某公司承担。", "陈小明签收。")


def test_removed_text_is_gone_and_the_rest_stays():
    made = redact(LETTER, [Removal(PRIVACY, "陈小明"), Removal(SECRET, "三亿五千万元")], press.pdf, DAY)
    assert survivors(LETTER, made.removed) == ["陈小明", "三亿五千万元"]  # the check can see what is there
    assert survivors(made.pdf, made.removed) == []
    kept = read(made.pdf)
    assert kept.pages[0].text == "申请人（证件500103199001011234）住渝中区。投资，由某公司承担。"
    assert kept.pages[1].text == "签收。"
    assert [mark.page for mark in made.marks] == [0, 1, 0]
    notes = kept.pages[2].text
    assert "条例第十五条" in notes and "个人隐私" in notes and "商业秘密" in notes


def test_the_pixels_are_painted_over():
    made = redact(LETTER, [Removal(PRIVACY, "陈小明")], press.pdf, DAY)
    image = read(made.pdf).image(0, 144)
    box, height = made.marks[0].box, read(made.pdf).pages[0].height
    right_half = ((box.left + box.right) / 2, height - box.top + 2, box.right - 2, height - box.bottom - 2)
    colours = image.crop(tuple(int(value * 2) for value in right_half)).getcolors(10_000)
    assert max(max(colour) for _, colour in colours) < 60  # nothing but black where the name stood


def test_a_name_broken_over_two_lines_is_found():
    made = redact(
        source("甲" * 35 + "重庆某某建设有限公司" + "乙" * 5), [Removal(SECRET, "重庆某某建设有限公司")], press.pdf, DAY
    )
    assert len(made.marks) == 2 and survivors(made.pdf, made.removed) == []


def test_a_place_on_a_scan_can_be_removed():
    made = redact(LETTER, [Removal(PRIVACY, page=0, box=Box(50, 700, 300, 800))], press.pdf, DAY)
    assert "陈小明" not in read(made.pdf).pages[0].text and "陈小明" in read(made.pdf).pages[1].text


def test_metadata_annotations_and_attachments_do_not_come_along():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(LETTER))
    writer.add_metadata({"/Author": "陈小明拟稿", "/Subject": "绝密说明内容"})
    writer.add_attachment("名单.txt", "陈小明的联系方式".encode())
    loaded = io.BytesIO()
    writer.write(loaded)
    assert survivors(loaded.getvalue(), ["绝密说明内容", "陈小明的联系方式"]) == ["绝密说明内容", "陈小明的联系方式"]
    made = redact(loaded.getvalue(), [Removal(PRIVACY, "陈小明")], press.pdf, DAY)
    assert survivors(made.pdf, ["陈小明", "绝密说明内容", "陈小明的联系方式", "名单.txt"]) == []


def test_what_is_not_found_stops_the_work():
    with pytest.raises(NotFound, match="没有找到“张三”"):
        redact(LETTER, [Removal(PRIVACY, "张三")], press.pdf, DAY)
    with pytest.raises(NotFound, match="没有第 9 页"):
        redact(LETTER, [Removal(PRIVACY, page=8, box=Box(0, 0, 1, 1))], press.pdf, DAY)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04", "不是".encode(), LETTER[: len(LETTER) // 2]])
def test_other_files_are_refused_in_chinese(content):
    try:
        reading = read(content)
    except NotAPdf as refusal:
        assert "PDF" in str(refusal) or "密码" in str(refusal)
    else:  # a torn file that PDFium could mend has pages
        assert reading.pages


def test_an_encrypted_file_is_refused():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(LETTER))
    writer.encrypt("secret", algorithm="AES-256")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(NotAPdf, match="密码"):
        read(locked.getvalue())


def test_the_same_input_gives_the_same_bytes():
    one, two = (redact(LETTER, [Removal(PRIVACY, "陈小明")], press.pdf, DAY).pdf for _ in range(2))
    assert one == two


WORDS = st.text(alphabet="渝中区规划批复资金安排会议纪要项目工程甲乙丙丁0123456789", min_size=8, max_size=60)


@settings(max_examples=15)
@given(WORDS, st.data())
def test_whatever_is_removed_is_gone(text, data):
    start = data.draw(st.integers(0, len(text) - 3))
    wanted = text[start : start + data.draw(st.integers(2, 6))]
    made = redact(source(text), [Removal(SECRET, wanted)], press.pdf, DAY)
    kept = "".join(page.text for page in read(made.pdf).pages[:-1])
    assert kept == _without(text, wanted)
    # What stays may by chance join to the removed text again, or the notes use the same words.
    if wanted not in "".join(page.text for page in read(made.pdf).pages):
        assert survivors(made.pdf, [wanted]) == []


def _without(text: str, wanted: str) -> str:
    """The oracle: letters covered by any occurrence, overlapping ones too, are dropped."""
    gone = {n + k for n in range(len(text)) if text.startswith(wanted, n) for k in range(len(wanted))}
    return "".join(letter for n, letter in enumerate(text) if n not in gone)


def test_pdfium_agrees_that_the_copy_opens():
    made = redact(LETTER, [Removal(PRIVACY, "陈小明")], press.pdf, DAY)
    assert len(pypdfium2.PdfDocument(made.pdf)) == 3


def test_one_occurrence_may_go_and_another_stay():
    removals = [Removal(PRIVACY, "陈小明", only=(0,))]
    made = redact(LETTER, removals, press.pdf, DAY)
    pages = [page.text for page in read(made.pdf).pages]
    assert "陈小明" not in pages[0] and "陈小明" in pages[1] and made.removed == ()
    assert unproven(LETTER, made.pdf, removals) == []


def test_the_proof_sees_what_survives():
    """Given a copy that still has the text, or has it once too often, the proof names it."""
    everywhere, once = [Removal(PRIVACY, "陈小明")], [Removal(PRIVACY, "陈小明", only=(1,))]
    box = [Removal(PRIVACY, page=0, box=Box(50, 700, 300, 800))]
    assert unproven(LETTER, LETTER, everywhere) == ["陈小明"] == unproven(LETTER, LETTER, once)
    assert unproven(LETTER, LETTER, box)
    assert unproven(LETTER, redact(LETTER, once, press.pdf, DAY).pdf, everywhere) == ["陈小明"]
    for removals in (everywhere, once, box):
        assert unproven(LETTER, redact(LETTER, removals, press.pdf, DAY).pdf, removals) == []
