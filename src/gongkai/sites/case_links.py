"""What the pages of records offer here: putting the record into columns of sites."""

from typing import Any

from django.urls import reverse

from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.records.models import Record
from gongkai.ui.pieces import Action

from . import queries
from .procedure import COLUMN


def _place(scope: Scope, key: str, state: Any, body: Body) -> list[Action]:
    roles = COLUMN.events["place"][0].roles
    if not scope.may(queries.RIGHT) or scope.anywhere.isdisjoint(roles):
        return []
    public = getattr(state, "public", None)  # a record knows it by itself
    if not (Record.objects.filter(key=key, public=True).exists() if public is None else public):
        return []
    return [Action("放入栏目", reverse("office:sites:place", args=[key]), "查看信息在哪些栏目显示，放入或者移出")]


#: Kind of subject → what its page offers.
LINKS: dict[str, Any] = {"record": _place, "norm": _place, "disclosure": _place}
