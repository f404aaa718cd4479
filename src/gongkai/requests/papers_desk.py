"""Papers on the desk: the box of a case page, the preview, the downloads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, re_path, reverse
from django.utils.http import content_disposition_header
from django.views import View

from gongkai.ledger import blobs, vault
from gongkai.ledger.models import Event
from gongkai.ledger.services import lines
from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.papers import docx, pdf
from gongkai.papers.compose import FactsMissing, Paper
from gongkai.papers.linter import Finding, checklist
from gongkai.papers.template import Table, TemplateFault
from gongkai.typeset.fonts import FontsMissing
from gongkai.typeset.press import TypesetError
from gongkai.ui.pieces import Crumb, Download

from . import editions, papers
from .events import Case
from .letter import letter
from .services import KIND

#: Format → content type, and the writer.
FORMATS: dict[str, tuple[str, Callable[[Paper], bytes]]] = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx.write),
    "pdf": ("application/pdf", pdf.write),
}
HIDDEN = "＊＊＊＊＊＊"


@dataclass(frozen=True)
class Line:
    """A paper in the box: its name, the day it is of, its preview, the downloads this person may have."""

    label: str
    on: str
    url: str
    downloads: Sequence[Download]


def box(scope: Scope, body: Body, key: str, past: Sequence[Event]) -> dict[str, Any]:
    """What the case page shows of papers: every paper, newest first, and which local templates were not taken."""
    may = scope.may("requests.personal", body)
    try:
        found = papers.issued(past)
    except (blobs.Damaged, TemplateFault) as damage:
        return {"papers": [], "paper_faults": [str(damage)]}
    made = [_line(one, key, may) for one in reversed(found)]
    return {"papers": made, "paper_faults": editions.present().faults if made else ()}


def _line(one: papers.Issued, key: str, may: bool) -> Line:
    downloads = [
        Download(name, reverse("office:requests:paper", args=[key, one.slug, kind]))
        for kind, name in (("docx", "Word"), ("pdf", "PDF"))
        if may or not one.personal
    ]
    preview = reverse("office:requests:paper-preview", args=[key, one.slug])
    return Line(one.label, one.event.legal_day.isoformat(), preview, downloads)


def check_list(case: Case) -> list[tuple[str, Finding | None]]:
    """The elements of the letter on the table with what is missing, for drafter and reviewer; empty without a draft."""
    on_the_table = case.draft is not None and case.state in {"drafted", "reviewed"}
    return checklist(letter(case)) if on_the_table else []


def _masked(key: str) -> Mapping[str, str]:
    return {name: HIDDEN if name == "query_code" else value for name, value in vault.masked(key).items()}


class _PaperView(View):
    """Finds the case and the paper; seeing a case is the least right for any of its papers."""

    http_method_names = ["get", "head"]

    def open(self, request: HttpRequest, key: str, slug: str) -> tuple[papers.Issued, Body, Scope]:
        """The paper, the body, the rights. Raises Http404, PermissionDenied."""
        past: list[Event] = lines(KIND, key)
        if not past:
            raise Http404
        body = Body.objects.select_related("parent").get(key=past[0].data["body"])
        scope = Scope.of(request.user)
        scope.require("requests.view", body)
        found = papers.find(past, slug)
        if found is None:
            raise Http404
        return found, body, scope


class Preview(_PaperView):
    """A paper on the screen, personal data masked: what reviewers and signatories read before it goes out."""

    def get(self, request: HttpRequest, key: str, slug: str) -> HttpResponse:
        """The page; where the paper cannot be made, what it lacks."""
        issued, body, scope = self.open(request, key, slug)
        paper, lacks = None, ""
        try:
            paper = issued.paper(body, _masked)
        except FactsMissing as missing:
            lacks = str(missing)
        home = Crumb("申请", reverse("office:requests:home"))
        case = Crumb(issued.case.number, reverse("office:requests:case", args=[key]))
        context = {
            "title": issued.label,
            "trail": (home, case, Crumb(issued.label)),
            "issued": issued,
            "paper": paper,
            "blocks": [(block, isinstance(block, Table)) for block in paper.blocks] if paper else [],
            "lacks": lacks,
            "downloads": _line(issued, key, scope.may("requests.personal", body)).downloads if paper else [],
        }
        return render(request, "requests/paper.html", context)


class PaperFile(_PaperView):
    """A paper as Word or PDF. One that names a person needs the right to personal data, and leaves a line in the log."""

    def get(self, request: HttpRequest, key: str, slug: str, kind: str) -> HttpResponse:
        """The file."""
        issued, body, scope = self.open(request, key, slug)
        if issued.personal:
            scope.require("requests.personal", body)

        def opened(entry: str) -> Mapping[str, str]:
            return vault.read(entry, scope.person.username, f"下载文书：{issued.label}（{kind}）")

        content_type, write = FORMATS[kind]
        try:
            content = write(issued.paper(body, opened))
        except (FactsMissing, FontsMissing, TypesetError) as fault:
            context = {"title": issued.label, "issued": issued, "lacks": str(fault)}
            return render(request, "requests/paper.html", context, status=422)
        name = f"{issued.template.name}（{issued.case.number}）.{kind}"
        headers = {
            "Content-Disposition": content_disposition_header(True, name) or "attachment",
            "Cache-Control": "no-store",
        }
        return HttpResponse(content, content_type=content_type, headers=headers)


urlpatterns = [
    path("<slug:key>/papers/<slug:slug>", Preview.as_view(), name="paper-preview"),
    re_path(r"^(?P<key>[-\w]+)/papers/(?P<slug>[-\w]+)\.(?P<kind>docx|pdf)$", PaperFile.as_view(), name="paper"),
]
