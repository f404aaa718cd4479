"""A decision to amend (修改决定) read into amendments; what could not be read is said, line by line.

Understood: 将第三条修改为：“…”; 第八条第一款中的“甲”修改为“乙”; 在“甲”后增加“乙”; 删去第五条、第六条; 删去第三条中的“甲”;
增加一条，作为第六条：“…” (also 第五条之一); 第三条增加一款，作为第二款：“…”; 增加一项，作为第（三）项：“…”.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from gongkai.text.lines import BLANK, Kind
from gongkai.text.nodes import Node, Tree
from gongkai.text.provisions import Found, Provision, provisions_at
from gongkai.text.structure import parse
from gongkai.text.versions import Action, Amendment


@dataclass(frozen=True)
class Instruction:
    """One numbered line of a decision: the document it is about, its place and words, the amendments read from it.

    Without amendments ``reason`` says in Chinese why; "" for a line that by itself changes nothing (第六条改为第七条).
    """

    title: str
    start: int
    end: int
    text: str
    amendments: tuple[Amendment, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Decision:
    """A decision read: its instructions in order, and the day it names for its coming into force."""

    instructions: tuple[Instruction, ...]
    day: date | None

    def amendments(self, title: str = "") -> list[Amendment]:
        """What it changes (in the document of this title)."""
        return [one for line in self.instructions if title in ("", line.title) for one in line.amendments]

    @property
    def unread(self) -> list[Instruction]:
        """The lines a person must read."""
        return [line for line in self.instructions if line.reason]


_EFFECT = re.compile(r"本(?:决定|修正案)自(\d{4})年(\d{1,2})月(\d{1,2})日起(?:施行|生效|实施)")
_EFFECT_LINE = re.compile(r"^本(?:决定|修正案)自[^“”]{1,30}(?:施行|生效|实施)")
_REORDERED = re.compile(r"(?:条文|条款|各条|章节)?(?:的)?(?:顺序|序号)作(?:出)?相应(?:的)?调整|依次顺延")
_LISTED = {Kind.POINT, Kind.ITEM, Kind.SUBITEM}
_WORDS_OF_CHANGE = re.compile("修改|修正|删|增加|增写|改为|合并")


def read_decision(text: str, day: date | None = None, source: str = "") -> Decision:
    """Read a decision. ``day``: when it takes effect, if it does not say so; ``source``: how amendments name it.

    :raises ValueError: neither the text nor the caller says the day.
    """
    tree = parse(text)
    if match := _EFFECT.search(text):
        day = date(int(match[1]), int(match[2]), int(match[3]))
    if day is None:
        raise ValueError("决定中没有写明施行日期，请补填施行日期")
    reader = _Reader(day, source, bool(_REORDERED.search(text)))
    return Decision(tuple(reader.instructions(tree)), day)


@dataclass
class _Reader:
    day: date
    source: str
    reordered: bool

    def instructions(self, tree: Tree) -> Iterator[Instruction]:
        """Numbered lines, the innermost first to last; 《…》 in those above say which document is meant."""
        title = ""
        for node in tree.walk():
            if node.kind not in _LISTED | {Kind.PREAMBLE} or any(
                one.kind is Kind.ARTICLE for one in tree.path(node.start)
            ):
                continue
            inner = [child for child in node.walk() if child.kind in _LISTED and child is not node]
            words = _own_words(tree, node, bool(inner))
            if named := _named(words):
                title = named
            if node.kind is Kind.PREAMBLE or not _WORDS_OF_CHANGE.search(_outside_quotes(words)):
                continue
            if _EFFECT_LINE.search(words):
                continue
            if inner and not re.search("第.{1,9}条", _outside_quotes(words)):
                continue
            yield self._read(title, node, words)

    def _read(self, title: str, node: Node, words: str) -> Instruction:
        amendments: tuple[Amendment, ...] = ()
        reason = "没有认出这一句的写法，请人工录入"
        quoted_to_the_end = words.rstrip("。；" + BLANK + "\n").endswith("”")
        for pattern, reader in _PATTERNS:
            if reader is _Reader.replaced and not quoted_to_the_end:
                continue
            if match := pattern.search(words):
                amendments = tuple(reader(self, match, words))
                reason = "" if amendments or reader is _Reader.renumbered else reason
                break
        return Instruction(title, node.start, node.end, words, amendments, reason)

    def _made(self, action: Action, target: Provision, **parts: object) -> Amendment:
        return Amendment(action, target, self.day, self.source, **parts)  # type: ignore[arg-type]

    def replaced(self, match: re.Match[str], words: str) -> Iterator[Amendment]:
        """将第三条修改为：“…”."""
        found = _target(match["target"])
        if found and len(found.provisions) == 1 and (text := _quoted(words, match.end() - 1)):
            yield self._made(Action.REPLACE, found.provisions[0], text=text)

    def inserted(self, match: re.Match[str], words: str) -> Iterator[Amendment]:
        """增加一条，作为第六条：“…”; 第三条增加一款，作为第二款：“…”; several 条, each with its label in the quotation."""
        holder = _target(match["holder"] or "")
        found = provisions_at(match["target"], 0, holder.provisions[-1] if holder else None)
        text = _quoted(words, match.end() - 1)
        if not (found and text and all(place.article for place in found.provisions)):
            return
        places = [one for place in found.provisions for one in _each(place)]
        texts = [text] if len(places) == 1 else _by_label(text)
        if len(texts) == len(places):
            for place, own in zip(places, texts, strict=True):
                whole = place.level == "article" and not place.inserted
                yield self._made(Action.INSERT, place, text=own, renumber=whole)

    def deleted(self, match: re.Match[str], words: str) -> Iterator[Amendment]:
        """删去第五条、第六条第二款."""
        found = _target(match["target"])
        for one in [one for place in (found.provisions if found else ()) for one in _each(place)]:
            yield self._made(Action.DELETE, one, renumber=self.reordered and one.level == "article")

    def reworded(self, match: re.Match[str], words: str) -> Iterator[Amendment]:
        """第八条中的“甲”修改为“乙”，“丙”修改为“丁”; 删去“甲”; 在“甲”后增加“乙”. Later places name their own 条."""
        found = _target(match["target"])
        for change in _CHANGES.finditer(words, match.start()):
            if change["place"]:
                found = _target(change["place"]) or found
                continue
            if found is None:
                return
            old = change["old"] or change["gone"] or change["lost"] or change["after"] or change["before"]
            added = change["added"] or change["ahead"] or ""
            new = change["new"] or (old + added if change["after"] else added + old if change["before"] else "")
            for place in found.provisions:
                yield self._made(Action.WORDS, place, old=old, new=new)

    def struck(self, match: re.Match[str], words: str) -> Iterator[Amendment]:
        """删去第三条中的“甲”、“乙”."""
        found = _target(match["target"])
        for place in found.provisions if found else ():
            for old in re.findall("“([^“”]+)”", match["gone"]):
                yield self._made(Action.WORDS, place, old=old)

    def renumbered(self, match: re.Match[str], words: str) -> Iterator[Amendment]:
        """第六条改为第七条: what the insertions before it do already."""
        return iter(())


_PLACE = r"第[^，。：“”；\n]{1,90}?"
_ARTICLE = "第[一二三四五六七八九十百千零〇○]+条(?:之[一二三四五六七八九十]+)?"
_Q = r"“(?P<{}>[^“”\n]{{1,400}})”"
_CHANGES = re.compile(
    rf"(?P<place>第[一二三四五六七八九十百千零〇○\d]+条[^，。；：“”\n]{{0,30}}?)(?=中的?“|中?的?(?:，|在|删))"
    rf"|{_Q.format('old')}(?:修改|更改|改)为{_Q.format('new')}"
    rf"|(?:删去|删除)(?:其中的?|中的?)?{_Q.format('gone')}|{_Q.format('lost')}(?:删去|删除)"
    rf"|在?{_Q.format('after')}之?后(?:面)?(?:增加|增写){_Q.format('added')}"
    rf"|在?{_Q.format('before')}之?前(?:面)?(?:增加|增写){_Q.format('ahead')}"
)
_Reading = Callable[[_Reader, re.Match[str], str], Iterator[Amendment]]
_PATTERNS: tuple[tuple[re.Pattern[str], _Reading], ...] = (
    (
        re.compile(
            rf"(?:在?(?P<holder>{_PLACE}))?(?:之?后|中)?增加[一二两三四五六七八九十][条款项目]，?(?:分别)?(?:作为|列为)(?:《[^《》]*》)?(?P<target>{_PLACE})[：:，,]?\s*“"
        ),
        _Reader.inserted,
    ),
    (re.compile(rf"(?P<target>{_ARTICLE})[^“”。]{{0,30}}将(?:该|本)条修改为[：:]?\s*“"), _Reader.replaced),
    (
        re.compile(
            rf"(?P<target>{_PLACE})(?:改为第[^，。：“”]{{1,16}}[，,]并?|中?[，,]?)?(?:修改|改)为(?:第[^：“”，。]{{1,12}}[条款项])?[：:]?\s*“",
            re.DOTALL,
        ),
        _Reader.replaced,
    ),
    (re.compile(rf"(?:删去|删除)(?P<target>{_PLACE})中的?(?P<gone>(?:“[^“”\n]+”[、和，]?)+)"), _Reader.struck),
    (re.compile(rf"(?P<target>{_PLACE})中?的?[，,]?(?:在|删去|删除|将)?(?:其中的?)?“"), _Reader.reworded),
    (re.compile(r"(?:删去|删除)[^第“”，。；]{0,16}(?P<target>第[^“”。；：\n]{1,80})"), _Reader.deleted),
    (
        re.compile(
            r"第[^，。：“”；]{1,12}条(?:至第[^，。：“”；]{1,12}条)?(?:分别|依次|相应)?(?:修改为|改为|作为|调整为)第"
        ),
        _Reader.renumbered,
    ),
)


def _own_words(tree: Tree, node: Node, has_inner: bool) -> str:
    """The line without its label, with the quoted lines below it; of a line that holds others only its own."""
    end = node.end
    if has_inner:
        end = next(child.start for child in node.walk() if child.kind in _LISTED and child is not node)
    start = node.label_end if node.label else node.start
    return tree.text[start:end].strip(BLANK + "\n")


def _outside_quotes(words: str) -> str:
    return re.sub("“[^“”]*”", "“”", words)


def _named(words: str) -> str:
    """The document a line announces changes of: 修改《…》, 对《…》作如下修改, 《…》第三条修改为."""
    plain = _outside_quotes(words)
    match = re.search(r"(?:修改(?:最高人民法院|最高人民检察院|、)*|[对将]|^)《(?P<title>[^《》\n]{2,120})》", plain)
    return match["title"] if match and re.search("修改|修正|删|增加", plain) else ""


def _target(written: str) -> Found | None:
    start = written.find("第")
    return provisions_at(written, start) if start >= 0 else None


def _quoted(words: str, start: int) -> str:
    """From “ to the last ”; each line's own “ at its start is only the sign that the quotation goes on."""
    end = words.rfind("”")
    if words[start : start + 1] != "“" or end <= start:
        return ""
    lines = words[start + 1 : end].split("\n")
    if any(line.rstrip("。；" + BLANK).endswith("”") for line in lines[:-1]):
        return ""  # a second quotation: another instruction follows in the same line
    return "\n".join(line.strip(BLANK).removeprefix("“") for line in lines if line.strip(BLANK))


def _each(place: Provision) -> list[Provision]:
    """A range taken apart: 第三条至第五条 are three."""
    first = getattr(place, place.level)
    numbers = range(first, (place.last or first) + 1)
    return [replace(place, last=None, **{place.level: number}) for number in numbers]


def _by_label(text: str) -> list[str]:
    """A quotation of several 条, one by one."""
    starts = [
        match.start()
        for match in re.finditer(
            r"^第[一二三四五六七八九十百千零〇○\d]+条(?:之[一二三四五六七八九十]+)?[ \u3000]", text, re.M
        )
    ]
    ends = [*starts[1:], len(text)][: len(starts)]
    return [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]
