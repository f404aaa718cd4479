"""The desk of columns: the list, the page of one with what stands in it, moving, placing records by hand."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongkai.ledger import clock
from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Conflict, Done, replay
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.procedure import NEW, Invalid, Refused, Transition
from gongkai.records.models import Record
from gongkai.ui.forms import EventForm
from gongkai.ui.lists import Column as TableColumn
from gongkai.ui.lists import DayColumn, FilterSet, ListPage, NumberColumn, PillColumn, Table
from gongkai.ui.pieces import Action, Crumb, Row

from . import events, filling, queries, services
from .desk_kit import COLUMN_KINDS as PILLS
from .desk_kit import HOME, allowed, form_page, query_words, site_crumb, site_or_404, with_choices
from .models import Column, Entry, Placed
from .procedure import COLUMN, DETAILS
from .site_desk import tabs
from .vocabulary import COLUMN_KINDS, LISTING, PARTS, PERIOD_CHOICES, QUERY, SPOTS


class ColumnTable(Table):
    """A column in the list."""

    name = TableColumn("栏目", linkify=lambda record: reverse("office:sites:column", args=[record.key]))
    site = TableColumn("网站", accessor="site__name")
    kind = TableColumn("种类")
    period = TableColumn("更新周期")
    count = NumberColumn("信息")
    newest = DayColumn("最近更新")
    state = PillColumn("状态", kinds=PILLS)


class ColumnFilter(FilterSet):
    """By name, site, kind and state."""

    q = django_filters.CharFilter(label="栏目名称", field_name="name", lookup_expr="icontains")
    site = django_filters.CharFilter(label="网站标识", field_name="site__key")
    kind = django_filters.ChoiceFilter(label="种类", choices=COLUMN_KINDS, empty_label="不限")
    state = django_filters.ChoiceFilter(
        label="状态", choices=[(s.key, s.label) for s in COLUMN.states], empty_label="不限"
    )
    empty = django_filters.ChoiceFilter(
        label="信息", choices=(("true", "没有信息的"),), empty_label="不限", method="by_empty"
    )

    def by_empty(self, rows: QuerySet[Column], name: str, value: str) -> QuerySet[Column]:
        """Listing columns with nothing in them."""
        return rows.filter(kind__in=LISTING, count=0)


class ColumnList(ListPage):
    """Every column of the sites this person works for."""

    title = "栏目"
    table_class, filter_class = ColumnTable, ColumnFilter
    trail = (HOME,)
    empty = "还没有栏目。"
    empty_hint = "新建网站时由标准栏目包生成，也可以在网站的栏目页逐个增加。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Column]:
        """With what stands in each."""
        scope = Scope.of(request.user)
        scope.require(queries.RIGHT)
        rows = scope.limit(Column.objects.select_related("site"), queries.RIGHT, "site__body")
        return rows.annotate(count=Count("entries"), newest=Max("entries__on"))

    def get_tabs(self, request: HttpRequest) -> Sequence[tuple[str, str, bool]]:
        """The other lists."""
        return tabs("columns")


def column_or_404(key: str) -> Column:
    """A column of any state."""
    row = Column.objects.select_related("site__body").filter(key=key).first()
    if row is None:
        raise Http404
    return row


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, key: str) -> HttpResponse:
    """Add a column to a site."""
    site = site_or_404(key)
    move = COLUMN.move(NEW, "create")
    actor = allowed(request, site.body, move)

    def command(data: dict[str, Any], actor: Actor, token: str | None) -> Done:
        return services.create_column(key, actor, data, key=token)

    initial = {"kind": QUERY, "period": "need", "parent": request.GET.get("parent", ""), "spot": "", "part": "",
               "body": site.body_id}  # fmt: skip
    return form_page(request, move, with_choices(move.fields, site), command, actor, "office:sites:column",
                     initial=initial, trail=(site_crumb(site),))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change what a column is and gathers."""
    one = column_or_404(key)
    move = COLUMN.events["change"][0]
    actor = allowed(request, one.site.body, move)

    def command(data: dict[str, Any], actor: Actor, token: str | None) -> Done:
        return services.do_column(key, "change", actor, data, key=token)

    details = dict(replay("column", key).details)
    initial = {"spot": "", "part": ""} | details | {"keywords": "、".join(details.get("keywords", ()))}
    return form_page(request, move, with_choices(DETAILS, one.site), command, actor, "office:sites:column",
                     initial=initial, trail=(site_crumb(one.site),), title=f"修改栏目：{one.name}")  # fmt: skip


