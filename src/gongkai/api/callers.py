"""Who calls: a machine with a token, or, where the installation allows it, anybody."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest

from gongkai.identity import moment, rates, throttle

from .models import Token
from .procedure import SCOPES
from .refusals import Refusal
from .services import digest

_FIELD = "Authorization"
#: How exact ``last_used_at`` is: not every call writes.
_EXACT = timedelta(minutes=1)


@dataclass(frozen=True)
class Caller:
    """``token`` is None for the public. ``key`` keeps the idempotency keys of different callers apart."""

    address: str
    token: Token | None = None

    @property
    def key(self) -> str:
        """The caller's name in idempotency keys."""
        return f"api/{self.token.pk if self.token else 'public'}"

    def count(self) -> None:
        """Count a submission. Raises ``rates.TooMany``."""
        if self.token:
            rates.count("token", str(self.token.pk), settings.API_TOKEN_INTAKE_PER_MINUTE)
        else:
            rates.count("address", self.address, settings.API_INTAKE_PER_MINUTE)

    def may(self, scope: str) -> bool:
        """Whether a token of this scope was shown."""
        return self.token is not None and scope in self.token.scopes


def caller(request: HttpRequest) -> Caller:
    """Who calls. Raises :class:`Refusal` 401 for a token that is none of ours, has expired or was revoked."""
    address = throttle.address_of(request)
    header = request.headers.get("Authorization", "")
    if not header:
        return Caller(address)
    scheme, _, plain = header.partition(" ")
    now = moment.now()
    token = Token.objects.filter(digest=digest(plain.strip()), revoked_at=None, expires_at__gt=now).first()
    if scheme.lower() != "bearer" or token is None:
        raise _unknown("令牌无效、已过期或者已撤销，请向管理员申请新的令牌")
    old = Q(last_used_at=None) | Q(last_used_at__lt=now - _EXACT)
    if token.last_used_at is None or token.last_used_at < now - _EXACT:
        Token.objects.filter(old, pk=token.pk).update(last_used_at=now)
    return Caller(address, token)


def may_submit(request: HttpRequest) -> Caller:
    """Who hands in a request. Raises :class:`Refusal` 401, 403, ``rates.TooMany``."""
    found = caller(request)
    if found.token is None and not settings.API_PUBLIC_INTAKE:
        raise _unknown("这里通过接口提交申请需要令牌：请在请求头 Authorization 中写 Bearer 和令牌")
    if found.token is not None and not found.may("intake"):
        raise Refusal(403, [(_FIELD, f"这个令牌的范围不含 intake（{SCOPES['intake']}）")])
    found.count()
    return found


def _unknown(message: str) -> Refusal:
    return Refusal(401, [(_FIELD, message)], WWW_Authenticate="Bearer")
