"""The addresses of the API: handing in a request, looking at it, and the applicant's own later steps."""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja import Status as Answer
from ninja.errors import ValidationError

from gongkai.ledger import vault
from gongkai.ledger.models import Command, Event
from gongkai.ledger.services import Conflict, lines
from gongkai.procedure import Field, Invalid, clean
from gongkai.requests import access, intake, services
from gongkai.requests.models import Request
from gongkai.requests.public_forms import STEPS

from . import bodies, figures, norms, reading, records, reports
from .answers import Faults, Receipt, Status, status
from .callers import Caller, caller, may_submit
from .refusals import Refusal, answer, refusal_of

#: The applicant's steps by the API's word, and the event each is.
ACTIONS = {"clarification": "clarify", "reasons": "give_reasons", "payment": "report_payment", "withdrawal": "withdraw"}
_WORDS = {event: word for word, event in ACTIONS.items()}
_CODE = Field("code", "查询码", longest=40, hint="回执上的查询码")
_SUBJECT = re.compile(r"[a-z0-9-]+-[0-9]{4}-[0-9]{5,}")
#: Every answer that is not the one asked for.
REFUSALS = dict.fromkeys((400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 503), Faults)
_KEY_PARAMETER = {
    "name": "Idempotency-Key", "in": "header", "required": True,
    "description": "每件事一个不重复的标识（如 UUID）；没有收到回答就用同一个再试，只会办一次",
    "schema": {"type": "string", "minLength": 1, "maxLength": reading.LONGEST_KEY, "pattern": "^[!-~]+$"},
}  # fmt: skip
_EXAMPLE = {
    "body": "cq-office",
    "applicant": {"category": "natural_person", "name": "陈小明", "id_type": "identity_card",
                  "id_number": "500103199001011234", "phone": "13800000000", "email": "", "address": ""},
    "content": "请公开《重庆市轨道交通第三期建设规划》的批复文件", "form": "electronic", "delivery": "web",
}  # fmt: skip


