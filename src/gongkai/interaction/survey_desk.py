"""The desk of surveys: the list, drafting and revising, the page of one, what was sent to it and what becomes of that."""

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongkai.ledger import blobs, clock
from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Conflict, Done, replay
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body
from gongkai.organs.opening import OpeningPage, workers
from gongkai.organs.scope import Scope
from gongkai.procedure import NEW, Invalid, Refused, Transition
from gongkai.records.models import Record
from gongkai.ui.forms import EventForm
from gongkai.ui.lists import Column, DayColumn, FilterSet, NumberColumn, PillColumn, Table
from gongkai.ui.pieces import Action, Crumb, Item, Panel, Row

from . import case, queries, questions, showing, survey_services
from .message_desk import InteractionList
from .models import Submission as SubmissionRow
from .models import Survey as SurveyRow
from .survey_events import PHASES, Submission, Survey
from .survey_procedure import CONSULTATION, FORMS, OUTCOMES, SUBMISSION, SURVEY

HOME = Crumb("征集调查", "/office/interaction/surveys/")


class SurveyFilter(FilterSet):
    """By words, kind, state and the days it is open."""

    q = django_filters.CharFilter(label="编号或标题", method="search")
    form_of = django_filters.ChoiceFilter(label="类别", choices=FORMS, field_name="form", empty_label="不限")
    state = django_filters.ChoiceFilter(
        label="状态", choices=[(s.key, s.label) for s in SURVEY.states], empty_label="不限"
    )
    open_on = django_filters.DateFilter(label="开放日期", method="by_day")

    def search(self, rows: QuerySet[SurveyRow], name: str, value: str) -> QuerySet[SurveyRow]:
        """In number and title."""
        return rows.filter(Q(number__icontains=value) | Q(title__icontains=value))

    def by_day(self, rows: QuerySet[SurveyRow], name: str, value: date) -> QuerySet[SurveyRow]:
        """Open on a day."""
        return rows.filter(since__lte=value, until__gte=value)


class SurveyTable(Table):
    """A survey in the list."""

    number = Column("编号", linkify=lambda record: reverse("office:interaction:survey", args=[record.key]))
    title = Column("标题")
    form = Column("类别")
    body = Column("机关", accessor="body__name")
    since = DayColumn("开始日期")
    until = DayColumn("截止日期")
    count = NumberColumn("收到", default=0)
    state = PillColumn("状态", kinds=showing.STATE_KINDS)


class SurveyList(InteractionList):
    """Every survey this person may see, newest first."""

    here, title = "surveys", "征集调查"
    summary = "起草、由其他人审核，到开始日期自动开放，过截止日期自动结束；结果经审核后公布。"
    table_class, filter_class = SurveyTable, SurveyFilter
    empty = "没有征集调查。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[SurveyRow]:
        """The surveys of the bodies this person works for, with how many took part."""
        scope = Scope.of(request.user)
        scope.require(queries.RIGHT)
        return queries.surveys(scope).annotate(count=Count("submissions", filter=~Q(submissions__state="void")))

    def get_actions(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Draft one, for those who may."""
        move = SURVEY.move(NEW, "draft")
        may = workers(Scope.of(request.user), queries.RIGHT, move)
        return [(move.label, reverse("office:interaction:survey_draft"))] if may else []


class Draft(OpeningPage):
    """Draft a survey; ``?record=`` begins with a document's title and text."""

    procedure, event, right = SURVEY, "draft", queries.RIGHT
    page, home = "office:interaction:survey", HOME

    def initial(self, request: HttpRequest) -> dict[str, str]:
        """The document it is about, if this person may read it."""
        row = Record.objects.select_related("body").filter(pk=request.GET.get("record", "")[:64]).first()
        if row is None or not (row.public or Scope.of(request.user).may("records.view", row.body)):
            return {"form": CONSULTATION, "record": request.GET.get("record", "")[:64]}
        text = blobs.get(row.text).decode() if row.text else ""
        return {"form": CONSULTATION, "record": row.key, "title": f"关于《{row.title}》公开征求意见", "text": text}

    def command(self) -> Callable[..., Done]:
        """The app's command."""
        return survey_services.draft


def _content(survey: Survey) -> dict[str, Any]:
    """What a survey says, as its form has it."""
    plain = {name: getattr(survey, name) for name in ("form", "title", "background", "record", "contact")}
    text = blobs.get(survey.text).decode() if survey.text else ""
    days = {"since": survey.since.isoformat(), "until": survey.until.isoformat()}
    return plain | days | {"text": text, "questions": questions.write(survey.questions)}


@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: HttpRequest, key: str) -> HttpResponse:
    """Write a survey anew that has not been approved."""
    survey: Survey | None = replay(SURVEY.name, key)
    if survey is None:
        raise Http404
    body, scope = Body.objects.get(key=survey.body), Scope.of(request.user)
    scope.require(queries.RIGHT, body)
    move = SURVEY.events["revise"][0]
    if not scope.roles(body).intersection(move.roles):
        raise PermissionDenied(f"“{move.label}”须由{'、'.join(SURVEY.roles[role] for role in move.roles)}办理")
    status = 200
    form = EventForm(move.fields, request.POST if request.method == "POST" else None, initial=_content(survey))
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                token = request.POST.get("token", "")[:64].replace("\x00", "")
                survey_services.do(key, "revise", scope.actor(body), form.event_data, key=token or None)
                messages.success(request, f"已办：{move.label}")
                return redirect("office:interaction:survey", key=key)
            except (Invalid, Refused, Conflict) as refusal:
                for name, message in getattr(refusal, "errors", [("", str(refusal))]):
                    form.add_error(name if name in form.fields else None, message)
    trail = (HOME, Crumb(survey.number, reverse("office:interaction:survey", args=[key])), Crumb(move.label))
    context = {"form": form, "move": move, "trail": trail, "token": request.POST.get("token") or uuid.uuid4().hex}
    return render(request, "organs/opening.html", context, status=status)


