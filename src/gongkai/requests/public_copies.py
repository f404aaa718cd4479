"""The redacted copies an applicant may take away: those served with a decision."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from gongkai.ledger import attachments
from gongkai.ledger.services import lines
from gongkai.ui.pieces import Row

from . import access, redactions, services
from .models import Request


def rows(row: Request) -> list[Row]:
    """Each with its document, what was withheld and why, and the file while it is kept."""
    return [
        Row(
            material.title,
            "；".join(f"{one['reason']}（{one['article']}）{one['places']} 处" for one in edition.removals),
            reverse("portal:requests:copy", args=[material.number, edition.number])
            if attachments.name_of(edition.reference)
            else "",
        )
        for material, edition in redactions.given(lines(services.KIND, row.key))
    ]


@access.private
@require_GET
def copy(request: HttpRequest, number: int, edition: int) -> HttpResponse:
    """One of them, of the proved request; logged."""
    row = access.proved(request)
    if row is None:
        messages.info(request, "请输入编号和查询码。为保护您的信息，打开半小时后需要重新输入。")
        return redirect("portal:requests:status")
    for material, made in redactions.given(lines(services.KIND, row.key)):
        if (material.number, made.number) == (number, edition):
            try:
                return attachments.serve(made.reference, "applicant", "申请人下载区分处理件")
            except attachments.Missing as missing:
                raise Http404(str(missing)) from missing
    raise Http404
