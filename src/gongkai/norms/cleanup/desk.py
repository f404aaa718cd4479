"""The desk of clean-ups: the campaigns, one with its counts, its list with decisions for many at once."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views import View

from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Conflict, Done
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body
from gongkai.organs.opening import OpeningPage, workers
from gongkai.organs.scope import Scope
from gongkai.procedure import NEW, Field, Invalid, Refused, Transition
from gongkai.ui.forms import EventForm
from gongkai.ui.lists import Choice, Column, DayColumn, FilterSet, ListPage, NumberColumn, PillColumn, Table
from gongkai.ui.pieces import Crumb, Fact, Row

from . import events, services
from .models import Cleanup, CleanupItem
from .procedure import CLEANUP, DECISIONS, SCOPES

RIGHT = "norms.view"
HOME = Crumb("规范性文件", "/office/norms/")
LIST = Crumb("清理和一揽子决定", "/office/norms/cleanup/")
#: Events on the norms of the list: made from the list, not from the page of the clean-up.
ON_ITEMS = ("decide", "undecide", "assign", "exclude")
#: What the unit responsible may do with its own.
FOR_UNITS = ("decide", "undecide")
_LABELS = dict(DECISIONS)
_KINDS = {"keep": "ok", "amend": "brand", "repeal": "late", "declare_lapsed": "late", "": ""}


def visible(scope: Scope) -> QuerySet[Cleanup]:
    """The clean-ups of one's bodies, and those that ask one's bodies."""
    asked = CleanupItem.objects.filter(scope.condition(RIGHT, "department")).values("cleanup")
    return Cleanup.objects.select_related("body").filter(scope.condition(RIGHT) | Q(pk__in=asked))


def visible_items(scope: Scope, cleanup: Cleanup) -> QuerySet[CleanupItem]:
    """The whole list for those who lead, one's own norms for those who are asked."""
    rows = CleanupItem.objects.filter(cleanup=cleanup).select_related("norm", "norm__body", "department")
    return rows if scope.may(RIGHT, cleanup.body) else scope.limit(rows, RIGHT, "department")


class CleanupTable(Table):
    """A clean-up in a list."""

    title = Column("名称", linkify=lambda record: reverse("office:norms:cleanup_items", args=[record.key]))
    body = Column("机关")
    state = PillColumn("状态", kinds={"published": "ok", "cancelled": "late", "approved": "soon"})
    drawn_on = DayColumn("清单日期")
    total = NumberColumn("文件（件）")
    undecided = NumberColumn("未提意见（件）")
    document_number = Column("决定文号")
    published_on = DayColumn("公布日期")


class CleanupFilter(FilterSet):
    """By name and state."""

    q = django_filters.CharFilter(label="名称", field_name="title", lookup_expr="icontains")
    state = django_filters.ChoiceFilter(
        label="状态", choices=[(s.key, s.label) for s in CLEANUP.states], empty_label="不限"
    )


