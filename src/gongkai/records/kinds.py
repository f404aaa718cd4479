"""Kinds of records, as data: a JSON Schema for each drives form, checks, facets, list columns, figures and the API.

The files of this package (``kinds/*.json``) come first, then those of the installation (``HOME/kinds/*.json``), where a
file of the same name replaces one of the package. Nothing else is needed to add a kind. Beside the vocabulary of JSON
Schema a file says (all start with ``x-``):

=================  ================================================================================================
``x-order``        place among the kinds
``x-document``     a document 公文 with the long procedure (attribute, secrecy, signature, 文号); else information
``x-policy``       counts as a policy 政策文件
``x-text``         whether it has a text (default yes)
``x-category``     its usual category of Art 20 or 21; ``x-column`` the column it is usually shown in
``x-indexed``      whether it gets an 索引号 (default yes; not texts of other bodies)
``x-desk``         whether it is drafted here (default yes; kinds kept by another room say no)
``x-figures``      figures: ``id``, ``label``, ``unit``, and ``where`` (property: value) to count only some
on a property      ``x-order``, ``x-facet`` (a filter), ``x-list`` (a column), ``x-hidden`` (not in the form)
=================  ================================================================================================
"""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError, ValidationError

from gongkai.law.categories import CATEGORIES
from gongkai.procedure import Field

HERE = Path(__file__).parent
LONGEST_KEY = 20
#: How a property of a schema is asked for in a form: (type, format) to kind of field.
_FIELD = {
    ("string", ""): "text",
    ("string", "long"): "long",
    ("string", "date"): "date",
    ("string", "money"): "money",
    ("string", "uri"): "text",
    ("integer", ""): "integer",
    ("boolean", ""): "truth",
    ("array", ""): "list",
}
_TYPES = {"string": "文字", "integer": "整数", "boolean": "是或否", "array": "若干项", "object": "若干项"}
FORMATS = FormatChecker(formats=())


class KindError(ValueError):
    """A kind's file that cannot be used; the message is Chinese and names the file."""


@FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or date.fromisoformat(value) is not None


@FORMATS.checks("money", raises=InvalidOperation)
def _is_money(value: object) -> bool:
    return not isinstance(value, str) or Decimal(value).is_finite()


@FORMATS.checks("uri")
def _is_address(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"https?://[^\s<>\"']{3,490}", value) is not None


