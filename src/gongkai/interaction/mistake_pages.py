"""Public pages of 我为政府网站找错: what becomes of mistakes (baked), the form in every footer, the status."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.ledger import clock
from gongkai.ledger.services import replay
from gongkai.organs.queries import host
from gongkai.procedure import NEW, Refused
from gongkai.requests.access import MINUTES, private
from gongkai.ui.clock import strip
from gongkai.ui.pieces import Crumb

from . import access, public, queries, services, showing
from .events import Mistake
from .procedure import MISTAKE
from .public import MISTAKES, START
from .rules import pack_of

KIND = MISTAKE.name
WORDS = {
    "received": ("已收到", "已经收到，正在核实。"),
    "assigned": ("核实中", "正在核实。"),
    "confirmed": ("属实，改正中", "经核实属实，正在改正。"),
    "mended": ("已改正", "已经改正，感谢您的帮助。"),
    "rejected": ("不属于错误", "经核实不属于错误，理由如下。"),
    "referred": ("已转办", "不是本站的网页，已经转给有关网站的主办单位。"),
}


def _page(request: HttpRequest) -> str:
    """The address of the page with the mistake: told by the footer's link, else where the reader came from."""
    told = request.GET.get("page", "")[:500]
    if told or request.method == "POST":
        return told
    came = urlsplit(request.headers.get("referer", ""))
    return f"{came.path}{'?' + came.query if came.query else ''}"[:500] if came.netloc == request.get_host() else ""


@private
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form, with the page it is about filled in."""
    receiver = host()
    data = request.POST if request.method == "POST" else None
    form = public.form_of(MISTAKE.move(NEW, "report").fields, data, {"page": _page(request)})

    def show(status: int = 200, headers: Any = None) -> HttpResponse:
        context = {
            "title": MISTAKES.label,
            "trail": (START, MISTAKES, Crumb("提交")),
            "form": form,
            "receiver": receiver,
            "days": pack_of(receiver).mistake_days if receiver else "",
        }
        return public.page(request, "mistake", context, status, headers)

    def command(data: dict[str, Any], key: str | None) -> Any:
        if receiver is None:
            raise Refused("本站还没有设置主办单位，请致电反映")
        return services.report(receiver, data, key=key)

    def success(done: Any) -> HttpResponse:
        return access.open_for(request, redirect("portal:interaction:mistake_mine"), KIND, done.event.subject)

    return public.send(request, form, KIND, command, success, show) if form.is_bound else show()


@private
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """Ask for number and code."""
    return public.status(request, KIND, MISTAKES, "portal:interaction:mistake_mine")


@private
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The receipt, and what came of it."""
    row = access.proved(request, KIND)
    if row is None:
        return redirect("portal:interaction:mistake_status")
    case: Mistake = replay(KIND, row.key)
    due, (label, explanation) = case.deadline(), WORDS[case.state]
    context = {
        "title": "网站纠错",
        "trail": (START, MISTAKES, Crumb(case.number)),
        "case": case,
        "body": row.body,
        "code": queries.query_code(KIND, row.key),
        "label": label,
        "explanation": explanation,
        "kind": showing.STATE_KINDS.get(case.state, ""),
        "said": case.said,
        "strip": strip(due, clock.today()) if due and not case.ended_on else None,
        "due_word": "办结",
        "fresh": case.state == "received",
        "minutes": MINUTES,
        "leave": "portal:interaction:mistake_leave",
        "again": "portal:interaction:mistake_status",
    }
    return render(request, "interaction/public/mine.html", context)


@private
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close it on this browser."""
    return access.close(redirect("portal:interaction:mistake_status"), KIND)
