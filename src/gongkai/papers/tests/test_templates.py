"""Templates: only what is declared can stand in one, and nothing in one or in a fact is ever run."""

import dataclasses
import io
import json
import re
import shutil
import subprocess
from datetime import date

import docx as word
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.law.decisions import LEAVES
from gongkai.papers import docx, pdf
from gongkai.papers.compose import FactsMissing, compose
from gongkai.papers.facts import LABELS, PERSONAL, Facts
from gongkai.papers.library import DECISIONS, decision_of, library, unpack
from gongkai.papers.template import TemplateFault, placeholders, read

NAMES = sorted(LABELS)
FULL = Facts(leaf="3.1", stamp=date(2021, 3, 1), **{name: f"〔{label}〕" for name, label in LABELS.items()})


def source(*body: str, **other: object) -> bytes:
    """A template file."""
    made = {"id": "receipt", "version": "9", "valid_from": "2020-01-01", "name": "回执", "body": list(body)}
    return json.dumps(made | other).encode()


def said(content: bytes) -> str:
    """The text of a Word file, tables included."""
    file = word.Document(io.BytesIO(content))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in file.paragraphs] + cells)


def test_built_in_templates_are_sound_and_used():
    found = library()
    assert not found.faults and len(found.built_in) == 24
    assert {one.id for one in found.built_in if one.id.startswith("decision-")} == {
        f"decision-{code}" for code in DECISIONS
    }


@pytest.mark.parametrize("template", library().built_in, ids=lambda one: one.id)
def test_each_template_prints_every_placeholder_it_names(template):
    for leaf in template.by_leaf or ("3.1",):
        paper = compose(template, dataclasses.replace(FULL, leaf=leaf))
        assert not re.search(r"[{}]", paper.text)
        named = {n for n in template.placeholders if any(f"{{{n}}}" in text for text in _common(template))}
        assert all(f"〔{LABELS[name]}〕" in paper.text for name in named - {"basis"} if name != "agency")


def _common(template) -> list[str]:
    blocks = [b if isinstance(b, str) else " ".join(text for row in b.rows for text in row) for b in template.body]
    return [
        template.name,
        template.number,
        template.addressee,
        template.signature,
        template.date,
        *template.notes,
        *blocks,
    ]


@pytest.mark.parametrize("leaf", LEAVES)
def test_every_leaf_has_its_own_letter(leaf):
    template = library().find(decision_of(leaf), date(2021, 3, 1))
    assert not template.by_leaf or leaf in template.by_leaf
    text = compose(template, dataclasses.replace(FULL, leaf=leaf)).text
    words = {
        "3.1": "予以公开",
        "3.2": "部分公开",
        "3.3": "不予公开",
        "3.3.8": "查询",
        "3.4": "提供",
        "3.4.1": "告知",
        "3.6": "处理",
    }
    words |= {"3.5": "不予", "3.5.1": "不作为政府信息公开申请处理"}
    assert words.get(leaf, words[".".join(leaf.split(".")[:2])]) in text


@pytest.mark.parametrize(
    "text",
    [
        "{a.__class__}", "{agency.__class__}", "{agency[0]}", "{agency!r}", "{agency:>99999999}", "{{7*7}}", "{% for x in y %}",
        "{{ agency }}", "{", "}", "{}", "{Agency}", "{nobody}", "{agency", "a}b", "{agency}}", "{{agency}", "{ agency }",
        "{by_leaf} x", "{leaf}", "{stamp}",
    ],
)  # fmt: skip
def test_anything_but_a_plain_placeholder_is_refused(text):
    with pytest.raises(TemplateFault):
        read(source(text))


@given(st.text(alphabet="{}[]().!:%_ ageency\\n0", max_size=30))
def test_a_template_is_either_refused_or_only_placeholders(text):
    """Oracle: cut out every declared placeholder by hand; a brace that is left means refusal."""
    rest = text
    for name in NAMES:
        rest = rest.replace("{" + name + "}", "")
    try:
        placeholders(text)
    except TemplateFault:
        assert "{" in rest or "}" in rest
    else:
        assert "{" not in rest and "}" not in rest


HOSTILE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn"]), max_size=40) | st.sampled_from(
    ["{agency}", "{a.__class__}", "{{7*7}}", "{% include 'x' %}", "#read(\"/etc/passwd\")", "$x$", "#sys.inputs", "[link](x)",
     "MERGEFIELD x", "{ DDEAUTO cmd }", "<w:fldSimple w:instr=\"x\"/>", "\\u{1F600}", "a\r\nb", "*b* _i_ `c`", "//x /*y*/"]
)  # fmt: skip


