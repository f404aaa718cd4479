"""The disclosure desk: the log's items, the Art 44 queue, and what waits on the front page."""

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import path, reverse

from gongkai.organs.scope import Scope
from gongkai.ui.lists import Column, DayColumn, FilterSet, ListPage, NumberColumn, PillColumn, Table
from gongkai.ui.pieces import Item as Line
from gongkai.ui.pieces import Panel

from . import item_page, proposal_page, queries, write_page
from .models import Item, Proposal
from .procedure import ITEM, OUTCOMES, PROPOSAL
from .showing import HOME, ITEM_KINDS, PROPOSAL_KINDS


class ItemTable(Table):
    """An item in a list."""

    number = Column("编号", linkify=lambda record: reverse("office:disclosures:item", args=[record.key]))
    title = Column("标题")
    body = Column("机关", accessor="body__name")
    outcome = Column("处理决定")
    proposed_on = DayColumn("提出日期")
    published_on = DayColumn("公开日期")
    state = PillColumn("状态", kinds=ITEM_KINDS)


class ItemFilter(FilterSet):
    """By words, state, decision and day of publication."""

    q = django_filters.CharFilter(label="编号或标题", method="search")
    state = django_filters.ChoiceFilter(
        label="状态", choices=[("open", "全部在办"), *((s.key, s.label) for s in ITEM.states)], method="by_state",
        empty_label="不限",
    )  # fmt: skip
    outcome = django_filters.ChoiceFilter(label="处理决定", choices=OUTCOMES, empty_label="不限")
    published_from = django_filters.DateFilter(label="公开日期自", field_name="published_on", lookup_expr="gte")
    published_to = django_filters.DateFilter(label="至", field_name="published_on", lookup_expr="lte")

    def search(self, rows: QuerySet[Item], name: str, value: str) -> QuerySet[Item]:
        """In number and title."""
        return rows.filter(Q(number__icontains=value) | Q(title__icontains=value))

    def by_state(self, rows: QuerySet[Item], name: str, value: str) -> QuerySet[Item]:
        """A state, or everything in hand."""
        return rows.filter(state__in=queries.ITEMS_IN_HAND if value == "open" else (value,))


class DisclosureList(ListPage):
    """Base of the two lists: who may see them, and the way from one to the other."""

    here = ""

    def get_tabs(self, request: HttpRequest) -> list[tuple[str, str, bool]]:
        """The log and the queue."""
        tabs = (("依申请公开信息目录", "home"), ("转主动公开建议", "proposals"))
        return [(label, reverse(f"office:disclosures:{name}"), name == self.here) for label, name in tabs]


class ItemList(DisclosureList):
    """Every item this person may see, newest first."""

    here, title = "home", "依申请公开信息目录"
    summary = "依申请公开的信息，经审核后向所有人公开。从申请的页面点“公开到目录”提出。"
    table_class, filter_class = ItemTable, ItemFilter
    empty = "目录里还没有条目。"
    empty_hint = "打开一件已经送达的予以公开或者部分公开的申请，点“公开到目录”。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Item]:
        """The items of the bodies this person works for."""
        scope = Scope.of(request.user)
        scope.require(queries.RIGHT)
        return queries.visible_items(scope)


class ProposalTable(Table):
    """A proposal in a list."""

    number = Column("编号", linkify=lambda record: reverse("office:disclosures:proposal", args=[record.key]))
    title = Column("事项")
    body = Column("机关", accessor="body__name")
    count = NumberColumn("申请件数")
    suggested = NumberColumn("其中申请人建议")
    raised_on = DayColumn("提出日期")
    accepted_on = DayColumn("纳入日期")
    ended_on = DayColumn("办结日期")
    state = PillColumn("状态", kinds=PROPOSAL_KINDS)


