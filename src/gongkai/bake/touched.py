"""What changed, noted in the transaction that changed it: a crash neither loses nor invents a change."""

from gongkai.ledger.bulk import insert

from .models import Touched

#: To touch this is to have every page baked anew, as after an upgrade.
EVERYTHING = "everything"


def touch(*keys: str) -> None:
    """Every page that reads one of these keys is to be baked anew. Call it in the transaction of the change."""
    insert(Touched, [{"key": key} for key in dict.fromkeys(keys)])
