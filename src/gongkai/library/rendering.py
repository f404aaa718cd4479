"""The text of a record as HTML: headings, 条款项 with their anchors, citations as links. Everything is escaped here.

The tree comes from :mod:`gongkai.text.structure`; this module decides only how its pieces look.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from gongkai.text.lines import Kind
from gongkai.text.structure import Node, Tree

#: Kinds that are headings, from the widest to the narrowest.
DIVISIONS = (Kind.ANNEX, Kind.PART, Kind.SUBPART, Kind.CHAPTER, Kind.SECTION, Kind.HEADING)
#: How far each numbered piece stands in.
_DEPTHS = {Kind.ITEM: "item", Kind.SUBITEM: "subitem", Kind.DETAIL: "detail", Kind.MARK: "detail"}
_ENDS = tuple("。；：，、！？.;:,!?”")
LONGEST_HEADING = 60


@dataclass(frozen=True)
class Link:
    """A link on the characters ``start`` to ``end`` of the text."""

    start: int
    end: int
    url: str
    title: str = ""


@dataclass(frozen=True)
class Heading:
    """An entry of the table of contents."""

    label: str
    anchor: str
    level: int


class _Writer:
    """Writes one tree, line by line; ``links`` are used up from the front, since the tree is walked in the order of the text."""

    def __init__(self, tree: Tree, title: str, links: Sequence[Link], top: int):
        self.tree, self.links, self.top = tree, sorted(links, key=lambda one: one.start), top
        self.title = _bare(title)
        self.lines: list[str] = []
        self.found: list[Heading] = []
        self.levels = heading_levels(tree, top)
        self.last = top - 1

    def below(self, node: Node) -> None:
        """Write everything below a node; rows of one table are drawn together."""
        rows: list[Node] = []
        for child in node.children:
            if child.kind is Kind.TABLE:
                rows.append(child)
                continue
            if rows:
                self._table(rows)
                rows = []
            self._piece(child)
        if rows:
            self._table(rows)

    def _piece(self, node: Node) -> None:
        """Write a node and everything below it."""
        kind, write = node.kind, self.lines.append
        if kind is Kind.ARTICLE:
            self._article(node)
            return
        if kind is Kind.TOC:
            pass  # the page has its own, with links
        elif kind in self.levels and is_heading(self.tree, node):
            self._heading(node)
        elif kind is Kind.CLOSING:
            lines = self.tree.words(node).splitlines()
            write("".join(f'<p class="closing">{escape(line.strip())}</p>' for line in lines if line.strip()))
        elif kind is Kind.QUOTE:
            write(f'<p class="quote">{self.words(node)}</p>')
        elif kind is Kind.PARAGRAPH:
            write(self._paragraph(node))
        elif kind is not Kind.PREAMBLE:
            write(self._numbered(node))
        if node.children:
            self.below(node)

    def _heading(self, node: Node) -> None:
        words = self.tree.words(node)
        if node.kind is Kind.HEADING and _bare(words) == self.title:
            return  # the page says its title once
        level = min(self.levels[node.kind], self.last + 1)
        self.last = level
        self.found.append(Heading(spoken(node.label, words), node.anchor, level - self.top))
        tag = f"h{min(level, 6)}"
        here = self._here(node, node.label or words)
        gap = "" if node.label.endswith("、") or not node.label else "　"
        self.lines.append(
            f'<{tag} class="{node.kind}"{_id(node)}>{_label(node.label)}{gap}{self.words(node)}{here}</{tag}>'
        )

    def _article(self, node: Node) -> None:
        children, write = node.children, self.lines.append
        here = self._here(node, node.label)
        caption = self.words(node) if node.own_end > node.label_end else ""
        head = f'<b class="label">{_label(node.label)}</b>{"　" + caption if caption else ""}'
        write(f'<div class="art"{_id(node)}>')
        first = first_paragraph(node)
        if first is None:
            write(f"<p>{head}{here}</p>")
        else:
            write(f"<p{_id(first)}>{head}　{self.words(first)}{here}</p>")
            self.below(first)
        for child in children[1:] if first else children:
            self._piece(child)
        write("</div>")

    def _paragraph(self, node: Node) -> str:
        words = self.words(node)
        if not words:
            return ""
        mark = self._here(node, "本款") if node.anchor.startswith("art") else ""
        return f"<p{_id(node)}>{words}{mark}</p>"

    def _numbered(self, node: Node) -> str:
        place = _DEPTHS.get(node.kind, node.kind)
        label = f'<span class="label">{_label(node.label)}</span>'
        return f'<p class="{place}"{_id(node)}>{label}{self.words(node)}{self._here(node, node.label)}</p>'

    def _here(self, node: Node, what: str) -> str:
        if not node.anchor:
            return ""
        words = f"链接到{_label(what[:20])}"
        return f'<a class="here" href="#{node.anchor}" aria-label="{words}" title="{words}">¶</a>'

    def _table(self, nodes: Sequence[Node]) -> None:
        lines = [line.strip() for node in nodes for line in self.tree.words(node).splitlines()]
        rows = [_cells(line) for line in lines if line.startswith("|") and not re.fullmatch(r"[|\s:-]+", line)]
        if rows:
            head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in rows[0])
            body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows[1:])
            self.lines += (
                f'<div class="scroll" role="region" aria-label="表格" tabindex="0"><table><thead><tr>{head}</tr></thead>',
                f"<tbody>{body}</tbody></table></div>",
            )

    def words(self, node: Node) -> str:
        """A node's own words, escaped, its citations linked."""
        shown = self.tree.words(node)
        if not self.links:
            return escape(shown)
        start = self.tree.text.find(shown, node.label_end, node.own_end) if shown else node.label_end
        end, at, parts = start + len(shown), start, []
        while self.links and self.links[0].start < end:
            link = self.links.pop(0)
            if link.start < at or link.end > end:
                continue
            parts.append(escape(self.tree.text[at : link.start]))
            title = f' title="{escape(link.title, quote=True)}"' if link.title else ""
            words = escape(self.tree.text[link.start : link.end])
            parts.append(f'<a href="{escape(link.url, quote=True)}"{title}>{words}</a>')
            at = link.end
        parts.append(escape(self.tree.text[at:end]))
        return "".join(parts)


