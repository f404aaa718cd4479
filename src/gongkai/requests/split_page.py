"""An application with several items made into several cases: one line for each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gongkai.ledger.services import Conflict
from gongkai.procedure import Field, Invalid, Refused
from gongkai.ui.forms import EventForm

from . import services
from .procedure import REASON
from .step_page import StepPage

ITEMS = Field(
    "items",
    "各项内容",
    "long",
    hint="每行一项，写成申请事项，不写个人信息；第一项留在本件，其余各编一个登记号",
    longest=4000,
)
MOST = 50


class SplitPage(StepPage):
    """The items, the reason, and it is done."""

    event = "split"

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The form."""
        refusal = self.open(request, key)
        form = EventForm((ITEMS, REASON), initial={"items": self.case.title + "\n"})
        return self._show(request, key, form, refusal)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Split, once for each token."""
        refusal = self.open(request, key)
        form = EventForm((ITEMS, REASON), request.POST)
        if not form.is_valid():
            return self._show(request, key, form, refusal, 422)
        items, reason = form.event_data["items"].splitlines(), form.event_data["reason"]
        if len(items) > MOST or any(len(item) > 200 for item in items):
            form.add_error("items", f"最多 {MOST} 项，每项不超过 200 字")
            return self._show(request, key, form, refusal, 422)
        try:
            done = services.split(key, items, self.actor, reason, key=request.POST.get("token", "")[:100] or None)
        except Invalid as invalid:
            for name, message in invalid.errors:
                form.add_error(name if name in form.fields else None, message)
        except Refused as refused:
            form.add_error(None, refused.reason)
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, f"已分拆，新登记：{'、'.join(done.state.parts)}")
            return redirect("office:requests:case", key=key)
        return self._show(request, key, form, refusal, 422)

    def _show(self, request: HttpRequest, key: str, form: EventForm, refusal: str, status: int = 200) -> HttpResponse:
        context = self.context(key, "分拆办理") | {"form": form, "refusal": refusal}
        return render(request, "requests/split.html", context, status=status)
