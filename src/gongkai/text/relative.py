"""Where in a document a citation stands, and what 前款, 前条, 本条, 第二款 mean there."""

import re
from bisect import bisect_right
from dataclasses import replace

from gongkai.text.lines import Kind
from gongkai.text.nodes import Node, Tree
from gongkai.text.numerals import value_of
from gongkai.text.provisions import LEVELS, Found, Provision, provisions_at

_LEVEL_OF_KIND = {
    Kind.PART: "part", Kind.SUBPART: "subpart", Kind.CHAPTER: "chapter", Kind.SECTION: "section",
    Kind.ARTICLE: "article", Kind.PARAGRAPH: "paragraph", Kind.ITEM: "item", Kind.SUBITEM: "subitem",
}  # fmt: skip
_LEVEL_OF_UNIT = {"编": "part", "章": "chapter", "节": "section", "条": "article", "款": "paragraph", "项": "item"}
_PUNISHED = re.compile("(?:违反|有)(?:本(?:条例|办法|规定|法|细则|规则))?(?=第)")
_AS_BELOW = re.compile("(?:下列|以下|如下)[^。]{0,12}[：:]?\\Z")
_QUOTED_ITEM = re.compile("“?[（(][一二三四五六七八九十]{1,3}[）)]")
_DATE_OR_BLANK = re.compile(r"[\s\d年月日（）()]*")


