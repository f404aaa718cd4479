"""The remedy desk: lists and pages of reviews, suits and complaints, and entering a new one."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from gongkai.ledger import clock, vault
from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Done
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body
from gongkai.organs.opening import OpeningPage, workers
from gongkai.organs.scope import Scope
from gongkai.procedure import Procedure
from gongkai.ui.context import address
from gongkai.ui.lists import Column, DayColumn, FilterSet, ListPage, PillColumn, Table
from gongkai.ui.pieces import Crumb, Item, Panel, Row

from . import queries, services
from .events import Case, Complaint, review_answer_due, suit_answer_due
from .procedure import CHANNELS, CONTESTED, DOORS, FINDINGS, MEASURES, PROCEDURES, RESULTS, ROUTES

RIGHT = "remedies.view"
STATE_KINDS = {
    "accepted": "soon", "drafted": "soon", "answered": "brand", "judged": "brand", "appealed": "brand",
    "concluded": "ok", "closed": "ok", "received": "soon", "verifying": "brand", "proposed": "brand", "decided": "brand",
}  # fmt: skip
RESULT_KINDS = {"upheld": "ok", "corrected": "late"}
_PLURAL = {"reconsideration": "行政复议", "lawsuit": "行政诉讼", "complaint": "投诉举报"}
#: Choices by the field that carries them, to word a line of the timeline.
_CHOICES: dict[str, dict[str, str]] = {
    "result": dict(RESULTS), "route": dict(ROUTES), "finding": dict(FINDINGS), "measure": dict(MEASURES),
    "appellant": {"plaintiff": "原告上诉", "body": "本机关上诉", "third_party": "第三人上诉"},
}  # fmt: skip
#: Data of a line worth reading in the timeline, in this order.
_TOLD = (
    "case_number", "route", "result", "finding", "measure", "document_number", "appellant", "court", "to", "attended_by",
    "text", "evidence", "summary", "note", "reason",
)  # fmt: skip


def _home(kind: str) -> Crumb:
    return Crumb(_PLURAL[kind], f"/office/remedies/{kind}/")


def _link(kind: str) -> Callable[[Any], str]:
    return lambda record: reverse(f"office:remedies:{kind}", args=[record.key])


class CaseTable(Table):
    """A review or suit in a list."""

    number = Column("编号")
    matter = Column("事项")
    forum = Column("复议机关或法院")
    filed_on = DayColumn("提起日期")
    answer_due_on = DayColumn("答复期限")
    state = PillColumn("状态", kinds=STATE_KINDS)
    result = PillColumn("结果", kinds=RESULT_KINDS)
    ended_on = DayColumn("审结日期")


class ReconsiderationTable(CaseTable):
    """Reviews."""

    number = Column("编号", linkify=_link("reconsideration"))
    forum = Column("复议机关")


class LawsuitTable(CaseTable):
    """Suits."""

    number = Column("编号", linkify=_link("lawsuit"))
    forum = Column("一审法院")
    route = Column("起诉途径")

    class Meta:
        sequence = ("number", "matter", "route", "...")


class ComplaintTable(Table):
    """Complaints."""

    number = Column("编号", linkify=_link("complaint"))
    matter = Column("事项")
    door = Column("类别")
    against = Column("被投诉机关")
    received_on = DayColumn("收到日期")
    state = PillColumn("状态", kinds=STATE_KINDS)
    finding = Column("核查结论")
    measure = Column("处理方式")


def _states(kind: str, *groups: tuple[str, str]) -> django_filters.ChoiceFilter:
    choices = [*groups, *((s.key, s.label) for s in PROCEDURES[kind].states)]
    return django_filters.ChoiceFilter(label="状态", choices=choices, method="by_state", empty_label="不限")


class RemedyFilter(FilterSet):
    """What every list of remedies is searched by."""

    q = django_filters.CharFilter(label="编号、案号或事项", method="search")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """In number, matter and case number or the body complained of."""
        other = "against" if hasattr(rows.model, "against") else "case_number"
        return rows.filter(
            Q(number__icontains=value) | Q(matter__icontains=value) | Q(**{f"{other}__icontains": value})
        )

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """A state, or the group of those waiting for the body."""
        if value == "owed":
            return queries.answers_owed(rows)
        if value == "overdue":
            return queries.answers_overdue(rows, clock.today())
        return queries.in_hand(rows) if value == "open" else rows.filter(state=value)


_OWED = (("open", "全部在办"), ("owed", "待答复"), ("overdue", "答复逾期"))


class ProceedingFilter(RemedyFilter):
    """By words, state, result and the days between which it was filed."""

    state = _states("reconsideration", *_OWED)
    result = django_filters.ChoiceFilter(label="结果", choices=RESULTS, empty_label="不限")
    filed_from = django_filters.DateFilter(label="提起日期自", field_name="filed_on", lookup_expr="gte")
    filed_to = django_filters.DateFilter(label="至", field_name="filed_on", lookup_expr="lte")


class LawsuitFilter(ProceedingFilter):
    """Also by route."""

    state = _states("lawsuit", *_OWED)
    route = django_filters.ChoiceFilter(label="起诉途径", choices=ROUTES, empty_label="不限")


class ComplaintFilter(RemedyFilter):
    """By words, state, door, finding and day."""

    state = _states("complaint", ("open", "全部在办"))
    door = django_filters.ChoiceFilter(label="类别", choices=DOORS, empty_label="不限")
    finding = django_filters.ChoiceFilter(label="核查结论", choices=FINDINGS, empty_label="不限")
    received_from = django_filters.DateFilter(label="收到日期自", field_name="received_on", lookup_expr="gte")
    received_to = django_filters.DateFilter(label="至", field_name="received_on", lookup_expr="lte")


class RemedyList(ListPage):
    """The list of one kind, with the way to the other two."""

    kind = ""
    page_size = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The cases of the bodies this person works for."""
        scope = Scope.of(request.user)
        scope.require(RIGHT)
        return queries.visible(scope, self.kind)

    def get_actions(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Enter a new one, for those who may."""
        move = PROCEDURES[self.kind].transitions[0]
        may = workers(Scope.of(request.user), RIGHT, move)
        return [(move.label, reverse(f"office:remedies:{self.kind}_enter"))] if may else []

    def get_tabs(self, request: HttpRequest) -> list[tuple[str, str, bool]]:
        """The three lists."""
        return [(label, reverse(f"office:remedies:{kind}s"), kind == self.kind) for kind, label in _PLURAL.items()]


class ReconsiderationList(RemedyList):
    """Reviews, newest first."""

    kind, title = "reconsideration", "行政复议"
    table_class, filter_class = ReconsiderationTable, ProceedingFilter
    empty = "没有行政复议案件。"


class LawsuitList(RemedyList):
    """Suits, newest first."""

    kind, title = "lawsuit", "行政诉讼"
    table_class, filter_class = LawsuitTable, LawsuitFilter
    empty = "没有行政诉讼案件。"


class ComplaintList(RemedyList):
    """Complaints, newest first."""

    kind, title = "complaint", "投诉举报"
    table_class, filter_class = ComplaintTable, ComplaintFilter
    empty = "没有投诉举报。"


_COMMANDS = {
    "reconsideration": services.file_reconsideration,
    "lawsuit": services.file_lawsuit,
    "complaint": services.receive_complaint,
}


class Enter(OpeningPage):
    """Enter a new case of a kind."""

    kind, right = "", RIGHT

    @property
    def procedure(self) -> Procedure:  # type: ignore[override]
        """The kind's table."""
        return PROCEDURES[self.kind]

    @property
    def event(self) -> str:  # type: ignore[override]
        """The table's first row opens a case."""
        return self.procedure.transitions[0].event

    @property
    def page(self) -> str:  # type: ignore[override]
        """The case's page."""
        return f"office:remedies:{self.kind}"

    @property
    def home(self) -> Crumb:  # type: ignore[override]
        """The kind's list."""
        return _home(self.kind)

    def initial(self, request: HttpRequest) -> dict[str, str]:
        """``?request=`` fills in the request it is about."""
        return {"request": request.GET.get("request", "")}

    def command(self) -> Callable[..., Done]:
        """The command of the kind."""
        return _COMMANDS[self.kind]


class RemedyPage(CasePage):
    """One case: what it is, who brought it (masked), what happened, what may be done."""

    permission = RIGHT
    template_name = "remedies/case.html"

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """Results tell the request: the app's own command."""
        return services.do(self.kind, key, event, actor, data, day=day, key=token or None)

    def describe(self, event: Event) -> str:
        """What the line says, choices in words."""
        data = event.data
        return "；".join(_CHOICES.get(name, {}).get(data[name], data[name]) for name in _TOLD if data.get(name))

    def rows(self, state: Any) -> list[Row]:
        """What the case is."""
        raise NotImplementedError(f"{type(self).__name__}.rows")

    def get_context(self, request: HttpRequest, state: Any, body: Body) -> dict[str, Any]:
        """The case's facts and its party, masked unless opened; opening is logged."""
        may = Scope.of(request.user).may("requests.personal", body)
        opened = "reveal" in request.POST and may
        reader = str(getattr(request.user, "username", ""))
        party = vault.read(state.personal, reader, "案件页查看") if opened else vault.masked(state.personal)
        labels = {field.name: field.label for field in self.procedure.transitions[0].fields}
        return {
            "rows": [Row("机关", body.name), *self.rows(state)],
            "party": [Row(labels[name], value) for name, value in party.items() if name != "content"],
            "content": party.get("content", ""),
            "may_reveal": may and not opened,
            "kind": STATE_KINDS.get(state.state, ""),
            "kind_label": _PLURAL[self.kind],
        }

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Opening personal data is a post too: it leaves a line in the reading log."""
        if "reveal" in request.POST:
            opened = self._open(request, key)
            opened[3].require("requests.personal", opened[2])
            return self._page(request, key, *opened)
        return super().post(request, key)


def _request(key: str) -> Row:
    """The request a case is about, by its number."""
    return Row(
        "所涉申请",
        queries.number_of("request", key) or key,
        (address("office:requests:case", key) or "") if key else "",
    )


def _due(case: Case, due: date) -> str:
    if case.answered_on or case.state not in {"accepted", "drafted"}:
        return due.isoformat()
    left = (due - clock.today()).days
    return (
        f"{due.isoformat()}（{f'还剩 {left} 日' if left > 0 else '今日到期' if left == 0 else f'已逾期 {-left} 日'}）"
    )


class ProceedingPage(RemedyPage):
    """A review or a suit."""

    def rows(self, state: Case) -> list[Row]:
        """Forum, days, answer, result, and what it is linked to."""
        review = self.kind == "reconsideration"
        answer_due = review_answer_due if review else suit_answer_due
        rows = [
            Row("复议机关" if review else "一审法院", state.forum),
            Row("案号", state.case_number),
            Row("不服的行为", dict(CONTESTED)[state.contested]),
            _request(state.request),
        ]
        if not review:
            link = (
                reverse("office:remedies:reconsideration", args=[state.reconsideration])
                if state.reconsideration
                else ""
            )
            rows.append(Row("起诉途径", dict(ROUTES)[state.route]))
            number = queries.number_of("reconsideration", state.reconsideration) or state.review_document
            rows.append(Row("对应的复议", number, link))
        if state.accepted_on:
            rows.append(Row("答复期限", _due(state, answer_due(state.accepted_on))))
        rows.append(Row("答复日期", state.answered_on.isoformat() if state.answered_on else ""))
        ending = state.ending
        rows.append(Row("结果", f"{dict(RESULTS)[ending.result]}（{ending.on.isoformat()}）" if ending else "尚未审结"))
        return [*rows, Row("文书文号", state.document_number)]


class ComplaintPage(RemedyPage):
    """A complaint."""

    def rows(self, state: Complaint) -> list[Row]:
        """Door, channel, body complained of, finding and measure."""
        return [
            Row("类别", dict(DOORS)[state.door]),
            Row("渠道", dict(CHANNELS)[state.channel]),
            Row("被投诉机关", state.against),
            Row("收到日期", state.received_on.isoformat() if state.received_on else ""),
            _request(state.request),
            Row("核查结论", dict(FINDINGS).get(state.finding, "")),
            Row("处理方式", dict(MEASURES).get(state.measure, "")),
        ]


def answers(request: HttpRequest) -> Panel | None:
    """Reviews and suits whose answer is owed, the most urgent first."""
    scope = Scope.of(request.user)
    if not scope.may(RIGHT):
        return None
    items, count = [], 0
    for kind in ("reconsideration", "lawsuit"):
        rows = queries.answers_owed(queries.visible(scope, kind))
        count += rows.count()
        items += [(row.answer_due_on, row, kind) for row in rows[:5]]
    today = clock.today()
    lines = [
        Item(
            row.number, reverse(f"office:remedies:{kind}", args=[row.key]), row.matter, f"{due.isoformat()}前答复",
            "late" if due < today else "soon" if (due - today).days <= 3 else "",
        )
        for due, row, kind in sorted(items, key=lambda item: (item[0], item[1].key))[:5]
    ]  # fmt: skip
    url = reverse("office:remedies:home")
    return Panel("复议诉讼待答复", lines, url, "没有待答复的复议和诉讼。", count)


panels = [answers]


def _urls(kind: str, listed: type[RemedyList], page: type[RemedyPage]) -> list[Any]:
    return [
        path(f"{kind}/", listed.as_view(), name=f"{kind}s"),
        path(f"{kind}/enter/", Enter.as_view(kind=kind), name=f"{kind}_enter"),
        path(f"{kind}/<slug:key>/", page.as_view(kind=kind, trail=(_home(kind),)), name=kind),
    ]


urlpatterns = [
    path("", ReconsiderationList.as_view(), name="home"),
    *_urls("reconsideration", ReconsiderationList, ProceedingPage),
    *_urls("lawsuit", LawsuitList, ProceedingPage),
    *_urls("complaint", ComplaintList, ComplaintPage),
]
