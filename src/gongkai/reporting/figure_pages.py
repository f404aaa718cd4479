"""Public pages of figures: the year in numbers, a page for each figure, the index of all."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from gongkai import figure
from gongkai.bake.reading import reads
from gongkai.figure import FAMILIES, Figure, family_of
from gongkai.ledger import clock
from gongkai.organs.models import Body
from gongkai.ui.charts import Picture, Series
from gongkai.ui.exports import csv_lines
from gongkai.ui.pieces import Crumb, Download

from . import comparing, dashboard, queries, showing, years
from .content import Value, plain

START = Crumb("首页", "/")
HOME = Crumb("政务公开数据", "/figures/")
INDEX = Crumb("全部指标", "/figures/about/")
#: The most years side by side on the page of a figure, and the most lines in its picture.
MOST_YEARS, MOST_LINES = 6, 5
#: What the families of figures are about, in the order of the index.
THEMES = (
    ("表二：主动公开政府信息", ("norms.table2", "norms.registers")),
    ("表三：收到和处理申请", ("requests.table3",)),
    ("表四：行政复议、行政诉讼", ("remedies.table4",)),
    ("办理申请的时效和渠道", ("requests.answers", "requests.channels", "requests.narrative", "requests.deflected")),
    ("公开的信息", ("records.kinds", "records.published", "records.discipline", "norms.narrative", "norms.two_levels")),
)
OTHERS = "其他"
#: How data of a page may end.
ENDINGS = ("json", "csv")


def about(name: str) -> str:
    """The page of a figure."""
    return reverse("portal:reporting:figure", args=[name])


def home(request: HttpRequest) -> HttpResponse:
    """The running year so far, and the way to every year and figure."""
    found = [years.of_year(year) for year in years.known()]
    newest = next((one for one in found if one.reported), found[0])
    context = {
        "title": HOME.label,
        "trail": (START, Crumb(HOME.label)),
        "newest": newest,
        "facts": dashboard.facts(newest.values, about),
        "table": comparing.years_table(found, about),
        "running": found[0],
        "themes": [(title, len(rows)) for title, rows in themes()],
        "count": len(figure.figures()),
    }
    return render(request, "reporting/figures.html", context)


def year(request: HttpRequest, year: int) -> HttpResponse:
    """All bodies together for a year."""
    return render(request, "reporting/year.html", _year_context(_known(year)))


def _known(year: int) -> years.Year:
    found = years.of_year(year) if year in years.known() else None
    if found is None:
        raise Http404
    return found


def _year_context(found: years.Year) -> dict[str, Any]:
    return {
        "title": f"{found.year}年政务公开数据",
        "trail": (START, HOME, Crumb(f"{found.year}年")),
        "year": found.year,
        "found": found,
        "facts": dashboard.facts(found.values, about),
        "sections": dashboard.sections(found.values, found.months, about),
        "table": comparing.bodies_table(found, about),
        "tabs": [(one, reverse("portal:reporting:year", args=[one]), one == found.year) for one in years.known()],
        "files": _files("portal:reporting:year_file", found.year),
    }


def year_file(request: HttpRequest, year: int, name: str) -> HttpResponse:
    """The numbers of a year, of all together and of each body, as data."""
    found = _known(year)
    bodies = [{"body": one.body.key, "name": one.body.name, **_of(one)} for one in found.standings]
    data = {
        "year": year, "as_of": found.as_of.isoformat() if found.as_of else None,
        "figures": _written(found.values), "months": _monthly(found.months), "bodies": bodies,
    }  # fmt: skip
    rows = [("合计", *row) for row in _cells(found.values)]
    rows += [(one.body.name, *row) for one in found.standings for row in _cells(one.values)]
    return _file(name, data, ("机关", *_HEAD), rows)


def body(request: HttpRequest, year: int, body: str) -> HttpResponse:
    """One body for a year."""
    found = _standing(year, body)
    report = found.report
    before = years.of_body(found.body, year - 1) if report or year < years.running() else None
    context = {
        "title": f"{found.body.name}{year}年政务公开数据",
        "trail": (START, HOME, Crumb(f"{year}年", reverse("portal:reporting:year", args=[year])), Crumb(found.body.name)),
        "year": year,
        "found": found,
        "facts": dashboard.facts(found.values, about),
        "sections": dashboard.sections(found.values, found.months, about, before.values if before else None),
        "before": before,
        "tabs": [(one, reverse("portal:reporting:body", args=[one, body]), one == year) for one in years.of_which(found.body)],
        "files": _files("portal:reporting:body_file", year, body),
    }  # fmt: skip
    return render(request, "reporting/standing.html", context)


def body_file(request: HttpRequest, year: int, body: str, name: str) -> HttpResponse:
    """The numbers of one body for a year, as data."""
    found = _standing(year, body)
    data = {"year": year, "body": body, "name": found.body.name, **_of(found), "months": _monthly(found.months)}
    return _file(name, data, _HEAD, _cells(found.values))


def _standing(year: int, key: str) -> years.Standing:
    reads(years.ALL)
    row = Body.objects.prefetch_related("reports_for").filter(key=key, reported_by=None).first()
    found = years.of_body(row, year) if row and year in years.known() else None
    if found is None:
        raise Http404
    return found


def themes() -> list[tuple[str, list[Figure]]]:
    """Every figure by theme, in order; what no theme names comes last."""
    named = {family for _, families in THEMES for family in families}
    rest = (OTHERS, tuple(family for family in FAMILIES if family not in named))
    found = [
        (title, [one for name in names if name in FAMILIES for one in FAMILIES[name].figures])
        for title, names in (*THEMES, rest)
    ]
    return [(title, rows) for title, rows in found if rows]


def index(request: HttpRequest) -> HttpResponse:
    """Every figure, by theme."""
    context = {"title": INDEX.label, "trail": (START, HOME, Crumb(INDEX.label)), "themes": themes(), "asked": ""}
    return render(request, "reporting/index.html", context | {"count": len(figure.figures())})


def search(request: HttpRequest) -> HttpResponse:
    """Figures whose name, id or definition holds every word asked for."""
    asked = request.GET.get("q", "").strip()[:80]
    words = asked.lower().split()

    def fits(one: Figure) -> bool:
        text = f"{one.id} {one.label} {one.definition}".lower()
        return all(word in text for word in words)

    found = [(title, [one for one in rows if fits(one)]) for title, rows in themes()]
    kept = [(title, rows) for title, rows in found if rows]
    context = {
        "title": f"查找指标：{asked}" if asked else "查找指标",
        "trail": (START, HOME, INDEX, Crumb("查找")),
        "themes": kept,
        "asked": asked,
        "count": sum(len(rows) for _, rows in kept),
    }
    return render(request, "reporting/index.html", context)


def index_file(request: HttpRequest, name: str) -> HttpResponse:
    """Every figure with its definition, as data."""
    keys = ("id", "label", "unit", "definition")
    rows = [[getattr(one, key) for key in keys] for one in figure.figures()]
    data = {"figures": [dict(zip(keys, row, strict=True)) for row in rows]}
    return _file(name, data, ("指标名", "名称", "单位", "定义"), rows)


def one_figure(request: HttpRequest, name: str) -> HttpResponse:
    """What a figure means, and its values for every body and year."""
    one = _figure(name)
    found = _values(one)
    last = found[-1][0] if found else years.running()
    context = {
        "title": one.label,
        "trail": (START, HOME, INDEX, Crumb(one.label)),
        "figure": one,
        "article": showing.article_of(name),
        "place": showing.place_of(name),
        "ratio": list(map(_figure, (one.ratio.part, one.ratio.whole))) if one.ratio else (),
        "picture": _picture(one, found),
        "table": comparing.values_table(one, found),
        "counted_to": next((year.as_of for _, year in reversed(found) if year.as_of), None),
        "files": _files("portal:reporting:figure_file", name),
        "rows_url": queries.rows_url(name, _lead(found), last),
    }  # fmt: skip
    return render(request, "reporting/figure.html", context)


def figure_file(request: HttpRequest, name: str, ending: str) -> HttpResponse:
    """A figure's definition and its values for every body and year, as data."""
    one = _figure(name)
    values = [
        (standing.body.key, standing.body.name, number, plain(value), standing.report is not None)
        for number, year in _values(one)
        for standing in year.standings
        if (value := dashboard.shown(one.id, standing.values)) is not None
    ]
    keys = ("body", "name", "year", "value", "reported")
    data = {
        "id": one.id, "label": one.label, "unit": one.unit, "definition": one.definition,
        "values": [dict(zip(keys, row, strict=True)) for row in values],
    }  # fmt: skip
    rows = [(row[1], row[2], row[3], "年度报告" if row[4] else "统计") for row in values]
    return _file(ending, data, ("机关", "年度", f"{one.label}（{one.unit}）", "来源"), rows)


