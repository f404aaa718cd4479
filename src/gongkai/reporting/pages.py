"""Public pages: the list of published reports, each report from its frozen content, the definition of every figure."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from gongkai.annual.report import Report
from gongkai.ledger import blobs
from gongkai.ui.pieces import Crumb, Download, Fact

from . import content, queries, rendering, showing
from .models import AnnualReport

START = Crumb("首页", "/")
HOME = Crumb("政府信息公开年度报告", "/reports/")


def home(request: HttpRequest) -> HttpResponse:
    """Every published report, by year, then body."""
    years: dict[int, list[AnnualReport]] = {}
    for row in queries.published().order_by("-year", "body__order", "key"):
        years.setdefault(row.year, []).append(row)
    context = {"title": HOME.label, "trail": (START, Crumb(HOME.label)), "years": list(years.items())}
    return render(request, "reporting/home.html", context)


def _published(body: str, year: int) -> AnnualReport:
    """The published report, or 404: what is not published does not exist here."""
    row = queries.published().filter(body=body, year=year).first()
    if row is None:
        raise Http404
    return row


def report(request: HttpRequest, body: str, year: int) -> HttpResponse:
    """One report, from its frozen content."""
    row = _published(body, year)
    whole, link = content.load(row.content), _definition_of(body)
    document = rendering.document(whole, link)
    context = {
        "title": document.title,
        "trail": (START, HOME, Crumb(f"{row.body.name}{year}年")),
        "row": row,
        "document": document,
        "parts": showing.sections(document),
        "balance": showing.balance(document.report, link),
        "facts": showing.facts(document.report.values, link),
        "files": [
            Download(rendering.FORMATS[name].label, _file(body, year, name))
            for name in rendering.FORMATS
            if name in row.files and name != "html"
        ],
        "content_url": reverse("portal:reporting:content", args=[body, year]),
    }
    return render(request, "reporting/report.html", context)


def _file(body: str, year: int, name: str) -> str:
    return reverse("portal:reporting:file", args=[body, year, name])


def _definition_of(body: str) -> Callable[[str], str]:
    """Addresses of definitions, opened on this body's values."""
    front = reverse("portal:reporting:figure", args=[queries.NO_FIGURE])
    return lambda cell: f"{front.replace(queries.NO_FIGURE, cell)}?body={body}"


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


def figure(request: HttpRequest, name: str) -> HttpResponse:
    """What a figure means, and its values in the published reports of a body."""
    try:
        found = queries.figure_named(name)
    except LookupError as error:
        raise Http404(str(error)) from error
    rows = list(queries.published().order_by("body__order", "body", "-year"))
    bodies = {row.body_id: row.body for row in rows}
    chosen = request.GET.get("body") or next(iter(bodies), "")
    own = [row for row in rows if row.body_id == chosen]
    values = [(row, content.load(row.content)["figures"].get(name)) for row in own]
    context = {
        "title": found.label,
        "trail": (START, HOME, Crumb("指标定义")),
        "figure": found,
        "article": showing.article_of(name),
        "body": bodies.get(chosen),
        "values": [(row, value) for row, value in values if value is not None],
        "others": [body for key, body in bodies.items() if key != chosen],
    }
    return render(request, "reporting/figure.html", context)


def newest_facts(request: HttpRequest) -> list[Fact]:
    """The front page's row of numbers: the newest published report."""
    row = queries.published().order_by("-year", "body__order", "key").first()
    if row is None:
        return []
    report = Report.from_json(content.load(row.content)["report"])
    page = reverse("portal:reporting:report", args=[row.body_id, row.year])
    return [
        Fact(fact.value, f"{row.year}年{fact.label}", f"{page}#{cell}", fact.unit)
        for fact, (cell, _, _) in zip(showing.facts(report.values, lambda cell: page), showing.FACTS, strict=True)
    ]


facts = [newest_facts]
urlpatterns = [
    path("reports/", home, name="home"),
    path("reports/<slug:body>/<int:year>/", report, name="report"),
    path("reports/<slug:body>/<int:year>.json", as_json, name="json"),
    path("reports/<slug:body>/<int:year>/content.json", canonical, name="content"),
    path("reports/<slug:body>/<int:year>/report.<slug:name>", file, name="file"),
    path("figures/<str:name>/", figure, name="figure"),
]
