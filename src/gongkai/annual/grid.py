"""The three tables as published: cells with their spans, in reading order.

Every writer draws these grids and the text reader follows them, so the merged layout of the official form is
described once. Header cells have ids and each figure knows the headers it stands under, which makes the HTML
tables readable by a screen reader and gives PDF and Word their header rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from gongkai.annual.forms import APPEALS, APPLICANTS, OUTCOMES, RELATION, SECTIONS, Block, Form, Row
from gongkai.annual.report import Cell, Figure, Report
from gongkai.law.applicants import ORGANISATION_LABEL

Role = Literal["band", "column", "group", "row", "note", "figure"]
"""band: a line across table two · column, group: column heads over one or several columns · row: row labels."""


@dataclass(frozen=True)
class GridCell:
    """One printed cell. ``row`` and ``column`` are its upper left place; ``id`` is empty for notes."""

    row: int
    column: int
    text: str
    role: Role
    id: str = ""
    rowspan: int = 1
    colspan: int = 1
    headers: tuple[str, ...] = ()
    cell: Cell | None = None
    total: bool = False

    @property
    def value(self) -> Figure | None:
        """The figure, None for a label."""
        return self.cell.value if self.cell else None

    @property
    def label(self) -> str:
        """What the figure counts, in words; empty for a label."""
        return self.cell.label if self.cell else ""


@dataclass(frozen=True)
class Grid:
    """A table: its number (2, 3 or 4), caption, size, the number of header rows, and its cells in reading order."""

    number: int
    caption: str
    rows: int
    columns: int
    head: int
    cells: tuple[GridCell, ...]

    def lines(self) -> Iterator[tuple[GridCell, ...]]:
        """The cells that begin in each row, row by row."""
        for row in range(self.rows):
            yield tuple(cell for cell in self.cells if cell.row == row)


def grids(report: Report) -> tuple[Grid, Grid, Grid]:
    """Tables two, three and four of ``report``."""
    figures = {cell.id: cell for cell in report.cells()}
    return _table2(report.form, figures), _table3(report.form, figures), _table4(figures)


def figure_text(value: Figure) -> str:
    """A figure as printed: no grouping, no exponent, no trailing zeros."""
    return f"{value:f}" if not isinstance(value, int) else str(value)


def _caption(number: int, unit: str = "件") -> str:
    return f"{SECTIONS[number - 1].partition('、')[2]}（单位：{unit}）"


def _figure(cell: Cell, row: int, column: int, headers: tuple[str, ...], colspan: int = 1) -> GridCell:
    total = cell.id.endswith(".total") or cell.id.startswith("t3.3.7.")
    text = figure_text(cell.value)
    return GridCell(row, column, text, "figure", cell.id, 1, colspan, headers, cell, total)


def _table2(form: Form, figures: dict[str, Cell]) -> Grid:
    cells: list[GridCell] = []
    row = 0
    for number, block in enumerate(form.blocks):
        cells += _block(number, block, row, figures)
        row += 2 + len(block.items)
    return Grid(2, _caption(2, "件，另行注明的除外"), row, 4, 0, tuple(cells))


def _block(number: int, block: Block, row: int, figures: dict[str, Cell]) -> Iterator[GridCell]:
    spans = {1: (3,), 2: (1, 2), 3: (1, 1, 1)}[len(block.columns)]
    starts = [1 + sum(spans[:index]) for index in range(len(spans))]
    band = f"h2.{number}"
    yield GridCell(row, 0, block.article, "band", band, colspan=4)
    yield GridCell(row + 1, 0, "信息内容", "column", f"{band}.item")
    for column, start, span in zip(block.columns, starts, spans, strict=True):
        yield GridCell(row + 1, start, column.label, "column", f"{band}.{column.id}", colspan=span)
    for line, item in enumerate(block.items, row + 2):
        yield GridCell(line, 0, item.label, "row", f"h2.{item.id}")
        for column, start, span in zip(block.columns, starts, spans, strict=True):
            headers = (band, f"{band}.{column.id}", f"h2.{item.id}")
            yield _figure(figures[f"t2.{item.id}.{column.id}"], line, start, headers, span)


def _table3(form: Form, figures: dict[str, Cell]) -> Grid:
    natural, *organisations, total = APPLICANTS
    cells = [
        GridCell(0, 0, RELATION, "note", rowspan=3, colspan=3),
        GridCell(0, 3, "申请人情况", "group", "h3.applicants", colspan=7),
        GridCell(1, 3, natural.label, "column", f"h3.{natural.id}", rowspan=2),
        GridCell(1, 4, ORGANISATION_LABEL, "group", "h3.organisation", colspan=5),
        GridCell(1, 9, total.label, "column", f"h3.{total.id}", rowspan=2),
    ]
    cells += [
        GridCell(2, column, applicant.label, "column", f"h3.{applicant.id}")
        for column, applicant in enumerate(organisations, 4)
    ]
    for line, row in enumerate(form.rows, 3):
        labels = tuple(_labels(form, row, line))
        cells += labels
        headers = (*_group_ids(row), f"h3.{row.code}")
        for column, applicant in enumerate(APPLICANTS, 3):
            organisation = ("h3.organisation",) if 3 < column < 9 else ()
            cells.append(
                _figure(
                    figures[f"t3.{row.code}.{applicant.id}"],
                    line,
                    column,
                    ("h3.applicants", *organisation, f"h3.{applicant.id}", *headers),
                )
            )
    return Grid(3, _caption(3), 3 + len(form.rows), 10, 3, tuple(cells))


def _group_ids(row: Row) -> tuple[str, ...]:
    return ("h3.3", f"h3.{row.code[:3]}")[: len(row.groups)]


def _labels(form: Form, row: Row, line: int) -> Iterator[GridCell]:
    """The label cells that begin on this row: a group's label on its first row, then the row's own."""
    for depth, (group, name) in enumerate(zip(_group_ids(row), row.groups, strict=True)):
        members = [other for other in form.rows if other.groups[: depth + 1] == row.groups[: depth + 1]]
        if members[0] is row:
            yield GridCell(line, depth, name, "row", group, rowspan=len(members))
    depth = len(row.groups)
    yield GridCell(line, depth, row.label, "row", f"h3.{row.code}", colspan=3 - depth, total=row.code == "3.7")


def _table4(figures: dict[str, Cell]) -> Grid:
    review, direct, after = APPEALS
    cells = [
        GridCell(0, 0, review.key, "group", f"h4.{review.id}", colspan=5),
        GridCell(0, 5, "行政诉讼", "group", "h4.suits", colspan=10),
    ]
    cells += [
        GridCell(1, column, outcome.label, "column", f"h4.{review.id}.{outcome.id}", rowspan=2)
        for column, outcome in enumerate(OUTCOMES)
    ]
    cells += [
        GridCell(1, column, appeal.key, "group", f"h4.{appeal.id}", colspan=5)
        for column, appeal in ((5, direct), (10, after))
    ]
    heads = [(appeal, outcome) for appeal in APPEALS for outcome in OUTCOMES]
    cells += [
        GridCell(2, column, outcome.label, "column", f"h4.{appeal.id}.{outcome.id}")
        for column, (appeal, outcome) in enumerate(heads)
        if appeal is not review
    ]
    for column, (appeal, outcome) in enumerate(heads):
        suits = () if appeal is review else ("h4.suits",)
        headers = (*suits, f"h4.{appeal.id}", f"h4.{appeal.id}.{outcome.id}")
        cells.append(_figure(figures[f"t4.{appeal.id}.{outcome.id}"], 3, column, headers))
    return Grid(4, _caption(4), 4, 15, 3, tuple(cells))