def _figure(name: str) -> Figure:
    try:
        return queries.figure_named(name)
    except LookupError as error:
        raise Http404(str(error)) from error


def _values(one: Figure) -> list[tuple[int, years.Year]]:
    """The newest years, the oldest first, with the bodies that have a report or any figure of this one's family."""
    chosen, family = sorted(years.known()[:MOST_YEARS]), family_of(one.id)
    names = [member.id for member in family.figures]
    found = []
    for number in chosen:
        year = years.of_year(number, [family.name])
        kept = tuple(s for s in year.standings if s.report or any(s.values.get(name) for name in names))
        found.append((number, years.Year(number, kept, year.missing)))
    return found


def _lead(found: Sequence[tuple[int, years.Year]]) -> str:
    return next((one.body.key for _, year in reversed(found) for one in year.standings), "")


def _picture(one: Figure, found: Sequence[tuple[int, years.Year]]) -> Picture | None:
    """The figure over the years that are over (the running one alone where there is no other): where it is greatest."""
    found = [(number, year) for number, year in found if number < clock.today().year] or found
    names, values = {}, dict[str, dict[int, Value]]()
    for number, year in found:
        for standing in year.standings:
            value = dashboard.shown(one.id, standing.values)
            if value is not None:
                names[standing.body.key] = standing.body
                values.setdefault(standing.body.key, {})[number] = value
    most = sorted(values, key=lambda key: -max(values[key].values()))[:MOST_LINES]
    most = [key for key in most if any(values[key].values())]
    if not most:
        return None
    labels = [f"{number}年" for number, _ in found]
    series = [Series(names[key].short_name, [values[key].get(number) for number, _ in found]) for key in most]
    title = f"{one.label}：数值最大的机关" if len(values) > MOST_LINES else f"{one.label}：各年数值"
    kind = "lines" if len(series) > 1 and len(found) > 1 else "columns"
    return Picture(kind, title, labels, series, one.unit, "年度")  # type: ignore[arg-type]


