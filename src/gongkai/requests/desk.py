"""The request desk: the queue by urgency, every request, entering one, and the case page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views import View

from gongkai.law.calendar import CHINA
from gongkai.law.clocks import Deadline, remaining
from gongkai.law.decisions import LEAVES
from gongkai.law.receipt import Channel
from gongkai.ledger import clock, vault
from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Done
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.procedure import Field, Invalid, Refused
from gongkai.ui.clock import strip
from gongkai.ui.forms import EventForm
from gongkai.ui.lists import Column, DayColumn, FilterSet, ListPage, PillColumn, Table
from gongkai.ui.pieces import Crumb, Item, Panel, Row

from . import papers_desk, queries, services
from .events import Case
from .models import Request
from .procedure import APPLICATION, CATEGORIES, PROCEDURE

HOME = Crumb("申请", "/office/requests/")
WAITING_STATES = {"clarifying": "pause", "consulting": "pause", "paying": "pause", "explaining": "pause"}
STATE_KINDS = WAITING_STATES | {"served": "ok", "closed": "ok", "archived": "ok", "awaiting": "soon", "signed": "brand"}


class LeftColumn(Column):
    """Working days left, in words and as a sign; nothing once answered."""

    def render(self, record: Request) -> SafeString | str:
        """红黄牌: overdue red, up to three days yellow."""
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
    return (f"还剩 {left} 日", "soon" if left <= 3 else "") if left else ("今日到期", "late")


class RequestTable(Table):
    """The columns of the register that fit a screen; the export has the same."""

    number = Column("编号", linkify=lambda record: reverse("office:requests:case", args=[record.key]))
    title = Column("申请事项")
    category = Column("申请人类别")
    channel = Column("渠道")
    received_on = DayColumn("收到日期")
    due_on = DayColumn("到期日")
    left = LeftColumn("剩余", accessor="due_on", orderable=False)
    unit = Column("承办处室")
    state = PillColumn("状态", kinds=STATE_KINDS)
    leaf = Column("处理决定")

    def render_leaf(self, value: str, record: Request) -> str:
        """The leaf's title."""
        return LEAVES[record.leaf].title if record.leaf in LEAVES else "—"


class RequestFilter(FilterSet):
    """By words, state, unit, category, channel, year, decision and urgency."""

    q = django_filters.CharFilter(label="编号或事项", method="search")
    state = django_filters.ChoiceFilter(
        label="状态", choices=[("open", "全部在办"), ("late", "已逾期"), ("soon", "三日内到期")]
        + [(state.key, state.label) for state in PROCEDURE.states], method="by_state", empty_label="不限",
    )  # fmt: skip
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
        words = Q(number__icontains=value) | Q(title__icontains=value)
        return rows.filter(words | Q(unit__icontains=value) | Q(document_number__icontains=value))

    def by_state(self, rows: QuerySet[Request], name: str, value: str) -> QuerySet[Request]:
        """A state, or one of the three groups people ask for."""
        today = clock.today()
        if value == "open":
            return queries.open_requests(rows)
        if value == "late":
            return queries.overdue(rows, today)
        if value == "soon":
            return queries.open_requests(rows).filter(due_on__range=(today, CHINA.add_workdays(today, 3)))
        return rows.filter(state=value)


