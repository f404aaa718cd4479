"""Curated words: synonyms and the short names of bodies, used when a query is read; the index does not know them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gongkai.search.fold import fold

#: More ways to say one word than this are not looked for.
MOST = 16


@dataclass(frozen=True)
class Vocabulary:
    """Plain data in: ``groups`` of words that mean the same, ``short`` names with the full name (or names) each means.

    A group works in every direction; a short name also finds the full one, a full name does not find the short one.
    """

    groups: Iterable[Iterable[str]] = ()
    short: Mapping[str, str | Iterable[str]] = field(default_factory=dict)
    _means: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        means: dict[str, list[str]] = {}
        for group in self.groups:
            words = [fold(word).strip() for word in group]
            for word in words:
                means.setdefault(word, []).extend(other for other in words if other != word)
        for name, full in self.short.items():
            names = [full] if isinstance(full, str) else full
            means.setdefault(fold(name).strip(), []).extend(fold(other).strip() for other in names)
        kept = {word: tuple(filter(None, dict.fromkeys(others))) for word, others in means.items() if word}
        object.__setattr__(self, "_means", kept)

    def ways(self, word: str) -> tuple[str, ...]:
        """The folded ``word`` first, then the same with each known word in it replaced by what that means.

        A known word inside a longer known word does not count: 市政府 is left alone in 市政府办公厅 when both are known.
        """
        known = [name for name in self._means if name in word]
        longest = [name for name in known if not any(name != other and name in other for other in known)]
        made = (word.replace(name, other) for name in longest for other in self._means[name])
        return tuple(dict.fromkeys((word, *made)))[:MOST]
