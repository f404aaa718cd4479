"""Filters a person keeps under a name: links over the list, saved and dropped by small forms."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from gongkai.organs.scope import Scope

from .models import SavedView

MOST = 20
#: What of an address belongs to a view: the filters and the order, not the page.
_NOT_KEPT = {"page", "export", "csrfmiddlewaretoken"}


def _kept(query: QueryDict) -> str:
    return urlencode([(name, value) for name, value in query.items() if value and name not in _NOT_KEPT])


def context(request: HttpRequest) -> dict[str, Any]:
    """For the list's template: this person's views, the one shown now, and what would be saved."""
    here = _kept(request.GET)
    views = list(SavedView.objects.filter(person=Scope.of(request.user).person))
    return {
        "saved": [(view, f"{reverse('office:requests:home')}?{view.query}", view.query == here) for view in views],
        "savable": here if not any(view.query == here for view in views) else "",
    }


def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters under a name (the same name again replaces them), or with ``drop`` forget one of one's own."""
    person = Scope.of(request.user).person
    Scope.of(request.user).require("requests.view")
    if request.method != "POST":
        return redirect("office:requests:home")
    if "drop" in request.POST:
        return _drop(request)
    name, query = request.POST.get("name", "").strip(), _kept(QueryDict(request.POST.get("query", "")))
    others = SavedView.objects.filter(person=person).exclude(name=name).count()
    if not name or len(name) > 30 or not query or len(query) > 1000 or "\x00" in name + query:
        messages.error(request, "请先设好筛选条件，再填写不超过 30 字的名称")
    elif others >= MOST:
        messages.error(request, f"最多保存 {MOST} 个筛选，请先删除不用的")
    else:
        SavedView.objects.update_or_create(person=person, name=name, defaults={"query": query})
        messages.success(request, f"已保存筛选“{name}”")
    return redirect(f"{reverse('office:requests:home')}?{query}")


def _drop(request: HttpRequest) -> HttpResponse:
    SavedView.objects.filter(person=Scope.of(request.user).person, name=request.POST["drop"][:30]).delete()
    messages.success(request, "已删除保存的筛选")
    return redirect("office:requests:home")
