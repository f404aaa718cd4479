"""第…条第…款第（…）项: places in a document as citations write them, alone, in lists and in ranges.

第三条第一款、第二款 · 第三条至第五条 · 第（一）、（二）项 · 第三十七条、三十八条 · 第五条之一第二款第六项第1目 · 第三章第二节
"""

import re
from dataclasses import dataclass, fields, replace

from gongkai.text.numerals import to_chinese, value_of

#: From the largest to the smallest; each is counted inside the one before, 条 through the whole document.
LEVELS = ("part", "subpart", "chapter", "section", "article", "paragraph", "item", "subitem")
_UNITS = dict(zip(("编", "分编", "章", "节", "条", "款", "项", "目"), LEVELS, strict=True))
_WORDS = {level: unit for unit, level in _UNITS.items()}


@dataclass(frozen=True)
class Provision:
    """A place in a document. ``last`` is the end of a range at the smallest level given: 第三条至第五条 is 3, last 5.

    ``inserted`` is the 之一 of an article. The empty provision is the document as a whole.
    """

    part: int | None = None
    subpart: int | None = None
    chapter: int | None = None
    section: int | None = None
    article: int | None = None
    inserted: int | None = None
    paragraph: int | None = None
    item: int | None = None
    subitem: int | None = None
    last: int | None = None

    @property
    def level(self) -> str:
        """The smallest level given; "" for none."""
        return next((level for level in reversed(LEVELS) if getattr(self, level) is not None), "")

    @property
    def text(self) -> str:
        """In full: 第十二条之一第二款第（三）项, 第三条至第五条."""
        written = "".join(
            self._piece(level, getattr(self, level)) for level in LEVELS if getattr(self, level) is not None
        )
        return written + (f"至{self._piece(self.level, self.last, end=True)}" if self.last is not None else "")

    @property
    def code(self) -> str:
        """Short and comparable: ``12-1.2(3)``, ``3..5``, ``ch3/sec2``."""
        if self.article is None and self.level in {"part", "subpart", "chapter", "section"}:
            short = {"part": "part", "subpart": "sub", "chapter": "ch", "section": "sec"}
            pieces = [
                f"{short[level]}{getattr(self, level)}" for level in LEVELS[:4] if getattr(self, level) is not None
            ]
            code = "/".join(pieces)
        else:
            code = "" if self.article is None else str(self.article)
            code += f"-{self.inserted}" if self.inserted else ""
            code += f".{self.paragraph}" if self.paragraph is not None else ""
            code += f"({self.item})" if self.item is not None else ""
            code += f"[{self.subitem}]" if self.subitem is not None else ""
        return code + (f"..{self.last}" if self.last is not None else "")

    @property
    def anchor(self) -> str:
        """The anchor of the place in a document's tree (:mod:`gongkai.text.structure`); "" where it has none.

        An item cited without its 款 is given in the first; ``structure.node_at`` looks in all.
        """
        if self.article is None:
            words = {"part": "part", "subpart": "sub", "chapter": "ch", "section": "sec"}
            return "-".join(f"{words[level]}-{getattr(self, level)}" for level in LEVELS[:4] if getattr(self, level))
        anchor = f"art-{self.article}" + (f"-{self.inserted}" if self.inserted else "")
        if self.paragraph is not None or self.item is not None:
            anchor += f"-p{self.paragraph or 1}"
        anchor += f"-i{self.item}" if self.item is not None else ""
        return anchor + (f"-s{self.subitem}" if self.subitem is not None else "")

    def as_json(self) -> dict[str, int]:
        """The numbers given."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name)) is not None}

    def _piece(self, level: str, number: int | None, *, end: bool = False) -> str:
        if number is None:
            return ""
        if level == "item":
            return f"第（{to_chinese(number)}）项"
        if level == "subitem":
            return f"第{number}目"
        tail = f"之{to_chinese(self.inserted)}" if level == "article" and self.inserted and not end else ""
        return f"第{to_chinese(number)}{_WORDS[level]}{tail}"


_ONE = r"(?:[一二三四五六七八九十百千零〇○]{1,9}|[0-9０-９]{1,4})"
_OR_BRACKETED = rf"(?:{_ONE}|[（(] ?{_ONE} ?[）)])"
_AND = r"(?:或者|以及|[、，,和或及与])"
_TO = r"[至到\-－—~～]{1,2}"
#: What makes 条, 款, 项 … another word: 条例, 条件, 条款, 款项, 项目, 章程, 节日, 编号, 目标.
_NOT_A_UNIT = "(?!例|件|款|线|目|程|日|假|能|约|号|制(?![定作订发止])|码|录|标)"
_PLACE = re.compile(
    rf"第 ?(?P<first>{_OR_BRACKETED})(?P<rest>(?:(?:{_AND}|{_TO})第?{_OR_BRACKETED}){{0,30}}) ?"
    rf"(?P<unit>分编|[编章节条款项目]){_NOT_A_UNIT}(?:之(?P<inserted>[一二三四五六七八九十]{{1,3}}))?"
)
#: Without 第, in a list: 第三十七条、三十八条; 第二项至六项; and behind a 条: 第十五条（三）、（四）项.
_BARE = re.compile(
    rf"(?P<first>{_ONE})(?P<rest>)(?P<unit>[条款项]){_NOT_A_UNIT}(?:之(?P<inserted>[一二三四五六七八九十]{{1,3}}))?"
)
_BRACKETED = re.compile(
    rf"(?P<first>[（(]{_ONE}[）)])(?P<rest>(?:(?:{_AND}|{_TO})[（(]{_ONE}[）)]){{0,30}}) ?(?P<unit>项){_NOT_A_UNIT}(?P<inserted>)"
)
_JOINT = re.compile(
    rf"[ \u3000]?(?:(?P<to>{_TO})|(?:的?规定)?(?P<and>或者|以及|[、和或及与])|(?P<comma>[，,]))[ \u3000]?"
)
_OF = re.compile("(?:规定|所列|所称|列举)的?(?=第[^款项]{1,9}[款项])")
_NEXT = re.compile(rf"(?P<joint>{_AND}|{_TO})第?(?P<one>{_OR_BRACKETED})")


@dataclass(frozen=True)
class Found:
    """What :func:`provisions_at` read: the provisions and where their text ends."""

    provisions: tuple[Provision, ...]
    end: int


#: More places than this in one list end it: no statute cites so many at once.
LONGEST_LIST = 200


def provisions_at(text: str, start: int, within: Provision | None = None) -> Found | None:
    """The list of places that begins at ``start``, each with what it takes over from the one before; None if none does.

    ``within`` is a place that smaller ones belong to (前款 before 第一项); behind it 第 may be left out: 前款（七）项.
    """
    match = _PLACE.match(text, start) or (_BRACKETED.match(text, start) if within else None)
    if match is None:
        return None
    found: list[Provision] = []
    last = within or Provision()
    ranged = False
    while match is not None and len(found) < LONGEST_LIST:
        end = match.end()
        places = _expand(match, last)
        while (deeper := _inside(text, end)) and _deeper(deeper, places[-1]):
            end = deeper.end()
            places = [*places[:-1], *_expand(deeper, places[-1])]
        found = _joined(found, places, ranged)
        last = replace(places[-1], last=None)
        match, ranged = _following(text, end, last)
    return Found(tuple(found), end)


def _inside(text: str, end: int) -> re.Match[str] | None:
    """What may be a smaller place of the one that ends here: 第二项, （二）项, 规定的第二项, 所列第1项."""
    behind = _OF.match(text, end)
    return _PLACE.match(text, behind.end() if behind else end) or _BRACKETED.match(text, end)


def _joined(found: list[Provision], places: list[Provision], ranged: bool) -> list[Provision]:
    """The places behind a 至 end the range begun before it, where both are of one level."""
    if ranged and found and found[-1].level == places[0].level and found[-1].last is None:
        until = getattr(places[0], places[0].level)
        return [*found[:-1], replace(found[-1], last=until), *places[1:]]
    return found + places


def _following(text: str, end: int, last: Provision) -> tuple[re.Match[str] | None, bool]:
    """The next place of the list, behind 、 和 或者 至 and the like; whether it ends a range."""
    joint = _JOINT.match(text, end)
    if joint is None:
        return None, False
    following = _PLACE.match(text, joint.end())
    if following is None and not joint["comma"]:
        following = _same_level(_BARE.match(text, joint.end()), last)
    if following is None or (joint["comma"] and not _may_follow_comma(following, last)):
        return None, False
    if LEVELS.index(_UNITS[following["unit"]]) > LEVELS.index(last.level) and last.level != "article":
        return None, False
    return following, bool(joint["to"])


def _same_level(match: re.Match[str] | None, last: Provision) -> re.Match[str] | None:
    """三十八条 behind 第三十七条 goes on with the list; 一项 behind 第三条 counts something."""
    if match is None or _UNITS[match["unit"]] != last.level:
        return None
    return match if _value(match["first"]) > (getattr(last, last.level) or 0) else None


def _may_follow_comma(following: re.Match[str], last: Provision) -> bool:
    """Behind a comma a list goes on with a 条, 款 or 项 of its own, not with the sentence: 第二条，第三条第一款."""
    return LEVELS.index(_UNITS[following["unit"]]) <= LEVELS.index(last.level)


def _deeper(match: re.Match[str], place: Provision) -> bool:
    return LEVELS.index(_UNITS[match["unit"]]) > LEVELS.index(place.level)


def _expand(match: re.Match[str], last: Provision) -> list[Provision]:
    """The places one 第…条 or 第（一）、（二）项 names, with the larger levels of the place before."""
    level = _UNITS[match["unit"]]
    kept = {name: getattr(last, name) for name in LEVELS[: LEVELS.index(level)]}
    if level == "article":
        kept = {}
    elif last.inserted is not None and LEVELS.index(level) > LEVELS.index("article"):
        kept["inserted"] = last.inserted
    places = [Provision(**kept, **{level: _value(match["first"])})]
    for one in _NEXT.finditer(match["rest"]):
        number = _value(one["one"])
        if re.fullmatch(_TO, one["joint"]):
            places[-1] = replace(places[-1], last=number)
        else:
            places.append(Provision(**kept, **{level: number}))
    if match["inserted"] and level == "article":
        places[-1] = replace(places[-1], inserted=value_of(match["inserted"]))
    return places


def _value(written: str) -> int:
    return value_of(written.strip("（）() "))