class SurveyPage(CasePage):
    """One survey: what it asks, where it stands, what came in so far."""

    kind, permission, template_name, trail = SURVEY.name, queries.RIGHT, "interaction/survey.html", (HOME,)

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """The app's own command: publishing freezes what was counted."""
        return survey_services.do(key, event, actor, data, day=day, key=token or None)

    def _action(self, request: HttpRequest, move: Transition, form: EventForm | None) -> Action:
        """Writing has a page of its own."""
        if move.event == "revise" and form is None:
            return Action(move.label, reverse("office:interaction:survey_revise", args=[self.kwargs["key"]]), move.hint)
        return super()._action(request, move, form)

    def describe(self, event: Event) -> str:
        """Until when, or why."""
        if event.kind == "prolong":
            return f"至 {event.data['until']}：{event.data['reason']}"
        return super().describe(event)

    def get_context(self, request: HttpRequest, state: Survey, body: Body) -> dict[str, Any]:
        """Content, phase, and the count so far."""
        key, today = self.kwargs["key"], clock.today()
        found = dict(state.results) if state.results else survey_services.results(key)
        waiting = SubmissionRow.objects.filter(survey=key, state="received").count()
        now = state.phase(today)
        return {
            "title": state.title,
            "form_label": dict(FORMS)[state.form],
            "kind": showing.STATE_KINDS.get(state.state, ""),
            "phase": PHASES.get(now, ""),
            "phase_kind": showing.PHASE_KINDS.get(now, ""),
            "text": blobs.get(state.text).decode() if state.text else "",
            "asked": questions.write(state.questions),
            "count": found["count"],
            "charts": showing.charts(state.questions, found),
            "outcomes": showing.outcomes(found),
            "opinions": showing.opinions(found),
            "submissions_url": reverse("office:interaction:submissions", args=[key]),
            "waiting": waiting if state.form == CONSULTATION else 0,
            "rows": [
                Row("机关", body.name),
                Row("时间", f"{state.since.isoformat()} 至 {state.until.isoformat()}"),
                *([Row("所涉文件", state.record)] if state.record else []),
                *([Row("其他提交方式", state.contact)] if state.contact else []),
                *([Row("公开页面", "查看", reverse("portal:interaction:survey", args=[key]))] if now else []),
            ],
        }


class SubmissionFilter(FilterSet):
    """By number or gist, state, outcome and day."""

    q = django_filters.CharFilter(label="编号或摘要", method="search")
    state = django_filters.ChoiceFilter(
        label="状态", choices=[(s.key, s.label) for s in SUBMISSION.states], empty_label="不限"
    )
    outcome = django_filters.ChoiceFilter(label="处理", choices=OUTCOMES, empty_label="不限")
    received_from = django_filters.DateFilter(label="收到日期自", field_name="received_on", lookup_expr="gte")
    received_to = django_filters.DateFilter(label="至", field_name="received_on", lookup_expr="lte")

    def search(self, rows: QuerySet[SubmissionRow], name: str, value: str) -> QuerySet[SubmissionRow]:
        """In number and gist."""
        return rows.filter(Q(number__icontains=value) | Q(gist__icontains=value))


