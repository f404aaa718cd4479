"""The desk of pages: the list, the page of one, the editor by blocks, the preview; and redirects.

The editor keeps everything in its form: adding, moving and removing blocks are buttons of the same form, so that it works
by keyboard and without script; nothing is written before it is saved.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.ledger import blobs
from gongkai.ledger.services import Actor, Done
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.procedure import NEW, Transition
from gongkai.ui.forms import EventForm
from gongkai.ui.lists import Column as TableColumn
from gongkai.ui.lists import DayColumn, FilterSet, ListPage, PillColumn, Table
from gongkai.ui.pieces import Action, Item, Panel, Row

from . import addresses, content, events, images, pages, queries, services
from .desk_kit import HOME, PAGE_KINDS, allowed, form_page, site_crumb, site_or_404
from .models import Page, Redirect
from .procedure import PAGE, REDIRECT
from .site_desk import tabs
from .vocabulary import FORMS


class PageTable(Table):
    """A page in the list."""

    title = TableColumn("标题", linkify=lambda record: reverse("office:sites:page", args=[record.key]))
    site = TableColumn("网站", accessor="site__name")
    form = TableColumn("种类")
    updated_on = DayColumn("最近发布")
    publish_on = DayColumn("定于发布")
    withdraw_on = DayColumn("定于撤下")
    state = PillColumn("状态", kinds=PAGE_KINDS)


class PageFilter(FilterSet):
    """By title, site, form and state."""

    q = django_filters.CharFilter(label="标题", field_name="title", lookup_expr="icontains")
    site = django_filters.CharFilter(label="网站标识", field_name="site__key")
    form = django_filters.ChoiceFilter(label="种类", choices=FORMS, empty_label="不限")
    state = django_filters.ChoiceFilter(
        label="状态", method="by_state", empty_label="不限",
        choices=[("open", "全部在办"), *((s.key, s.label) for s in PAGE.states)],
    )  # fmt: skip

    def by_state(self, rows: QuerySet[Page], name: str, value: str) -> QuerySet[Page]:
        """A state, or everything in hand."""
        return rows.filter(state__in=queries.OPEN_PAGES if value == "open" else (value,))


def visible(scope: Scope) -> QuerySet[Page]:
    """The pages of the sites a person works for."""
    return scope.limit(Page.objects.select_related("site"), queries.RIGHT, "site__body")


class PageList(ListPage):
    """Every page of the sites this person works for."""

    title = "页面"
    summary = "一般页面、专题、领导信息、指南、机构职能和联系方式。执笔人写好后提交，由另一人审核。"
    table_class, filter_class = PageTable, PageFilter
    trail = (HOME,)
    empty = "还没有页面。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        """The newest first."""
        scope = Scope.of(request.user)
        scope.require(queries.RIGHT)
        return visible(scope).order_by("site", "form", "order", "key")

    def get_tabs(self, request: HttpRequest) -> Sequence[tuple[str, str, bool]]:
        """The other lists."""
        return tabs("pages")

    def get_actions(self, request: HttpRequest) -> Sequence[tuple[str, str]]:
        """New pages, site by site, for those who may write."""
        scope, roles = Scope.of(request.user), frozenset(PAGE.move(NEW, "create").roles)
        sites = [one for one in queries.visible(scope).exclude(state="closed") if scope.roles(one.body) & roles]
        return [(f"新建页面：{one.name}", reverse("office:sites:page_new", args=[one.key])) for one in sites[:5]]


def page_or_404(key: str) -> Page:
    """A page of any state."""
    row = Page.objects.select_related("site__body").filter(key=key).first()
    if row is None:
        raise Http404
    return row


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a page; the editor follows."""
    site = site_or_404(key)
    move = PAGE.move(NEW, "create")
    actor = allowed(request, site.body, move)

    def command(data: dict[str, Any], actor: Actor, token: str | None) -> Done:
        return services.create_page(key, actor, data, key=token)

    return form_page(request, move, move.fields, command, actor, "office:sites:page_edit",
                     initial={"form": request.GET.get("form", "page")}, trail=(site_crumb(site),))  # fmt: skip


class PagePage(CasePage):
    """One page: what is under work, what the public reads, what may be done."""

    kind, permission, template_name, trail = PAGE.name, queries.RIGHT, "sites/page.html", (HOME,)

    def name_of(self, state: events.Page) -> str:
        """Its title."""
        return state.title

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """The app's own command."""
        return services.do_page(key, event, actor, data, day=day, key=token or None)

    def _action(self, request: HttpRequest, move: Transition, form: EventForm | None) -> Action:
        """Writing has a page of its own."""
        if move.event == "write":
            return Action(move.label, reverse("office:sites:page_edit", args=[self.kwargs["key"]]), move.hint)
        return super()._action(request, move, form)

    def get_context(self, request: HttpRequest, state: events.Page, body: Body) -> dict[str, Any]:
        """Facts, and the ways to preview and public page."""
        page = page_or_404(self.kwargs["key"])
        day = lambda value: value.isoformat() if value else ""  # noqa: E731
        told = [
            ("网站", page.site.name), ("种类", page.get_form_display()), ("首次发布", day(page.published_on)),
            ("最近发布", day(page.updated_on)), ("定于发布", day(page.publish_on)), ("定于撤下", day(page.withdraw_on)),
            ("撤下", f"{day(page.withdrawn_on)}：{page.withdrawn_why}" if page.withdrawn_on else ""),
        ]  # fmt: skip
        return {
            "title": page.title, "page": page, "pill": PAGE_KINDS.get(state.state, ""),
            "rows": [Row(term, detail) for term, detail in told if detail],
            "preview": reverse("office:sites:preview", args=[page.key]),
            "public_url": addresses.page(page.site, page) if page.shown and page.site.state == "open" else "",
            "blocks": [content.BLOCKS[one["kind"]][0] for one in content.get(page.draft)["blocks"]],
        }  # fmt: skip


