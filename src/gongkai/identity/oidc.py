"""Signing in through a provider: OpenID Connect Core 1.0, authorization code flow with PKCE (RFC 7636).

Who may vouch is data (``OIDC_PROVIDERS``). What a provider says is believed only from a token it signed, for us, just
now, in answer to this very browser: signature, issuer, audience, expiry, nonce and state are all checked.
"""

import base64
import hashlib
import hmac
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from . import moment

#: Signatures with a private key only: with a shared secret anyone who knows the public key could sign.
ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
#: Seconds two clocks may differ; how long people may take at the provider; how old a token may be.
SKEW, PATIENCE, OLDEST = 60, 600, 600
TIMEOUT, LARGEST = 10, 1_000_000


class OidcRefused(Exception):
    """The provider's answer is not believed. The message (Chinese) is for people; ``detail`` for the log."""

    def __init__(self, detail: str, message: str = "统一身份认证没有通过，请重新登录；多次出现时请联系管理员"):
        self.detail = detail
        super().__init__(message)


@dataclass(frozen=True)
class Provider:
    """Somebody who vouches for people.

    ``audience``: ``staff`` or ``citizen``. ``claims`` maps what we need to the provider's names: staff ``person`` (the
    sign-in name), citizens ``name``, ``id_number``, ``phone``. ``second_factor``: the provider itself asks for two.
    """

    key: str
    label: str
    issuer: str
    client_id: str
    client_secret: str
    audience: str = "staff"
    scope: str = "openid profile"
    claims: Mapping[str, str] = field(default_factory=dict)
    secret_in_body: bool = False
    second_factor: bool = False

    def claim(self, name: str, claims: Mapping[str, Any]) -> str:
        """What the provider says under our name; empty when it says nothing."""
        standard = {"person": "preferred_username", "name": "name", "id_number": "id_number", "phone": "phone_number"}
        value = claims.get(self.claims.get(name, standard[name]))
        return value.strip() if isinstance(value, str) else ""


@dataclass(frozen=True)
class Ticket:
    """What a browser takes along to the provider, kept in its session: the answer must fit it."""

    provider: str
    state: str
    nonce: str
    verifier: str
    onward: str
    at: float


def providers(audience: str) -> list[Provider]:
    """The providers for staff, or for citizens. Raises TypeError for a setting nobody knows."""
    found = [Provider(**entry) for entry in settings.OIDC_PROVIDERS]
    return [one for one in found if one.audience == audience]


def provider(key: str, audience: str) -> Provider | None:
    """The provider of a key."""
    return next((one for one in providers(audience) if one.key == key), None)


def depart(chosen: Provider, back: str, onward: str) -> tuple[str, Ticket]:
    """The address to send the browser to, and the ticket to keep. Raises :class:`OidcRefused`."""
    ticket = Ticket(
        chosen.key,
        secrets.token_urlsafe(32),
        secrets.token_urlsafe(32),
        secrets.token_urlsafe(48),
        onward,
        moment.now().timestamp(),
    )
    digest = hashlib.sha256(ticket.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": chosen.client_id,
        "redirect_uri": back,
        "scope": chosen.scope,
        "state": ticket.state,
        "nonce": ticket.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    address = discover(chosen.issuer)["authorization_endpoint"]
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}", ticket


def arrive(chosen: Provider, ticket: Ticket | None, answer: Mapping[str, str], back: str) -> dict[str, Any]:
    """The claims of somebody who comes back. Raises :class:`OidcRefused`, and says why to the log."""
    if ticket is None or ticket.provider != chosen.key:
        raise OidcRefused("no ticket for this answer", "登录没有完成：请在同一浏览器中重新开始登录")
    if not hmac.compare_digest(ticket.state.encode(), answer.get("state", "").encode()):
        raise OidcRefused("state differs")
    if moment.now().timestamp() - ticket.at > PATIENCE:
        raise OidcRefused("ticket too old", "登录等待超过十分钟，请重新登录")
    if answer.get("iss", chosen.issuer) != chosen.issuer:  # RFC 9207
        raise OidcRefused("answer names another issuer")
    if "error" in answer or not answer.get("code"):
        raise OidcRefused(f"provider answered {answer.get('error', 'nothing')[:60]}", "统一身份认证已取消或未通过")
    token = _redeem(chosen, ticket, answer["code"], back).get("id_token")
    if not isinstance(token, str):
        raise OidcRefused("no id_token")
    return _believe(chosen, token, ticket.nonce)


