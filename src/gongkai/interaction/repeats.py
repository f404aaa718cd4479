"""Questions that look alike: shown to officers, never merged by the house. The marks are those of requests.

Their own name space keeps questions and requests of one person apart: nothing is linked across the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gongkai.requests import similar

from .models import Message

SHOWN = 6


@dataclass(frozen=True)
class Hint:
    """A message like the one at hand: of the same sender, with the same text, with a heading this alike (0 to 1)."""

    row: Message
    same_sender: bool
    same_text: bool
    likeness: float

    @property
    def words(self) -> str:
        """What is alike, in words."""
        who = "同一电话" if self.same_sender else "其他人"
        what = (
            "内容相同"
            if self.same_text
            else f"主题相近（{self.likeness:.0%}）"
            if self.likeness >= similar.REPEATED
            else ""
        )
        return "，".join(filter(None, (who, what or "主题不同")))


def _space(body: str) -> str:
    return f"message/{body}"


def remember(subject: str, body: str, data: Mapping[str, Any]) -> None:
    """Keep the marks of a message just sent; in the transaction that sends it."""
    similar.remember(subject, _space(body), data)


def forget(subject: str) -> None:
    """Its marks are erased with the sender's data."""
    similar.forget(subject)


def hints(body: str, title: str, personal: Mapping[str, Any], but: str) -> list[Hint]:
    """Messages to ``body`` that look like this one, the likeliest first; at most :data:`SHOWN`."""
    seen = similar.found(similar.marks(_space(body), title, personal), but)
    persons, texts = seen[similar.PHONE], seen[similar.TEXT]
    rows = Message.objects.filter(key__in=persons | texts | seen[similar.BAND]).exclude(state="refused")
    made = [Hint(row, row.key in persons, row.key in texts, similar.likeness(title, row.title)) for row in rows]
    telling = [hint for hint in made if hint.same_sender or hint.same_text or hint.likeness >= similar.REPEATED]
    return sorted(telling, key=lambda one: (one.same_text, one.likeness, one.row.key), reverse=True)[:SHOWN]
