"""The desk of mistakes found on the site: the queue with its clock, the page of one, what waits."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from gongkai.ledger import clock
from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Done
from gongkai.organs.scope import Scope
from gongkai.ui.lists import Column, DayColumn, PillColumn, Table
from gongkai.ui.pieces import Crumb, Item, Panel, Row

from . import case, queries, services, showing
from .events import Mistake
from .message_desk import DueColumn, InteractionList, MatterFilter, states
from .models import Mistake as MistakeRow
from .procedure import KINDS, MISTAKE

HOME = Crumb("网站纠错", "/office/interaction/mistakes/")
KIND = MISTAKE.name


class MistakeFilter(MatterFilter):
    """By words, state, kind of mistake, unit and day."""

    kind, words = KIND, ("number", "page")
    state = states(MISTAKE)
    sort_of = django_filters.ChoiceFilter(label="错误类型", choices=KINDS, field_name="kind", empty_label="不限")


class MistakeTable(Table):
    """A mistake in the queue."""

    number = Column("编号", linkify=lambda record: reverse("office:interaction:mistake", args=[record.key]))
    page = Column("网页地址")
    kind = Column("错误类型")
    body = Column("机关", accessor="body__name")
    received_on = DayColumn("收到日期")
    due_on = DueColumn("办结期限")
    unit = Column("承办处室", default="")
    state = PillColumn("状态", kinds=showing.STATE_KINDS)
    ended_on = DayColumn("办结日期")


class MistakeList(InteractionList):
    """Every mistake this person may see, newest first."""

    here, title = "mistakes", "网站纠错"
    summary = "从每个网页底部“我为政府网站找错”提交；办结期限按本地规则以工作日计算。"
    table_class, filter_class = MistakeTable, MistakeFilter
    empty = "没有网站纠错。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[MistakeRow]:
        """The mistakes on the sites of the bodies this person works for."""
        scope = Scope.of(request.user)
        scope.require(queries.RIGHT)
        return queries.mistakes(scope)


class MistakePage(case.SentPage):
    """One mistake: its clock, what is wrong, what came of it, the reporter masked."""

    kind, trail, due_word = KIND, (HOME,), "办结"

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """The app's own command: what the reporter is told is held against the reporter's data."""
        return services.do(KIND, key, event, actor, data, day=day, key=token or None)

    def describe(self, event: Event) -> str:
        """Whom it was handed to, what was done, or why."""
        data = event.data
        return str(data.get("unit") or data.get("result") or data.get("to") or super().describe(event))

    def sections(self, state: Mistake, hidden: dict[str, Any]) -> list[tuple[str, str]]:
        """What is wrong, and what came of it."""
        return [("错在哪里", str(hidden.get("content", ""))), ("处理结果", state.said)]

    def rows(self, state: Mistake) -> list[Row]:
        """The page (a link only within this site), the kind, days."""
        own = state.page if state.page.startswith("/") and not state.page.startswith("//") else ""
        rows = [Row("网页地址", state.page, own), Row("错误类型", case.words("kind", state.kind)), *case.handler(state)]
        rows.append(Row("收到", state.received_on.isoformat() if state.received_on else ""))
        if state.to:
            rows.append(Row("转往", state.to))
        return rows

    def closed(self, state: Mistake) -> str:
        """Dealt with."""
        return f"已于 {state.ended_on.isoformat()} 办结" if state.ended_on else ""


def waiting(request: HttpRequest) -> Panel | None:
    """Mistakes to be dealt with, the most urgent first."""
    scope = Scope.of(request.user)
    if not scope.anywhere & {"registrar", "handler", "editor", "disclosure"} or not scope.may(queries.RIGHT):
        return None
    rows, today = queries.owed(queries.mistakes(scope), KIND), clock.today()
    lines = []
    for row in rows[:5]:
        said, kind = showing.left(row.due_on, today)
        url = reverse("office:interaction:mistake", args=[row.key])
        lines.append(Item(row.number, url, row.get_kind_display(), said, kind))
    return Panel(
        "网站纠错待办",
        lines,
        f"{reverse('office:interaction:mistakes')}?state=open",
        "没有待处理的网站纠错。",
        rows.count(),
    )
