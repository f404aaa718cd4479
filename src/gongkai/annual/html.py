"""The annual report as an HTML fragment: the published merged-cell tables, readable by eye, keyboard and screen reader.

No style and no script: classes only (``report``, ``figures``, ``figure``, ``zero``, ``total``, ``band``, ``note``).
Every figure carries its cell id as ``id``, and as link where the document gives one.
"""

from collections.abc import Iterator
from html import escape

from gongkai.annual.document import Document, run_in
from gongkai.annual.forms import SECTIONS
from gongkai.annual.grid import Grid, GridCell, grids

#: Roles are written out: a page that lays the table out as cards on a phone would lose them.
ROLES = {"band": "columnheader", "group": "columnheader", "column": "columnheader", "row": "rowheader"}
SCOPES = {"band": "colgroup", "group": "colgroup", "column": "col", "row": "row"}


def write(document: Document) -> str:
    """The whole report: title, line of origin, six sections with their tables."""
    tables = {grid.number: grid for grid in grids(document.report)}
    parts = [
        '<article class="report" lang="zh-Hans">',
        f"<header>\n<h1>{'<br>'.join(map(escape, document.title_lines))}</h1>\n{_meta(document)}</header>",
        *map(_paragraph, document.preamble),
    ]
    for number, heading in enumerate(SECTIONS, 1):
        parts.append(f'<section aria-labelledby="section-{number}">\n<h2 id="section-{number}">{heading}</h2>')
        parts += map(_paragraph, document.paragraphs(number))
        if number in tables:
            parts.append(table(document, tables[number]))
        parts.append("</section>")
    return "\n".join((*parts, "</article>")) + "\n"


def table(document: Document, grid: Grid) -> str:
    """One table, in a scrollable region for narrow screens."""
    head = "\n".join(_line(document, line) for line in list(grid.lines())[: grid.head])
    body = "\n".join(_line(document, line) for line in list(grid.lines())[grid.head :])
    thead = f'<thead role="rowgroup">\n{head}\n</thead>\n' if head else ""
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-labelledby="table-{grid.number}">\n'
        f'<table class="figures t{grid.number}" role="table">\n<caption id="table-{grid.number}">{escape(grid.caption)}</caption>\n'
        f'{thead}<tbody role="rowgroup">\n{body}\n</tbody>\n</table>\n</div>'
    )


def _meta(document: Document) -> str:
    origin, *marks = document.meta.rsplit("　", len(document.marks)) if document.marks else [document.meta]
    badges = "".join(f' <span class="mark">{escape(mark)}</span>' for mark in marks)
    return f'<p class="meta">{escape(origin)}{badges}</p>\n'


def _paragraph(text: str) -> str:
    heading, rest = run_in(text)
    return f"<p>{f'<strong>{escape(heading)}</strong>' if heading else ''}{escape(rest)}</p>"


def _line(document: Document, cells: tuple[GridCell, ...]) -> str:
    return f'<tr role="row">{"".join(_cell(document, cell) for cell in cells)}</tr>'


def _cell(document: Document, cell: GridCell) -> str:
    text = escape(cell.text)
    if cell.role == "figure":
        address = document.link(cell.id) if document.link else None
        if address:
            text = f'<a href="{escape(address)}" aria-label="{escape(cell.label)}：{text}">{text}</a>'
    tag = "td" if cell.role in ("figure", "note") else "th"
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in _attributes(cell))
    return f"<{tag}{attributes}>{text}</{tag}>"


def _attributes(cell: GridCell) -> Iterator[tuple[str, str]]:
    yield "role", ROLES.get(cell.role, "cell")
    if cell.label:
        yield "data-label", cell.label if cell.id.startswith("t4.") else cell.label.rpartition("·")[2]
    classes: list[str] = [cell.role] if cell.role in ("figure", "note", "band") else []
    classes += ["zero"] if cell.value == 0 else []
    classes += ["total"] if cell.total else []
    if cell.id:
        yield "id", cell.id
    if classes:
        yield "class", " ".join(classes)
    if cell.role in SCOPES:
        yield "scope", "rowgroup" if cell.role == "row" and cell.rowspan > 1 else SCOPES[cell.role]
    if cell.rowspan > 1:
        yield "rowspan", str(cell.rowspan)
    if cell.colspan > 1:
        yield "colspan", str(cell.colspan)
    if cell.headers:
        yield "headers", " ".join(cell.headers)
