"""Public pages of requests: where to begin, the form for paper, and every address.

Applying is ``apply_pages``, the applicant's own request ``status_pages``.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from gongkai.ledger import clock
from gongkai.typeset.fonts import FontsMissing
from gongkai.typeset.press import TypesetError
from gongkai.ui.context import address
from gongkai.ui.pieces import Crumb, Entry

from . import apply_pages, paper_form, public_copies, status_pages
from .public_forms import bodies
from .public_shell import HOME, START


def home(request: HttpRequest) -> HttpResponse:
    """What one may ask for, how, how long it takes, what it costs; and the start."""
    context = {"title": HOME.label, "trail": (START, HOME), "complain": address("portal:remedies:complain")}
    return render(request, "requests/public/home.html", context)


@require_GET
def found(request: HttpRequest) -> HttpResponse:
    """The applicant found it among what is published."""
    context = {"title": "没有提交申请", "trail": (START, HOME, Crumb("已找到"))}
    return render(request, "requests/public/found.html", context)


@require_GET
def form(request: HttpRequest) -> HttpResponse:
    """The form for paper."""
    context = {
        "title": paper_form.TITLE,
        "trail": (START, HOME, Crumb("纸质申请表")),
        "rows": paper_form.rows(),
        "notes": paper_form.NOTES,
        "bodies": bodies(),
    }
    return render(request, "requests/public/form.html", context)


@require_GET
def form_pdf(request: HttpRequest) -> HttpResponse:
    """The form for paper as PDF; where fonts are missing, the page to print."""
    try:
        content = paper_form.pdf(clock.today())
    except (FontsMissing, TypesetError):
        return redirect("portal:requests:form")
    headers = {"Content-Disposition": content_disposition_header(True, f"{paper_form.TITLE}.pdf") or "attachment"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


entries = (
    Entry("提出申请", "portal:requests:new", "在网上填写并提交政府信息公开申请。", on_home=False),
    Entry("查询办理情况", "portal:requests:status", "凭编号和查询码查看进度、补正、撤回、下载答复。"),
    Entry("纸质申请表", "portal:requests:form", "打印后当面提交或者邮寄。", on_home=False),
)
urlpatterns = [
    path("apply/", home, name="home"),
    path("apply/new/", apply_pages.new, name="new"),
    path("apply/found/", found, name="found"),
    path("apply/receipt/", apply_pages.receipt, name="receipt"),
    path("apply/form/", form, name="form"),
    path("apply/form.pdf", form_pdf, name="form-pdf"),
    path("apply/status/", status_pages.status, name="status"),
    path("apply/status/mine/", status_pages.mine, name="mine"),
    path("apply/status/leave/", status_pages.leave, name="leave"),
    path("apply/status/papers/<slug:slug>.<slug:name>", status_pages.paper, name="paper"),
    path("apply/status/copies/<int:number>-<int:edition>.pdf", public_copies.copy, name="copy"),
    path("apply/status/files/<slug:reference>/", status_pages.attachment, name="attachment"),
]
