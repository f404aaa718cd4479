"""The page of one Art 44 proposal: the requests it rests on, for those who may see them, and what may be done."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from gongkai.law.decisions import LEAVES
from gongkai.ledger import vault
from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Done
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.records.models import Record
from gongkai.requests.models import Request
from gongkai.ui.pieces import Row

from . import queries, services, showing
from .events import Proposal
from .procedure import PROPOSAL


class ProposalPage(CasePage):
    """One proposal."""

    kind, permission, template_name = PROPOSAL.name, queries.RIGHT, "disclosures/proposal.html"
    trail = (showing.HOME, showing.PROPOSALS)

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """The app's own command."""
        return services.settle(key, event, actor, data, day=day, key=token or None)

    def describe(self, event: Event) -> str:
        """How many asked, or what was decided."""
        if event.kind == "raise":
            return f"{len(event.data['requests'])} 件申请要求公开相同的信息"
        return str(event.data.get("record") or super().describe(event))

    def get_context(self, request: HttpRequest, state: Proposal, body: Body) -> dict[str, Any]:
        """The requests and the applicants' reasons, by right; the record it became."""
        scope = Scope.of(request.user)
        may = scope.may("requests.view", body)
        record = Record.objects.filter(pk=state.record, public=True).first() if state.record else None
        rows = [
            Row("机关", body.name),
            Row("申请", f"{len(state.requests)} 件"),
            Row("申请人建议", f"{len(state.suggested_by)} 件" if state.suggested_by else "没有"),
        ]
        if state.note:
            rows.append(Row("公开方式和责任处室", state.note))
        if state.reason:
            rows.append(Row("不纳入的理由", state.reason))
        if record:
            rows.append(Row("已主动公开", record.title, showing.page_of(record.key)))
        return {
            "title": state.title,
            "kind": showing.PROPOSAL_KINDS.get(state.state, ""),
            "rows": rows,
            "bases": _bases(state) if may else [],
            "reasons": _reasons(state) if scope.may("requests.personal", body) else [],
        }


def _bases(proposal: Proposal) -> list[tuple[Request, str, str, bool]]:
    """(request, its address, its decision, whether its applicant suggested it), oldest first."""
    rows = Request.objects.filter(key__in=proposal.requests).order_by("received_on", "key")
    return [
        (row, reverse("office:requests:case", args=[row.key]), LEAVES[row.leaf].title if row.leaf in LEAVES else "",
         row.key in proposal.suggested_by)
        for row in rows
    ]  # fmt: skip


def _reasons(proposal: Proposal) -> list[str]:
    """What applicants wrote; it is the content of a suggestion, as a request's content is of a request."""
    return [str(why) for one in proposal.reasons if (why := vault.peek(one).get("why"))]
