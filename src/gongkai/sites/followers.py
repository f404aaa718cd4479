"""What the columns do when a record changes: they note which, and :mod:`.filling` takes it from there."""

from collections.abc import Sequence

from gongkai.ledger.bulk import insert
from gongkai.ledger.followers import follow_many
from gongkai.ledger.models import Event

from .models import Pending

#: The kinds of subject whose projections put records on the shelf of the library.
KINDS = ("record", "norm", "cleanup", "disclosure")


@follow_many("sites.columns", *KINDS)
def note(lines: Sequence[Event]) -> None:
    """The places of these records in the columns are to be looked at again."""
    insert(Pending, [{"what": "record", "key": line.subject} for line in lines])