@require_safe
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """What is under work, as the public would see it."""
    page = page_or_404(key)
    Scope.of(request.user).require(queries.RIGHT, page.site.body)
    request.site = queries.shell(page.site)  # type: ignore[attr-defined]
    kept = content.get(page.draft)
    page.shown_title = page.title
    files = f"{reverse('office:sites:page', args=[key])}files/"
    context = pages.shown(request, page.site, page, kept, files=files)
    context["preview"] = reverse("office:sites:page", args=[key])
    template = pages.TEMPLATES.get(page.form, "page")
    return render(request, f"sites/public/{template}.html", context)


@require_safe
def picture(request: HttpRequest, key: str, digest: str, kind: str) -> HttpResponse:
    """A picture of what is under work."""
    page = page_or_404(key)
    Scope.of(request.user).require(queries.RIGHT, page.site.body)
    if content.pictures(page.draft).get(digest) != kind:
        raise Http404
    return HttpResponse(
        blobs.get(digest), content_type=images.MIME[kind], headers={"X-Content-Type-Options": "nosniff"}
    )


# Redirects -----------------------------------------------------------------------------------------------------------


class RedirectTable(Table):
    """A redirect in the list."""

    old = TableColumn("旧地址", linkify=lambda record: reverse("office:sites:redirect", args=[record.key]))
    to = TableColumn("新地址")
    site = TableColumn("网站", accessor="site__name")
    state = PillColumn("状态", kinds={"active": "ok"})


class RedirectFilter(FilterSet):
    """By address and state."""

    q = django_filters.CharFilter(label="地址", method="search")
    state = django_filters.ChoiceFilter(
        label="状态", choices=[(s.key, s.label) for s in REDIRECT.states], empty_label="不限"
    )

    def search(self, rows: QuerySet[Redirect], name: str, value: str) -> QuerySet[Redirect]:
        """In both addresses."""
        return rows.filter(Q(old__icontains=value) | Q(to__icontains=value))


class RedirectList(ListPage):
    """Every redirect of the sites this person works for."""

    title = "旧址转向"
    summary = "网站改版、迁移后，访问旧地址的人会被带到新地址。"
    table_class, filter_class = RedirectTable, RedirectFilter
    trail = (HOME,)
    empty = "没有旧址转向。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Redirect]:
        """By old address."""
        scope = Scope.of(request.user)
        scope.require(queries.RIGHT)
        return scope.limit(Redirect.objects.select_related("site"), queries.RIGHT, "site__body")

    def get_tabs(self, request: HttpRequest) -> Sequence[tuple[str, str, bool]]:
        """The other lists."""
        return tabs("redirects")

    def get_actions(self, request: HttpRequest) -> Sequence[tuple[str, str]]:
        """Add one, site by site."""
        scope, roles = Scope.of(request.user), frozenset(REDIRECT.move(NEW, "add").roles)
        sites = [one for one in queries.visible(scope).exclude(state="closed") if scope.roles(one.body) & roles]
        return [(f"增加转向：{one.name}", reverse("office:sites:redirect_new", args=[one.key])) for one in sites[:5]]


@require_http_methods(["GET", "HEAD", "POST"])
def new_redirect(request: HttpRequest, key: str) -> HttpResponse:
    """Lead an old address to a new one."""
    site = site_or_404(key)
    move = REDIRECT.move(NEW, "add")
    actor = allowed(request, site.body, move)

    def command(data: dict[str, Any], actor: Actor, token: str | None) -> Done:
        return services.add_redirect(key, actor, data, key=token)

    return form_page(request, move, move.fields, command, actor, "office:sites:redirect", trail=(site_crumb(site),))


class RedirectPage(CasePage):
    """One redirect."""

    kind, permission, template_name, trail = REDIRECT.name, queries.RIGHT, "sites/redirect.html", (HOME,)

    def name_of(self, state: events.Redirect) -> str:
        """The old address."""
        return state.old

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """The app's own command."""
        return services.do_redirect(key, event, actor, data, day=day, key=token or None)

    def get_context(self, request: HttpRequest, state: events.Redirect, body: Body) -> dict[str, Any]:
        """Both addresses."""
        return {"title": state.old, "rows": [Row("旧地址", state.old), Row("新地址", state.to)]}


# The front page of the desk ------------------------------------------------------------------------------------------

_TURNS = {
    "editor": ("draft", "revising"), "reviewer": ("review", "revision"), "signatory": ("review", "revision"),
    "disclosure": ("draft", "revising", "review", "revision"),
}  # fmt: skip


def in_hand(request: HttpRequest) -> Panel | None:
    """Pages that wait for this person's roles."""
    scope = Scope.of(request.user)
    states = sorted({state for role, held in _TURNS.items() if role in scope.anywhere for state in held})
    if not states or not scope.may(queries.RIGHT):
        return None
    rows = visible(scope).filter(state__in=states).order_by("key")
    lines = [
        Item(row.title, reverse("office:sites:page", args=[row.key]), row.site.name, row.get_state_display(), "soon")
        for row in rows[:5]
    ]
    return Panel(
        "网站页面待办", lines, f"{reverse('office:sites:pages')}?state=open", "没有等待您办理的页面。", rows.count()
    )
