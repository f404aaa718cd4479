"""The desk page that balances norms: what is in force on a day, by status and kind, and whether the numbers agree."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.law.validity import Status
from gongkai.ledger import clock
from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.ui.forms import Form
from gongkai.ui.pieces import Crumb, Equation, Term

from .models import Norm
from .procedure import KINDS
from .queries import Balance, balance, bodies_of, statuses

RIGHT = "norms.view"
SCOPES = (("own", "本机关（政府含其办公厅）"), ("all", "本机关及下级"))


class BalanceForm(Form):
    """Which body, how far down, which days."""

    body = forms.ChoiceField(label="机关", required=False)
    scope = forms.ChoiceField(label="范围", choices=SCOPES, required=False)
    since = forms.DateField(label="自", required=False)
    on = forms.DateField(label="至", required=False)

    def __init__(self, bodies: Sequence[Body], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        body = self.fields["body"]
        assert isinstance(body, forms.ChoiceField)
        body.choices = [(one.key, one.name) for one in bodies]

    def clean(self) -> dict[str, Any]:
        """The days in order."""
        data = super().clean() or {}
        on = data.get("on") or clock.today()
        if data.get("since") and data["since"] > on:
            self.add_error("since", f"起始日晚于截止日 {on.isoformat()}，请调换")
        return data


@require_safe
def balance_page(request: HttpRequest) -> HttpResponse:
    """The page. Bodies the person may not see are not counted."""
    scope = Scope.of(request.user)
    scope.require(RIGHT)
    allowed = scope.bodies(RIGHT)
    bodies = list(allowed)
    form = BalanceForm(bodies, request.GET or None)
    told = form.cleaned_data if form.is_bound and form.is_valid() else {}
    chosen = next((one for one in bodies if one.key == told.get("body")), bodies[0] if bodies else None)
    on: date = told.get("on") or clock.today()
    since: date = told.get("since") or on.replace(month=1, day=1)
    reach = told.get("scope") or "own"
    if not form.is_bound:
        form = BalanceForm(
            bodies, initial={"body": chosen.key if chosen else "", "scope": reach, "since": since, "on": on}
        )
    context = {"trail": (Crumb("规范性文件", reverse("office:norms:home")), Crumb("数量平衡")), "form": form, "on": on}
    if chosen and (not form.is_bound or form.is_valid()):
        within = bodies_of(chosen, reach).filter(pk__in=allowed.values("pk"))
        listed = statuses(Norm.objects.filter(body__in=within.values("key")), on)
        context |= {"body": chosen, "parts": [_part(kind, label, within, since, on, listed) for kind, label in KINDS]}
    return render(request, "norms/balance.html", context, status=422 if form.is_bound and not form.is_valid() else 200)


def _part(
    kind: str, label: str, bodies: Any, since: date, on: date, listed: list[tuple[Norm, Status]]
) -> dict[str, Any]:
    counts = Counter(what for norm, what in listed if norm.kind == kind)
    rows = [(what.label, counts[what], what.in_force) for what in Status if counts[what]]
    return {"label": label, "rows": rows, "equation": equation(balance(bodies, since, on, kind), kind)}


def equation(sums: Balance, kind: str) -> Equation:
    """previous + issued on one side, in force + all that ended on the other."""
    url = reverse(f"office:norms:{kind}_list")
    issued = {"issued_from": sums.first.isoformat(), "issued_to": sums.last.isoformat()}
    return Equation(
        (Term(sums.previous, "期初现行有效"), Term(sums.issued, "本期制发", f"{url}?{urlencode(issued)}")),
        (
            Term(sums.in_force, "期末现行有效"), Term(sums.repealed, "废止"), Term(sums.lapsed, "宣布失效"),
            Term(sums.expired, "期满失效"),
        ),
        sums.holds,
    )  # fmt: skip
