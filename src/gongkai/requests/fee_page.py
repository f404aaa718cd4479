"""The fee of one application, computed by the tariff from pages or items, with every band shown; then the notice."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongkai.law.fees import Basis, Fee, charge
from gongkai.organs.casework import ON
from gongkai.ui.forms import EventForm, Form

from . import similar
from .models import Request
from .step_page import StepPage


class Counted(Form):
    """What is counted, and how much of it."""

    basis = forms.ChoiceField(
        label="计收方式",
        choices=[("page", "按量计收（页）"), ("item", "按件计收（件）")],
        widget=forms.RadioSelect,
        help_text="一件申请只能按一种方式计收，不能同时计收",
        error_messages={"required": "请选择计收方式", "invalid_choice": "请选择按量或者按件计收"},
    )
    number = forms.IntegerField(
        label="页数或者件数",
        min_value=1,
        max_value=999_999,
        help_text="按页的，A4 及以下幅面一面为一页；按件的，填本申请拆分计算的项数",
        error_messages={
            "invalid": "页数或者件数应为整数，如 109",
            "min_value": "不能小于 1",
            "max_value": "不能超过 999999",
        },
    )


class FeePage(StepPage):
    """Pages or items in, the amount with its derivation out, and the form of the notice with that amount."""

    event = "notice_fee"
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The calculator; with ``number`` its result."""
        refusal = self.open(request, key)
        before = similar.items_before(Request.objects.get(key=key))
        asked = Counted(request.GET if "number" in request.GET else None, initial={"number": self.case.items})
        context = self.context(key, "信息处理费") | {"form": asked, "refusal": refusal, "before": before}
        status = 200
        if asked.is_bound and asked.is_valid():
            context |= self._result(asked.cleaned_data["basis"], asked.cleaned_data["number"], before)
        elif asked.is_bound:
            status = 422
        return render(request, "requests/fee.html", context, status=status)

    def _result(self, basis: str, number: int, before: int) -> dict[str, object]:
        by_item = basis == Basis.ITEM
        fee: Fee = charge(items=number, before=before) if by_item else charge(pages=number)
        initial = {"amount": str(fee.total), "counted": f"{number} {'件' if by_item else '页'}"}
        form = EventForm((*self.move.fields, ON), prefix=self.event, initial=initial) if fee.total else None
        return {"fee": fee, "unit": "件" if by_item else "页", "notice": form}
