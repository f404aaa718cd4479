"""What is disclosed in part: the documents of a case, their redacted editions, and which one went out.

An edition's line carries the copy's hash and what was withheld on which pages under which article, never the removed
text: that lies sealed with the original (:mod:`.redactions`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gongkai.ledger.models import Event

if TYPE_CHECKING:
    from .events import Case


@dataclass(frozen=True)
class Edition:
    """A redacted copy that passed the check. ``removals`` say article, reason, places and pages (from 1)."""

    number: int
    reference: str
    sha256: str
    pages: int
    size: int
    removals: tuple[Mapping[str, Any], ...]
    by: str


@dataclass(frozen=True)
class Material:
    """A document to be disclosed in part. ``released`` is the number of the edition that may go out, 0 for none."""

    number: int
    title: str
    reference: str
    round: int
    editions: tuple[Edition, ...] = ()
    released: int = 0
    withdrawn: bool = False

    @property
    def latest(self) -> Edition | None:
        """The newest edition."""
        return self.editions[-1] if self.editions else None

    @property
    def awaits_release(self) -> bool:
        """Whether its newest edition has not been let go."""
        return not self.withdrawn and self.latest is not None and self.latest.number != self.released

    @property
    def out(self) -> Edition | None:
        """The edition that was let go."""
        return next((one for one in self.editions if one.number == self.released and not self.withdrawn), None)


def at_hand(case: "Case") -> list[Material]:
    """The documents of the present round, those taken back left out."""
    return [one for one in case.materials if one.round == case.rounds and not one.withdrawn]


def find(case: "Case", number: int) -> Material | None:
    """A document of the present round by its number."""
    return next((one for one in at_hand(case) if one.number == number), None)


def withheld(case: "Case") -> str:
    """What the copies let go leave out, document by document, as a decision letter says it; empty where there is none."""
    told = [(one.title, one.out) for one in at_hand(case)]
    return "\n".join(f"《{title}》：{_places(edition.removals)}" for title, edition in told if edition)


def _places(removals: tuple[Mapping[str, Any], ...]) -> str:
    return "；".join(
        f"第{'、'.join(map(str, one['pages']))}页共{one['places']}处，{one['reason']}（{one['article']}）"
        for one in removals
    )


# What each event does.


def _changed(case: "Case", number: Any, change: Callable[[Material], Material]) -> "Case":
    return replace(case, materials=tuple(change(one) if one.number == number else one for one in case.materials))


def store(case: "Case", e: Event) -> "Case":
    """A document comes in."""
    reference = e.data.get("original", {}).get("ref", "")
    made = Material(len(case.materials) + 1, e.data["title"], reference, case.rounds)
    return replace(case, materials=(*case.materials, made))


def withdraw(case: "Case", e: Event) -> "Case":
    """A document is taken back: nothing of it goes out."""
    return _changed(case, e.data["material"], lambda one: replace(one, withdrawn=True))


def edit(case: "Case", e: Event) -> "Case":
    """A new edition; what was let go before no longer is."""
    copy = e.data.get("copy", {})

    def add(one: Material) -> Material:
        made = Edition(
            len(one.editions) + 1,
            copy.get("ref", ""),
            copy.get("sha256", ""),
            copy.get("pages", 0),
            copy.get("size", 0),
            tuple(e.data.get("removals", ())),
            e.actor,
        )
        return replace(one, editions=(*one.editions, made), released=0)

    return _changed(case, e.data["material"], add)


def release(case: "Case", e: Event) -> "Case":
    """The newest edition may go out with the decision."""
    return _changed(case, e.data["material"], lambda one: replace(one, released=len(one.editions)))


EFFECTS: dict[str, Callable[["Case", Event], "Case"]] = {
    "store_material": store,
    "withdraw_material": withdraw,
    "redact": edit,
    "release_copy": release,
}


def references(event: Event) -> list[str]:
    """The files an event names: what people attached, originals, copies."""
    told = [*event.data.get("attachments", ()), event.data.get("original"), event.data.get("copy")]
    return [one["ref"] for one in told if one and one.get("ref")]
