"""What the pages of requests offer here: publishing the answer to the log, and the proposal that rests on it."""

from typing import Any

from django.urls import reverse

from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.procedure import NEW
from gongkai.requests.events import Case
from gongkai.ui.pieces import Action

from . import queries, services
from .procedure import ITEM


def _of_request(scope: Scope, key: str, case: Case, body: Body) -> list[Action]:
    if not scope.may(queries.RIGHT, body):
        return []
    return [*_log(scope, key, case, body), *_art44(key)]


def _log(scope: Scope, key: str, case: Case, body: Body) -> list[Action]:
    if services.refusal(case):
        return []
    if standing := queries.standing_item(key):
        url = reverse("office:disclosures:item", args=[standing.key])
        return [Action("查看目录条目", url, f"{standing.number}　{standing.get_state_display()}")]
    if not services.may_write(case, scope.actor(body)):
        return []
    move = ITEM.move(NEW, "propose")
    return [Action(move.label, reverse("office:disclosures:propose", args=[key]), "供公众查阅，不公开申请人信息")]


def _art44(key: str) -> list[Action]:
    standing = queries.standing_proposal(key)
    if standing is None:
        return []
    url = reverse("office:disclosures:proposal", args=[standing.key])
    return [Action("查看转主动公开建议", url, f"{standing.number}　{standing.get_state_display()}")]


#: Kind of subject → what its page offers.
LINKS: dict[str, Any] = {"request": _of_request}
