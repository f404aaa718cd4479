"""The desk of the search: the words staff keep, the queries that found nothing, and a search with what is not public yet."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Done
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body
from gongkai.organs.opening import OpeningPage, workers
from gongkai.organs.scope import Scope
from gongkai.records.models import Record
from gongkai.ui.context import address
from gongkai.ui.lists import Column, DayColumn, FilterSet, ListPage, NumberColumn, PillColumn, Table
from gongkai.ui.pieces import Crumb, Row

from . import events, indexing, search_page, services
from .models import Missed, Word
from .procedure import KINDS, WORD

RIGHT, READ = "library.words", "records.view"
HOME = Crumb("搜索用词", "/office/library/")


class WordTable(Table):
    """A word in the list."""

    term = Column("词", linkify=lambda record: reverse("office:library:word", args=[record.key]))
    kind = Column("类别")
    means = Column("同义词或者全称")
    body = Column("维护机关")
    state = PillColumn("状态", kinds={"active": "ok"})


class WordFilter(FilterSet):
    """By the word, kind and state."""

    q = django_filters.CharFilter(label="词", field_name="term", lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(label="类别", choices=KINDS, empty_label="不限")


def _tabs(here: str) -> list[tuple[str, str, bool]]:
    tabs = (("搜索用词", "home"), ("搜不到的词", "missed"), ("搜索", "search"))
    return [(label, reverse(f"office:library:{name}"), name == here) for label, name in tabs]


class WordList(ListPage):
    """Every word, whoever keeps it: the search is one for all."""

    title = "搜索用词"
    summary = "搜索其中一个词时，也找含有同义词或者全称的信息。修改后立即生效。"
    table_class, filter_class = WordTable, WordFilter
    empty = "还没有登记搜索用词。"
    empty_hint = "从“搜不到的词”里挑出说法不同的，登记为同义词；机关的习惯叫法登记为机关简称。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Word]:
        """All of them."""
        Scope.of(request.user).require(RIGHT)
        return Word.objects.select_related("body")

    def get_tabs(self, request: HttpRequest) -> Sequence[tuple[str, str, bool]]:
        """Words, and what was not found."""
        return _tabs("home")

    def get_actions(self, request: HttpRequest) -> Sequence[tuple[str, str]]:
        """Add one."""
        if not workers(Scope.of(request.user), RIGHT, WORD.transitions[0]):
            return []
        return [("增加搜索用词", reverse("office:library:add"))]


class MissedTable(Table):
    """A query that found nothing."""

    query = Column("搜索词", linkify=lambda record: f"{reverse('portal:library:search')}?q={record.query}")
    count = NumberColumn("次数")
    last_on = DayColumn("最近一次")


class MissedFilter(FilterSet):
    """By words and day."""

    q = django_filters.CharFilter(label="搜索词", field_name="query", lookup_expr="icontains")
    since = django_filters.DateFilter(label="最近一次不早于", field_name="last_on", lookup_expr="gte")


class MissedList(ListPage):
    """What the public looked for and did not find, the most frequent first."""

    title = "搜不到的词"
    summary = "公众搜索时没有信息同时含有的词，只记词、次数和日期，不记搜索的人；像号码、邮箱的不记。"
    table_class, filter_class = MissedTable, MissedFilter
    trail = (HOME,)
    empty = "目前没有搜不到的词。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Missed]:
        """All of them."""
        Scope.of(request.user).require(RIGHT)
        return Missed.objects.all()

    def get_tabs(self, request: HttpRequest) -> Sequence[tuple[str, str, bool]]:
        """Words, and what was not found."""
        return _tabs("missed")


class WordPage(CasePage):
    """One word: what it means, who changed it when, what may be done."""

    kind, permission, template_name, trail = services.KIND, RIGHT, "library/word.html", (HOME,)

    def name_of(self, state: events.Word) -> str:
        """The word."""
        return state.term

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """The app's own command."""
        return services.do_word(key, event, actor, data, day=day, key=token or None)

    def describe(self, event: Event) -> str:
        """What the line says."""
        return "；".join(filter(None, (event.data.get("means", ""), event.data.get("reason", ""))))

    def get_context(self, request: HttpRequest, state: events.Word, body: Body) -> dict[str, Any]:
        """What it is."""
        rows = [Row("类别", dict(KINDS)[state.kind]), Row("词", state.term), Row("同义词或者全称", state.means)]
        return {"title": state.term, "rows": [*rows, Row("维护机关", body.name)]}


class WordOpening(OpeningPage):
    """Add a word."""

    procedure, event, right, page, home = WORD, "add", RIGHT, "office:library:word", HOME

    def command(self) -> Callable[..., Done]:
        """The command."""
        return services.add_word

    def initial(self, request: HttpRequest) -> dict[str, str]:
        """The word, where the address names it."""
        return {"term": request.GET.get("term", "")}


def search(request: HttpRequest) -> HttpResponse:
    """The search for people of the desk: what is public, and what their own bodies have not published."""
    scope = Scope.of(request.user)
    scope.require(READ)
    own = scope.bodies(READ).values_list("key", flat=True)
    readers = [indexing.PUBLIC, *(f"body:{key}" for key in own)]
    made = search_page.context(request, readers, _page_of)
    by, words = search_page.parts(request, made)
    title = "搜索政府信息"
    return render(request, "library/desk_search.html", {**by, **words, "title": title, "trail": (Crumb(title),)})


def _page_of(record: Record) -> str:
    """The public page; before that the page of the desk that keeps it, where there is one."""
    desks = {"record": "office:records:case", "norm": "office:norms:case", "disclosure": "office:disclosures:item"}
    kept = "" if record.public else address(desks.get(record.subject_kind, ""), record.key)
    return kept or reverse("portal:library:record", args=[record.key])


urlpatterns = [
    path("search/", search, name="search"),
    path("", WordList.as_view(), name="home"),
    path("missed/", MissedList.as_view(), name="missed"),
    path("words/add/", WordOpening.as_view(), name="add"),
    path("words/<slug:key>/", WordPage.as_view(), name="word"),
]
