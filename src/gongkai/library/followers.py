"""What the library does when a record changes: it notes which, and the catalogue takes it from there.

The follower writes one row and nothing else, so that the command that published does not wait for parsing and
indexing; the worker looks at these rows twice a second (:func:`.indexing.drain`).
"""

from gongkai.ledger.followers import follow
from gongkai.ledger.models import Event

from .models import Waiting

#: The kinds of subject whose projections put records on the shelf.
KINDS = ("record", "norm", "cleanup", "disclosure")


@follow("library.catalogue", *KINDS)
def note(event: Event) -> None:
    """The record of this subject is to be read again."""
    Waiting.objects.create(record=event.subject)
