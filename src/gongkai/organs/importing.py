"""The screen that imports a register from a spreadsheet: check first, then import; every bad row named.

A room names its words, who may import, and its command::

    class ImportPage(organs.importing.ImportPage):
        home, say = HOME, "同一个文件重复导入，不会重复登记。"
        template_url, done = "office:norms:template", "office:norms:register_list"
        def bodies(self, request): ...
        def command(self, *args, **options): ...
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views import View

from gongkai.procedure import Invalid
from gongkai.ui import sheets
from gongkai.ui.forms import Form
from gongkai.ui.pieces import Crumb

from .models import Body
from .scope import Scope

SHOWN = 200  # faults on the page; the rest are counted
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportForm(Form):
    """Which body, which file, and whether good rows may go ahead without the bad ones."""

    body = forms.ChoiceField(label="机关", error_messages={"invalid_choice": "请从所列机关中选择"})
    file = forms.FileField(
        label="表格文件",
        help_text="CSV 或 XLSX，第一行为列名；可以先下载模板填写",
        error_messages={"empty": "文件是空的，请重新选择", "invalid": "请选择要导入的文件"},
    )
    only_good = forms.BooleanField(label="有错误时，只导入没有错误的行", required=False)

    def __init__(self, bodies: list[Body], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        body = self.fields["body"]
        assert isinstance(body, forms.ChoiceField)
        body.choices = [(b.key, b.name) for b in bodies]

    def clean_file(self) -> Any:
        """Not larger than a file may be: checked before it is read."""
        file = self.cleaned_data["file"]
        if file.size > sheets.LARGEST:
            raise forms.ValidationError(f"文件超过 {sheets.LARGEST // 1024 // 1024} MB，请分开导入")
        return file


class ImportPage(View):
    """The form, and what a file would do or did."""

    http_method_names = ["get", "post", "head"]
    home: Crumb
    title = "从表格导入"
    form_class: type[ImportForm] = ImportForm
    #: What the import does and that it can be repeated; the address of the empty workbook; where it leads when all went in.
    say, template_url, done = "", "", ""

    def bodies(self, request: HttpRequest) -> list[Body]:
        """The bodies this person may import for. Raises ``PermissionDenied`` when there are none."""
        raise NotImplementedError(f"{type(self).__name__}.bodies")

    def command(self, body: Body, content: bytes, filename: str, actor: Any, **options: bool) -> sheets.Outcome:
        """Import, or with ``dry_run`` only check; ``only_good`` leaves faulty rows out. Raises ``procedure.Invalid``."""
        raise NotImplementedError(f"{type(self).__name__}.command")

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self._show(request, self.form_class(self.bodies(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check (``check``) or import; back to the list when everything went in."""
        bodies = self.bodies(request)
        form = self.form_class(bodies, request.POST, request.FILES)
        if not form.is_valid():
            return self._show(request, form, status=422)
        body = next(b for b in bodies if b.key == form.cleaned_data["body"])
        file, actor = form.cleaned_data["file"], Scope.of(request.user).actor(body)
        options = {"dry_run": "check" in request.POST, "only_good": form.cleaned_data["only_good"]}
        try:
            outcome = self.command(body, file.read(), file.name, actor, **options)
        except Invalid as invalid:
            for name, message in invalid.errors:
                form.add_error(name if name in form.fields else None, message)
            return self._show(request, form, status=422)
        if outcome.dry_run or outcome.faults:
            return self._show(request, form, outcome)
        again = f"，{outcome.repeated} 行以前已导入" if outcome.repeated else ""
        messages.success(request, f"已导入 {outcome.imported} 行{again}")
        return redirect(self.done)

    def _show(
        self, request: HttpRequest, form: ImportForm, outcome: sheets.Outcome | None = None, status: int = 200
    ) -> HttpResponse:
        faults = outcome.faults[:SHOWN] if outcome else ()
        context: Mapping[str, Any] = {
            "form": form,
            "title": self.title,
            "say": self.say,
            "template_url": self.template_url,
            "outcome": outcome,
            "faults": faults,
            "bad_rows": len({fault.row for fault in outcome.faults}) if outcome else 0,
            "more": len(outcome.faults) - len(faults) if outcome else 0,
            "trail": (self.home, Crumb("从表格导入")),
        }
        return render(request, "organs/import.html", context, status=status)


def workbook(sheet: sheets.Sheet, name: str) -> HttpResponse:
    """The empty workbook to fill in, to be saved under a name."""
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(sheet.template(), content_type=XLSX, headers=headers)
