"""A page for one step of a case that needs more than a form in place: who may see it, and how it is carried out."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.views import View

from gongkai.ledger import clock
from gongkai.ledger.services import Actor, lines
from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.procedure import Refused, Situation, Transition
from gongkai.ui.pieces import Crumb

from .events import Case
from .lists import HOME
from .procedure import PROCEDURE
from .projection import SUBJECT


class StepPage(View):
    """Subclasses name the ``event``. :meth:`open` checks rights and answers why the step cannot be made now, if so."""

    event = ""
    http_method_names = ["get", "post", "head"]

    case: Case
    actor: Actor

    def open(self, request: HttpRequest, key: str) -> str:
        """Load the case; the reason why this actor cannot make the step today, or nothing. 404, 403 as the case page."""
        past = lines(SUBJECT.kind, key)
        if not past:
            raise Http404
        self.case = SUBJECT.fold(past)
        body = Body.objects.get(key=self.case.body)
        scope = Scope.of(request.user)
        scope.require("requests.view", body)
        self.actor = scope.actor(body)
        if request.method == "POST" and not self.actor.roles.intersection(self.move.roles):
            raise PermissionDenied(f"您没有办理“{self.move.label}”的角色")
        return self.refusal(self.event)

    def refusal(self, event: str) -> str:
        """Why this actor cannot make an event of the case today; empty when it can be made."""
        situation = Situation(self.case, self.actor.key, self.actor.roles, clock.today())
        now, later = PROCEDURE.offered(self.case.state, situation)
        if any(move.event == event for move in now):
            return ""
        found = next((reason for move, reason in later if move.event == event), "")
        if found:
            return found
        try:
            PROCEDURE.check(self.case.state, event, situation)
        except Refused as refused:
            return refused.reason
        return ""

    @property
    def move(self) -> Transition:
        """The step's row of the table."""
        return PROCEDURE.events[self.event][0]

    def context(self, key: str, title: str) -> dict[str, Any]:
        """What every such page shows."""
        page = reverse("office:requests:case", args=[key])
        return {
            "title": title,
            "case": self.case,
            "case_url": page,
            "trail": (HOME, Crumb(self.case.number, page), Crumb(title)),
            "token": uuid.uuid4().hex,
        }
