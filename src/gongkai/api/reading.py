"""Reading what a caller sent: JSON into the fields of the procedure, every fault named at once and in Chinese.

The fields of the intake describe the form, the check and, here, the API with its OpenAPI schema.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest

from gongkai.procedure import Field
from gongkai.requests.intake import FIELDS

from .refusals import Refusal

#: Bytes of one request: the longest content, written with escapes, fits.
LARGEST = 256 * 1024
LONGEST_KEY = 200
#: What stands under ``applicant``; everything else stands at the top.
APPLICANT = ("category", "name", "id_type", "id_number", "phone", "email", "address")
#: Where each field of the intake stands in the JSON.
PLACES = {f.name: f"applicant.{f.name}" if f.name in APPLICANT else f.name for f in FIELDS}
BODY = Field("body", "行政机关", longest=40, hint="向哪个机关申请：机关标识，如 cq-office")

Errors = list[tuple[str, str]]


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def read(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request. Raises :class:`Refusal` 400, 413, 415."""
    if request.content_type != "application/json":
        raise Refusal(415, [("Content-Type", "请以 application/json 提交")])
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        raise Refusal(413, [("Content-Length", f"请求内容超过 {LARGEST // 1024} KB")])
    try:
        found = json.loads(request.body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refusal(400, [("JSON", "请求内容不是有效的 JSON（UTF-8）")]) from None
    if not isinstance(found, dict):
        raise Refusal(400, [("JSON", '请求内容应为 JSON 对象，如 {"body": "…"}')])
    return found


def idempotency_key(request: HttpRequest) -> str:
    """The caller's key for this piece of work. Raises :class:`Refusal` 422."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        raise Refusal(
            422,
            [("Idempotency-Key", "请在请求头 Idempotency-Key 中为每件申请写一个不重复的标识，如 UUID；重试时用同一个")],
        )
    if len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise Refusal(422, [("Idempotency-Key", f"Idempotency-Key 应为不超过 {LONGEST_KEY} 个的英文字母、数字和符号")])
    return key


def texts(found: Mapping[str, Any], fields: Sequence[Field], errors: Errors, prefix: str = "") -> dict[str, str]:
    """The texts of some fields; what is no text, or has no field, is added to ``errors``."""
    result = {}
    for field in fields:
        value = found.get(field.name)
        if value is None:
            continue
        fault = _fault(value)
        if fault:
            errors.append((f"{prefix}{field.name}", f"“{field.label}”{fault}"))
        else:
            result[field.name] = value
    known = {field.name for field in fields}
    errors += [(_shown(f"{prefix}{name}"), f"没有“{_shown(name)}”这一项") for name in found if name not in known]
    return result


def _fault(value: Any) -> str:
    if not isinstance(value, str):
        return "应为文字（JSON 字符串）"
    try:
        value.encode()
    except UnicodeEncodeError:
        return "含有无法识别的字符，请核对后再填"
    return ""


def _shown(name: str) -> str:
    """A name that is none of ours, as far as it can be told."""
    return name[:40].encode(errors="replace").decode()


def application(found: Mapping[str, Any]) -> tuple[str, dict[str, str], Errors]:
    """Body key, the fields of the intake by name, and the faults found so far."""
    errors: Errors = []
    rest = dict(found)
    applicant = rest.pop("applicant", None)
    if applicant is not None and not isinstance(applicant, dict):
        errors.append(("applicant", '“申请人”应为 JSON 对象，如 {"category": "natural_person", "name": "…"}'))
        applicant = None
    values = texts(applicant or {}, [f for f in FIELDS if f.name in APPLICANT], errors, "applicant.")
    values |= texts(rest, [BODY, *(f for f in FIELDS if f.name not in APPLICANT)], errors)
    return values.pop("body", ""), values, errors


# The same fields as OpenAPI tells them ---------------------------------------------------------------------------------

_TEXT = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"


def schema_of(field: Field) -> dict[str, Any]:
    """One field as JSON Schema (OpenAPI 3.1)."""
    told: dict[str, Any] = {"title": field.label, "type": "string" if field.required else ["string", "null"]}
    if field.hint:
        told["description"] = field.hint
    if field.choices:
        named = "；".join(f"{value} {label}" for value, label in field.choices if value != label)
        told["enum"] = [value for value, _ in field.choices] + ([] if field.required else [None])
        return told | ({"description": "。".join(filter(None, (field.hint, named)))} if named else {})
    return told | {"maxLength": field.longest, "pattern": _TEXT}


def schema(fields: Sequence[Field], **nested: dict[str, Any]) -> dict[str, Any]:
    """An object of fields, and of objects in it, as JSON Schema."""
    return {
        "type": "object",
        "properties": {f.name: schema_of(f) for f in fields} | nested,
        "required": [f.name for f in fields if f.required] + list(nested),
        "additionalProperties": False,
    }


def application_schema() -> dict[str, Any]:
    """What ``POST /requests`` takes."""
    person = schema([f for f in FIELDS if f.name in APPLICANT])
    person["title"] = "申请人"
    person["description"] = "联系电话、电子邮箱、通信地址至少填写一项；邮寄的须填通信地址，电子邮件的须填电子邮箱"
    person["properties"]["email"]["pattern"] = r"^\s*[^@\s\u0000]+@[^@\s\u0000]+\.[^@\s\u0000]+\s*$"
    return schema([BODY, *(f for f in FIELDS if f.name not in APPLICANT)], applicant=person)
