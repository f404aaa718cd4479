"""A document's tree: pieces with their places in the text."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from gongkai.text.lines import BLANK, Kind

#: Around a node's own words: blanks, and the marks of a heading.
_AROUND = BLANK + "\n#"


class Node(NamedTuple):
    """A piece of a document: ``start`` to ``end`` in the text; its own words end at ``own_end``, its children follow.

    ``label`` is as printed (第十二条之一), ``number`` and ``inserted`` its value (12, 1). ``anchor`` names it in an
    address: ``art-12-1-p2-i3``, unique in the document.
    """

    kind: Kind
    start: int
    end: int
    own_end: int
    label: str
    label_end: int
    number: int | None
    inserted: int | None
    anchor: str
    children: tuple["Node", ...] = ()

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, in the order of the text."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)


@dataclass(frozen=True)
class Tree:
    """A text and its structure."""

    text: str
    root: Node

    def walk(self) -> Iterator[Node]:
        """Every node, in the order of the text."""
        return self.root.walk()

    def words(self, node: Node) -> str:
        """A node's own words, without label, marks of a heading and blanks around."""
        return self.text[node.label_end : node.own_end].strip(_AROUND)

    def full(self, node: Node) -> str:
        """A node's whole text with its children, as printed, without blanks around."""
        return self.text[node.start : node.end].strip(BLANK + "\n")

    @cached_property
    def articles(self) -> tuple[Node, ...]:
        """Every 条 in the order of the text."""
        return tuple(node for node in self.walk() if node.kind is Kind.ARTICLE)

    @cached_property
    def by_anchor(self) -> dict[str, Node]:
        """Nodes by their anchor."""
        return {node.anchor: node for node in self.walk() if node.anchor}

    def path(self, offset: int) -> tuple[Node, ...]:
        """The nodes that hold a place in the text, from the document down to the innermost."""
        path = [self.root]
        while True:
            inner = _holding(path[-1].children, offset)
            if inner is None:
                return tuple(path)
            path.append(inner)

    def as_json(self) -> dict[str, Any]:
        """The tree for programs: kind, label, number, anchor, span, own words, children; empty ones left out."""
        return _json(self, self.root)


def _holding(nodes: tuple[Node, ...], offset: int) -> Node | None:
    low, high = 0, len(nodes)
    while low < high:
        middle = (low + high) // 2
        if nodes[middle].end <= offset:
            low = middle + 1
        else:
            high = middle
    return nodes[low] if low < len(nodes) and nodes[low].start <= offset else None


def _json(tree: Tree, node: Node) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": str(node.kind), "start": node.start, "end": node.end}
    words = tree.words(node)
    for key, value in (
        ("label", node.label), ("number", node.number), ("inserted", node.inserted), ("anchor", node.anchor), ("text", words)
    ):  # fmt: skip
        if value not in ("", None):
            row[key] = value
    if node.children:
        row["children"] = [_json(tree, child) for child in node.children]
    return row