class ColumnPage(CasePage):
    """One column: what it gathers, what stands in it, why it is not shown, what may be done."""

    kind, permission, template_name, trail = COLUMN.name, queries.RIGHT, "sites/column.html", (HOME,)

    def name_of(self, state: events.Column) -> str:
        """Its name."""
        return str(state.details["name"])

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """The app's own command."""
        return services.do_column(key, event, actor, data, day=day, key=token or None)

    def shown(
        self, now: list[Transition], later: list[tuple[Transition, str]]
    ) -> tuple[list[Transition], list[tuple[Transition, str]]]:
        """Only columns that list records take any."""
        one = column_or_404(self.kwargs["key"])
        return [m for m in now if m.event not in {"place", "unplace"} or one.kind in LISTING], later

    def _action(self, request: HttpRequest, move: Transition, form: EventForm | None) -> Action:
        key = self.kwargs["key"]
        if move.event == "change":
            return Action(move.label, reverse("office:sites:column_edit", args=[key]), move.hint)
        if move.event == "move" and form is None:
            one = column_or_404(key)
            fields = with_choices(move.fields, one.site)
            form = EventForm(fields, prefix="move", initial={"parent": one.parent_id or "", "order": one.order})
        return super()._action(request, move, form)

    def describe(self, event: Event) -> str:
        """What was placed, or why."""
        return str(event.data.get("record") or super().describe(event))

    def get_context(self, request: HttpRequest, state: events.Column, body: Body) -> dict[str, Any]:
        """Its details and its newest entries."""
        one = column_or_404(self.kwargs["key"])
        placed = set(Placed.objects.filter(column=one).values_list("record", flat=True))
        rows = list(Entry.objects.filter(column=one).select_related("record__body")[:20])
        late = queries.late([one], clock.today())
        return {
            "title": one.name, "column": one, "pill": PILLS.get(state.state, ""), "rows": _rows(one),
            "entries": [(entry.record, entry.record_id in placed) for entry in rows],
            "count": Entry.objects.filter(column=one).count(), "why": filling.Filled(one.site).empty(one),
            "late": bool(rows) and one.key in late, "site_crumb": site_crumb(one.site),
        }  # fmt: skip


def _rows(one: Column) -> list[Row]:
    told = [
        ("网站", one.site.name), ("上级栏目", one.parent.name if one.parent else ""), ("种类", dict(COLUMN_KINDS)[one.kind]),
        ("汇集", query_words(one) if one.kind == QUERY else ""), ("说明", one.description), ("栏目类型", one.type),
        ("更新周期", dict(PERIOD_CHOICES)[one.period]), ("首页位置", dict(SPOTS)[one.spot] if one.spot else ""),
        ("政府信息公开专栏", dict(PARTS)[one.part] if one.part else ""), ("导航", "不显示" if one.unlisted else "显示"),
    ]  # fmt: skip
    return [Row(term, detail) for term, detail in told if detail]


@require_http_methods(["GET", "HEAD", "POST"])
def shift(request: HttpRequest, key: str) -> HttpResponse:
    """Move a column one place up or down; leads back to the tree."""
    one = column_or_404(key)
    back = f"{reverse('office:sites:tree', args=[one.site_id])}#{key}"
    if request.method != "POST":
        Scope.of(request.user).require(queries.RIGHT, one.site.body)
        return redirect(back)
    actor = allowed(request, one.site.body, COLUMN.events["move"][0])
    try:
        services.shift(key, request.POST.get("do") == "up", actor, key=request.POST.get("token", "")[:60] or None)
    except (Refused, Conflict) as refusal:
        messages.error(request, str(refusal))
    return redirect(back)


# Placing from the page of a record -----------------------------------------------------------------------------------


def _places(scope: Scope) -> QuerySet[Column]:
    """The columns this person may put records into."""
    roles = frozenset(COLUMN.events["place"][0].roles)
    bodies = [body.key for body in scope.bodies(queries.RIGHT) if scope.roles(body) & roles]
    rows = Column.objects.filter(site__body__in=bodies, state="open", kind__in=LISTING)
    return rows.select_related("site").order_by("site", "order", "key")


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, key: str) -> HttpResponse:
    """The columns a public record stands in; put it into one, or take it out."""
    record = Record.objects.select_related("body").filter(key=key).first()
    if record is None:
        raise Http404
    scope = Scope.of(request.user)
    columns = list(_places(scope))
    if not columns:
        scope.require(queries.RIGHT)
        raise PermissionDenied("把信息放入栏目须由网站的编辑或者公开办办理")
    if not record.public:
        scope.require("records.view", record.body)
    error = ""
    if request.method == "POST":
        chosen = request.POST.get("column", "")
        column = next((one for one in columns if one.key == chosen), None)
        if chosen and column is None:
            raise PermissionDenied("您不能更改这个栏目")
        error = _placed(request, scope, record, column) if column else "请选择栏目"
        if not error:
            return redirect(request.path)
    placed = set(Placed.objects.filter(record=key).values_list("column_id", flat=True))
    standing = set(Entry.objects.filter(record=key).values_list("column_id", flat=True)) | placed
    context = {
        "title": "放入栏目", "record": record, "error": error, "trail": (HOME, Crumb("放入栏目")),
        "standing": [(one, one.key in placed) for one in columns if one.key in standing],
        "others": [one for one in columns if one.key not in standing],
    }  # fmt: skip
    return render(request, "sites/place.html", context, status=422 if error else 200)


def _placed(request: HttpRequest, scope: Scope, record: Record, column: Column) -> str:
    """Put the record into the column or take it out; why it was refused, else empty."""
    event = "unplace" if request.POST.get("do") == "unplace" else "place"
    try:
        token = request.POST.get("token", "")[:60] or None
        services.do_column(column.key, event, scope.actor(column.site.body), {"record": record.key}, key=token)
    except (Invalid, Refused, Conflict) as refusal:
        return str(refusal)
    messages.success(request, f"已{'放入' if event == 'place' else '移出'}“{column.site.name} › {column.name}”")
    return ""
