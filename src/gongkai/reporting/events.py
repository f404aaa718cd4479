"""An annual report replayed from its lines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from gongkai.ledger.models import Event
from gongkai.ledger.subjects import stepping
from gongkai.procedure import NEW

from .procedure import PROCEDURE


@dataclass(frozen=True)
class Case:
    """A report as its lines make it.

    ``figures``, ``narrative`` and ``content`` are hashes of blobs (:mod:`.content`); ``content`` is the hash of the
    frozen report itself. ``files`` are the frozen renderings, format → hash. ``hands`` are all who compiled or edited
    it: none of them may review or sign it.
    """

    state: str = NEW
    body: str = ""
    year: int = 0
    as_of: date | None = None
    known_at: datetime | None = None
    figures: str = ""
    narrative: str = ""
    hands: frozenset[str] = frozenset()
    compiled_on: date | None = None
    reviewed_by: str = ""
    frozen_on: date | None = None
    publish_on: date | None = None
    published_on: date | None = None
    content: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    pdf_missing: str = ""


def _counted(case: Case, e: Event) -> Case:
    data: dict[str, Any] = e.data
    return replace(
        case,
        as_of=date.fromisoformat(data["as_of"]),
        known_at=datetime.fromisoformat(data["known_at"]),
        figures=data["figures"],
        compiled_on=e.legal_day,
        hands=case.hands | {e.actor},
    )


def _compile(case: Case, e: Event) -> Case:
    return _counted(replace(case, body=e.data["body"], year=e.data["year"], narrative=e.data["narrative"]), e)


def _freeze(case: Case, e: Event) -> Case:
    return replace(
        case,
        frozen_on=e.legal_day,
        publish_on=date.fromisoformat(e.data["publish_on"]),
        content=e.data["content"],
        files=e.data["files"],
        pdf_missing=e.data.get("pdf_missing", ""),
    )


EFFECTS: dict[str, Callable[[Case, Event], Case]] = {
    "compile": _compile,
    "recompile": _counted,
    "edit": lambda case, e: replace(case, narrative=e.data["narrative"], hands=case.hands | {e.actor}),
    "review": lambda case, e: replace(case, reviewed_by=e.actor),
    "send_back": lambda case, e: replace(case, reviewed_by=""),
    "freeze": _freeze,
    "add_pdf": lambda case, e: replace(case, files={**case.files, "pdf": e.data["pdf"]}, pdf_missing=""),
    "publish": lambda case, e: replace(case, published_on=e.legal_day),
}


#: Replay one line.
step = stepping(PROCEDURE, EFFECTS)
