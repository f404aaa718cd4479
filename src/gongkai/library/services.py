"""Commands of the library: the words of the search are its only subject."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from gongkai.ledger import clock
from gongkai.ledger.services import Actor, Done, act, next_number
from gongkai.organs.models import Body
from gongkai.procedure import Invalid

from .models import Word
from .procedure import SHORT_NAME

KIND = "search_word"


def add_word(
    body: Body, actor: Actor, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None
) -> Done:
    """Add a word; it counts in every search from now on. Raises ``procedure.Invalid``, ``procedure.Refused``."""
    on = day or clock.today()
    with transaction.atomic():
        subject = f"word-{next_number(KIND):05d}"
        done = act(KIND, subject, "add", actor, day=on, data=data, system_data={"body": body.key}, key=key)
        if done.repeated:
            transaction.set_rollback(True)  # gives the number back
        else:
            _is_new(subject, done.state)
        return done


def do_word(
    subject: str, event: str, actor: Actor, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None
) -> Done:
    """Change, retire or restore a word. Raises ``procedure.Invalid``, ``procedure.Refused``, ``Conflict``."""
    return act(KIND, subject, event, actor, day=day, data=data, key=key)


def _is_new(subject: str, word: Any) -> None:
    same = Word.objects.filter(kind=word.kind, term=word.term).exclude(pk=subject).first()
    if same:
        raise Invalid([("term", f"“{word.term}”已经登记为“{same.means}”，请在原有的词上修改")])
    if word.kind == SHORT_NAME and word.term == word.means:
        raise Invalid([("means", "全称与简称相同，请填写机关全称")])
