"""The report desk: reports by body and year, compiling, the narrative, freezing; the rows behind every figure."""

import dataclasses
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views import View

from gongkai import figure
from gongkai.annual.forms import SECTIONS
from gongkai.annual.report import Report
from gongkai.figure.registry import family_of
from gongkai.ledger import blobs, clock
from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Conflict, Done
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body
from gongkai.organs.queries import NoSuchBody, counted
from gongkai.organs.queries import body as body_of
from gongkai.organs.scope import Scope
from gongkai.procedure import Field, Invalid, Refused, Transition
from gongkai.ui.forms import EventForm, Form
from gongkai.ui.lists import Column, DayColumn, FilterSet, ListPage, PillColumn, Table
from gongkai.ui.pieces import Action, Crumb, Download, Item, Panel

from . import consistency, content, narrative, queries, rendering, services, showing
from .events import Case
from .models import AnnualReport
from .procedure import CUT, PROCEDURE
from .rows import table_of

HOME = Crumb("报告", "/office/reporting/")
STATE_KINDS = {"draft": "", "submitted": "soon", "reviewed": "soon", "frozen": "brand", "published": "ok"}


class ReportTable(Table):
    """The columns of the list of reports."""

    body = Column("机关", linkify=lambda record: reverse("office:reporting:case", args=[record.key]))
    year = Column("年度")
    state = PillColumn("状态", kinds=STATE_KINDS)
    as_of = DayColumn("统计截止日")
    compiled_on = DayColumn("统计日期")
    frozen_on = DayColumn("冻结日期")
    published_on = DayColumn("公布日期")


class ReportFilter(FilterSet):
    """By body, year and state."""

    q = django_filters.CharFilter(label="机关", field_name="body__name", lookup_expr="icontains")
    year = django_filters.NumberFilter(label="年度")
    state = django_filters.ChoiceFilter(
        label="状态", choices=[(s.key, s.label) for s in PROCEDURE.states], empty_label="不限"
    )


