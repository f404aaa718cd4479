"""Public pages: asking for a subscription, and what the mailed link opens: confirming, changing, ending it.

Whoever asks gets one answer, whatever is known of the mailbox. A link that opens nothing is a page that does not exist.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.identity import rates, throttle
from gongkai.ledger.services import Conflict, replay
from gongkai.notices.outbox import channels
from gongkai.procedure import Invalid, Refused
from gongkai.ui.context import address
from gongkai.ui.pieces import Crumb, Entry

from . import contacts, offers, services
from .forms import AskForm, WishForm, from_address
from .procedure import FREQUENCIES, PROCEDURE, SORTS

START = Crumb("首页", "/")
HOME = Crumb("邮件订阅", "/subscribe/")
#: Askings in a minute from one network address, and letters one mailbox gets before it has to wait a day.
ASKINGS = 10
throttle.LIMITS["mailbox"] = throttle.Limit(3, first=24 * 3600, longest=24 * 3600)


def _private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator for what only the mailbox's link opens: kept by no cache, found by no search engine."""

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"], response["X-Robots-Tag"] = "no-store", "noindex"
        return response

    return handle


@_private
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """The form. ``?kind=…&body=…&topic=…&column=…&q=…`` fill it in."""
    if request.method != "POST":
        return _ask_page(request, AskForm(initial=from_address(request.GET)))
    form = AskForm(request.POST)
    status = 422
    if "email" not in channels():
        form.add_error(None, "本站目前不能发送邮件，请改用订阅源")
    if form.is_valid():
        try:
            rates.count("subscribe", throttle.address_of(request), ASKINGS)
            _ask(form, request.POST.get("token", ""))
            return redirect("portal:subscriptions:sent")
        except rates.TooMany as many:
            form.add_error(None, str(many))
            status = 429
        except (Invalid, Refused, Conflict) as refusal:
            _tell(form, refusal)
    return _ask_page(request, form, status)


def _ask(form: AskForm, token: str) -> None:
    """Enter it; a mailbox that was asked for too often gets no more letters, and nobody is told."""
    email = form.cleaned_data["email"].strip()
    services.check(form.wish, email)
    try:
        throttle.charge(("mailbox", email))
    except throttle.Paused:
        return
    token = token[:64].replace("\x00", "")
    services.ask(email, form.wish, key=f"web/subscribe/{token}" if token else None)


def _tell(form: WishForm, refusal: Exception) -> None:
    for name, message in getattr(refusal, "errors", [("", str(refusal))]):
        form.add_error(name if name in form.fields else None, message)


def _ask_page(request: HttpRequest, form: AskForm, status: int = 200) -> HttpResponse:
    context = {
        "title": HOME.label,
        "trail": (START, Crumb(HOME.label)),
        "form": form,
        "by_mail": "email" in channels(),
        "feed_url": address("portal:library:feed"),
        "days": services.DAYS_TO_CONFIRM,
        "token": request.POST.get("token", "")[:64] or secrets.token_urlsafe(16),
    }
    return render(request, "subscriptions/public/ask.html", context, status=status)


@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """The one answer."""
    context = {
        "title": "请到邮箱确认",
        "trail": (START, HOME, Crumb("请到邮箱确认")),
        "days": services.DAYS_TO_CONFIRM,
    }
    return render(request, "subscriptions/public/sent.html", context)


def _opened(key: str, code: str) -> contacts.Contact:
    contact = contacts.opened(key, code) if len(key) <= 64 else None
    if contact is None:
        raise Http404
    return contact


@_private
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """What a mailbox may do with its subscription: confirm, change, take up again, end."""
    contact, one = _opened(key, code), replay(services.KIND, key)
    first = {name: list(getattr(one, name)) for name in SORTS} | {"query": contact.query, "frequency": one.frequency}
    form, fault, status = WishForm(initial=first), "", 200
    if request.method == "POST":
        status, act = 422, request.POST.get("event", "")
        try:
            if act == "leave":
                services.leave(key)
                return redirect("portal:subscriptions:left")
            form = _do(act, key, request) or form
            if not form.errors:
                return redirect(f"{request.path}?done={act}")
        except (Invalid, Refused, Conflict) as refusal:
            if act == "change":
                form = WishForm(request.POST)
                _tell(form, refusal)
            else:
                fault = str(refusal)
    context = _mine(request, key, code, one, contact, form) | {"fault": fault}
    return render(request, "subscriptions/public/mine.html", context, status=status)


def _do(act: str, key: str, request: HttpRequest) -> WishForm | None:
    """Do what a button of the page says; the form where it is filled in wrongly."""
    if act == "change":
        form = WishForm(request.POST)
        if form.is_valid():
            services.change(key, form.wish)
        return form
    if act == "confirm":
        services.confirm(key)
        throttle.give_back(("mailbox", contacts.of(key).email))
    elif act == "resume":
        services.resume(key)
    else:
        raise Refused("请选择要办理的事项")
    return None


def _mine(
    request: HttpRequest, key: str, code: str, one: Any, contact: contacts.Contact, form: WishForm
) -> dict[str, Any]:
    done = {"confirm": "订阅已经确认，有更新就会发到您的邮箱。", "change": "修改已经保存。", "resume": "已恢复发送。"}
    return {
        "title": "我的订阅",
        "trail": (START, HOME, Crumb("我的订阅")),
        "one": one,
        "state": PROCEDURE.state[one.state].label,
        "wishes": offers.told(one),
        "query": contact.query,
        "frequency": dict(FREQUENCIES)[one.frequency],
        "form": form,
        "done": done.get(request.GET.get("done", ""), "") if one.state == "active" else "",
        "leave_url": reverse("portal:subscriptions:leave", args=[key, code]),
    }


@csrf_exempt  # mail programs post here without a page (RFC 8058); the secret in the address is the proof
@_private
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """End it with one click: posted by a mail program, or by the button of this page."""
    if request.method == "POST":
        if contacts.opened(key, code) is not None:  # a second click finds it ended, and is told the same
            try:
                services.leave(key)
            except Refused:
                raise Http404 from None
        return redirect("portal:subscriptions:left")
    _opened(key, code)
    return render(request, "subscriptions/public/leave.html", {"title": "退订", "trail": (START, HOME, Crumb("退订"))})


@require_GET
def left(request: HttpRequest) -> HttpResponse:
    """It is over, and the address forgotten."""
    context = {"title": "已经退订", "trail": (START, HOME, Crumb("已经退订"))}
    return render(request, "subscriptions/public/left.html", context)


entries = (
    Entry(HOME.label, "portal:subscriptions:home", "关心的政府信息有更新，用邮件告诉您；随时可以退订。", on_home=False),
)
urlpatterns = [
    path("subscribe/", home, name="home"),
    path("subscribe/sent/", sent, name="sent"),
    path("subscribe/left/", left, name="left"),
    path("subscribe/<slug:key>/<slug:code>/", mine, name="mine"),
    path("subscribe/<slug:key>/<slug:code>/leave/", leave, name="leave"),
]
