"""The desk of sites: the list, the wizard that makes one from a standard pack, the page of one with its columns."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongkai.ledger import clock
from gongkai.ledger.services import Actor, Conflict, Done, replay
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body
from gongkai.organs.opening import workers
from gongkai.organs.scope import Scope
from gongkai.procedure import NEW, Field, Invalid, Refused, Transition
from gongkai.ui.forms import EventForm
from gongkai.ui.lists import Column as TableColumn
from gongkai.ui.lists import DayColumn, FilterSet, ListPage, NumberColumn, PillColumn, Table
from gongkai.ui.pieces import Action, Crumb, Row

from . import events, filling, packs, queries, services
from .desk_kit import HOME, SITE_KINDS, allowed, form_page, site_crumb, site_or_404
from .models import Site
from .procedure import COLUMN, MARKS, NAMING, SITE
from .vocabulary import TINTS

TABS = (("网站", "home"), ("栏目", "columns"), ("页面", "pages"), ("旧址转向", "redirects"))


def tabs(here: str) -> list[tuple[str, str, bool]]:
    """The lists that belong together."""
    return [(label, reverse(f"office:sites:{name}"), name == here) for label, name in TABS]


class SiteTable(Table):
    """A site in the list."""

    name = TableColumn("网站", linkify=lambda record: reverse("office:sites:site", args=[record.key]))
    key = TableColumn("标识")
    body = TableColumn("主办机关", accessor="body__name")
    code = TableColumn("网站标识码")
    count = NumberColumn("栏目")
    opened_on = DayColumn("开通日期")
    state = PillColumn("状态", kinds=SITE_KINDS)


class SiteFilter(FilterSet):
    """By name and state."""

    q = django_filters.CharFilter(label="名称、标识或机关", method="search")
    state = django_filters.ChoiceFilter(
        label="状态", choices=[(s.key, s.label) for s in SITE.states], empty_label="不限"
    )

    def search(self, rows: QuerySet[Site], name: str, value: str) -> QuerySet[Site]:
        """In name, key, code and body."""
        return rows.filter(
            Q(name__icontains=value) | Q(key__icontains=value) | Q(code=value) | Q(body__name__icontains=value)
        )


class SiteList(ListPage):
    """The sites of the bodies this person works for."""

    title = "网站"
    summary = "各部门、各区县的网站用同一个信息资源库：信息公开一次，按栏目的条件在各站显示。"
    table_class, filter_class = SiteTable, SiteFilter
    empty = "还没有网站。"
    empty_hint = "由管理人员用标准栏目包新建，几分钟即可完成。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Site]:
        """With the number of columns in use."""
        scope = Scope.of(request.user)
        scope.require(queries.RIGHT)
        return queries.visible(scope).annotate(count=Count("columns", filter=Q(columns__state="open")))

    def get_tabs(self, request: HttpRequest) -> Sequence[tuple[str, str, bool]]:
        """The other lists."""
        return tabs("home")

    def get_actions(self, request: HttpRequest) -> Sequence[tuple[str, str]]:
        """The wizard, for those who may."""
        may = workers(Scope.of(request.user), queries.RIGHT, SITE.move(NEW, "create"))
        return [("新建网站", reverse("office:sites:new"))] if may else []


# The wizard ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A site from a standard pack: one form, a look at what will be made, and it is made."""
    move, scope = SITE.move(NEW, "create"), Scope.of(request.user)
    bodies = workers(scope, queries.RIGHT, move)
    if not bodies:
        scope.require(queries.RIGHT)
        raise PermissionDenied("新建网站须由管理人员办理")
    body_field = Field("body", "主办机关", "choice", choices=tuple((one.key, one.name) for one in bodies))
    pack = Field(
        "pack", "栏目包", "choice", choices=packs.choices(), hint="栏目、模板和页脚都按标准设置，建成后可以修改"
    )
    known = {one.name: one for one in MARKS}
    fields = (body_field, pack, *NAMING, *known.values())
    form = EventForm(fields, request.POST if request.method == "POST" else None, initial=_initial(request, bodies))
    step = request.POST.get("do", "")
    status, plan = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = dict(form.event_data)
            body = next(one for one in bodies if one.key == data.pop("body"))
            chosen = data.pop("pack")
            try:
                if step == "confirm":
                    token = request.POST.get("token", "")[:64].replace("\x00", "")
                    services.create_site(body, scope.actor(body), data, pack=chosen, key=token or None)
                    messages.success(
                        request, f"网站“{data['name']}”已经建成，共 {len(packs.load(chosen).outline())} 个栏目"
                    )
                    return redirect("office:sites:site", key=data["key"])
                services.check_site(data)
                status = 200
                plan = None if step == "back" else services.plan(chosen, data["name"])
            except (Invalid, Refused, Conflict) as refusal:
                for name, message in getattr(refusal, "errors", [("", str(refusal))]):
                    form.add_error(name if name in form.fields else None, message)
    context = {
        "form": form, "plan": plan, "title": "新建网站", "trail": (HOME, Crumb("新建网站")),
        "token": request.POST.get("token") or uuid.uuid4().hex,
        "told": [(form.fields[one.name].label, _said(one, form.event_data[one.name])) for one in fields
                 if one.name in form.event_data and form.event_data[one.name] not in ("", [], False)] if plan else [],
        "sent": [(one.name, value) for one in fields for value in request.POST.getlist(one.name)] if plan else [],
    }  # fmt: skip
    return render(request, "sites/wizard.html", context, status=status)


