"""The press of the product: sheets set with typst."""

import datetime
from collections.abc import Sequence
from pathlib import Path

from gongkai.typeset import press

from .redact import Note, Sheet

TEMPLATE = Path(__file__).parent / "copy.typ"


def pdf(sheets: Sequence[Sheet], notes: Sequence[Note], day: datetime.date) -> bytes:
    """The copy as a PDF. Raises what ``typeset.press.pdf`` raises."""
    data = {
        "title": "政府信息公开（区分处理后）",
        "sheets": [
            {
                "image": list(sheet.image),
                "width": sheet.width,
                "height": sheet.height,
                "alt": f"第 {number} 页，共 {len(sheets)} 页",
                "lines": [{"x": line.x, "y": line.y, "size": line.size, "text": line.text} for line in sheet.lines],
            }
            for number, sheet in enumerate(sheets, 1)
        ],
        "notes": [
            {
                "number": str(note.number),
                "article": note.basis.article,
                "reason": note.basis.reason,
                "places": str(note.places),
                "pages": "、".join(map(str, note.pages)),
            }
            for note in notes
        ],
    }
    return press.pdf(TEMPLATE, data, day=day)