@dataclass(frozen=True)
class FigureSpec:
    """A figure a kind's file asks for."""

    id: str
    label: str
    unit: str
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of record: its key, its Chinese name, and what its file says."""

    key: str
    schema: Mapping[str, Any]

    @property
    def label(self) -> str:
        """The name in the interface."""
        return str(self.schema["title"])

    @property
    def about(self) -> str:
        """A sentence of what belongs here."""
        return str(self.schema.get("description", ""))

    @property
    def document(self) -> bool:
        """Whether it is a document 公文: attribute at source, signature, 文号."""
        return bool(self.schema.get("x-document"))

    @property
    def policy(self) -> bool:
        """Whether it counts as a policy."""
        return bool(self.schema.get("x-policy"))

    @property
    def has_text(self) -> bool:
        """Whether a text belongs to it."""
        return bool(self.schema.get("x-text", True))

    @property
    def indexed(self) -> bool:
        """Whether it gets an 索引号."""
        return bool(self.schema.get("x-indexed", True))

    @property
    def at_desk(self) -> bool:
        """Whether it is drafted and entered in this room."""
        return bool(self.schema.get("x-desk", True))

    @property
    def category(self) -> str:
        """Its usual category of Art 20 or 21."""
        return str(self.schema.get("x-category", ""))

    @property
    def column(self) -> str:
        """The column it is usually shown in."""
        return str(self.schema.get("x-column", ""))

    @cached_property
    def properties(self) -> dict[str, Mapping[str, Any]]:
        """What it has beyond what every record has, in order."""
        found: Mapping[str, Mapping[str, Any]] = self.schema.get("properties", {})
        return dict(sorted(found.items(), key=lambda item: item[1].get("x-order", 100)))

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The form's entries; names carry ``data.``, so that they stand beside the common ones."""
        required = self.schema.get("required", ())
        return tuple(
            _field(name, one, name in required) for name, one in self.properties.items() if not one.get("x-hidden")
        )

    @cached_property
    def facets(self) -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]:
        """What the kind can be filtered by: (property, label, choices)."""
        return tuple(
            (name, str(one["title"]), choices(one)) for name, one in self.properties.items() if one.get("x-facet")
        )

    @cached_property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Columns of its list: (property, label)."""
        return tuple((name, str(one["title"])) for name, one in self.properties.items() if one.get("x-list"))

    @cached_property
    def figures(self) -> tuple[FigureSpec, ...]:
        """The figures its file asks for."""
        return tuple(
            FigureSpec(one["id"], one["label"], one.get("unit", "条"), tuple(one.get("where", {}).items()))
            for one in self.schema.get("x-figures", ())
        )

    @cached_property
    def _validator(self) -> Draft202012Validator:
        return Draft202012Validator(_plainer(dict(self.schema)), format_checker=FORMATS)

    def errors(self, data: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What is wrong with a record's own data, as (property, Chinese message) pairs; empty when it is right."""
        return list(self._faults(json.dumps(data, sort_keys=True)))

    @cached_property
    def _faults(self) -> Callable[[str], tuple[tuple[str, str], ...]]:
        """The same of data as JSON; an import says the same of many records, and asks the validator once."""

        @lru_cache(maxsize=1024)
        def faults(told: str) -> tuple[tuple[str, str], ...]:
            found = [self._said(error) for error in self._validator.iter_errors(json.loads(told))]
            return tuple(one for several in found for one in several)

        return faults

    def _said(self, error: ValidationError) -> Iterator[tuple[str, str]] | list[tuple[str, str]]:
        if error.validator == "required" and not error.path:
            missing = [name for name in error.validator_value if name not in error.instance]
            # The library reports each missing property by itself: take the one this error names.
            return [(name, f"请填写“{self.name_of(name)}”") for name in missing if repr(name) in error.message]
        if error.validator == "additionalProperties" and not error.path:
            return [(name, f"{self.label}没有“{name}”这一项") for name in error.instance if name not in self.properties]
        name = str(error.path[0]) if error.path else ""
        return [(name, f"“{self.name_of(name)}”{_fault(error, self.properties.get(name, {}))}")]

    def name_of(self, name: str) -> str:
        """The Chinese name of a property."""
        return str(self.properties.get(name, {}).get("title", name))

    def words(self, name: str, value: Any) -> str:
        """A value as people read it."""
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, list):
            return "；".join(self.words(name, one) for one in value)
        if isinstance(value, dict):
            return " ".join(str(one) for one in value.values())
        return dict(choices(self.properties.get(name, {}))).get(str(value), str(value))

    def shown(self, data: Mapping[str, Any]) -> list[tuple[str, str]]:
        """A record's own data as (name, words) pairs, in the kind's order; the hidden ones left out."""
        return [
            (str(one["title"]), self.words(name, data[name]))
            for name, one in self.properties.items()
            if name in data and not one.get("x-hidden")
        ]


