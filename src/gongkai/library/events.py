"""A word of the search replayed from its lines: pure."""

from dataclasses import dataclass, replace

from gongkai.ledger.models import Event
from gongkai.procedure import NEW


@dataclass(frozen=True)
class Word:
    """A word of the search as its lines make it."""

    state: str = NEW
    body: str = ""
    kind: str = ""
    term: str = ""
    means: str = ""


def step(word: Word, event: Event) -> Word:
    """The word after one more line."""
    match event.kind:
        case "add":
            data = {name: event.data.get(name, "") for name in ("body", "kind", "term", "means")}
            return Word("active", **data)
        case "change":
            return replace(word, means=event.data["means"])
        case "retire":
            return replace(word, state="retired")
        case "restore":
            return replace(word, state="active")
    raise ValueError(f"a word of the search knows no {event.kind}")
