"""A PDF as pages of characters with their boxes, and as pixels."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pypdfium2
from PIL.Image import Image

#: Points in an inch; a page is measured in points from its lower left corner.
POINTS = 72
LARGEST_PAGES = 2000


class NotAPdf(ValueError):
    """The file cannot be read as a PDF; the message is Chinese and says why."""


@dataclass(frozen=True)
class Box:
    """A place on a page, in points from the lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    def covers(self, letter: "Box") -> bool:
        """Whether a letter's middle lies in this box: what a reader would call removed."""
        x, y = (letter.left + letter.right) / 2, (letter.bottom + letter.top) / 2
        return self.left <= x <= self.right and self.bottom <= y <= self.top


@dataclass(frozen=True)
class Letter:
    """A character and where it stands."""

    text: str
    box: Box


@dataclass(frozen=True)
class Found:
    """An occurrence of a text: the page (from 0) and the letters it is made of, as indices into the page's letters."""

    page: int
    letters: tuple[int, ...]


@dataclass(frozen=True)
class Page:
    """A page: its size in points and its visible letters in reading order."""

    width: float
    height: float
    letters: tuple[Letter, ...]

    @cached_property
    def text(self) -> str:
        """The letters as one string, without spaces and line ends: what is searched."""
        return "".join(letter.text for letter in self.letters)


class Reading:
    """An open PDF. Raises :class:`NotAPdf` for anything else, for an encrypted file and for one with too many pages."""

    def __init__(self, content: bytes):
        try:
            self._file = pypdfium2.PdfDocument(content)
            count = len(self._file)
        except pypdfium2.PdfiumError as error:
            reason = "文件设有密码，请先解除" if "password" in str(error).lower() else "不是完好的 PDF 文件"
            raise NotAPdf(f"{reason}，请重新导出后再上传") from error
        if not 0 < count <= LARGEST_PAGES:
            raise NotAPdf(f"文件有 {count} 页；每次可处理 1 至 {LARGEST_PAGES} 页")
        self.count = count

    @cached_property
    def pages(self) -> list[Page]:
        """Every page with its letters; read when first asked for."""
        return [self._page(number) for number in range(self.count)]

    def _page(self, number: int) -> Page:
        page = self._file[number]
        width, height = page.get_size()
        text = page.get_textpage()
        letters = []
        for index in range(text.count_chars()):
            character = text.get_text_range(index, 1)
            if character.strip() and character.isprintable():
                letters.append(Letter(character, Box(*text.get_charbox(index, loose=True))))
        return Page(width, height, tuple(letters))

    def image(self, number: int, dots: int) -> Image:
        """A page as it is seen, with its annotations, ``dots`` to the inch."""
        image: Image = self._file[number].render(scale=dots / POINTS, may_draw_forms=True).to_pil()
        return image.convert("RGB")

    def find(self, text: str) -> Iterator[Found]:
        """Every occurrence of a text; spaces and line ends do not matter, on either side."""
        wanted = "".join(text.split())
        for number, page in enumerate(self.pages):
            # A character of the PDF may be several of Unicode: positions in the string map back to letters.
            owner = [index for index, letter in enumerate(page.letters) for _ in letter.text]
            start = page.text.find(wanted) if wanted else -1
            while start >= 0:
                yield Found(number, tuple(dict.fromkeys(owner[start : start + len(wanted)])))
                start = page.text.find(wanted, start + 1)


def read(content: bytes) -> Reading:
    """Open a PDF. Raises :class:`NotAPdf`."""
    return Reading(content)
