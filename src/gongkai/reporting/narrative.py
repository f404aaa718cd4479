"""The narrative of an annual report: six sections whose numbers are references to figures.

A text names a figure in braces, ``{requests_received}`` or ``{t3.1.total}``; the number is put in when the text is
shown, so a recount changes the text with the tables. ``【请填写…】`` marks what only people can write: a report with
such a mark left cannot be submitted.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from gongkai.annual.forms import SECTIONS
from gongkai.annual.grid import figure_text
from gongkai.procedure import Invalid

from .content import Narrative, Value

NAME = re.compile(r"\{([^{}\n]*)\}")
PROMPT = re.compile(r"【请填写[^】]*】")
#: Sections that consist of text alone, so may not be empty (Art 50 items 4 and 5; the form's 总体情况).
REQUIRED = (1, 5, 6)
#: Words of the report itself that a text may name beside the figures.
WORDS = {"body": "机关名称", "year": "年度"}
LONGEST = 20_000

PREAMBLE = (
    "根据《中华人民共和国政府信息公开条例》规定和《国务院办公厅政府信息与政务公开办公室关于印发〈中华人民共和国政府信息"
    "公开工作年度报告格式〉的通知》（国办公开办函〔2021〕30号）要求，现发布《{body}{year}年政府信息公开工作年度报告》。"
)

#: The first draft. Every number is a figure; what no figure knows is asked for.
DRAFT: dict[int, tuple[str, ...]] = {
    1: (
        "{year}年，{body}认真贯彻落实《中华人民共和国政府信息公开条例》，坚持以公开为常态、不公开为例外，依法做好"
        "政府信息公开各项工作。",
        "（一）主动公开情况。全年制发规章{t2.regulation.issued}件、行政规范性文件{t2.normative_document.issued}件；"
        "作出行政许可决定{t2.licence.decisions}件、行政处罚决定{t2.penalty.decisions}件、行政强制决定"
        "{t2.coercion.decisions}件，均依法公开。【请填写主动公开的重点工作】",
        "（二）依申请公开情况。全年收到政府信息公开申请{requests_received}件，上年结转{t3.2.total}件，办结"
        "{t3.3.7.total}件，其中予以公开{t3.3.1.total}件、部分公开{t3.3.2.total}件；结转下年度继续办理{t3.4.total}件。"
        "办理行政复议{reconsiderations}件、行政诉讼{lawsuits}件。",
        "（三）政府信息管理情况。全年废止规章{t2.regulation.repealed}件、行政规范性文件"
        "{t2.normative_document.repealed}件；现行有效规章{t2.regulation.in_force}件、行政规范性文件"
        "{t2.normative_document.in_force}件。【请填写公开属性标注、动态调整等情况】",
        "（四）平台建设情况。建有政务公开专区{disclosure_zones}个。【请填写政府网站、政务新媒体和政府公报的情况】",
        "（五）监督保障情况。收到投诉举报{complaints_received}件。【请填写培训、检查、工作考核、社会评议和责任追究结果的情况】",
    ),
    2: (),
    3: (),
    4: (),
    5: ("【请填写存在的主要问题，上年问题的整改，以及下一步改进措施】",),
    6: ("本年度收取信息处理费的情况：【请填写收费件数和金额；没有收取的，写明没有收取】",),
}  # fmt: skip


def first_draft() -> dict[int, str]:
    """The six sections as a new report begins."""
    return {number: "\n".join(paragraphs) for number, paragraphs in DRAFT.items()}


def check_texts(sections: Mapping[Any, Any], known: Iterable[str]) -> dict[int, str]:
    """The sections as stored: trimmed, one paragraph a line.

    Raises ``procedure.Invalid`` with a Chinese message for each faulty section: an unknown figure name, a stray brace,
    a section that does not exist, a text too long.
    """
    names = {*known, *WORDS}
    result: dict[int, str] = {}
    errors: list[tuple[str, str]] = []
    for number, text in sections.items():
        if number not in range(1, len(SECTIONS) + 1) or not isinstance(text, str):
            errors.append((f"section_{number}", f"年度报告没有第“{number}”部分，只有一至六部分"))
            continue
        tidy = "\n".join(line.strip() for line in text.splitlines() if line.strip())
        errors += [(f"section_{number}", f"“{SECTIONS[number - 1]}”{reason}") for reason in _faults(tidy, names)]
        result[number] = tidy
    if errors:
        raise Invalid(errors)
    return result


def _faults(text: str, names: set[str]) -> Iterable[str]:
    for name in dict.fromkeys(NAME.findall(text)):
        if name not in names:
            yield f"引用了不存在的指标“{{{name}}}”，请核对指标名，或者删去花括号"
    if re.search(r"[{}]", NAME.sub("", text)):
        yield "有不成对的花括号；引用指标请写成 {指标名}"
    if "\x00" in text:
        yield "含有不可见的控制字符，请删除后再填"
    if len(text) > LONGEST:
        yield f"不得超过 {LONGEST} 字"


def unfinished(sections: Narrative) -> str | None:
    """Why a narrative cannot go on yet, in Chinese: a required section is empty or a 【请填写…】 is left."""
    empty = [SECTIONS[number - 1] for number in REQUIRED if not sections.get(number, "").strip()]
    if empty:
        return f"正文还没有写：{'；'.join(f'“{title}”' for title in empty)}"
    left = [SECTIONS[number - 1] for number, text in sorted(sections.items()) if PROMPT.search(text)]
    return f"正文还有【请填写…】的地方没有填写：{'；'.join(f'“{title}”' for title in left)}" if left else None


def fill(text: str, values: Mapping[str, Value], body: str, year: int) -> str:
    """A text with its figures put in. Raises LookupError (Chinese) for a name without a value."""
    words: dict[str, str] = {"body": body, "year": str(year)}

    def put(match: re.Match[str]) -> str:
        name = match[1]
        if name in words:
            return words[name]
        if name not in values:
            raise LookupError(f"正文引用的指标“{name}”没有数值，请重新统计")
        return figure_text(values[name])

    return NAME.sub(put, text)


def filled(sections: Narrative, values: Mapping[str, Value], body: str, year: int) -> dict[int, tuple[str, ...]]:
    """Every section as paragraphs with their numbers."""
    return {
        number: tuple(fill(line, values, body, year) for line in text.splitlines() if line.strip())
        for number, text in sorted(sections.items())
    }
