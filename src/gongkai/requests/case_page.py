"""The page of one request, made from the procedure's table; what needs more than a form has a page of its own."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from gongkai.law.clocks import Deadline, urgency
from gongkai.law.decisions import LEAVES, QUESTIONS, walk
from gongkai.law.receipt import Channel
from gongkai.ledger import clock, vault
from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Done
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body, Person
from gongkai.organs.scope import Scope
from gongkai.procedure import Transition
from gongkai.ui.clock import strip
from gongkai.ui.forms import EventForm
from gongkai.ui.pieces import Action, Row

from . import attachment_desk, papers_desk, services, similar
from .consultation import Party
from .events import Case
from .hands import choose, offer_hands
from .lists import HOME, STATE_KINDS
from .models import Request
from .procedure import APPLICATION, CATEGORIES, CONSULTED, OPINIONS, OWN_PAGES, PROCEDURE, read_answers

#: Steps that have a page of their own: by event, the name of its address.
PAGES = {"draft": "wizard", "notice_fee": "fee", "split": "split", **OWN_PAGES}


class RequestPage(CasePage):
    """One request: the clock with its derivation, what happened, what may be done."""

    kind = services.KIND
    permission = "requests.view"
    template_name = "requests/case.html"
    trail = (HOME,)

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """Signing needs a number: the app's own command."""
        return services.do(key, event, actor, data, day=day, key=token or None)

    def describe(self, event: Event) -> str:
        """What was decided, asked, or handed to whom."""
        data = event.data
        words = {
            "assign": lambda: "　".join(filter(None, (data["unit"], _name(data.get("handler")), data.get("reason")))),
            "draft": lambda: f"{LEAVES[data['leaf']].title}（{data['basis']}）",
            "sign": lambda: data["document_number"],
            "request_clarification": lambda: f"{data['what']}（补正期限 {data['until']}）",
            "extend": lambda: f"延长 {data['days']} 个工作日：{data['reason']}",
            "ask_extension": lambda: f"拟延长 {data['days']} 个工作日：{data['reason']}",
            "split": lambda: f"分出 {'、'.join(data['parts'])}：{data['reason']}",
            "keep_together": lambda: f"共 {data['items']} 项：{data['reason']}",
            "review": lambda: f"合法性审查通过，保密审查通过{'：' + data['note'] if data.get('note') else ''}",
            "opinion": lambda: f"第 {data['party']} 方：{dict(OPINIONS)[data['opinion']]}",
            "notice_fee": lambda: f"{data['amount']} 元（{data['counted']}）",
        }
        for name in ("whom", "opinion", "method"):
            if name in data and event.kind not in words:
                field = next(f for f in PROCEDURE.events[event.kind][0].fields if f.name == name)
                return dict(field.choices)[data[name]] + (f"　{data['proof']}" if data.get("proof") else "")
        return words.get(event.kind, lambda: super(RequestPage, self).describe(event))()

    def shown(self, now: list[Transition], later: list[tuple[Transition, str]]) -> tuple[Any, Any]:
        """Steps made on one page are one link; that page says itself what cannot be done there yet."""
        pages = {OWN_PAGES.get(move.event, move.event): move for move in reversed(now)}
        return list(reversed(pages.values())), [one for one in later if one[0].event not in OWN_PAGES]

    def _action(self, request: HttpRequest, move: Transition, form: EventForm | None) -> Action:
        """Steps with a page of their own are links; where the case knows the choices, the form offers them."""
        key, page = self.kwargs["key"], PAGES.get(move.event)
        if page and form is None:
            return Action(move.label, reverse(f"office:requests:{page}", args=[key]), move.hint)
        action = super()._action(request, move, form)
        if isinstance(action.form, EventForm):
            self._offer(action.form, self.opened)
        return action

    def _offer(self, form: EventForm, case: Case) -> None:
        """Choices only the case knows: its body's units and handlers, the parties still awaited."""
        offer_hands(form, {case.body})
        if "party" in form.fields:
            choose(form, "party", [(str(n), f"第 {n} 方（{_party(party)}）") for n, party in case.awaited])
        if "days" in form.fields and case.extension_asked and form.prefix == "extend" and not form.is_bound:
            form.initial = {"days": case.extension_asked.days, "reason": case.extension_asked.reason}

    def _page(self, request: HttpRequest, key: str, past: list[Event], state: Any, *rest: Any) -> HttpResponse:
        self.opened, self.past = state, past
        return super()._page(request, key, past, state, *rest)

    def get_context(self, request: HttpRequest, state: Case, body: Body) -> dict[str, Any]:
        """Clock, applicant (masked unless opened for a reason that is logged), decision."""
        deadline = state.deadline()
        scope = Scope.of(request.user)
        reveal = request.method == "POST" and "reveal" in request.POST
        may = scope.may("requests.personal", body)
        opened = reveal and may
        # Read once: what looks alike is found with it, the page shows it masked unless it was opened for a reason.
        hidden = (
            vault.read(state.personal, request.user.get_username(), "案件页查看")
            if opened
            else vault.peek(state.personal)
        )
        shown = hidden if opened else vault.masked_values(hidden)
        return {
            "title": state.title,
            "strip": strip(deadline, clock.today(), closed=_closed(state)) if deadline else None,
            "applicant": _applicant(state, shown),
            "content": shown.get("content", ""),
            "may_reveal": may and not opened,
            "category": dict(CATEGORIES)[state.category],
            "channel": Channel(state.channel).label,
            "kind": STATE_KINDS.get(state.state, "soon" if _pressing(deadline) else ""),
            "decision": _decision(state),
            "asked": state.extension_asked,
            "asker": _name(state.extension_asked.by) if state.extension_asked else "",
            "parties": _parties(state),
            "reached": reached(state),
            "hints": similar.hints(state.body, state.title, hidden, but=self.kwargs["key"]),
            "related": _related(state),
            "checklist": papers_desk.check_list(state),
            "files": attachment_desk.listed(self.kwargs["key"], self.past, may),
            **papers_desk.box(scope, body, self.kwargs["key"], self.past),
        }

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Opening personal data is a post too: it leaves a line in the reading log."""
        if "reveal" in request.POST:
            opened = self._open(request, key)
            opened[3].require("requests.personal", opened[2])
            return self._page(request, key, *opened)
        return super().post(request, key)


def _name(username: str | None) -> str:
    found = Person.objects.filter(username=username).first() if username else None
    return found.name if found else (username or "")


def _party(party: Party) -> str:
    return dict(CONSULTED).get(party.whom, party.whom).split("（")[0]


def _parties(case: Case) -> list[Row]:
    """Who was asked, since when, until when, and what came: each with its own fifteen working days."""
    rows = []
    for n, party in enumerate(case.parties, 1):
        until = f"{party.sent_on.isoformat()} 发出，应于 {party.due().isoformat()} 前答复（十五个工作日）"
        came = f"；{party.returned_on.isoformat()} {dict(OPINIONS)[party.opinion]}" if party.returned_on else ""
        late = "；已逾期" if not came and clock.today() > party.due() else ""
        rows.append(Row(f"第 {n} 方　{_party(party)}", until + came + late))
    return rows


def reached(case: Case) -> list[tuple[str, str, str]]:
    """How the decision on the table was reached: (question, answer, article) of the seven questions answered."""
    if case.draft is None or not case.draft.answers:
        return []
    path = walk(read_answers(case.draft.answers)).path
    return [(QUESTIONS[name], option.label, option.article.short if option.article else "") for name, option in path]


def _related(case: Case) -> list[Row]:
    """Cases of the same application."""
    numbers = [*case.parts, *filter(None, [case.application])]
    rows = Request.objects.filter(number__in=numbers).order_by("key") if numbers else []
    return [
        Row("分拆自" if row.number == case.application else "分出", f"{row.number}　{row.title}",
            reverse("office:requests:case", args=[row.key]))
        for row in rows
    ]  # fmt: skip


def _pressing(deadline: Deadline | None) -> bool:
    return deadline is not None and urgency(deadline, clock.today()).code in {"red", "yellow"}


def _closed(case: Case) -> str:
    if case.state == "void":
        return "登记已作废"
    return f"已于 {case.answered_on.isoformat()} 办结" if case.answered_on else ""


def _applicant(case: Case, personal: Mapping[str, str]) -> list[Row]:
    fields = {field.name: field for field in APPLICATION}
    choices = {name: dict(fields[name].choices) for name in ("form", "delivery")}
    rows = [Row(fields[name].label, personal[name]) for name in personal if name != "content"]
    rows += [Row(fields[name].label, choices[name][getattr(case, name)]) for name in choices if getattr(case, name)]
    return rows


def _decision(case: Case) -> list[Row]:
    if case.leaf is None and case.draft is None:
        return []
    leaf = case.draft.leaf if case.draft else case.leaf
    rows = [Row("处理决定", LEAVES[leaf].title if leaf else "")]
    if case.draft:
        rows += [Row("法律依据", case.draft.basis), Row("答复内容", case.draft.text), Row("理由", case.draft.reason)]
    if case.document_number:
        rows.append(Row("文号", case.document_number))
    if case.decided_on and case.rounds > 1:
        first = f"{LEAVES[case.leaf].title}（{case.decided_on.isoformat()}，年度报告按此计件）" if case.leaf else ""
        rows.append(Row("首次决定", first))
    return rows
