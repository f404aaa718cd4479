"""The search: a box, what was found with its words marked, and the ways to narrow it. Works without script."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from gongkai.ledger import clock
from gongkai.records import kinds
from gongkai.records.models import Record
from gongkai.search import Hit
from gongkai.ui.context import address
from gongkai.ui.pieces import Crumb

from . import finding, indexing, showing, vocabulary
from .validity import Status, status

MOST_VALUES = 12
SUGGESTIONS = 8


@dataclass(frozen=True)
class Found:
    """One result as the page shows it."""

    url: str
    title: SafeString
    snippet: SafeString
    facts: Sequence[str]
    status: Status


@dataclass(frozen=True)
class Choice:
    """One value of a facet: a link that chooses it, or gives it up when it is chosen."""

    label: str
    count: int
    url: str
    chosen: bool


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    query: str
    chosen: dict[str, str]
    start: str
    end: str
    newest: bool
    page: int

    @classmethod
    def of(cls, params: QueryDict) -> "Asked":
        """Read it; anything odd is left out."""
        page = params.get("page", "1")
        return cls(
            query=params.get("q", "").replace("\x00", "").strip(),
            chosen={name: params[name].replace("\x00", "") for name in finding.FACETS if params.get(name)},
            start=params.get("from", "").strip(),
            end=params.get("to", "").strip(),
            newest=params.get("sort") == "newest",
            page=min(max(int(page), 1), finding.DEEPEST) if page.isascii() and page.isdecimal() else 1,
        )

    @property
    def filters(self) -> dict[str, Any]:
        """As the engine takes them."""
        return self.chosen | {"published_on": finding.between(self.start, self.end)}

    @property
    def anything(self) -> bool:
        """Whether there is something to look for."""
        return bool(self.query or self.chosen or self.start or self.end)

    def address(self, path: str, **changes: str) -> str:
        """The address of this search with something changed; empty takes it out."""
        now = {"q": self.query, **self.chosen, "from": self.start, "to": self.end}
        now |= {"sort": "newest" if self.newest else ""} | changes
        return f"{path}?{urlencode({name: value for name, value in now.items() if value})}"


def context(request: HttpRequest, readers: Sequence[str], page_of: Any) -> dict[str, Any]:
    """What the template shows, for readers of the public site or of the desk; ``page_of`` gives a record's address."""
    asked = Asked.of(request.GET)
    answer = finding.Answer(finding.NOTHING)
    if asked.anything:
        answer = finding.find(asked.query, asked.filters, readers=readers, page=asked.page, newest=asked.newest)
    results = answer.results
    pages = min(-(-results.total // finding.PAGE), finding.DEEPEST)
    return {
        "asked": asked,
        "fault": answer.fault,
        "making": asked.anything and answer.making,
        "total": results.total,
        "some": results.mode == "or" and results.total > 0,
        "found": found(results.hits, page_of),
        "also": found(results.also, page_of),
        "did_you_mean": results.did_you_mean,
        "meant_url": asked.address(request.path, q=results.did_you_mean, page=""),
        "facets": facets(request, asked, results.facets),
        "sorts": [
            ("按相关度", asked.address(request.path, sort=""), not asked.newest),
            ("按发布日期", asked.address(request.path, sort="newest"), asked.newest),
        ],
        "previous": asked.address(request.path, page=str(asked.page - 1)) if asked.page > 1 else "",
        "following": asked.address(request.path, page=str(asked.page + 1)) if asked.page < pages else "",
        "pages": pages,
        "hidden": [(name, value) for name, value in asked.chosen.items()],
    }


#: What a hit shows, what its validity is derived from, and what says where it is shown.
_COLUMNS = (
    "key", "kind", "subject_kind", "public", "issuer", "document_number", "published_on", "written_on", "effective_on",
    "valid_until", "ceased_on", "ended_how", "body__name",
)  # fmt: skip


def found(hits: Sequence[Hit], page_of: Any) -> list[Found]:
    """Hits with what helps to choose among them: one query."""
    rows = Record.objects.select_related("body").only(*_COLUMNS).in_bulk([hit.key for hit in hits])
    made = []
    for hit in hits:
        row = rows.get(hit.key)
        if row is None:
            continue  # taken away since the index was written
        issuer = row.issuer or row.body.name
        day = row.published_on or row.written_on
        facts = [kinds.label(row.kind), issuer, row.document_number, day.isoformat() if day else ""]
        title, snippet = mark_safe(hit.title_marked), mark_safe(hit.snippet)
        made.append(Found(page_of(row), title, snippet, [fact for fact in facts if fact], status(row, clock.today())))
    return made


def facets(request: HttpRequest, asked: Asked, counted: Any) -> list[tuple[str, list[Choice]]]:
    """The ways to narrow, each a link; a chosen value gives itself up."""
    made = []
    for name, label in finding.FACETS.items():
        values = list(counted.get(name, ()))
        if name == "year":
            values.sort(reverse=True)
        chosen = asked.chosen.get(name, "")
        if chosen and chosen not in dict(values):
            values.insert(0, (chosen, 0))
        words = finding.labels(name, [value for value, _ in values[:MOST_VALUES]])
        choices = [
            Choice(
                words[value],
                count,
                asked.address(request.path, **{name: "" if value == chosen else value}),
                value == chosen,
            )
            for value, count in values[:MOST_VALUES]
        ]
        if choices:
            made.append((label, choices))
    return made


def search(request: HttpRequest) -> HttpResponse:
    """The public search: finds what is public and nothing else."""
    made = context(request, (indexing.PUBLIC,), lambda row: showing.address(row.key))
    asked: Asked = made["asked"]
    if (
        asked.query
        and (made["some"] or not made["total"])
        and not made["fault"]
        and not made["making"]
        and not asked.chosen
        and asked.page == 1
    ):
        vocabulary.missed(asked.query)
    title = f"搜索：{asked.query}" if asked.query else "搜索"
    apply = address("portal:requests:new")
    trail = (Crumb("首页", "/"), Crumb("搜索"))
    more = {"title": title, "trail": trail, "apply_url": apply, "wish": asked.address("").removeprefix("?")}
    return render(request, "library/search.html", made | more)


def suggest(request: HttpRequest) -> HttpResponse:
    """Titles for what is typed so far, as a JSON list."""
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    titles = indexing.port().suggest(typed, limit=SUGGESTIONS) if typed else []
    return JsonResponse(titles, safe=False, json_dumps_params={"ensure_ascii": False})


def help_page(request: HttpRequest) -> HttpResponse:
    """How to ask."""
    trail = (Crumb("首页", "/"), Crumb("搜索", reverse("portal:library:search")), Crumb("怎样搜索"))
    return render(request, "library/help.html", {"title": "怎样搜索", "trail": trail})
