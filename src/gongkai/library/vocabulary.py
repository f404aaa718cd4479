"""The words staff keep, as the search takes them; and the queries that found nothing."""

import logging
import re

from django.db import OperationalError, transaction
from django.db.models import F

from gongkai.ledger import clock
from gongkai.ledger.memo import as_of_now
from gongkai.organs.models import Body
from gongkai.search import Vocabulary
from gongkai.search.fold import fold

from .models import Missed, Word
from .procedure import SHORT_NAME, SYNONYM

log = logging.getLogger("gongkai.library")
_BETWEEN = re.compile(r"[、，,；;\s]+")
LONGEST_MISSED = 100
#: A query with so many digits in a row may hold a number of a person: it is not remembered.
_PERSONAL = re.compile(r"\d{7,}|[\w.]+@[\w.]+")


def current() -> Vocabulary:
    """The vocabulary as it stands now."""
    return as_of_now("vocabulary", _current)


def _current() -> Vocabulary:
    words = list(Word.objects.filter(state="active"))
    groups = [[word.term, *filter(None, _BETWEEN.split(word.means))] for word in words if word.kind == SYNONYM]
    short: dict[str, list[str]] = {}
    for body in Body.objects.exclude(short_name="").exclude(short_name=F("name")):
        short.setdefault(body.short_name, []).append(body.name)
    for word in words:
        if word.kind == SHORT_NAME:
            short.setdefault(word.term, []).append(word.means)
    return Vocabulary(groups, short)


def missed(query: str) -> None:
    """Count a query that found nothing: folded words and the day, nothing of who asked.

    Where the database cannot be written now the query goes uncounted: nobody is refused an answer for a statistic.
    """
    words = " ".join(fold(query).split())[:LONGEST_MISSED]
    if not words or _PERSONAL.search(words):
        return
    today = clock.today()
    try:
        with transaction.atomic():
            if not Missed.objects.filter(pk=words).update(count=F("count") + 1, last_on=today):
                Missed.objects.bulk_create([Missed(query=words, last_on=today)], ignore_conflicts=True)
    except OperationalError:
        log.warning("a query that found nothing was not counted")
