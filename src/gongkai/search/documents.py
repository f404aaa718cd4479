"""What goes into an index and what comes out of it: the words every engine and every caller share."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from gongkai.search.vocabulary import Vocabulary

Mode = Literal["and", "or"]
Sort = Literal["relevance", "newest"]
#: Original texts by key; a key it does not know may be left out.
Texts = Callable[[Sequence[str]], Mapping[str, str]]


class BadQuery(ValueError):
    """A query that cannot be understood. The message is Chinese: what, where and how to mend it."""


class IndexLocked(RuntimeError):
    """Another process writes to this index: only one may at a time."""


@dataclass(frozen=True)
class Document:
    """One document as the index knows it.

    ``number`` is the 文号 and ``numbers`` its others (登记号, 索引号); ``bodies`` are keys of the issuing bodies and
    ``body_names`` their names; ``readers`` are the groups that may find it; ``fields`` are further facet fields.
    """

    key: str
    url: str
    title: str
    text: str
    number: str = ""
    numbers: tuple[str, ...] = ()
    kind: str = ""
    bodies: tuple[str, ...] = ()
    body_names: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    category: str = ""
    status: str = ""
    written_on: date | None = None
    published_on: date | None = None
    effective_on: date | None = None
    readers: tuple[str, ...] = ("public",)
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def day(self) -> date | None:
        """The day it is sorted by: published, else written, else in effect."""
        return self.published_on or self.written_on or self.effective_on

    @property
    def all_numbers(self) -> tuple[str, ...]:
        """Every number it can be asked by, the 文号 first."""
        return tuple(filter(None, (self.number, *self.numbers)))


@dataclass(frozen=True)
class Between:
    """A filter value: days (or years) from ``start`` to ``end``, both included; None is open."""

    start: date | int | None = None
    end: date | int | None = None


@dataclass(frozen=True)
class Hit:
    """One document found. ``title_marked`` and ``snippet`` are safe HTML with ``<mark>``, cut from the original."""

    key: str
    url: str
    title: str
    title_marked: str
    snippet: str
    score: float


@dataclass(frozen=True)
class Results:
    """What a search found.

    ``mode`` is ``"and"`` when every word was found, ``"or"`` when no document has all of them and these have some.
    ``facets`` maps a field to its values and their counts, the most frequent first. ``also`` are documents whose
    title the query seems to abbreviate or to misspell, and ``did_you_mean`` the query spelled as that title (您是不是要找).
    """

    total: int
    mode: Mode
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    did_you_mean: str = ""
    also: tuple[Hit, ...] = ()


class Port(Protocol):
    """What an engine does. Nothing added or removed is found before ``commit``."""

    def add(self, documents: Iterable[Document]) -> int:
        """Add documents; one with a key already there replaces it. Returns how many. Raises ``IndexLocked``."""

    def remove(self, keys: Iterable[str]) -> None:
        """Remove documents by key; unknown keys are no error."""

    def commit(self) -> None:
        """Make what was added and removed lasting and visible."""

    def search(
        self,
        query: str,
        *,
        filters: Mapping[str, object] = {},
        readers: Collection[str] = ("public",),
        facets: Sequence[str] = (),
        limit: int = 20,
        offset: int = 0,
        sort: Sort = "relevance",
        vocabulary: Vocabulary | None = None,
        marked: bool = True,
    ) -> Results:
        """Documents that match ``query`` and ``filters`` and that one of ``readers`` may see.

        ``filters`` maps a field to a value, several values (any of them) or a ``Between``. Without ``marked`` hits
        have no marked title and no snippet, and no text is read. Raises ``BadQuery``.
        """

    def suggest(self, prefix: str, readers: Collection[str] = ("public",), limit: int = 10) -> list[str]:
        """Titles for what is typed so far: characters of the title, its pinyin or the initials of its pinyin."""

    def text_of(self, key: str) -> str | None:
        """The original text of a document, None when there is none of this key."""

    def count(self) -> int:
        """How many documents there are."""

    def close(self) -> None:
        """Let go of files and of the writer's lock; what was not committed is lost."""
