"""Public pages of reports: who has published which, each report from its frozen content, reports side by side."""

import itertools
from collections.abc import Iterable, Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, register_converter, reverse

from gongkai.annual.report import Report
from gongkai.bake.families import Family
from gongkai.bake.reading import reads
from gongkai.ledger import blobs
from gongkai.organs.models import Body
from gongkai.ui.charts import Picture, Series
from gongkai.ui.exports import csv_lines
from gongkai.ui.pieces import BarChart, Crumb, Download, Entry, Fact

from . import comparing, content, figure_pages, listing, queries, rendering, showing, years
from .figure_pages import START, about
from .models import AnnualReport

HOME = Crumb("政府信息公开年度报告", "/reports/")
#: The most years of a body's reports side by side.
MOST_YEARS = 5


class DataConverter:
    """How data of a page ends: json or csv."""

    regex = "json|csv"

    def to_python(self, value: str) -> str:
        """The ending."""
        return value

    def to_url(self, value: str) -> str:
        """The ending."""
        return value


register_converter(DataConverter, "data")


def home(request: HttpRequest) -> HttpResponse:
    """Every body and year: published, not due yet, or missing."""
    found = listing.every()
    context = {
        "title": HOME.label,
        "trail": (START, Crumb(HOME.label)),
        "groups": listing.groups(found),
        "years": sorted({one.year for one in found}, reverse=True),
        "count": sum(one.report is not None for one in found),
        "missing": sum(one.missing for one in found),
    }
    return render(request, "reporting/home.html", context)


def home_file(request: HttpRequest) -> HttpResponse:
    """The same as a table."""
    head = ("机关", "年度", "情况", "公布日期", "期限", "SHA-256")
    rows = [(one.body.name, one.year, one.words, one.published_on, one.due_on, one.digest) for one in listing.every()]
    return HttpResponse("".join(csv_lines([head, *rows])), content_type="text/csv; charset=utf-8")


def of_year(request: HttpRequest, year: int) -> HttpResponse:
    """The reports of a year: who published, who did not, and the published ones side by side."""
    found = [one for one in listing.every() if one.year == year]
    if not found:
        raise Http404
    asked = [(one, one.values.get("t3.1.total", 0)) for one in years.of_year(year).reported]
    bars = [(s.body.short_name, int(value), f"{_report(s.body.key, year)}#t3.1.total") for s, value in asked]
    context = {
        "title": f"{year}年政府信息公开年度报告",
        "trail": (START, HOME, Crumb(f"{year}年")),
        "year": year,
        "tabs": [(f"{one}年", reverse("portal:reporting:of_year", args=[one]), one == year) for one in listing.years_of()],
        "missing": [one for one in found if one.report is None],
        "count": len(asked),
        "table": listing.side_by_side(found),
        "chart": BarChart.of("新收申请", sorted(bars, key=lambda bar: -bar[1]), "件"),
    }  # fmt: skip
    return render(request, "reporting/of_year.html", context)


def of_body(request: HttpRequest, body: str) -> HttpResponse:
    """The reports of one body, and what the newest says."""
    row = _body(body)
    found = [one for one in listing.every() if one.body.key == body]
    if not found:
        raise Http404
    context = {
        "title": f"{row.name}政府信息公开年度报告",
        "trail": (START, HOME, Crumb(row.name)),
        "body": row,
        "found": found,
        "published": [one for one in found if one.report],
    }
    return render(request, "reporting/of_body.html", context)


def _body(key: str) -> Body:
    reads(f"body:{key}")
    row = Body.objects.filter(key=key).first()
    if row is None:
        raise Http404
    return row


def compare(request: HttpRequest, body: str) -> HttpResponse:
    """The reports of one body over the years."""
    row = _body(body)
    found = _reports(body)[-MOST_YEARS:]
    if not found:
        raise Http404
    labels = [f"{one.year}年" for one, _ in found]
    series = [
        Series(label, [report.values.get(name) for _, report in found], about(name))
        for name, label in (("t3.1.total", "新收"), ("t3.3.7.total", "办结"), ("t3.4.total", "结转下年"))
    ]
    norms = "t2.normative_document.in_force"
    in_force = Series("现行有效行政规范性文件", [report.values.get(norms) for _, report in found], about(norms))
    steps = [(old.year, new.year) for (old, _), (new, _) in itertools.pairwise(found)]
    context = {
        "title": f"{row.name}历年年度报告对照",
        "trail": (START, HOME, Crumb(row.name, _of_body(body)), Crumb("历年对照")),
        "body": row,
        "pictures": [
            Picture("columns", "申请", labels, series, heading="年度"),
            Picture("columns", "现行有效行政规范性文件", labels, [in_force], heading="年度"),
        ],
        "parts": comparing.reports_side_by_side(found, about),
        "pairs": [(f"{a}年和{b}年", _pair(body, a, b)) for a, b in reversed(steps)],
    }
    return render(request, "reporting/compare.html", context)


