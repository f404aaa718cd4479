"""The page of one item of the log: what is proposed, what the public reads, what may be done."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from gongkai.law.decisions import LEAVES
from gongkai.ledger import attachments
from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Done, lines, replay
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.procedure import Transition
from gongkai.requests import privacy
from gongkai.requests.models import Request
from gongkai.ui.forms import EventForm
from gongkai.ui.pieces import Action, Row

from . import queries, services, showing
from .events import Item
from .procedure import ITEM


class ItemPage(CasePage):
    """One item."""

    kind, permission, template_name, trail = ITEM.name, queries.RIGHT, "disclosures/item.html", (showing.HOME,)

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """The app's own command: it holds every wording against the applicant's data."""
        return services.do(key, event, actor, data, day=day, key=token or None)

    def _action(self, request: HttpRequest, move: Transition, form: EventForm | None) -> Action:
        """Writing has a page of its own, because files come with it."""
        if move.event in services.WRITING and form is None:
            return Action(move.label, reverse("office:disclosures:edit", args=[self.kwargs["key"]]), move.hint)
        return super()._action(request, move, form)

    def describe(self, event: Event) -> str:
        """What was written, or why."""
        if event.kind in services.WRITING:
            words = f"“{event.data['title']}”"
            return f"{words}：{event.data['reason']}" if event.data.get("reason") else words
        return super().describe(event)

    def get_context(self, request: HttpRequest, state: Item, body: Body) -> dict[str, Any]:
        """The wording under work and the one the public reads, the copies, the request for those who may see it."""
        key, at_work = self.kwargs["key"], state.state in queries.ITEMS_IN_HAND or state.shown is None
        return {
            "title": state.draft.title,
            "kind": showing.ITEM_KINDS.get(state.state, ""),
            "rows": _rows(request, state, body),
            "draft": state.draft if at_work else None,
            "files": _files(key, state) if at_work else [],
            "unread": at_work and _unreadable(state),
            "shown": state.shown,
            "copies": [f"{one['name']}（{showing.size(one['size'])}）" for one in state.files],
            "public_url": showing.page_of(key) if state.public else "",
        }


def _rows(request: HttpRequest, item: Item, body: Body) -> list[Row]:
    rows = [Row("机关", body.name), Row("处理决定", LEAVES[item.outcome].title), Row("答复日期", _iso(item.decided_on))]
    if Scope.of(request.user).may("requests.view", body):
        number = Request.objects.filter(key=item.request).values_list("number", flat=True).first()
        rows.append(Row("来自申请", number or item.request, reverse("office:requests:case", args=[item.request])))
    days = (("首次公开", item.published_on), ("最近更新", item.updated_on), ("撤下", item.withdrawn_on))
    rows += [Row(label, _iso(day)) for label, day in days if day]
    return [*rows, Row("撤下原因", item.withdrawn_why)] if item.withdrawn_why else rows


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _files(key: str, item: Item) -> list[tuple[str, str]]:
    """(words, address) of each copy under review."""
    return [
        (showing.file_words(one["ref"], one["type"], one["size"]),
         reverse("office:disclosures:file", args=[key, one["ref"]]))
        for one in item.draft.files
    ]  # fmt: skip


def _unreadable(item: Item) -> bool:
    """Whether a copy cannot be held against the vault by the house, so that the reviewer's eyes alone see it."""
    return any(one["type"] not in privacy.READABLE for one in item.draft.files)


@require_GET
def file(request: HttpRequest, key: str, reference: str) -> HttpResponse:
    """A copy under review, to be saved. Opening it leaves a line in the reading log."""
    item: Item | None = replay(ITEM.name, key)
    if item is None:
        raise Http404
    scope = Scope.of(request.user)
    scope.require(queries.RIGHT, Body.objects.get(key=item.body))
    if reference not in {one["ref"] for event in lines(ITEM.name, key) for one in event.data.get("attachments", ())}:
        raise Http404
    try:
        return attachments.serve(reference, str(request.user.get_username()), "审核公开目录附件")
    except attachments.Missing as missing:
        raise Http404(str(missing)) from missing
