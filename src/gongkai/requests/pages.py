"""Public pages: applying step by step, the receipt, and the status page where the applicant acts.

The answers of earlier steps travel in the form itself, sealed with the keys of the vault: nothing is stored before the
request is sent, nothing personal stands in an address, and every step works in any number of windows.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.identity import rates, throttle
from gongkai.law.articles import article
from gongkai.ledger import attachments, clock, uploads, vault
from gongkai.ledger.services import Conflict
from gongkai.organs.models import Body
from gongkai.procedure import Invalid, Refused
from gongkai.typeset.fonts import FontsMissing
from gongkai.typeset.press import TypesetError
from gongkai.ui.clock import strip
from gongkai.ui.context import address
from gongkai.ui.pieces import Action, Crumb, Download, Entry, Happening, Item, Row
from gongkai.ui.uploading import limited

from . import access, intake, paper_form, public_copies, public_papers, queries, suggestions
from .access import private
from .models import Deflection, Request
from .public_forms import STEPS, CitizenForm, FilesForm, bodies, step_form, summary, uploads_of

START = Crumb("首页", "/")
HOME = Crumb("依申请公开", "/apply/")
STATUS = Crumb("查询办理情况", "/apply/status/")
TITLES = {"who": "申请人", "what": "要什么信息", "check": "核对并提交"}
STEP_NAMES = tuple(TITLES)
LOST = "页面已经过期，前面填写的内容没有保留，请重新填写。"
UNKNOWN = "没有识别您的操作，请核对填写的内容，再点“下一步”。"
#: Room for the form's own fields beside its files.
_FIELDS_ROOM = 2 * uploads.MB


def home(request: HttpRequest) -> HttpResponse:
    """What one may ask for, how, how long it takes, what it costs; and the start."""
    context = {"title": HOME.label, "trail": (START, HOME), "complain": address("portal:remedies:complain")}
    return render(request, "requests/public/home.html", context)


def too_large(request: HttpRequest) -> HttpResponse:
    """413, with what to do."""
    most = uploads.limits().total // uploads.MB
    context = {
        "title": "上传的文件太大",
        "trail": (START, HOME),
        "most": most,
        "each": uploads.limits().file // uploads.MB,
    }
    return render(request, "requests/public/too_large.html", context, status=413)


def _most() -> int:
    return uploads.limits().total + _FIELDS_ROOM


takes_files = limited(_most, too_large)


# Applying ------------------------------------------------------------------------------------------------------------


def _fresh(request: HttpRequest) -> dict[str, Any]:
    """A form's state before its first step: the token makes it one request however often it is sent."""
    known = {body.key for body in bodies()}
    wanted = (request.GET.get("body", ""), getattr(settings, "PUBLIC_BODY", ""))
    chosen = next((key for key in wanted if key in known), "") or _first_body()
    return {"token": secrets.token_urlsafe(18), "answers": {"body": chosen}, "shown": 0}


def _first_body() -> str:
    found = Body.objects.filter(kind=Body.Kind.OFFICE).order_by("order", "id").first()
    return found.key if found else ""


