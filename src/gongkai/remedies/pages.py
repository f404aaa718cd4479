"""Public page: making a complaint 投诉举报 (Arts 47, 51). It reaches the office in charge of disclosure."""

import secrets
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.ledger.services import Actor, Conflict
from gongkai.organs.queries import host
from gongkai.procedure import Field, Invalid, Refused
from gongkai.ui.forms import EventForm
from gongkai.ui.pieces import Crumb, Entry

from . import services
from .models import Complaint
from .procedure import COMPLAINT

START = Crumb("首页", "/")
HOME = Crumb("投诉举报", "/complain/")
#: Whoever complains at the public site; who it is stands in the vault.
COMPLAINANT = Actor("applicant", frozenset({"applicant"}))
COOKIE, _SALT, _KEPT = "complaint", "gongkai.remedies.complaint", 600
_ASKED = ("door", "against", "matter", "content", "name", "phone", "address")
_CHANGES: dict[str, dict[str, Any]] = {
    "door": {"label": "要反映的问题"},
    "against": {"label": "被投诉的机关", "hint": "机关全称"},
    "content": {"label": "详细情况", "hint": "时间、经过和依据；涉及申请的，请写明申请编号"},
    "phone": {"required": True, "hint": "用于核实情况和答复"},
}
_AUTOCOMPLETE = {"name": "name", "phone": "tel", "address": "street-address"}


def _fields() -> tuple[Field, ...]:
    known = {field.name: field for field in COMPLAINT.events["receive"][0].fields}
    return tuple(replace(known[name], **_CHANGES.get(name, {})) for name in _ASKED)


def _form(data: Any = None) -> EventForm:
    form = EventForm(_fields(), data)
    for name, value in _AUTOCOMPLETE.items():
        form.fields[name].widget.attrs["autocomplete"] = value
    return form


@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """The form; sent once for each token."""
    if request.method != "POST":
        return _show(request, _form())
    form, body = _form(request.POST), host()
    if body is None:
        form.add_error(None, "本站还没有设置受理机关，请致电反映")
    if not form.is_valid() or body is None:
        return _show(request, form, 422)
    token = request.POST.get("token", "")[:64].replace("\x00", "")
    data = {**form.event_data, "channel": "web"}
    try:
        done = services.receive_complaint(body, COMPLAINANT, data, key=f"web/complaint/{token}" if token else None)
    except (Invalid, Refused, Conflict) as refusal:
        for name, message in getattr(refusal, "errors", [("", str(refusal))]):
            form.add_error(name if name in form.fields else None, message)
        return _show(request, form, 422)
    response = redirect("portal:remedies:complained")
    response.set_signed_cookie(
        COOKIE, done.event.subject, salt=_SALT, max_age=_KEPT, path="/complain/", httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    return response


def _show(request: HttpRequest, form: EventForm, status: int = 200) -> HttpResponse:
    context = {
        "title": HOME.label,
        "trail": (START, HOME),
        "form": form,
        "receiver": host(),
        "token": request.POST.get("token") or secrets.token_urlsafe(16),
    }
    response = render(request, "remedies/public/complain.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_GET
def complained(request: HttpRequest) -> HttpResponse:
    """The number, for whoever has just sent one."""
    row = Complaint.objects.filter(key=request.get_signed_cookie(COOKIE, "", salt=_SALT, max_age=_KEPT)).first()
    if row is None:
        return redirect("portal:remedies:complain")
    context = {"title": "投诉举报已经提交", "trail": (START, HOME, Crumb("已提交")), "number": row.number}
    return render(request, "remedies/public/complained.html", context)


entries = (Entry("投诉举报", "portal:remedies:complain", "没有依法公开、没有按时答复的，可以向主管部门反映。"),)
urlpatterns = [
    path("complain/", complain, name="complain"),
    path("complain/done/", complained, name="complained"),
]
