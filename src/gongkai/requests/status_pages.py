"""The status page: the applicant proves the request by number and code, sees how it stands, and acts."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.law.articles import article
from gongkai.ledger import attachments, clock
from gongkai.ledger.services import Conflict
from gongkai.procedure import Invalid, Refused
from gongkai.ui.clock import strip
from gongkai.ui.context import address
from gongkai.ui.pieces import Action, Crumb, Download, Happening, Row

from . import access, intake, public_copies, public_papers
from .access import private
from .models import Request
from .public_forms import STEPS, step_form, uploads_of
from .public_shell import HOME, START, STATUS, takes_files


@private
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """Ask for number and code."""
    form, code = access.CodeForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        code = 422
        if form.is_valid():
            try:
                row = access.prove(request, form.cleaned_data["number"], form.cleaned_data["code"])
                return access.open_for(request, redirect("portal:requests:mine"), row.key)
            except access.Closed as closed:
                form.add_error(None, str(closed))
    context = {"title": STATUS.label, "trail": (START, HOME, Crumb(STATUS.label)), "form": form}
    return render(request, "requests/public/status.html", context, status=code)


def _mine(request: HttpRequest) -> Request | None:
    row = access.proved(request)
    if row is None:
        messages.info(request, "请输入编号和查询码。为保护您的信息，打开半小时后需要重新输入。")
    return row


@private
@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """The request as its applicant sees it, and what can be done now."""
    row = _mine(request)
    if row is None:
        return redirect("portal:requests:status")
    return _act(request, row) if request.method == "POST" else _show(request, row)


def _act(request: HttpRequest, row: Request) -> HttpResponse:
    event = request.POST.get("event", "")
    if event not in STEPS:
        messages.error(request, "没有这项操作，请刷新页面后再办。")
        return redirect("portal:requests:mine")
    form = step_form(event, request.POST)
    if form.is_valid():
        try:
            files = uploads_of(request, f"{event}-files") if STEPS[event].files else []
            token = request.POST.get("token", "")[:64].replace("\x00", "")
            intake.act(row.key, event, form.event_data, files=files, key=f"web/{row.key}/{token}" if token else None)
            messages.success(request, STEPS[event].done)
            return redirect("portal:requests:mine")
        except (Invalid, Refused, Conflict) as refusal:
            for name, message in getattr(refusal, "errors", [("", str(refusal))]):
                plain = name.removeprefix(f"{event}-")
                form.add_error(plain if plain in form.fields else None, message)
    return _show(request, row, event, form, 422)


_KINDS = dict.fromkeys(("served", "closed", "answered"), "ok") | dict.fromkeys(
    ("clarifying", "paying", "explaining", "consulting"), "pause"
)


def _show(request: HttpRequest, row: Request, event: str = "", form: Any = None, status: int = 200) -> HttpResponse:
    seen = intake.status(row)
    actions = [_action(name, form if name == event else None) for name in seen.actions if name in STEPS]
    if form is not None and event not in seen.actions:
        for message in form.non_field_errors():
            messages.error(request, message)
    context = {
        "title": seen.title,
        "trail": (START, HOME, STATUS, Crumb(seen.number)),
        "status": seen,
        "strip": strip(seen.deadline, clock.today()) if seen.deadline else None,
        "timeline": [
            Happening(one.title, one.on, "您" if one.by_applicant else "", one.text) for one in reversed(seen.events)
        ],
        "actions": sorted(actions, key=lambda action: action.grave),
        "papers": [_paper(one) for one in public_papers.of(row)],
        "copies": public_copies.rows(row),
        "attachments": [_attachment(one) for one in seen.attachments],
        "complain": address("portal:remedies:complain"),
        "contact": row.body.phone,
        "fee_article": article("42").short,
        "must_act": any(not action.grave for action in actions),
        "kind": _KINDS.get(seen.state, ""),
    }
    return render(request, "requests/public/mine.html", context, status=status)


def _action(event: str, form: Any) -> Action:
    step = STEPS[event]
    hidden = (("event", event), ("token", secrets.token_urlsafe(12)))
    url = reverse("portal:requests:mine")
    return Action(
        step.label, url, step.hint, "", form or step_form(event), submit=step.submit, grave=step.grave, hidden=hidden
    )


def _paper(one: Any) -> tuple[str, list[Download]]:
    names = (("pdf", "PDF"), ("docx", "Word"))
    urls = [Download(label, reverse("portal:requests:paper", args=[one.slug, name])) for name, label in names]
    return one.label, urls


def _attachment(one: Mapping[str, Any]) -> Row:
    name = attachments.name_of(one["ref"])
    size = f"{max(1, round(one['size'] / 1024)):,} KB"
    url = reverse("portal:requests:attachment", args=[one["ref"]]) if name else ""
    return Row(size, name or "已按保管期限清除", url)


@private
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the request on this browser: computers in libraries have many users."""
    messages.success(request, "已退出查询。")
    return access.close(redirect("portal:requests:status"))


@private
@require_GET
def paper(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """A paper of the proved request."""
    row = _mine(request)
    if row is None:
        return redirect("portal:requests:status")
    file = public_papers.file(row, slug, name)
    if file is None:
        raise Http404
    headers = {"Content-Disposition": content_disposition_header(True, file.name) or "attachment"}
    return HttpResponse(file.content, content_type=file.kind, headers=headers)


@private
@require_GET
def attachment(request: HttpRequest, reference: str) -> HttpResponse:
    """A file the applicant of the proved request sent."""
    row = _mine(request)
    if row is None:
        return redirect("portal:requests:status")
    if reference not in {one["ref"] for one in intake.status(row).attachments}:
        raise Http404
    try:
        return attachments.serve(reference, "applicant", "申请人下载")
    except attachments.Missing as missing:
        raise Http404(str(missing)) from missing
