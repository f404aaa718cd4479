"""The desk of norms and registers: lists with the status of today, pages, entering, import."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gongkai.law.validity import SOON
from gongkai.ledger import clock
from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Done
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body
from gongkai.organs.opening import OpeningPage, workers
from gongkai.organs.scope import Scope
from gongkai.procedure import NEW, Transition
from gongkai.ui.forms import Form
from gongkai.ui.lists import Column, DayColumn, FilterSet, Table
from gongkai.ui.pieces import Action, Item, Panel

from . import events, queries, services, texts
from .balance_desk import balance_page
from .cleanup import desk as cleanup
from .entry_desk import urlpatterns as entry_urls
from .models import Norm
from .procedure import KINDS, NORM
from .showing import banner, describe, facts, iso, relations, status_words, today_status
from .tabs import HOME, NORMS_RIGHT, Tabs
from .text_desk import AmendPage, TextPage

#: Pages on which an event is made, instead of a form on the norm's own page.
_ELSEWHERE = {"set_text": "office:norms:text", "amend": "office:norms:amend"}


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


_DRAFTING = ("draft", "commenting", "reviewed", "approved", "registered")
_BY_STATUS: dict[str, tuple[str, Callable[[QuerySet[Norm], date], QuerySet[Norm]]]] = {
    "in_force": ("现行有效", queries.in_force),
    "expiring": ("半年内到期", lambda rows, day: queries.expiring(rows, day, day + SOON)),
    "unrecorded": ("期满未登记失效", queries.expired_unrecorded),
    "ceased": ("已废止、失效", lambda rows, day: rows.filter(ceased_on__lte=day).exclude(state="void")),
    "unfiled": ("待备案", lambda rows, day: queries.unfiled(rows)),
    "draft": ("起草办理中", lambda rows, day: rows.filter(state__in=_DRAFTING)),
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


class NormPage(CasePage):
    """One norm: its dates and status today, what happened to it, what may be done."""

    kind, permission, template_name, trail = "norm", NORMS_RIGHT, "norms/norm.html", (HOME,)

    def name_of(self, state: events.Norm) -> str:
        """Its 文号, else its title."""
        return state.document_number or state.title

    def describe(self, event: Event) -> str:
        """What the line says."""
        return describe(event)

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """The app's own command."""
        return services.do(self.kind, key, event, actor, data, day=day, key=token or None)

    def _action(self, request: HttpRequest, move: Transition, form: Any) -> Action:
        """Texts and amendments have pages of their own."""
        if move.event in _ELSEWHERE:
            return Action(move.label, reverse(_ELSEWHERE[move.event], args=[self.kwargs["key"]]), move.hint)
        return super()._action(request, move, form)

    def get_context(self, request: HttpRequest, state: events.Norm, body: Body) -> dict[str, Any]:
        """Title, status today and on the day asked for, dates, texts, relations."""
        key, words = self.kwargs["key"], today_status(state)
        form = DayForm(request.GET if "on" in request.GET else None)
        asked = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
        version = texts.version_on(state, asked or clock.today())
        text_url = reverse("office:norms:text", args=[key])
        return {
            "title": state.title,
            "rows": facts(state, body),
            "pill": words[0],
            "kind": words[1],
            "banner": banner(state),
            "day_form": form,
            "asked": asked,
            "asked_status": status_words(state, asked) if asked else None,
            "relations": relations(key, state, Scope.of(request.user)),
            "text_url": text_url,
            "version": version,
            "version_number": state.versions.index(version) + 1 if version else 0,
            "versions": len(state.versions),
        }


class DayForm(Form):
    """The day one asks about."""

    on = forms.DateField(label="查看某日的效力", error_messages={"invalid": "应为日期，如 2021-03-12"})


class NormOpening(OpeningPage):
    """Begin a norm by one of the three opening events."""

    procedure, right, page, home = NORM, NORMS_RIGHT, "office:norms:case", HOME

    def command(self) -> Callable[..., Done]:
        """The command of the event's name."""
        return {"draft": services.draft, "issue": services.issue}.get(self.event, services.register_existing)


def ending(request: HttpRequest) -> Panel | None:
    """Norms whose validity ends within half a year, the earliest first: evaluate, renew or let lapse."""
    scope = Scope.of(request.user)
    if not scope.may(NORMS_RIGHT):
        return None
    today = clock.today()
    rows = queries.expiring(queries.visible_norms(scope), today, today + SOON)
    items = [
        Item(row.title, reverse("office:norms:case", args=[row.key]), row.document_number, f"{iso(row.valid_until)}到期", "soon")
        for row in rows[:5]
    ]  # fmt: skip
    url = reverse("office:norms:home") + "?status=expiring"
    return Panel("即将到期的文件", items, url, "半年内没有到期的文件。", rows.count())


def filing(request: HttpRequest) -> Panel | None:
    """Norms issued here that are to be filed 备案, the most urgent first."""
    scope = Scope.of(request.user)
    if not scope.may(NORMS_RIGHT):
        return None
    rows, today = queries.unfiled(queries.visible_norms(scope)), clock.today()
    if not rows.exists():
        return None
    items = [
        Item(row.title, reverse("office:norms:case", args=[row.key]), row.document_number,
             f"{iso(row.filing_due_on)}前报送", "late" if row.filing_due_on and row.filing_due_on < today else "soon")
        for row in rows[:5]
    ]  # fmt: skip
    return Panel("待备案的文件", items, reverse("office:norms:home") + "?status=unfiled", "", rows.count())


panels = [ending, filing]

urlpatterns = [
    path("", NormList.as_view(), name="home"),
    *(path(f"{kind}/", NormList.as_view(kind=kind), name=f"{kind}_list") for kind, _ in KINDS),
    *(
        path(f"{event}/", NormOpening.as_view(event=event), name=event)
        for event in ("draft", "issue", "register_existing")
    ),
    path("norm/<slug:key>/", NormPage.as_view(), name="case"),
    path("norm/<slug:key>/text/", TextPage.as_view(), name="text"),
    path("norm/<slug:key>/amend/", AmendPage.as_view(), name="amend"),
    path("balance/", balance_page, name="balance"),
    *cleanup.urlpatterns,
    *entry_urls,
]
