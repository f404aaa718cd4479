"""The desk of questions: the queue with its clock, the page of one, what waits on the front page."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gongkai.ledger import clock, vault
from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Done
from gongkai.organs.models import Body
from gongkai.organs.opening import OpeningPage, workers
from gongkai.organs.scope import Scope
from gongkai.procedure import NEW, Transition
from gongkai.ui.forms import EventForm
from gongkai.ui.lists import Column, DayColumn, FilterSet, ListPage, NumberColumn, PillColumn, Table
from gongkai.ui.pieces import Action, Crumb, Item, Panel, Row

from . import case, queries, repeats, services, showing
from .events import Message
from .models import Message as MessageRow
from .procedure import CHANNELS, MESSAGE

HOME = Crumb("政务咨询", "/office/interaction/")
KIND = MESSAGE.name


class DueColumn(DayColumn):
    """A due date, with what remains while something is owed."""

    def render(self, value: date, record: Any) -> SafeString | str:
        """2021-03-08 and a pill: 还剩 3 个工作日."""
        day = super().render(value)
        if record.state not in queries.OWED[record._meta.model_name]:
            return day
        said, kind = showing.left(value, clock.today())
        return format_html('{} <span class="pill {}">{}</span>', day, kind, said)


class MatterFilter(FilterSet):
    """What the queues of questions and mistakes are both searched by."""

    kind = ""
    words: tuple[str, ...] = ("number",)
    q = django_filters.CharFilter(label="编号或内容", method="search")
    unit = django_filters.CharFilter(label="承办处室", lookup_expr="icontains")
    received_from = django_filters.DateFilter(label="收到日期自", field_name="received_on", lookup_expr="gte")
    received_to = django_filters.DateFilter(label="至", field_name="received_on", lookup_expr="lte")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """In the columns of ``words``."""
        wanted = Q()
        for one in self.words:
            wanted |= Q(**{f"{one}__icontains": value})
        return rows.filter(wanted)

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """A state, everything in hand, or what is late."""
        if value == "open":
            return rows.filter(state__in=queries.OWED[self.kind])
        if value == "overdue":
            return rows.filter(state__in=queries.OWED[self.kind], due_on__lt=clock.today())
        return rows.filter(state=value)


def states(procedure: Any) -> django_filters.ChoiceFilter:
    """The filter by state, with everything in hand and what is late before the states."""
    choices = [("open", "全部在办"), ("overdue", "已逾期"), *((s.key, s.label) for s in procedure.states)]
    return django_filters.ChoiceFilter(label="状态", choices=choices, method="by_state", empty_label="不限")


class MessageFilter(MatterFilter):
    """By words, state, unit, wish and day."""

    kind, words = KIND, ("number", "title")
    state = states(MESSAGE)
    publish = django_filters.ChoiceFilter(
        label="同意公开", choices=[("1", "同意"), ("0", "不同意")], method="by_wish", empty_label="不限"
    )

    channel = django_filters.ChoiceFilter(
        label="渠道",
        choices=[("web", "网上"), ("place", "专区自助终端"), *CHANNELS],
        method="by_channel",
        empty_label="不限",
    )

    def by_channel(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Sent by internet, sent from a terminal of a zone, or entered by staff."""
        if value == "place":
            return rows.exclude(place="")
        return rows.filter(channel="", place="") if value == "web" else rows.filter(channel=value)

    def by_wish(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Whether the sender agreed to publication."""
        return rows.filter(publish=value == "1")


class MessageTable(Table):
    """A question in the queue."""

    number = Column("编号", linkify=lambda record: reverse("office:interaction:message", args=[record.key]))
    title = Column("主题")
    body = Column("机关", accessor="body__name")
    received_on = DayColumn("收到日期")
    due_on = DueColumn("答复期限")
    unit = Column("承办处室", default="")
    handler = Column("承办人", accessor="handler_name", default="")
    state = PillColumn("状态", kinds=showing.STATE_KINDS)
    answered_on = DayColumn("答复日期")
    took = NumberColumn("用时（工作日）")


class InteractionList(ListPage):
    """The lists of the desk, with the way from one to the others."""

    here = ""

    def get_tabs(self, request: HttpRequest) -> list[tuple[str, str, bool]]:
        """Questions, surveys, mistakes."""
        tabs = (("政务咨询", "home"), ("征集调查", "surveys"), ("网站纠错", "mistakes"))
        return [(label, reverse(f"office:interaction:{name}"), name == self.here) for label, name in tabs]


class MessageList(InteractionList):
    """Every question this person may see, newest first."""

    here, title = "home", "政务咨询"
    summary = "答复期限按本地规则以工作日计算，从收到的次日起算；满三个月没有答复的，网站检查单项否决。"
    table_class, filter_class = MessageTable, MessageFilter
    empty = "没有留言。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[MessageRow]:
        """The questions to the bodies this person works for."""
        scope = Scope.of(request.user)
        scope.require(queries.RIGHT)
        return queries.messages(scope)

    def get_actions(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Enter one that came otherwise, for those who may."""
        move = MESSAGE.move(NEW, "enter")
        may = workers(Scope.of(request.user), queries.RIGHT, move)
        return [(move.label, reverse("office:interaction:enter"))] if may else []


class Enter(OpeningPage):
    """Enter a question that came by telephone, letter or visit."""

    procedure, event, right = MESSAGE, "enter", queries.RIGHT
    page, home = "office:interaction:message", HOME

    def command(self) -> Callable[..., Done]:
        """The app's command."""
        return services.enter


class MessagePage(case.SentPage):
    """One question: its clock, what was asked, the answer, those that look alike, the sender masked."""

    kind, trail = KIND, (HOME,)

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """The app's own command: what leaves the house is held against the sender's data."""
        return services.do(KIND, key, event, actor, data, day=day, key=token or None)

    def describe(self, event: Event) -> str:
        """Whom it was handed to, into what it was merged, or why."""
        data = event.data
        if event.kind == "assign":
            difficulty = case.words("difficulty", data["difficulty"]) if data.get("difficulty") else ""
            return "　".join(filter(None, (data["unit"], difficulty)))
        if event.kind == "merge":
            return str(MessageRow.objects.filter(pk=data["into"]).values_list("number", flat=True).first() or "")
        return "" if event.kind in {"draft", "answer_with"} else str(data.get("heading") or super().describe(event))

    def _action(self, request: HttpRequest, move: Transition, form: EventForm | None) -> Action:
        """What was written before is what writing begins with."""
        action, state = super()._action(request, move, form), self.opened
        if isinstance(action.form, EventForm) and not action.form.is_bound:
            action.form.initial = {
                "draft": {"reply": state.reply},
                "prepare": {"heading": state.heading or state.title, "question": state.question},
            }.get(move.event, {})
        return action

    def sections(self, state: Message, hidden: dict[str, Any]) -> list[tuple[str, str]]:
        """What was asked, the answer, the public wording."""
        made = [("内容", str(hidden.get("content", ""))), ("答复", state.reply)]
        made.append((f"公开的问题：{state.heading}" if state.heading else "", state.question))
        return [*made, ("理由", state.reason)]

    def rows(self, state: Message) -> list[Row]:
        """Difficulty, wish, days, who works on it."""
        rows = [
            Row("渠道", source(state)),
            Row("难易", case.words("difficulty", state.difficulty)),
            Row("公开", "同意公开" if state.publish else "不同意公开"),
            *case.handler(state),
            Row("收到", _iso(state.received_on)),
            Row("满三个月", _iso(state.veto_on)),
        ]
        if state.answered_on:
            rows.append(Row("答复", f"{_iso(state.answered_on)}，用时 {state.took} 个工作日"))
        if state.into:
            number = MessageRow.objects.filter(pk=state.into).values_list("number", flat=True).first()
            rows.append(Row("并入", number or "", reverse("office:interaction:message", args=[state.into])))
        if state.state == "published":
            rows.append(Row("公开页面", "查看", reverse("portal:interaction:message", args=[self.kwargs["key"]])))
        return rows

    def closed(self, state: Message) -> str:
        """Answered, or refused."""
        return (
            f"已于 {_iso(state.answered_on)} 答复"
            if state.answered_on
            else "不予受理"
            if state.state == "refused"
            else ""
        )

    def get_context(self, request: HttpRequest, state: Message, body: Body) -> dict[str, Any]:
        """Also what looks alike and what was merged into it."""
        key = self.kwargs["key"]
        return super().get_context(request, state, body) | {
            "hints": repeats.hints(state.body, state.title, vault.peek(state.personal), but=key),
            "children": list(MessageRow.objects.filter(into=key).order_by("key")),
            "late": state.veto_on is not None and not state.answered_on and clock.today() > state.veto_on
            and state.state != "refused",
        }  # fmt: skip


def source(state: Message) -> str:
    """How it came: 网上, 来电, or the zone whose terminal it was sent from."""
    if state.place:
        return f"{state.place}自助终端"
    return case.words("channel", state.channel) if state.channel else "网上"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


#: Which states wait for which role.
_TURNS = {
    "registrar": ("received",), "handler": ("assigned", "returned"), "reviewer": ("drafted", "prepared"),
    "signatory": ("drafted", "prepared"), "disclosure": ("received", "assigned", "drafted", "returned", "prepared"),
}  # fmt: skip


def waiting(request: HttpRequest) -> Panel | None:
    """Questions that wait for this person's roles, the most urgent first."""
    scope = Scope.of(request.user)
    turns = sorted({state for role, found in _TURNS.items() if role in scope.anywhere for state in found})
    if not turns or not scope.may(queries.RIGHT):
        return None
    rows = queries.messages(scope).filter(state__in=turns).order_by("due_on", "key")
    lines, today = [], clock.today()
    for row in rows[:5]:
        said, kind = showing.left(row.due_on, today) if row.answered_on is None else (row.get_state_display(), "soon")
        lines.append(Item(row.number, reverse("office:interaction:message", args=[row.key]), row.title, said, kind))
    url = f"{reverse('office:interaction:home')}?state=open"
    return Panel("政务咨询待办", lines, url, "没有等待您办理的留言。", rows.count())
