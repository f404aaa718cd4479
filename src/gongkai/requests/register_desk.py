"""The screen that imports an existing register (``organs.importing``)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from gongkai.organs import importing
from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.ui.sheets import Outcome

from . import register_import
from .lists import HOME


class ImportPage(importing.ImportPage):
    """Requests of earlier years, also those that are over."""

    home, template_url, done = HOME, "office:requests:import-template", "office:requests:home"
    say = "从原有的登记台账导入申请，包括已经办结的；各步按原来的日期登记，编号和文号不变。同一编号重复导入，不会重复登记。"

    def bodies(self, request: HttpRequest) -> list[Body]:
        """Where this person is the disclosure office."""
        scope = Scope.of(request.user)
        found = [body for body in scope.bodies("requests.view") if register_import.may_import(scope.roles(body))]
        if not found:
            raise PermissionDenied("导入登记台账须有公开办角色")
        return found

    def command(self, *args: Any, **options: bool) -> Outcome:
        """Tell each row's story."""
        return register_import.import_register(*args, **options)


def template_file(request: HttpRequest) -> HttpResponse:
    """The empty workbook."""
    Scope.of(request.user).require("requests.view")
    return importing.workbook(register_import.SHEET, "登记台账模板.xlsx")
