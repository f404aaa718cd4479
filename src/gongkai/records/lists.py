"""The lists of records: all of them, those in hand, the publication clock, what is withheld, and one for each kind."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gongkai.law.calendar import CHINA
from gongkai.law.categories import CATEGORIES
from gongkai.ledger import clock
from gongkai.organs.opening import workers
from gongkai.organs.scope import Scope
from gongkai.procedure import NEW
from gongkai.ui.lists import Column, DayColumn, FilterSet, ListPage, PillColumn, Table
from gongkai.ui.pieces import Crumb

from . import queries, vocabulary
from .kinds import Kind, kind, kinds, label
from .models import Record
from .procedure import ATTRIBUTES, RECORD

HOME = Crumb("政府信息", "/office/records/")
STATE_KINDS = {
    "published": "ok", "changing": "soon", "withdrawn": "late", "held": "pause", "abandoned": "", "numbered": "brand",
    "approved": "brand", "signed": "brand",
}  # fmt: skip
STATES = {one.key: one.label for one in RECORD.states}


def state_label(row: Record) -> str:
    """The state in words."""
    return STATES.get(row.state, row.state)


def time_left(row: Record) -> tuple[str, str]:
    """What is left of the publication period, in words, and the kind of its pill."""
    today = clock.today()
    if row.due_on is None:
        return "—", ""
    if row.due_on < today:
        return f"逾期 {CHINA.workdays_between(row.due_on, today)} 日", "late"
    left = CHINA.workdays_between(today, row.due_on)
    words = f"还剩 {left} 日" if left else "今日到期"
    return words, "soon" if row.due_on <= queries.warned(today) else ""


class WordsColumn(Column):
    """A column whose words a function of the row gives."""

    def __init__(self, label: str, words: Any, **kwargs: Any):
        super().__init__(label, empty_values=(), **kwargs)
        self.words = words

    def render(self, record: Record) -> str:
        """The words."""
        return str(self.words(record)) or "—"

    def value(self, record: Record) -> str:
        """The same in an export."""
        return str(self.words(record))


class StateColumn(Column):
    """The state as a pill."""

    def render(self, record: Record) -> SafeString:
        """The pill."""
        return format_html('<span class="pill {}">{}</span>', STATE_KINDS.get(record.state, ""), state_label(record))

    def value(self, record: Record) -> str:
        """The words."""
        return state_label(record)


class LeftColumn(Column):
    """Working days left to publish."""

    def render(self, record: Record) -> SafeString | str:
        """The pill, or the words."""
        words, pill = time_left(record)
        return format_html('<span class="pill {}">{}</span>', pill, words) if pill else words

    def value(self, record: Record) -> str:
        """The words."""
        return time_left(record)[0]


class RecordTable(Table):
    """A record in a list."""

    title = Column("标题", linkify=lambda record: reverse("office:records:case", args=[record.key]))
    kind = WordsColumn("类别", lambda row: label(row.kind), accessor="kind")
    document_number = Column("发文字号")
    index_number = Column("索引号")
    body = Column("发布机关", accessor="body__short_name")
    attribute = PillColumn("公开属性", kinds={"active": "ok", "on_request": "soon", "withheld": "late"})
    published_on = DayColumn("发布日期")
    due_on = DayColumn("应公开日期")
    state = StateColumn("状态")


def _choices(pairs: Any) -> list[tuple[str, str]]:
    return list(pairs)


class RecordFilter(FilterSet):
    """By words, kind, state, attribute, category, theme, topic and day of publication."""

    q = django_filters.CharFilter(label="标题、文号或索引号", method="search")
    kind = django_filters.ChoiceFilter(
        label="类别", choices=lambda: [(one.key, one.label) for one in kinds().values() if one.at_desk],
        empty_label="不限",
    )  # fmt: skip
    state = django_filters.ChoiceFilter(
        label="状态", choices=[("open", "全部在办"), ("late", "逾期未公开"), *STATES.items()], method="by_state",
        empty_label="不限",
    )  # fmt: skip
    attribute = django_filters.ChoiceFilter(label="公开属性", choices=ATTRIBUTES, empty_label="不限")
    category = django_filters.ChoiceFilter(
        label="法定公开类别", choices=[(one.code, f"{one.article.short}　{one.label}") for one in CATEGORIES.values()],
        empty_label="不限",
    )  # fmt: skip
    topic = django_filters.ChoiceFilter(
        label="专题", choices=vocabulary.topic_choices, method="by_topic", empty_label="不限"
    )
    published_from = django_filters.DateFilter(label="发布日期自", field_name="published_on", lookup_expr="gte")
    published_to = django_filters.DateFilter(label="至", field_name="published_on", lookup_expr="lte")

    def search(self, rows: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """In title and numbers."""
        numbers = Q(document_number__icontains=value) | Q(index_number__icontains=value)
        return rows.filter(numbers | Q(title__icontains=value))

    def by_state(self, rows: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """A state, or a group people ask for."""
        if value == "open":
            return queries.in_hand(rows)
        return queries.overdue(rows, clock.today()) if value == "late" else rows.filter(state=value)

    def by_topic(self, rows: QuerySet[Record], name: str, value: str) -> QuerySet[Record]:
        """Marked with a topic."""
        return rows.filter(topics__icontains=f'"{value}"')


class RecordList(ListPage):
    """Every record of this person's bodies, the newest first."""

    title = "政府信息"
    summary = "公文从拟稿起认定公开属性；会议、预决算、规划等信息审核后公开。自形成或者变更之日起二十个工作日内公开。"
    table_class, filter_class = RecordTable, RecordFilter
    empty = "还没有政府信息。"
    empty_hint = "公文用“拟稿”，其他信息用“登记信息”；以前已经公开的可以批量导入。"
    here = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Record]:
        """The records this person may see."""
        scope = Scope.of(request.user)
        scope.require(queries.RIGHT)
        return queries.visible(scope)

    def get_actions(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The ways to begin one."""
        return actions(request)

    def get_tabs(self, request: HttpRequest) -> list[tuple[str, str, bool]]:
        """Lists that belong together."""
        tabs = (
            ("home", "全部"),
            ("queue", "在办"),
            ("clock", "公开期限"),
            ("withheld", "不公开的评估"),
            ("kinds", "按类别"),
        )
        return [(words, reverse(f"office:records:{name}"), (self.here or "home") == name) for name, words in tabs]


def actions(request: HttpRequest) -> list[tuple[str, str]]:
    """Drafting, entering, registering and importing, for those who may."""
    scope = Scope.of(request.user)
    moves = [move for move in RECORD.transitions if NEW in move.sources and workers(scope, queries.RIGHT, move)]
    made = [(move.label, reverse("office:records:choose", args=[move.event])) for move in moves]
    if any(move.event == "register_existing" for move in moves):
        made.append(("批量导入", reverse("office:records:import")))
    return made


class Queue(RecordList):
    """What somebody still has to do something about."""

    title, here, trail = "在办的政府信息", "queue", (HOME,)
    summary = "拟稿、审查、签发、编号、待公开的公文和信息，以及等待审核的修改。"
    empty = "没有在办的公文和信息。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Record]:
        """Those in hand."""
        return queries.in_hand(super().get_queryset(request))


class ClockTable(RecordTable):
    """With the time left."""

    left = LeftColumn("剩余", accessor="due_on", orderable=False, empty_values=())

    class Meta:
        exclude = ("published_on", "index_number")


class PublicationClock(RecordList):
    """What must be published, the most urgent first (Art 26)."""

    title, here, trail, table_class = "公开期限", "clock", (HOME,), ClockTable
    summary = "应当主动公开的信息，自形成或者变更之日起二十个工作日内公开（条例第二十六条）。"
    empty = "没有等待公开的信息。"
    empty_hint = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Record]:
        """Those with the period running."""
        return queries.to_publish(super().get_queryset(request))


class WithheldTable(RecordTable):
    """With the day of the next assessment."""

    reassess_on = DayColumn("下次评估")

    class Meta:
        exclude = ("published_on", "due_on", "state")


class Withheld(RecordList):
    """What is withheld, by the day it is assessed again (Art 18)."""

    title, here, trail, table_class = "不公开信息的定期评估", "withheld", (HOME,), WithheldTable
    summary = "依申请公开和不予公开的公文，定期评估；可以公开的转为主动公开（条例第十八条）。"
    empty = "没有需要评估的公文。"
    empty_hint = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Record]:
        """Those withheld."""
        return queries.held(super().get_queryset(request))


class KindList(RecordList):
    """The records of one kind, with the columns and filters its file names."""

    here, trail = "kinds", (HOME, Crumb("按类别", "/office/records/kinds/"))
    empty = "这个类别还没有信息。"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The list as the kind's file describes it."""
        try:
            self.one = kind(kwargs["kind"])
        except LookupError as error:
            raise Http404(str(error.args[0])) from error
        self.table_class, self.filter_class = table_of(self.one), filter_of(self.one)
        return super().get(request, *args, **kwargs)

    def get_title(self, request: HttpRequest) -> str:
        """The kind's name."""
        return self.one.label

    def get_queryset(self, request: HttpRequest) -> QuerySet[Record]:
        """Those of the kind."""
        return super().get_queryset(request).filter(kind=self.one.key)


def _own(one: Kind, name: str) -> Any:
    return lambda row: one.words(name, row.data[name]) if name in row.data else ""


def table_of(one: Kind) -> type[Table]:
    """The table of a kind: its own columns after the title."""
    own = {f"own_{name}": WordsColumn(words, _own(one, name), accessor="data", orderable=False)
           for name, words in one.columns}  # fmt: skip
    dropped = ("kind", "due_on") if one.document else ("kind", "due_on", "document_number", "attribute")
    meta = type("Meta", (), {"exclude": dropped, "sequence": ("title", *own, "...")})
    return type("KindTable", (RecordTable,), {**own, "Meta": meta})


def filter_of(one: Kind) -> type[FilterSet]:
    """The filters of a kind: its facets beside the common ones."""

    def chosen(name: str) -> Any:
        return lambda rows, _, value: rows.filter(**{f"data__{name}": value})

    own = {
        f"own_{name}": django_filters.ChoiceFilter(label=words, choices=list(offered), method=chosen(name), empty_label="不限")
        for name, words, offered in one.facets
    }  # fmt: skip
    dropped = {"kind": None, "category": None} | ({} if one.document else {"attribute": None})
    return type("KindFilter", (RecordFilter,), {**dropped, **own})
