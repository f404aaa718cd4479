"""Pauses that grow: after some failures an account, and an address, has to wait, longer each time.

An attempt is charged before it is checked and given back when it was right, so that any number of attempts at once
get no more tries than one after the other. Kept in the database: every worker sees the same count. An account that
does not exist pauses exactly like one that does.
"""

import hashlib
import hmac
import ipaddress
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from gongkai.ledger.clock import SHANGHAI

from . import moment
from .models import Throttle


@dataclass(frozen=True)
class Limit:
    """``free`` failures cost nothing; then each doubles the pause, from ``first`` up to ``longest`` seconds."""

    free: int
    first: int = 60
    longest: int = 24 * 3600

    def pause(self, failures: int) -> timedelta | None:
        """How long to wait after so many failures in a row."""
        if failures < self.free:
            return None
        return timedelta(seconds=min(self.first * 2 ** min(failures - self.free, 20), self.longest))


#: Many officers share the address of their building: it gets more tries, and shorter pauses.
LIMITS = {"account": Limit(5), "factor": Limit(5), "address": Limit(30, longest=3600)}
#: Failures this long ago no longer count.
FORGET = timedelta(days=1)

#: What is counted: a kind of :data:`LIMITS` and a name.
Key = tuple[str, str]


class Paused(Exception):
    """Too many failures; ``until`` says when to try again, the message (Chinese) too."""

    def __init__(self, until: datetime):
        self.until = until
        minutes = max(1, -(-int((until - moment.now()).total_seconds()) // 60))
        local = until.astimezone(SHANGHAI)
        super().__init__(
            f"登录失败次数过多，为保护账号已暂停登录，请于{local.month}月{local.day}日 {local:%H:%M:%S} 以后"
            f"（约 {minutes} 分钟）再试；急需使用的，请联系本机关管理员解除"
        )


@transaction.atomic
def charge(*keys: Key) -> None:
    """Count an attempt for each key. Raises :class:`Paused`, and counts nothing, while one of them has to wait."""
    now = moment.now()
    rows = [(kind, _row(kind, name, now)) for kind, name in sorted(keys)]
    waits = [row.until for _, row in rows if row.until and row.until > now]
    if waits:
        raise Paused(max(waits))
    for kind, row in rows:
        forgotten = now - max(row.last_at, row.until or row.last_at) > FORGET
        row.failures = 1 if forgotten else row.failures + 1
        pause = LIMITS[kind].pause(row.failures)
        row.last_at, row.until = now, now + pause if pause else None
        row.save()


@transaction.atomic
def give_back(*keys: Key) -> None:
    """The attempt was right: an account starts anew, an address is given this one attempt back."""
    now = moment.now()
    for kind, name in sorted(keys):
        if kind != "address":
            Throttle.objects.filter(key=_digest(kind, name)).delete()
            continue
        row = _row(kind, name, now)
        row.failures, row.until = max(0, row.failures - 1), None
        row.save()


def paused_until(kind: str, name: str) -> datetime | None:
    """Until when this one has to wait, if it does."""
    row = Throttle.objects.filter(key=_digest(kind, name), until__gt=moment.now()).first()
    return row.until if row else None


def release(username: str) -> None:
    """An administrator opens an account again."""
    Throttle.objects.filter(key__in=[_digest("account", username), _digest("factor", username)]).delete()


def forget() -> int:
    """Drop the counts that no longer count (daily); returns how many."""
    old = moment.now() - FORGET - timedelta(days=1)
    return Throttle.objects.filter(last_at__lt=old).delete()[0]


def address_of(request: HttpRequest) -> str:
    """The address a request comes from.

    Behind ``TRUSTED_PROXIES`` proxies it is that many places from the right in X-Forwarded-For; what a client wrote
    further left is not believed.
    """
    hops: int = settings.TRUSTED_PROXIES
    chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    found = chain[-hops] if hops and len(chain) >= hops else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(found))
    except ValueError:
        return ""


def _row(kind: str, name: str, now: datetime) -> Throttle:
    Throttle.objects.get_or_create(key=_digest(kind, name), defaults={"last_at": now})
    return Throttle.objects.select_for_update().get(key=_digest(kind, name))


def _digest(kind: str, name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    if kind == "address" and ":" in plain:  # one line of a provider has a whole /64
        plain = str(ipaddress.ip_network(f"{plain}/64", strict=False))
    return hmac.new(settings.SECRET_KEY.encode(), f"{kind}:{plain}".encode(), hashlib.sha256).hexdigest()
