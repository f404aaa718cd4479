"""The page of one zone at the desk: what is kept, its terminals' link, its log; registering and bringing up to date."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Conflict, Done, replay
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body
from gongkai.organs.opening import OpeningPage
from gongkai.organs.scope import Scope
from gongkai.procedure import Field, Invalid, Refused, Transition
from gongkai.ui.forms import EventForm
from gongkai.ui.pieces import Action, Crumb

from . import devices, hours, queries, services, showing
from .events import Zone
from .models import Service
from .procedure import SERVICE, ZONE

RECENT = 10


def fields(move: Transition) -> tuple[Field, ...]:
    """The fields of an event as the form asks them: the district is chosen from those there are."""
    found = tuple((body.key, body.short_name) for body in queries.district_bodies())
    return tuple(replace(f, choices=found) if f.name == "district" and found else f for f in move.fields)


class _Opening(OpeningPage):
    """Register a zone."""

    procedure, right, page, home = ZONE, queries.RIGHT, "office:zones:zone", showing.HOME

    def _form(self, request: HttpRequest, data: Any = None) -> EventForm:
        self.move = replace(self.move, fields=fields(self.move))
        return super()._form(request, data)

    def command(self) -> Callable[..., Done]:
        """The command for the event."""
        return partial(services.begin, self.event)


class Plan(_Opening):
    """One that is being set up."""

    event = "plan"


class Enter(_Opening):
    """One that is open."""

    event = "enter"


class ZonePage(CasePage):
    """One zone."""

    kind, permission, template_name, trail = ZONE.name, queries.RIGHT, "zones/case.html", (showing.HOME,)

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """The app's own command."""
        return services.do(key, event, actor, data, day=day, key=token or None)

    def _action(self, request: HttpRequest, move: Transition, form: EventForm | None) -> Action:
        """The description has a page of its own, because it is long."""
        if move.event == "amend" and form is None:
            return Action(move.label, reverse("office:zones:edit", args=[self.kwargs["key"]]), move.hint)
        return super()._action(request, move, form)

    def _linked(self, scope: Scope, key: str, state: Zone, body: Body) -> list[Action]:
        links = super()._linked(scope, key, state, body)
        if state.opened_on and scope.roles(body).intersection(SERVICE.transitions[0].roles):
            links.append(Action("登记服务", reverse("office:zones:log", args=[key]), SERVICE.transitions[0].hint))
        return links

    def describe(self, event: Event) -> str:
        """What the line says."""
        return showing.describe(event)

    def get_context(self, request: HttpRequest, state: Zone, body: Body) -> dict[str, Any]:
        """What is kept, the terminals' link for those who set it, the latest of the log."""
        key = self.kwargs["key"]
        district = Body.objects.filter(key=state.district).values_list("short_name", flat=True).first() or ""
        setters = ZONE.events["enable_kiosk"][0].roles
        may_set = bool(Scope.of(request.user).roles(body).intersection(setters))
        link = request.build_absolute_uri(devices.link(key, state.kiosk)) if may_set and state.kiosk else ""
        return {
            "title": state.name,
            "kind": showing.STATE_KINDS[state.state],
            "rows": showing.facts(state, district, body.name),
            "paused": showing.paused(state),
            "hours": hours.rows(state.hours),
            "public_url": reverse("portal:zones:zone", args=[key]) if state.state in ("open", "suspended") else "",
            "kiosk": state.kiosk,
            "idle": state.idle,
            "device_link": link,
            "log": [_line(one) for one in Service.objects.filter(zone=key)[:RECENT]],
        }


def _line(one: Service) -> tuple[Service, str]:
    return one, reverse("office:zones:service", args=[one.key])


def initial(zone: Zone) -> dict[str, Any]:
    """A zone's description as the form shows it."""
    told = asdict(zone) | {"hours": hours.write(zone.hours), "equipment": "、".join(zone.equipment)}
    return told | {"areas": list(zone.areas)}


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Bring what is kept of a zone up to date."""
    zone: Zone | None = replay(ZONE.name, key)
    if zone is None:
        raise Http404
    body, scope = Body.objects.get(key=zone.body), Scope.of(request.user)
    scope.require(queries.RIGHT, body)
    try:
        move = ZONE.move(zone.state, "amend")
    except Refused as refused:
        messages.error(request, refused.reason)
        return redirect("office:zones:zone", key=key)
    if not scope.roles(body).intersection(move.roles):
        raise PermissionDenied(f"“{move.label}”须由{'、'.join(ZONE.roles[role] for role in move.roles)}办理")
    form = EventForm(fields(move), request.POST if request.method == "POST" else None, initial=initial(zone))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                token = request.POST.get("token", "")[:64].replace("\x00", "")
                services.do(key, "amend", scope.actor(body), form.event_data, key=token or None)
                messages.success(request, f"已办：{move.label}")
                return redirect("office:zones:zone", key=key)
            except (Invalid, Refused, Conflict) as refusal:
                for name, message in getattr(refusal, "errors", [("", str(refusal))]):
                    form.add_error(name if name in form.fields else None, message)
    trail = (showing.HOME, Crumb(zone.name, reverse("office:zones:zone", args=[key])), Crumb(move.label))
    context = {"form": form, "move": move, "trail": trail, "token": request.POST.get("token") or uuid.uuid4().hex}
    return render(request, "organs/opening.html", context, status=status)
