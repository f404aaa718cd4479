"""What the library does when a record changes: it notes which, and the catalogue takes it from there.

The follower writes one row for each line and nothing else, so that the command that published does not wait for parsing and
indexing; the worker looks at these rows twice a second (:func:`.indexing.drain`).
"""

from collections.abc import Sequence

from gongkai.ledger.bulk import insert
from gongkai.ledger.followers import follow_columns

from .models import Waiting

#: The kinds of subject whose projections put records on the shelf.
KINDS = ("record", "norm", "cleanup", "disclosure")


@follow_columns("library.catalogue", *KINDS, label="文件库编目和检索")
def note(subjects: Sequence[str]) -> None:
    """The records of these subjects are to be read again."""
    insert(Waiting, [{"record": key} for key in subjects])
