"""A document's structure: 编章节条款项目, or 一、（一）1.（1）, as a tree that covers its text to the byte.

款 is an unnumbered paragraph of an article; 项 belong to the 款 before them. Text inside a quotation opens nothing, so
that a decision quoting 第三条 does not have an article three. See ``docs/explanation/texts.md``.
"""

from typing import Any

from gongkai.text.building import Builder
from gongkai.text.lines import Kind, lines_of
from gongkai.text.nodes import Node, Tree

__all__ = ["Kind", "Node", "TooLong", "Tree", "node_at", "outline", "parse", "reassemble"]

#: Characters; the longest statute in force has some 110,000.
LONGEST_TEXT = 20_000_000


class TooLong(ValueError):
    """The text is longer than any document; the message is Chinese."""


def parse(text: str) -> Tree:
    """The structure of a text. Any text has one: a text without marks is one preamble of paragraphs.

    :raises TooLong: more than :data:`LONGEST_TEXT` characters.
    """
    if len(text) > LONGEST_TEXT:
        raise TooLong(f"文本过长（{len(text)} 字，上限 {LONGEST_TEXT} 字），请拆分后再处理")
    builder = Builder(len(text))
    for line in lines_of(text):
        builder.add(line)
    return Tree(text, builder.frozen())


def reassemble(tree: Tree) -> str:
    """The text put together again from the nodes' own words: equal to the text, to the byte."""
    return "".join(tree.text[node.start : node.own_end] for node in tree.walk())


def node_at(
    tree: Tree,
    article: int | None = None,
    paragraph: int | None = None,
    item: int | None = None,
    *,
    inserted: int | None = None,
    point: int | None = None,
    subitem: int | None = None,
) -> Node | None:
    """The 条, 款, 项 or 目 of these numbers (``point`` for 一、); None if there is none.

    An item without its 款 is looked for in every 款 of the article, as statutes cite it (第十条第三项).
    """
    tops = [node for node in tree.walk() if node.kind is (Kind.POINT if point else Kind.ARTICLE)]
    number = point or article
    found = next((node for node in tops if node.number == number and node.inserted == inserted), None)
    if found is None:
        return None
    for kind, wanted in ((Kind.PARAGRAPH, paragraph), (Kind.ITEM, item), (Kind.SUBITEM, subitem)):
        if wanted is not None:
            below = (node for node in found.walk() if node.kind is kind and node.number == wanted)
            found = next(below, None)
            if found is None:
                return None
    return found


def outline(tree: Tree, *, deep: bool = False) -> list[dict[str, Any]]:
    """A table of contents: divisions, headings and points (``deep``: articles too) with label, title, anchor, children."""
    kinds = {Kind.PART, Kind.SUBPART, Kind.CHAPTER, Kind.SECTION, Kind.HEADING, Kind.POINT, Kind.ANNEX}
    return _outline(tree, tree.root, kinds | {Kind.ARTICLE} if deep else kinds)


def _outline(tree: Tree, node: Node, kinds: set[Kind]) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    for child in node.children:
        below = _outline(tree, child, kinds)
        if child.kind not in kinds:
            entries += below
            continue
        title = tree.words(child)
        title = "" if child.kind is Kind.ARTICLE else (title if len(title) <= 60 else title[:59] + "…")
        entries.append(
            {"kind": str(child.kind), "label": child.label, "title": title, "anchor": child.anchor, "children": below}
        )
    return entries
