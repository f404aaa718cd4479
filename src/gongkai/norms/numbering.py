"""The numbers of a norm: 文号, written in one form, 登记号 (三统一), given by the house without gaps, and its 索引号."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import IntegrityError

from gongkai.ledger.services import next_number
from gongkai.organs.models import Body
from gongkai.procedure import Invalid
from gongkai.records import numbering as records
from gongkai.text.numbers import BadNumber, parse_number

from .models import Norm
from .packs import Pack

_LABELS = {"document_number": "文号", "register_number": "登记号"}
#: Norms whose numbers are free again.
_GONE = ("void", "abandoned")


def normal(number: str) -> str:
    """A 文号 in its one form (渝府发〔2021〕5号). Raises ``Invalid`` where it is none."""
    try:
        return parse_number(number).text
    except BadNumber as error:
        raise Invalid([("document_number", str(error))]) from error


def settled(data: Mapping[str, Any], *, as_written: bool = False) -> dict[str, Any]:
    """The data with the 文号 in its one form; ``as_written`` keeps what cannot be read (documents of long ago)."""
    number = data.get("document_number")
    if not number:
        return dict(data)
    try:
        return {**data, "document_number": normal(str(number))}
    except Invalid:
        if as_written:
            return dict(data)
        raise


def free(body: str, data: Mapping[str, Any], subject: str = "") -> None:
    """Raises ``Invalid`` for a 文号 or 登记号 that another norm of the body bears."""
    errors = []
    for name, label in _LABELS.items():
        if number := data.get(name):
            same = Norm.objects.filter(body=body, **{name: number}).exclude(pk=subject).exclude(state__in=_GONE)
            if other := same.first():
                errors.append((name, f"{label}“{number}”已登记为《{other.title}》，请核对"))
    if errors:
        raise Invalid(errors)


def all_free(body: str, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """The same for many rows (number in their file, data): raises ``Invalid`` naming every row whose number is taken."""
    errors = []
    for name, label in _LABELS.items():
        numbers = [str(data[name]) for _, data in rows if data.get(name)]
        seen: set[str] = set()
        for start in range(0, len(numbers), 500):
            same = Norm.objects.filter(**{f"{name}__in": numbers[start : start + 500]}, body=body)
            seen.update(same.exclude(state__in=_GONE).values_list(name, flat=True))
        for n, data in rows:
            number = data.get(name)
            if number and number in seen:
                errors.append((name, f"第 {n} 件：{label}“{number}”已登记，请核对"))
            seen.add(number or "")
    if errors:
        raise Invalid(errors)


@contextmanager
def once() -> Iterator[None]:
    """Two who enter one number at the same moment: the data base lets one through, the other is told."""
    try:
        yield
    except IntegrityError as error:
        for name, label in _LABELS.items():
            if f"one_norm_per_{name}" in str(error) or f"norms_norm.{name}" in str(error):
                raise Invalid([(name, f"这个{label}刚被另一份文件登记，请核对")]) from error
        raise


def next_register_number(body: Body, pack: Pack, year: int) -> str:
    """The next 登记号 of a body in a year, in the pack's form. Call inside the transaction that uses it."""
    while True:
        number = next_number(f"norm-register/{body.key}/{year}")
        text = pack.register_number.format(code=body.document_code or body.short_name, year=year, number=number)
        # One typed in before the house gave the numbers is passed over.
        if not Norm.objects.filter(body=body, register_number=text).exists():
            return text


def index_numbers(body: Body, rows: Sequence[Mapping[str, Any]], day: date) -> list[dict[str, str]]:
    """The next 索引号 of the body for each row, of the year it was issued (``issued_on``, else ``day``), as event data.

    Empty where the body's credit code is not on record. Call inside the transaction that uses them.
    """
    years = [int(str(row.get("issued_on") or day)[:4]) for row in rows]
    given = {year: iter(records.index_numbers(body, year, many)) for year, many in sorted(Counter(years).items())}
    return [{"index_number": number} if (number := next(given[year])) else {} for year in years]
