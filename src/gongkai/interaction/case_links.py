"""What the pages of norms and records offer here: asking the public what it thinks of them."""

from typing import Any

from django.urls import reverse

from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.procedure import NEW
from gongkai.ui.pieces import Action

from . import queries
from .models import Survey
from .survey_procedure import SURVEY


def _of_document(scope: Scope, key: str, case: Any, body: Body) -> list[Action]:
    if not scope.may(queries.RIGHT, body):
        return []
    links = [
        Action("查看征集调查", reverse("office:interaction:survey", args=[row.key]), f"{row.number}　{row.title}")
        for row in Survey.objects.filter(record=key).order_by("-key")
    ]
    move = SURVEY.move(NEW, "draft")
    if case.state in {"draft", "commenting"} and scope.roles(body).intersection(move.roles):
        url = f"{reverse('office:interaction:survey_draft')}?record={key}"
        links.append(Action("在网上公开征求意见", url, "起草意见征集，经审核后开放"))
    return links


#: Kind of subject → what its page offers.
LINKS: dict[str, Any] = {"norm": _of_document, "record": _of_document}
