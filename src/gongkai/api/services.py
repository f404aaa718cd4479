"""Commands on tokens: the only writers. Making and revoking leave a line in the token's ledger."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from gongkai.identity import moment
from gongkai.ledger import clock
from gongkai.ledger.services import Actor, act
from gongkai.procedure import Invalid, Refused

from .models import Token
from .procedure import SCOPES

KIND = "api_token"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
LONGEST_DAYS = 1100


def digest(plain: str) -> str:
    """What is kept of a token. It has 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(plain.encode()).hexdigest()


@transaction.atomic
def make(name: str, scopes: Iterable[str], by: Actor, days: int = 365) -> tuple[Token, str]:
    """A new token, good for so many days, and its plain text, which nothing can show again.

    Raises ``procedure.Invalid``, and ``procedure.Refused`` for a name that was used before.
    """
    wanted = sorted(set(scopes))
    errors = []
    if not _NAME.fullmatch(name):
        errors.append(("name", "名称由 2 至 40 个小写字母、数字和连字符组成，如 city-portal"))
    if not wanted or not set(wanted) <= set(SCOPES):
        errors.append(("scopes", f"范围须为下列各项之一或者多项：{'、'.join(SCOPES)}"))
    if not 1 <= days <= LONGEST_DAYS:
        errors.append(("days", f"有效期为 1 至 {LONGEST_DAYS} 天"))
    if errors:
        raise Invalid(errors)
    if Token.objects.filter(name=name).exists():
        raise Refused(f"名称“{name}”已经用过，请换一个名称（如加上年份）")
    plain = f"gk_{secrets.token_urlsafe(32)}"
    expires = moment.now() + timedelta(days=days)
    data = {"scopes": ",".join(wanted), "until": clock.day_of(expires).isoformat()}
    act(KIND, name, "make", by, data=data)
    token = Token.objects.create(
        name=name, digest=digest(plain), scopes=wanted, made_at=moment.now(), expires_at=expires
    )
    return token, plain


@transaction.atomic
def revoke(name: str, by: Actor) -> Token:
    """End a token at once, for every worker. Raises ``procedure.Refused`` where there is none, or no longer."""
    token = Token.objects.select_for_update().filter(name=name).first()
    if token is None:
        raise Refused(f"没有名称为“{name}”的令牌")
    act(KIND, name, "revoke", by)
    token.revoked_at = moment.now()
    token.save(update_fields=["revoked_at"])
    return token
