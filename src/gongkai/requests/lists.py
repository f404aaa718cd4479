"""The lists of requests: every one a person may see, and the queue in hand by urgency, unit and person."""

from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gongkai.law.calendar import CHINA
from gongkai.law.clocks import URGENCIES
from gongkai.law.decisions import LEAVES
from gongkai.law.receipt import Channel
from gongkai.ledger import clock
from gongkai.organs.models import Body, Unit
from gongkai.organs.scope import Scope
from gongkai.ui.lists import Choice, Column, DayColumn, FilterSet, ListPage, PillColumn, Table
from gongkai.ui.pieces import Crumb

from . import queries, saved_views
from .models import Request
from .procedure import CATEGORIES, PROCEDURE

HOME = Crumb("申请", "/office/requests/")
WAITING_STATES = {"clarifying": "pause", "consulting": "pause", "paying": "pause", "explaining": "pause"}
STATE_KINDS = WAITING_STATES | {"served": "ok", "closed": "ok", "archived": "ok", "awaiting": "soon", "signed": "brand"}


#: 红黄牌: the law's levels as kinds of pill.
LEVELS = {"red": "late", "yellow": "soon", "green": ""}
YELLOW = next(level.at_most for level in URGENCIES if level.code == "yellow") or 0


class LeftColumn(Column):
    """Working days left, in words and as a sign; nothing once answered."""

    def render(self, record: Request) -> SafeString | str:
        """红黄牌: red on the last day and after it, yellow in the last days before (``law.clocks.URGENCIES``)."""
        words, kind = urgency(record)
        return format_html('<span class="pill {}">{}</span>', kind, words) if kind else words

    def value(self, record: Request) -> str:
        """The words."""
        return urgency(record)[0]


def urgency(row: Request) -> tuple[str, str]:
    """What is left of a request's answer period, in words, and the kind of its pill."""
    if row.answered_on and row.state == "signed":
        return "已签发", "brand"
    if row.due_on is None or row.state not in queries.OPEN_STATES:
        return "—", ""
    if row.state in {"clarifying", "paying"}:
        return "停止计算", "pause"
    today = clock.today()
    left = (
        CHINA.workdays_between(today, row.due_on) if row.due_on >= today else -CHINA.workdays_between(row.due_on, today)
    )
    if row.due_on < today:
        return f"逾期 {-left} 日", "late"
    level = next(level.code for level in URGENCIES if level.at_most is None or left <= level.at_most)
    return f"还剩 {left} 日" if left else "今日到期", LEVELS[level]


class RequestTable(Table):
    """The columns of the register that fit a screen; the export has the same."""

    chosen = Choice()
    number = Column("编号", linkify=lambda record: reverse("office:requests:case", args=[record.key]))
    title = Column("申请事项", attrs={"td": {"class": "words"}})
    category = Column("申请人类别", attrs={"th": {"class": "spare"}, "td": {"class": "spare"}})
    channel = Column("渠道")
    received_on = DayColumn("收到日期")
    due_on = DayColumn("到期日")
    left = LeftColumn("剩余", accessor="due_on", orderable=False)
    unit = Column("承办处室")
    handler = Column("承办人", accessor="handler_name")
    state = PillColumn("状态", kinds=STATE_KINDS)
    leaf = Column("处理决定")

    def render_leaf(self, value: str, record: Request) -> str:
        """The leaf's title."""
        return LEAVES[record.leaf].title if record.leaf in LEAVES else "—"


class QueueTable(RequestTable):
    """What is in hand has no decision yet."""

    class Meta:
        """Columns left out."""

        exclude = ("leaf",)


