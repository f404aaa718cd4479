"""The texts of a norm: stored by their hash, amended by data; the text in force on a day, and what a change changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from gongkai.ledger import blobs
from gongkai.procedure import Invalid
from gongkai.text.diff import Difference, differences
from gongkai.text.provisions import Provision
from gongkai.text.versions import Action, Amendment, CannotAmend, consolidate

from .events import Amended, Norm

_WORDS = ("text", "old", "new")


def store(text: str) -> str:
    """The SHA-256 of a text, stored; line ends are one sign. A text given by its hash already is left alone."""
    if len(text) == 64 and set(text) <= set("0123456789abcdef"):
        return text
    return blobs.put(text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").encode())


def load(digest: str) -> str:
    """The text of a hash; empty for none."""
    return blobs.get(digest).decode() if digest else ""


def as_data(amendments: Iterable[Amendment]) -> list[dict[str, Any]]:
    """Amendments as a line of the ledger keeps them; their day and decision are the line's own."""
    return [
        {"action": one.action.value, "target": {k: v for k, v in asdict(one.target).items() if v is not None}}
        | {name: getattr(one, name) for name in _WORDS if getattr(one, name)}
        | ({"renumber": True} if one.renumber else {})
        for one in amendments
    ]


def from_data(changes: Sequence[Mapping[str, Any]], since: date, by: str) -> list[Amendment]:
    """The reverse of :func:`as_data`. Raises ``Invalid`` for what is no amendment."""
    try:
        return [
            Amendment(
                Action(one["action"]), Provision(**one["target"]), since, by,
                *(str(one.get(name, "")) for name in _WORDS), bool(one.get("renumber")),
            )
            for one in changes
        ]  # fmt: skip
    except (KeyError, ValueError, TypeError) as error:
        raise Invalid([("", f"逐条修改的内容读不了：{error}")]) from error


def retell(first: str, amended: Sequence[Amended]) -> list[str]:
    """The hash of the text in force from each amendment on; empty where its words are not known.

    Amendments apply in the given order to the text ``first``. Raises ``Invalid`` where one does not fit.
    """
    found, text = [], load(first)
    for one in amended:
        if one.whole:
            text = load(one.whole)
        elif one.changes:
            if not text:
                raise Invalid([("", "还没有登记正文，无法逐条修改。请先登记正文，或者粘贴修改后的全文")])
            try:
                text = consolidate(text, from_data(one.changes, one.since, one.by), one.since)
            except CannotAmend as error:
                raise Invalid([("", str(error))]) from error
        found.append(store(text) if one.whole or one.changes else "")
    return found


def version_on(norm: Norm, day: date) -> tuple[date, str, str] | None:
    """The version in force on a day (since, hash, what made it), else the first one; None without a text."""
    versions = norm.versions
    return next((one for one in reversed(versions) if one[0] <= day), versions[0] if versions else None)


def compare(old: str, new: str) -> list[Difference]:
    """What changed between two texts given by their hashes, article by article."""
    return differences(load(old), load(new))
