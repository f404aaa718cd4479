"""The editor of a page by blocks: one form, drawn anew by the server after every button."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongkai.ledger import uploads
from gongkai.ledger.services import Conflict, replay
from gongkai.ledger.uploads import Upload
from gongkai.procedure import Field, Invalid, Refused
from gongkai.ui.forms import EventForm
from gongkai.ui.pieces import Crumb
from gongkai.ui.uploading import limited

from . import content, events, images, services
from .desk_kit import HOME, allowed, site_crumb
from .models import Column, Page
from .page_desk import page_or_404
from .procedure import PAGE
from .vocabulary import LISTING

_TITLE = PAGE.events["write"][0].fields


def _too_large(request: HttpRequest) -> HttpResponse:
    words = f"一次上传的图片合计不超过 {uploads.limits().total // uploads.MB} MB，请缩小后再上传。"
    return render(
        request, "sites/refused.html", {"title": "上传的图片太大", "trail": (HOME,), "words": words}, status=413
    )


class Draft:
    """The content as the form has it, block by block, kept as it was typed."""

    def __init__(self, form: str, about: dict[str, Any], blocks: list[dict[str, Any]]):
        self.form, self.about, self.blocks = form, about, blocks
        self.errors: list[tuple[str, str]] = []

    @classmethod
    def sent(cls, request: HttpRequest, form: str) -> "Draft":
        """From what was posted, with pictures stored at once, so that no button loses them."""
        post = request.POST
        about: dict[str, Any] = {one.name: post.get(f"about-{one.name}", "") for one in content.about_fields(form)}
        kinds = [kind for kind in post.getlist("kind") if kind in content.BLOCKS][: content.MOST_BLOCKS + 1]
        blocks = [
            {"kind": kind, **{one.name: post.get(f"b{n}-{one.name}", "") for one in content.BLOCKS[kind][1]}}
            for n, kind in enumerate(kinds)
        ]
        draft = cls(form, about, blocks)
        if form in content.WITH_PICTURE:
            image = {name: post.get(f"image-{name}", "") for name in ("digest", "type", "alt")}
            draft.about["image"] = draft._picture(request, "image", image)
        for n, block in enumerate(blocks):
            if block["kind"] == "image":
                blocks[n] = draft._picture(request, f"b{n}", block)
        return draft

    def _picture(self, request: HttpRequest, prefix: str, had: dict[str, Any]) -> dict[str, Any]:
        file = request.FILES.get(f"{prefix}-file")
        if not isinstance(file, UploadedFile):
            return had
        try:
            return had | images.store(Upload(file.name or "", file.read()), f"{prefix}-file")
        except Invalid as invalid:
            self.errors += invalid.errors
            return had

    def do(self, word: str) -> None:
        """A button: ``add-text``, ``up-2``, ``down-2``, ``remove-2``."""
        verb, _, what = word.partition("-")
        if verb == "add" and what in content.BLOCKS:
            self.blocks.append({"kind": what})
        elif what.isdigit() and int(what) < len(self.blocks):
            n = int(what)
            if verb == "remove":
                del self.blocks[n]
            other = n - 1 if verb == "up" else n + 1
            if verb in {"up", "down"} and 0 <= other < len(self.blocks):
                self.blocks[n], self.blocks[other] = self.blocks[other], self.blocks[n]

    def told(self) -> dict[str, Any]:
        """The facts to be stored: a picture only where there is one."""
        image = self.about.get("image") or {}
        return {name: value for name, value in self.about.items() if name != "image"} | (
            {"image": image} if image.get("digest") else {}
        )


def _fields(kind: str, site: str) -> tuple[Field, ...]:
    """The fields of a block; a list of records is taken from a column of the site."""
    fields = content.BLOCKS[kind][1]
    if kind != "records":
        return fields
    columns = Column.objects.filter(site=site, state="open", kind__in=LISTING).order_by("order", "key")
    choices = (("", "请选择"), *columns.values_list("key", "name"))
    return tuple(replace(one, kind="choice", choices=choices) if one.name == "column" else one for one in fields)


def _form(
    fields: tuple[Field, ...], values: Mapping[str, Any], prefix: str, errors: list[tuple[str, str]]
) -> EventForm:
    shown = {name: "、".join(value) if isinstance(value, list) else value for name, value in values.items()}
    form = EventForm(fields, prefix=prefix, initial=shown)
    mine = [(name.removeprefix(f"{prefix}-"), words) for name, words in errors if name.startswith(f"{prefix}-")]
    if mine:  # only a bound form shows errors
        form = EventForm(fields, {f"{prefix}-{name}": value for name, value in shown.items()}, prefix=prefix)
        form.full_clean()
        form._errors.clear()  # type: ignore[union-attr]
        for name, words in mine:
            form.add_error(name if name in form.fields else None, words)
    if "html" in form.fields:
        form.fields["html"].widget.attrs |= {"data-prose": "", "rows": 10}
    return form


@limited(lambda: uploads.limits().total + 2 * uploads.MB, _too_large)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Write a page: title, facts, blocks. Saving keeps it under work; the case page submits it."""
    page = page_or_404(key)
    move = PAGE.events["write"][0]
    actor = allowed(request, page.site.body, move)
    state: events.Page = replay("page", key)
    try:
        PAGE.move(state.state, "write")
    except Refused as refused:
        context = {
            "title": "编辑内容",
            "trail": (HOME, site_crumb(page.site), Crumb(page.title)),
            "words": refused.reason,
        }
        return render(request, "sites/refused.html", context)
    title, do = page.title, request.POST.get("do", "")
    kept = content.get(page.draft)
    draft = Draft(page.form, dict(kept["about"]), [dict(one) for one in kept["blocks"]])
    if request.method == "POST":
        title = request.POST.get("title", "")
        draft = Draft.sent(request, page.form)
        if do in {"save", "preview"} and not draft.errors:
            try:
                token = request.POST.get("token", "")[:64].replace("\x00", "") or None
                services.write_page(key, actor, title, draft.told(), draft.blocks, key=token)
                messages.success(request, "已保存")
                return redirect("office:sites:preview" if do == "preview" else "office:sites:page", key=key)
            except Refused as refused:
                if refused.kind == "role":
                    raise PermissionDenied(refused.reason) from refused
                draft.errors.append(("", refused.reason))
            except (Invalid, Conflict) as refusal:
                draft.errors += getattr(refusal, "errors", [("", str(refusal))])
        else:
            draft.do(do)
    return _draw(request, page, title, draft)


