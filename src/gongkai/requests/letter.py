"""The decision letter of a case as the linter reads it, from the case alone: cheap enough for every command."""

from typing import TYPE_CHECKING

from gongkai.law.receipt import Channel
from gongkai.papers.linter import Letter

from . import materials

if TYPE_CHECKING:
    from .events import Case


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a field that holds one entry a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def items_of(case: "Case") -> tuple[str, ...]:
    """What was asked for, item by item; the request's title where the drafter listed nothing."""
    listed = lines_of(case.draft.items) if case.draft else ()
    return listed or (case.title.removeprefix("申请公开"),)


def withheld_of(case: "Case") -> str:
    """What is not disclosed: the drafter's words, then what the copies let go leave out."""
    written = case.draft.withheld.strip() if case.draft else ""
    return "\n".join(filter(None, (written, materials.withheld(case))))


def letter(case: "Case", **house: str) -> Letter:
    """The letter of the draft on the table; ``house`` is what signing adds (agency, number, remedy, date, contact)."""
    assert case.draft is not None, "the table lets nobody review or sign without a draft"
    draft = case.draft
    return Letter(
        leaf=draft.leaf,
        applicant=case.personal,
        received_on=case.received_on.isoformat() if case.received_on else "",
        channel=Channel(case.channel).label,
        items=items_of(case),
        findings=lines_of(draft.findings),
        basis=draft.basis,
        text=draft.text,
        reason=draft.reason,
        provided=draft.provided,
        withheld=withheld_of(case),
        searched=draft.searched,
        earlier=draft.earlier,
        asked=case.items,
        clarified=case.clarified,
        reasons_asked=case.reasons_asked,
        third_party_asked="third_party" in case.consulted,
        **house,
    )
