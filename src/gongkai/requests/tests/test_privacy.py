"""What identifies an applicant is found however it is written; what does not is left alone."""

import io
from datetime import date
from pathlib import Path
from string import digits
from tempfile import TemporaryDirectory

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.ledger.uploads import Upload
from gongkai.requests import privacy
from gongkai.typeset import press

PERSON = {
    "name": "欧阳秋水",
    "id_number": "500103197203040567",
    "phone": "+86 139-8765-4321",
    "email": "Ouyang.Qiushui@mail.example",
    "address": "重庆市渝中区和平路七星岗街道某巷18号",
    "content": "请公开批复",
}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("申请人欧阳秋水来函", "姓名或名称"),
        ("歐陽秋水", "姓名或名称"),
        ("欧 阳\u3000秋\u200b水", "姓名或名称"),
        ("欧阳\n秋水", "姓名或名称"),
        ("５００１０３１９７２０３０４０５６７", "证件号码"),
        ("500103 19720304 0567", "证件号码"),
        ("电话13987654321。", "联系电话"),
        ("139 8765 4321", "联系电话"),
        ("邮箱 OUYANG.QIUSHUI＠MAIL.EXAMPLE", "电子邮箱"),
        ("寄和平路七星岗街道某巷 18 号", "通信地址"),
        ("重庆市渝中区和平路七星岗街道某巷１８号", "通信地址"),
    ],
)
def test_found_in_any_writing(text, what):
    assert privacy.found(PERSON, f"答复如下：{text}，特此公开") == [what]


@pytest.mark.parametrize("text", ["", "重庆市渝中区的批复", "秋水广场规划", "请公开批复", "139 号文件", "mail.example"])
def test_what_tells_nobody_is_left_alone(text):
    assert privacy.found(PERSON, text) == []


def test_an_applicant_without_data_finds_nothing():
    assert privacy.found({}, "任何文字") == [] and privacy.found({"name": "陈", "phone": "12"}, "陈12") == []


_NOISE = st.text(alphabet=" \u3000-－·.,，。\n\t\u200b", max_size=2)


@given(st.text(alphabet=digits, min_size=7, max_size=18), st.data())
def test_a_number_is_found_through_any_punctuation(number, data):
    written = "".join(digit + data.draw(_NOISE) for digit in number)
    assert privacy.found({"phone": number}, f"电话：{written}号") == ["联系电话"]


@given(
    st.text(alphabet="张王李欧阳明丽山水公司ab1", min_size=2, max_size=6),
    st.text(alphabet="张王李欧阳明丽山水公司ab1 ，", max_size=20),
)
def test_found_is_exactly_plain_containment(name, text):
    """Slow truth for texts without tricks: the letters of one stand side by side in the other."""
    bare = "".join(c for c in text if c not in " ，")
    assert bool(privacy.found({"name": name}, text)) == (name in bare)


def _docx(text: str) -> bytes:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for letter in text:  # Word splits words into runs as it likes
        paragraph.add_run(letter)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _xlsx(text: str) -> bytes:
    book = openpyxl.Workbook()
    book.active["B2"] = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_PAGE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: "批复")
#set text(font: data.fonts.body, lang: "zh")
#data.text
"""


def _pdf(text: str) -> bytes:
    with TemporaryDirectory() as folder:
        template = Path(folder) / "page.typ"
        template.write_text(_PAGE)
        return press.pdf(template, {"text": text}, day=date(2021, 3, 1))


FILES = {
    "docx": _docx,
    "xlsx": _xlsx,
    "txt": lambda text: text.encode("gb18030"),
    "pdf": _pdf,
}


@pytest.mark.parametrize("kind", FILES)
def test_found_inside_files(kind):
    bad, good = (Upload(f"批复.{kind}", FILES[kind](text)) for text in ("抄送欧阳秋水", "同意该规划"))
    assert privacy.file_objections(PERSON, [good]) == []
    ((field, message),) = privacy.file_objections(PERSON, [good, bad])
    assert field == "files" and "姓名" in message and "欧阳" not in message


def test_a_name_of_a_file_is_not_repeated_in_the_refusal():
    ((_, message),) = privacy.file_objections(PERSON, [Upload("欧阳秋水的批复.txt", b"x")])
    assert "第 1 个附件的文件名" in message and "欧阳" not in message
