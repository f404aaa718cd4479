"""Lines put into a tree: which piece a line belongs to, and what its anchor is."""

from dataclasses import dataclass, field

from gongkai.text.lines import Kind, Line
from gongkai.text.nodes import Node

#: How deep a kind stands: a line closes every open piece that stands as deep or deeper.
_RANK = {
    Kind.DOCUMENT: 0, Kind.ANNEX: 1, Kind.PREAMBLE: 2, Kind.TOC: 2, Kind.CLOSING: 2, Kind.PART: 2, Kind.SUBPART: 3,
    Kind.CHAPTER: 4, Kind.SECTION: 5, Kind.HEADING: 6, Kind.POINT: 7, Kind.ARTICLE: 8, Kind.PARAGRAPH: 9,
    Kind.ITEM: 11, Kind.SUBITEM: 12, Kind.DETAIL: 13, Kind.MARK: 14, Kind.QUOTE: 16, Kind.TABLE: 16,
}  # fmt: skip
_INNER_POINT = 10  # 一、 inside a 条 stands between 款 and 项
_LOOSE_PARAGRAPH = 15  # outside a 条 a paragraph belongs to whatever numbered piece stands before it
_FLEETS = {Kind.PREAMBLE, Kind.TOC, Kind.CLOSING}
_FLEETING = 8  # what is no division opens like the largest one, and ends with any division, 条 or 一、
_LETTER = {
    Kind.PARAGRAPH: "p", Kind.POINT: "n", Kind.ITEM: "i", Kind.SUBITEM: "s", Kind.DETAIL: "d", Kind.MARK: "m",
    Kind.QUOTE: "q", Kind.TABLE: "t",
}  # fmt: skip
_WORD = {
    Kind.ANNEX: "annex", Kind.PREAMBLE: "pre", Kind.TOC: "toc", Kind.CLOSING: "closing", Kind.PART: "part",
    Kind.SUBPART: "sub", Kind.CHAPTER: "ch", Kind.SECTION: "sec", Kind.HEADING: "h", Kind.POINT: "pt",
    Kind.ARTICLE: "art",
}  # fmt: skip
#: Counted through the document or the annex, whatever division they stand in.
_THROUGH = {Kind.ARTICLE, Kind.POINT, Kind.PREAMBLE, Kind.TOC, Kind.CLOSING}
_OUTSIDE = {Kind.DOCUMENT, Kind.TOC, Kind.CLOSING, Kind.ANNEX}


@dataclass(slots=True)
class _Open:
    """A piece still being read."""

    kind: Kind
    rank: int
    start: int
    own_end: int
    label: str = ""
    label_end: int = 0
    number: int | None = None
    inserted: int | None = None
    anchor: str = ""
    level: int = 0
    children: list[Node] = field(default_factory=list)
    counts: dict[Kind, int] = field(default_factory=dict)