def _draw(request: HttpRequest, page: Page, title: str, draft: Draft) -> HttpResponse:
    errors = draft.errors
    blocks = [
        {
            "n": n, "kind": one["kind"], "label": content.BLOCKS[one["kind"]][0], "last": n == len(draft.blocks) - 1,
            "form": _form(_fields(one["kind"], page.site_id), one, f"b{n}", errors),
            "error": next((words for name, words in errors if name == f"b{n}-file"), ""), "picture": one.get("digest"),
        }
        for n, one in enumerate(draft.blocks)
    ]  # fmt: skip
    image = draft.about.get("image") or {}
    context = {
        "title": f"编辑：{page.title}", "page": page, "trail": (HOME, site_crumb(page.site), Crumb("编辑")),
        "token": request.POST.get("token") if errors and request.POST.get("token") else uuid.uuid4().hex,
        "top": _title(title, errors),
        "about": _form(content.about_fields(page.form), {k: v for k, v in draft.about.items() if k != "image"}, "about", errors),
        "image": _form((*content.IMAGE, content.ALT), image, "image", errors) if page.form in content.WITH_PICTURE else None,
        "image_error": next((words for name, words in errors if name == "image-file"), ""),
        "blocks": blocks, "kinds": [(kind, label) for kind, (label, _) in content.BLOCKS.items()],
        "errors": [(_anchor(name), words) for name, words in errors], "back": reverse("office:sites:page", args=[page.key]),
    }  # fmt: skip
    return render(request, "sites/editor.html", context, status=422 if errors else 200)


def _title(title: str, errors: list[tuple[str, str]]) -> EventForm:
    mine = [words for name, words in errors if name == "title"]
    form = EventForm(_TITLE, {"title": title} if mine else None, initial={"title": title})
    if mine:
        form.full_clean()
    return form


def _anchor(name: str) -> str:
    return f"id_{name}" if name else "editor"
