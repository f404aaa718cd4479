"""Titles for what is typed so far: characters of the title, its pinyin, the initials of its pinyin, or homophones."""

from collections.abc import Collection, Iterator
from itertools import pairwise

from gongkai.search import plan
from gongkai.search.asking import Engine
from gongkai.search.fold import fold, strip
from gongkai.search.plan import AllOf, Flat, Node, Phrase, Term
from gongkai.search.query import LONGEST_QUERY
from gongkai.search.sound import initials, readings, syllables

#: Documents looked at for each title wanted: several may have the same one.
EACH = 4


def suggest(engine: Engine, prefix: str, readers: Collection[str], limit: int) -> list[str]:
    """Different titles that one of ``readers`` may see; those that begin so come first, then the shorter ones."""
    typed = strip(fold(prefix[:LONGEST_QUERY]))
    if not typed or limit <= 0:
        return []
    for asked in _ways(typed):
        node = AllOf((asked, Flat(plan.readable(readers), 0.0)), (Flat(Term("name", typed), plan.IS_TITLE),))
        hits = engine.find(node, limit * EACH, 0, "relevance").hits
        if hits:
            titles = dict.fromkeys(hit[2] for hit in hits)
            return sorted(titles, key=lambda title: _rank(typed, title))[:limit]
    return []


def _ways(typed: str) -> Iterator[Node]:
    """What is tried, in this order, until something is found."""
    parts = typed.split()
    yield AllOf(tuple(plan.phrase("title", strip(part)) for part in parts if strip(part)))
    latin = "".join(char for char in typed if char.isalnum())
    if latin.isascii() and latin.isalpha():
        if len(latin) > 1:
            yield plan.phrase("initials", latin)
        read = [_sounds(cut, open_end=True) for cut in readings(typed)]
        if read:
            yield plan.any_of(read)
    elif len(typed) > 1:
        yield _sounds(tuple(filter(None, syllables(typed))), open_end=False)


def _sounds(cut: tuple[str, ...], open_end: bool) -> Node:
    """Titles with these syllables in a row; the last may be a beginning."""
    if len(cut) == 1:
        return Phrase("sounds", ((0, cut[0] if open_end else f"{cut[0]}'"),), open_end=True)
    return Phrase("sounds", tuple(enumerate(f"{a}'{b}" for a, b in pairwise(cut))), open_end)


def _rank(typed: str, title: str) -> tuple[bool, int, str]:
    folded = strip(fold(title))
    latin = typed.replace(" ", "")
    begins = (folded, initials(folded), "".join(syllables(folded)))
    return not any(form.startswith(latin) for form in begins), len(title), title
