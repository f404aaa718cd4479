"""What a report is made of, as canonical JSON in the blob store: its figures, its narrative, the frozen whole.

The SHA-256 of the canonical bytes names each: what an event carries is what :func:`load` reads back, or nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from gongkai.annual.forms import FORM_2021, Form
from gongkai.annual.report import Report, report_from_values
from gongkai.ledger import blobs

Value = int | Decimal
#: Month, 1 … 12 → figure → number.
Months = Mapping[int, Mapping[str, int]]
#: Number of the section, 1 … 6 → its text, one paragraph a line, with figures as ``{name}``.
Narrative = Mapping[int, str]


def canonical(value: Any) -> bytes:
    """The one way to write a value: keys in order, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def store(value: Any) -> str:
    """Put a value into the blob store; its SHA-256."""
    return blobs.put(canonical(value))


def load(digest: str) -> Any:
    """The value of a hash. Raises ``ledger.blobs.Damaged``."""
    return json.loads(blobs.get(digest))


def plain(value: Value) -> int | str:
    """A figure for JSON: counts as numbers, money exactly as text."""
    return value if isinstance(value, int) else format(value.normalize(), "f")


def exact(value: int | str) -> Value:
    """A figure back from JSON."""
    return Decimal(value) if isinstance(value, str) else value


def written(months: Months) -> dict[str, dict[str, int]]:
    """Figures by month for JSON."""
    return {str(month): dict(values) for month, values in months.items()}


def read(months: Mapping[str, Mapping[str, int]]) -> dict[int, dict[str, int]]:
    """Figures by month back from JSON."""
    return {int(month): dict(values) for month, values in sorted(months.items(), key=lambda one: int(one[0]))}


@dataclass(frozen=True)
class Figures:
    """Every registered figure of a body for a year, as counted at one moment.

    ``as_of`` is the last legal day counted, ``known_at`` the instant whose knowledge was used (aware). ``months`` are
    the figures that have a day, month by month; their sums are the year's.
    """

    body: str
    year: int
    as_of: date
    known_at: datetime
    values: Mapping[str, Value]
    months: Months = field(default_factory=dict)

    def store(self) -> str:
        """Put them into the blob store; their hash."""
        return store({
            "body": self.body,
            "year": self.year,
            "as_of": self.as_of.isoformat(),
            "known_at": self.known_at.isoformat(),
            "values": {name: plain(value) for name, value in self.values.items()},
            "months": written(self.months),
        })  # fmt: skip

    def report(self) -> Report:
        """The three tables, on the 2021 form."""
        return report_of(self.body, self.year, self.values)


def report_of(body: str, year: int, values: Mapping[str, Value], form: Form = FORM_2021) -> Report:
    """The tables of a form from figures of the same ids; figures the form does not have are left out.

    Raises LookupError (Chinese) where a cell has no figure: a hole is never printed as 0.
    """
    cells = cell_ids(form)
    if missing := [cell for cell in cells if cell not in values]:
        raise LookupError(f"年度报告有 {len(missing)} 个数字没有统计来源：{'、'.join(missing[:5])} 等")
    return report_from_values(body, year, {cell: values[cell] for cell in cells}, form)


def cell_ids(form: Form = FORM_2021) -> tuple[str, ...]:
    """The ids of a form's cells, in order (200 on the 2021 form)."""
    if form.id not in _CELLS:
        _CELLS[form.id] = tuple(report_from_values("", form.from_year, {}, form).values)
    return _CELLS[form.id]


_CELLS: dict[str, tuple[str, ...]] = {}


def figures(digest: str) -> Figures:
    """The figures of a hash."""
    data = load(digest)
    values = {name: exact(value) for name, value in data["values"].items()}
    known_at = datetime.fromisoformat(data["known_at"])
    as_of, months = date.fromisoformat(data["as_of"]), read(data.get("months", {}))
    return Figures(data["body"], data["year"], as_of, known_at, values, months)


@lru_cache(maxsize=2000)
def frozen(digest: str) -> tuple[Mapping[str, Value], Months]:
    """The figures and the months of a frozen report's content; what a hash names never changes, so it is kept."""
    data = load(digest)
    return {name: exact(value) for name, value in data["figures"].items()}, read(data.get("months", {}))


def narrative(digest: str) -> dict[int, str]:
    """The narrative of a hash."""
    return {int(number): text for number, text in load(digest).items()}


def store_narrative(sections: Narrative) -> str:
    """Put a narrative into the blob store; its hash."""
    return store({str(number): text for number, text in sections.items()})
