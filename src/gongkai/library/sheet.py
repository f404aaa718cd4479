"""A record laid out for paper: title, number, who issued it, its text in pieces. Word, PDF and plain text are made of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from gongkai.ledger import clock
from gongkai.text.lines import Kind
from gongkai.text.structure import Node, Tree
from gongkai.ui.pieces import Row

from . import queries, showing, validity
from .rendering import first_paragraph, heading_levels, is_heading, spoken


@dataclass(frozen=True)
class Piece:
    """A paragraph. ``role`` is heading, article, text, item, closing or row; a heading has its ``level`` from 2 on."""

    role: str
    text: str
    label: str = ""
    level: int = 0


@dataclass(frozen=True)
class Sheet:
    """What is printed. ``facts`` are lines below the title, ``notice`` what no longer holds, ``stamp`` dates the
    file; ``raw`` is the text as it is kept under ``digest``."""

    title: str
    publisher: str
    number: str
    facts: tuple[str, ...]
    notice: str
    raw: str
    digest: str
    url: str
    stamp: date

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The text in paragraphs."""
        return tuple(_pieces(queries.tree_of(self.digest), self.title))

    @property
    def text(self) -> str:
        """Everything as plain text; the document's own text stands in it unchanged."""
        head = [
            self.title,
            *([self.number] if self.number else []),
            *self.facts,
            *([self.notice] if self.notice else []),
        ]
        return "\n".join([*head, f"来源：{self.url}", "", self.raw.rstrip("\n"), ""])

    def as_data(self) -> dict[str, Any]:
        """What ``sheet.typ`` reads: texts only."""
        names = ("title", "publisher", "number", "facts", "notice", "url")
        pieces = [{"role": p.role, "text": p.text, "label": p.label, "level": p.level} for p in self.pieces]
        day = [self.stamp.year, self.stamp.month, self.stamp.day]
        return {name: getattr(self, name) for name in names} | {"pieces": pieces, "day": day}


def of(sight: queries.Sight, site: str) -> Sheet:
    """The sheet of a record with its current text."""
    record, today = sight.record, clock.today()
    banner = validity.banner(record, today, sight.changes)
    raw = queries.text_of(record.text)
    known = [Row("索引号", record.index_number), Row("发文机关", "、".join(sight.issuers)), *showing.days(record)]
    return Sheet(
        title=record.title,
        publisher="、".join(sight.issuers),
        number=record.document_number,
        facts=tuple(f"{row.term}：{row.detail}" for row in known if row.detail),
        notice=f"{banner.word}：{banner.text}" if banner and banner.kind else "",
        raw=raw,
        digest=record.text,
        url=site + showing.address(record.key),
        stamp=record.published_on or record.written_on or today,
    )


def _pieces(tree: Tree, title: str) -> Iterator[Piece]:
    levels, last = heading_levels(tree, 2), 1
    for node in _shown(tree.root):
        if node.kind in levels and is_heading(tree, node):
            heading = spoken(node.label, tree.words(node))
            if "".join(heading.split()) not in ("", "".join(title.split())):
                last = min(levels[node.kind], last + 1)
                yield Piece("heading", heading, level=last)
        else:
            yield from _piece(tree, node)


def _shown(node: Node) -> Iterator[Node]:
    """Every node in order, but the first 款 of an article: it stands on the line of its 条."""
    for child in node.children:
        if child is not first_paragraph(node):
            yield child
        yield from _shown(child)


_ITEMS = {Kind.ITEM, Kind.SUBITEM, Kind.DETAIL, Kind.MARK, Kind.POINT}


def _piece(tree: Tree, node: Node) -> Iterator[Piece]:
    words, kind = tree.words(node), node.kind
    if kind is Kind.ARTICLE:
        first = first_paragraph(node)
        yield Piece("article", "　".join(filter(None, [words, tree.words(first) if first else ""])), node.label)
    elif kind in (Kind.CLOSING, Kind.TABLE):
        rows = [line.strip() for line in words.splitlines() if line.strip(" |-:")]
        yield from (Piece("closing" if kind is Kind.CLOSING else "row", row) for row in rows)
    elif kind in _ITEMS:
        yield Piece("item", words, node.label)
    elif kind is not Kind.TOC and words:
        yield Piece("text", words)