class Places:
    """A tree asked about places: what stands where, and what is counted from there."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.text = tree.text
        self.articles = list(tree.articles)
        self.starts = [node.start for node in self.articles]
        self.labels = {
            tree.text.find(node.label, node.start): node for node in tree.walk() if node.label and node.label_end
        }

    def in_contents(self, offset: int) -> bool:
        """Whether it stands in a table of contents."""
        return any(node.kind is Kind.TOC for node in self.tree.path(offset))

    def in_article(self, offset: int) -> bool:
        """Whether it stands in a 条 of the document."""
        return any(node.kind is Kind.ARTICLE for node in self.tree.path(offset))

    def is_label(self, start: int, end: int) -> bool:
        """Whether 第…条 is the label of a piece, in the document or in a text it quotes, or stands in the contents."""
        if start in self.labels or self.in_contents(start):
            return True
        before, after = self.text[start - 1 : start], self.text[end : end + 1]
        return after in {" ", "\u3000", "\u2002", "\u2003"} and before in {
            "“",
            "\n",
            "",
            "。",
            " ",
            "\u3000",
            "：",
            "#",
        }

    def is_head(self, start: int, end: int) -> bool:
        """Whether a 文号 stands alone on its line, perhaps with a date: the document's own."""
        line_start, line_end = self.text.rfind("\n", 0, start) + 1, self.text.find("\n", end)
        rest = self.text[end:line_end] if line_end >= 0 else self.text[end:]
        return not self.text[line_start:start].strip() and bool(_DATE_OR_BLANK.fullmatch(rest))

    def is_count(self, start: int, found: Found) -> bool:
        """Whether 第一项, 第二节 counts something in the world rather than a piece of a document."""
        before = self.text[start - 1 : start]
        level = found.provisions[0].level
        if level in {"section", "part", "subpart", "chapter"} and before == "。":
            return True  # a heading run into the paragraph before it
        if self.text[start - 2 : start] == "下列":
            return False  # 有下列第一项情形的: of the list that follows
        if level in {"item", "subitem"} and not self.in_article(start):
            return True
        return level in {"item", "subitem", "section", "part", "chapter"} and before in set("这每列任某届年共")

    def complete(self, provision: Provision, offset: int) -> Provision:
        """第二款 in 第五条 is 第五条第二款; 第…章 and 第…条 stand for themselves."""
        if provision.level in {"paragraph", "item", "subitem"} and provision.article is None:
            here = self._named_above(offset) or self._here(offset)
            paragraph = here.paragraph if provision.level != "paragraph" and here.item is None else None
            return replace(
                provision,
                article=here.article,
                inserted=here.inserted,
                paragraph=provision.paragraph or (paragraph if self._here(offset).item else None),
            )
        return provision

    def _named_above(self, offset: int) -> Provision | None:
        """违反第十二条第一款规定的，按照下列规定处罚：（一）违反第一项 …: items below such words are that 条's."""
        path = self.tree.path(offset)
        if not any(node.kind is Kind.ITEM for node in path):
            return None
        above = next((node for node in path if node.kind is Kind.PARAGRAPH), None)
        words = self.tree.words(above) if above else ""
        match = _PUNISHED.search(words) if above else None
        found = provisions_at(words, match.end()) if match else None
        if match is None or found is None or len(found.provisions) != 1 or found.provisions[0].last is not None:
            return None
        return found.provisions[0] if _AS_BELOW.search(words, found.end) else None

    def relative(self, match: re.Match[str], offset: int) -> list[Provision]:
        """The places 前款, 前两条, 本条, 上款 mean at an offset; none where there is nothing before it."""
        here = self._here(offset)
        if unit := match["own"]:
            return self._own(_LEVEL_OF_UNIT[unit], offset, here)
        level = _LEVEL_OF_UNIT[match["unit"] or match["up"]]
        count = _count(match["count"])
        return self._articles_before(offset, count) if level == "article" else self._before(here, level, count)

    def instructs(self, offset: int) -> bool:
        """Whether it stands in a numbered line of a decision, before any quotation: 一、将刑法第三条修改为：“…."""
        line = self._numbered_line(offset)
        return line is not None and "“" not in self.text[line.start : offset]

    def same_line(self, told: int, offset: int) -> bool:
        """Whether a place stands in the numbered line of a decision in which another, before it, does."""
        line = self._numbered_line(offset)
        return line is not None and line.start <= told <= offset

    def quoted(self, count: str | None, offset: int, told: int, place: Provision) -> list[Provision]:
        """What 前款 means in the new text of a 条 or 款 that the same numbered line names (up to ``told``)."""
        line = self._numbered_line(offset)
        opening = self.text.find("“", told, offset)
        if line is None or not line.start <= told <= offset or opening < 0 or place.article is None:
            return []
        written = [one for raw in self.text[opening:offset].split("\n") if (one := raw.strip(" \u3000\r"))]
        paragraphs = sum(not _QUOTED_ITEM.match(one) for one in written)
        here = Provision(
            article=place.article, inserted=place.inserted, paragraph=(place.paragraph or 1) + paragraphs - 1
        )
        return self._before(here, "paragraph", _count(count))

    def _numbered_line(self, offset: int) -> Node | None:
        path = self.tree.path(offset)
        if any(node.kind is Kind.ARTICLE for node in path):
            return None
        return next((node for node in reversed(path) if node.kind in {Kind.POINT, Kind.ITEM, Kind.SUBITEM}), None)

    def _own(self, level: str, offset: int, here: Provision) -> list[Provision]:
        if level in {"article", "paragraph", "item"}:
            names = [*LEVELS[: LEVELS.index(level) + 1], "inserted"]
            if getattr(here, level) is None:
                return []
            return [Provision(**{name: getattr(here, name) for name in names[4:]})]
        divisions = {
            _LEVEL_OF_KIND[node.kind]: node.number for node in self.tree.path(offset) if node.kind in _LEVEL_OF_KIND
        }
        own = {name: divisions.get(name) for name in LEVELS[: LEVELS.index(level) + 1]}
        return [Provision(**own)] if own.get(level) else []

    def _before(self, here: Provision, level: str, count: int) -> list[Provision]:
        """款 or 项 before this one; without a number all of them."""
        number = getattr(here, level)
        if number is None or number < 2:
            return []
        first = max(1, number - (count or number - 1))
        whole = replace(here, item=None, subitem=None) if level == "paragraph" else replace(here, subitem=None)
        return [replace(whole, **{level: first}, last=number - 1 if number - 1 > first else None)]

    def _articles_before(self, offset: int, count: int) -> list[Provision]:
        place = bisect_right(self.starts, offset) - 1
        if place < 1:
            return []
        before = self.articles[max(0, place - (count or place)) : place]
        first, last = before[0], before[-1]
        return [
            Provision(article=first.number, inserted=first.inserted, last=last.number if last is not first else None)
        ]

    def _here(self, offset: int) -> Provision:
        """条, 款, 项 of a place in the text, as far as it stands in them."""
        numbers: dict[str, int | None] = {}
        for node in self.tree.path(offset):
            if node.kind is Kind.ARTICLE:
                numbers = {"article": node.number, "inserted": node.inserted}
            elif node.kind in {Kind.PARAGRAPH, Kind.ITEM, Kind.SUBITEM} and numbers:
                numbers[_LEVEL_OF_KIND[node.kind]] = node.number
        return Provision(**numbers)


def _count(written: str | None) -> int:
    """How many before: 前款 1, 前两款 2, 前几款 0 for all."""
    return (
        {None: 1, "两": 2, "几": 0, "数": 0}[written]
        if written in {None, "两", "几", "数"}
        else value_of(written or "")
    )
