"""What a message says when it leaves: its own words, or those an app makes for it at that moment.

An app whose messages must not lie written in the outbox registers a writer for its recipients (:func:`writes`). The
writer looks at what is true then; where there is nothing to say any more the message is dropped.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .models import Message


@dataclass(frozen=True)
class Letter:
    """Subject line, text, and headers of the mail besides those of every mail."""

    title: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


Writer = Callable[[Message], Letter | None]
_WRITERS: dict[str, Writer] = {}


def writes(prefix: str) -> Callable[[Writer], Writer]:
    """Decorator: the writer of every message whose recipient begins so."""

    def add(writer: Writer) -> Writer:
        _WRITERS[prefix] = writer
        return writer

    return add


def letter_of(message: Message) -> Letter | None:
    """The letter of a message as of now; None where there is nothing to tell any more."""
    for prefix, writer in _WRITERS.items():
        if message.recipient.startswith(prefix):
            return writer(message)
    return Letter(message.title, message.text)
