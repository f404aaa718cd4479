"""From what a reader typed to words and conditions.

Words are separated by spaces and joined by AND. A quoted phrase is one word. ``-word`` excludes. ``标题:``, ``文号:`` …
narrow to a field. A 文号 is one word in whatever brackets and spaces it is written.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from gongkai.search.conditions import Condition, condition, field_name, from_filters
from gongkai.search.documents import BadQuery
from gongkai.search.fold import fold, number_key, strip
from gongkai.search.vocabulary import Vocabulary

LONGEST_QUERY = 1000
MOST_WORDS = 64

#: 国发〔2021〕5号 with any brackets and spaces in it.
_SPACED_NUMBER = re.compile(r"([^\s\d()\"]{1,16})\s*\(\s*(\d{4})\s*\)\s*第?\s*(\d+)\s*号?")
_NUMBER = re.compile(r"^[^\s\d()]*\(\d{4}\)\d*号?$|^[^\s\d()]+(19|20)\d\d第\d+号$|^\D*令?第\d+号$|^\d[\d/-]{7,}$")
_TOKEN = re.compile(
    r"""(?P<sign>(?<!\S)-)?                                  # -词
        (?:(?P<field>[a-z_]+|[\u4e00-\u9fff]{1,6}):(?=\S))?  # 标题:
        (?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))            # "短语" or 词
    """,
    re.VERBOSE,
)
#: A space beside another mark (in a folded text the only white space is a space).
_GAP = re.compile(r"[\W_]* [\W_]+|[\W_]+ [\W_]*")


@dataclass(frozen=True)
class Word:
    """One word in every way it may be written: folded, without marks at its ends. ``number`` when it looks like one."""

    ways: tuple[str, ...]
    number: str = ""

    @property
    def typed(self) -> str:
        """As the reader wrote it (folded)."""
        return self.ways[0]


@dataclass(frozen=True)
class Query:
    """What is asked: every one of ``words``, none of ``excluded``, and all ``conditions``."""

    words: tuple[Word, ...] = ()
    excluded: tuple[Word, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def whole(self) -> str:
        """The words in one string, as a title would have them."""
        return "".join(word.typed for word in self.words)


def parse(text: str, filters: Mapping[str, object] | None = None, vocabulary: Vocabulary | None = None) -> Query:
    """Read ``text`` and ``filters``. Raises ``BadQuery``."""
    if len(text) > LONGEST_QUERY:
        raise BadQuery(f"检索词太长：最多 {LONGEST_QUERY} 个字，现在有 {len(text)} 个，请删短后再试。")
    words: list[Word] = []
    excluded: list[Word] = []
    conditions = list(from_filters(filters or {}, vocabulary))
    for negative, field, part in _tokens(fold(text)):
        if field:
            found = condition(field, part, vocabulary=vocabulary)
            conditions.append(replace(found, negative=negative))
        else:
            (excluded if negative else words).extend(_words(part, vocabulary))
    if len(words) + len(excluded) > MOST_WORDS:
        raise BadQuery(f"检索词太多：最多 {MOST_WORDS} 个，请减少后再试。")
    if text.strip() and not (words or excluded or conditions):
        raise BadQuery("检索词里没有文字：标点符号不能单独检索，请输入文字、数字或文号。")
    return Query(tuple(dict.fromkeys(words)), tuple(dict.fromkeys(excluded)), tuple(dict.fromkeys(conditions)))


def _tokens(folded: str) -> Iterator[tuple[bool, str, str]]:
    """Each token: whether it excludes, its field (empty: none) and what it says."""
    joined = _SPACED_NUMBER.sub(lambda found: f"{found[1]}({found[2]}){int(found[3])}号", folded)
    for token in _TOKEN.finditer(joined):
        said = token["phrase"] if token["phrase"] is not None else token["word"]
        field = field_name(token["field"] or "")
        if token["field"] and not field:
            said = f"{token['field']}:{said}"
        yield bool(token["sign"]), field, said


def _words(part: str, vocabulary: Vocabulary | None) -> Iterator[Word]:
    """A token as words: a phrase is cut where a space meets another mark, for there the index keeps no trace."""
    for piece in _GAP.split(part):
        bare = strip(piece)
        if not bare:
            continue
        number = number_key(piece) if _NUMBER.match(piece) else ""
        ways = vocabulary.ways(bare) if vocabulary else (bare,)
        yield Word(tuple(dict.fromkeys((*ways, *_numbers_in_text(number)))), number)


def _numbers_in_text(number: str) -> Iterable[str]:
    return (strip(number),) if number else ()
