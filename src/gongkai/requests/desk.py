"""The request desk: its addresses and what it shows on the front page."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path, reverse

from gongkai.organs.scope import Scope
from gongkai.ui.pieces import Item, Panel

from . import (
    attachment_desk,
    bulk,
    fee_page,
    papers_desk,
    queries,
    redaction_desk,
    register_desk,
    retention_desk,
    saved_views,
    split_page,
    wizard,
)
from .case_page import RequestPage
from .intake_desk import Enter
from .lists import Queue, RequestList, urgency
from .models import Request


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
    path("bulk/", bulk.Bulk.as_view(), name="bulk"),
    path("views/", saved_views.save, name="view-save"),
    path("import/", register_desk.ImportPage.as_view(), name="import"),
    path("import/template.xlsx", register_desk.template_file, name="import-template"),
    *papers_desk.urlpatterns,
    *attachment_desk.urlpatterns,
    *redaction_desk.urlpatterns,
    *retention_desk.urlpatterns,
    path("<slug:key>/", RequestPage.as_view(), name="case"),
    path("<slug:key>/wizard/", wizard.Wizard.as_view(), name="wizard"),
    path("<slug:key>/fee/", fee_page.FeePage.as_view(), name="fee"),
    path("<slug:key>/split/", split_page.SplitPage.as_view(), name="split"),
]
