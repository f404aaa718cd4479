"""Public pages of questions: the list of those published and each of them (baked); asking, and what came of it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.bake.chunks import chunk
from gongkai.bake.reading import reads
from gongkai.ledger import clock
from gongkai.ledger.services import replay
from gongkai.organs.models import Body
from gongkai.procedure import NEW, Field
from gongkai.requests.access import MINUTES, private
from gongkai.requests.public_forms import bodies
from gongkai.ui.clock import strip
from gongkai.ui.pieces import Crumb

from . import access, public, queries, services, showing
from .events import Message
from .models import Message as Row
from .procedure import MESSAGE
from .projection import LIST
from .public import MESSAGES, START
from .rules import pack_of

KIND = MESSAGE.name
#: States as the sender reads them: what the house does inside is one word outside.
WORDS = {
    "received": ("已收到", "已经收到，正在转交承办。"),
    "assigned": ("办理中", "正在办理。"),
    "merged": ("办理中", "您所问的与另一件留言相同，将一并答复您。"),
    "refused": ("不予受理", "这件留言不予受理，理由如下。"),
    "answered": ("已答复", "答复如下。"),
}
_INSIDE = {"drafted": "assigned", "returned": "assigned"} | dict.fromkeys(
    ("prepared", "published", "withdrawn", "kept"), "answered"
)


@require_GET
def home(request: HttpRequest, number: int = 0) -> HttpResponse:
    """The published questions, the newest first."""
    found = chunk(queries.published(), number, LIST)
    if found is None:
        raise Http404
    reads(request.path)
    title = MESSAGES.label if not number else f"{MESSAGES.label}（第 {number} 页）"
    trail = (START, MESSAGES) if not number else (START, MESSAGES, Crumb(f"第 {number} 页"))
    return render(request, "interaction/public/messages.html", {"title": title, "trail": trail, "chunk": found})


@require_GET
def message(request: HttpRequest, key: str) -> HttpResponse:
    """A published question with its answer; 410 with the reason once it was taken down."""
    row = Row.objects.select_related("body").filter(pk=key, state__in=("published", "withdrawn")).first()
    reads(f"message:{key}")
    if row is None:
        raise Http404
    gone = row.state == "withdrawn"
    title = "这件留言已经撤下" if gone else row.heading
    context = {
        "title": title,
        "row": row,
        "gone": gone,
        "trail": (START, MESSAGES, Crumb("已撤下" if gone else "正文")),
    }
    return render(request, "interaction/public/message.html", context, status=410 if gone else 200)


def _fields() -> tuple[Field, ...]:
    choices = tuple((body.key, body.name) for body in bodies())
    asked = {field.name: field for field in MESSAGE.move(NEW, "send").fields}
    body = Field("body", "向谁提问", "choice", choices=choices, hint="不清楚由谁负责的，选政府办公厅（室），由其转交")
    return (body, *(asked[name] for name in ("title", "content", "name", "phone", "email", "publish")))


@private
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form."""
    known = bodies()
    wanted = request.GET.get("body", "")
    chosen = wanted if wanted in {body.key for body in known} else ""
    form = public.form_of(_fields(), request.POST if request.method == "POST" else None, {"body": chosen})

    def show(status: int = 200, headers: Any = None) -> HttpResponse:
        context = {"title": "我要提问", "trail": (START, MESSAGES, Crumb("我要提问")), "form": form}
        days = sorted({pack_of(body).message_days["simple"] for body in known})
        return public.page(request, "ask", context | {"days": days[0] if len(days) == 1 else ""}, status, headers)

    def command(data: dict[str, Any], key: str | None) -> Any:
        place = getattr(request, "place", None)
        return services.send(Body.objects.get(key=data.pop("body")), data, key=key, place=place.name if place else "")

    def success(done: Any) -> HttpResponse:
        return access.open_for(request, redirect("portal:interaction:mine"), KIND, done.event.subject)

    return public.send(request, form, KIND, command, success, show) if form.is_bound else show()


@private
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """Ask for number and code."""
    return public.status(request, KIND, MESSAGES, "portal:interaction:mine")


@private
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The receipt, and what came of the question, for whoever sent it or proved number and code."""
    row = access.proved(request, KIND)
    if row is None:
        return redirect("portal:interaction:status")
    case: Message = replay(KIND, row.key)
    outside = _INSIDE.get(case.state, case.state)
    due = case.deadline()
    owed = outside in {"received", "assigned", "merged"}
    context = {
        "title": case.title,
        "trail": (START, MESSAGES, Crumb(case.number)),
        "case": case,
        "body": row.body,
        "code": queries.query_code(KIND, row.key),
        "label": WORDS[outside][0],
        "explanation": WORDS[outside][1],
        "kind": showing.STATE_KINDS.get(outside, ""),
        "reply": case.reply if outside == "answered" else "",
        "reason": case.reason if outside == "refused" else "",
        "strip": strip(due, clock.today()) if due and owed else None,
        "fresh": case.state == "received",
        "minutes": MINUTES,
        "leave": "portal:interaction:leave",
        "again": "portal:interaction:status",
    }
    return render(request, "interaction/public/mine.html", context)


@private
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close it on this browser: computers in libraries have many users."""
    return access.close(redirect("portal:interaction:status"), KIND)
