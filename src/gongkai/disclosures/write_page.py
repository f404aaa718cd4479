"""Writing an item of the log: proposing, revising, correcting, each with the copies meant for the public."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gongkai.ledger import uploads
from gongkai.ledger.services import Conflict, Done, replay
from gongkai.ledger.uploads import Upload
from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.procedure import NEW, Field, Invalid, Refused, Transition
from gongkai.requests import queries as requests
from gongkai.requests.events import Case
from gongkai.requests.public_forms import uploads_of
from gongkai.ui.forms import EventForm
from gongkai.ui.pieces import Crumb
from gongkai.ui.uploading import FilesField, limited

from . import queries, services, showing
from .events import Item
from .procedure import ITEM

#: Room for the form's own fields beside its files.
_FIELDS_ROOM = 2 * uploads.MB
_KEEP = Field("keep", "保留原来的附件", "truth")
_HINT = "可以公开的文本或者经过遮盖的副本，PDF、Word、Excel、OFD、文本中的文字由系统与申请人信息核对；图片须由审核人逐页核对"


def too_large(request: HttpRequest) -> HttpResponse:
    """413, with what to do."""
    limits = uploads.limits()
    words = (
        f"每个附件不超过 {limits.file // uploads.MB} MB，合计不超过 {limits.total // uploads.MB} MB，请压缩后再上传。"
    )
    context = {"title": "上传的文件太大", "trail": (showing.HOME,), "words": words}
    return render(request, "disclosures/refused.html", context, status=413)


_takes_files = limited(lambda: uploads.limits().total + _FIELDS_ROOM, too_large)


@_takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, key: str) -> HttpResponse:
    """Put the answer to a request into the log."""
    case: Case = requests.case(key)
    if case.state == NEW:
        raise Http404
    body = Body.objects.get(key=case.body)
    scope = Scope.of(request.user)
    scope.require(queries.RIGHT, body)
    _may_write(case, scope, body)
    move = ITEM.move(NEW, "propose")
    if words := _not_now(key, case):
        context = {"title": move.label, "trail": (showing.HOME, Crumb(move.label)), "words": words}
        return render(request, "disclosures/refused.html", context)
    form = _form(move, request, _first_wording(case))

    def command(data: dict[str, Any], files: list[Upload], token: str) -> Done:
        return services.propose(key, scope.actor(body), data, files=files, key=token or None)

    return _answer(request, form, move, command, case.number)


@_takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Revise what was proposed, or correct what was published."""
    item: Item | None = replay(ITEM.name, key)
    if item is None:
        raise Http404
    body = Body.objects.get(key=item.body)
    scope = Scope.of(request.user)
    scope.require(queries.RIGHT, body)
    _may_write(requests.case(item.request), scope, body)
    event = "amend" if item.state == "published" else "revise"
    try:
        move = ITEM.move(item.state, event)
    except Refused as refused:
        context = {"title": "修改", "trail": (showing.HOME, Crumb(item.number)), "words": refused.reason}
        return render(request, "disclosures/refused.html", context)
    draft = item.draft
    form = _form(
        move, request, {name: getattr(draft, name) for name in ("title", "asked", "answer")}, bool(draft.files)
    )

    def command(data: dict[str, Any], files: list[Upload], token: str) -> Done:
        keep = data.pop("keep", False) and not files
        return services.do(key, event, scope.actor(body), data, files=None if keep else files, key=token or None)

    kept = [showing.file_words(one["ref"], one["type"], one["size"]) for one in draft.files]
    return _answer(request, form, move, command, item.number, kept)


def _may_write(case: Case, scope: Scope, body: Body) -> None:
    if not services.may_write(case, scope.actor(body)):
        raise PermissionDenied("公开到目录须由该申请的承办人或者公开办办理")


def _not_now(key: str, case: Case) -> str:
    standing = queries.standing_item(key)
    return f"这件申请的答复已经列入目录（{standing.number}）。" if standing else services.refusal(case) or ""


def _first_wording(case: Case) -> dict[str, str]:
    """What the decision says, to start from: it is checked like any other wording."""
    title, draft = services.title_of(case.title), case.draft
    parts = (
        filter(None, (draft.text, draft.provided, draft.withheld and f"没有公开的内容：{draft.withheld}"))
        if draft
        else ()
    )
    return {"title": title, "asked": (draft.items if draft else "") or title, "answer": "\n".join(parts)}


def _form(move: Transition, request: HttpRequest, initial: dict[str, str], has_files: bool = False) -> EventForm:
    data = request.POST if request.method == "POST" else None
    fields = (*move.fields, _KEEP) if has_files else move.fields
    form = EventForm(fields, data, initial=initial | {"keep": True})
    accept = ",".join(f".{kind}" for kind in uploads.KINDS) + ",.jpeg"
    form.fields["files"] = FilesField(label="公开副本", help_text=_HINT, accept=accept)
    form.fields["files"].optional = True  # type: ignore[attr-defined]
    return form


def _answer(
    request: HttpRequest, form: EventForm, move: Transition, command: Any, number: str, kept: list[str] | None = None
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                token = request.POST.get("token", "")[:64].replace("\x00", "")
                done = command(dict(form.event_data), uploads_of(request, "files"), token)
                messages.success(request, f"已办：{move.label}")
                return redirect("office:disclosures:item", key=done.event.subject)
            except (Invalid, Refused, Conflict) as refusal:
                for name, message in getattr(refusal, "errors", [("", str(refusal))]):
                    form.add_error(name if name in form.fields else None, message)
    context = {
        "form": form,
        "move": move,
        "title": move.label,
        "number": number,
        "kept": kept or [],
        "trail": (showing.HOME, Crumb(move.label)),
        "token": request.POST.get("token") or uuid.uuid4().hex,
    }
    return render(request, "disclosures/write.html", context, status=status)
