"""Retention at the desk: the cases whose period is over, and the page where two people have the personal data erased."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse

from gongkai.law.decisions import LEAVES
from gongkai.ledger import clock
from gongkai.ledger.services import Conflict
from gongkai.organs.scope import Scope
from gongkai.procedure import Invalid, Refused
from gongkai.ui.forms import EventForm
from gongkai.ui.lists import Column, DayColumn, FilterSet, ListPage, Table

from . import queries, retention
from .lists import HOME
from .models import Request
from .procedure import PROCEDURE, REASON
from .schedule import Schedule, ScheduleFault, present
from .step_page import StepPage

COMMANDS = {
    "propose_erasure": retention.propose,
    "stop_erasure": retention.stop,
    "approve_erasure": retention.approve,
}


def _schedule() -> Schedule | None:
    try:
        return present(clock.today())
    except ScheduleFault:
        return None


class DueTable(Table):
    """Archived cases with the end of their period."""

    number = Column("编号", linkify=lambda record: reverse("office:requests:retention", args=[record.key]))
    title = Column("申请事项")
    leaf = Column("处理决定")
    archived_on = DayColumn("归档日期")
    over_on = Column("期满日期", accessor="archived_on", orderable=False)
    erasure_on = DayColumn("提出清除日期")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.schedule = _schedule()

    def render_leaf(self, value: str, record: Request) -> str:
        """The leaf's title."""
        return LEAVES[record.leaf].title if record.leaf in LEAVES else "—"

    def render_over_on(self, record: Request) -> str:
        """The day and the class."""
        kept = self.schedule.of(record.leaf) if self.schedule else None
        if kept is None or record.archived_on is None:
            return "—"
        return f"{kept.over_on(record.archived_on).isoformat()}（{kept.years} 年）"

    def value_over_on(self, record: Request) -> str:
        """The same in an export."""
        return self.render_over_on(record)


class DueFilter(FilterSet):
    """By what is proposed."""

    proposed = django_filters.ChoiceFilter(
        label="清除", choices=[("yes", "已提出，待批准"), ("no", "未提出")], method="by_proposal", empty_label="不限"
    )

    def by_proposal(self, rows: QuerySet[Request], name: str, value: str) -> QuerySet[Request]:
        """Proposed or not."""
        return rows.filter(erasure_on__isnull=value == "no")


class Due(ListPage):
    """The cases whose period is over and whose personal data may be erased."""

    title = "保管期限届满"
    summary = "归档后保管期限已满的申请。清除个人信息须由一人提出、等待期后由他人批准；台账和统计不变。"
    empty = "没有保管期限届满的申请。"
    table_class = DueTable
    filter_class = DueFilter
    trail = (HOME,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Request]:
        """Those this person may see, the longest over first."""
        scope = Scope.of(request.user)
        scope.require("requests.view")
        schedule = _schedule()
        rows = queries.visible(scope).order_by("archived_on", "key")
        return rows.filter(schedule.over(clock.today())) if schedule else rows.none()

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """Why there is nothing, when the schedule is at fault."""
        try:
            present(clock.today())
        except ScheduleFault as fault:
            messages.error(request, str(fault))
        return {}


class RetentionPage(StepPage):
    """One case: its period, what stands in the way, and what this person may do."""

    event = "propose_erasure"

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The page."""
        self.open(request, key)
        return self._show(request, key)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Propose, turn down or approve, once for each token."""
        sent = request.POST.get("event", "")
        self.event = sent if sent in COMMANDS else self.event_for(request)
        self.open(request, key)
        form = EventForm((REASON,), request.POST, prefix=self.event)
        if not form.is_valid():
            return self._show(request, key, form, 422)
        token = request.POST.get("token", "")[:100].replace("\x00", "") or None
        try:
            COMMANDS[self.event](key, form.event_data["reason"], self.actor, key=token)
        except Invalid as invalid:
            for name, message in invalid.errors:
                form.add_error(name if name in form.fields else None, message)
        except (Refused, Conflict) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已办：{self.move.label}")
            return redirect(request.path)
        return self._show(request, key, form, 422)

    def event_for(self, request: HttpRequest) -> str:
        """The step of this person's own roles, where the form names none."""
        held = Scope.of(request.user).anywhere
        mine = (event for event in COMMANDS if held.intersection(PROCEDURE.events[event][0].roles))
        return next(mine, self.event)

    def _show(self, request: HttpRequest, key: str, form: EventForm | None = None, status: int = 200) -> HttpResponse:
        today, steps = clock.today(), []
        for event in COMMANDS:
            move = PROCEDURE.events[event][0]
            if not self.refusal(event):
                asked = form if form is not None and form.prefix == event else EventForm((REASON,), prefix=event)
                steps.append((move, asked))
        schedule = _schedule()
        kept = schedule.of(self.case.leaf or "") if schedule else None
        context = self.context(key, "保管期限") | {
            "objection": retention.objection(key, self.case, today) if self.case.state == "archived" else "",
            "schedule": schedule,
            "kept": kept,
            "over_on": kept.over_on(self.case.archived_on) if kept and self.case.archived_on else None,
            "waits": retention.waits_until(self.case, schedule) if schedule else None,
            "steps": steps,
            "state_label": PROCEDURE.state[self.case.state].label,
        }
        return render(request, "requests/retention.html", context, status=status)


urlpatterns = [
    path("retention/", Due.as_view(), name="retention-due"),
    path("<slug:key>/retention/", RetentionPage.as_view(), name="retention"),
]
