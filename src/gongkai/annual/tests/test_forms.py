"""The forms against the official blank form and against the numbers the field knows them by."""

import docx
import pytest

from gongkai.annual.forms import FORM_2019, FORM_2021, ROWS, SECTIONS, form_for
from gongkai.annual.grid import Grid, grids
from gongkai.annual.report import report_from_values
from gongkai.annual.tests.samples import shared


def test_sizes() -> None:
    assert len(ROWS) == 25 and len(FORM_2021.leaves) == 21
    assert len(FORM_2019.rows) == 23 and len(FORM_2019.leaves) == 19
    assert [row.code for row in ROWS][:4] == ["1", "2", "3.1", "3.2"]
    assert [row.code for row in ROWS][-2:] == ["3.7", "4"]


@pytest.mark.parametrize(("year", "form"), [(2019, FORM_2019), (2020, FORM_2019), (2021, FORM_2021), (2030, FORM_2021)])
def test_form_of_a_year(year: int, form: object) -> None:
    assert form_for(year) is form


def test_no_form_before_2019() -> None:
    with pytest.raises(ValueError, match="2018年没有可用的年度报告格式"):
        form_for(2018)


def _merged(rows: list[list[str]]) -> list[list[str]]:
    return [["".join(text.split()) for text in row] for row in rows]


def _spread(grid: Grid) -> list[list[str]]:
    """Every place of the table with the text of the cell that covers it, figures left empty as in the blank form."""
    places = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            for column in range(cell.column, cell.column + cell.colspan):
                places[row][column] = "" if cell.role == "figure" else cell.text
    return places


def test_tables_equal_the_official_blank_form() -> None:
    """Labels, order and merged layout, place by place, against the form the State Council's office issued."""
    official = docx.Document(str(shared("law/annual-report-form-2021.docx")))
    ours = grids(report_from_values("某局", 2021, {}))
    assert len(official.tables) == 3
    for table, grid in zip(official.tables, ours, strict=True):
        assert _merged([[cell.text for cell in row.cells] for row in table.rows]) == _merged(_spread(grid))
    headings = [paragraph.text for paragraph in official.paragraphs if paragraph.text in SECTIONS]
    assert headings == list(SECTIONS)


@pytest.mark.parametrize("form", [FORM_2021, FORM_2019], ids=lambda form: form.id)
def test_grids_cover_every_place_once(form: object) -> None:
    report = report_from_values("某局", 2021, {}, form)  # type: ignore[arg-type]
    for grid in grids(report):
        places = [
            (row, column)
            for cell in grid.cells
            for row in range(cell.row, cell.row + cell.rowspan)
            for column in range(cell.column, cell.column + cell.colspan)
        ]
        assert len(places) == len(set(places)) == grid.rows * grid.columns
        known = {cell.id for cell in grid.cells}
        assert all(set(cell.headers) <= known for cell in grid.cells)
