"""What other apps offer the public: entries and numbers for front pages and site maps. Only what exists is linked."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest

from gongkai.ui.context import address
from gongkai.ui.discover import offered
from gongkai.ui.pieces import Entry, Fact


@dataclass(frozen=True)
class Link:
    """An entry that exists."""

    title: str
    url: str
    text: str = ""


def links(entries: Iterable[Entry]) -> list[Link]:
    """Those entries whose pages are installed, each address once."""
    found: dict[str, Link] = {}
    for entry in entries:
        if url := address(entry.name, *entry.args):
            found.setdefault(url, Link(entry.title, url, entry.text))
    return list(found.values())


def entries() -> list[Entry]:
    """Every entry the installed apps offer (``entries`` in their ``pages.py``)."""
    return [entry for _, pages in offered("pages") for entry in getattr(pages, "entries", ())]


def facts(request: HttpRequest) -> list[Fact]:
    """The row of numbers (``facts`` in their ``pages.py``)."""
    return [fact for _, pages in offered("pages") for make in getattr(pages, "facts", ()) for fact in make(request)]
