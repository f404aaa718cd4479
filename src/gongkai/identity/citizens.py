"""Citizens with a real name: what a provider vouched for, kept in their session and nowhere else, and sealed there."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest

from gongkai.ledger import vault

from . import oidc, services
from .models import Trace

KEY = "citizen"


@dataclass(frozen=True)
class Citizen:
    """Somebody who signed in with a real name. ``subject`` is the provider's own key for the person."""

    provider: str
    subject: str
    name: str
    id_number: str
    phone: str = ""

    id_type = "identity_card"


def citizen(request: HttpRequest) -> Citizen | None:
    """Who is at the other end, with a real name; None for everybody else."""
    sealed = request.session.get(KEY)
    values = vault.unseal(sealed) if sealed else None
    return Citizen(**values) if values else None


def sign_in(request: HttpRequest, chosen: oidc.Provider, claims: Mapping[str, Any]) -> Citizen:
    """Keep what the provider vouched for. Raises :class:`~.oidc.OidcRefused` without a name and a number."""
    found = Citizen(
        chosen.key,
        claims["sub"],
        chosen.claim("name", claims)[:60],
        chosen.claim("id_number", claims)[:40],
        chosen.claim("phone", claims)[:40],
    )
    if not found.name or not found.id_number:
        raise oidc.OidcRefused("no real name", f"{chosen.label}没有提供您的实名信息，请先在那里完成实名认证")
    request.session.cycle_key()
    request.session[KEY] = vault.seal(asdict(found))
    if not request.user.is_authenticated:
        services.mark(request)
    services.note(request, Trace.Kind.CITIZEN, "", chosen.key)
    return found


def sign_out(request: HttpRequest) -> None:
    """Forget the real name; an officer in the same browser stays signed in."""
    request.session.pop(KEY, None)
    request.session.cycle_key()
