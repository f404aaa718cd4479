"""The lists of this desk that belong together."""

from django.http import HttpRequest
from django.urls import reverse

from gongkai.organs.scope import Scope
from gongkai.ui.lists import ListPage
from gongkai.ui.pieces import Crumb

from .procedure import KINDS

NORMS_RIGHT, REGISTERS_RIGHT = "norms.view", "registers.view"
HOME, REGISTER_HOME = Crumb("规范性文件", "/office/norms/"), Crumb("管理事项登记", "/office/norms/register/")


class Tabs(ListPage):
    """A list of this desk, with the way to the others this person may see."""

    here = ""

    def get_tabs(self, request: HttpRequest) -> list[tuple[str, str, bool]]:
        """The lists, and the balance."""
        scope = Scope.of(request.user)
        tabs = [(label, f"{kind}_list", NORMS_RIGHT) for kind, label in KINDS]
        tabs += [("管理事项登记", "register_list", REGISTERS_RIGHT)]
        tabs += [("清理", "cleanups", NORMS_RIGHT), ("数量平衡", "balance", NORMS_RIGHT)]
        return [
            (label, reverse(f"office:norms:{name}"), name == f"{self.here}_list")
            for label, name, right in tabs
            if scope.may(right)
        ]