class Api(NinjaAPI):
    """Tokens are told in the schema as something one may show: the public calls without."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        """The OpenAPI document, with the token."""
        schema = super().get_openapi_schema(*args, **kwargs)
        schema["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        schema["security"] = [{}, {"token": []}]
        return schema


api = Api(
    title="政府信息公开接口",
    version="1",
    description="读取和搜索公开的政府信息、规章和规范性文件、指标、年度报告、机关和栏目；提交政府信息公开申请、查询办理情况。"
    "出错时一律回答 errors，逐项说明哪里不对、怎样改。",
    docs_url=None,
    urls_namespace="api",
)
for _reading in (records, norms, figures, reports, bodies):
    api.add_router("", _reading.router)


@api.exception_handler(Exception)
def _refuse(request: HttpRequest, error: Exception) -> HttpResponse:
    return answer(refusal_of(error))


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    names = [str(one["loc"][-1]) for one in error.errors]
    return answer(Refusal(422, [(name, f"“{name}”的格式不对，请对照接口说明") for name in names]))


def _taking(schema: Mapping[str, Any], example: Mapping[str, Any]) -> dict[str, Any]:
    """What an operation takes, as OpenAPI tells it."""
    content = {"application/json": {"schema": schema, "example": example}}
    return {"parameters": [_KEY_PARAMETER], "requestBody": {"required": True, "content": content}}


@api.post(
    "/requests",
    response={201: Receipt, 200: Receipt, **REFUSALS},
    summary="提交申请",
    operation_id="submit_request",
    openapi_extra=_taking(reading.application_schema(), _EXAMPLE),
)
def submit(request: HttpRequest, response: HttpResponse) -> Answer[Receipt]:
    """201：已登记；200：这个 Idempotency-Key 的申请先前已经登记，回执相同；409：这个 Idempotency-Key 用于过另一件申请。"""
    key, found = reading.idempotency_key(request), reading.read(request)
    who = may_submit(request)
    to, values, errors = reading.application(found)
    asked, prepared = _checked(to, values, errors)
    done = _enter(asked, values, _command_key(who, key))
    if done.repeated:
        _same(lines(services.KIND, done.subject)[0], prepared | {"body": asked.key})
        if not done.query_code:
            raise Refusal(
                409, [("Idempotency-Key", "先前用这个 Idempotency-Key 提交的申请已按保管期限清除，不再提供回执")]
            )
    response.headers["Location"] = f"/api/v1/requests/{quote(done.number)}"
    receipt = Receipt(number=done.number, query_code=done.query_code, url=request.build_absolute_uri(done.url))
    return Answer(200 if done.repeated else 201, receipt)


def _checked(to: str, values: dict[str, str], errors: reading.Errors) -> tuple[Any, dict[str, Any]]:
    """The body and the entries as the register takes them, or every fault at once."""
    asked, prepared, faulty = None, {}, {place for place, _ in errors}
    for check in (lambda: intake.body_of(to), lambda: intake.prepared(values)):
        try:
            result: Any = check()
        except Invalid as invalid:
            placed = [(reading.PLACES.get(name, name), message) for name, message in invalid.errors]
            errors += [one for one in placed if one[0] not in faulty]
        else:
            asked, prepared = (asked, result) if isinstance(result, dict) else (result, prepared)
    if errors:
        raise Refusal(422, errors)
    return asked, prepared


def _enter(asked: Any, values: dict[str, str], key: str) -> intake.Receipt:
    """Two tries with one key at the same moment: the second finds what the first did."""
    try:
        return intake.submit(asked, values, key=key)
    except Conflict:
        return intake.submit(asked, values, key=key)


def _command_key(who: Caller, *parts: str) -> str:
    return f"{who.key}/{hashlib.sha256('/'.join(parts).encode()).hexdigest()}"


def _same(event: Event, wanted: Mapping[str, Any]) -> None:
    """Refuse a key that was used for something else; what was sent then is in the line and the vault."""
    told = event.data | vault.peek(event.data.get("personal", ""))
    names = {*reading.PLACES, "channel", "body", "note", "reason"}
    if {name: value for name, value in told.items() if name in names} != dict(wanted):
        raise Refusal(409, [("Idempotency-Key", "这个 Idempotency-Key 已用于另一次内容不同的提交，请换一个新的标识")])


@api.get("/requests/{number}", response={200: Status, **REFUSALS}, summary="查询办理情况", operation_id="show_request")
def show(request: HttpRequest, number: str, code: str = "") -> Status:
    """编号与查询码须与回执一致；查询码也可以写在请求头 Query-Code 中，不留在地址里。status 范围的令牌查询经它提交的申请，不需要查询码。"""
    return _told(_proved(request, number, code or request.headers.get("Query-Code", "")))


def _told(row: Request) -> Status:
    return status(intake.status(row), _WORDS)


def _proved(request: HttpRequest, number: str, code: str) -> Request:
    """The request somebody may see. Raises :class:`Refusal`: alike for a wrong number and a wrong code."""
    who = caller(request)
    number = number.strip()
    if "\x00" in number + code:
        raise _not_found()
    row = Request.objects.filter(key=number).first() if _SUBJECT.fullmatch(number) else None
    number = row.number if row else number
    if not code.strip():
        entered = _entered_by(who, number) if who.may("status") else None
        if entered is None:
            raise Refusal(422, [("code", "请填写“查询码”")])
        return entered
    try:
        return access.prove(request, number, code)
    except access.Closed as closed:
        if closed.until is None:
            raise _not_found() from None
        seconds = max(1, int((closed.until - access.throttle.moment.now()).total_seconds()) + 1)
        raise Refusal(429, [("code", str(closed))], Retry_After=str(seconds)) from None


def _not_found() -> Refusal:
    return Refusal(404, [("number", "没有查到：编号和查询码须与回执一致，请核对后再试")])


def _entered_by(who: Caller, number: str) -> Request | None:
    """The request of this number, if it came in through this token."""
    row = Request.objects.select_related("body").filter(number=number).first()
    mine = Command.objects.filter(key__startswith=f"{who.key}/", event__subject_kind=services.KIND)
    return row if row and mine.filter(event__subject=row.key, event__seq=1).exists() else None


def _step(word: str) -> Callable[..., Status]:
    """The view of one of the applicant's later steps."""
    event, step = ACTIONS[word], STEPS[ACTIONS[word]]

    def take(request: HttpRequest, number: str) -> Status:
        key, found = reading.idempotency_key(request), reading.read(request)
        who, errors = caller(request), []
        values = reading.texts(found, (_CODE, *step.fields), errors)
        if event == "withdraw":
            values.setdefault("reason", UNSAID)
        try:
            values = clean((_CODE, *step.fields), values)
        except Invalid as invalid:
            faulty = {place for place, _ in errors}
            errors += [one for one in invalid.errors if one[0] not in faulty]
        if errors:
            raise Refusal(422, errors)
        row = _proved(request, number, values.pop("code"))
        done = intake.act(row.key, event, values, key=_command_key(who, row.key, event, key))
        if done.repeated:
            _same(done.event, values)
        return _told(row)

    take.__name__ = f"step_{event}"
    take.__doc__ = f"{step.label}{'：' + step.hint if step.hint else ''}。当前可以做的见 actions；不能做的回答 409。"
    return take


#: Said for somebody who withdraws without a word: the law asks for no reason.
UNSAID = STEPS["withdraw"].fields[0].choices[-1][0]
for _word, _event in ACTIONS.items():
    _fields = tuple(f for f in STEPS[_event].fields)
    _schema = reading.schema((_CODE, *_fields))
    if _event == "withdraw":
        _schema["required"] = ["code"]
    _example = {"code": "ABCDEFGH23"} | {f.name: f.choices[0][0] if f.choices else "……" for f in _fields}
    api.post(
        f"/requests/{{number}}/{_word}",
        response={200: Status, **REFUSALS},
        summary=STEPS[_event].label,
        operation_id=f"{_event}_request",
        openapi_extra=_taking(_schema, _example),
    )(_step(_word))
