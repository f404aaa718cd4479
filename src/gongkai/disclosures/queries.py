"""Questions about the disclosure log and the Art 44 proposals."""

from django.db.models import QuerySet

from gongkai.organs.scope import Scope
from gongkai.records.models import Record

from .models import Item, Proposal
from .procedure import ITEM
from .projection import RECORD_KIND

RIGHT = "disclosures.view"
#: States in which the body still owes something.
ITEMS_IN_HAND = ("proposed", "returned", "reviewed", "amending", "amended")
PROPOSALS_IN_HAND = ("raised", "accepted")


def visible_items(scope: Scope) -> QuerySet[Item]:
    """The items a person may see."""
    return scope.limit(Item.objects.select_related("body"), RIGHT)


def visible_proposals(scope: Scope) -> QuerySet[Proposal]:
    """The proposals a person may see."""
    return scope.limit(Proposal.objects.select_related("body"), RIGHT)


def standing_item(request: str) -> Item | None:
    """The item made of a request, unless it was dropped or withdrawn."""
    return Item.objects.filter(request=request).exclude(state__in=("dropped", "withdrawn")).first()


def standing_proposal(request: str) -> Proposal | None:
    """The newest proposal that rests on a request."""
    return Proposal.objects.filter(bases__request=request).order_by("-raised_on", "-key").first()


def published() -> QuerySet[Record]:
    """What the public reads: every published item, newest first."""
    rows = Record.objects.filter(public=True, kind=RECORD_KIND, subject_kind=ITEM.name)
    return rows.select_related("body").order_by("-published_on", "-key")