@lru_cache(maxsize=4096)
def _label(words: str) -> str:
    """Escaped; labels are few, and the same in every document."""
    return escape(words)


def _id(node: Node) -> str:
    # Anchors are ours (art-12-p2~2): nothing in them needs escaping.
    return f' id="{node.anchor}"' if node.anchor else ""


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def _bare(text: str) -> str:
    return re.sub(r"[\s#\u3000]", "", text)


def heading_levels(tree: Tree, top: int) -> dict[Kind, int]:
    """The level of each kind of heading: those the document has, without gaps. Annexes stand beside the widest.

    一、 comes last: it heads what follows where it is short (:func:`is_heading`).
    """
    used = {node.kind for node in tree.walk()}
    dense = [kind for kind in (*DIVISIONS, Kind.POINT) if kind in used and kind is not Kind.ANNEX]
    return {Kind.ANNEX: top} | {kind: top + depth for depth, kind in enumerate(dense)}


def is_heading(tree: Tree, node: Node) -> bool:
    """Whether a piece of a kind that may head others does: 一、 only where it is no sentence."""
    if node.kind is not Kind.POINT:
        return True
    words = tree.words(node)
    return 0 < len(words) <= LONGEST_HEADING and not words.endswith(_ENDS) and "。" not in words


def first_paragraph(node: Node) -> Node | None:
    """The first 款 of a 条, which stands on the line of its label; None for everything else."""
    found = node.children[0] if node.kind is Kind.ARTICLE and node.children else None
    return found if found and found.kind is Kind.PARAGRAPH else None


def spoken(label: str, words: str) -> str:
    """A heading in one line: 第一章　总则, 一、总体要求."""
    spaced = re.fullmatch(r"(\w)[\s\u3000]+(\w)", words)  # 总　　则
    words = "".join(spaced.groups()) if spaced else words
    return f"{label}{'' if label.endswith('、') or not words else '　'}{words}" if label else words


def write(tree: Tree, title: str = "", links: Iterable[Link] = (), top: int = 2) -> tuple[SafeString, list[Heading]]:
    """The text as HTML, and its table of contents. ``top`` is the level of the widest heading."""
    writer = _Writer(tree, title, list(links), top)
    writer.below(tree.root)
    return mark_safe("\n".join(writer.lines)), writer.found
