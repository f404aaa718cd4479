"""Questions of a survey as data: written as plain text, kept as a list, asked as a form, answered, counted. Pure.

The notation needs no script and fits a text box::

    单选：您多久访问一次本站？
    - 每天
    - 每周
    多选（选填）：您主要看什么？
    - 政策文件
    - 办事指南
    量表：您对本站满意吗？
    - 很不满意
    - 很满意
    文字（选填）：您还有什么建议？

A scale has five steps; its two options, if given, name the ends.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gongkai.procedure import Field, Invalid

SINGLE, MULTIPLE, SCALE, TEXT = "single", "multiple", "scale", "text"
WORDS = {SINGLE: "单选", MULTIPLE: "多选", SCALE: "量表", TEXT: "文字"}
STEPS = 5
#: At most so many questions, options of one, characters of one line, characters of one answer in words.
MOST, OPTIONS, LINE, ANSWER = 40, 30, 300, 4000
_KINDS = {word: kind for kind, word in WORDS.items()}
_HEAD = re.compile(rf"({'|'.join(_KINDS)})(?:[（(](选填|必答)[）)])?[：:]\s*(.*)")
_OPTION = re.compile(r"[-－—•]\s*(.*)")


@dataclass(frozen=True)
class Question:
    """One question: what is asked, how it is answered, the options (of a scale: the words for its two ends)."""

    kind: str
    text: str
    required: bool = True
    options: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """(number from 0, words) of what can be chosen; empty for a question answered in words."""
        if self.kind == SCALE:
            ends = {0: self.options[0], STEPS - 1: self.options[1]} if self.options else {}
            return tuple((str(n), f"{n + 1}（{ends[n]}）" if n in ends else str(n + 1)) for n in range(STEPS))
        return tuple((str(n), option) for n, option in enumerate(self.options))

    def to_json(self) -> dict[str, Any]:
        """As the ledger keeps it."""
        return asdict(self) | {"options": list(self.options)}


def from_json(told: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """What :meth:`Question.to_json` gave."""
    return tuple(Question(one["kind"], one["text"], one["required"], tuple(one["options"])) for one in told)


#: What a consultation asks unless it asks something else.
COMMENT = (Question(TEXT, "您的意见和建议"),)


def parse(text: str) -> tuple[Question, ...]:
    """The questions of a text. Raises ``procedure.Invalid`` (field ``questions``) naming every faulty line."""
    found: list[Question] = []
    errors: list[str] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line:
            continue
        if len(line) > LINE:
            errors.append(f"第 {number} 行超过 {LINE} 字，请缩短")
        elif head := _HEAD.fullmatch(line):
            kind, mark, words = head.groups()
            found.append(Question(_KINDS[kind], words.strip(), mark != "选填"))
        elif option := _OPTION.fullmatch(line):
            _add(found, option[1].strip(), number, errors)
        else:
            errors.append(f"第 {number} 行应以“单选：”“多选：”“量表：”“文字：”或者“-”开头")
    errors += _faults(found)
    if errors:
        raise Invalid([("questions", one) for one in errors])
    return tuple(found)


def _add(found: list[Question], option: str, number: int, errors: list[str]) -> None:
    if not found:
        errors.append(f"第 {number} 行是选项，请先写问题")
    elif found[-1].kind == TEXT:
        errors.append(f"第 {number} 行是选项，但是“文字”题没有选项")
    elif not option or option in found[-1].options:
        errors.append(f"第 {number} 行的选项是空的，或者与前面的相同")
    else:
        last = found[-1]
        found[-1] = Question(last.kind, last.text, last.required, (*last.options, option))


def _faults(found: Sequence[Question]) -> list[str]:
    faults = [f"最多 {MOST} 题，请减少"] if len(found) > MOST else []
    for number, one in enumerate(found, 1):
        if not one.text:
            faults.append(f"第 {number} 题没有写问题")
        if one.kind in {SINGLE, MULTIPLE} and not 2 <= len(one.options) <= OPTIONS:
            faults.append(f"第 {number} 题应有 2 至 {OPTIONS} 个选项，现有 {len(one.options)} 个")
        if one.kind == SCALE and len(one.options) not in (0, 2):
            faults.append(f"第 {number} 题是量表，选项应写两端的两个，或者不写")
    return faults


def write(questions: Iterable[Question]) -> str:
    """The text :func:`parse` reads back."""
    lines = []
    for one in questions:
        lines.append(f"{WORDS[one.kind]}{'' if one.required else '（选填）'}：{one.text}")
        lines += [f"- {option}" for option in one.options]
    return "\n".join(lines)


def fields(questions: Sequence[Question]) -> tuple[Field, ...]:
    """The form of the questions: q1, q2, …"""
    kinds = {SINGLE: "choice", SCALE: "choice", MULTIPLE: "list", TEXT: "long"}
    return tuple(
        Field(
            f"q{number}", f"{number}. {one.text}" if len(questions) > 1 else one.text, kinds[one.kind], one.required,
            one.choices, "可以选几项" if one.kind == MULTIPLE else "", longest=ANSWER,
        )
        for number, one in enumerate(questions, 1)
    )  # fmt: skip


@dataclass(frozen=True)
class Answers:
    """What one person answered: numbers of chosen options, and words, each by the number of the question from 0."""

    chosen: Mapping[int, tuple[int, ...]]
    texts: Mapping[int, str]


def read(questions: Sequence[Question], data: Mapping[str, Any]) -> Answers:
    """Answers from a form's checked data."""
    chosen: dict[int, tuple[int, ...]] = {}
    texts: dict[int, str] = {}
    for number, one in enumerate(questions):
        value = data.get(f"q{number + 1}")
        if not value:
            continue
        if one.kind == TEXT:
            texts[number] = str(value)
        else:
            chosen[number] = tuple(sorted(int(part) for part in (value if isinstance(value, list) else [value])))
    return Answers(chosen, texts)
