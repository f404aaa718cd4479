"""Pictures and files of the redaction desk, and the page of an edition where it is let go."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gongkai.ledger import attachments
from gongkai.procedure import Refused
from gongkai.redaction import Reading

from . import redaction_images, redactions
from .redaction_base import ORIGINALS, Desk, log, page_of, token_of


class PagePicture(Desk):
    """A page of the original with what is chosen on it."""

    http_method_names = ["get", "head"]
    event = "redact"

    def get(self, request: HttpRequest, key: str, number: int, page: int) -> HttpResponse:
        """The picture; each opening is logged."""
        _, scope, body = self.start(request, key)
        scope.require(ORIGINALS, body)
        material = self.material(number)
        reading = _or_404(lambda: redactions.opened(material))
        if not 1 <= page <= reading.count:
            raise Http404
        log(request, material.reference, f"区分处理：查看原件第 {page} 页")
        plan = redactions.planned(redactions.removals(key, number))
        marks = [mark for removal in plan for mark in redactions.marks_of(reading, removal)]
        picture = redaction_images.page(reading, page - 1, marks, result="result" in request.GET, scale=True)
        return _png(picture)


class EditionPage(Desk):
    """An edition as it would go out: what reviewers look at, and let go."""

    event = "release_copy"

    def get(self, request: HttpRequest, key: str, number: int, edition: int) -> HttpResponse:
        """One page of it, and the list of what was withheld."""
        refusal, scope, body = self.start(request, key)
        material, made = self.edition(number, edition)
        page = min(max(page_of(request), 1), max(1, made.pages))
        context = self.frame(key, f"{material.title}（第 {edition} 版）") | {
            "material": material,
            "edition": made,
            "refusal": refusal,
            "may_release": bool(self.actor.roles.intersection(self.move.roles)),
            "may_originals": scope.may(ORIGINALS, body),
            "newest": material.latest == made,
            "page": page,
            "pages": made.pages,
        }
        return render(request, "requests/redaction_edition.html", context)

    def post(self, request: HttpRequest, key: str, number: int, edition: int) -> HttpResponse:
        """Let it go, once for each token."""
        self.start(request, key)
        self.edition(number, edition)
        token = token_of(request)
        said = "已再次检查并同意，答复送达后申请人可以下载"
        self.attempt(request, lambda: redactions.release(key, number, edition, self.actor, key=token), said)
        return redirect(request.path)


class EditionPicture(Desk):
    """A page of an edition."""

    http_method_names = ["get", "head"]
    event = "release_copy"

    def get(self, request: HttpRequest, key: str, number: int, edition: int, page: int) -> HttpResponse:
        """The picture."""
        self.start(request, key)
        _, made = self.edition(number, edition)
        reading = _or_404(lambda: Reading(redactions.copy_of(made)))
        if not 1 <= page <= reading.count:
            raise Http404
        return _png(redaction_images.page(reading, page - 1))


class EditionFile(Desk):
    """An edition as a file; its original with the right to originals. Both are logged."""

    http_method_names = ["get", "head"]
    event = "release_copy"

    def get(self, request: HttpRequest, key: str, number: int, edition: int = 0) -> HttpResponse:
        """The file, to be saved."""
        _, scope, body = self.start(request, key)
        if edition:
            reference = self.edition(number, edition)[1].reference
        else:
            scope.require(ORIGINALS, body)
            reference = self.material(number).reference
        purpose = f"下载区分处理件第 {edition} 版" if edition else "下载待区分处理的原件"
        try:
            return attachments.serve(reference, str(request.user.get_username()), purpose)
        except attachments.Missing as missing:
            raise Http404(str(missing)) from missing


def _or_404(what: Callable[[], Reading]) -> Reading:
    try:
        return what()
    except Refused as refused:
        raise Http404(refused.reason) from refused


def _png(picture: bytes) -> HttpResponse:
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(picture, content_type="image/png", headers=headers)