def _said(field: Field, value: Any) -> str:
    if isinstance(value, list):
        return "、".join(value)
    return "是" if value is True else dict(field.choices).get(value, str(value))


def _initial(request: HttpRequest, bodies: Sequence[Body]) -> dict[str, Any]:
    """What the chosen body already says: ``?body=`` fills name, host, contact."""
    body = next((one for one in bodies if one.key == request.GET.get("body")), bodies[0])
    return {
        "body": body.key, "pack": packs.STANDARD, "key": body.key, "name": body.name, "host": body.name,
        "contact": "，".join(filter(None, [body.phone, body.address])), "tint": "",
        "main": not Site.objects.filter(main=True).exists(),
    }  # fmt: skip


# One site ------------------------------------------------------------------------------------------------------------


class SitePage(CasePage):
    """One site: its marks, what is late or empty, what may be done."""

    kind, permission, template_name, trail = SITE.name, queries.RIGHT, "sites/site.html", (HOME,)

    def name_of(self, state: events.Site) -> str:
        """Its name."""
        return str(state.marks["name"])

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """The app's own command."""
        return services.do_site(key, event, actor, data, day=day, key=token or None)

    def _action(self, request: HttpRequest, move: Transition, form: EventForm | None) -> Action:
        """Marks are changed on a page of their own."""
        if move.event == "change":
            return Action(move.label, reverse("office:sites:site_edit", args=[self.kwargs["key"]]), move.hint)
        return super()._action(request, move, form)

    def get_context(self, request: HttpRequest, state: events.Site, body: Body) -> dict[str, Any]:
        """Marks, columns that are empty or late, pages at work."""
        site = site_or_404(self.kwargs["key"])
        filled = filling.Filled(site)
        late = queries.late(filled.columns, clock.today())
        empty = [(one, why) for one in filled.columns if one.state == "open" and (why := filled.empty(one))]
        hidden = {one.key for one, _ in empty}
        return {
            "title": site.name, "site_row": site, "pill": SITE_KINDS.get(state.state, ""), "rows": _rows(site),
            "empty": empty, "late": [(one, late[one.key]) for one in filled.columns if one.key in late and one.key not in hidden],
            "columns_url": reverse("office:sites:tree", args=[site.key]),
            "pages_url": f"{reverse('office:sites:pages')}?site={site.key}",
            "waiting": site.pages.filter(state__in=queries.OPEN_PAGES).order_by("key"),
        }  # fmt: skip


def _rows(site: Site) -> list[Row]:
    told = [
        ("主办机关", site.body.name), ("地址", site.url), ("域名", "、".join(site.hosts)), ("主色调", dict(TINTS)[site.tint]),
        ("主办单位", site.host), ("联系方式", site.contact), ("网站标识码", site.code), ("ICP 备案号", site.icp),
        ("公安备案号", site.police), ("开通日期", site.opened_on.isoformat() if site.opened_on else ""),
        ("关停原因", site.closed_why),
    ]  # fmt: skip
    return [
        Row(term, detail, site.url if term == "地址" and site.state == "open" else "")
        for term, detail in told
        if detail
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change the names and marks of a site."""
    site = site_or_404(key)
    move = SITE.events["change"][0]
    actor = allowed(request, site.body, move)

    def command(data: dict[str, Any], actor: Actor, token: str | None) -> Done:
        return services.do_site(key, "change", actor, data, key=token)

    marks = dict(replay("site", key).marks)
    initial = marks | {"hosts": "、".join(marks.get("hosts", ()))}
    return form_page(
        request, move, MARKS, command, actor, "office:sites:site", initial=initial, trail=(site_crumb(site),)
    )


# The tree of columns -------------------------------------------------------------------------------------------------


def tree(request: HttpRequest, key: str) -> HttpResponse:
    """Every column of a site in its place, with the ways to move it; works with buttons alone."""
    site = site_or_404(key)
    scope = Scope.of(request.user)
    scope.require(queries.RIGHT, site.body)
    filled = filling.Filled(site)
    late = queries.late(filled.columns, clock.today())
    move = COLUMN.events["move"][0]
    rows: list[dict[str, Any]] = []

    def walk(parent: str | None, depth: int) -> None:
        beside = filled.children[parent]
        for n, one in enumerate(beside):
            why = filled.empty(one)
            rows.append({
                "column": one, "depth": depth, "first": n == 0, "last": n == len(beside) - 1, "why": why,
                "late": one.key in late and not why, "kind": one.get_kind_display(), "period": one.get_period_display(),
            })  # fmt: skip
            if depth < 6:
                walk(one.key, depth + 1)

    walk(None, 0)
    context = {
        "title": "栏目", "site_row": site, "rows": rows, "trail": (HOME, site_crumb(site), Crumb("栏目")),
        "may": bool(scope.roles(site.body).intersection(move.roles)), "token": uuid.uuid4().hex,
    }  # fmt: skip
    return render(request, "sites/tree.html", context)