class ProposalFilter(FilterSet):
    """By words, state and the day it was raised."""

    q = django_filters.CharFilter(label="编号或事项", method="search")
    state = django_filters.ChoiceFilter(
        label="状态", choices=[("open", "全部在办"), *((s.key, s.label) for s in PROPOSAL.states)], method="by_state",
        empty_label="不限",
    )  # fmt: skip
    raised_from = django_filters.DateFilter(label="提出日期自", field_name="raised_on", lookup_expr="gte")
    raised_to = django_filters.DateFilter(label="至", field_name="raised_on", lookup_expr="lte")

    def search(self, rows: QuerySet[Proposal], name: str, value: str) -> QuerySet[Proposal]:
        """In number and title."""
        return rows.filter(Q(number__icontains=value) | Q(title__icontains=value))

    def by_state(self, rows: QuerySet[Proposal], name: str, value: str) -> QuerySet[Proposal]:
        """A state, or everything in hand."""
        return rows.filter(state__in=queries.PROPOSALS_IN_HAND if value == "open" else (value,))


class ProposalList(DisclosureList):
    """The Art 44 queue, newest first."""

    here, title, trail = "proposals", "转主动公开建议", (HOME,)
    summary = "多个申请人就相同信息提出申请的，由系统提出；申请人认为应当主动公开的，也可以建议（条例第四十四条）。"
    table_class, filter_class = ProposalTable, ProposalFilter
    empty = "目前没有转主动公开建议。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proposal]:
        """The proposals of the bodies this person works for."""
        scope = Scope.of(request.user)
        scope.require(queries.RIGHT)
        return queries.visible_proposals(scope)


#: Which states wait for which role.
_TURNS = {"reviewer": ("proposed", "amending"), "signatory": ("reviewed", "amended"), "handler": ("returned",)}
_TURNS["disclosure"] = queries.ITEMS_IN_HAND


def items_in_hand(request: HttpRequest) -> Panel | None:
    """Items of the log that wait for this person's roles."""
    scope = Scope.of(request.user)
    states = sorted({state for role, states in _TURNS.items() if role in scope.anywhere for state in states})
    if not states or not scope.may(queries.RIGHT):
        return None
    rows = queries.visible_items(scope).filter(state__in=states).order_by("proposed_on", "key")
    lines = [
        Line(row.number, reverse("office:disclosures:item", args=[row.key]), row.title, row.get_state_display(), "soon")
        for row in rows[:5]
    ]
    url = f"{reverse('office:disclosures:home')}?state=open"
    return Panel("公开目录待办", lines, url, "没有等待您办理的目录条目。", rows.count())


def art44(request: HttpRequest) -> Panel | None:
    """Proposals to publish actively that wait for the disclosure office."""
    scope = Scope.of(request.user)
    if not scope.anywhere & {"disclosure", "supervisor"}:
        return None
    rows = queries.visible_proposals(scope).filter(state__in=queries.PROPOSALS_IN_HAND).order_by("raised_on", "key")
    lines = [
        Line(
            row.number, reverse("office:disclosures:proposal", args=[row.key]), row.title,
            f"{row.count} 件申请　{row.get_state_display()}", "soon" if row.state == "raised" else "brand",
        )
        for row in rows[:5]
    ]  # fmt: skip
    url = f"{reverse('office:disclosures:proposals')}?state=open"
    return Panel("转主动公开建议", lines, url, "没有待研究的建议。", rows.count())


panels = [items_in_hand, art44]

urlpatterns = [
    path("", ItemList.as_view(), name="home"),
    path("proposals/", ProposalList.as_view(), name="proposals"),
    path("proposals/<slug:key>/", proposal_page.ProposalPage.as_view(), name="proposal"),
    path("propose/<slug:key>/", write_page.propose, name="propose"),
    path("items/<slug:key>/", item_page.ItemPage.as_view(), name="item"),
    path("items/<slug:key>/edit/", write_page.edit, name="edit"),
    path("items/<slug:key>/files/<slug:reference>/", item_page.file, name="file"),
]
