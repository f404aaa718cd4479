"""The search: a box, what was found with its words marked, and the ways to narrow it. Works without script."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote_plus

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from gongkai.ledger import clock
from gongkai.records import kinds
from gongkai.search import Hit
from gongkai.ui.context import address
from gongkai.ui.pieces import Crumb
from gongkai.ui.stencils import fill, page

from . import finding, hits, indexing, showing, vocabulary
from .validity import Status, status

MOST_VALUES = 12
#: A page quotes the same few words for each of its links.
_quoted = lru_cache(1024)(quote_plus)
SUGGESTIONS = 8
TRAIL = (Crumb("首页", "/"), Crumb("搜索"))


@dataclass(frozen=True)
class Found:
    """One result as the page shows it."""

    url: str
    title: SafeString
    snippet: SafeString
    facts: Sequence[str]
    status: Status

    def drawn(self) -> SafeString:
        """As the page shows it. That it is in force needs no saying."""
        told = self.status if self.status is not Status.IN_FORCE else Status.NONE
        facts = SafeString("".join([f"<span>{escape(fact)}</span>" for fact in self.facts]))
        return fill(
            "library/_hit.html", url=self.url, title=self.title, snippet=self.snippet, facts=facts, status=told.label,
            tone=told.tone,
        )  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One value of a facet: a link that chooses it, or gives it up when it is chosen."""

    label: str
    count: int
    url: str
    chosen: bool

    def drawn(self) -> SafeString:
        """As the page shows it."""
        flags = ("chosen",) if self.chosen else ()
        return fill("library/_choice.html", flags, url=self.url, label=self.label, count=f"{self.count:,}")


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
        return f"{path}?{'&'.join([f'{name}={_quoted(value)}' for name, value in now.items() if value])}"


def context(request: HttpRequest, readers: Sequence[str], page_of: Any) -> dict[str, Any]:
    """What was asked and found, for readers of the public site or of the desk; ``page_of`` gives a record's address."""
    with hits.together():
        return _context(request, readers, page_of)


def _context(request: HttpRequest, readers: Sequence[str], page_of: Any) -> dict[str, Any]:
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
        "found": found(results.hits, page_of, readers),
        "also": found(results.also, page_of, readers),
        "did_you_mean": results.did_you_mean,
        "meant_url": asked.address(request.path, q=results.did_you_mean, page="") if results.did_you_mean else "",
        "facets": facets(request, asked, results.facets),
        "previous": asked.address(request.path, page=str(asked.page - 1)) if asked.page > 1 else "",
        "following": asked.address(request.path, page=str(asked.page + 1)) if asked.page < pages else "",
        "pages": pages,
    }


def parts(request: HttpRequest, made: dict[str, Any]) -> tuple[dict[str, Hashable], dict[str, str]]:
    """:func:`context` as ``library/_search.html`` takes it: what the template decides by, and the words it shows."""
    asked: Asked = made["asked"]
    by = {name: bool(made[name]) for name in ("making", "some")}
    by |= {
        "anything": asked.anything,
        "newest": asked.newest,
        "narrowed": bool(asked.chosen or asked.start or asked.end),
    }
    words = {name: made[name] for name in ("fault", "did_you_mean", "meant_url", "previous", "following")}
    return by, words | {
        "query": asked.query,
        "start": asked.start,
        "end": asked.end,
        "total": f"{made['total']:,}" if made["total"] else "",
        "number": str(asked.page),
        "pages": str(made["pages"]) if made["pages"] > 1 else "",
        "relevant_url": asked.address(request.path, sort=""),
        "newest_url": asked.address(request.path, sort="newest"),
        "hidden": format_html_join("", '<input type="hidden" name="{}" value="{}">', asked.chosen.items()),
        "found": _drawn(made["found"]),
        "also": _drawn(made["also"]),
        "facets": _joined(
            fill("library/_facet.html", label=label, choices=_drawn(choices)) for label, choices in made["facets"]
        ),
    }


def _drawn(many: Iterable[Found | Choice]) -> SafeString:
    return _joined(one.drawn() for one in many)


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return SafeString("".join(parts))


def found(many: Sequence[Hit], page_of: Any, readers: Sequence[str]) -> list[Found]:
    """Hits with what helps to choose among them, as far as these readers may still see them."""
    rows = hits.rows([hit.key for hit in many])
    made, today = [], clock.today()
    for hit in many:
        row = rows.get(hit.key)
        if row is None or not (row.public or set(readers) > {indexing.PUBLIC}):
            continue  # taken away or withdrawn since the index was written
        day = row.published_on or row.written_on
        facts = [
            kinds.label(row.kind),
            row.issuer or row.body__name,
            row.document_number,
            day.isoformat() if day else "",
        ]
        title, snippet = SafeString(hit.title_marked), SafeString(hit.snippet)
        made.append(Found(page_of(row), title, snippet, [fact for fact in facts if fact], status(row, today)))
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
    by, words = parts(request, made)
    title = f"搜索：{asked.query}" if asked.query else "搜索"
    apply = address("portal:requests:new") or ""
    words |= {"title": title, "apply_url": apply, "wish": asked.address("").removeprefix("?")}
    return page(request, "library/search.html", {**by, "trail": TRAIL}, words)


def suggest(request: HttpRequest) -> HttpResponse:
    """Titles for what is typed so far, as a JSON list."""
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    titles = indexing.port().suggest(typed, limit=SUGGESTIONS) if typed else []
    return JsonResponse(titles, safe=False, json_dumps_params={"ensure_ascii": False})


def help_page(request: HttpRequest) -> HttpResponse:
    """How to ask."""
    trail = (Crumb("首页", "/"), Crumb("搜索", reverse("portal:library:search")), Crumb("怎样搜索"))
    return render(request, "library/help.html", {"title": "怎样搜索", "trail": trail})