def compare_two(request: HttpRequest, body: str, old: int, new: int) -> HttpResponse:
    """Two reports of one body, cell by cell."""
    row = _body(body)
    found = {one.year: report for one, report in _reports(body)}
    if old not in found or new not in found or old >= new:
        raise Http404
    others = [(f"{a}年和{b}年", _pair(body, a, b)) for a in found for b in found if a < b and (a, b) != (old, new)]
    context = {
        "title": f"{row.name}{old}年和{new}年年度报告逐格对照",
        "trail": (START, HOME, Crumb(row.name, _of_body(body)), Crumb("历年对照", _compare(body)), Crumb(f"{old}年和{new}年")),
        "body": row,
        "parts": comparing.cell_by_cell(found[old], found[new], about),
        "pairs": others,
    }  # fmt: skip
    return render(request, "reporting/compare.html", context)


def _reports(body: str) -> list[tuple[AnnualReport, Report]]:
    """A body's published reports, the oldest first."""
    reads(years.ALL)
    rows = queries.published().filter(body=body).order_by("year")
    return [(row, Report.from_json(content.load(row.content)["report"])) for row in rows]


def _report(body: str, year: int) -> str:
    return reverse("portal:reporting:report", args=[body, year])


def _of_body(body: str) -> str:
    return reverse("portal:reporting:of_body", args=[body])


def _compare(body: str) -> str:
    return reverse("portal:reporting:compare", args=[body])


def _pair(body: str, old: int, new: int) -> str:
    return reverse("portal:reporting:compare_two", args=[body, old, new])


def _published(body: str, year: int) -> AnnualReport:
    """The published report, or 404: what is not published does not exist here."""
    reads(f"report:{body}-{year}", f"body:{body}")
    row = queries.published().filter(body=body, year=year).first()
    if row is None:
        raise Http404
    return row


def report(request: HttpRequest, body: str, year: int) -> HttpResponse:
    """One report, from its frozen content."""
    row = _published(body, year)
    document = rendering.document(content.load(row.content), _definition_of)
    context = {
        "title": document.title,
        "trail": (START, HOME, Crumb(row.body.name, _of_body(body)), Crumb(f"{year}年")),
        "row": row,
        "document": document,
        "parts": showing.sections(document),
        "balance": showing.balance(document.report, _definition_of),
        "facts": showing.facts(document.report.values, _definition_of),
        "files": [
            Download(rendering.FORMATS[name].label, _file(body, year, name))
            for name in rendering.FORMATS
            if name in row.files and name != "html"
        ],
        "content_url": reverse("portal:reporting:content", args=[body, year]),
        "canonical": request.build_absolute_uri(_report(body, year)),
        "pdf": _file(body, year, "pdf") if "pdf" in row.files else "",
    }
    return render(request, "reporting/report.html", context)


def _file(body: str, year: int, name: str) -> str:
    return reverse("portal:reporting:file", args=[body, year, name])


def _definition_of(cell: str) -> str:
    """The page of a cell's figure; written out, since a report has two hundred of them."""
    return f"/figures/about/{cell}/"


def file(request: HttpRequest, body: str, year: int, name: str) -> HttpResponse:
    """A frozen file."""
    row = _published(body, year)
    if name not in rendering.FORMATS or name not in row.files:
        raise Http404
    return rendering.download(blobs.get(row.files[name]), name, rendering.title_of(row.body.name, year))


def as_json(request: HttpRequest, body: str, year: int) -> HttpResponse:
    """The three tables as JSON."""
    return file(request, body, year, "json")


def canonical(request: HttpRequest, body: str, year: int) -> HttpResponse:
    """The frozen content, byte for byte what the SHA-256 on the report was taken over."""
    return HttpResponse(blobs.get(_published(body, year).content), content_type="application/json")


