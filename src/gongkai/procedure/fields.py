"""What an event carries: one description drives the form on the desk, the check on the server and the API."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Field:
    """One entry of an event's data.

    ``kind`` is one of the keys of :data:`READERS`. ``choices`` are (value, Chinese label) pairs; a *list* may hold any
    of them, each once. A *personal*
    field never reaches the ledger: the command puts it into the vault and the event carries a reference. A *hidden*
    one is filled by the page before, not by the reader.
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    personal: bool = False
    longest: int = 20_000

    @cached_property
    def offered(self) -> frozenset[str]:
        """The values of ``choices``."""
        return frozenset(value for value, _ in self.choices)


class Invalid(ValueError):
    """Data that an event cannot carry; ``errors`` are (field name, Chinese message) pairs."""

    def __init__(self, errors: Sequence[tuple[str, str]]):
        self.errors = list(errors)
        super().__init__("；".join(message for _, message in self.errors))


def _text(value: Any) -> str:
    if not isinstance(value, str | int | float | Decimal):
        raise ValueError("应为文字")
    text = str(value).strip()
    if "\x00" in text:
        raise ValueError("含有不可见的控制字符，请删除后再填")
    return text


def _date(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value).strip()).isoformat()
    except ValueError:
        raise ValueError("应为日期，如 2021-03-12") from None


def _integer(value: Any) -> int:
    try:
        number = int(str(value).strip())
    except ValueError:
        raise ValueError("应为整数，如 20") from None
    if not 0 <= number < 10**9:
        raise ValueError("应在 0 与 999999999 之间")
    return number


def _money(value: Any) -> str:
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueError("应为金额，如 880.00") from None
    if not amount.is_finite() or not 0 <= amount < Decimal(10) ** 12 or amount != round(amount, 6):
        raise ValueError("应为不小于 0 的金额")
    return str(amount)


def _list(value: Any) -> list[str]:
    """Several texts: a sequence, or one text with 、，；or line ends between them."""
    parts = re.split(r"[、，,；;\r\n]+", value) if isinstance(value, str) else list(value)
    return list(dict.fromkeys(text for part in parts if (text := _text(part))))


def _truth(value: Any) -> bool:
    return str(value).strip().lower() in {"true", "on", "1", "yes", "是"}


#: How each kind of field is read; the result is what the ledger stores (plain JSON, never a float).
READERS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "long": _text,
    "date": _date,
    "integer": _integer,
    "money": _money,
    "choice": _text,
    "truth": _truth,
    "list": _list,
    "hidden": _text,
}


def _read(field: Field, value: Any) -> Any:
    result = READERS[field.kind](value)
    parts = result if isinstance(result, list) else [result]
    if field.choices and not field.offered.issuperset(parts):
        raise ValueError("请从所列各项中选择")
    for part in parts:
        if isinstance(part, str) and len(part) > field.longest:
            raise ValueError(f"不得超过 {field.longest} 字")
    return result


def clean(fields: Sequence[Field], data: Mapping[str, Any]) -> dict[str, Any]:
    """The data as the ledger stores it; empty optional fields are left out.

    Raises :class:`Invalid` naming every faulty field at once, and any key that no field describes.
    """
    result: dict[str, Any] = {}
    errors: list[tuple[str, str]] = []
    for field in fields:
        value = data.get(field.name)
        if value is None or (isinstance(value, str) and not value.strip()) or value == []:
            if field.kind == "truth":
                result[field.name] = False
            elif field.required:
                errors.append((field.name, f"请填写“{field.label}”"))
            continue
        try:
            result[field.name] = _read(field, value)
        except ValueError as error:
            errors.append((field.name, f"“{field.label}”{error}"))
    known = {field.name for field in fields}
    errors += [(name, f"没有“{name}”这一项") for name in data if name not in known]
    if errors:
        raise Invalid(errors)
    return result
