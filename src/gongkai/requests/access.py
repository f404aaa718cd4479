"""How an applicant proves a request is theirs: number and query code, then a short-lived signed cookie.

Neither stands in an address, so neither reaches a log. Guessing is slowed by pauses that grow, kept in the database.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from gongkai.identity import throttle
from gongkai.ledger.clock import SHANGHAI
from gongkai.ui.forms import Form

from . import queries
from .models import Request

COOKIE, PATH, MINUTES = "case", "/apply/", 30
_SALT = "gongkai.requests.access"
#: Wrong codes for one number that cost nothing, then a pause of so many seconds that doubles up to the longest.
#: Numbers follow one another, so a stranger must not be able to shut an applicant out for long.
CODE_LIMIT = {"free": 10, "first": 60, "longest": 15 * 60}

throttle.LIMITS["case"] = throttle.Limit(**getattr(settings, "QUERY_CODE_LIMIT", CODE_LIMIT))


M = TypeVar("M")


class Closed(Exception):
    """Not let in; the message is Chinese and says why and what to do. ``until`` is the end of a pause, if it is one."""

    def __init__(self, message: str, until: datetime | None = None):
        self.until = until
        super().__init__(message)


def prove(request: HttpRequest, number: str, code: str) -> Request:
    """The request of a number and its code. Raises :class:`Closed`, alike for a wrong number and a wrong code."""
    return proven(request, number, code, queries.by_code)


def proven(request: HttpRequest, number: str, code: str, find: Callable[[str, str], M | None]) -> M:
    """What ``find`` knows by a number and its code, under the same pauses whatever is looked for. Raises :class:`Closed`."""
    number, code = number.strip(), code.strip()
    keys = (("case", number), ("address", throttle.address_of(request)))
    try:
        throttle.charge(*keys)
    except throttle.Paused as paused:
        local = paused.until.astimezone(SHANGHAI)
        message = f"查询失败次数过多，为保护申请人信息已暂停查询，请于 {local:%H:%M:%S} 以后再试，或者致电受理机关"
        raise Closed(message, paused.until) from None
    found = find(number, code)
    if found is None:
        raise Closed("没有查到：编号和查询码须与回执一致，请核对后重新输入")
    throttle.give_back(*keys)
    return found


def _proof(row_key: str) -> str:
    """Dies with the code: once retention has erased it, no cookie opens the case."""
    return salted_hmac(_SALT, f"{row_key}/{queries.query_code(row_key)}", algorithm="sha256").hexdigest()


def open_for(request: HttpRequest, response: HttpResponse, subject: str) -> HttpResponse:
    """Let this browser see the request for the next half hour."""
    response.set_signed_cookie(
        COOKIE, f"{subject}:{_proof(subject)}", salt=_SALT, max_age=60 * MINUTES, path=PATH,
        httponly=True, samesite="Lax", secure=request.is_secure(),
    )  # fmt: skip
    return response


def close(response: HttpResponse) -> HttpResponse:
    """Forget the proof."""
    response.delete_cookie(COOKIE, path=PATH)
    return response


def proved(request: HttpRequest) -> Request | None:
    """The request this browser has proved, while the proof lasts."""
    value: str = request.get_signed_cookie(COOKIE, "", salt=_SALT, max_age=60 * MINUTES)
    subject, _, proof = value.partition(":")
    if not subject or not constant_time_compare(proof, _proof(subject)):
        return None
    return Request.objects.select_related("body").filter(key=subject).first()


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: nothing of this page is kept by browsers or found by search engines."""

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return handle


class CodeForm(Form):
    """Number and query code."""

    number = forms.CharField(label="编号", max_length=80, help_text="回执上的编号，如 渝府办依申〔2026〕1号")
    code = forms.CharField(label="查询码", max_length=20, help_text="回执上的十位字母和数字，不分大小写")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
            field.error_messages["max_length"] = f"“{field.label}”过长，请核对后重新输入"
            field.error_messages["null_characters_not_allowed"] = f"“{field.label}”含有不可见的控制字符"
