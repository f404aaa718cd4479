"""Taking things out: what is removed and why, and the new file."""

import datetime
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PIL import ImageDraw, ImageFont
from PIL.Image import Image

from .pages import Box, Letter, Page, Reading

#: Resolution of the copy: enough to print.
DOTS = 200
#: How far a mark reaches beyond the letters, in points, so that no edge of a glyph shows.
MARGIN = 0.4


@dataclass(frozen=True)
class Basis:
    """Why something is withheld: the article, as cited, and a word for it."""

    article: str
    reason: str


@dataclass(frozen=True)
class Removal:
    """What to remove: every occurrence of ``text``, or the place ``box`` on ``page`` (from 0), with its basis.

    ``only`` names the occurrences meant (from 0, in the order of ``Reading.find``) where others may stay.
    """

    basis: Basis
    text: str = ""
    page: int | None = None
    box: Box | None = None
    only: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Mark:
    """A place that was removed."""

    page: int
    box: Box
    basis: Basis


@dataclass(frozen=True)
class Redacted:
    """The new file, its marks, and the texts that must not be in it."""

    pdf: bytes
    marks: tuple[Mark, ...]
    removed: tuple[str, ...]


class NotFound(ValueError):
    """A text to be removed does not occur: nothing is made, so that nobody believes it is gone. Chinese message."""


#: Sets the sheets, and the list of what was withheld, as a PDF; :mod:`.press` does it in the product.
Press = Callable[[Sequence["Sheet"], Sequence["Note"], datetime.date], bytes]


@dataclass(frozen=True)
class Note:
    """One basis with its number in the copy, how many places and on which pages (from 1): no removed text."""

    number: int
    basis: Basis
    places: int
    pages: tuple[int, ...]


@dataclass(frozen=True)
class Line:
    """A run of kept text: where it begins and how large it is, in points from the upper left corner."""

    x: float
    y: float
    width: float
    size: float
    text: str


@dataclass(frozen=True)
class Sheet:
    """A page of the copy."""

    image: bytes
    width: float
    height: float
    lines: tuple[Line, ...]


def redact(content: bytes, removals: Sequence[Removal], press: Press, day: datetime.date) -> Redacted:
    """The redacted copy of a PDF. Raises ``NotAPdf``, :class:`NotFound`, and what the press raises."""
    source = Reading(content)
    marks = tuple(mark for removal in removals for mark in marks_of(source, removal))
    numbers = {basis: n for n, basis in enumerate(dict.fromkeys(removal.basis for removal in removals), 1)}
    sheets = [_sheet(source, page, [m for m in marks if m.page == page], numbers) for page in range(len(source.pages))]
    notes = [_note(number, basis, marks) for basis, number in numbers.items()]
    removed = tuple(dict.fromkeys("".join(r.text.split()) for r in removals if r.text and r.only is None))
    return Redacted(press(sheets, notes, day), marks, removed)


def _note(number: int, basis: Basis, marks: Sequence[Mark]) -> Note:
    places = [mark for mark in marks if mark.basis == basis]
    return Note(number, basis, len(places), tuple(sorted({mark.page + 1 for mark in places})))


def marks_of(source: Reading, removal: Removal) -> list[Mark]:
    """The places a removal covers. Raises :class:`NotFound`."""
    if removal.box is not None and removal.page is not None:
        if not 0 <= removal.page < len(source.pages):
            raise NotFound(f"文件没有第 {removal.page + 1} 页")
        return [Mark(removal.page, removal.box, removal.basis)]
    found = [one for n, one in enumerate(source.find(removal.text)) if removal.only is None or n in removal.only]
    if not found:
        raise NotFound(f"文件中没有找到“{removal.text[:40]}”，请核对文字；扫描件请改用划定区域")
    return [
        Mark(one.page, _around(run), removal.basis)
        for one in found
        for run in runs([source.pages[one.page].letters[index] for index in one.letters])
    ]


def runs(letters: Sequence[Letter]) -> list[list[Letter]]:
    """Letters that stand in one line, together."""
    found: list[list[Letter]] = []
    for letter in letters:
        last = found[-1][-1].box if found else None
        same = last and letter.box.bottom < last.top and last.bottom < letter.box.top and letter.box.left >= last.left
        # A gap as wide as three letters is a column's edge, not a space.
        near = last and letter.box.left - last.right < 3 * max(1.0, last.top - last.bottom)
        if same and near:
            found[-1].append(letter)
        else:
            found.append([letter])
    return found


def _around(run: Sequence[Letter], margin: float = MARGIN) -> Box:
    boxes = [letter.box for letter in run]
    return Box(
        min(box.left for box in boxes) - margin,
        min(box.bottom for box in boxes) - margin,
        max(box.right for box in boxes) + margin,
        max(box.top for box in boxes) + margin,
    )


def _sheet(source: Reading, number: int, marks: Sequence[Mark], numbers: Mapping[Basis, int]) -> Sheet:
    page = source.pages[number]
    image = source.image(number, DOTS)
    for mark in marks:
        _paint(image, page, mark, str(numbers[mark.basis]))
    packed = io.BytesIO()
    image.save(packed, "PNG", optimize=False)
    boxes = [mark.box for mark in marks]
    kept = [letter for letter in page.letters if not any(box.covers(letter.box) for box in boxes)]
    lines = [_line(page, run) for run in runs(kept)]
    return Sheet(packed.getvalue(), page.width, page.height, tuple(lines))


def _line(page: Page, run: Sequence[Letter]) -> Line:
    box = _around(run, 0)
    text = "".join(letter.text for letter in run)
    return Line(box.left, page.height - box.top, box.right - box.left, max(1.0, box.top - box.bottom), text)


def _paint(image: Image, page: Page, mark: Mark, label: str) -> None:
    """A solid box; where there is room, the number of its basis stands in it in white."""
    scale = image.width / page.width
    box = mark.box
    place = (box.left * scale, (page.height - box.top) * scale, box.right * scale, (page.height - box.bottom) * scale)
    draw = ImageDraw.Draw(image)
    draw.rectangle(place, fill="black")
    size = (place[3] - place[1]) * 0.6
    font = ImageFont.load_default(max(size, 1))
    if size >= 8 and draw.textlength(label, font) < place[2] - place[0]:
        draw.text((place[0] + 4, place[1] + size * 0.2), label, fill="white", font=font)