def newest_facts(request: HttpRequest) -> list[Fact]:
    """The front page's row of numbers: the newest published report."""
    reads(years.ALL)
    row = queries.published().order_by("-year", "body__order", "key").first()
    if row is None:
        return []
    values, _ = content.frozen(row.content)
    page = _report(row.body_id, row.year)
    return [
        Fact(fact.value, f"{row.year}年{fact.label}", f"{page}#{cell}", fact.unit)
        for fact, (cell, _, _) in zip(showing.facts(values, lambda cell: page), showing.FACTS, strict=True)
    ]


def _report_addresses() -> Iterator[str]:
    for row in queries.published().order_by("key"):
        yield from _of_report(row.body_id, row.year, row.files)


def _of_report(body: str, year: int, files: Iterable[str]) -> list[str]:
    named = [_file(body, year, name) for name in sorted(files)]
    whole = reverse("portal:reporting:content", args=[body, year])
    return [_report(body, year), reverse("portal:reporting:json", args=[body, year]), whole, *named]


def _born(key: str) -> list[str]:
    """A published report brings its own pages, and those of its body and year."""
    name = key.removeprefix("report:")
    body, _, year = name.rpartition("-")
    if name == key or not year.isdigit():
        return []
    numbers = figure_pages.addresses_of(body, int(year))
    return [
        *_of_report(body, int(year), rendering.FORMATS),
        _of_body(body),
        _compare(body),
        *_yearly(int(year)),
        *numbers,
    ]


def _yearly(year: int) -> list[str]:
    return [reverse("portal:reporting:of_year", args=[year]), *figure_pages.addresses_of_year(year)]


def _overviews() -> Iterator[str]:
    yield from (HOME.url, reverse("portal:reporting:home_file"))
    found = listing.every()
    for year in sorted({one.year for one in found}):
        yield reverse("portal:reporting:of_year", args=[year])
    for body in dict.fromkeys(one.body.key for one in found):
        yield _of_body(body)
    rows = list(queries.published().order_by("body", "year").values_list("body_id", "year"))
    for body in dict.fromkeys(body for body, _ in rows):
        yield _compare(body)
        own = [year for key, year in rows if key == body]
        yield from (_pair(body, old, new) for old, new in itertools.pairwise(own))


baked = (
    Family("reports", _report_addresses, _born),
    Family("report-lists", _overviews, lambda key: _overviews() if key == years.DAY else (), years.together),
    Family("figures", figure_pages.addresses, figure_pages.born, years.together),
)
entries = [
    Entry("政务公开数据", "portal:reporting:figures", "一年的公开工作用数字和图说明，每个数字都有定义。"),
    Entry("全部指标", "portal:reporting:index", "每个数字的名称、定义和历年数值。", on_home=False),
]
facts = [newest_facts]
urlpatterns = [
    path("reports/", home, name="home"),
    path("reports/all.csv", home_file, name="home_file"),
    path("reports/<int:year>/", of_year, name="of_year"),
    path("reports/<slug:body>/", of_body, name="of_body"),
    path("reports/<slug:body>/compare/", compare, name="compare"),
    path("reports/<slug:body>/compare/<int:old>/<int:new>/", compare_two, name="compare_two"),
    path("reports/<slug:body>/<int:year>/", report, name="report"),
    path("reports/<slug:body>/<int:year>.json", as_json, name="json"),
    path("reports/<slug:body>/<int:year>/content.json", canonical, name="content"),
    path("reports/<slug:body>/<int:year>/report.<slug:name>", file, name="file"),
    path("figures/", figure_pages.home, name="figures"),
    path("figures/search/", figure_pages.search, name="search"),
    path("figures/about/", figure_pages.index, name="index"),
    path("figures/about.<data:name>", figure_pages.index_file, name="index_file"),
    path("figures/about/<str:name>/", figure_pages.one_figure, name="figure"),
    path("figures/about/<str:name>.<data:ending>", figure_pages.figure_file, name="figure_file"),
    path("figures/<int:year>/", figure_pages.year, name="year"),
    path("figures/<int:year>.<data:name>", figure_pages.year_file, name="year_file"),
    path("figures/<int:year>/<slug:body>/", figure_pages.body, name="body"),
    path("figures/<int:year>/<slug:body>.<data:name>", figure_pages.body_file, name="body_file"),
]
