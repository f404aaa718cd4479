"""Pages of a list that stay what they are: numbered from the oldest, so that a new entry changes the first page only.

The first page (no number) shows the newest 20 to 39; page *n* shows the *n*-th twenty from the oldest, and is final.
"""

from collections.abc import Iterable, Sequence
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


def chunk(rows: Any, number: int, address: str, size: int | None = None) -> Chunk | None:
    """A page of ``rows`` (a query set or list, the newest first); None where there is no such page. Two queries."""
    size = size or SIZE
    count = rows.count() if hasattr(rows, "model") else len(rows)
    pages = full(count, size)
    if number > pages or number < 0:
        return None
    oldest = count - pages * size if number == 0 else size
    start = 0 if number == 0 else count - number * size
    newer = "" if number == 0 else address if number == pages else f"{address}page-{number + 1}/"
    before = pages if number == 0 else number - 1
    older = f"{address}page-{before}/" if before else ""
    return Chunk(number, list(rows[start : start + oldest]), newer, older, count)


def addresses(address: str, count: int, size: int | None = None) -> Iterable[str]:
    """Every page of a list: the first, then the numbered ones."""
    return (address, *(f"{address}page-{number}/" for number in range(1, full(count, size) + 1)))


def changed(address: str, position: int, count: int, size: int | None = None) -> list[str]:
    """The pages that may differ after an entry came or went at a position; one more than there are, which may be gone."""
    return [
        address,
        *(f"{address}page-{number}/" for number in range(touched_from(position, size), full(count, size) + 2)),
    ]