class SubmissionTable(Table):
    """What somebody sent, in the list: never who."""

    number = Column("回执编号", linkify=lambda record: reverse("office:interaction:submission", args=[record.key]))
    received_on = DayColumn("收到日期")
    gist = Column("意见摘要")
    outcome = PillColumn("处理", kinds=showing.OUTCOME_KINDS)
    reason = Column("理由")
    state = PillColumn("状态", kinds=showing.STATE_KINDS)


class SubmissionList(InteractionList):
    """What was sent to one survey, newest first."""

    here = "surveys"
    table_class, filter_class = SubmissionTable, SubmissionFilter
    empty = "还没有收到意见。"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only of a survey this person may see."""
        self.survey = SurveyRow.objects.select_related("body").filter(pk=kwargs["key"]).first()
        if self.survey is None:
            raise Http404
        Scope.of(request.user).require(queries.RIGHT, self.survey.body)
        return super().get(request, *args, **kwargs)

    def get_title(self, request: HttpRequest) -> str:
        """Named after the survey."""
        return f"收到的意见：{self.survey.title}"

    def get_trail(self, request: HttpRequest) -> tuple[Crumb, ...]:
        """Through the survey."""
        return (HOME, Crumb(self.survey.number, reverse("office:interaction:survey", args=[self.survey.key])))

    def get_queryset(self, request: HttpRequest) -> QuerySet[SubmissionRow]:
        """Of this survey."""
        return queries.submissions(Scope.of(request.user)).filter(survey=self.survey)


class SubmissionPage(case.SentPage):
    """What one person sent: answers, and what becomes of an opinion."""

    kind, trail, due_word = SUBMISSION.name, (HOME,), ""

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """The app's own command: what will be published names nobody."""
        return survey_services.settle(key, event, actor, data, day=day, key=token or None)

    def describe(self, event: Event) -> str:
        """The outcome."""
        if event.kind == "settle":
            return f"{dict(OUTCOMES)[event.data['outcome']]}：{event.data['gist']}"
        return super().describe(event)

    def sections(self, state: Submission, hidden: dict[str, Any]) -> list[tuple[str, str]]:
        """Every question answered."""
        asked = questions.from_json(self.survey.questions)
        return [
            *showing.chosen(asked, state.chosen),
            *showing.written(asked, str(hidden.get("content", ""))),
            ("意见摘要", state.gist),
            ("理由", state.reason),
        ]

    def rows(self, state: Submission) -> list[Row]:
        """The survey, the day, the outcome."""
        rows = [Row("征集调查", self.survey.title, reverse("office:interaction:survey", args=[state.survey]))]
        rows.append(Row("收到", state.received_on.isoformat() if state.received_on else ""))
        return [*rows, Row("处理", dict(OUTCOMES)[state.outcome])] if state.outcome else rows

    def get_context(self, request: HttpRequest, state: Submission, body: Body) -> dict[str, Any]:
        """With the survey's questions at hand."""
        self.survey = SurveyRow.objects.get(pk=state.survey)
        return super().get_context(request, state, body) | {"title": f"对“{self.survey.title}”的意见"}


def waiting(request: HttpRequest) -> Panel | None:
    """Surveys to be reviewed, or over and without results."""
    scope, today = Scope.of(request.user), clock.today()
    reviews = bool(scope.anywhere & {"reviewer", "signatory", "disclosure"})
    drafts = bool(scope.anywhere & {"handler", "editor", "disclosure"})
    if not (reviews or drafts) or not scope.may(queries.RIGHT):
        return None
    wanted = Q(pk__in=[])
    if reviews:
        wanted |= Q(state__in=("drafted", "summarised"))
    if drafts:
        wanted |= Q(state="returned") | Q(state="approved", until__lt=today)
    rows = queries.surveys(scope).filter(wanted).order_by("until", "key")
    lines = [
        Item(row.number, reverse("office:interaction:survey", args=[row.key]), row.title,
             "待整理结果" if row.state == "approved" else row.get_state_display(), "soon")
        for row in rows[:5]
    ]  # fmt: skip
    return Panel(
        "征集调查待办", lines, reverse("office:interaction:surveys"), "没有等待您办理的征集调查。", rows.count()
    )
