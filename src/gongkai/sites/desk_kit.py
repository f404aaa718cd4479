"""Words and forms the desk pages of sites share."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gongkai.law.categories import CATEGORIES
from gongkai.ledger.services import Actor, Conflict, Done
from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.procedure import Field, Invalid, Refused, Transition
from gongkai.records import vocabulary as words
from gongkai.records.kinds import kinds
from gongkai.ui.forms import EventForm
from gongkai.ui.pieces import Crumb

from . import queries
from .models import Column, Site

HOME = Crumb("网站", "/office/sites/")
SITE_KINDS = {"draft": "soon", "open": "ok"}
COLUMN_KINDS = {"open": "ok"}
PAGE_KINDS = {
    "draft": "soon", "review": "soon", "approved": "brand", "published": "ok", "revising": "soon", "revision": "soon",
    "revised": "brand",
}  # fmt: skip
Command = Callable[[dict[str, Any], Actor, str | None], Done]


def site_or_404(key: str) -> Site:
    """A site of any state."""
    row = Site.objects.select_related("body").filter(key=key).first()
    if row is None:
        raise Http404
    return row


def allowed(request: HttpRequest, body: Body, move: Transition) -> Actor:
    """Who acts, if the body's rights allow the event. Raises PermissionDenied (403)."""
    scope = Scope.of(request.user)
    scope.require(queries.RIGHT, body)
    actor = scope.actor(body)
    if not actor.roles.intersection(move.roles):
        raise PermissionDenied(f"“{move.label}”须由本网站的编辑、公开办或者管理人员办理")
    return actor


def with_choices(fields: Sequence[Field], site: Site) -> list[Field]:
    """The fields of a column with what may be chosen in this site."""
    columns = [(one.key, one.name) for one in site.columns.order_by("order", "key")]
    pages = [(one.key, one.title) for one in site.pages.exclude(state="dropped").order_by("title", "key")]
    bodies = list(Body.objects.values_list("key", "name"))
    offered: dict[str, Sequence[tuple[str, str]]] = {
        "parent": columns, "page": pages, "body": bodies, "theme": words.theme_choices(), "topic": words.topic_choices(),
        "category": [(one.code, one.label) for one in CATEGORIES.values()], "slot": words.columns(),
    }  # fmt: skip
    made = []
    for field in fields:
        if field.name == "kinds":
            field = replace(field, choices=tuple((one.key, one.label) for one in kinds().values()))
        elif field.name in offered:
            field = replace(field, kind="choice", choices=(("", "（无）"), *offered[field.name]))
        made.append(field)
    return made


def form_page(
    request: HttpRequest, move: Transition, fields: Sequence[Field], command: Command, actor: Actor, leads: str, *,
    initial: Mapping[str, Any] | None = None, trail: Sequence[Crumb] = (), title: str = "",
) -> HttpResponse:  # fmt: skip
    """A form for one event on a page of its own; once done it leads to the page named ``leads``."""
    form = EventForm(fields, request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                token = request.POST.get("token", "")[:64].replace("\x00", "")
                done = command(dict(form.event_data), actor, token or None)
                messages.success(request, f"已办：{move.label}")
                return redirect(leads, key=done.event.subject)
            except Refused as refused:
                if refused.kind == "role":
                    raise PermissionDenied(refused.reason) from refused
                form.add_error(None, refused.reason)
            except (Invalid, Conflict) as refusal:
                for name, message in getattr(refusal, "errors", [("", str(refusal))]):
                    form.add_error(name if name in form.fields else None, message)
    context = {
        "form": form, "title": title or move.label, "hint": move.hint, "label": move.label,
        "trail": (HOME, *trail, Crumb(title or move.label)), "token": request.POST.get("token") or uuid.uuid4().hex,
    }  # fmt: skip
    return render(request, "sites/form.html", context, status=status)


def site_crumb(site: Site) -> Crumb:
    """The way back to a site."""
    return Crumb(site.name, f"/office/sites/sites/{site.key}/")


def query_words(one: Column) -> str:
    """What a column gathers, in words."""
    known = kinds()
    parts = [
        "、".join(known[kind].label if kind in known else kind for kind in one.kinds),
        f"{Body.objects.filter(key=one.body).values_list('name', flat=True).first() or one.body}{'及下级' if one.below else ''}"
        if one.body else "",
        one.theme.replace("\\", " › "), dict(words.topic_choices()).get(one.topic, one.topic),
        CATEGORIES[one.category].label if one.category in CATEGORIES else "",
    ]  # fmt: skip
    return "；".join(filter(None, parts)) or "全部公开信息"
