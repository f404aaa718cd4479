"""The desk of the counted registers: the list, an entry, entering."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import path, reverse

from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Done
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body
from gongkai.organs.opening import OpeningPage, workers
from gongkai.organs.scope import Scope
from gongkai.ui.lists import Column, DayColumn, FilterSet, NumberColumn, PillColumn, Table
from gongkai.ui.pieces import Row

from . import events, queries, services
from .import_desk import ImportPage, template_file
from .models import Entry
from .procedure import ENTRY, FEE, REGISTERS
from .showing import describe, iso
from .tabs import REGISTER_HOME, REGISTERS_RIGHT, Tabs


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
            Row("决定日期", iso(state.decided_on)),
            Row("金额", f"{state.amount:,} 元") if fee else Row("数量", f"{state.count:,} 件"),
            Row("决定书文号或编号", state.reference),
        ]
        return {"title": state.matter, "rows": rows, "pill": ENTRY.state[state.state].label, "kind": ""}


class EntryOpening(OpeningPage):
    """Enter into a register."""

    procedure, event, right, page, home = ENTRY, "enter", REGISTERS_RIGHT, "office:norms:entry", REGISTER_HOME

    def command(self) -> Callable[..., Done]:
        """The command."""
        return services.enter


urlpatterns = [
    path("register/", EntryList.as_view(), name="register_list"),
    path("register/enter/", EntryOpening.as_view(), name="enter"),
    path("register/import/", ImportPage.as_view(), name="import"),
    path("register/template.xlsx", template_file, name="template"),
    path("register/<slug:key>/", EntryPage.as_view(), name="entry"),
]
