"""The layout with one cell a line, as published tables come out when they are copied as text.

A cell begins with a tab; a line without one goes on with the cell before (商业 / 企业); an empty line ends a row of
the table. Copies whose tabs are lost are read too as long as no cell is blank: a blank cell could then not be told
from the end of a row, so a row with too few figures is refused and named.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from gongkai.annual.forms import FORMS, SECTIONS, Form, form_for
from gongkai.annual.grid import Grid, GridCell, grids
from gongkai.annual.reading import DIGITS, ReadError, Reading, Repair, Section, bare, figure, is_figure
from gongkai.annual.report import Figure, Report, report_from_values

HEADINGS = (
    re.compile("^一、"),
    re.compile("^二、.*主动公开政府信息"),
    re.compile("^三、.*(收到|办理|处理).*政府信息公开申请"),
    re.compile("^四、.*行政复议.*行政诉讼"),
    re.compile("^五、"),
    re.compile("^六、"),
)
TITLE = re.compile(r"([0-9〇零一二三四五六七八九○]{4})\s*年度?\s*政府信息公开(工作)?年度报告")
LONGEST_TITLE = 80
REPEATS = 3  # labels between two rows of figures can at most repeat the head of the table
_NOT_A_NAME = re.compile("[0-9０-９:：]")  # index numbers and dates above a title are not the body's name
CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


@dataclass(frozen=True)
class Line:
    """A cell or a row's end (``end``) with the number of the line it stands on."""

    number: int
    text: str = ""
    end: bool = False


@dataclass
class Table:
    """What was read of one table."""

    values: dict[str, Figure] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)


def recognises(text: str) -> bool:
    """Whether the three headings above tables stand in the text, in order, each on a line of its own."""
    found = _divide(text.splitlines())
    return all(number in found for number in (2, 3, 4))


def read(text: str) -> Reading:
    """The report in ``text``.

    Raises:
        ReadError: title, year, body or a part of a table cannot be made out.
    """
    lines = text.splitlines()
    starts = _divide(lines)
    title, body, year, preamble = _head(lines[: min(starts.values())])
    parts = {number: _part(lines, starts, number) for number in starts}
    form = _form(parts[2], year)
    blank = report_from_values(body, year, {}, form)
    tables = {grid.number: _table(grid, parts[grid.number]) for grid in grids(blank)}
    values = {cell: value for table in tables.values() for cell, value in table.values.items()}
    sections = {
        number: Section(
            _clean(lines[start]),
            tuple(tables[number].paragraphs if number in tables else _prose(parts[number])),
        )
        for number, start in starts.items()
    }
    repairs = tuple(repair for table in tables.values() for repair in table.repairs)
    return Reading(_report(body, year, values, form), title, preamble, sections, repairs)


def _report(body: str, year: int, values: dict[str, Figure], form: Form) -> Report:
    try:
        return report_from_values(body, year, values, form)
    except ValueError as error:
        raise ReadError(str(error)) from error


def _clean(line: str) -> str:
    return line.strip().strip("\ufeff\u200b").strip()


def _divide(lines: list[str]) -> dict[int, int]:
    """Number of a section → index of its heading. Sections two to four are found first: their wording is fixed,
    while 一、 五、 六、 may also begin a paragraph or a row of table three."""
    starts: dict[int, int] = {}
    after = 0
    for number in (2, 3, 4):
        index = _find(lines, HEADINGS[number - 1], after, len(lines))
        if index is None:
            return starts
        starts[number], after = index, index + 1
    first = _find(lines, HEADINGS[0], 0, starts[2])
    if first is not None:
        starts[1] = first
    for number in (5, 6):
        index = _find(lines, HEADINGS[number - 1], after, len(lines))
        if index is not None:
            starts[number], after = index, index + 1
    return dict(sorted(starts.items()))


def _find(lines: list[str], heading: re.Pattern[str], start: int, end: int) -> int | None:
    longest = max(map(len, SECTIONS)) + 20
    for index in range(start, end):
        text = unicodedata.normalize("NFKC", _clean(lines[index]))
        if len(text) <= longest and heading.search(text):
            return index
    return None


def _part(lines: list[str], starts: dict[int, int], number: int) -> list[tuple[int, str]]:
    """The lines under the heading of a section, with their numbers in the file."""
    begin = starts[number] + 1
    end = min((start for start in starts.values() if start >= begin), default=len(lines))
    return [(index + 1, lines[index]) for index in range(begin, end)]


def _prose(part: list[tuple[int, str]]) -> list[str]:
    return [text for _, line in part if (text := _clean(line))]


def _head(lines: list[str]) -> tuple[str, str, int, tuple[str, ...]]:
    """Title, body, year and the other paragraphs of the lines before the first section.

    The body's name stands before the year, on the same line or on the nearest line above without digits or colon.
    """
    texts = [text for line in lines if (text := _clean(line))]
    for index, text in enumerate(texts):
        found = TITLE.search(text.translate(DIGITS)) if len(text) <= LONGEST_TITLE else None
        if not found:
            continue
        names = [at for at in range(index) if not _NOT_A_NAME.search(texts[at])]
        own = text[: found.start()].strip()
        if not own and not names:
            break
        used = {index} if own else {index, names[-1]}
        body = own or texts[names[-1]]
        others = tuple(line for at, line in enumerate(texts) if at not in used)
        return body + found.group(), body, _year(found.group(1)), others
    raise ReadError(
        "没有读出标题：开头应当有发布机关的名称和“××××年政府信息公开工作年度报告”，"
        "例如“某某市人民政府办公厅2021年政府信息公开工作年度报告”"
    )


