"""How replayed words become rows; makes their kind known to the ledger."""

from gongkai.ledger.subjects import Subject, register

from . import events, models
from .procedure import WORD


def project_word(key: str, word: events.Word) -> None:
    """Write the row of a word."""
    row = {"body_id": word.body, "kind": word.kind, "state": word.state, "term": word.term, "means": word.means}
    models.Word.objects.update_or_create(key=key, defaults=row)


WORDS = register(
    Subject("search_word", "搜索用词", WORD, events.Word(), events.step, project_word, (models.Word,))
)  # fmt: skip
