"""Proof for one copy: everything its removals took out is gone, also where other occurrences of a text may stay."""

from collections.abc import Sequence

from .check import survivors
from .pages import Reading
from .redact import Mark, Removal, marks_of, runs

#: Texts under a drawn box shorter than this are counted on the pages only: they may stand in the list of bases as well.
DEEP = 4


def unproven(source: bytes, copy: bytes, removals: Sequence[Removal]) -> list[str]:
    """The removed texts not proven gone from ``copy``; empty when all are.

    A text of which nothing may stay must be nowhere in the file (:func:`.survivors`); one of which other occurrences
    stay must occur on the copy's pages no more often than those. What lies under a drawn box counts as removed text.
    Raises ``NotAPdf``, ``NotFound``.
    """
    before, after = Reading(source), Reading(copy)
    marks = [mark for removal in removals for mark in marks_of(before, removal)]
    body = "".join(page.text for page in after.pages[: before.count])
    wanted = dict.fromkeys("".join(removal.text.split()) for removal in removals if removal.text)
    drawn = [text for text in _under_boxes(before, removals) if text not in wanted]
    left = [text for text in (*wanted, *drawn) if _times(body, text) > _staying(before, text, marks)]
    deep = [
        text for text in (*wanted, *(one for one in drawn if len(one) >= DEEP)) if not _staying(before, text, marks)
    ]
    return list(dict.fromkeys((*left, *survivors(copy, deep))))


def _times(body: str, text: str) -> int:
    return sum(body.startswith(text, at) for at in range(len(body)))


def _staying(source: Reading, text: str, marks: Sequence[Mark]) -> int:
    """How many occurrences no mark touches."""
    return sum(not _touched(source, one.page, one.letters, marks) for one in source.find(text))


def _touched(source: Reading, page: int, letters: Sequence[int], marks: Sequence[Mark]) -> bool:
    boxes = [mark.box for mark in marks if mark.page == page]
    return any(box.covers(source.pages[page].letters[index].box) for index in letters for box in boxes)


def _under_boxes(source: Reading, removals: Sequence[Removal]) -> list[str]:
    """The lines of text under drawn boxes."""
    found = []
    for removal in removals:
        if removal.box is not None and removal.page is not None and 0 <= removal.page < source.count:
            covered = [one for one in source.pages[removal.page].letters if removal.box.covers(one.box)]
            found += ["".join(letter.text for letter in run) for run in runs(covered)]
    return found
