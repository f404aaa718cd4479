"""Amendments as data, and the text in force on a day.

What one decision changes is one group: its replacements, deletions and changes of words name places as they were
before it, its insertions name places as they are after it (将第三条修改为…, 增加一条，作为第六条), which is how decisions
are written (立法技术规范（试行）). Texts stay as printed except where an amendment touches them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from gongkai.text.lines import Kind
from gongkai.text.nodes import Node, Tree
from gongkai.text.numerals import to_chinese
from gongkai.text.provisions import Provision
from gongkai.text.structure import node_at, parse


class Action(StrEnum):
    """What an amendment does to its target."""

    REPLACE = "replace"
    INSERT = "insert"
    DELETE = "delete"
    WORDS = "words"


@dataclass(frozen=True)
class Amendment:
    """One change: from ``day`` on, by the decision ``source``.

    ``target`` is the 条, 款 or 项 (``Provision()`` with WORDS: the whole text). ``text`` is the new text of REPLACE and
    INSERT, with or without its label; ``old`` and ``new`` are the words of WORDS. ``renumber``: what follows an
    inserted or deleted 条 moves by one; 款 and 项 always do.
    """

    action: Action
    target: Provision
    day: date
    source: str = ""
    text: str = ""
    old: str = ""
    new: str = ""
    renumber: bool = False


class CannotAmend(ValueError):
    """A target is missing, exists already, or is changed twice; the message is Chinese and names place and decision."""


def consolidate(text: str, amendments: Iterable[Amendment], day: date) -> str:
    """The text in force on a day: every amendment from that day or before, decision after decision in order of days."""
    due = sorted((one for one in amendments if one.day <= day), key=lambda one: one.day)
    for _, group in groupby(due, key=lambda one: (one.day, one.source)):
        text = _decision(text, list(group))
    return text


def days_of(amendments: Iterable[Amendment]) -> list[date]:
    """The days on which the text changes, in order."""
    return sorted({one.day for one in amendments})


def _decision(text: str, group: Sequence[Amendment]) -> str:
    """One decision: places of the old text first, all at once; then renumbering; then insertions in order of place."""
    tree = parse(text)
    splices: list[tuple[int, int, str, Amendment]] = []
    for one in group:
        if one.action is not Action.INSERT:
            splices += _splices(tree, one)
    text = _spliced(text, splices)
    gone = [one for one in group if one.action is Action.DELETE]
    for one in sorted(gone, key=lambda one: _order(one.target), reverse=True):
        text = _close_gap(text, one)
    for one in sorted((one for one in group if one.action is Action.INSERT), key=lambda one: _order(one.target)):
        text = _insert(text, one)
    return text


def _order(place: Provision) -> tuple[int, ...]:
    return tuple(number or 0 for number in (place.article, place.inserted, place.paragraph, place.item))


def _find(tree: Tree, place: Provision, one: Amendment) -> Node:
    node = node_at(tree, place.article, place.paragraph, place.item, inserted=place.inserted, subitem=place.subitem)
    if place.article is None or node is None:
        raise CannotAmend(
            f"找不到{place.text or '所指的条文'}，无法{_NAMES[one.action]}{_by(one)}。请核对条、款、项的序号"
        )
    return node


_NAMES = {Action.REPLACE: "修改", Action.INSERT: "增加", Action.DELETE: "删去", Action.WORDS: "修改其中的文字"}


def _by(one: Amendment) -> str:
    return f"（{one.day.isoformat()}{' ' if one.source else ''}{one.source}）"


def _splices(tree: Tree, one: Amendment) -> list[tuple[int, int, str, Amendment]]:
    if one.action is Action.WORDS:
        node = tree.root if one.target == Provision() else _find(tree, one.target, one)
        if not one.old:
            raise CannotAmend(f"没有写明{one.target.text}中要修改的文字{_by(one)}")
        places = [match.start() for match in re.finditer(re.escape(one.old), tree.text[node.start : node.end])]
        if not places:
            raise CannotAmend(f"{one.target.text or '全文'}中没有“{one.old}”，无法修改{_by(one)}")
        return [(node.start + place, node.start + place + len(one.old), one.new, one) for place in places]
    node = _find(tree, one.target, one)
    if one.action is Action.DELETE:
        return [(node.start, node.end, "", one)]
    written, tail = tree.text[node.start : node.end], _tail(tree, node)
    lead = tree.text[node.start : node.label_end] if node.label else written[: len(written) - len(written.lstrip())]
    return [(node.start, node.end, lead + _body(one.text, tree, node.label) + tail, one)]


def _spliced(text: str, splices: list[tuple[int, int, str, Amendment]]) -> str:
    pieces, cursor = [], 0
    before: Amendment | None = None
    for start, end, new, one in sorted(splices, key=lambda splice: (splice[0], splice[1])):
        if start < cursor:
            other = before.target.text if before else ""
            raise CannotAmend(f"{one.target.text}在同一决定中改了两次（另见{other}）{_by(one)}，请合并为一处修改")
        pieces += [text[cursor:start], new]
        cursor, before = end, one
    return "".join([*pieces, text[cursor:]])


def _tail(tree: Tree, node: Node) -> str:
    """The blanks behind a piece: they part it from the next one and stay."""
    written = tree.text[node.start : node.end]
    return written[len(written.rstrip()) :]


def _gap(tree: Tree) -> str:
    """How the document parts its paragraphs: by a line end, or by an empty line too."""
    return "\n\n" if tree.text.count("\n\n") * 3 >= tree.text.count("\n") > 0 else "\n"


_LABEL = re.compile(
    r"[ \t\u3000]*(?:第[一二三四五六七八九十百千零〇○\d]+条(?:之[一二三四五六七八九十]+)?|[（(][一二三四五六七八九十百]+[）)])[ \u3000\xa0]*"
)


def _body(text: str, tree: Tree, label: str) -> str:
    """New words as the document sets them: without a label of their own, paragraphs parted as its are."""
    words = text.strip()
    if label and (own := _LABEL.match(words)):
        words = words[own.end() :]
    return _gap(tree).join(line.strip() for line in words.splitlines() if line.strip())


def _insert(text: str, one: Amendment) -> str:
    tree, place = parse(text), one.target
    if place.article is None:
        raise CannotAmend(f"没有写明增加在哪一条{_by(one)}")
    if place.item is not None:
        return _insert_item(tree, one)
    if place.paragraph is not None:
        return _insert_paragraph(tree, one)
    return _insert_article(tree, one)


def _insert_article(tree: Tree, one: Amendment) -> str:
    """A new 条 before the one whose number it takes, or (第五条之一, or at the end) behind the one before it."""
    place, text = one.target, tree.text
    there = node_at(tree, place.article, inserted=place.inserted)
    if there is not None and not one.renumber:
        raise CannotAmend(f"{place.text}已经存在，不能再增加{_by(one)}。如其后各条顺延，请注明条文顺序作相应调整")
    before = there or _last_before(tree, place)
    if before is None:
        raise CannotAmend(f"找不到{place.text}之前的条文，无法增加{_by(one)}")
    label = Provision(article=place.article, inserted=place.inserted).text
    first = tree.articles[0]
    label_start = text.index(first.label, first.start)
    space = text[label_start + len(first.label) : first.label_end] or " "
    written = text[first.start : label_start].rpartition("\n")[2] + label + space + _body(one.text, tree, label)
    if there is None:
        return text[: before.end].rstrip() + _gap(tree) + written + (_tail(tree, before) or "") + text[before.end :]
    moved = _renumbered(tree, [node for node in tree.articles if node.start >= there.start], 1)
    return moved[: there.start] + written + _gap(tree) + moved[there.start :]


def _last_before(tree: Tree, place: Provision) -> Node | None:
    key = (place.article or 0, place.inserted or 0)
    before = [node for node in tree.articles if (node.number or 0, node.inserted or 0) < key]
    if not before or (place.inserted is None and before[-1].number != (place.article or 0) - 1):
        return None
    return before[-1] if place.inserted is None or before[-1].number == place.article else None


def _renumbered(tree: Tree, nodes: Sequence[Node], shift: int) -> str:
    """The text with the labels of these 条 or （项） moved; 之一 keep their own number. Only labels, not citations."""
    pieces, cursor = [], 0
    for node in sorted(nodes, key=lambda node: node.start):
        start = tree.text.index(node.label, node.start)
        number = to_chinese((node.number or 0) + shift)
        label = re.sub(r"[一二三四五六七八九十百千零〇○\d]+", number, node.label, count=1)
        pieces += [tree.text[cursor:start], label]
        cursor = start + len(node.label)
    return "".join([*pieces, tree.text[cursor:]])


def _close_gap(text: str, one: Amendment) -> str:
    """After a deletion what follows moves up: 项 always, 条 if the decision says so."""
    tree, place = parse(text), one.target
    if place.item is not None:
        holder = node_at(tree, place.article, place.paragraph, inserted=place.inserted)
        items = [node for node in holder.walk() if node.kind is Kind.ITEM] if holder else []
        return _renumbered(tree, [node for node in items if (node.number or 0) > place.item], -1)
    if place.paragraph is not None or not one.renumber or place.inserted:
        return text
    return _renumbered(tree, [node for node in tree.articles if (node.number or 0) > (place.article or 0)], -1)


def _insert_paragraph(tree: Tree, one: Amendment) -> str:
    place, text = one.target, tree.text
    article = _find(tree, Provision(article=place.article, inserted=place.inserted), one)
    paragraphs = [node for node in article.children if node.kind is Kind.PARAGRAPH]
    number = place.paragraph or 1
    if number > len(paragraphs) + 1:
        raise CannotAmend(f"{place.text}之前没有第{to_chinese(number - 1)}款，无法增加{_by(one)}")
    words = _body(one.text, tree, "")
    if number <= len(paragraphs):
        start = paragraphs[number - 1].start
        return text[:start] + words + _gap(tree) + text[start:]
    end = article.end
    return text[:end].rstrip() + _gap(tree) + words + _tail(tree, article) + text[end:]


def _insert_item(tree: Tree, one: Amendment) -> str:
    place, text = one.target, tree.text
    holder = _find(tree, Provision(article=place.article, inserted=place.inserted, paragraph=place.paragraph), one)
    items = [node for node in holder.walk() if node.kind is Kind.ITEM]
    number = place.item or 1
    if not items or number > len(items) + 1:
        raise CannotAmend(f"{place.text}之前没有第（{to_chinese(max(1, number - 1))}）项，无法增加{_by(one)}")
    like = items[min(number, len(items)) - 1]
    label = re.sub(r"[一二三四五六七八九十百]+", to_chinese(number), like.label, count=1)
    written = label + text[text.index(like.label, like.start) + len(like.label) : like.label_end]
    written += _body(one.text, tree, label)
    if number > len(items):
        return text[: like.end].rstrip() + _gap(tree) + written + _tail(tree, like) + text[like.end :]
    moved = _renumbered(tree, items[number - 1 :], 1)
    return moved[: like.start] + written + _gap(tree) + moved[like.start :]
