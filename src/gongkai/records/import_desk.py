"""The screen that imports records: check first, then import; every bad row named."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
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

from . import importing
from .kinds import kinds
from .lists import HOME
from .queries import RIGHT
from .sources import fields_of, sheet_of

SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS = (".jsonl.gz", ".jsonl", ".csv", ".xlsx", ".docx", ".pdf", ".html", ".htm", ".txt", ".md")


class ImportForm(Form):
    """Which body and kind, which file, and whether good rows may go ahead without the bad ones."""

    body = forms.ChoiceField(label="机关", error_messages={"invalid_choice": "请从所列机关中选择"})
    kind = forms.ChoiceField(label="类别", error_messages={"invalid_choice": "请从所列类别中选择"})
    file = forms.FileField(
        label="文件",
        help_text="表格（CSV、XLSX）、JSONL，或者单个 DOCX、PDF、HTML、TXT 文件；整个文件夹请用命令 gongkai import",
        error_messages={"empty": "文件是空的，请重新选择", "invalid": "请选择要导入的文件"},
    )
    only_good = forms.BooleanField(label="有错误时，只导入没有错误的行", required=False)

    def __init__(self, bodies: list[Body], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, offered in (
            ("body", [(b.key, b.name) for b in bodies]),
            ("kind", [(one.key, one.label) for one in kinds().values() if one.at_desk]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = offered

    def clean_file(self) -> Any:
        """A kind of file that can be read, not larger than a file may be."""
        file = self.cleaned_data["file"]
        if file.size > sheets.LARGEST:
            raise forms.ValidationError(
                f"文件超过 {sheets.LARGEST // 1024 // 1024} MB，请分开导入，或者用命令 gongkai import"
            )
        if not file.name.lower().endswith(ENDINGS):
            raise forms.ValidationError(f"不能导入这种文件，可以导入：{'、'.join(one[1:] for one in ENDINGS)}")
        return file


def _bodies(request: HttpRequest) -> list[Body]:
    bodies = workers(Scope.of(request.user), RIGHT, importing.MOVE)
    if not bodies:
        raise PermissionDenied("批量导入须有编辑或者公开办角色")
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
        chosen = form.cleaned_data
        body = next(b for b in bodies if b.key == chosen["body"])
        try:
            report = self._run(request, body, chosen)
        except Invalid as invalid:
            for name, message in invalid.errors:
                form.add_error(name if name in form.fields else None, message)
            return self._show(request, form, status=422)
        if report.dry_run or report.failed:
            return self._show(request, form, report)
        again = f"，{report.skipped} 条以前已导入" if report.skipped else ""
        messages.success(request, f"已导入 {report.imported} 条{again}")
        return redirect("office:records:kind", kind=chosen["kind"])

    def _run(self, request: HttpRequest, body: Body, chosen: dict[str, Any]) -> importing.Report:
        ending = next(one for one in ENDINGS if chosen["file"].name.lower().endswith(one))
        with TemporaryDirectory() as directory:
            path = Path(directory) / f"{Path(chosen['file'].name).name[: -len(ending)][:60] or '文件'}{ending}"
            path.write_bytes(chosen["file"].read())
            return importing.run(
                path, chosen["kind"], body, Scope.of(request.user).actor(body), dry_run="check" in request.POST,
                only_good=chosen["only_good"],
            )  # fmt: skip

    def _show(
        self, request: HttpRequest, form: ImportForm, report: importing.Report | None = None, status: int = 200
    ) -> HttpResponse:
        labels = {}
        if report and (one := kinds().get(form.cleaned_data["kind"])):
            labels = {field.name: field.label for field in fields_of(one)}
        faults = (
            [(one.row, labels.get(one.field, one.field) or "整行", one.message) for one in report.failed]
            if report
            else []
        )
        context = {
            "form": form,
            "report": report,
            "faults": faults[:SHOWN],
            "bad_rows": len({one.row for one in report.failed}) if report else 0,
            "more": max(0, len(faults) - SHOWN),
            "kinds": [one for one in kinds().values() if one.at_desk],
            "trail": (HOME, Crumb("批量导入")),
        }
        return render(request, "records/import.html", context, status=status)


def template_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The empty workbook of a kind, to fill in."""
    Scope.of(request.user).require(RIGHT)
    one = kinds().get(kind)
    if one is None or not one.at_desk:
        raise Http404
    response = HttpResponse(sheet_of(one).template(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{one.label}导入模板.xlsx") or ""
    return response
