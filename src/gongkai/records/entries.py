"""What somebody says of a record, from a form, a file or the API, made into what an event carries; faults by field."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.organs.models import Body
from gongkai.procedure import Field, Invalid, clean

from . import marks, numbering, vocabulary
from .kinds import Kind
from .models import Record
from .procedure import META

Errors = list[tuple[str, str]]
_LISTED: dict[str, tuple[str, Callable[[], tuple[tuple[str, str], ...]]]] = {
    "audience": ("服务对象", vocabulary.audiences),
    "topics": ("专题", vocabulary.topic_choices),
    "columns": ("栏目", vocabulary.columns),
}
_META = tuple(one.name for one in META)


@dataclass(frozen=True)
class Prepared:
    """The event's own fields, what the house adds, and the text still to be stored (None: as before)."""

    data: dict[str, Any]
    system: dict[str, Any] = field(default_factory=dict)
    text: str | None = None


def prepared(kind: Kind, body: Body, values: Mapping[str, Any], names: Sequence[str] = _META) -> Prepared:
    """Check and normalise. ``values`` has fields of the event (``names``), ``text`` and the kind's own properties.

    These stand in ``data`` or, from forms and tables, one by one as ``data.<property>``. Raises ``procedure.Invalid``
    with every fault.
    """
    errors: Errors = []
    own = _own(kind, values, errors)
    data = {name: values[name] for name in names if _given(values.get(name))}
    errors += [(name, f"没有“{name}”这一项") for name in values if not _known(name, names)]
    system: dict[str, Any] = {"data": own}
    _listed(data, errors)
    _theme(data, errors)
    data.setdefault("category", kind.category)
    data.setdefault("columns", [kind.column] if kind.column else [])
    _partners(body, data, system, errors)
    _relayed(data, errors)
    _numbers(data, errors)
    text = _text(values, errors)
    if text is not None:
        system["marks"] = marks.found(text)
    if errors:
        raise Invalid(errors)
    return Prepared({name: value for name, value in data.items() if _given(value)}, system, text)


def _given(value: Any) -> bool:
    return value not in (None, "", [], ())


def _known(name: str, names: Sequence[str]) -> bool:
    return name in names or name in {"text", "data"} or name.startswith("data.")


def _own(kind: Kind, values: Mapping[str, Any], errors: Errors) -> dict[str, Any]:
    """The kind's own properties, each in its own type."""
    own = dict(values.get("data") or {})
    own |= {name[5:]: value for name, value in values.items() if name.startswith("data.") and _given(value)}
    if not own and not kind.fields:
        return own
    typed = {one.name: _by_label(one, own[one.name[5:]]) for one in kind.fields if _given(own.get(one.name[5:]))}
    try:
        read = clean(kind.fields, typed)
    except Invalid as invalid:
        errors += [(name, _offered(kind, name, message)) for name, message in invalid.errors]
        return own
    for name, value in read.items():
        if value is not False or name in typed:
            own[name[5:]] = value
    errors += [(f"data.{name}", message) for name, message in kind.errors(own)]
    return own


def _offered(kind: Kind, name: str, message: str) -> str:
    """For a choice, what may stand there."""
    asked = next((one for one in kind.fields if one.name == name), None)
    if asked is None or not asked.choices or "从所列" not in message:
        return message
    return f"“{asked.label}”应为：{'、'.join(label for _, label in asked.choices)}"


def _by_label(asked: Field, value: Any) -> Any:
    """A choice by its key, or by its Chinese name as tables and collections write it."""
    if not asked.choices or not isinstance(value, str):
        return value
    return next((key for key, label in asked.choices if label == value.strip()), value)


def _listed(data: dict[str, Any], errors: Errors) -> None:
    """Words of a vocabulary, by key or by name."""
    for name, (label, offered) in _LISTED.items():
        if name not in data:
            continue
        keys = vocabulary.words_of(offered())
        given = [data[name]] if isinstance(data[name], str) else data[name]
        words = [word.strip() for one in given for word in str(one).replace("，", "、").split("、") if word.strip()]
        unknown = [word for word in words if word not in keys]
        if unknown:
            errors.append((name, f"{label}中没有“{unknown[0]}”"))
        data[name] = list(dict.fromkeys(keys.get(word, word) for word in words))


def _theme(data: dict[str, Any], errors: Errors) -> None:
    if "theme" in data:
        try:
            data["theme"] = vocabulary.theme(str(data["theme"]))
        except ValueError as error:
            errors.append(("theme", str(error)))


def _partners(body: Body, data: dict[str, Any], system: dict[str, Any], errors: Errors) -> None:
    """Other issuing bodies by key or name; those outside this installation keep the name they were given."""
    if "bodies" not in data:
        return
    given = data["bodies"].replace("，", "、").split("、") if isinstance(data["bodies"], str) else list(data["bodies"])
    words = [word.strip() for word in map(str, given) if word.strip()]
    found: dict[str, Body] = {}
    for one in Body.objects.filter(key__in=words) | Body.objects.filter(name__in=words):
        found |= {one.key: one, one.name: one}
    if body.key in words or body.name in words:
        errors.append(("bodies", f"{body.name}是主办机关，联合发文机关只填其他机关"))
    data["bodies"] = [found[word].name if word in found else word for word in words]
    system["body_keys"] = [found[word].key if word in found else "" for word in words]


def _relayed(data: dict[str, Any], errors: Errors) -> None:
    """The relayed document in the library gives its attribute; whoever drafts cannot say otherwise."""
    if "relays" not in data:
        return
    written = str(data["relays"]).strip()
    number = numbering.normal_document_number(written)
    rows = Record.objects.filter(key=written) | Record.objects.filter(document_number=number)
    if (found := rows.first()) is None:
        return
    data["relays"] = found.key
    if found.attribute:
        given = data.get("relayed_attribute", found.attribute)
        if given != found.attribute:
            errors.append(("relayed_attribute", f"被转发的文件公开属性为“{found.get_attribute_display()}”，请核对"))
        data["relayed_attribute"] = found.attribute


def _numbers(data: dict[str, Any], errors: Errors) -> None:
    """Numbers from elsewhere: 文号 in its normal form, 索引号 checked to the check digit."""
    if "document_number" in data:
        data["document_number"] = numbering.normal_document_number(str(data["document_number"]))
    if "index_number" in data:
        try:
            data["index_number"] = numbering.checked_index_number(str(data["index_number"]))
        except ValueError as error:
            errors.append(("index_number", str(error)))


def _text(values: Mapping[str, Any], errors: Errors) -> str | None:
    if values.get("text") is None:
        return None
    text = str(values["text"]).replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        errors.append(("text", "正文含有不可见的控制字符，请删除后再填"))
    return text.strip("\n")