def _year(text: str) -> int:
    year = int(text.translate(CHINESE_DIGITS))
    try:
        form_for(year)
    except ValueError as error:
        raise ReadError(str(error)) from error
    return year


def _form(part: list[tuple[int, str]], year: int) -> Form:
    """The form by the heads of table two: some bodies went on using the 2019 form after 2020."""
    text = bare("".join(line for _, line in part))
    for form in FORMS:
        if any(bare(column.label) in text for column in form.blocks[0].columns):
            return form
    return form_for(year)


def _cells(part: list[tuple[int, str]]) -> Iterator[Line]:
    """Cells and row ends. A line without tab continues the cell before it, if that began with one."""
    begun, texts = 0, [""]  # the line on which the open cell began, 0 for none, and its texts
    for number, line in part:
        text = _clean(line)
        if begun and text and not line.startswith("\t"):
            texts.append(text)
            continue
        if begun:
            yield Line(begun, "".join(texts))
        begun, texts = (number, [text]) if line.startswith("\t") else (0, [""])
        if not begun:
            yield Line(number, text, end=not text)
    if begun:
        yield Line(begun, "".join(texts))


def _rows(grid: Grid) -> list[tuple[list[str], list[GridCell]]]:
    """Rows of figures in order, each with the label texts printed since the row before."""
    rows: list[tuple[list[str], list[GridCell]]] = []
    labels: list[str] = []
    for line in grid.lines():
        labels += [cell.text for cell in line if cell.role != "figure"]
        if figures := [cell for cell in line if cell.role == "figure"]:
            rows.append((labels, figures))
            labels = []
    return rows


def _table(grid: Grid, part: list[tuple[int, str]]) -> Table:
    """Walk the table's rows in printed order: the labels of a row, then its figures."""
    lines = list(_cells(part))
    words = sorted({bare(cell.text) for cell in grid.cells if cell.role != "figure"}, key=len, reverse=True)
    own_row = grid.number == 4  # its figures stand in a row of their own, under heads which repeat
    table, at = Table(), 0
    for index, (labels, figures) in enumerate(_rows(grid)):
        at, spoken = _seek(lines, at, labels if own_row else labels[-1:], figures)
        foreign = _foreign(spoken, words)
        if foreign and index:
            raise ReadError(
                f"第{lines[at - 1].number}行以上的“{foreign[-1][:40]}”不是年度报告格式中的项目，也不知道属于哪一格"
            )
        table.paragraphs += foreign
        at = _take(lines, at, figures, table, own_row)
    table.paragraphs += [line.text for line in lines[at:] if line.text]
    return table


def _seek(lines: list[Line], at: int, labels: list[str], figures: list[GridCell]) -> tuple[int, list[str]]:
    """The index after the cell which completes ``labels``, and the texts passed on the way to it."""
    wanted, passed = bare("".join(labels)), ""
    spoken: list[str] = []
    for index in range(at, len(lines)):
        text = lines[index].text
        if not text:
            continue
        spoken.append(text)
        passed += bare(text)
        if passed.endswith(wanted):
            return index + 1, spoken
    met = f"第{lines[at].number}行起是“{spoken[0][:30]}”" if spoken else "表格到此已经结束"
    raise ReadError(f"没有找到“{_name(figures)}”这一行，{met}。请核对表格是否完整、项目名称是否与规定格式一致")


def _foreign(spoken: list[str], words: list[str]) -> list[str]:
    """The texts of ``spoken`` up to the point from which all the rest is labels of the table."""
    first, rest = len(spoken), ""
    longest = REPEATS * sum(map(len, words))
    for start in range(len(spoken) - 1, -1, -1):
        rest = bare(spoken[start]) + rest
        if len(rest) > longest:
            break
        remains = rest
        for word in words:
            remains = remains.replace(word, "")
        first = first if remains else start
    return spoken[:first]


def _take(lines: list[Line], at: int, figures: list[GridCell], table: Table, own_row: bool) -> int:
    """Read the figures of one row from ``at``; the index after them."""
    while own_row and at < len(lines) and lines[at].end:
        at += 1
    after = at
    while after < len(lines) and (lines[after].end or is_figure(lines[after].text)):
        after += 1
    found = _slots(lines[at:after], len(figures))
    if len(found) < len(figures):
        _refuse(lines, at + len(found), figures, len(found))
    for place, line in zip(figures, found, strict=True):
        assert place.cell is not None
        try:
            value, repair = figure(line.text, place.cell)
        except ReadError as error:
            raise ReadError(f"第{line.number}行：{error}") from None
        table.values[place.id] = value
        table.repairs += [repair] if repair else []
    return at + len(found)


def _slots(run: list[Line], wanted: int) -> list[Line]:
    """The cells of a row, out of everything up to the next label.

    A row ends at an empty line. Where it would then be too short, an empty line may be a blank cell whose tab was
    trimmed; that is taken only if it makes exactly the number of cells wanted.
    """
    end = next((index for index, line in enumerate(run) if line.end), len(run))
    if end >= wanted:
        return run[:wanted]
    last = max((index for index, line in enumerate(run) if line.text), default=-1)
    return run[: last + 1] if last + 1 == wanted else run[:end]


def _refuse(lines: list[Line], at: int, figures: list[GridCell], count: int) -> None:
    met = (
        f"第{lines[at].number}行遇到“{lines[at].text[:30]}”" if at < len(lines) and lines[at].text else "这一行就结束了"
    )
    raise ReadError(f"“{_name(figures)}”应有{len(figures)}个数字，只读到{count}个，{met}。请补齐后再试，没有的填0")


def _name(figures: list[GridCell]) -> str:
    return figures[0].label.rpartition("·")[0] if figures[0].id[:2] != "t4" else "行政复议、行政诉讼情况"
