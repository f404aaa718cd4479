"""What the library does when a record changes: it notes which, and the catalogue takes it from there.

The follower writes one row for each line and nothing else, so that the command that published does not wait for parsing and
indexing; the worker looks at these rows twice a second (:func:`.indexing.drain`).
"""

from collections.abc import Sequence

from gongkai.ledger.bulk import insert
from gongkai.ledger.followers import follow_many
from gongkai.ledger.models import Event

from .models import Waiting

#: The kinds of subject whose projections put records on the shelf.
KINDS = ("record", "norm", "cleanup", "disclosure")


@follow_many("library.catalogue", *KINDS)
def note(lines: Sequence[Event]) -> None:
    """The records of these subjects are to be read again."""
    insert(Waiting, [{"record": line.subject} for line in lines])
