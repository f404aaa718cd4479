"""The form that begins a subject: the opening event's own fields, for those who may make it, once for each token."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from gongkai.ledger import clock
from gongkai.ledger.services import Conflict, Done
from gongkai.procedure import NEW, Field, Invalid, Procedure, Refused, Transition
from gongkai.ui.forms import EventForm
from gongkai.ui.pieces import Crumb

from .casework import ON
from .models import Body
from .scope import Scope


def workers(scope: Scope, right: str, move: Transition) -> list[Body]:
    """The bodies for which this person may make an opening event."""
    return [body for body in scope.bodies(right) if scope.roles(body).intersection(move.roles)]


class OpeningPage(View):
    """``event`` of ``procedure``, made by ``command``; leads to the page named ``page``."""

    procedure: ClassVar[Procedure]
    event = ""
    right = ""
    page = ""
    home: Crumb

    def command(self) -> Callable[..., Done]:
        """The app's command for the event."""
        raise NotImplementedError(f"{type(self).__name__}.command")

    def initial(self, request: HttpRequest) -> dict[str, str]:
        """What the address already says of the new subject."""
        return {}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only for those who may make the event somewhere."""
        self.move = self.procedure.move(NEW, self.event)
        self.scope = Scope.of(request.user)
        self.bodies = workers(self.scope, self.right, self.move)
        if not self.bodies:
            who = "、".join(self.procedure.roles[role] for role in self.move.roles if role != "system")
            raise PermissionDenied(f"“{self.move.label}”须由{who}办理")
        return super().dispatch(request, *args, **kwargs)

    def _form(self, request: HttpRequest, data: Any = None) -> EventForm:
        body = Field("body", "机关", "choice", choices=tuple((b.key, b.name) for b in self.bodies))
        initial = {"body": self.bodies[0].key} | self.initial(request)
        return EventForm((body, ON, *self.move.fields), data, initial=initial)

    def _show(self, request: HttpRequest, form: EventForm, status: int = 200) -> HttpResponse:
        token = request.POST.get("token") or uuid.uuid4().hex
        context = {"form": form, "move": self.move, "trail": (self.home, Crumb(self.move.label)), "token": token}
        return render(request, "organs/opening.html", context, status=status)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self._show(request, self._form(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the event."""
        form = self._form(request, request.POST)
        if form.is_valid():
            data = dict(form.event_data)
            body = next(b for b in self.bodies if b.key == data.pop("body"))
            day = date.fromisoformat(data.pop("on")) if "on" in data else clock.today()
            token = request.POST.get("token") or None
            try:
                done = self.command()(body, self.scope.actor(body), data, day=day, key=token)
                number = getattr(done.state, "number", "")
                messages.success(request, f"已办：{self.move.label}{'　' if number else ''}{number}")
                return redirect(self.page, key=done.event.subject)
            except Invalid as invalid:
                for name, message in invalid.errors:
                    form.add_error(name if name in form.fields else None, message)
            except Refused as refused:
                form.add_error(None, refused.reason)
            except Conflict as conflict:
                form.add_error(None, str(conflict))
        return self._show(request, form, 422)
