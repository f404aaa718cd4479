"""The page of a record. For the baker it is drawn once for many: a stencil (:mod:`gongkai.ui.stencils`) and its words."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from gongkai.bake.drawing import drawn
from gongkai.ledger import clock
from gongkai.records import kinds
from gongkai.records.models import Record
from gongkai.records.relations import VERBS
from gongkai.ui import stencils
from gongkai.ui.addresses import origin, to
from gongkai.ui.pieces import Crumb
from gongkai.ui.templatetags.ui import article_tools

from . import linked_data, listings, meta, queries, showing, validity
from .rendering import Heading
from .validity import Status

START, HOME = Crumb("首页", "/"), Crumb("政府信息", "/records/")
TEMPLATE = "library/record.html"
#: How the page of a document says that another one ended it.
ENDED = tuple(VERBS[verb][1] for verb in ("repeals", "declares_lapsed", "replaces"))
#: A table of contents stands beside a text with more headings than these.
FEW = 2


def trail(record: Record, *rest: Crumb) -> tuple[Crumb, ...]:
    """The way to the page of a record, or (``rest``) to what lies below it."""
    return _trail(kinds.label(record.kind), listings.address("kind", record.kind), *rest)


def _trail(kind: str, address: str, *rest: Crumb) -> tuple[Crumb, ...]:
    return (START, HOME, Crumb(kind, address), *(rest or (Crumb("正文"),)))


def answer(request: HttpRequest, sight: queries.Sight, day: date, asked: date | None) -> HttpResponse:
    """The page with the text and the validity of ``day``; ``asked`` is that day where it was asked for."""
    version = sight.version_on(day)
    if asked and sight.versions and version is None:
        record = sight.record
        context = {"record": record, "day": day, "first": sight.versions[0].since, "title": record.title}
        return render(request, "library/not_yet.html", context | {"trail": trail(record)}, status=404)
    words = _words(request, sight, day, asked)
    return drawn(request, TEMPLATE, words, _context, lambda known: showing.address(known["key"]))


def _context(words: Mapping[str, str]) -> dict[str, Any]:
    return {**words, "trail": _trail(words["kind"], words["kind_url"])}


def _words(request: HttpRequest, sight: queries.Sight, day: date, asked: date | None) -> dict[str, str]:
    """What the template shows; what is not there is empty."""
    record, version = sight.record, sight.version_on(day)
    current = asked is None or version is None or version.text == record.text
    digest = version.text if version and asked else record.text
    body, contents = showing.text(sight, queries.tree_of(digest), current)
    found = showing.status_of(sight, day)
    site, files = origin(request), showing.files(record)
    canonical = site + showing.address(record.key)
    return {
        "key": record.key,
        "title": record.title,
        "number": record.document_number,
        "kind": kinds.label(record.kind),
        "kind_url": listings.address("kind", record.kind),
        "canonical": canonical,
        "meta": meta.drawn(meta.record_meta(sight, canonical)),
        "linked_data": linked_data.script(sight, site) if asked is None else "",
        "notices": _notices(sight, found, asked),
        "information": showing.drawn(showing.information(sight, found), found),
        "tools": article_tools(request.path, record.title, canonical, to("portal:library:file", record.key, "pdf")),
        "contents": _contents(contents) if len(contents) > FEW else "",
        "body": body,
        "mark": record.mark,
        "attached": "正文见附件。" if files else "",
        "around": _around(sight, files),
        "foot": _foot(sight, canonical),
    }


def _notices(sight: queries.Sight, found: Status, asked: date | None) -> str:
    record = sight.record
    banner = validity.banner(record, clock.today(), sight.changes, asked)
    if not asked and not banner:
        return ""
    ended_by = [(one.title, showing.address(one.key)) for one in sight.related if one.words in ENDED and one.key]
    context = {"record": record, "asked": asked, "banner": banner, "status": found, "ended_by": ended_by}
    return render_to_string("library/_notices.html", context)


def _contents(entries: Sequence[Heading]) -> SafeString:
    return SafeString(
        "".join(
            f'<li class="level-{one.level}"><a href="#{escape(one.anchor)}">{escape(one.label)}</a></li>'
            for one in entries
        )
    )


def _around(sight: queries.Sight, files: Sequence[Mapping[str, Any]]) -> str:
    if not files and not sight.related and not sight.cited_by:
        return ""
    context = {
        "files": files,
        "related": showing.related(sight),
        "cited_by": [(title, showing.address(key)) for key, title in sight.cited_by],
        "more_citing": sight.cited_by_count > len(sight.cited_by),
    }
    return render_to_string("library/_around.html", context)


def _foot(sight: queries.Sight, canonical: str) -> SafeString:
    texts = len(sight.versions)
    return stencils.fill(
        "library/record_foot.html",
        key=sight.record.key,
        texts=str(texts) if texts > 1 else "",
        canonical=canonical,
    )
