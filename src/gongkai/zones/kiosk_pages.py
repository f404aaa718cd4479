"""Searching, reading and printing at a terminal: the library in the kiosk's shell, without a way out or a download."""

from urllib.parse import urlencode

import segno
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from gongkai.ledger import clock
from gongkai.library import indexing, queries, search_page, showing, validity
from gongkai.records import kinds
from gongkai.records.models import Record
from gongkai.text.structure import parse
from gongkai.ui.context import address
from gongkai.ui.pieces import Row

from .kiosk import Visit, show, visiting

#: Records on a page, and on the first page of reading.
PAGE = 12


@visiting
@require_safe
def search(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is looked for, and what was found."""
    made = search_page.context(request, (indexing.PUBLIC,), lambda row: visit.page("kiosk-record", row.key))
    return show(request, visit, "search", made | {"title": "查信息"})


def _shown(visit: Visit, rows: list[Record]) -> list[tuple[Record, str, str]]:
    return [(row, kinds.label(row.kind), visit.page("kiosk-record", row.key)) for row in rows]


@visiting
@require_safe
def read(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The kinds there are and the newest of all, or those of one kind page by page."""
    rows = queries.public().select_related("body").order_by("-published_on", "-key")
    kind, here = request.GET.get("kind", ""), visit.page("kiosk-read")
    if kind not in kinds.kinds():
        counted = dict(queries.public().order_by().values_list("kind").annotate(number=Count("pk")))
        tiles = [
            (one.label, counted[key], f"{here}?{urlencode({'kind': key})}")
            for key, one in kinds.kinds().items()
            if key in counted
        ]
        context = {"title": "看公开", "kinds": tiles, "rows": _shown(visit, list(rows[:PAGE]))}
        return show(request, visit, "read", context)
    page = Paginator(rows.filter(kind=kind), PAGE).get_page(request.GET.get("page"))

    def turn(number: int) -> str:
        return f"{here}?{urlencode({'kind': kind, 'page': number})}"

    context = {
        "title": kinds.label(kind),
        "up": here,
        "rows": _shown(visit, list(page.object_list)),
        "page": page,
        "previous": turn(page.previous_page_number()) if page.has_previous() else "",
        "following": turn(page.next_page_number()) if page.has_next() else "",
    }
    return show(request, visit, "read", context)


@visiting
@require_safe
def printing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What can be printed, and how."""
    rows = queries.public().select_related("body").order_by("-published_on", "-key")[:PAGE]
    form = visit.page("mount", "apply/form/") if address("portal:requests:form") else ""
    context = {
        "title": "打印",
        "form_url": form,
        "search_url": visit.page("kiosk-search"),
        "rows": _shown(visit, list(rows)),
    }
    return show(request, visit, "printing", context)


@visiting
@require_safe
def record(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """One record, to read and print; its files are named, not handed out."""
    row = queries.public().select_related("body").filter(key=key).first()
    if row is None:
        return show(request, visit, "missing", {"title": "没有找到"}, status=404)
    sight, today = queries.sight(row), clock.today()
    found = showing.status_of(sight, today)
    body, _ = showing.text(sight, parse(queries.text_of(row.text)), False)
    public = settings.ORIGIN + showing.address(key)
    context = {
        "title": row.title,
        "record": row,
        "rows": [Row(one.term, one.detail) for one in showing.information(sight, found)],
        "banner": validity.banner(row, today, sight.changes),
        "body": body,
        "files": [one["name"] for one in row.attachments],
        "public_url": public,
        "code": code(public),
    }
    return show(request, visit, "record", context)


def code(text: str) -> SafeString:
    """A QR code as SVG, for the reader's own telephone."""
    made = segno.make(text, error="m", micro=False)
    drawn = made.svg_inline(scale=4, border=2, omitsize=True, dark="#000", light="#fff", title="本页的二维码")
    return mark_safe(drawn)
