"""What the pages of the redaction desk share: the case, the document, who may, the reading log."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.urls import reverse

from gongkai.ledger import clock
from gongkai.ledger.models import Reading as LogLine
from gongkai.ledger.services import Conflict
from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.procedure import Invalid, Refused
from gongkai.ui.pieces import Crumb

from .materials import Edition, Material
from .step_page import StepPage

#: The right to see what is not (yet) disclosed.
ORIGINALS = "requests.originals"


class Desk(StepPage):
    """What the pages share: the case, the document, who may."""

    event = "store_material"

    def start(self, request: HttpRequest, key: str) -> tuple[str, Scope, Body]:
        """Load; the refusal of :attr:`event`, the rights and the body."""
        refusal = self.open(request, key)
        body = Body.objects.get(key=self.case.body)
        return refusal, Scope.of(request.user), body

    def material(self, number: int) -> Material:
        """A document of the case, of any round. Raises Http404."""
        found = next((one for one in self.case.materials if one.number == number), None)
        if found is None:
            raise Http404
        return found

    def edition(self, number: int, edition: int) -> tuple[Material, Edition]:
        """An edition of a document. Raises Http404."""
        material = self.material(number)
        found = next((one for one in material.editions if one.number == edition), None)
        if found is None:
            raise Http404
        return material, found

    def frame(self, key: str, title: str) -> dict[str, Any]:
        """Title, trail and token, under the list of documents."""
        made = self.context(key, title) | {"key": key}
        here = Crumb("区分处理", reverse("office:requests:redaction", args=[key]))
        made["trail"] = (*made["trail"][:-1], *((here,) if title != "区分处理" else ()), Crumb(title))
        return made

    def attempt(self, request: HttpRequest, what: Callable[[], Any], said: str) -> bool:
        """Run a command; tell what came of it."""
        try:
            what()
        except Invalid as invalid:
            for _, message in invalid.errors:
                messages.error(request, message)
            return False
        except (Refused, Conflict) as refusal:
            messages.error(request, getattr(refusal, "reason", str(refusal)))
            return False
        messages.success(request, said)
        return True


def log(request: HttpRequest, reference: str, purpose: str) -> None:
    """A line in the reading log."""
    reader = str(request.user.get_username())
    LogLine.objects.create(secret=f"attachment/{reference}", reader=reader, at=clock.now(), purpose=purpose[:200])


def token_of(request: HttpRequest) -> str | None:
    """The form's idempotency key."""
    return request.POST.get("token", "")[:100].replace("\x00", "") or None


def number_of(request: HttpRequest, name: str) -> int:
    """A whole number that was posted; 0 for anything else."""
    sent = request.POST.get(name, "")
    return int(sent) if sent.isdecimal() and len(sent) < 6 else 0


def page_of(request: HttpRequest) -> int:
    """The page asked for, from 1."""
    sent = (request.POST if request.method == "POST" else request.GET).get("page", "1")
    return int(sent) if sent.isdecimal() and len(sent) < 6 else 1
