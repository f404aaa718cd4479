"""A paper as PDF: A4 after GB/T 9704, PDF/A-2a and PDF/UA-1. The same paper gives the same bytes with the same fonts."""

from pathlib import Path
from typing import Any

from gongkai.papers.compose import Paper
from gongkai.papers.template import Table
from gongkai.typeset import press

TEMPLATE = Path(__file__).with_name("paper.typ")


def write(paper: Paper) -> bytes:
    """The PDF.

    Raises:
        gongkai.typeset.fonts.FontsMissing: there is no Chinese font on this machine.
        gongkai.typeset.press.TypesetError: a character of the text is in no installed font.
    """
    return press.pdf(TEMPLATE, template_data(paper), day=paper.stamp)


def template_data(paper: Paper) -> dict[str, Any]:
    """What ``paper.typ`` reads: texts only."""
    blocks = [{"rows": block.rows} if isinstance(block, Table) else {"text": block} for block in paper.blocks]
    names = ("name", "agency", "number", "addressee", "signature", "date", "notes")
    day = [paper.stamp.year, paper.stamp.month, paper.stamp.day]
    return {name: getattr(paper, name) for name in names} | {"blocks": blocks, "day": day}