class CleanupList(ListPage):
    """Campaigns and package decisions, the latest first."""

    title = "清理和一揽子决定"
    summary = "定期清理规范性文件；或者用一项决定修改、废止多份文件。公布以前都可以撤回，公布时一次生效。"
    table_class, filter_class = CleanupTable, CleanupFilter
    trail = (HOME,)
    empty = "还没有清理。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cleanup]:
        """Those this person leads or is asked in."""
        scope = Scope.of(request.user)
        scope.require(RIGHT)
        return visible(scope)

    def get_actions(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The two ways to begin."""
        scope = Scope.of(request.user)
        moves = [move for move in CLEANUP.transitions if NEW in move.sources and workers(scope, RIGHT, move)]
        return [(move.label, reverse(f"office:norms:cleanup_{move.event}")) for move in moves]


class CleanupOpening(OpeningPage):
    """Begin a clean-up or a package decision."""

    procedure, right, page, home = CLEANUP, RIGHT, "office:norms:cleanup", LIST

    def command(self) -> Callable[..., Done]:
        """The command, with the event's name."""

        def start(body: Body, actor: Actor, data: Mapping[str, Any], **more: Any) -> Done:
            return services.start(self.event, body, actor, data, **more)

        return start


class CleanupPage(CasePage):
    """One clean-up: how far it is, what happened, what may be done."""

    kind, permission, template_name, trail = "cleanup", RIGHT, "norms/cleanup.html", (HOME, LIST)

    def name_of(self, state: events.Cleanup) -> str:
        """Its title."""
        return state.decision_title or state.title

    def describe(self, event: Event) -> str:
        """What the line says."""
        data = event.data
        count = len(data.get("listed") or data.get("items") or ())
        words = [f"{count} 件" if count else "", _LABELS.get(data.get("decision", ""), "")]
        words += [str(data.get(name, "")) for name in ("document_number", "meeting", "reason", "note")]
        return "；".join(word for word in words if word)

    def shown(self, now: Any, later: Any) -> Any:
        """What concerns single norms is done in the list."""
        return [move for move in now if move.event not in ON_ITEMS], later

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """The app's own command."""
        return services.do(key, event, actor, data, day=day, key=token or None)

    def get_context(self, request: HttpRequest, state: events.Cleanup, body: Body) -> dict[str, Any]:
        """Counts that open the list, and the frame of the campaign."""
        items = reverse("office:norms:cleanup_items", args=[self.kwargs["key"]])
        facts = [Fact(len(state.items), "列入清单", items, "件")]
        facts += [Fact(state.count(key), label, f"{items}?decision={key}", "件") for key, label in DECISIONS]
        facts.append(Fact(state.count(""), "未提意见", f"{items}?decision=none", "件"))
        rows = [Row("机关", body.name)]
        if not state.package:
            span = [day.isoformat() if day else "" for day in (state.issued_from, state.issued_to)]
            rows += [
                Row("范围", "本机关及下级" if state.reach == "all" else "本机关"),
                Row("文件类别", dict(SCOPES)[state.kind]),
                Row("公布日期", f"{span[0] or '不限'} 至 {span[1] or '不限'}"),
            ]
        if state.drawn_on:
            rows.append(Row("清单日期", state.drawn_on.isoformat()))
        if state.published_on and state.from_on:
            rows += [Row("决定文号", state.document_number), Row("施行日期", state.from_on.isoformat())]
        return {"title": self.name_of(state), "facts": facts, "rows": rows, "items_url": items}


class ItemTable(Table):
    """A norm of the list."""

    chosen = Choice()
    norm = Column("文件", linkify=lambda record: reverse("office:norms:case", args=[record.norm_id]))
    number = Column("文号", accessor="norm__document_number")
    issuer = Column("制定机关", accessor="norm__body__short_name")
    issued_on = DayColumn("公布日期", accessor="norm__issued_on")
    department = Column("责任单位", accessor="department__short_name")
    decision = PillColumn("处理意见", kinds=_KINDS, empty_values=(), order_by=("decision", "position"))
    reason = Column("理由")

    def render_decision(self, record: CleanupItem, bound_column: Any) -> Any:
        """The decision, also while there is none."""
        column = self.base_columns["decision"]
        return column.render(record.get_decision_display(), record, bound_column)

    def value_decision(self, record: CleanupItem) -> str:
        """In an export."""
        return str(record.get_decision_display())


class ItemFilter(FilterSet):
    """By words, decision, unit and day of issue."""

    q = django_filters.CharFilter(label="标题或文号", method="search")
    decision = django_filters.ChoiceFilter(
        label="处理意见", choices=[("none", "未提意见"), *DECISIONS], method="by_decision", empty_label="不限"
    )
    department = django_filters.CharFilter(label="责任单位", method="by_department")
    issued_from = django_filters.DateFilter(label="公布日期自", field_name="norm__issued_on", lookup_expr="gte")
    issued_to = django_filters.DateFilter(label="至", field_name="norm__issued_on", lookup_expr="lte")

    def search(self, rows: QuerySet[CleanupItem], name: str, value: str) -> QuerySet[CleanupItem]:
        """In title and number."""
        return rows.filter(Q(norm__title__icontains=value) | Q(norm__document_number__icontains=value))

    def by_decision(self, rows: QuerySet[CleanupItem], name: str, value: str) -> QuerySet[CleanupItem]:
        """``none``: not decided."""
        return rows.filter(decision="" if value == "none" else value)

    def by_department(self, rows: QuerySet[CleanupItem], name: str, value: str) -> QuerySet[CleanupItem]:
        """By name or key."""
        known = Q(department__name__icontains=value) | Q(department__short_name__icontains=value)
        return rows.filter(known | Q(department=value))


def _cleanup(request: HttpRequest, key: str) -> tuple[Scope, Cleanup]:
    """The clean-up, for those who lead it or are asked in it."""
    scope = Scope.of(request.user)
    cleanup = Cleanup.objects.select_related("body").filter(pk=key).first()
    if cleanup is None:
        raise Http404
    if not visible(scope).filter(pk=key).exists():
        scope.require(RIGHT, cleanup.body)
    return scope, cleanup


def _offered(scope: Scope, cleanup: Cleanup) -> list[Transition]:
    """What this person may do with norms of the list."""
    moves = CLEANUP.allowed(cleanup.state, scope.roles(cleanup.body))
    found = [move for move in moves if move.event in ON_ITEMS]
    if found:
        return sorted(found, key=lambda move: ON_ITEMS.index(move.event))
    rows = CleanupItem.objects.filter(scope.condition(RIGHT, "department"), cleanup=cleanup)
    roles = {role for body in Body.objects.filter(key__in=rows.values("department")) for role in scope.roles(body)}
    return [move for move in CLEANUP.allowed(cleanup.state, roles) if move.event in FOR_UNITS]


class ItemList(ListPage):
    """The norms of a clean-up."""

    table_class, filter_class = ItemTable, ItemFilter
    template_name = "norms/cleanup_items.html"
    empty = "清单是空的。"
    empty_hint = "清理的清单由“生成并固定清单”得到；一揽子决定的文件逐件列入。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[CleanupItem]:
        """The whole list, or what this person's bodies are asked about."""
        scope, self.cleanup = _cleanup(request, self.kwargs["key"])
        self.scope = scope
        return visible_items(scope, self.cleanup)

    def get_title(self, request: HttpRequest) -> str:
        """The campaign's name."""
        return f"{self.cleanup.title}：清单"

    def get_trail(self, request: HttpRequest) -> Sequence[Crumb]:
        """By the campaign."""
        return (HOME, LIST, Crumb(self.cleanup.title, reverse("office:norms:cleanup", args=[self.cleanup.key])))

    def get_bulk(self, request: HttpRequest) -> list[tuple[str, str, str]]:
        """What may be done with the ticked ones."""
        url = reverse("office:norms:cleanup_bulk", args=[self.cleanup.key])
        return [(move.event, move.label, url) for move in _offered(self.scope, self.cleanup)]

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """Words of the bulk form."""
        lead = self.scope.may(RIGHT, self.cleanup.body)
        page = reverse("office:norms:cleanup", args=[self.cleanup.key]) if lead else ""
        return {"bulk_word": "文件（不勾选即为筛选出的全部文件）", "cleanup": self.cleanup, "cleanup_url": page}


class ItemBulk(View):
    """One event for many norms of the list: the ticked ones, or all that the filter shows."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The page is reached from the list."""
        _cleanup(request, key)
        return redirect("office:norms:cleanup_items", key=key)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Show the form; with ``confirm`` do it."""
        scope, cleanup = _cleanup(request, key)
        offered, back = _offered(scope, cleanup), reverse("office:norms:cleanup_items", args=[key])
        if not offered:
            raise PermissionDenied("清单上的处理意见由承办、编辑或者公开办提出，且清理处在“逐件提出意见”阶段")
        move = next((one for one in offered if one.event == request.POST.get("do")), None)
        if move is None:
            messages.error(request, "请先选择要办的事")
            return redirect(back)
        query = request.POST.get("query") or request.POST.get("back", "").partition("?")[2]
        rows = self._rows(request, scope, cleanup, query)
        if not rows:
            messages.error(request, "没有符合条件的文件，请重新选择")
            return redirect(back)
        fields = self._fields(move)
        context = {
            "move": move, "rows": rows[:20], "count": len(rows), "query": query, "cleanup": cleanup, "back": back,
            "chosen": request.POST.getlist("chosen"), "token": request.POST.get("token") or uuid.uuid4().hex,
            "trail": (HOME, LIST, Crumb(cleanup.title, back), Crumb(move.label)), "form": EventForm(fields),
        }  # fmt: skip
        if "confirm" not in request.POST:
            return render(request, "norms/cleanup_bulk.html", context)
        form = EventForm(fields, request.POST)
        if not form.is_valid():
            return render(request, "norms/cleanup_bulk.html", context | {"form": form}, status=422)
        if request.POST.get("count") != str(len(rows)):
            form.add_error(None, f"符合条件的文件现在是 {len(rows)} 件，与刚才不同，请核对后再办")
            return render(request, "norms/cleanup_bulk.html", context | {"form": form}, status=422)
        return self._perform(request, scope, cleanup, move, rows, form, context)

    def _perform(
        self, request: HttpRequest, scope: Scope, cleanup: Cleanup, move: Transition, rows: list[CleanupItem],
        form: EventForm, context: dict[str, Any],
    ) -> HttpResponse:  # fmt: skip
        data = dict(form.event_data) | {"items": [row.norm_id for row in rows]}
        token = str(context["token"])[:40]
        try:
            _carry_out(scope, cleanup, move, rows, data, token)
        except (Refused, Invalid, Conflict) as refusal:
            form.add_error(None, str(refusal))
            return render(request, "norms/cleanup_bulk.html", context | {"form": form}, status=422)
        messages.success(request, f"已办：{move.label} {len(rows)} 件")
        query = context["query"]
        return redirect(f"{context['back']}{'?' if query else ''}{query}")

    def _fields(self, move: Transition) -> list[Field]:
        fields = [field for field in move.fields if field.name != "items"]
        if move.event == "assign":
            bodies = tuple(Body.objects.values_list("key", "name"))
            fields = [Field("department", "责任单位", "choice", choices=bodies)]
        return fields

    def _rows(self, request: HttpRequest, scope: Scope, cleanup: Cleanup, query: str) -> list[CleanupItem]:
        rows = visible_items(scope, cleanup)
        if chosen := [one for one in request.POST.getlist("chosen") if "\x00" not in one]:
            return list(rows.filter(pk__in=chosen))
        filters = ItemFilter(QueryDict(query), queryset=rows, request=request)
        return list(filters.qs) if filters.is_valid() else []


def _carry_out(
    scope: Scope, cleanup: Cleanup, move: Transition, rows: list[CleanupItem], data: Mapping[str, Any], token: str
) -> None:
    """By whoever leads at once; by the units responsible one unit after the other."""
    if not scope.roles(cleanup.body).isdisjoint(move.roles):
        services.do(cleanup.key, move.event, scope.actor(cleanup.body), data, key=f"{token}/all")
        return
    for department in {row.department_id: row.department for row in rows}.values():
        own = [row.norm_id for row in rows if row.department_id == department.key]
        actor, told = scope.actor(department), {**data, "items": own}
        services.decide_for(cleanup.key, move.event, department, actor, told, key=f"{token}/{department.key}")


urlpatterns = [
    path("cleanup/", CleanupList.as_view(), name="cleanups"),
    path("cleanup/open/", CleanupOpening.as_view(event="open"), name="cleanup_open"),
    path("cleanup/compose/", CleanupOpening.as_view(event="compose"), name="cleanup_compose"),
    path("cleanup/<slug:key>/", CleanupPage.as_view(), name="cleanup"),
    path("cleanup/<slug:key>/items/", ItemList.as_view(), name="cleanup_items"),
    path("cleanup/<slug:key>/bulk/", ItemBulk.as_view(), name="cleanup_bulk"),
]
