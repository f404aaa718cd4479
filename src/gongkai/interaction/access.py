"""How a sender proves a question or a mistake is theirs: number and query code, then a short-lived signed cookie.

The rules are those of requests (``requests.access``): nothing in an address, pauses that grow.
"""

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from gongkai.requests.access import MINUTES, proven

from . import queries
from .models import Matter

_SALT = "gongkai.interaction.access"
#: The cookie of a kind is sent to its own pages only.
PATHS = {"message": "/messages/", "mistake": "/mistakes/"}


def prove(request: HttpRequest, kind: str, number: str, code: str) -> Matter:
    """What the sender wrote. Raises ``requests.access.Closed``, alike for a wrong number and a wrong code."""
    return proven(request, number, code, lambda number, code: queries.by_code(kind, number, code))


def _proof(kind: str, key: str) -> str:
    return salted_hmac(_SALT, f"{kind}/{key}/{queries.query_code(kind, key)}", algorithm="sha256").hexdigest()


def open_for(request: HttpRequest, response: HttpResponse, kind: str, key: str) -> HttpResponse:
    """Let this browser see it for the next half hour."""
    response.set_signed_cookie(
        kind, f"{key}:{_proof(kind, key)}", salt=_SALT, max_age=60 * MINUTES, path=PATHS[kind], httponly=True,
        samesite="Lax", secure=request.is_secure(),
    )  # fmt: skip
    return response


def close(response: HttpResponse, kind: str) -> HttpResponse:
    """Forget the proof."""
    response.delete_cookie(kind, path=PATHS[kind])
    return response


def proved(request: HttpRequest, kind: str) -> Matter | None:
    """What this browser has proved, while the proof lasts."""
    value: str = request.get_signed_cookie(kind, "", salt=_SALT, max_age=60 * MINUTES)
    key, _, proof = value.partition(":")
    if not key or not constant_time_compare(proof, _proof(kind, key)):
        return None
    return queries.MODELS[kind]._default_manager.select_related("body").filter(key=key).first()
