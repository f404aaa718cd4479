"""What the API answers when it does not do what was asked: always ``{"errors": [{"field", "message"}]}``, in Chinese.

Nothing of the person is in an answer or a log: messages name fields, and an unforeseen error is logged by its type and
place, without its text.
"""

import functools
import json
import logging
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError

from gongkai.identity.rates import TooMany
from gongkai.ledger.services import Conflict
from gongkai.procedure import Invalid, Refused

log = logging.getLogger("gongkai.api")
#: Seconds after which a database that was busy is worth another try.
AGAIN = 2
#: Answers the framework makes without words of ours, by status.
_PLAIN = {
    400: ("address", "请求无法识别，请核对地址和请求头"),
    404: ("address", "没有这个接口地址，可用的地址见 /api/v1/openapi.json"),
    405: ("method", "这个地址不接受这种请求方法，可用的方法见响应头 Allow"),
}


class Refusal(Exception):
    """An answer other than the one asked for: status, (field, Chinese message) pairs, extra headers."""

    def __init__(self, status: int, errors: Iterable[tuple[str, str]], **headers: str):
        self.status, self.errors = status, list(errors)
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(status)


def answer(refusal: Refusal) -> HttpResponse:
    """The response of a refusal."""
    errors = [{"field": field, "message": message} for field, message in refusal.errors]
    return _json({"errors": errors}, refusal.status, refusal.headers)


def _json(content: Any, status: int, headers: dict[str, str]) -> HttpResponse:
    return HttpResponse(json.dumps(content), status=status, headers=headers, content_type="application/json")


def refusal_of(error: Exception) -> Refusal:
    """What an error of the house means to the caller."""
    match error:
        case Refusal():
            return error
        case Invalid():
            return Refusal(422, error.errors)
        case Refused():
            return Refusal(409, [("state", str(error))])
        case Conflict():
            return Refusal(409, [("state", "这件申请刚被更新，请查询后再试")])
        case TooMany():
            return Refusal(429, [("rate", str(error))], Retry_After=str(error.seconds))
        case Http404():
            return Refusal(404, [_PLAIN[404]])
        case UnreadablePostError() | RequestDataTooBig() | BadRequest():
            return Refusal(400, [("JSON", "请求内容没有完整送达，请重新提交")])
        case OperationalError():
            _note(error)
            return Refusal(
                503, [("server", f"系统繁忙，请 {AGAIN} 秒后用同一个 Idempotency-Key 再试")], Retry_After=str(AGAIN)
            )
    _note(error)
    return Refusal(500, [("server", "系统暂时出了问题，请稍后用同一个 Idempotency-Key 再试；多次出现请联系我们")])


def _note(error: Exception) -> None:
    place = " < ".join(
        f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in reversed(traceback.extract_tb(error.__traceback__)[-6:])
    )
    log.error("%s at %s", type(error).__name__, place)


Keep = Callable[[HttpRequest, Any], Any]


def shaped(view: Callable[..., HttpResponse], kept: Keep | None = None) -> Callable[..., HttpResponse]:
    """Decorator for every address of the API: what the framework refuses gets our shape.

    Nothing is kept by caches, unless ``kept`` says how an answer to a reader may be.
    """

    @functools.wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Exception as error:
            response = answer(refusal_of(error))
        if response.status_code in _PLAIN and response.headers.get("Content-Type") != "application/json":
            allow = {"Allow": response.headers["Allow"]} if "Allow" in response.headers else {}
            response = answer(Refusal(response.status_code, [_PLAIN[response.status_code]], **allow))
        if kept and response.status_code == 200 and request.method == "GET":
            return kept(request, response)  # type: ignore[no-any-return]
        response.headers["Cache-Control"] = "no-store"
        return response

    return handle
