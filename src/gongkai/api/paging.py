"""Pages that neither skip nor repeat a row while rows come and go: each begins after the last row of the one before.

A cursor says in which order one reads, and the last row read: its value and its key. Rows without a value come last.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from ninja import Field, Schema

from .refusals import Refusal

MOST = 200
_TEXT = r"^[^\u0000]*$"


class Paging(Schema):
    """Which part of a list."""

    size: int = Field(50, ge=1, le=MOST)
    after: str = Field("", max_length=400, pattern=_TEXT, description="上一页的 next 里的 after；第一页不写")


@dataclass(frozen=True)
class Order:
    """By one column, then by the key; ``day`` says that the column holds days."""

    column: str
    down: bool = True
    day: bool = True


@dataclass(frozen=True)
class Part:
    """A page: its rows, and the cursor of the next one ("" on the last)."""

    rows: list[Any]
    cursor: str


def part(rows: QuerySet[Any], order: Order, asked: Paging, key: str = "key") -> Part:
    """The page of a list that was asked for. Raises :class:`Refusal` 422 for a cursor of another list."""
    value, last = _read(asked.after, order) if asked.after else (None, "")
    sign = "-" if order.down else ""
    found: list[Any] = []
    if not asked.after or value is not None:
        valued = rows.filter(**{f"{order.column}__isnull": False})
        if value is not None:
            beyond = "lt" if order.down else "gt"
            valued = valued.filter(**{f"{order.column}__{beyond}e": value})
            valued = valued.filter(~Q(**{order.column: value}) | Q(**{f"{key}__{beyond}": last}))
        found = list(valued.order_by(f"{sign}{order.column}", f"{sign}{key}")[: asked.size + 1])
    if len(found) <= asked.size and _nullable(rows.model, order.column):
        without = rows.filter(**{f"{order.column}__isnull": True})
        if asked.after and value is None:
            without = without.filter(**{f"{key}__gt": last})
        found += list(without.order_by(key)[: asked.size + 1 - len(found)])
    more = len(found) > asked.size
    found = found[: asked.size]
    return Part(found, _written(found[-1], order, key) if more else "")


def _nullable(model: type[Model], column: str) -> bool:
    return bool(model._meta.get_field(column).null)


def _written(row: Any, order: Order, key: str) -> str:
    value = getattr(row, order.column)
    told = [order.column, order.down, value.isoformat() if isinstance(value, date) else value, getattr(row, key)]
    return base64.urlsafe_b64encode(json.dumps(told, ensure_ascii=False).encode()).decode().rstrip("=")


def _read(cursor: str, order: Order) -> tuple[Any, Any]:
    try:
        column, down, value, last = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if (column, down) != (order.column, order.down) or not isinstance(last, str | int) or isinstance(last, bool):
            raise ValueError(cursor)
        if (isinstance(value, str) and "\x00" in value) or (isinstance(last, str) and "\x00" in last):
            raise ValueError(cursor)
        if value is not None:
            value = date.fromisoformat(value) if order.day else value
            if not isinstance(value, str | int | date) or (isinstance(value, int) and not -(2**31) < value < 2**31):
                raise ValueError(cursor)
        return value, last
    except (ValueError, TypeError, binascii.Error, UnicodeError):
        message = "“after”应原样取自上一页的 next，并且排序与上一页相同"
        raise Refusal(422, [("after", message)]) from None


def following(request: HttpRequest, cursor: str) -> str | None:
    """The whole address of the next page; None on the last."""
    if not cursor:
        return None
    query = request.GET.copy()
    query["after"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def answer(request: HttpRequest, name: str, rows: QuerySet[Any], found: Part, told: list[Any]) -> Mapping[str, Any]:
    """A list as every address answers it: how many there are in all, the rows under ``name``, where it goes on."""
    return {"total": rows.order_by().count(), "next": following(request, found.cursor), name: told}
