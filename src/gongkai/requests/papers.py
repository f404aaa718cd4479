"""The papers of a request: which follow from which event, and the facts each states.

A paper is made when somebody opens it, from the ledger's lines up to its event, the vault and the templates recorded
with the event: the same paper is the same again, whatever happened since.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gongkai.ledger.models import Event
from gongkai.organs.models import Body
from gongkai.papers.compose import Paper, compose
from gongkai.papers.facts import PERSONAL
from gongkai.papers.library import decision_of
from gongkai.papers.template import Template

from . import editions
from .events import Case, step
from .paper_facts import Opener, facts_of


def _always(case: Case, event: Event) -> bool:
    return True


def _asked(*whom: str) -> Callable[[Case, Event], bool]:
    return lambda case, event: event.data["whom"] in whom


def _third_party_told(case: Case, event: Event) -> bool:
    return case.draft is not None and case.draft.leaf in {"3.1", "3.2"} and "third_party" in case.consulted


def _transferred(case: Case, event: Event) -> bool:
    return case.draft is not None and bool(case.draft.transferred_to)


#: The decision letter: which template it is depends on the leaf.
DECISION = "decision"
#: Each third party is told of a decision to disclose (Art 32).
THIRD_PARTY_TOLD = "third-party-decision"
#: Event → the papers that follow from it, each with the condition.
ISSUED: dict[str, tuple[tuple[str, Callable[[Case, Event], bool]], ...]] = {
    "register": (("register-form", _always), ("receipt", _always)),
    "submit": (("register-form", _always), ("receipt", _always)),
    "confirm": (("receipt", _always),),
    "request_clarification": (("clarification", _always),),
    "ask_reasons": (("reasons", _always),),
    "extend": (("extension", _always),),
    "delay": (("delay", _always),),
    "consult": (
        ("consultation-third-party", _asked("third_party")),
        ("consultation-slip", _asked("third_party")),
        ("consultation-joint-maker", _asked("joint_maker")),
        ("assistance", _asked("agency")),
        ("consultation-notice", _always),
    ),
    "notice_fee": (("fee-notice", _always),),
    "draft": ((DECISION, _always),),
    "sign": (
        (DECISION, _always),
        (THIRD_PARTY_TOLD, _third_party_told),
        ("transfer", _transferred),
        ("service-receipt", _always),
    ),
    "serve": (("service-receipt", _always),),
    "lapse_unclarified": ((DECISION, _always),),
    "lapse_unpaid": ((DECISION, _always),),
    "withdraw": ((DECISION, _always),),
}


@dataclass(frozen=True)
class Issued:
    """A paper a case has: its address (``receipt-1``), the event it follows from, and the case before and after it.

    ``party`` is the number of the party it is addressed to, where one event leads to a letter for each.
    """

    slug: str
    template: Template
    event: Event
    before: Case
    case: Case
    past: tuple[Event, ...]
    party: int = 0

    @property
    def label(self) -> str:
        """What lists call it."""
        filled = {"draft": "（拟稿）", "serve": "（已填写）"}.get(self.event.kind, "")
        return self.template.name + filled

    @property
    def personal(self) -> bool:
        """Whether it names a person, or opens their case."""
        return bool(self.template.placeholders & PERSONAL)

    def paper(self, body: Body, opened: Opener) -> Paper:
        """The paper; ``opened`` reads an entry of the vault (masked, or in full and logged).

        Raises ``papers.compose.FactsMissing`` where the case lacks something the paper must state.
        """
        return compose(self.template, facts_of(self, body, opened))


def _template_id(paper: str, case: Case) -> str:
    if paper != DECISION:
        return paper
    return decision_of((case.draft.leaf if case.draft else case.leaf) or "3.6.3")


def _addressed(paper: str, case: Case) -> list[int]:
    """The parties a paper goes to, each its own; ``[0]`` for a paper there is one of."""
    if paper != THIRD_PARTY_TOLD:
        return [0]
    return [number for number, party in enumerate(case.parties, 1) if party.whom == "third_party"]


def issued(past: Sequence[Event]) -> list[Issued]:
    """Every paper of a case, oldest first. A draft is one only until it is signed, sent back or drafted again."""
    found: list[Issued] = []
    case = Case()
    for number, event in enumerate(past, 1):
        before, case = case, step(case, event)
        papers = [paper for paper, applies in ISSUED.get(event.kind, ()) if applies(case, event)]
        if not papers:
            continue
        shelf = editions.of(event)
        for paper in papers:
            template = shelf.find(_template_id(paper, case), event.legal_day)
            for party in _addressed(paper, case):
                slug = f"{paper}-{event.seq}" + (f"-{party}" if party else "")
                found.append(Issued(slug, template, event, before, case, tuple(past[:number]), party))
    return [one for one in found if one.event.kind != "draft" or (one.case.draft is case.draft and _on_the_table(case))]


def _on_the_table(case: Case) -> bool:
    return case.state in {"drafted", "reviewed"}


def find(past: Sequence[Event], slug: str) -> Issued | None:
    """The paper of an address."""
    return next((one for one in issued(past) if one.slug == slug), None)


__all__ = ["DECISION", "ISSUED", "Issued", "find", "issued"]
