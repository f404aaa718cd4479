"""The figures of one annual report: a frozen value, with a stable id for every cell.

A cell id names table, row and column: ``t2.regulation.issued``, ``t3.3.3.1.natural_person``,
``t4.reconsideration.upheld``. The 2021 form has 200 cells. All figures are counts, except money, which is in
万元 and may have decimals.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any

from gongkai.annual.forms import (
    APPEALS,
    APPLICANTS,
    FORM_2019,
    FORM_2021,
    FORMS,
    OUTCOMES,
    Column,
    Form,
    Item,
    form_for,
)

Figure = int | Decimal
Table2Value = Figure | tuple[Figure, ...]

LARGEST = 10**9  # beyond any figure a government reports; with six decimals still exact as a JSON number
MONEY_PLACES = 6  # 万元 with six decimals is one fen


class ReportError(ValueError):
    """Figures that do not make a report; the message says in Chinese which and why."""


@dataclass(frozen=True)
class Cell:
    """One figure of a report: its stable id, its label in Chinese, its value, and the column it stands in."""

    id: str
    label: str
    value: Figure
    column: Column


@dataclass(frozen=True)
class Report:
    """The figures of a body for a year.

    Args:
        body: the publishing body's name.
        year: the year reported on.
        table2: JSON key → figures in column order; a single figure where the block has one column.
        table3: row code → seven counts, in the order of ``forms.APPLICANTS``.
        table4: 行政复议, 未经复议直接起诉, 复议后起诉 → five counts, in the order of ``forms.OUTCOMES``.
        form: the form used; by default the one prescribed for the year.

    Raises:
        ReportError: rows or columns missing or surplus, or a figure that is not one.
    """

    body: str
    year: int
    table2: Mapping[str, Table2Value]
    table3: Mapping[str, tuple[int, ...]]
    table4: Mapping[str, tuple[int, ...]]
    form: Form = None  # type: ignore[assignment]  # filled from the year below

    def __post_init__(self) -> None:
        try:
            prescribed = form_for(self.year)
        except ValueError as error:
            raise ReportError(str(error)) from error
        if self.form is None:
            object.__setattr__(self, "form", prescribed)
        for name, table in (("table2", _table2(self)), ("table3", _table3(self)), ("table4", _table4(self))):
            object.__setattr__(self, name, MappingProxyType(table))

    def __hash__(self) -> int:
        return hash((self.body, self.year, self.form.id, tuple(self.values.items())))

    def __reduce__(self) -> tuple[Any, ...]:
        """Read-only mappings cannot be copied or pickled; plain ones can."""
        return Report, (self.body, self.year, dict(self.table2), dict(self.table3), dict(self.table4), self.form)

    def cells(self) -> Iterator[Cell]:
        """Every cell, table by table, row by row (200 on the 2021 form)."""
        for block, item in self.form.items():
            for column, value in zip(block.columns, _many(self.table2[item.key]), strict=True):
                yield Cell(f"t2.{item.id}.{column.id}", f"{item.label}·{column.label}", value, column)
        for row in self.form.rows:
            for column, value in zip(APPLICANTS, self.table3[row.code], strict=True):
                yield Cell(f"t3.{row.code}.{column.id}", f"{row.path}·{column.label}", value, column)
        for appeal in APPEALS:
            for column, value in zip(OUTCOMES, self.table4[appeal.key], strict=True):
                yield Cell(f"t4.{appeal.id}.{column.id}", f"{appeal.key}·{column.label}", value, column)

    @cached_property
    def values(self) -> Mapping[str, Figure]:
        """Cell id → value."""
        return MappingProxyType({cell.id: cell.value for cell in self.cells()})

    def to_json(self) -> dict[str, Any]:
        """The published JSON: body, year, table2, table3, table4; counts as ints, money as a JSON number."""
        return {
            "body": self.body,
            "year": self.year,
            "table2": {item.key: _plain(self.table2[item.key]) for _, item in self.form.items()},
            "table3": {code: list(self.table3[code]) for code in self.form.codes},
            "table4": {appeal.key: list(self.table4[appeal.key]) for appeal in APPEALS},
        }

    @classmethod
    def from_json(cls, data: Any) -> "Report":
        """The report in ``data``, as :meth:`to_json` writes it. Keys it does not know are left alone.

        Raises:
            ReportError: a part is missing, of the wrong shape, or not a figure.
        """
        if not isinstance(data, Mapping):
            raise ReportError("年度报告数据应当是一个对象，含 body、year、table2、table3、table4 五项")
        for key, kind in (("body", str), ("year", int), ("table2", Mapping), ("table3", Mapping), ("table4", Mapping)):
            if not isinstance(data.get(key), kind) or isinstance(data.get(key), bool):
                raise ReportError(f"年度报告数据缺少“{key}”一项，或者它的类型不对")
        form = next((one for one in FORMS if set(one.codes) == set(data["table3"])), None)
        return cls(data["body"], data["year"], data["table2"], data["table3"], data["table4"], form)  # type: ignore[arg-type]


def report_from_values(body: str, year: int, values: Mapping[str, Figure], form: Form | None = None) -> Report:
    """The report whose cells are ``values`` (cell id → value); cells left out are 0.

    Raises:
        ReportError: an id the form does not have, or a value the cell cannot hold.
        ValueError: there is no form for the year.
    """
    form = form or form_for(year)
    table2: dict[str, Table2Value] = {}
    for block, item in form.items():
        row = tuple(values.get(f"t2.{item.id}.{column.id}", 0) for column in block.columns)
        table2[item.key] = row if len(row) > 1 else row[0]
    table3: dict[str, Any] = {
        row.code: tuple(values.get(f"t3.{row.code}.{column.id}", 0) for column in APPLICANTS) for row in form.rows
    }
    table4: dict[str, Any] = {
        appeal.key: tuple(values.get(f"t4.{appeal.id}.{column.id}", 0) for column in OUTCOMES) for appeal in APPEALS
    }
    report = Report(body, year, table2, table3, table4, form)
    if unknown := sorted(values.keys() - report.values.keys()):
        raise ReportError(f"报告格式中没有这些单元格：{'、'.join(unknown)}")
    return report


def fold_2019(report: Report) -> dict[str, tuple[int, ...]]:
    """Table three in the 23 rows of the 2019 form: the three rows of （六）其他处理 become one.

    This makes reports before and after 2021 comparable. Table two cannot be folded: the forms ask for
    different quantities. A report already on the 2019 form comes back unchanged.
    """
    if report.form == FORM_2019:
        return dict(report.table3)
    parts = [report.table3[code] for code in FORM_2021.codes if code.startswith("3.6.")]
    folded = tuple(sum(column) for column in zip(*parts, strict=True))
    return {code: folded if code == "3.6" else report.table3[code] for code in FORM_2019.codes}


def _many(value: Table2Value) -> tuple[Figure, ...]:
    return value if isinstance(value, tuple) else (value,)


def _plain(value: Table2Value) -> Any:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _table2(report: Report) -> dict[str, Table2Value]:
    _same_keys("第二部分", report.table2, (item.key for _, item in report.form.items()))
    table: dict[str, Table2Value] = {}
    for block, item in report.form.items():
        row = _row(_place2(item), report.table2[item.key], block.columns)
        table[item.key] = row if len(row) > 1 else row[0]
    return table


def _table3(report: Report) -> dict[str, tuple[int, ...]]:
    _same_keys("第三部分", report.table3, report.form.codes)
    return {row.code: _counts(f"第三部分“{row.path}”", report.table3[row.code], APPLICANTS) for row in report.form.rows}


def _table4(report: Report) -> dict[str, tuple[int, ...]]:
    _same_keys("第四部分", report.table4, (appeal.key for appeal in APPEALS))
    return {appeal.key: _counts(f"第四部分“{appeal.key}”", report.table4[appeal.key], OUTCOMES) for appeal in APPEALS}


def _place2(item: Item) -> str:
    return f"第二部分“{item.label}”"


def _same_keys(place: str, table: Mapping[str, Any], wanted: Iterable[str]) -> None:
    keys = set(wanted)
    if missing := sorted(keys - table.keys()):
        raise ReportError(f"{place}缺少：{'、'.join(missing)}")
    if surplus := sorted(str(key) for key in table.keys() - keys):
        raise ReportError(f"{place}多出：{'、'.join(surplus)}")


def _counts(place: str, values: Any, columns: tuple[Column, ...]) -> tuple[int, ...]:
    return tuple(int(value) for value in _row(place, values, columns))


def _row(place: str, values: Any, columns: tuple[Column, ...]) -> tuple[Figure, ...]:
    row = tuple(values) if isinstance(values, (list, tuple)) else (values,)
    if len(row) != len(columns):
        raise ReportError(f"{place}应有{len(columns)}个数字，实有{len(row)}个")
    return tuple(_figure(f"{place}·{column.label}", value, column) for value, column in zip(row, columns, strict=True))


def _figure(place: str, value: Any, column: Column) -> Figure:
    """``value`` as the column keeps it: an int, or for money a Decimal where it has decimals."""
    if column.money and isinstance(value, (float, Decimal)):
        figure: Figure = _money(place, value)
    elif isinstance(value, int) and not isinstance(value, bool):
        figure = value
    else:
        raise ReportError(f"{place}应当是{'数字' if column.money else '整数'}，不能是“{value}”")
    if figure < 0 and not column.signed:
        raise ReportError(f"{place}不能小于0，现为{figure}")
    if not -LARGEST < figure < LARGEST:
        raise ReportError(f"{place}的数字过大，请核对")
    return figure


def _money(place: str, value: float | Decimal) -> Figure:
    amount = Decimal(str(value))
    if not amount.is_finite() or abs(amount) >= LARGEST:
        raise ReportError(f"{place}不是可用的金额：“{value}”")
    if amount == amount.to_integral_value():
        return int(amount)
    if amount != round(amount, MONEY_PLACES):
        raise ReportError(f"{place}以万元为单位，最多保留{MONEY_PLACES}位小数（精确到分），现为{value}")
    return amount.normalize()
