"""The desk of norms and registers: lists with the status of today, pages, entering, import."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gongkai.ledger import clock
from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Done
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body
from gongkai.organs.opening import OpeningPage, workers
from gongkai.organs.scope import Scope
from gongkai.procedure import NEW
from gongkai.ui.lists import Column, DayColumn, FilterSet, ListPage, NumberColumn, PillColumn, Table
from gongkai.ui.pieces import Crumb, Item, Panel, Row

from . import events, queries, services
from .import_desk import ImportPage, template_file
from .models import Entry, Norm
from .procedure import ENTRY, FEE, KINDS, NORM, REGISTERS
from .status import SOON, Status, status

NORMS_RIGHT, REGISTERS_RIGHT = "norms.view", "registers.view"
HOME, REGISTER_HOME = Crumb("规范性文件", "/office/norms/"), Crumb("管理事项登记", "/office/norms/register/")
STATUS_KINDS = {
    Status.PENDING: "brand", Status.IN_FORCE: "ok", Status.AMENDED: "ok", Status.EXPIRING: "soon",
    Status.EXPIRED: "late", Status.REPEALED: "late", Status.LAPSED: "late",
}  # fmt: skip
#: Data of a line worth reading in the timeline, in this order.
_TOLD = (
    "document_number", "by", "from_on", "valid_until", "meeting", "matter", "count", "amount", "reference", "title",
    "note", "reason",
)  # fmt: skip
_UNITS = {"from_on": "自{}起", "valid_until": "有效期至 {}", "count": "{} 件", "amount": "{} 元"}


def describe(event: Event) -> str:
    """What a line of a norm or an entry says."""
    return "；".join(_UNITS.get(name, "{}").format(event.data[name]) for name in _TOLD if event.data.get(name))


def today_status(norm: Norm | events.Norm) -> tuple[str, str]:
    """A norm's status today in words, and the kind of its pill; the desk's own state while it is not issued."""
    if norm.issued_on is None or norm.state == "void":
        return NORM.state[norm.state].label, ""
    found = status(norm.validity, clock.today())
    return found.label, STATUS_KINDS.get(found, "")


class StatusColumn(Column):
    """The status today, derived from the dates."""

    def render(self, record: Norm) -> SafeString:
        """The pill."""
        words, kind = today_status(record)
        return format_html('<span class="pill {}">{}</span>', kind, words)

    def value(self, record: Norm) -> str:
        """The words."""
        return today_status(record)[0]


class NormTable(Table):
    """A norm in a list."""

    title = Column("标题", linkify=lambda record: reverse("office:norms:case", args=[record.key]))
    document_number = Column("文号")
    register_number = Column("登记号")
    body = Column("制定机关")
    issued_on = DayColumn("公布日期")
    effective_on = DayColumn("施行日期")
    valid_until = DayColumn("有效期至")
    status = StatusColumn("效力", accessor="ceased_on")


_BY_STATUS: dict[str, tuple[str, Callable[[QuerySet[Norm], date], QuerySet[Norm]]]] = {
    "in_force": ("现行有效", queries.in_force),
    "expiring": ("半年内到期", lambda rows, day: queries.expiring(rows, day, day + SOON)),
    "unrecorded": ("期满未登记失效", queries.expired_unrecorded),
    "ceased": ("已废止、失效", lambda rows, day: rows.filter(ceased_on__lte=day).exclude(state="void")),
    "draft": ("起草办理中", lambda rows, day: rows.filter(state__in=("draft", "reviewed", "approved"))),
}


class NormFilter(FilterSet):
    """By words, status and day of issue."""

    q = django_filters.CharFilter(label="标题、文号或登记号", method="search")
    status = django_filters.ChoiceFilter(
        label="效力", choices=[(key, label) for key, (label, _) in _BY_STATUS.items()], method="by_status",
        empty_label="不限",
    )  # fmt: skip
    issued_from = django_filters.DateFilter(label="公布日期自", field_name="issued_on", lookup_expr="gte")
    issued_to = django_filters.DateFilter(label="至", field_name="issued_on", lookup_expr="lte")

    def search(self, rows: QuerySet[Norm], name: str, value: str) -> QuerySet[Norm]:
        """In title and both numbers."""
        numbers = Q(document_number__icontains=value) | Q(register_number__icontains=value)
        return rows.filter(numbers | Q(title__icontains=value))

    def by_status(self, rows: QuerySet[Norm], name: str, value: str) -> QuerySet[Norm]:
        """As of today."""
        return _BY_STATUS[value][1](rows, clock.today())


class Tabs(ListPage):
    """A list of this desk, with the way to the others this person may see."""

    template_name = "norms/list.html"
    here = ""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """The lists."""
        scope = Scope.of(request.user)
        tabs = [(label, kind, NORMS_RIGHT) for kind, label in KINDS]
        tabs.append(("管理事项登记", "register", REGISTERS_RIGHT))
        return {
            "tabs": [
                (label, reverse(f"office:norms:{name}_list"), name == self.here)
                for label, name, right in tabs
                if scope.may(right)
            ]
        }


class NormList(Tabs):
    """Norms of one kind (all on the front page), the latest issued first."""

    kind: str | None = None
    title = "规章和规范性文件"
    table_class, filter_class = NormTable, NormFilter
    empty = "还没有登记文件。"
    empty_hint = "启用本系统以前公布、仍现行有效的，用“登记已有文件”录入。"

    @property
    def here(self) -> str:  # type: ignore[override]
        """The tab."""
        return self.kind or ""

    def get_title(self, request: HttpRequest) -> str:
        """The kind's name."""
        return dict(KINDS).get(self.kind or "", self.title)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Norm]:
        """The norms of the bodies this person works for."""
        scope = Scope.of(request.user)
        scope.require(NORMS_RIGHT)
        return queries.visible_norms(scope, self.kind)

    def get_actions(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The ways to begin one."""
        scope = Scope.of(request.user)
        moves = [move for move in NORM.transitions if NEW in move.sources and workers(scope, NORMS_RIGHT, move)]
        return [(move.label, reverse(f"office:norms:{move.event}")) for move in moves]


class EntryTable(Table):
    """An entry in a list."""

    key = Column("编号", linkify=lambda record: reverse("office:norms:entry", args=[record.key]))
    register = Column("登记类别")
    matter = Column("事项")
    decided_on = DayColumn("决定日期")
    count = NumberColumn("数量（件）")
    amount = NumberColumn("金额（元）")
    reference = Column("决定书文号或编号")
    state = PillColumn("状态", kinds={"void": "late"})


class EntryFilter(FilterSet):
    """By words, register and day."""

    q = django_filters.CharFilter(label="事项或文号", method="search")
    register = django_filters.ChoiceFilter(label="登记类别", choices=REGISTERS, empty_label="不限")
    state = django_filters.ChoiceFilter(
        label="状态", choices=[(s.key, s.label) for s in ENTRY.states], empty_label="不限"
    )
    decided_from = django_filters.DateFilter(label="决定日期自", field_name="decided_on", lookup_expr="gte")
    decided_to = django_filters.DateFilter(label="至", field_name="decided_on", lookup_expr="lte")

    def search(self, rows: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        """In matter and reference."""
        return rows.filter(Q(matter__icontains=value) | Q(reference__icontains=value))


class EntryList(Tabs):
    """Register entries, the latest decision first."""

    here, title = "register", "管理事项登记"
    summary = "行政许可、行政处罚、行政强制的处理决定和行政事业性收费，年度报告表二据此统计。"
    table_class, filter_class = EntryTable, EntryFilter
    empty = "还没有登记。"
    empty_hint = "可以逐条登记，也可以从表格批量导入。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        """The entries of the bodies this person works for."""
        scope = Scope.of(request.user)
        scope.require(REGISTERS_RIGHT)
        return queries.visible_entries(scope)

    def get_actions(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Enter one, or many from a file."""
        if not workers(Scope.of(request.user), REGISTERS_RIGHT, ENTRY.transitions[0]):
            return []
        return [("登记", reverse("office:norms:enter")), ("从表格导入", reverse("office:norms:import"))]


class NormPage(CasePage):
    """One norm: its dates and status today, what happened to it, what may be done."""

    kind, permission, template_name, trail = "norm", NORMS_RIGHT, "norms/case.html", (HOME,)

    def name_of(self, state: events.Norm) -> str:
        """Its 文号, else its title."""
        return state.document_number or state.title

    def describe(self, event: Event) -> str:
        """What the line says."""
        return describe(event)

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """The app's own command."""
        return services.do(self.kind, key, event, actor, data, day=day, key=token or None)

    def get_context(self, request: HttpRequest, state: events.Norm, body: Body) -> dict[str, Any]:
        """Title, status, dates."""
        words, kind = today_status(state)
        days = ("issued_on", "公布日期"), ("effective_on", "施行日期"), ("valid_until", "有效期至")
        rows = [
            Row("类别", dict(KINDS)[state.kind]),
            Row("制定机关", body.name),
            Row("文号", state.document_number),
            Row("登记号", state.register_number),
            *(Row(label, _iso(getattr(state, name))) for name, label in days),
            Row("修改", "、".join(f"自 {day.isoformat()} 起" for day in state.amended_from)),
        ]
        if state.ended_on:
            rows += [Row("废止或失效", f"自 {state.ended_on.isoformat()} 起"), Row("依据", state.ended_by)]
        return {"title": state.title, "rows": rows, "pill": words, "kind": kind}


class EntryPage(CasePage):
    """One register entry."""

    kind, permission, template_name, trail = "register_entry", REGISTERS_RIGHT, "norms/case.html", (REGISTER_HOME,)

    def name_of(self, state: events.Entry) -> str:
        """Its reference, else its matter."""
        return state.reference or state.matter

    def describe(self, event: Event) -> str:
        """What the line says."""
        return describe(event)

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """The app's own command."""
        return services.do(self.kind, key, event, actor, data, day=day, key=token or None)

    def get_context(self, request: HttpRequest, state: events.Entry, body: Body) -> dict[str, Any]:
        """What was decided, when, how many or how much."""
        fee = state.register == FEE
        rows = [
            Row("登记类别", dict(REGISTERS)[state.register]),
            Row("机关", body.name),
            Row("决定日期", _iso(state.decided_on)),
            Row("金额", f"{state.amount:,} 元") if fee else Row("数量", f"{state.count:,} 件"),
            Row("决定书文号或编号", state.reference),
        ]
        return {"title": state.matter, "rows": rows, "pill": ENTRY.state[state.state].label, "kind": ""}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


class NormOpening(OpeningPage):
    """Begin a norm by one of the three opening events."""

    procedure, right, page, home = NORM, NORMS_RIGHT, "office:norms:case", HOME

    def command(self) -> Callable[..., Done]:
        """The command of the event's name."""
        return {"draft": services.draft, "issue": services.issue}.get(self.event, services.register_existing)


class EntryOpening(OpeningPage):
    """Enter into a register."""

    procedure, event, right, page, home = ENTRY, "enter", REGISTERS_RIGHT, "office:norms:entry", REGISTER_HOME

    def command(self) -> Callable[..., Done]:
        """The command."""
        return services.enter


def ending(request: HttpRequest) -> Panel | None:
    """Norms whose validity ends within half a year, the earliest first: evaluate, renew or let lapse."""
    scope = Scope.of(request.user)
    if not scope.may(NORMS_RIGHT):
        return None
    today = clock.today()
    rows = queries.expiring(queries.visible_norms(scope), today, today + SOON)
    items = [
        Item(row.title, reverse("office:norms:case", args=[row.key]), row.document_number, f"{_iso(row.valid_until)}到期", "soon")
        for row in rows[:5]
    ]  # fmt: skip
    url = reverse("office:norms:home") + "?status=expiring"
    return Panel("即将到期的文件", items, url, "半年内没有到期的文件。", rows.count())


panels = [ending]

urlpatterns = [
    path("", NormList.as_view(), name="home"),
    *(path(f"{kind}/", NormList.as_view(kind=kind), name=f"{kind}_list") for kind, _ in KINDS),
    *(
        path(f"{event}/", NormOpening.as_view(event=event), name=event)
        for event in ("draft", "issue", "register_existing")
    ),
    path("norm/<slug:key>/", NormPage.as_view(), name="case"),
    path("register/", EntryList.as_view(), name="register_list"),
    path("register/enter/", EntryOpening.as_view(), name="enter"),
    path("register/import/", ImportPage.as_view(), name="import"),
    path("register/template.xlsx", template_file, name="template"),
    path("register/<slug:key>/", EntryPage.as_view(), name="entry"),
]
