"""What follows from the lines of requests: Art 44 proposals are raised and grow; what retention ends is forgotten."""

from datetime import date

from gongkai.ledger import clock
from gongkai.ledger.followers import follow
from gongkai.ledger.models import Event
from gongkai.ledger.services import replay
from gongkai.requests.models import Request

from . import art44, services
from .models import Basis, Proposal
from .procedure import PROPOSAL
from .queries import PROPOSALS_IN_HAND

#: Lines after which a request may make a group complete: received, or decided so that it can be disclosed after all.
TELLING = {"register", "confirm", "sign"}


@follow("disclosures.art44", "request", label="提出转为主动公开的建议（第四十四条）", at_once=False)
def propose(event: Event) -> None:
    """Group a request with those for the same thing: into the proposal that stands, else into a new one if due."""
    if event.kind not in TELLING or Basis.objects.filter(request=event.subject).exists():
        return
    row = Request.objects.filter(key=event.subject).first()
    if row is None or row.state == "void" or row.leaf not in art44.OPEN:
        return
    group = art44.alike(row)
    day, key = clock.day_of(event.recorded_at), f"art44/{event.subject}/{event.seq}"
    known = dict(Basis.objects.filter(request__in=[one.key for one in group]).values_list("request", "proposal"))
    standing = Proposal.objects.filter(pk__in=known.values(), state__in=PROPOSALS_IN_HAND).order_by("-key").first()
    if standing:
        services.grow(standing.key, row.key, _not_before(standing.key, day), key)
        return
    fresh = [one for one in group if one.key not in known]
    if art44.enough(fresh):
        services.raise_proposal(row.body_id, fresh[0].title, [one.key for one in fresh], day, key)


def _not_before(proposal: str, day: date) -> date:
    """The day, or that of the proposal's last line when the follower comes late."""
    return max(day, replay(PROPOSAL.name, proposal).on)


@follow("disclosures.retention", "request", label="申请归档到期后清理建议和封存件", at_once=False)
def forget(event: Event) -> None:
    """When a case's personal data is erased, the suggestion of its applicant goes too, and sealed copies."""
    if event.kind == "approve_erasure":
        services.forget(event.subject)
