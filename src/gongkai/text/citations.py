"""What a text cites: documents by 《name》 or 文号, and places in them or in itself, in two passes.

First the names and numbers, then 第…条第…款第（…）项 attached to the name before it, and 前款, 前条, 本条 resolved
against where they stand. What a citation leads to on a given day is :mod:`gongkai.text.resolving`'s.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from gongkai.text.names import aliases_of, name_before
from gongkai.text.numbers import DocumentNumber, NumberSpan, find_numbers
from gongkai.text.provisions import Provision, provisions_at
from gongkai.text.relative import Places
from gongkai.text.structure import Tree, parse

__all__ = ["Citation", "Provision", "cite", "title_key"]


@dataclass(frozen=True)
class Citation:
    """One citation: ``start`` to ``end`` in the text, ``text`` as written there.

    ``kind``: ``title`` 《…》, ``number`` a 文号 alone, ``named`` 刑法第…条, ``internal`` 本办法第…条, ``bare`` 第…条 of
    the document itself, ``relative`` 前款, 本条. ``title`` is the document's, short names given in the text written
    out; "" for the document itself. ``provisions`` are the places in it; none means the document as a whole.
    """

    start: int
    end: int
    text: str
    kind: str
    title: str = ""
    number: DocumentNumber | None = None
    provisions: tuple[Provision, ...] = ()

    @property
    def internal(self) -> bool:
        """Whether it leads into the document itself."""
        return not self.title and self.number is None

    @property
    def target(self) -> str:
        """What it leads to, short and comparable: ``《中华人民共和国刑法》253-1.3``, ``12.1(2) 13``, ``国发〔2004〕20号``."""
        name = f"《{self.title}》" if self.title else (self.number.text if self.number else "")
        return name + " ".join(provision.code for provision in self.provisions)

    def as_json(self) -> dict[str, Any]:
        """For programs; empty ones left out."""
        row: dict[str, Any] = {"span": [self.start, self.end], "text": self.text, "kind": self.kind}
        row |= {"internal": self.internal, "target": self.target}
        if self.title:
            row["title"] = self.title
        if self.number:
            row["number"] = self.number.text
        if self.provisions:
            row["provisions"] = [
                {"text": one.text, "code": one.code, "anchor": one.anchor, **one.as_json()} for one in self.provisions
            ]
        return row


_TITLE = re.compile(r"《([^《》\n]{1,200}(?:《[^《》\n]{1,150}》[^《》\n]{0,100}){0,3})》")
#: Not documents of rules but forms, papers and periodicals: nothing to look up.
_FORM = re.compile(
    r"(?:证|证书|证明|执照|表|书|单|卡|册|簿|票|牌|报|登记|申请|合同|档案|日志|日报|晚报|杂志|公报|手册|词典|样式|格式|式样|记录|曲)"
    r"(?:[（(][^（）()]{1,12}[）)])?\Z"
)
_ACT_ALL_THE_SAME = re.compile(
    r"(?:议定书|白皮书|汇报|(?<!内部)通报|名单|(?:管制|负面|物质|化合物|权力|责任|事项)清单)(?:[（(][^（）()]{1,12}[）)])?\Z"
)
_PARENTHESIS = re.compile(r"[ \u3000]?[（(][^（）()\n]{0,60}[）)]")
_LINK = re.compile(r"[ \u3000]?(?:分则|总则|附则)?(?:中的|[的中])?[ \u3000]?(?=第)")
_PLACE = re.compile(r"第 ?[（(]?[一二三四五六七八九十百千零〇○0-9０-９]")
_RELATIVE = re.compile(
    r"(?:本[条款])?(?:(?<![目以之提先此从当生空日年月往史])|(?<=[以从])(?=前[条款项](?:[第（(]|规定|所|手段|行为))|(?<=发生))"
    r"前(?P<count>[一二两三四五六七八九十几数])?(?P<unit>[条款项])(?![件目例])(?!款?项目)"
    r"|(?<![资基成根样版文书])本(?P<own>条|款|项|章|节|编)(?![例件目日码制号约线])(?!款(?!第|规|所|的|中|各))(?!程(?!序))(?!节目)"
    r"|(?<![以])上一?(?P<up>[条款])(?![件项])"
)
_BEGINS_RELATIVE = re.compile("[前本上]")
_AMENDED = re.compile(
    r"(?:对|将)?《(?P<title>[^《》\n]{2,120})》(?:[（(][^（）()\n]{0,60}[）)])?(?:作|做|进行)(?:出|了)?(?:如下|以下|部分)?修[改正订]"
    r"|(?:[、.．]|决定)[ \u3000]?修改(?:最高人民法院|最高人民检察院|、)*《(?P<other>[^《》\n]{2,120})》[ \u3000]*\n"
)
_ITS_OWN_FORM = re.compile(r"[ \u3000]?[（(](?:见|详见|样式见|格式见)?(?:本[^（）()\n]{1,6})?附(?:件|表|录|后)")
_BEFORE_ITEMS = re.compile(
    r"(?:规定|所列|所称|列举|中)的?(?=第?[（(]?[一二三四五六七八九十]{1,3}[）)]?(?:项|[、和至]))|的(?=第)"
)
_RENUMBERED = re.compile(r"(?:作为|改为|调整为|变更为)\Z")
_WITHOUT_ARTICLE = re.compile("第[^条]{1,9}款")
_SAME_SENTENCE = re.compile(r"(?:的?规定)?的?[^，。；：\n第《》]{0,8}(?:、|和|或者?|以及|及|与)")


def cite(text: str, tree: Tree | Callable[[], Tree] | None = None) -> list[Citation]:
    """Every citation in a text, in order, none overlapping another.

    ``tree`` (or what gives it, asked only when something may be cited) spares parsing the text again.
    """
    return list(_Reader(text, tree or partial(parse, text)).citations())


def title_key(title: str) -> str:
    """A title folded for looking up: brackets, blanks, 中华人民共和国 and widths of no meaning."""
    folded = re.sub(r"[\s《》〈〉<>“”\"'‘’·]", "", title).replace("(", "（").replace(")", "）")
    return folded.removeprefix("中华人民共和国")


def _relatives(text: str) -> Iterator[int]:
    """Where ``_RELATIVE`` matches, none within another; sooner than its own search, which tries every character."""
    end = 0
    for begin in _BEGINS_RELATIVE.finditer(text):
        if begin.start() >= end and (match := _RELATIVE.match(text, begin.start())):
            end = match.end()
            yield begin.start()


class _Reader:
    """One text being read: the titles and numbers of the first pass, then places one after the other."""

    def __init__(self, text: str, tree: Tree | Callable[[], Tree]) -> None:
        self.text = text
        self.tree = tree
        self.titles = [(one.start(), one.end(), one[1]) for one in _TITLE.finditer(text)]
        self.aliases = aliases_of(text, self.titles)
        self.numbers = {one.start: one for one in find_numbers(text)}
        # Without a 《title》 nothing is amended: most announcements are spared the search.
        amended = _AMENDED.finditer(text) if self.titles else ()
        self.amended = [(one.end(), one["title"] or one["other"]) for one in amended]
        self.recent = ""
        self.amending: Citation | None = None

    @cached_property
    def places(self) -> Places:
        """Asked only where something may be cited: most announcements cite nothing, and need no parsing."""
        return Places(self.tree if isinstance(self.tree, Tree) else self.tree())

    def citations(self) -> Iterator[Citation]:
        """In order of the text; what stands inside a title or a number is part of it."""
        cursor, last = 0, None
        for start, step in sorted(self._events(), key=lambda event: event[0]):
            if start < cursor:
                continue
            found, end = step(self, start, cursor) if start >= cursor else (None, cursor)
            cursor = max(cursor, end)
            if found is not None:
                last = found = self._continued(found, last)
                self.recent = found.title or self.recent
                if self.places.instructs(found.start) and found.title and found.provisions and found.kind != "relative":
                    self.amending = found
                yield found

    def _events(self) -> Iterator[tuple[int, Any]]:
        yield from ((start, _Reader._title) for start, _, _ in self.titles)
        yield from ((start, _Reader._number) for start in self.numbers)
        yield from ((one.start(), _Reader._place) for one in _PLACE.finditer(self.text))
        yield from ((start, _Reader._relative) for start in _relatives(self.text))

    def _title(self, start: int, cursor: int) -> tuple[Citation | None, int]:
        """《…》, the （文号） behind it, and the places in it."""
        match = _TITLE.match(self.text, start)
        assert match is not None
        end = after = match.end()
        if self._defines(start) or self.places.in_contents(start) or _ITS_OWN_FORM.match(self.text, end):
            return None, end
        number = self._number_behind(end)
        if number:
            end = after = number.end + (self.text[number.end : number.end + 1] in {"）", ")"})
        if parenthesis := _PARENTHESIS.match(self.text, after if not number else number.end):
            after = parenthesis.end()
        elif number and (close := self._closing(number.end)):
            after = close
        link = _LINK.match(self.text, after)
        found = provisions_at(self.text, link.end()) if link else None
        if found:
            end = found.end
        elif _FORM.search(match[1]) and not _ACT_ALL_THE_SAME.search(match[1]):
            return None, match.end()
        title = self.aliases.get(match[1], match[1])
        return self._made(
            start, end, "title", title, number.number if number else None, found.provisions if found else ()
        ), max(end, number.end if number else end)

    def _defines(self, start: int) -> bool:
        """Whether the 《…》 only gives a short name: （以下简称《条例》）."""
        return bool(re.search(r"以下(?:分别)?(?:简称|统称|称)为?[：:]?\Z", self.text[max(0, start - 10) : start]))

    def _number_behind(self, end: int) -> NumberSpan | None:
        for shift in range(3):
            number = self.numbers.get(end + shift)
            if number and self.text[end : end + shift].strip(" \u3000（(") == "":
                return number
        return None

    def _closing(self, start: int) -> int:
        """Behind the bracket that holds a 文号 and more: （国发〔2004〕10号，以下简称《纲要》）."""
        match = re.compile(r"[^（）()\n]{0,60}[）)]").match(self.text, start)
        return match.end() if match else 0

    def _number(self, start: int, cursor: int) -> tuple[Citation | None, int]:
        number = self.numbers[start]
        if self.places.is_head(start, number.end):
            return None, number.end
        return self._made(start, number.end, "number", "", number.number, ()), number.end

    def _place(self, start: int, cursor: int) -> tuple[Citation | None, int]:
        """第…条, with the name before it: 本办法, 刑法, a short name; without, of the document itself."""
        found = provisions_at(self.text, start)
        if found is None or self.places.is_label(start, found.end):
            return None, found.end if found else start
        name = name_before(self.text, self._name_end(start), self.aliases, self.recent)
        if name is None or name.start < cursor:
            if found.provisions[0].article is None and self.places.is_count(start, found):
                return None, found.end
            provisions = tuple(self.places.complete(one, start) for one in found.provisions)
            return self._instructed(self._own(start, found.end, "bare", provisions)), found.end
        if name.kind == "internal":
            return self._instructed(self._own(name.start, found.end, "internal", found.provisions)), found.end
        return self._made(name.start, found.end, "named", name.title, None, found.provisions), found.end

    def _name_end(self, start: int) -> int:
        """Before a blank or 的, which may part name and place."""
        if self.text[start - 1 : start] in {" ", "\u3000"} or self.text[start - 2 : start] in {
            "法的",
            "例的",
            "法中",
            "例中",
        }:
            return start - 1
        return start

    def _relative(self, start: int, cursor: int) -> tuple[Citation | None, int]:
        """前款, 前两款第一项, 本条第二款: places counted from where the words stand."""
        match = _RELATIVE.match(self.text, start)
        assert match is not None
        if self.places.in_contents(start):
            return None, match.end()
        bases, title = self.places.relative(match, start), ""
        if not bases and self.amending and match["unit"] == "款":
            bases = self.places.quoted(match["count"], start, self.amending.end, self.amending.provisions[-1])
            title = self.amending.title if bases else ""
        behind = _BEFORE_ITEMS.match(self.text, match.end())
        found = provisions_at(self.text, behind.end() if behind else match.end(), bases[-1] if bases else Provision())
        name = name_before(self.text, start, self.aliases)
        begin = name.start if name and name.kind == "internal" and name.start >= cursor else start
        end = found.end if found else match.end()
        own = self._own(begin, end, "relative", found.provisions if found else tuple(bases))
        return replace(own, title=title), end

    def _own(self, start: int, end: int, kind: str, provisions: tuple[Provision, ...]) -> Citation:
        """A citation of the document itself; in a decision to amend, of the document it amends."""
        title = ""
        if self.amended and kind != "relative" and not self.places.in_article(start):
            title = next((title for place, title in reversed(self.amended) if place <= start), "")
        if not title and kind == "bare" and not self.places.articles and provisions[0].article:
            title = self.recent  # a document without 条 of its own means those of the law it speaks of
        return self._made(start, end, kind, self.aliases.get(title, title), None, provisions)

    def _instructed(self, found: Citation) -> Citation:
        """In a line 一、将刑法第三条修改为：“…”: 本法第五条 and 第一款 in the new text are 刑法's, 第一款 is 第三条's."""
        told = self.amending
        if told is None or found.title or not self.places.same_line(told.end, found.start):
            return found
        if found.kind == "internal":
            quoted = self.text.find("“", told.end, found.start) >= 0
            return replace(found, title=told.title) if quoted else found
        held = told.provisions[-1]
        if found.provisions[0].article or not held.article:
            return found
        places = tuple(replace(one, article=held.article, inserted=held.inserted) for one in found.provisions)
        return replace(found, title=told.title, provisions=places)

    def _made(
        self, start: int, end: int, kind: str, title: str, number: DocumentNumber | None, places: tuple[Provision, ...]
    ) -> Citation:
        return Citation(start, end, self.text[start:end], kind, title, number, places)

    def _again(self, found: Citation, last: Citation, gap: str) -> bool:
        """违反第十二条第一款规定的，…；违反第二款规定的: the second 款 is of that 条."""
        if "\n" in gap or not last.provisions or last.provisions[-1].paragraph is None:
            return False
        begins = {self.text[max(0, one.start - 2) : one.start] for one in (found, last)}
        return begins == {"违反"} and _WITHOUT_ARTICLE.match(found.text) is not None

    def _continued(self, found: Citation, last: Citation | None) -> Citation:
        """《X》第三条规定的甲和第五条规定的乙: the second place is in 《X》 too; so is what 第三条 is renumbered to."""
        if found.kind != "bare" or last is None:
            return found
        gap = self.text[last.end : found.start]
        if self._again(found, last, gap):
            held = provisions_at(found.text, 0, replace(last.provisions[-1], last=None))
            return replace(found, title=last.title, provisions=held.provisions if held else found.provisions)
        if not last.title:
            return found
        if _RENUMBERED.search(gap) and "\n" not in gap and last.provisions:
            held = provisions_at(found.text, 0, replace(last.provisions[-1], last=None))
            return replace(found, title=last.title, provisions=held.provisions if held else found.provisions)
        if not found.provisions[0].article:
            return found
        return replace(found, title=last.title) if len(gap) <= 16 and _SAME_SENTENCE.fullmatch(gap) else found
