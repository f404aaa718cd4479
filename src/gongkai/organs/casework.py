"""The page of a subject: what it is, what happened, and what this person may do now. Every desk's case pages are these.

The buttons come from the procedure's table, the forms from its fields, the checks from the command: nothing here knows
what kind of subject it shows.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from gongkai.law.articles import cite
from gongkai.ledger import clock
from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Conflict, Done, act, lines
from gongkai.ledger.subjects import SUBJECTS
from gongkai.procedure import Field, Invalid, Procedure, Refused, Situation, Transition
from gongkai.ui.discover import offered
from gongkai.ui.forms import EventForm
from gongkai.ui.pieces import Action, Crumb, Happening

from .models import Body, Person
from .scope import Scope

#: Everything may be entered after the fact; the legal day is then the day it happened.
ON = Field("on", "日期", "date", required=False, hint="默认今天；补录时填实际发生的日期")


class CasePage(View):
    """Subclasses name the ``kind``, the ``permission`` to see it, the template, and ``body_key(state)``.

    ``perform`` is the app's command; ``titles`` words a line of the timeline where the table's label is not enough.
    """

    kind = ""
    permission = ""
    template_name = ""
    trail: Sequence[Crumb] = ()
    http_method_names = ["get", "post", "head"]

    # What an app says of its subjects.

    def body_key(self, state: Any) -> str:
        """The body the subject belongs to."""
        key: str = state.body
        return key

    def name_of(self, state: Any) -> str:
        """What the subject is called in the breadcrumb: its register number."""
        name: str = state.number
        return name

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """Make the event, once for each token."""
        return act(self.kind, key, event, actor, day=day, data=data, key=token or None)

    def get_context(self, request: HttpRequest, state: Any, body: Body) -> dict[str, Any]:
        """What the app's template shows besides title, timeline and actions."""
        return {}

    def describe(self, event: Event) -> str:
        """What a line of the timeline says after its label."""
        return str(event.data.get("reason") or event.data.get("note") or "")

    def shown(
        self, now: list[Transition], later: list[tuple[Transition, str]]
    ) -> tuple[list[Transition], list[tuple[Transition, str]]]:
        """Which of the steps possible now, and of those that are not, the page names."""
        return now, later

    # What the page does with it.

    @property
    def procedure(self) -> Procedure:
        """The table."""
        return SUBJECTS[self.kind].procedure

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The page."""
        return self._page(request, key, *self._open(request, key))

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Make the event the form names, then show the page again; refused data stay in their form."""
        past, state, body, scope = self._open(request, key)
        move = self._move(state, request.POST.get("event", ""))
        if move is None:
            messages.error(request, "事项已有变化，您要办的步骤现在不能办，请看下面现在可以做的")
            return redirect(request.path)
        form = EventForm((*move.fields, ON), request.POST, prefix=move.event)
        if form.is_valid():
            data = dict(form.event_data)
            day = date.fromisoformat(data.pop("on")) if "on" in data else clock.today()
            try:
                self.perform(key, move.event, scope.actor(body), data, day, request.POST.get("token", ""))
                messages.success(request, f"已办：{move.label}")
                return redirect(request.path)
            except Invalid as invalid:
                for name, message in invalid.errors:
                    form.add_error(name if name in form.fields else None, message)
            except Refused as refused:
                status = 403 if refused.kind == "role" else 422
                form.add_error(None, refused.reason)
                return self._page(request, key, past, state, body, scope, form, move, status)
            except Conflict as conflict:
                form.add_error(None, str(conflict))
        return self._page(request, key, past, state, body, scope, form, move, 422)

    def _open(self, request: HttpRequest, key: str) -> tuple[list[Event], Any, Body, Scope]:
        past = lines(self.kind, key)
        if not past:
            raise Http404
        state = SUBJECTS[self.kind].fold(past)
        body = Body.objects.get(key=self.body_key(state))
        scope = Scope.of(request.user)
        scope.require(self.permission, body)
        return past, state, body, scope

    def _move(self, state: Any, event: str) -> Transition | None:
        try:
            return self.procedure.move(state.state, event)
        except Refused:
            return None

    def _page(
        self,
        request: HttpRequest,
        key: str,
        past: list[Event],
        state: Any,
        body: Body,
        scope: Scope,
        form: EventForm | None = None,
        move: Transition | None = None,
        status: int = 200,
    ) -> HttpResponse:
        actor = scope.actor(body)
        situation = Situation(state, actor.key, actor.roles, clock.today())
        now, later = self.procedure.offered(state.state, situation)
        if form is not None and move is not None and move not in now:
            now = [move, *now]
        now, later = self.shown(now, later)
        context = {
            "trail": [*self.trail, Crumb(self.name_of(state))],
            "case": state,
            "key": key,
            "body": body,
            "state_label": self.procedure.state[state.state].label,
            "actions": [
                *(self._action(request, one, form if one == move else None) for one in now),
                *self._linked(scope, key, state, body),
            ],
            "later": later,
            "timeline": self._timeline(past),
        }
        return render(request, self.template_name, context | self.get_context(request, state, body), status=status)

    def _linked(self, scope: Scope, key: str, state: Any, body: Body) -> list[Action]:
        """Pages that other apps offer for this kind of subject: ``LINKS`` of their ``case_links`` modules."""
        makers = [app.LINKS[self.kind] for _, app in offered("case_links") if self.kind in app.LINKS]
        return [link for make in makers for link in make(scope, key, state, body)]

    def _action(self, request: HttpRequest, move: Transition, form: EventForm | None) -> Action:
        # The token makes a double click one event: it is new each time the page is shown.
        hidden = (("event", move.event), ("token", uuid.uuid4().hex))
        form = form or EventForm((*move.fields, ON), prefix=move.event)
        article = "；".join(cite(one) for one in move.articles)
        return Action(move.label, request.path, move.hint, article, form, hidden=hidden, grave=move.event in GRAVE)

    def _timeline(self, past: list[Event]) -> list[Happening]:
        people = {e.actor for e in past} | {e.data.get("deputy_for", "") for e in past}
        names = dict(Person.objects.filter(username__in=people).values_list("username", "name"))
        names |= {"system": "系统", "applicant": "申请人"}
        names |= {f"register:{role}": "原台账" for role in self.procedure.roles}
        events = self.procedure.events
        return [
            Happening(
                title=events[e.kind][0].label,
                on=e.recorded_at if clock.day_of(e.recorded_at) == e.legal_day else e.legal_day,
                who=_who(e, names),
                text=self.describe(e),
                article="；".join(cite(one) for one in events[e.kind][0].articles),
            )
            for e in reversed(past)
        ]


def _who(event: Event, names: Mapping[str, str]) -> str:
    """Whoever acted; a deputy with 代 and for whom."""
    who, whose = names.get(event.actor, event.actor), event.data.get("deputy_for", "")
    return f"{who}（代{names.get(whose, whose)}）" if whose else who


#: Events that cannot be taken back: their button says so.
GRAVE = frozenset({"void", "withdraw", "lapse_unclarified", "lapse_unpaid"})