def _plainer(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema with ``oneOf`` of constants as ``enum``: it says the same and is checked ten times sooner."""
    properties = {
        name: {word: said for word, said in one.items() if word != "oneOf"}
        | {"enum": [c["const"] for c in one["oneOf"]]}
        if all("const" in c for c in one.get("oneOf", [{}]))
        else one
        for name, one in schema.get("properties", {}).items()
    }
    return schema | {"properties": properties}


def choices(schema: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The choices of a property, as (value, label): ``oneOf`` of constants, or an ``enum`` that is its own label."""
    if schema.get("type") == "array":
        return choices(schema.get("items", {}))
    if "enum" in schema:
        return tuple((str(one), str(one)) for one in schema["enum"])
    return tuple((one["const"], one["title"]) for one in schema.get("oneOf", ()))


def _field(name: str, schema: Mapping[str, Any], required: bool) -> Field:
    offered = choices(schema)
    kind = _FIELD[schema["type"], schema.get("format", "")]
    if offered and kind == "text":
        kind = "choice"
    return Field(
        f"data.{name}", str(schema["title"]), kind, required, offered, str(schema.get("description", "")),
        longest=int(schema.get("maxLength", 20_000)),
    )  # fmt: skip


def _fault(error: ValidationError, schema: Mapping[str, Any]) -> str:
    offered = "、".join(label for _, label in choices(schema))
    form = {
        "date": "应为日期，如 2021-03-12",
        "money": "应为金额，如 880.00",
        "uri": "应为网址，以 http:// 或 https:// 开头",
    }
    return {
        "type": f"应为{_TYPES.get(str(error.validator_value), '文字')}",
        "enum": f"应为其中之一：{offered}",
        "format": form.get(str(error.validator_value), "格式不对"),
        "maxLength": f"不得超过 {error.validator_value} 字",
        "minLength": "不能为空",
        "minimum": f"不能小于 {error.validator_value}",
        "maximum": f"不能大于 {error.validator_value}",
        "pattern": f"写法不对{'，' + str(schema['description']) if 'description' in schema else ''}",
    }.get(str(error.validator), "填写有误，请核对")


def directories() -> tuple[Path, ...]:
    """Where kinds are read from, in this order."""
    return HERE / "kinds", Path(settings.HOME) / "kinds"


def kinds() -> dict[str, Kind]:
    """Every kind by key, in order; files are looked at again after a second.

    Raises :class:`KindError` for a file that cannot be used.
    """
    return _looked_at(str(settings.HOME), int(time.monotonic()))


@lru_cache(maxsize=2)
def _looked_at(_home: str, _second: int) -> dict[str, Kind]:
    found = [path for directory in directories() for path in sorted(directory.glob("*.json"))]
    return _read(tuple((path, path.stat().st_mtime_ns) for path in found))


def kind(key: str) -> Kind:
    """One kind. Raises LookupError with a Chinese message."""
    found = kinds()
    if key not in found:
        raise LookupError(f"没有“{key}”这个类别，现有：{'、'.join(found)}")
    return found[key]


def label(key: str) -> str:
    """The name of a kind; the key itself when its file is gone."""
    found = kinds().get(key)
    return found.label if found else key


@lru_cache(maxsize=4)
def _read(files: tuple[tuple[Path, int], ...]) -> dict[str, Kind]:
    found = {path.stem: _load(path) for path, _ in files}
    ids = [figure.id for one in found.values() for figure in one.figures]
    if twice := [id_ for id_ in ids if ids.count(id_) > 1]:
        raise KindError(f"类别文件中指标重复：{twice[0]}")
    return dict(sorted(found.items(), key=lambda item: (item[1].schema.get("x-order", 1000), item[0])))


def _load(path: Path) -> Kind:
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(schema)
    except (ValueError, OSError, SchemaError) as error:
        raise KindError(f"类别文件 {path.name} 读不懂：{str(error).splitlines()[0]}") from error
    faults = [] if isinstance(schema, dict) else ["不是一个对象"]
    faults = faults or list(_faults(path.stem, schema))
    if faults:
        raise KindError(f"类别文件 {path.name}：{'；'.join(faults)}")
    return Kind(path.stem, schema)


def _faults(key: str, schema: Mapping[str, Any]) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", key) or len(key) > LONGEST_KEY:
        yield f"文件名应为小写字母、数字和下划线，不超过 {LONGEST_KEY} 个字符"
    if not schema.get("title"):
        yield "缺少 title（名称）"
    if schema.get("x-category") and schema["x-category"] not in CATEGORIES:
        yield f"没有 {schema['x-category']} 这个法定类别"
    properties = schema.get("properties", {})
    for name, one in properties.items():
        yield from _property_faults(name, one)
    for figure in schema.get("x-figures", ()):
        yield from _figure_faults(figure, properties)


def _property_faults(name: str, one: Mapping[str, Any]) -> Iterator[str]:
    if not one.get("title"):
        yield f"{name} 缺少 title"
    if not one.get("x-hidden") and (one.get("type"), one.get("format", "")) not in _FIELD:
        yield f"{name} 的 type 或 format 不能做成表单项"
    if one.get("x-facet") and not choices(one):
        yield f"{name} 要作筛选，须有 enum 或 oneOf"


def _figure_faults(figure: Mapping[str, Any], properties: Mapping[str, Any]) -> Iterator[str]:
    if not {"id", "label"} <= figure.keys():
        yield "指标缺少 id 或 label"
    for name, value in figure.get("where", {}).items():
        if value not in dict(choices(properties.get(name, {}))):
            yield f"指标 {figure.get('id')} 的条件 {name}={value} 不在所列各项中"


def tags_of(key: str, data: Mapping[str, Any], topics: Sequence[str]) -> str:
    """What tells figures apart, for ``RecordTally.tags``: the kind, its facets and the topics."""
    marks = [f"kind:{key}", *(f"topic:{one}" for one in topics)]
    if found := kinds().get(key):
        for name, _, _ in found.facets:
            value = data.get(name, [])
            marks += [f"data.{name}:{one}" for one in (value if isinstance(value, list) else [value])]
    return f"|{'|'.join(marks)}|"
