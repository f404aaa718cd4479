"""The screen that imports a file of the counted registers (``organs.importing``)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from gongkai.organs import importing
from gongkai.organs.models import Body
from gongkai.organs.opening import workers
from gongkai.organs.scope import Scope
from gongkai.ui.pieces import Crumb
from gongkai.ui.sheets import Outcome

from . import imports, register_import
from .procedure import ENTRY

RIGHT = "registers.view"


class ImportPage(importing.ImportPage):
    """Entries by the row."""

    home = Crumb("管理事项登记", "/office/norms/register/")
    template_url, done = "office:norms:template", "office:norms:register_list"
    say = "同一个文件重复导入，不会重复登记。"

    def bodies(self, request: HttpRequest) -> list[Body]:
        """Where this person may enter."""
        bodies = workers(Scope.of(request.user), RIGHT, ENTRY.transitions[0])
        if not bodies:
            raise PermissionDenied("导入登记须有编辑或者公开办角色")
        return bodies

    def command(self, *args: Any, **options: bool) -> Outcome:
        """Enter each row."""
        return register_import.import_entries(*args, **options)


def template_file(request: HttpRequest) -> HttpResponse:
    """The empty workbook."""
    Scope.of(request.user).require(RIGHT)
    return importing.workbook(imports.SHEET, "登记模板.xlsx")
