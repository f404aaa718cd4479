"""The service log at the desk: noting what a zone did on a day, correcting a line."""

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongkai.ledger import clock
from gongkai.ledger.models import Event
from gongkai.ledger.services import Conflict
from gongkai.organs.casework import ON, CasePage
from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.procedure import Invalid, Refused
from gongkai.ui.forms import EventForm
from gongkai.ui.pieces import Crumb, Row

from . import events, queries, services, showing
from .models import Zone
from .procedure import SERVICE

MOVE = SERVICE.transitions[0]


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: HttpRequest, key: str) -> HttpResponse:
    """Note what a zone did on a day."""
    zone = get_object_or_404(Zone.objects.select_related("body"), pk=key)
    scope = Scope.of(request.user)
    scope.require(queries.RIGHT, zone.body)
    if not scope.roles(zone.body).intersection(MOVE.roles):
        raise PermissionDenied(f"“{MOVE.label}”须由{'、'.join(SERVICE.roles[role] for role in MOVE.roles)}办理")
    form = EventForm((ON, *MOVE.fields), request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = dict(form.event_data)
            day = date.fromisoformat(data.pop("on")) if "on" in data else clock.today()
            token = request.POST.get("token", "")[:64].replace("\x00", "")
            try:
                services.log(zone, scope.actor(zone.body), data, day=day, key=token or None)
                messages.success(request, f"已登记：{day.isoformat()} {showing.word('service', data['service'])}")
                return redirect("office:zones:zone", key=key)
            except (Invalid, Refused, Conflict) as refusal:
                for name, message in getattr(refusal, "errors", [("", str(refusal))]):
                    form.add_error(name if name in form.fields else None, message)
    trail = (showing.HOME, Crumb(zone.name, reverse("office:zones:zone", args=[key])), Crumb(MOVE.label))
    context = {"form": form, "move": MOVE, "trail": trail, "token": request.POST.get("token") or uuid.uuid4().hex}
    return render(request, "organs/opening.html", context, status=status)


class ServicePage(CasePage):
    """One line of the log."""

    kind, permission, template_name = SERVICE.name, queries.RIGHT, "zones/service.html"
    trail = (showing.HOME, Crumb("专区服务登记", "/office/zones/services/"))

    def name_of(self, state: events.Service) -> str:
        """Its day and what was done."""
        return f"{state.on} {showing.word('service', state.service)}"

    def describe(self, event: Event) -> str:
        """What the line says."""
        return showing.describe(event)

    def get_context(self, request: HttpRequest, state: events.Service, body: Body) -> dict[str, Any]:
        """Where, when, how many."""
        zone = Zone.objects.get(pk=state.zone)
        rows = [
            Row("专区", zone.name, reverse("office:zones:zone", args=[zone.key])),
            Row("日期", str(state.on)),
            Row("服务事项", showing.word("service", state.service)),
            Row("服务人次", f"{state.people:,}"),
            Row("提供资料份数", f"{state.papers:,}"),
            Row("说明", state.note),
            Row("主管机关", body.name),
        ]
        kind = "late" if state.state == "void" else "ok"
        return {"title": self.name_of(state), "rows": [row for row in rows if row.detail], "kind": kind}
