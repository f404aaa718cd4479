"""Files applicants sent, for the people who handle the case: only with the right to personal data, and logged."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from gongkai.ledger import attachments, uploads
from gongkai.ledger.models import Event
from gongkai.ledger.services import lines
from gongkai.organs.scope import Scope
from gongkai.ui.pieces import Row

from . import services
from .models import Request


def listed(key: str, past: Sequence[Event], may: bool) -> list[Row]:
    """The files of a case: with the right (``may``) each leads to the file and has its name, else only its kind shows."""
    rows = []
    for event in past:
        for number, one in enumerate(event.data.get("attachments", ()), 1):
            term = f"第 {event.seq} 步 附件 {number}（{uploads.KINDS[one['type']].label}，{max(1, one['size'] // 1024):,} KB）"
            name = attachments.name_of(one["ref"]) if may else ""
            url = reverse("office:requests:attachment", args=[key, one["ref"]]) if name else ""
            rows.append(Row(term, name or ("已按保管期限清除" if may else "＊＊＊"), url))
    return rows


@require_GET
def attachment(request: HttpRequest, key: str, reference: str) -> HttpResponse:
    """One of them, to be saved. Opening it leaves a line in the reading log."""
    row = Request.objects.select_related("body").filter(key=key).first()
    if row is None:
        raise Http404
    scope = Scope.of(request.user)
    scope.require("requests.personal", row.body)
    known = {one["ref"] for event in lines(services.KIND, key) for one in event.data.get("attachments", ())}
    if reference not in known:
        raise Http404
    try:
        return attachments.serve(reference, str(request.user.get_username()), "办理申请")
    except attachments.Missing as missing:
        raise Http404(str(missing)) from missing


urlpatterns = [path("<slug:key>/files/<slug:reference>/", attachment, name="attachment")]
