"""Templates of papers: JSON files, checked when they are read. Nothing in a template can be run.

The whole template language is ``{name}`` with a name of :data:`gongkai.papers.facts.LABELS`. Any other brace is
refused, everything else is printed as it stands. A paragraph whose placeholder has no text is left out.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.law.decisions import LEAVES
from gongkai.papers.facts import LABELS

#: Stands alone in the body where the paragraphs of the leaf go.
BY_LEAF = "{by_leaf}"
#: What a template of a decision must print; :mod:`gongkai.papers.linter` sees to it that there is something to print.
DECISION_NEEDS = frozenset({
    "agency", "document_number", "applicant", "received_on", "channel", "items", "findings", "basis", "text", "reason",
    "remedy", "date", "agency_address", "agency_phone",
})  # fmt: skip
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,60}")
_KEYS = {
    "id", "version", "valid_from", "name", "number", "addressee", "body", "by_leaf", "signature", "date", "notes", "required",
}  # fmt: skip
LARGEST = 200_000


class TemplateFault(ValueError):
    """A template that must not be used; the message says in Chinese which file, what, and how to mend it."""


@dataclass(frozen=True)
class Table:
    """Rows of label and text: a form."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Template:
    """A checked template. ``source`` is the file's text, so that the template can be kept as it was used."""

    id: str
    version: str
    valid_from: date
    name: str
    number: str
    addressee: str
    body: tuple[str | Table, ...]
    by_leaf: Mapping[str, tuple[str, ...]]
    signature: str
    date: str
    notes: tuple[str, ...]
    required: frozenset[str]
    source: str

    @property
    def placeholders(self) -> frozenset[str]:
        """Every placeholder the template names."""
        return frozenset(name for text in _texts(self) for name in placeholders(text))


def placeholders(text: str) -> list[str]:
    """The placeholders of a text, in order. Raises :class:`TemplateFault` for any brace that is not one of them."""
    names = _PLACEHOLDER.findall(text)
    rest = _PLACEHOLDER.sub("", text)
    if "{" in rest or "}" in rest:
        raise TemplateFault(f"花括号只能用来写占位符，如 {{agency}}：“{text[:60]}”")
    unknown = [name for name in names if name not in LABELS]
    if unknown:
        raise TemplateFault(f"没有占位符 {{{unknown[0]}}}；可用的见说明文档“文书”")
    return names


def read(source: bytes, name: str = "") -> Template:
    """The template in a JSON file. Raises :class:`TemplateFault` naming the file, the fault and the remedy."""
    try:
        template = _built(_object(source), source.decode())
        _check(template)
    except TemplateFault as fault:
        raise TemplateFault(f"文书模板 {name or '（未命名）'}：{fault}") from None
    return template


def _object(source: bytes) -> dict[str, Any]:
    if len(source) > LARGEST:
        raise TemplateFault(f"文件过大，不得超过 {LARGEST // 1000} KB")
    try:
        data = json.loads(source.decode("utf-8"))
    except (ValueError, RecursionError):
        raise TemplateFault("不是有效的 JSON（UTF-8）文件") from None
    if not isinstance(data, dict):
        raise TemplateFault("最外层应为 JSON 对象")
    surplus, missing = data.keys() - _KEYS, {"id", "version", "valid_from", "name", "body"} - data.keys()
    if surplus or missing:
        raise TemplateFault(
            f"不认识的项：{'、'.join(sorted(surplus))}" if surplus else f"缺少：{'、'.join(sorted(missing))}"
        )
    return data


def _built(data: dict[str, Any], source: str) -> Template:
    try:
        valid_from = date.fromisoformat(_text(data["valid_from"]))
    except ValueError:
        raise TemplateFault("valid_from 应为日期，如 2024-01-01") from None
    by_leaf = data.get("by_leaf", {})
    if not isinstance(by_leaf, dict):
        raise TemplateFault("by_leaf 应为对象：情形编号 → 段落")
    return Template(
        id=_text(data["id"]),
        version=_text(data["version"]),
        valid_from=valid_from,
        name=_text(data["name"]),
        number=_text(data.get("number", "")),
        addressee=_text(data.get("addressee", "")),
        body=tuple(map(_block, _list(data["body"]))),
        by_leaf={leaf: tuple(map(_text, _list(lines))) for leaf, lines in by_leaf.items()},
        signature=_text(data.get("signature", "")),
        date=_text(data.get("date", "")),
        notes=tuple(map(_text, _list(data.get("notes", [])))),
        required=frozenset(map(_text, _list(data.get("required", [])))),
        source=source,
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TemplateFault(f"应为文字：{str(value)[:40]}")
    if any(ord(letter) < 32 or 0xD800 <= ord(letter) < 0xE000 or letter in "\ufffe\uffff" for letter in value):
        raise TemplateFault("含有控制字符；一段一行，不要在段落里换行")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TemplateFault(f"应为列表：{str(value)[:40]}")
    return value


def _block(value: Any) -> str | Table:
    if not isinstance(value, dict):
        return _text(value)
    rows = [_list(row) for row in _list(value.get("rows"))]
    if value.keys() != {"rows"} or any(len(row) != 2 for row in rows):
        raise TemplateFault("表格应写成 {“rows”: [[“标签”, “内容”], …]}")
    return Table(tuple((_text(label), _text(text)) for label, text in rows))


def _texts(template: Template) -> Iterator[str]:
    yield from (template.name, template.number, template.addressee, template.signature, template.date, *template.notes)
    for block in template.body:
        if isinstance(block, Table):
            yield from (text for row in block.rows for text in row)
        elif block != BY_LEAF:
            yield block
    for lines in template.by_leaf.values():
        yield from lines


def _check(template: Template) -> None:
    if not _ID.fullmatch(template.id) or not _ID.fullmatch(template.version):
        raise TemplateFault("id 和 version 只能用小写字母、数字、点和连字符")
    named = template.placeholders
    unknown = sorted(template.required - LABELS.keys()) or sorted(template.by_leaf.keys() - LEAVES.keys())
    if unknown:
        raise TemplateFault(f"没有这个占位符或者情形：{unknown[0]}")
    if bool(template.by_leaf) != (BY_LEAF in template.body):
        raise TemplateFault(f"有 by_leaf 的模板，正文中应有单独一段 {BY_LEAF}；没有的不应有")
    needed = template.required | (DECISION_NEEDS if template.id.startswith("decision-") else frozenset())
    missing = sorted(needed - named)
    if missing:
        raise TemplateFault(f"缺少必要的占位符：{'、'.join(f'{{{name}}}（{LABELS[name]}）' for name in missing)}")
