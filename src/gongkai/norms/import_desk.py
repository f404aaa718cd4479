"""The screen that imports a register file: check first, then import; every bad row named."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from gongkai.organs.models import Body
from gongkai.organs.opening import workers
from gongkai.organs.scope import Scope
from gongkai.procedure import Invalid
from gongkai.ui.forms import Form
from gongkai.ui.pieces import Crumb

from . import imports, register_import
from .procedure import ENTRY

RIGHT = "registers.view"
SHOWN = 200  # faults on the page; the rest are counted
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportForm(Form):
    """Which body, which file, and whether good rows may go ahead without the bad ones."""

    body = forms.ChoiceField(label="机关")
    file = forms.FileField(label="表格文件", help_text="CSV 或 XLSX，第一行为列名；可以先下载模板填写")
    only_good = forms.BooleanField(label="有错误时，只导入没有错误的行", required=False)

    def __init__(self, bodies: list[Body], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        body = self.fields["body"]
        assert isinstance(body, forms.ChoiceField)
        body.choices = [(b.key, b.name) for b in bodies]

    def clean_file(self) -> Any:
        """Not larger than a file may be: checked before it is read."""
        file = self.cleaned_data["file"]
        if file.size > imports.LARGEST:
            raise forms.ValidationError(f"文件超过 {imports.LARGEST // 1024 // 1024} MB，请分开导入")
        return file


def _bodies(request: HttpRequest) -> list[Body]:
    bodies = workers(Scope.of(request.user), RIGHT, ENTRY.transitions[0])
    if not bodies:
        raise PermissionDenied("导入登记须有编辑或者公开办角色")
    return bodies


class ImportPage(View):
    """The form, and what a file would do or did."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self._show(request, ImportForm(_bodies(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check (``check``) or import; back to the list when everything went in."""
        bodies = _bodies(request)
        form = ImportForm(bodies, request.POST, request.FILES)
        if not form.is_valid():
            return self._show(request, form, status=422)
        body = next(b for b in bodies if b.key == form.cleaned_data["body"])
        file = form.cleaned_data["file"]
        try:
            outcome = register_import.import_entries(
                body,
                file.read(),
                file.name,
                Scope.of(request.user).actor(body),
                dry_run="check" in request.POST,
                only_good=form.cleaned_data["only_good"],
            )
        except Invalid as invalid:
            for name, message in invalid.errors:
                form.add_error(name if name in form.fields else None, message)
            return self._show(request, form, status=422)
        if outcome.dry_run or outcome.faults:
            return self._show(request, form, outcome)
        again = f"，{outcome.repeated} 行以前已导入" if outcome.repeated else ""
        messages.success(request, f"已导入 {outcome.imported} 行{again}")
        return redirect("office:norms:register_list")

    def _show(
        self, request: HttpRequest, form: ImportForm, outcome: imports.Outcome | None = None, status: int = 200
    ) -> HttpResponse:
        trail = (Crumb("管理事项登记", "/office/norms/register/"), Crumb("从表格导入"))
        faults = outcome.faults[:SHOWN] if outcome else ()
        context = {
            "form": form,
            "outcome": outcome,
            "faults": faults,
            "bad_rows": len({fault.row for fault in outcome.faults}) if outcome else 0,
            "more": len(outcome.faults) - len(faults) if outcome else 0,
            "trail": trail,
        }
        return render(request, "norms/import.html", context, status=status)


def template_file(request: HttpRequest) -> HttpResponse:
    """The empty workbook to fill in."""
    Scope.of(request.user).require(RIGHT)
    response = HttpResponse(imports.template(), content_type=XLSX)
    response["Content-Disposition"] = (
        "attachment; filename=\"template.xlsx\"; filename*=UTF-8''%E7%99%BB%E8%AE%B0%E6%A8%A1%E6%9D%BF.xlsx"
    )
    return response
