"""What the columns do when a record changes: they note which, and :mod:`.filling` takes it from there."""

from collections.abc import Sequence

from gongkai.ledger.bulk import insert
from gongkai.ledger.followers import follow_columns

from .models import Pending

#: The kinds of subject whose projections put records on the shelf of the library.
KINDS = ("record", "norm", "cleanup", "disclosure")


@follow_columns("sites.columns", *KINDS, label="网站栏目更新")
def note(subjects: Sequence[str]) -> None:
    """The places of these records in the columns are to be looked at again."""
    insert(Pending, [{"what": "record", "key": key} for key in subjects])
