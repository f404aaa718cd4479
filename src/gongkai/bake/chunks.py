"""Pages of a list that stay what they are: numbered from the oldest, so that a new entry changes the first page only.

The first page (no number) shows the newest 20 to 39; page *n* shows the *n*-th twenty from the oldest, and is final.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

SIZE = 20


def full(count: int, size: int | None = None) -> int:
    """How many numbered pages there are behind the first one."""
    return max(0, count // (size or SIZE) - 1)


def touched_from(position: int, size: int | None = None) -> int:
    """The first numbered page that may change when an entry comes, goes or moves at a position (0: the oldest).

    The page before it is among them: its way to the newer ones leads elsewhere when a page is added behind it.
    """
    return max(1, position // (size or SIZE) - 1)


@dataclass(frozen=True)
class Chunk:
    """One page of a list: the rows, newest first, and the ways to the newer and the older page ("" where none).

    ``number`` is 0 on the first page.
    """

    number: int
    rows: Sequence[Any]
    newer: str
    older: str
    count: int


def _place(count: int, number: int, size: int) -> tuple[int, int] | None:
    """Where the rows of a page begin and end, counted from the newest; None where there is no such page."""
    pages = full(count, size)
    if number > pages or number < 0:
        return None
    return (0, count - pages * size) if number == 0 else (count - number * size, count - (number - 1) * size)


@dataclass(frozen=True)
class _Stretch:
    """The rows of a list from one place to another; looks like the whole list to a page that lies within."""

    count: int
    start: int
    rows: Sequence[Any]

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, place: slice) -> Sequence[Any]:
        return self.rows[place.start - self.start : place.stop - self.start]


_NONE: Mapping[str, _Stretch] = {}
_held: ContextVar[Mapping[str, _Stretch]] = ContextVar("held", default=_NONE)


def page_of(address: str, number: int | str) -> str:
    """The address of a page of the list that begins at ``address``; the first has no number."""
    return f"{address}page-{number}/" if number else address


def _parts(address: str) -> tuple[str, int]:
    """The first page of the list that a page belongs to, and its number: ("/records/all/", 3) for "/records/all/page-3/"."""
    base, found, number = address.removesuffix("/").rpartition("page-")
    return (base, int(number)) if found and number.isdigit() else (address, 0)


@contextmanager
def together(addresses: Sequence[str], rows_at: Callable[[Iterable[str]], Iterable[tuple[str, Any]]]) -> Iterator[None]:
    """Inside, the rows of pages of a list that lie close together are read at once.

    ``rows_at(first pages)`` gives each with its rows (a query set, the newest first); those it does not know are left out.
    """
    numbers: dict[str, list[int]] = {}
    for address in addresses:
        base, number = _parts(address)
        numbers.setdefault(base, []).append(number)
    many = {base: found for base, found in numbers.items() if len(found) > 1}
    stretches = {base: _stretch(rows, many[base]) for base, rows in rows_at(many)} if many else {}
    token = _held.set({base: found for base, found in stretches.items() if found is not None})
    try:
        yield
    finally:
        _held.reset(token)


def _stretch(rows: Any, numbers: Sequence[int]) -> _Stretch | None:
    """The rows of these pages; None where reading those in between would cost more than reading each page."""
    count = rows.count()
    places = [found for number in numbers if (found := _place(count, number, SIZE))]
    start, stop = min((a for a, _ in places), default=0), max((b for _, b in places), default=0)
    near = stop - start <= 2 * sum(b - a for a, b in places)
    return _Stretch(count, start, list(rows[start:stop])) if places and near else None


def chunk(rows: Any, number: int, address: str, size: int | None = None) -> Chunk | None:
    """A page of ``rows`` (a query set or list, the newest first, or what makes it); None where there is no such page.

    Two queries, none where the rows are held (:func:`together`).
    """
    size = size or SIZE
    held = _held.get().get(address)
    rows = held if held is not None else rows() if callable(rows) else rows
    count = rows.count() if hasattr(rows, "model") else len(rows)
    pages = full(count, size)
    found = _place(count, number, size)
    if found is None:
        return None
    newer = "" if number == 0 else page_of(address, 0 if number == pages else number + 1)
    before = pages if number == 0 else number - 1
    older = page_of(address, before) if before else ""
    return Chunk(number, list(rows[slice(*found)]), newer, older, count)


def addresses(address: str, count: int, size: int | None = None) -> Iterable[str]:
    """Every page of a list, the newest first: neighbours stand beside each other."""
    return (address, *(page_of(address, number) for number in range(full(count, size), 0, -1)))


def changed(address: str, position: int, count: int, size: int | None = None) -> list[str]:
    """The pages that may differ after an entry came or went at a position; one more than there are, which may be gone."""
    return [
        address,
        *(page_of(address, number) for number in range(touched_from(position, size), full(count, size) + 2)),
    ]