_HEAD = ("指标名", "名称", "数值", "单位")


def _cells(values: dashboard.Values) -> list[tuple[str, str, Any, str]]:
    return [(one.id, one.label, plain(values[one.id]), one.unit) for one in figure.figures() if one.id in values]


def _written(values: dashboard.Values) -> dict[str, Any]:
    return {one.id: plain(values[one.id]) for one in figure.figures() if one.id in values}


def _monthly(months: Any) -> dict[str, Any]:
    return {str(month): dict(values) for month, values in months.items()}


def _of(one: years.Standing) -> dict[str, Any]:
    report = f"{reverse('portal:reporting:report', args=[one.body.key, one.year])}" if one.report else None
    return {"as_of": one.as_of.isoformat(), "report": report, "figures": _written(one.values)}


def _files(name: str, *args: Any) -> list[Download]:
    return [Download(ending.upper(), reverse(name, args=[*args, ending])) for ending in ENDINGS]


def _file(name: str, data: dict[str, Any], head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Data as JSON or CSV: the same for everybody, so it can be baked."""
    if name == "json":
        return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "sort_keys": True})
    return HttpResponse("".join(csv_lines([head, *rows])), content_type="text/csv; charset=utf-8")


def addresses_of_year(year: int) -> list[str]:
    """The pages of a year."""
    return [
        reverse("portal:reporting:year", args=[year]),
        *(reverse("portal:reporting:year_file", args=[year, ending]) for ending in ENDINGS),
    ]


def addresses_of(body: str, year: int) -> list[str]:
    """The pages of one body for a year."""
    return [
        reverse("portal:reporting:body", args=[year, body]),
        *(reverse("portal:reporting:body_file", args=[year, body, ending]) for ending in ENDINGS),
    ]


def addresses() -> Iterator[str]:
    """Every page of figures that is the same for everybody."""
    yield from (HOME.url, INDEX.url, *(reverse("portal:reporting:index_file", args=[ending]) for ending in ENDINGS))
    for number in sorted(years.known()):
        yield from _with_bodies(number)
    for one in figure.figures():
        yield about(one.id)
        yield from (reverse("portal:reporting:figure_file", args=[one.id, ending]) for ending in ENDINGS)


def _with_bodies(year: int) -> Iterator[str]:
    yield from addresses_of_year(year)
    for one in years.of_year(year).standings:
        yield from addresses_of(one.body.key, year)


def born(key: str) -> Iterator[str]:
    """With a new day the running year, and a body whose first numbers came yesterday, have their pages."""
    if key == years.DAY:
        yield from _with_bodies(years.running())