@private
@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The three steps: who, what, check and send."""
    if request.method != "POST":
        return _step(request, "who", _fresh(request))
    state = vault.unseal(request.POST.get("kept", ""))
    if state is None or not {"token", "answers", "shown"} <= state.keys():
        return _step(request, "who", _fresh(request), notice=LOST, status=422)
    at, go = request.POST.get("at", ""), request.POST.get("go", "")
    if at == "check":
        return _from_check(request, state, go)
    if at not in ("who", "what"):
        return _step(request, "who", state, notice=UNKNOWN, status=422)
    typed = {
        name: value for name, value in request.POST.items() if name not in {"kept", "at", "go", "csrfmiddlewaretoken"}
    }
    if at == "what" and go == "back":
        state["answers"] |= _known("what", typed)
        return _step(request, "who", state)
    form = CitizenForm(at, request.POST, earlier=state["answers"])
    if not form.is_valid():
        return _step(request, at, state, form=form, status=422)
    state["answers"] = {n: v for n, v in state["answers"].items() if n not in form.fields} | form.event_data
    return _step(request, "what", state) if at == "who" else _check(request, state)


def _known(step: str, typed: Mapping[str, str]) -> dict[str, str]:
    names = CitizenForm(step, earlier={}).fields
    return {name: value[:20_000] for name, value in typed.items() if name in names}


def _step(
    request: HttpRequest,
    step: str,
    state: dict[str, Any],
    *,
    form: CitizenForm | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    form = form or CitizenForm(step, earlier=state["answers"], initial=state["answers"])
    return _page(request, "step", step, state, {"form": form, "notice": notice}, status)


def _page(
    request: HttpRequest, template: str, step: str, state: dict[str, Any], more: dict[str, Any], status: int
) -> HttpResponse:
    title = TITLES[step]
    context = {
        "title": title,
        "trail": (START, HOME, Crumb("提出申请")),
        "step": step,
        "number": STEP_NAMES.index(step) + 1,
        "steps": len(STEP_NAMES),
        "kept": vault.seal(state),
    }
    return render(request, f"requests/public/{template}.html", context | more, status=status)


def _check(
    request: HttpRequest, state: dict[str, Any], form: FilesForm | None = None, status: int = 200
) -> HttpResponse:
    answers = state["answers"]
    found = _suggested(answers)
    state["shown"] = len(found)
    more = {
        "who": summary(answers, "who"),
        "what": summary(answers, "what"),
        "found": found,
        "form": form or FilesForm(),
    }
    return _page(request, "check", "check", state, more, status)


def _suggested(answers: Mapping[str, Any]) -> list[Item]:
    words = " ".join(str(answers.get(name, "")) for name in ("title", "reference"))
    return suggestions.suggest(words, str(answers.get("content", "")))


def _from_check(request: HttpRequest, state: dict[str, Any], go: str) -> HttpResponse:
    if go in {"who", "what"}:
        return _step(request, go, state)
    if go == "found" and state["shown"]:
        body = intake.body_of(str(state["answers"].get("body", "")))
        suggestions.count(state["token"], body.key, Deflection.FOUND, state["shown"])
        return redirect("portal:requests:found")
    return _send(request, state) if go == "send" else _check(request, state)


def _send(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    answers, form = dict(state["answers"]), FilesForm()
    try:
        rates.count("web", throttle.address_of(request), settings.WEB_INTAKE_PER_MINUTE)
        files = uploads_of(request, "files")
        done = intake.submit(str(answers.pop("body", "")), answers, files=files, key=f"web/{state['token']}")
    except rates.TooMany as many:
        return _too_many(request, state, many)
    except (Invalid, Refused, Conflict) as refusal:
        form = FilesForm({})
        form.full_clean()
        for name, message in getattr(refusal, "errors", [("", str(refusal))]):
            form.add_error("files" if name == "files" else None, message)
        return _check(request, state, form, 422)
    if state["shown"] and not done.repeated:
        suggestions.count(state["token"], done.subject.rsplit("-", 2)[0], Deflection.SENT, state["shown"])
    if done.repeated:
        messages.info(request, "这件申请此前已经提交成功，没有重复登记。")
    return access.open_for(request, redirect("portal:requests:receipt"), done.subject)


def _too_many(request: HttpRequest, state: dict[str, Any], many: rates.TooMany) -> HttpResponse:
    """429: the last step again, with everything that was filled in, and when to send it."""
    form = FilesForm({})
    form.full_clean()
    form.add_error(None, f"{many}；这件申请还没有提交，填写的内容都在本页，届时再点“提交申请”（附件需要重新选择）")
    response = _check(request, state, form, 429)
    response.headers["Retry-After"] = str(many.seconds)
    return response


@private
@require_GET
def receipt(request: HttpRequest) -> HttpResponse:
    """Number, code, what happens next; for whoever has just sent or proved the request."""
    row = access.proved(request)
    if row is None:
        return redirect("portal:requests:status")
    context = {
        "title": "申请已经提交",
        "trail": (START, HOME, Crumb("回执")),
        "row": row,
        "code": queries.query_code(row.key),
        "status": intake.status(row),
        "minutes": access.MINUTES,
    }
    return render(request, "requests/public/receipt.html", context)


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


# The status page -----------------------------------------------------------------------------------------------------


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


entries = (
    Entry("提出申请", "portal:requests:new", "在网上填写并提交政府信息公开申请。", on_home=False),
    Entry("查询办理情况", "portal:requests:status", "凭编号和查询码查看进度、补正、撤回、下载答复。"),
    Entry("纸质申请表", "portal:requests:form", "打印后当面提交或者邮寄。", on_home=False),
)
urlpatterns = [
    path("apply/", home, name="home"),
    path("apply/new/", new, name="new"),
    path("apply/found/", found, name="found"),
    path("apply/receipt/", receipt, name="receipt"),
    path("apply/form/", form, name="form"),
    path("apply/form.pdf", form_pdf, name="form-pdf"),
    path("apply/status/", status, name="status"),
    path("apply/status/mine/", mine, name="mine"),
    path("apply/status/leave/", leave, name="leave"),
    path("apply/status/papers/<slug:slug>.<slug:name>", paper, name="paper"),
    path("apply/status/copies/<int:number>-<int:edition>.pdf", public_copies.copy, name="copy"),
    path("apply/status/files/<slug:reference>/", attachment, name="attachment"),
]
