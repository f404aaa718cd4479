"""Entering a request that arrived by any channel; what looks like it is shown before it gets a number."""

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from gongkai.law.receipt import Channel
from gongkai.ledger import clock
from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.procedure import Field, Invalid, Refused
from gongkai.ui.forms import EventForm
from gongkai.ui.pieces import Crumb

from . import services, similar
from .lists import HOME, desks
from .procedure import APPLICATION


class Enter(View):
    """Enter a request that arrived by any channel."""

    def _form(self, request: HttpRequest, bodies: list[Body], data: Any = None) -> EventForm:
        body = Field("body", "机关", "choice", choices=tuple((b.key, b.name) for b in bodies))
        channel = Field("channel", "渠道", "choice", choices=tuple((c.value, c.label) for c in Channel))
        on = Field("on", "日期", "date", required=False, hint="提交、签收或者收到的日期；默认今天")
        return EventForm((body, channel, on, *APPLICATION), data, initial={"body": bodies[0].key})

    def _bodies(self, request: HttpRequest) -> list[Body]:
        bodies = desks(Scope.of(request.user))
        if not bodies:
            raise PermissionDenied("登记申请须有登记或者公开办角色")
        return bodies

    def _show(
        self, request: HttpRequest, form: EventForm, status: int = 200, hints: list[similar.Hint] | None = None
    ) -> HttpResponse:
        context = {"form": form, "title": "登记申请", "trail": (HOME, Crumb("登记申请")), "token": uuid.uuid4().hex}
        context |= {"hints": hints, "repeats": any(hint.repeat for hint in hints or ())}
        return render(request, "requests/enter.html", context, status=status)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self._show(request, self._form(request, self._bodies(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Enter it, once for each token."""
        bodies = self._bodies(request)
        form = self._form(request, bodies, request.POST)
        if not form.is_valid():
            return self._show(request, form, 422)
        data = dict(form.event_data)
        body = next(b for b in bodies if b.key == data.pop("body"))
        day = date.fromisoformat(data.pop("on")) if "on" in data else clock.today()
        token = request.POST.get("token", "")
        # Once: whoever has seen the likely repeats and enters it all the same knows what they do.
        if "seen" not in request.POST:
            hints = [hint for hint in similar.hints(body.key, data["title"], data) if hint.repeat]
            if hints:
                return self._show(request, form, hints=hints)
        try:
            done = services.receive(body, Scope.of(request.user).actor(body), data, day=day, key=token or None)
        except Invalid as invalid:
            for name, message in invalid.errors:
                form.add_error(name if name in form.fields else None, message)
            return self._show(request, form, 422)
        except Refused as refused:
            form.add_error(None, refused.reason)
            return self._show(request, form, 422)
        messages.success(request, f"已登记：{done.state.number}")
        return redirect("office:requests:case", key=done.event.subject)
