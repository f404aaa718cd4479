"""The papers an applicant may take away: those addressed to the applicant, once they concern them."""

from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.ledger import vault
from gongkai.ledger.models import Event
from gongkai.ledger.services import lines
from gongkai.papers import docx, pdf
from gongkai.papers.compose import FactsMissing
from gongkai.typeset.fonts import FontsMissing
from gongkai.typeset.press import TypesetError

from . import services
from .models import Request
from .papers import DECISION, Issued, issued

#: Papers addressed to the applicant, by the first part of their address.
TO_APPLICANT = frozenset(
    {"receipt", "clarification", "reasons", "extension", "delay", "consultation-notice", "fee-notice", DECISION}
)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS = {"pdf": "application/pdf", "docx": _WORD}


@dataclass(frozen=True)
class File:
    """A paper as a file."""

    name: str
    kind: str
    content: bytes


def _concerns(one: Issued, past: Sequence[Event]) -> bool:
    """A decision is the applicant's once it is served; a draft never is."""
    paper = one.slug.rsplit("-", 1)[0]
    if paper not in TO_APPLICANT or one.event.kind == "draft":
        return False
    if one.event.kind == "sign":
        return any(e.kind == "serve" and e.seq > one.event.seq for e in past)
    return True


def of(row: Request) -> list[Issued]:
    """The papers of a request its applicant may have, oldest first."""
    past = lines(services.KIND, row.key)
    found = [one for one in issued(past) if _concerns(one, past)]
    receipts = [one for one in found if one.slug.startswith("receipt-")]
    return [one for one in found if one not in receipts[:-1]]  # a receipt given anew replaces the one before


def file(row: Request, slug: str, name: str) -> File | None:
    """One of them as a file; None where there is no such paper or it cannot be made. Falls back to Word without fonts."""
    found = next((one for one in of(row) if one.slug == slug), None)
    if found is None or name not in FORMATS:
        return None
    try:
        paper = found.paper(row.body, vault.peek)
    except FactsMissing:
        return None
    title = f"{row.number}{found.label}"
    if name == "pdf":
        try:
            return File(f"{title}.pdf", FORMATS["pdf"], pdf.write(paper))
        except (FontsMissing, TypesetError):
            name = "docx"
    return File(f"{title}.docx", FORMATS[name], docx.write(paper))