class ReportList(ListPage):
    """Every report this person may see."""

    title = "年度报告"
    table_class = ReportTable
    filter_class = ReportFilter
    empty = "还没有编制年度报告。"
    empty_hint = "由公开办编制：选定机关和年度，三张表即由台账统计得出。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[AnnualReport]:
        """The reports of the bodies this person works for."""
        scope = Scope.of(request.user)
        scope.require("reports.view")
        return queries.visible(scope)

    def get_actions(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Compiling is the disclosure office's work."""
        may = _compilers(Scope.of(request.user))
        return [("编制报告", reverse("office:reporting:compile"))] if may else []


def _compilers(scope: Scope) -> list[Body]:
    """The bodies whose report this person may compile."""
    roles = {role for move in PROCEDURE.events["compile"] for role in move.roles}
    return [body for body in scope.bodies("reports.view") if scope.roles(body) & roles]


class Compile(View):
    """Begin a report: body, year, and where to cut."""

    def _form(self, bodies: list[Body], data: Any = None) -> EventForm:
        body = Field("body", "机关", "choice", choices=tuple((b.key, b.name) for b in bodies))
        year = Field("year", "年度", "integer", hint="如 2021")
        initial = {"body": bodies[0].key, "year": clock.today().year - 1}
        return EventForm((body, year, *CUT), data, initial=initial)

    def _bodies(self, request: HttpRequest) -> list[Body]:
        bodies = _compilers(Scope.of(request.user))
        if not bodies:
            raise PermissionDenied("编制年度报告须有公开办角色")
        return bodies

    def _show(self, request: HttpRequest, form: EventForm, status: int = 200) -> HttpResponse:
        title = "编制年度报告"
        context = {"form": form, "title": title, "trail": (HOME, Crumb(title)), "token": uuid.uuid4().hex}
        return render(request, "reporting/compile.html", context, status=status)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return self._show(request, self._form(self._bodies(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Compile, once for each token."""
        bodies = self._bodies(request)
        form = self._form(bodies, request.POST)
        if not form.is_valid():
            return self._show(request, form, 422)
        data = dict(form.event_data)
        body = next(one for one in bodies if one.key == data.pop("body"))
        year = data.pop("year")
        actor = Scope.of(request.user).actor(body)
        begun = AnnualReport.objects.filter(body=body, year=year).first()
        if begun:
            messages.info(request, f"{begun} 已经开始编制")
            return redirect("office:reporting:case", key=begun.key)
        try:
            done = services.compile_new(body, year, actor, data, key=request.POST.get("token") or None)
        except (Invalid, Refused, Conflict) as refusal:
            _explain(form, refusal)
            return self._show(request, form, 422)
        messages.success(request, f"已由台账统计，编成{body.name}{year}年度报告初稿")
        return redirect("office:reporting:case", key=done.event.subject)


def _explain(form: forms.BaseForm, refusal: Invalid | Refused | Conflict) -> None:
    """Put the reasons of a refused command beside their fields."""
    reasons = refusal.errors if isinstance(refusal, Invalid) else [("", str(refusal))]
    for name, message in reasons:
        form.add_error(name if name in form.fields else None, message)


class ReportPage(CasePage):
    """One report: equations, tables, text, and what may be done."""

    kind = services.KIND
    permission = "reports.view"
    template_name = "reporting/case.html"
    trail = (HOME,)

    def name_of(self, state: Case) -> str:
        """The year tells reports apart; the body stands in the title."""
        return f"{content.figures(state.figures).body}{state.year}年"

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """Freezing makes files: the app's own command."""
        return services.do(key, event, actor, data, day=day, key=token or None)

    def describe(self, event: Event) -> str:
        """What was counted, changed, frozen."""
        data = event.data
        if event.kind in {"compile", "recompile"}:
            return f"统计截止 {data['as_of']}"
        if event.kind == "edit":
            return "、".join(SECTIONS[number - 1] for number in data["sections"])
        if event.kind == "freeze":
            return f"校验值 {data['content'][:16]}…"
        return super().describe(event)

    def _action(self, request: HttpRequest, move: Transition, form: EventForm | None) -> Action:
        """The narrative has a page of its own; freezing cannot be taken back."""
        action = super()._action(request, move, form)
        if move.event == "edit":
            return Action(action.label, f"{request.path}text/", action.needs, action.article)
        return dataclasses.replace(action, grave=move.event in {"freeze", "publish"})

    def get_context(self, request: HttpRequest, state: Case, body: Body) -> dict[str, Any]:
        """The report as it stands: frozen, or from the figures last counted."""
        frozen = bool(state.content)
        whole = content.load(state.content) if frozen else _draft(state)
        report = Report.from_json(whole["report"])
        base = queries.rows_url(queries.NO_FIGURE, body.key, state.year, state.as_of, state.known_at)
        link = _linker(base)
        texts = {int(number): tuple(paragraphs) for number, paragraphs in whole["sections"].items()}
        now = queries.compile_report(body, state.year, state.as_of)
        return {
            "title": whole["title"],
            "frozen": frozen,
            "kind": STATE_KINDS[state.state],
            "parts": showing.sections(rendering.document(whole, link)),
            "balance": showing.balance(report, link, _previous(state)),
            "facts": showing.facts(report.values, link),
            "remarks": consistency.review(texts, report.values, state.year),
            "differences": showing.differences(report, now),
            "files": _downloads(body.key, state),
        }


def _draft(state: Case) -> dict[str, Any]:
    figures, texts = content.figures(state.figures), content.narrative(state.narrative)
    return rendering.content_of(figures, texts, None, (*rendering.marks(), rendering.DRAFT_MARK))


def _linker(base: str) -> showing.Link:
    """Addresses of rows for two hundred cells: the query is written once."""
    front, _, query = base.partition("?")
    return lambda cell: f"{front.replace(queries.NO_FIGURE, cell)}?{query}"


def _previous(state: Case) -> Report | None:
    """The frozen report of the year before, for the equations across years."""
    found = AnnualReport.objects.filter(body=state.body, year=state.year - 1).exclude(content="").first()
    return Report.from_json(content.load(found.content)["report"]) if found else None


def _downloads(body: str, state: Case) -> list[Download]:
    """The frozen files; of a draft, files made now."""
    names = [name for name in rendering.FORMATS if not state.content or name in state.files]
    return [
        Download(rendering.FORMATS[name].label, reverse("office:reporting:file", args=[f"{body}-{state.year}", name]))
        for name in names
    ]


def _open(request: HttpRequest, key: str) -> tuple[Case, Body, Scope]:
    state = queries.case(key)
    if not state.body:
        raise Http404
    body, scope = Body.objects.get(key=state.body), Scope.of(request.user)
    scope.require("reports.view", body)
    return state, body, scope


def file(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """A report as a file: the frozen one, or the draft as it stands, marked 草稿."""
    state, body, _ = _open(request, key)
    writer = rendering.FORMATS.get(name)
    if writer is None or (state.content and name not in state.files):
        raise Http404
    try:
        data = blobs.get(state.files[name]) if state.content else writer.write(_draft(state))
    except rendering.Unprintable as error:
        messages.error(request, str(error))
        return redirect("office:reporting:case", key=key)
    return rendering.download(data, name, rendering.title_of(body.name, state.year))


class Text(View):
    """The narrative editor: six sections with figures by name."""

    def _form(self, texts: Mapping[int, str], data: Any = None) -> Form:
        fields = {
            f"section_{number}": forms.CharField(
                label=heading, required=False, widget=forms.Textarea(attrs={"rows": 14 if number == 1 else 5})
            )
            for number, heading in enumerate(SECTIONS, 1)
        }
        for field in fields.values():
            field.optional = False  # type: ignore[attr-defined]
        made = type("NarrativeForm", (Form,), fields)
        form: Form = made(data, initial={f"section_{number}": text for number, text in texts.items()})
        return form

    def _show(self, request: HttpRequest, key: str, state: Case, form: Form, status: int = 200) -> HttpResponse:
        counted_now = content.figures(state.figures)
        labels = {one.id: one for one in figure.figures()}
        names = [
            {"name": name, "label": labels[name].label, "unit": labels[name].unit, "value": value}
            for name, value in counted_now.values.items()
            if name in labels
        ]
        name = f"{counted_now.body}{state.year}年"
        trail = (HOME, Crumb(name, reverse("office:reporting:case", args=[key])), Crumb("正文"))
        context = {"title": f"{name}度报告正文", "form": form, "trail": trail, "figures": names}
        return render(request, "reporting/text.html", context | {"token": uuid.uuid4().hex}, status=status)

    def _editable(self, request: HttpRequest, key: str) -> tuple[Case, Actor]:
        state, body, scope = _open(request, key)
        actor = scope.actor(body)
        if "edit" not in {move.event for move in PROCEDURE.allowed(state.state, actor.roles)}:
            raise PermissionDenied("正文在编制阶段由公开办修改；已提交的须先退回")
        return state, actor

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The six texts."""
        state, _ = self._editable(request, key)
        return self._show(request, key, state, self._form(content.narrative(state.narrative)))

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Save what changed."""
        state, actor = self._editable(request, key)
        form = self._form(content.narrative(state.narrative), request.POST)
        form.is_valid()
        texts = {n: request.POST[f"section_{n}"] for n in narrative.DRAFT if f"section_{n}" in request.POST}
        try:
            services.do(key, "edit", actor, {"sections": texts}, key=request.POST.get("token") or None)
        except (Invalid, Refused, Conflict) as refusal:
            _explain(form, refusal)
            return self._show(request, key, state, form, 422)
        messages.success(request, "正文已保存")
        return redirect("office:reporting:case", key=key)


class FigureRows(ListPage):
    """The very rows a figure counts. Personal data are not among the columns."""

    empty = "这个指标没有计入任何事项。"
    trail = (HOME,)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the figure, then list."""
        try:
            self.figure = queries.figure_named(kwargs["name"])
        except LookupError as error:
            raise Http404(str(error)) from error
        self.summary = self.figure.definition
        return super().get(request, *args, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows, for those who may see rows of every body counted."""
        try:
            body, asked, reach = self._asked(request)
        except (ValueError, NoSuchBody) as error:
            raise Http404(str(error)) from error
        scope = Scope.of(request.user)
        permission = family_of(self.figure.id).permission
        scope.require(permission, body)
        if (
            reach == "all"
            and counted(body, "all")
            .exclude(scope.condition(permission, ""))
            .exclude(Q(pk=body.pk) | Q(reported_by=body))
            .exists()
        ):
            raise PermissionDenied("您没有查看全部下级机关指标明细的权限")
        self.body, self.last = body, asked.last
        found = figure.rows(asked, self.figure.id)
        self.table_class = table_of(found.model)
        return found

    def _asked(self, request: HttpRequest) -> tuple[Body, figure.Ask, str]:
        given = request.GET
        body = body_of(given.get("body", ""))
        reach = "all" if given.get("reach") == "all" else "own"
        try:
            known_at = services.instant(given["known_at"]) if given.get("known_at") else None
        except Invalid as invalid:
            raise ValueError(str(invalid)) from invalid
        as_of = date.fromisoformat(given["as_of"]) if given.get("as_of") else None
        return body, queries.ask(body, int(given.get("year", "")), as_of, known_at, reach), reach  # type: ignore[arg-type]

    def get_title(self, request: HttpRequest) -> str:
        """The figure, whose, and until when."""
        return f"{self.figure.label}：{self.body.short_name} {request.GET['year']}年（截至 {self.last.isoformat()}）"


def waiting(request: HttpRequest) -> Panel | None:
    """The panel of the front page: reports that wait for somebody."""
    scope = Scope.of(request.user)
    if not scope.may("reports.view"):
        return None
    found = list(queries.visible(scope).exclude(state="published")[:5])
    items = [
        Item(
            str(row),
            reverse("office:reporting:case", args=[row.key]),
            f"统计截止 {row.as_of.isoformat()}",
            row.get_state_display(),
            STATE_KINDS[row.state],
        )
        for row in found
    ]
    return Panel("年度报告", items, reverse("office:reporting:home"), "没有在编的年度报告。")


panels = [waiting]
urlpatterns = [
    path("", ReportList.as_view(), name="home"),
    path("compile/", Compile.as_view(), name="compile"),
    path("reports/<slug:key>/", ReportPage.as_view(), name="case"),
    path("reports/<slug:key>/text/", Text.as_view(), name="text"),
    path("reports/<slug:key>/files/<slug:name>/", file, name="file"),
    path("figures/<str:name>/", FigureRows.as_view(), name="figure"),
]
