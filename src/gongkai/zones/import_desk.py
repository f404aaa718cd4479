"""The screen that imports a sheet of zones."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from gongkai.organs import importing
from gongkai.organs.models import Body
from gongkai.organs.opening import workers
from gongkai.organs.scope import Scope
from gongkai.ui import sheets

from . import queries, showing
from .importing import SHEET, Import
from .procedure import ZONE


class ImportForm(importing.ImportForm):
    """A sheet names the bodies itself; the one chosen here stands where it does not."""

    body = forms.ChoiceField(label="主管机关", help_text="表格中没有写主管机关的，登记为这个机关的专区")


class ImportPage(importing.ImportPage):
    """Zones of every body this person may enter them for."""

    home, title = showing.HOME, "从表格导入专区"
    say = "同一个文件重复导入，不会重复登记。"
    template_url, done = "office:zones:template", "office:zones:home"
    form_class = ImportForm

    def bodies(self, request: HttpRequest) -> list[Body]:
        """Where this person may enter zones."""
        bodies = workers(Scope.of(request.user), queries.RIGHT, ZONE.transitions[0])
        if not bodies:
            raise PermissionDenied("导入专区须有编辑或者公开办角色")
        return bodies

    def command(self, body: Body, content: bytes, filename: str, actor: Any, **options: bool) -> sheets.Outcome:
        """For ``body``, and for the bodies the sheet names."""
        scope = Scope.of(self.request.user)
        whose = [(one, scope.actor(one)) for one in self.bodies(self.request)]
        return Import(whose, body).run(content, filename, **options)


def template_file(request: HttpRequest) -> HttpResponse:
    """The empty workbook to fill in."""
    Scope.of(request.user).require(queries.RIGHT)
    return importing.workbook(SHEET, "专区模板.xlsx")
