"""Public pages of surveys: the lists by phase, each survey, its results (baked); taking part."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.bake.chunks import chunk
from gongkai.bake.reading import reads, until
from gongkai.ledger import blobs, clock
from gongkai.procedure import NEW
from gongkai.records.models import Record
from gongkai.requests.access import private
from gongkai.ui.context import address
from gongkai.ui.pieces import Crumb

from . import public, queries, questions, showing, survey_services
from .lists import LISTS, in_list, next_change
from .models import Submission, Survey
from .public import START, SURVEYS
from .survey_events import OVER, PHASES, RUNNING, TOLD, phase
from .survey_procedure import CONSULTATION, SUBMISSION

COOKIE, _SALT, _KEPT = "submission", "gongkai.interaction.submission", 600


@require_GET
def listing(request: HttpRequest, which: str = "open", number: int = 0) -> HttpResponse:
    """The surveys of one phase: 正在征集, 已结束, 已公布结果."""
    today, (label, base) = clock.today(), LISTS[which]
    reads("surveys")
    until(next_change(today))
    found = chunk(in_list(which, today), number, base)
    if found is None:
        raise Http404
    rows = [(row, PHASES[now := _phase(row)], showing.PHASE_KINDS.get(now, "")) for row in found.rows]
    tabs = [(words, url, name == which) for name, (words, url) in LISTS.items()]
    context = {
        "title": SURVEYS.label,
        "trail": (START, SURVEYS, Crumb(label)),
        "rows": rows,
        "chunk": found,
        "tabs": tabs,
    }
    return render(request, "interaction/public/surveys.html", context | {"label": label})


def _phase(row: Survey) -> str:
    return phase(row.state, row.since, row.until, clock.today())


@require_GET
def survey(request: HttpRequest, key: str) -> HttpResponse:
    """What is asked and how to take part; once it is over, what came of it. 410 with the reason once taken down."""
    row = Survey.objects.select_related("body").filter(pk=key, approved=True).first()
    reads(f"survey:{key}")
    if row is None:
        raise Http404
    trail = (START, SURVEYS, Crumb("正文"))
    if row.state == "withdrawn":
        context = {"title": "这项征集调查已经撤下", "row": row, "trail": (START, SURVEYS, Crumb("已撤下"))}
        return render(request, "interaction/public/survey_gone.html", context, status=410)
    today, asked = clock.today(), questions.from_json(row.questions)
    now = _phase(row)
    until(*(day for day in (row.since, row.until + timedelta(1)) if day > today))
    results = row.results if now == TOLD else {}
    context = {
        "title": row.title,
        "trail": trail,
        "row": row,
        "phase": PHASES[now],
        "kind": showing.PHASE_KINDS.get(now, ""),
        "open": now == RUNNING,
        "over": now in {OVER, TOLD},
        "consultation": row.form == CONSULTATION,
        "text": blobs.get(row.text).decode() if row.text else "",
        "document": _document(row.record),
        "asked": asked,
        "told": now == TOLD,
        "results": results,
        "charts": showing.charts(asked, results) if results else [],
        "outcomes": showing.outcomes(results),
        "opinions": showing.opinions(results),
    }
    return render(request, "interaction/public/survey.html", context)


def _document(key: str) -> tuple[str, str] | None:
    """Title and address of the record asked about, once it is public."""
    if not key:
        return None
    reads(f"record:{key}")
    row = Record.objects.filter(pk=key, public=True).first()
    url = address("portal:library:record", key) if row else None
    return (row.title, url) if row and url else None


@private
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """The form; a survey that is not open leads to its page."""
    row = queries.public_surveys().filter(pk=key).first()
    if row is None:
        raise Http404
    if _phase(row) != RUNNING and request.method != "POST":
        return redirect("portal:interaction:survey", key=key)
    who = [field for field in SUBMISSION.move(NEW, "send").fields if field.kind != "hidden"]
    asked = questions.fields(questions.from_json(row.questions))
    fields = (*asked, *who) if row.form == CONSULTATION else asked
    form = public.form_of(fields, request.POST if request.method == "POST" else None)
    home = Crumb(row.title, f"{SURVEYS.url}{key}/")

    def show(status: int = 200, headers: Any = None) -> HttpResponse:
        words = "提出意见" if row.form == CONSULTATION else "填写问卷"
        context = {"title": words, "trail": (START, SURVEYS, home, Crumb(words)), "form": form, "row": row}
        return public.page(request, "answer", context, status, headers)

    def command(data: dict[str, Any], once: str | None) -> Any:
        return survey_services.submit(key, data, key=once)

    def success(done: Any) -> HttpResponse:
        response = redirect("portal:interaction:thanks", key=key)
        response.set_signed_cookie(
            COOKIE, done.event.subject, salt=_SALT, max_age=_KEPT, path=f"{SURVEYS.url}{key}/", httponly=True,
            samesite="Lax", secure=request.is_secure(),
        )  # fmt: skip
        return response

    return public.send(request, form, f"survey/{key}", command, success, show) if form.is_bound else show()


@private
@require_GET
def thanks(request: HttpRequest, key: str) -> HttpResponse:
    """The receipt, for whoever has just taken part."""
    kept = request.get_signed_cookie(COOKIE, "", salt=_SALT, max_age=_KEPT)
    sent = Submission.objects.select_related("survey").filter(pk=kept, survey=key).first()
    if sent is None:
        return redirect("portal:interaction:survey", key=key)
    row = sent.survey
    home = Crumb(row.title, f"{SURVEYS.url}{key}/")
    context = {"title": "已经提交", "trail": (START, SURVEYS, home, Crumb("回执")), "sent": sent, "row": row}
    return render(request, "interaction/public/thanks.html", context)
