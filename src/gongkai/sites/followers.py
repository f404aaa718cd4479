"""What the columns do when a record changes: they note which, and :mod:`.filling` takes it from there."""

from gongkai.ledger.followers import follow
from gongkai.ledger.models import Event

from .models import Pending

#: The kinds of subject whose projections put records on the shelf of the library.
KINDS = ("record", "norm", "cleanup", "disclosure")


@follow("sites.columns", *KINDS)
def note(event: Event) -> None:
    """The place of this record in the columns is to be looked at again."""
    Pending.objects.create(what="record", key=event.subject)
