"""One step for several cases: chosen in the list, asked for once, done case by case, reported row by row.

Each case is its own command: what the table, the roles or a guard refuse for one case stops no other.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from gongkai.ledger.services import Conflict
from gongkai.organs.scope import Scope
from gongkai.procedure import Invalid, Refused, Transition
from gongkai.ui.forms import EventForm
from gongkai.ui.pieces import Crumb

from . import queries, services
from .hands import offer_hands
from .lists import HOME
from .models import Request
from .procedure import PROCEDURE

#: What may be done with many cases at once.
EVENTS = ("assign", "accept", "ask_extension", "archive")
MOST = 200


@dataclass(frozen=True)
class Outcome:
    """What came of one case: done, or why not."""

    row: Request
    done: bool
    words: str


def offered(scope: Scope) -> list[tuple[str, str]]:
    """(event, label) this person's roles allow anywhere."""
    moves = [PROCEDURE.events[event][0] for event in EVENTS]
    return [(move.event, move.label) for move in moves if scope.anywhere.intersection(move.roles)]


def carry_out(scope: Scope, rows: Sequence[Request], event: str, data: dict[str, object], token: str) -> list[Outcome]:
    """Make the event in each case, once for each token."""
    found = []
    for row in rows:
        try:
            done = services.do(row.key, event, scope.actor(row.body), data, key=f"{token}/{row.key}"[:120])
            found.append(Outcome(row, True, PROCEDURE.state[done.state.state].label))
        except (Refused, Invalid, Conflict) as refusal:
            found.append(Outcome(row, False, str(refusal)))
    return found


class Bulk(View):
    """First the chosen cases and the form, then the result of each."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page is reached from the list."""
        Scope.of(request.user).require("requests.view")
        return redirect("office:requests:home")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show the form; with ``confirm`` do it."""
        scope = Scope.of(request.user)
        scope.require("requests.view")
        event, chosen = request.POST.get("do", ""), request.POST.getlist("chosen")
        if event not in dict(offered(scope)) or not chosen or len(chosen) > MOST:
            words = f"一次最多选 {MOST} 件" if len(chosen) > MOST else "请先在列表中勾选申请，再点要办的事"
            messages.error(request, words)
            return redirect(_back(request))
        rows = list(queries.visible(scope).filter(key__in=[key for key in chosen if "\x00" not in key]))
        move = PROCEDURE.events[event][0]
        context = {
            "event": event,
            "label": move.label,
            "rows": rows,
            "title": f"批量{move.label}",
            "back": _back(request),
        }
        context |= {"trail": (HOME, Crumb(f"批量{move.label}")), "hint": move.hint, "token": uuid.uuid4().hex}
        if "confirm" not in request.POST:
            return render(request, "requests/bulk.html", context | {"form": _form(move, rows)})
        form = _form(move, rows, request.POST)
        if not form.is_valid():
            return render(request, "requests/bulk.html", context | {"form": form}, status=422)
        outcomes = carry_out(scope, rows, event, form.event_data, request.POST.get("token", "")[:40])
        return render(
            request, "requests/bulk.html", context | {"outcomes": outcomes, "good": sum(o.done for o in outcomes)}
        )


def _form(move: Transition, rows: Sequence[Request], data: QueryDict | None = None) -> EventForm:
    form = EventForm(move.fields, data)
    offer_hands(form, {row.body.key for row in rows})
    return form


def _back(request: HttpRequest) -> str:
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/office/requests/")
    return back if safe else reverse("office:requests:home")
