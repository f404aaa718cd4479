"""Applying step by step, and the receipt.

The answers of earlier steps travel in the form itself, sealed with the keys of the vault: nothing is stored before the
request is sent, nothing personal stands in an address, and every step works in any number of windows.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.identity import rates, throttle
from gongkai.ledger import vault
from gongkai.ledger.services import Conflict
from gongkai.organs.models import Body
from gongkai.procedure import Invalid, Refused
from gongkai.ui.pieces import Crumb, Item

from . import access, intake, queries, suggestions
from .access import private
from .models import Deflection
from .public_forms import CitizenForm, FilesForm, bodies, summary, uploads_of
from .public_shell import HOME, START, takes_files

TITLES = {"who": "申请人", "what": "要什么信息", "check": "核对并提交"}
STEP_NAMES = tuple(TITLES)
LOST = "页面已经过期，前面填写的内容没有保留，请重新填写。"
UNKNOWN = "没有识别您的操作，请核对填写的内容，再点“下一步”。"


def _fresh(request: HttpRequest) -> dict[str, Any]:
    """A form's state before its first step: the token makes it one request however often it is sent."""
    known = {body.key for body in bodies()}
    wanted = (request.GET.get("body", ""), getattr(settings, "PUBLIC_BODY", ""))
    chosen = next((key for key in wanted if key in known), "") or _first_body()
    return {"token": secrets.token_urlsafe(18), "answers": {"body": chosen}, "shown": 0}


def _first_body() -> str:
    found = Body.objects.filter(kind=Body.Kind.OFFICE).order_by("order", "id").first()
    return found.key if found else ""


@private
@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The three steps: who, what, check and send."""
    if request.method != "POST":
        return _step(request, "who", _fresh(request))
    state = vault.unseal(request.POST.get("kept", ""))
    if state is None or not {"token", "answers", "shown"} <= state.keys():
        return _step(request, "who", _fresh(request), notice=LOST, status=422)
    at, go = request.POST.get("at", ""), request.POST.get("go", "")
    if at == "check":
        return _from_check(request, state, go)
    if at not in ("who", "what"):
        return _step(request, "who", state, notice=UNKNOWN, status=422)
    typed = {
        name: value for name, value in request.POST.items() if name not in {"kept", "at", "go", "csrfmiddlewaretoken"}
    }
    if at == "what" and go == "back":
        state["answers"] |= _known("what", typed)
        return _step(request, "who", state)
    form = CitizenForm(at, request.POST, earlier=state["answers"])
    if not form.is_valid():
        return _step(request, at, state, form=form, status=422)
    state["answers"] = {n: v for n, v in state["answers"].items() if n not in form.fields} | form.event_data
    return _step(request, "what", state) if at == "who" else _check(request, state)


def _known(step: str, typed: Mapping[str, str]) -> dict[str, str]:
    names = CitizenForm(step, earlier={}).fields
    return {name: value[:20_000] for name, value in typed.items() if name in names}


def _step(
    request: HttpRequest,
    step: str,
    state: dict[str, Any],
    *,
    form: CitizenForm | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    form = form or CitizenForm(step, earlier=state["answers"], initial=state["answers"])
    return _page(request, "step", step, state, {"form": form, "notice": notice}, status)


def _page(
    request: HttpRequest, template: str, step: str, state: dict[str, Any], more: dict[str, Any], status: int
) -> HttpResponse:
    title = TITLES[step]
    context = {
        "title": title,
        "trail": (START, HOME, Crumb("提出申请")),
        "step": step,
        "number": STEP_NAMES.index(step) + 1,
        "steps": len(STEP_NAMES),
        "kept": vault.seal(state),
    }
    return render(request, f"requests/public/{template}.html", context | more, status=status)


def _check(
    request: HttpRequest, state: dict[str, Any], form: FilesForm | None = None, status: int = 200
) -> HttpResponse:
    answers = state["answers"]
    found = _suggested(answers)
    state["shown"] = len(found)
    more = {
        "who": summary(answers, "who"),
        "what": summary(answers, "what"),
        "found": found,
        "form": form or FilesForm(),
    }
    return _page(request, "check", "check", state, more, status)


def _suggested(answers: Mapping[str, Any]) -> list[Item]:
    words = " ".join(str(answers.get(name, "")) for name in ("title", "reference"))
    return suggestions.suggest(words, str(answers.get("content", "")))


def _from_check(request: HttpRequest, state: dict[str, Any], go: str) -> HttpResponse:
    if go in {"who", "what"}:
        return _step(request, go, state)
    if go == "found" and state["shown"]:
        body = intake.body_of(str(state["answers"].get("body", "")))
        suggestions.count(state["token"], body.key, Deflection.FOUND, state["shown"])
        return redirect("portal:requests:found")
    return _send(request, state) if go == "send" else _check(request, state)


def _send(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    answers, form = dict(state["answers"]), FilesForm()
    try:
        rates.count("web", throttle.address_of(request), settings.WEB_INTAKE_PER_MINUTE)
        files, place = uploads_of(request, "files"), getattr(request, "place", None)
        done = intake.submit(
            str(answers.pop("body", "")), answers, files=files, key=f"web/{state['token']}", place=place
        )
    except rates.TooMany as many:
        return _too_many(request, state, many)
    except (Invalid, Refused, Conflict) as refusal:
        form = FilesForm({})
        form.full_clean()
        for name, message in getattr(refusal, "errors", [("", str(refusal))]):
            form.add_error("files" if name == "files" else None, message)
        return _check(request, state, form, 422)
    if state["shown"] and not done.repeated:
        suggestions.count(state["token"], done.subject.rsplit("-", 2)[0], Deflection.SENT, state["shown"])
    if done.repeated:
        messages.info(request, "这件申请此前已经提交成功，没有重复登记。")
    return access.open_for(request, redirect("portal:requests:receipt"), done.subject)


def _too_many(request: HttpRequest, state: dict[str, Any], many: rates.TooMany) -> HttpResponse:
    """429: the last step again, with everything that was filled in, and when to send it."""
    form = FilesForm({})
    form.full_clean()
    form.add_error(None, f"{many}；这件申请还没有提交，填写的内容都在本页，届时再点“提交申请”（附件需要重新选择）")
    response = _check(request, state, form, 429)
    response.headers["Retry-After"] = str(many.seconds)
    return response


@private
@require_GET
def receipt(request: HttpRequest) -> HttpResponse:
    """Number, code, what happens next; for whoever has just sent or proved the request."""
    row = access.proved(request)
    if row is None:
        return redirect("portal:requests:status")
    context = {
        "title": "申请已经提交",
        "trail": (START, HOME, Crumb("回执")),
        "row": row,
        "code": queries.query_code(row.key),
        "status": intake.status(row),
        "minutes": access.MINUTES,
        "place": getattr(request, "place", None),
    }
    return render(request, "requests/public/receipt.html", context)