def _redeem(chosen: Provider, ticket: Ticket, code: str, back: str) -> dict[str, Any]:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": ticket.verifier}
    headers = {}
    if chosen.secret_in_body:
        form |= {"client_id": chosen.client_id, "client_secret": chosen.client_secret}
    else:
        plain = f"{quote(chosen.client_id, safe='')}:{quote(chosen.client_secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(plain.encode()).decode()}"
    return _fetch(discover(chosen.issuer)["token_endpoint"], form, headers)


def _believe(chosen: Provider, token: str, nonce: str) -> dict[str, Any]:
    """OpenID Connect Core, section 3.1.3.7: signature, iss, aud, azp, exp, iat, nonce, sub."""
    claims = _verified(chosen, token)
    now = moment.now().timestamp()
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    expires, issued = claims.get("exp"), claims.get("iat")
    faults = {
        "issuer differs": claims.get("iss") != chosen.issuer,
        "not for us": chosen.client_id not in audiences,
        "authorized party differs": (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != chosen.client_id,
        "expired": not _number(expires) or expires < now - SKEW,
        "not of now": not _number(issued) or not now - OLDEST <= issued <= now + SKEW,
        "nonce differs": not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()),
        "no subject": not isinstance(claims.get("sub"), str) or not claims["sub"],
    }
    if broken := [fault for fault, found in faults.items() if found]:
        raise OidcRefused(f"id_token: {', '.join(broken)}")
    return claims


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _verified(chosen: Provider, token: str) -> dict[str, Any]:
    """The claims of a token whose signature holds; a key nobody knows yet is looked up once more (rotation)."""
    uri = discover(chosen.issuer)["jwks_uri"]
    for fresh in (False, True):
        try:
            keys = KeySet.import_key_set(_remembered(uri, fresh))  # type: ignore[arg-type]
            return dict(jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims)
        except InvalidKeyIdError as unknown:
            if fresh:
                raise OidcRefused("id_token: unknown key") from unknown
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise OidcRefused(f"id_token: {type(error).__name__}") from error
    raise AssertionError("the second look returns or raises")


def discover(issuer: str) -> dict[str, Any]:
    """The provider's own description (OpenID Connect Discovery 1.0), which must name the same issuer."""
    found = _remembered(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise OidcRefused("description names another issuer")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        _check_address(found.get(name))
    return found


def _remembered(url: str, fresh: bool = False) -> dict[str, Any]:
    """A document of the provider, kept for an hour."""
    if fresh:
        _kept.cache_clear()
    return _kept(url, int(moment.now().timestamp()) // 3600)


@lru_cache(maxsize=32)
def _kept(url: str, hour: int) -> dict[str, Any]:
    return _fetch(url)


class _Stay(urllib.request.HTTPRedirectHandler):
    """A provider's machine addresses do not redirect; whoever answers so is not followed."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _check_address(url: Any) -> None:
    parts = urlsplit(url if isinstance(url, str) else "")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}):
        raise OidcRefused(f"address is not https: {str(url)[:80]}")


def _fetch(url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    _check_address(url)
    body = urlencode(form).encode() if form is not None else None
    asked = urllib.request.Request(url, body, {"Accept": "application/json", **(headers or {})})
    try:
        with urllib.request.build_opener(_Stay).open(asked, timeout=TIMEOUT) as answer:
            found = json.loads(answer.read(LARGEST))
    except urllib.error.HTTPError as error:
        error.close()
        raise OidcRefused(f"{urlsplit(url).path} answered {error.code}") from error
    except (OSError, ValueError) as error:
        raise OidcRefused(
            f"{urlsplit(url).path}: {type(error).__name__}", "暂时连不上统一身份认证，请稍后再试"
        ) from error
    if not isinstance(found, dict):
        raise OidcRefused(f"{urlsplit(url).path}: not an object")
    return found