@given(name=st.sampled_from(NAMES), value=HOSTILE)
@settings(max_examples=40, deadline=None)
def test_a_fact_is_printed_as_it_stands(name, value):
    template = read(source("前{" + name + "}后"))
    paper = compose(template, dataclasses.replace(FULL, **{name: value}))
    expected = (
        [line.strip() for line in f"前{value.replace(chr(13), '').strip()}后".split("\n")] if value.strip() else []
    )
    assert [block for block in paper.blocks if block] == [line for line in expected if line]
    assert said(docx.write(paper)).count("前") >= (1 if expected else 0)


def test_hostile_text_stays_text_in_both_files():
    hostile = '#read("/etc/passwd") $x$ {a.__class__} <w:fldSimple/> { DDEAUTO cmd } *b* \\u{41}'
    paper = compose(read(source("{reason}", signature="{agency}")), dataclasses.replace(FULL, reason=hostile))
    content = docx.write(paper)
    assert hostile in said(content)
    xml = word.Document(io.BytesIO(content)).element.body.xml
    assert "<w:fldSimple" not in xml and "<w:instrText" not in xml
    if shutil.which("pdftotext"):
        text = subprocess.run(
            ["pdftotext", "-raw", "-", "-"], input=pdf.write(paper), capture_output=True, check=True
        ).stdout
        assert "".join(hostile.split()) in "".join(text.decode().split())


@pytest.mark.parametrize("template", library().built_in, ids=lambda one: one.id)
def test_same_paper_same_bytes(template):
    paper = compose(template, dataclasses.replace(FULL, leaf=next(iter(template.by_leaf), "3.1")))
    assert docx.write(paper) == docx.write(paper)


def test_same_pdf_same_bytes():
    paper = compose(library().find("decision-3.3", date(2021, 3, 1)), dataclasses.replace(FULL, leaf="3.3.4"))
    assert pdf.write(paper) == pdf.write(paper)


def test_missing_facts_are_named_and_optional_paragraphs_left_out():
    template = read(source("甲{reason}", "乙{opinion}", required=["reason"]))
    assert compose(template, dataclasses.replace(FULL, opinion="")).blocks == (f"甲{FULL.reason}",)
    with pytest.raises(FactsMissing, match="理由") as missing:
        compose(template, dataclasses.replace(FULL, reason=" \n "))
    assert missing.value.names == ["reason"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff", "JSON"), (b"[]", "对象"), (b"{}", "缺少"), (b"[" * 100_000, "JSON"), (b" " * 200_001, "过大"),
        (source("x", surplus=1), "surplus"), (source("x", valid_from="x"), "日期"), (source("x", id="../x"), "id"),
        (source("x", body="x"), "列表"), (source("a\nb"), "换行"), (source("x", required=["x"]), "占位符"),
        (source("x", by_leaf={"3.1": ["x"]}), "by_leaf"), (source("x", body=[{"rows": [["a"]]}]), "表格"),
        (source("x", id="decision-3.1"), "缺少必要的占位符"), (source("x", name=7), "文字"),
    ],
)  # fmt: skip
def test_faulty_files_are_refused_in_chinese(content, message):
    with pytest.raises(TemplateFault, match=message):
        read(content, "x.json")


def test_a_local_template_takes_over_on_its_day(tmp_path):
    (tmp_path / "receipt.json").write_bytes(source("本地{number}", valid_from="2022-01-01"))
    (tmp_path / "broken.json").write_bytes(source("{nobody}"))
    (tmp_path / "other.json").write_bytes(source("x", id="poem"))
    found = library(tmp_path)
    assert found.find("receipt", date(2021, 12, 31)).version == "1"
    assert found.find("receipt", date(2022, 1, 1)).version == "9"
    assert len(found.faults) == 2 and "broken.json" in found.faults[0] and "poem" in found.faults[1]
    again = unpack(found.pack)
    assert again.find("receipt", date(2022, 1, 1)) == found.find("receipt", date(2022, 1, 1))
    (tmp_path / "receipt.json").write_bytes(source("改后{number}", valid_from="2022-01-01", version="10"))
    assert library(tmp_path).find("receipt", date(2022, 1, 1)).version == "10"
    assert again.find("receipt", date(2022, 1, 1)).version == "9"


def test_what_names_people_is_known():
    assert {"applicant", "id_number", "phone", "address", "content", "query_code", "consulted", "signer"} <= PERSONAL
    assert not library().find("consultation-notice", date(2021, 3, 1)).placeholders & {"consulted"}
