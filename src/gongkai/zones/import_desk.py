"""The screen that imports a sheet of zones: check first, then import; every bad row named."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views import View

from gongkai.organs.models import Body
from gongkai.organs.opening import workers
from gongkai.organs.scope import Scope
from gongkai.procedure import Invalid
from gongkai.ui import sheets
from gongkai.ui.forms import Form
from gongkai.ui.pieces import Crumb

from . import queries, showing
from .importing import SHEET, Import
from .procedure import ZONE

SHOWN = 200  # faults on the page; the rest are counted
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportForm(Form):
    """For which body, which file, and whether good rows may go ahead without the bad ones."""

    body = forms.ChoiceField(label="主管机关", help_text="表格中没有写主管机关的，登记为这个机关的专区")
    file = forms.FileField(label="表格文件", help_text="CSV 或 XLSX，第一行为列名；可以先下载模板填写")
    only_good = forms.BooleanField(label="有错误时，只导入没有错误的行", required=False)

    def __init__(self, bodies: list[Body], *args: object, **kwargs: object):
        super().__init__(*args, **kwargs)
        body = self.fields["body"]
        assert isinstance(body, forms.ChoiceField)
        body.choices = [(b.key, b.name) for b in bodies]

    def clean_file(self) -> object:
        """Not larger than a file may be: checked before it is read."""
        file = self.cleaned_data["file"]
        if file.size > sheets.LARGEST:
            raise forms.ValidationError(f"文件超过 {sheets.LARGEST // 1024 // 1024} MB，请分开导入")
        return file


class ImportPage(View):
    """The form, and what a file would do or did."""

    def _bodies(self, request: HttpRequest) -> list[Body]:
        bodies = workers(Scope.of(request.user), queries.RIGHT, ZONE.transitions[0])
        if not bodies:
            raise PermissionDenied("导入专区须有编辑或者公开办角色")
        return bodies

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self._show(request, ImportForm(self._bodies(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check (``check``) or import; back to the list when everything went in."""
        bodies, scope = self._bodies(request), Scope.of(request.user)
        form = ImportForm(bodies, request.POST, request.FILES)
        if not form.is_valid():
            return self._show(request, form, status=422)
        body = next(b for b in bodies if b.key == form.cleaned_data["body"])
        file = form.cleaned_data["file"]
        work = Import([(one, scope.actor(one)) for one in bodies], body)
        try:
            outcome = work.run(
                file.read(), file.name, dry_run="check" in request.POST, only_good=form.cleaned_data["only_good"]
            )
        except Invalid as invalid:
            for name, message in invalid.errors:
                form.add_error(name if name in form.fields else None, message)
            return self._show(request, form, status=422)
        if outcome.dry_run or outcome.faults:
            return self._show(request, form, outcome)
        again = f"，{outcome.repeated} 行以前已导入" if outcome.repeated else ""
        messages.success(request, f"已导入 {outcome.imported} 行{again}")
        return redirect("office:zones:home")

    def _show(
        self, request: HttpRequest, form: ImportForm, outcome: sheets.Outcome | None = None, status: int = 200
    ) -> HttpResponse:
        faults = outcome.faults[:SHOWN] if outcome else ()
        context = {
            "form": form,
            "outcome": outcome,
            "faults": faults,
            "bad_rows": len({fault.row for fault in outcome.faults}) if outcome else 0,
            "more": len(outcome.faults) - len(faults) if outcome else 0,
            "trail": (showing.HOME, Crumb("从表格导入")),
        }
        return render(request, "zones/import.html", context, status=status)


def template_file(request: HttpRequest) -> HttpResponse:
    """The empty workbook to fill in."""
    Scope.of(request.user).require(queries.RIGHT)
    response = HttpResponse(SHEET.template(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, "专区模板.xlsx") or "attachment"
    return response
