"""Which templates a paper was made with. An event that leads to a paper carries the hash of the templates of its day."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from gongkai.ledger import blobs
from gongkai.ledger.models import Event
from gongkai.papers.library import Library, library, unpack

#: Events that lead to papers; :mod:`.papers` says which.
PAPER_EVENTS = frozenset({
    "register", "submit", "confirm", "request_clarification", "ask_reasons", "extend", "delay", "consult", "notice_fee",
    "draft", "sign", "serve", "lapse_unclarified", "lapse_unpaid", "withdraw",
})  # fmt: skip


def present() -> Library:
    """The templates of this installation: the built-in ones and those in ``HOME/papers``."""
    return library(Path(settings.HOME) / "papers")


def record(event: str) -> dict[str, str]:
    """What an event carries of its templates: ``template``, the hash they are kept under; nothing where none is used."""
    return {"template": blobs.put(present().pack)} if event in PAPER_EVENTS else {}


def of(event: Event) -> Library:
    """The templates an event was made with; for an event that carries none, the present ones.

    Raises ``ledger.blobs.Damaged``.
    """
    digest = event.data.get("template", "")
    return _kept(digest) if digest else present()


@lru_cache(maxsize=64)
def _kept(digest: str) -> Library:
    return unpack(blobs.get(digest))
