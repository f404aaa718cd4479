"""What the public forms share: sent once for each token, at most so many in a minute, refusals in their form."""

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gongkai.identity import rates, throttle
from gongkai.ledger.services import Conflict, Done
from gongkai.procedure import Invalid, Refused
from gongkai.requests.access import Closed, CodeForm
from gongkai.ui.forms import EventForm
from gongkai.ui.pieces import Crumb

from . import access

START = Crumb("首页", "/")
MESSAGES, SURVEYS, MISTAKES = (
    Crumb("政务咨询", "/messages/"), Crumb("征集调查", "/surveys/"), Crumb("我为政府网站找错", "/mistakes/"),
)  # fmt: skip
_AUTOCOMPLETE = {"name": "name", "phone": "tel", "email": "email"}


def form_of(fields: Any, data: Any = None, initial: Any = None) -> EventForm:
    """A form of the house that lets the browser fill in who one is."""
    form = EventForm(fields, data, initial=initial)
    for name, value in _AUTOCOMPLETE.items():
        if name in form.fields:
            form.fields[name].widget.attrs["autocomplete"] = value
    return form


def send(
    request: HttpRequest, form: EventForm, prefix: str, command: Callable[[dict[str, Any], str | None], Done],
    success: Callable[[Done], HttpResponse], show: Callable[[int, dict[str, str]], HttpResponse],
) -> HttpResponse:  # fmt: skip
    """Send a form: ``command`` gets its data and its key; ``show(status, headers)`` is the page again with its faults."""
    status, headers = 422, dict[str, str]()
    if form.is_valid():
        token = request.POST.get("token", "")[:64].replace("\x00", "")
        try:
            rates.count("web", throttle.address_of(request), settings.WEB_INTAKE_PER_MINUTE)
            return success(command(dict(form.event_data), f"web/{prefix}/{token}" if token else None))
        except rates.TooMany as many:
            status, headers = 429, {"Retry-After": str(many.seconds)}
            form.add_error(None, f"{many}；还没有提交，填写的内容都在本页，届时再点“提交”")
        except (Invalid, Refused, Conflict) as refusal:
            for name, message in getattr(refusal, "errors", [("", str(refusal))]):
                form.add_error(name if name in form.fields else None, message)
    return show(status, headers)


def page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200, headers: Any = None
) -> HttpResponse:
    """A page with a form: never kept, and with a token that makes it one submission however often it is sent."""
    context |= {"token": request.POST.get("token", "")[:64] or secrets.token_urlsafe(16)}
    response = render(request, f"interaction/public/{template}.html", context, status=status)
    for name, value in ({"Cache-Control": "no-store"} | dict(headers or {})).items():
        response.headers[name] = value
    return response


def status(request: HttpRequest, kind: str, home: Crumb, mine: str) -> HttpResponse:
    """Ask for number and code; leads to ``mine``, the name of the page they open."""
    form, code = CodeForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        code = 422
        if form.is_valid():
            try:
                row = access.prove(request, kind, form.cleaned_data["number"], form.cleaned_data["code"])
                return access.open_for(request, redirect(mine), kind, row.key)
            except Closed as closed:
                form.add_error(None, str(closed))
    context = {"title": "查询办理情况", "trail": (START, home, Crumb("查询办理情况")), "form": form}
    return page(request, "status", context, code)