class Builder:
    """Takes the lines of a document in order; a piece is closed by the first line that does not belong to it."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.stack = [_Open(Kind.DOCUMENT, 0, 0, 0)]
        self.repeated: dict[str, int] = {}
        self.last_point = 0
        self.in_article = False  # whether a 条 is among the open pieces
        self.handlers = {
            Kind.PARAGRAPH: self._paragraph,
            Kind.QUOTE: self._joined,
            Kind.TABLE: self._joined,
            Kind.TOC: self._same,
            Kind.CLOSING: self._same,
            Kind.POINT: self._point,
            Kind.HEADING: self._heading,
            Kind.ARTICLE: self._article,
            Kind.ITEM: self._listed,
            Kind.SUBITEM: self._listed,
            Kind.DETAIL: self._listed,
            Kind.MARK: self._listed,
            Kind.ANNEX: self._annex,
        }

    def add(self, line: Line) -> None:
        """Take the next line."""
        self.handlers.get(line.kind, self._division)(line)

    def frozen(self) -> Node:
        """Close everything; the document's root."""
        self._cut(1, self.length)
        root = self.stack[0]
        own_end = root.children[0].start if root.children else self.length
        return Node(Kind.DOCUMENT, 0, self.length, own_end, "", 0, None, None, "", tuple(root.children))

    @property
    def _top(self) -> _Open:
        return self.stack[-1]

    def _division(self, line: Line) -> None:
        self._push(line, _RANK[line.kind])

    def _annex(self, line: Line) -> None:
        self.last_point = 0
        self._push(line, _RANK[Kind.ANNEX])

    def _article(self, line: Line) -> None:
        """A 条 has its own words as first 款, unless they are only a caption in brackets or missing."""
        words = line.words[line.words.find(line.label) + len(line.label) :].strip()
        caption = not words or (words[0] in "（(【[" and words[-1] in "）)】]" and len(words) <= 40)
        self._push(line, _RANK[Kind.ARTICLE])
        if not caption:
            self._top.own_end = line.label_end
            self._first_paragraph(line.label_end, line.end)

    def _first_paragraph(self, start: int, end: int) -> None:
        line = Line(start, end, Kind.PARAGRAPH, "", start)
        self._push(line, _RANK[Kind.PARAGRAPH])

    def _paragraph(self, line: Line) -> None:
        """Inside a 条 a new 款; elsewhere it belongs to the piece just read; before everything, to the preamble."""
        if self.in_article:
            self._push(line, _RANK[Kind.PARAGRAPH])
            return
        self._needs_holder(line.start)
        self._push(line, _LOOSE_PARAGRAPH)

    def _listed(self, line: Line) -> None:
        self._needs_holder(line.start)
        self._push(line, _RANK[line.kind])

    def _joined(self, line: Line) -> None:
        """A quoted line or a row of a table belongs to whatever was just read; rows are one table."""
        if line.kind is Kind.TABLE and self._top.kind is Kind.TABLE:
            self._top.own_end = line.end
            return
        self._needs_holder(line.start)
        self._push(line, _RANK[line.kind])

    def _needs_holder(self, start: int) -> None:
        """A list or a paragraph cannot stand alone: it hangs on a first 款, or on a preamble."""
        if self._top.kind is Kind.ARTICLE:
            self._first_paragraph(start, start)
        elif self._top.kind in _OUTSIDE:
            self._push(Line(start, start, Kind.PREAMBLE, "", start), _RANK[Kind.PREAMBLE])

    def _same(self, line: Line) -> None:
        """Lines of a table of contents or a signature are one piece."""
        if self._top.kind is line.kind:
            self._top.own_end = line.end
        else:
            self._push(line, _RANK[line.kind])

    def _point(self, line: Line) -> None:
        """一、 divides a document without 条, or gathers 条 like a chapter, or counts inside one 条."""
        inner = next((piece for piece in self.stack if piece.rank == _INNER_POINT), None)
        goes_on = self.last_point > 0 and line.number == self.last_point + 1
        continues_inner = inner is not None and line.number == (inner.number or 0) + 1
        if self.in_article and not line.level and (continues_inner or not goes_on):
            self._needs_holder(line.start)
            self._push(line, _INNER_POINT)
        else:
            self.last_point = line.number or 0
            self._push(line, _RANK[Kind.POINT])

    def _heading(self, line: Line) -> None:
        """A heading without number ends whatever has no heading mark, and headings of its level or deeper."""
        for place, piece in enumerate(self.stack):
            if place and piece.kind is not Kind.ANNEX and (not piece.level or piece.level >= line.level):
                self._cut(place, line.start)
                break
        self._push(line, max(_RANK[Kind.HEADING], self._top.rank + 1) if self._top.kind is Kind.HEADING else 6)

    def _push(self, line: Line, rank: int) -> None:
        """Close what the line does not belong to and open its piece."""
        place = len(self.stack)
        while self.stack[place - 1].rank >= rank:  # the deeper, the higher the rank; the document stands below all
            place -= 1
        self._cut(place, line.start)
        kind = line.kind
        if kind in _FLEETS:
            rank = _FLEETING
        elif kind is Kind.ARTICLE:
            self.in_article = True
        counts = self.stack[-1].counts
        count = counts[kind] = counts.get(kind, 0) + 1
        number = count if kind is Kind.PARAGRAPH else line.number
        self.stack.append(
            _Open(
                kind,
                rank,
                line.start,
                line.end,
                line.label,
                line.label_end,
                number,
                line.inserted,
                self._anchor(line, rank, number or count),
                line.level,
            )
        )

    def _anchor(self, line: Line, rank: int, number: int) -> str:
        """The piece's name in an address; ``~2`` is added where a document uses the same number again."""
        holder, kind = self.stack[-1].anchor, line.kind
        if kind in _THROUGH and rank != _INNER_POINT:
            holder = next((piece.anchor for piece in self.stack if piece.kind is Kind.ANNEX), "")
        if kind in _LETTER and rank != _RANK[Kind.POINT]:
            own = f"{_LETTER[kind]}{number}"
        else:
            own = f"{_WORD[kind]}-{number}" + (f"-{line.inserted}" if line.inserted else "")
        anchor = f"{holder}-{own}" if holder else own
        seen = self.repeated[anchor] = self.repeated.get(anchor, 0) + 1
        return anchor if seen == 1 else f"{anchor}~{seen}"

    def _cut(self, place: int, end: int) -> None:
        """Close every open piece from this place of the stack; they end where the next one begins."""
        stack = self.stack
        while len(stack) > place:
            piece = stack.pop()
            children, label_end = piece.children, piece.label_end
            own_end = children[0].start if children else end
            if piece.kind is Kind.ARTICLE:
                self.in_article = False
            stack[-1].children.append(
                Node(
                    piece.kind,
                    piece.start,
                    end,
                    own_end,
                    piece.label,
                    label_end if label_end < own_end else own_end,
                    piece.number,
                    piece.inserted,
                    piece.anchor,
                    tuple(children),
                )
            )