class RequestFilter(FilterSet):
    """By words, state, unit, category, channel, year, decision and urgency."""

    q = django_filters.CharFilter(label="编号或事项", method="search")
    state = django_filters.ChoiceFilter(
        label="状态", choices=[("open", "全部在办"), ("late", "已逾期"), ("soon", f"{YELLOW} 个工作日内到期")]
        + [(state.key, state.label) for state in PROCEDURE.states], method="by_state", empty_label="不限",
    )  # fmt: skip
    unit = django_filters.CharFilter(label="承办处室", lookup_expr="exact")
    category = django_filters.ChoiceFilter(label="申请人类别", choices=CATEGORIES, empty_label="不限")
    channel = django_filters.ChoiceFilter(
        label="渠道", choices=[(c.value, c.label) for c in Channel], empty_label="不限"
    )
    leaf = django_filters.ChoiceFilter(
        label="处理决定", choices=[(leaf.code, leaf.title) for leaf in LEAVES.values()], empty_label="不限"
    )
    received_from = django_filters.DateFilter(label="收到日期自", field_name="received_on", lookup_expr="gte")
    received_to = django_filters.DateFilter(label="至", field_name="received_on", lookup_expr="lte")

    def search(self, rows: QuerySet[Request], name: str, value: str) -> QuerySet[Request]:
        """In number, document number, title, unit."""
        # Words without letters that have two cases (Chinese) find the same either way, three times as fast.
        look = "contains" if value.upper() == value.lower() else "icontains"
        words = [Q((f"{name}__{look}", value)) for name in ("number", "title", "unit", "document_number")]
        return rows.filter(reduce(or_, words))

    def by_state(self, rows: QuerySet[Request], name: str, value: str) -> QuerySet[Request]:
        """A state, or one of the three groups people ask for."""
        today = clock.today()
        if value == "open":
            return queries.open_requests(rows)
        if value == "late":
            return queries.overdue(rows, today)
        if value == "soon":
            return queries.open_requests(rows).filter(due_on__range=(today, CHINA.add_workdays(today, YELLOW)))
        return rows.filter(state=value)


class RequestList(ListPage):
    """Every request this person may see, newest first."""

    title = "依申请公开"
    table_class = RequestTable
    filter_class = RequestFilter
    template_name = "requests/list.html"
    empty = "还没有申请。"
    empty_hint = "收到申请后，点“登记申请”录入；网上提交的申请会自动出现在这里。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Request]:
        """The requests of the bodies this person works for."""
        scope = Scope.of(request.user)
        scope.require("requests.view")
        return queries.visible(scope)

    def get_actions(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Entering one is the registrars' work."""
        held = Scope.of(request.user).anywhere
        enter = [("登记申请", reverse("office:requests:enter"))] if held & {"registrar", "disclosure"} else []
        load = [("从表格导入", reverse("office:requests:import"))] if "disclosure" in held else []
        over = (
            [("保管期限", reverse("office:requests:retention-due"))]
            if held & {"registrar", "disclosure", "supervisor"}
            else []
        )
        return [*enter, *load, *over, ("休假与代理", reverse("office:organs:leave"))]

    def get_tabs(self, request: HttpRequest) -> list[tuple[str, str, bool]]:
        """Everything, or what is in hand: of everybody, of this person's unit, of this person."""
        return _tabs(request, "")

    def get_bulk(self, request: HttpRequest) -> list[tuple[str, str, str]]:
        """What this person's roles allow for several cases at once."""
        from . import bulk

        address = reverse("office:requests:bulk")
        return [(name, label, address) for name, label in bulk.offered(Scope.of(request.user))]

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """The filters this person keeps."""
        return {"bulk_word": "申请"} | saved_views.context(request)


class Queue(RequestList):
    """What is in hand, the most urgent first."""

    title = "在办申请"
    table_class = QueueTable
    summary = f"按到期日先后排列；今日到期和已逾期的标红，{YELLOW} 个工作日内到期的标黄。"
    empty = "没有在办的申请。"
    trail = (HOME,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Request]:
        """Open ones: all, of this person's unit, or this person's own."""
        rows = queries.open_requests(super().get_queryset(request))
        person = Scope.of(request.user).person
        who = request.GET.get("who", "")
        if who == "mine":
            return rows.filter(handler=person.username)
        if who == "unit":
            return rows.filter(unit__in=Unit.objects.filter(pk=person.unit_id).values("name"))
        return rows

    def get_tabs(self, request: HttpRequest) -> list[tuple[str, str, bool]]:
        """The tabs, this one marked."""
        return _tabs(request, request.GET.get("who") or "open")


def _tabs(request: HttpRequest, here: str) -> list[tuple[str, str, bool]]:
    queue = reverse("office:requests:queue")
    tabs = [("全部申请", reverse("office:requests:home"), here == ""), ("在办", queue, here == "open")]
    mine = [("mine", "我承办的"), ("unit", "我处室的")]
    return tabs + [(label, f"{queue}?who={who}", here == who) for who, label in mine]


def desks(scope: Scope) -> list[Body]:
    """The bodies whose register this person may write."""
    return [body for body in scope.bodies("requests.view") if scope.roles(body) & {"registrar", "disclosure"}]
