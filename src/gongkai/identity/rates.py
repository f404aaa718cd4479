"""How often one caller may hand something in: so many in a minute, counted in the database for all workers together.

One mechanism for the public site and the API. What is counted is named (``web``, ``address``, ``token``) with the caller.
"""

import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.db import connection

from gongkai.ledger.clock import SHANGHAI

from . import moment
from .models import Rate


class TooMany(Exception):
    """The caller has to wait ``seconds``; the message (Chinese) says until when."""

    def __init__(self, seconds: int):
        self.seconds = seconds
        until = (moment.now() + timedelta(seconds=seconds)).astimezone(SHANGHAI)
        super().__init__(f"提交过于频繁，请 {seconds} 秒后（{until:%H:%M:%S} 以后）再试")


def count(kind: str, caller: str, allowed: int) -> None:
    """Count one call of this caller in this minute. Raises :class:`TooMany` beyond ``allowed``."""
    now = moment.now().timestamp()
    minute = int(now // 60)
    table = connection.ops.quote_name(Rate._meta.db_table)
    with connection.cursor() as cursor:  # one statement, so that no two calls at once count as one
        cursor.execute(
            f"INSERT INTO {table} AS rate (key, minute, count) VALUES (%s, %s, 1) "
            "ON CONFLICT (key) DO UPDATE SET minute = excluded.minute, "
            "count = CASE WHEN rate.minute = excluded.minute THEN rate.count + 1 ELSE 1 END RETURNING count",
            [_digest(kind, caller), minute],
        )
        calls: int = cursor.fetchone()[0]
    if calls > allowed:
        raise TooMany(max(1, int((minute + 1) * 60 - now) + 1))


def forget() -> int:
    """Drop the counts of past minutes (daily); returns how many."""
    return Rate.objects.filter(minute__lt=int(moment.now().timestamp() // 60)).delete()[0]


def _digest(kind: str, caller: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"rate:{kind}:{caller}".encode(), hashlib.sha256).hexdigest()
