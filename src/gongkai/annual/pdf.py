"""The annual report as PDF: A4 in the manner of GB/T 9704, PDF/A-2a and PDF/UA-1, with the published merged cells."""

from pathlib import Path
from typing import Any

from gongkai.annual.document import Document, run_in
from gongkai.annual.forms import SECTIONS
from gongkai.annual.grid import Grid, grids
from gongkai.typeset import press

TEMPLATE = Path(__file__).with_name("report.typ")


def write(document: Document) -> bytes:
    """The PDF. The same document gives the same bytes on machines with the same fonts.

    Raises:
        gongkai.typeset.fonts.FontsMissing: there is no Chinese font on this machine.
        gongkai.typeset.press.TypesetError: a character of the text is in no installed font.
    """
    return press.pdf(TEMPLATE, template_data(document), day=document.stamp)


def template_data(document: Document) -> dict[str, Any]:
    """What ``report.typ`` reads."""
    tables = {grid.number: _table(grid) for grid in grids(document.report)}
    return {
        "title": document.title,
        "title_lines": document.title_lines,
        "publisher": document.publisher,
        "meta": document.meta,
        "date": [document.stamp.year, document.stamp.month, document.stamp.day],
        "preamble": _paragraphs(document.preamble),
        "sections": [
            {"heading": heading, "paragraphs": _paragraphs(document.paragraphs(number)), "table": tables.get(number)}
            for number, heading in enumerate(SECTIONS, 1)
        ],
    }


def _paragraphs(texts: tuple[str, ...]) -> list[tuple[str, str]]:
    return [run_in(text) for text in texts]


def _table(grid: Grid) -> dict[str, Any]:
    keys = ("row", "column", "rowspan", "colspan", "text", "role", "total")
    cells = [{key: getattr(cell, key) for key in keys} for cell in grid.cells]
    return {"number": grid.number, "caption": grid.caption, "head": grid.head, "cells": cells}
