"""Everybody's own page for leave: who stands in for me, for whom do I stand in."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from gongkai.ledger.services import Actor
from gongkai.procedure import Field, Invalid
from gongkai.ui.forms import EventForm
from gongkai.ui.pieces import Crumb

from . import leave
from .models import Person
from .scope import Scope

MYSELF = frozenset({"self"})


class LeavePage(View):
    """Enter one's own leave with a deputy; end it early."""

    http_method_names = ["get", "post", "head"]

    def _form(self, person: Person, data: object = None) -> EventForm:
        others = Person.objects.filter(body=person.body_id, is_active=True).exclude(pk=person.pk)
        fields = (
            Field("deputy", "代理人", "choice", choices=(*((p.username, p.name) for p in others),)),
            Field("since", "开始日期", "date"),
            Field("until", "结束日期", "date", hint="含当日"),
        )
        return EventForm(fields, data)  # type: ignore[arg-type]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        person = Scope.of(request.user).person
        return self._show(request, person, self._form(person))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Enter, or with ``end`` finish one of one's own leaves."""
        person = Scope.of(request.user).person
        myself = Actor(person.username, MYSELF)
        if "end" in request.POST:
            mine = leave.coming(person).filter(person=person, pk=_number(request.POST["end"])).first()
            if mine:
                leave.end(mine, myself)
                messages.success(request, "代理已结束")
            return redirect(request.path)
        form = self._form(person, request.POST)
        if form.is_valid():
            data = form.event_data
            deputy = Person.objects.get(username=data["deputy"])
            try:
                since, until = (date.fromisoformat(data[name]) for name in ("since", "until"))
                leave.take(person, deputy, since, until, myself)
                messages.success(request, f"已登记休假，期间由{deputy.name}代理")
                return redirect(request.path)
            except Invalid as invalid:
                for name, message in invalid.errors:
                    form.add_error(name, message)
        return self._show(request, person, form, 422)

    def _show(self, request: HttpRequest, person: Person, form: EventForm, status: int = 200) -> HttpResponse:
        context = {"title": "休假与代理", "trail": [Crumb("休假与代理")], "form": form, "person": person}
        context |= {"leaves": leave.coming(person)}
        return render(request, "organs/leave.html", context, status=status)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