class RequestList(ListPage):
    """Every request this person may see, newest first."""

    title = "依申请公开"
    table_class = RequestTable
    filter_class = RequestFilter
    empty = "还没有申请。"
    empty_hint = "收到申请后，点“登记申请”录入；网上提交的申请会自动出现在这里。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Request]:
        """The requests of the bodies this person works for."""
        scope = Scope.of(request.user)
        scope.require("requests.view")
        return queries.visible(scope)

    def get_actions(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Entering one is the registrars' work."""
        return [("登记申请", reverse("office:requests:enter"))] if _desks(Scope.of(request.user)) else []


class Queue(RequestList):
    """What is in hand, the most urgent first."""

    title = "在办申请"
    summary = "按到期日先后排列；已逾期的标红，三个工作日内到期的标黄。"
    empty = "没有在办的申请。"
    trail = (HOME,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Request]:
        """Open ones."""
        return queries.open_requests(super().get_queryset(request))


def _desks(scope: Scope) -> list[Body]:
    """The bodies whose register this person may write."""
    return [body for body in scope.bodies("requests.view") if scope.roles(body) & {"registrar", "disclosure"}]


class Enter(View):
    """Enter a request that arrived by any channel."""

    def _form(self, request: HttpRequest, bodies: list[Body], data: Any = None) -> EventForm:
        body = Field("body", "机关", "choice", choices=tuple((b.key, b.name) for b in bodies))
        channel = Field("channel", "渠道", "choice", choices=tuple((c.value, c.label) for c in Channel))
        on = Field("on", "日期", "date", required=False, hint="提交、签收或者收到的日期；默认今天")
        return EventForm((body, channel, on, *APPLICATION), data, initial={"body": bodies[0].key})

    def _bodies(self, request: HttpRequest) -> list[Body]:
        from django.core.exceptions import PermissionDenied

        bodies = _desks(Scope.of(request.user))
        if not bodies:
            raise PermissionDenied("登记申请须有登记或者公开办角色")
        return bodies

    def _show(self, request: HttpRequest, form: EventForm, status: int = 200) -> HttpResponse:
        import uuid

        context = {"form": form, "title": "登记申请", "trail": (HOME, Crumb("登记申请")), "token": uuid.uuid4().hex}
        return render(request, "requests/enter.html", context, status=status)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self._show(request, self._form(request, self._bodies(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Enter it, once for each token."""
        bodies = self._bodies(request)
        form = self._form(request, bodies, request.POST)
        if not form.is_valid():
            return self._show(request, form, 422)
        data = dict(form.event_data)
        body = next(b for b in bodies if b.key == data.pop("body"))
        day = date.fromisoformat(data.pop("on")) if "on" in data else clock.today()
        token = request.POST.get("token", "")
        try:
            done = services.receive(body, Scope.of(request.user).actor(body), data, day=day, key=token or None)
        except Invalid as invalid:
            for name, message in invalid.errors:
                form.add_error(name if name in form.fields else None, message)
            return self._show(request, form, 422)
        except Refused as refused:
            form.add_error(None, refused.reason)
            return self._show(request, form, 422)
        messages.success(request, f"已登记：{done.state.number}")
        return redirect("office:requests:case", key=done.event.subject)


class RequestPage(CasePage):
    """One request: the clock with its derivation, what happened, what may be done."""

    kind = services.KIND
    permission = "requests.view"
    template_name = "requests/case.html"
    trail = (HOME,)

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """Signing needs a number: the app's own command."""
        return services.do(key, event, actor, data, day=day, key=token or None)

    def describe(self, event: Event) -> str:
        """What was decided, asked, or handed to whom."""
        data = event.data
        words = {
            "assign": lambda: f"{data['unit']}",
            "draft": lambda: f"{LEAVES[data['leaf']].title}（{data['basis']}）",
            "sign": lambda: data["document_number"],
            "request_clarification": lambda: f"{data['what']}（补正期限 {data['until']}）",
            "extend": lambda: f"延长 {data['days']} 个工作日：{data['reason']}",
            "notice_fee": lambda: f"{data['amount']} 元（{data['counted']}）",
        }
        for name in ("whom", "opinion", "method"):
            if name in data:
                field = next(f for f in PROCEDURE.events[event.kind][0].fields if f.name == name)
                return dict(field.choices)[data[name]] + (f"　{data['proof']}" if data.get("proof") else "")
        return words.get(event.kind, lambda: super(RequestPage, self).describe(event))()

    def get_context(self, request: HttpRequest, state: Case, body: Body) -> dict[str, Any]:
        """Clock, applicant (masked unless opened for a reason that is logged), decision."""
        deadline = state.deadline()
        scope = Scope.of(request.user)
        reveal = request.method == "POST" and "reveal" in request.POST
        may = scope.may("requests.personal", body)
        personal = vault.read(state.personal, str(request.user.username), "案件页查看") if reveal and may else None
        return {
            "title": state.title,
            "strip": strip(deadline, clock.today(), closed=_closed(state)) if deadline else None,
            "applicant": _applicant(state, personal or vault.masked(state.personal)),
            "content": (personal or vault.masked(state.personal)).get("content", ""),
            "may_reveal": may and personal is None,
            "category": dict(CATEGORIES)[state.category],
            "channel": Channel(state.channel).label,
            "kind": STATE_KINDS.get(state.state, "soon" if _pressing(deadline) else ""),
            "decision": _decision(state),
            "checklist": papers_desk.check_list(state),
            **papers_desk.box(scope, body, self.kwargs["key"]),
        }

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Opening personal data is a post too: it leaves a line in the reading log."""
        if "reveal" in request.POST:
            opened = self._open(request, key)
            opened[3].require("requests.personal", opened[2])
            return self._page(request, key, *opened)
        return super().post(request, key)


def _pressing(deadline: Deadline | None) -> bool:
    return deadline is not None and not deadline.stopped and remaining(deadline, clock.today()) <= 3


def _closed(case: Case) -> str:
    if case.state == "void":
        return "登记已作废"
    return f"已于 {case.answered_on.isoformat()} 办结" if case.answered_on else ""


def _applicant(case: Case, personal: Mapping[str, str]) -> list[Row]:
    fields = {field.name: field for field in APPLICATION}
    choices = {name: dict(fields[name].choices) for name in ("form", "delivery")}
    rows = [Row(fields[name].label, personal[name]) for name in personal if name != "content"]
    rows += [Row(fields[name].label, choices[name][getattr(case, name)]) for name in choices if getattr(case, name)]
    return rows


def _decision(case: Case) -> list[Row]:
    if case.leaf is None and case.draft is None:
        return []
    leaf = case.draft.leaf if case.draft else case.leaf
    rows = [Row("处理决定", LEAVES[leaf].title if leaf else "")]
    if case.draft:
        rows += [Row("法律依据", case.draft.basis), Row("答复内容", case.draft.text), Row("理由", case.draft.reason)]
    if case.document_number:
        rows.append(Row("文号", case.document_number))
    if case.decided_on and case.rounds > 1:
        first = f"{LEAVES[case.leaf].title}（{case.decided_on.isoformat()}，年度报告按此计件）" if case.leaf else ""
        rows.append(Row("首次决定", first))
    return rows


def _panel(title: str, rows: QuerySet[Request], url: str, empty: str) -> Panel:
    items = []
    for row in rows[:5]:
        words, kind = urgency(row)
        items.append(Item(row.number, reverse("office:requests:case", args=[row.key]), row.title, words, kind))
    return Panel(title, items, url, empty, rows.count())


def urgent(request: HttpRequest) -> Panel | None:
    """The most urgent requests in hand."""
    scope = Scope.of(request.user)
    if not scope.may("requests.view"):
        return None
    rows = queries.open_requests(queries.visible(scope))
    return _panel("在办申请", rows, reverse("office:requests:queue"), "没有在办的申请。")


#: Who waits for what: the state whose cases a role takes up next.
TURNS = (
    ("reviewer", "drafted", "待我审核"),
    ("signatory", "reviewed", "待我签发"),
    ("registrar", "signed", "待我送达"),
)


def turns(request: HttpRequest) -> Panel | None:
    """What waits for just this person's role."""
    scope = Scope.of(request.user)
    for role, state, title in TURNS:
        bodies = [body.key for body in scope.bodies("requests.view") if role in scope.roles(body)]
        if bodies:
            rows = queries.visible(scope).filter(body__in=bodies, state=state).order_by("due_on")
            url = f"{reverse('office:requests:home')}?state={state}"
            return _panel(title, rows, url, "目前没有等待您的申请。")
    return None


panels = [turns, urgent]

urlpatterns = [
    path("", RequestList.as_view(), name="home"),
    path("queue/", Queue.as_view(), name="queue"),
    path("enter/", Enter.as_view(), name="enter"),
    *papers_desk.urlpatterns,
    path("<slug:key>/", RequestPage.as_view(), name="case"),
]
