"""The seven questions 补不补、是不是、谁负责、有没有、给不给、怎么给、怎么答: one a page, to exactly one leaf of table three.

Plain links and GET forms over :data:`gongkai.law.decisions.DECISION_TREE`: the answers so far stand in the address,
so a page can be reloaded, gone back from and sent to a colleague. At the end stands the draft's form, filled in; what
the procedure refuses for a leaf is said there with its reason, and the way out is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongkai.law.decisions import DECISION_TREE, QUESTIONS, START, Decision, Leaf, Node, Option, walk
from gongkai.ledger import clock
from gongkai.organs.casework import ON
from gongkai.procedure import Situation
from gongkai.ui.forms import EventForm

from .events import Case
from .procedure import DECISIONS, GUARDS, LAPSE_UNCLARIFIED, LAPSE_UNPAID, PROCEDURE
from .step_page import StepPage

#: Leaves no letter decides, and the step of the table that ends the case so.
ENDINGS = {LAPSE_UNCLARIFIED: "lapse_unclarified", LAPSE_UNPAID: "lapse_unpaid"}
ASKS = {
    "clarify": "申请内容是否明确，要不要补正？",
    "subject": "申请的是不是政府信息？",
    "owner": "由谁负责公开？",
    "held": "本机关有没有这项信息？",
    "release": "给不给？",
    "how": "怎么给？",
    "reply": "怎么答？",
}


@dataclass(frozen=True)
class Asked:
    """A question answered: its name and words, the answer's words, its article, and where to change it."""

    name: str
    words: str
    answer: str
    article: str
    change: str


def follow(answers: Mapping[str, str]) -> tuple[list[tuple[str, Option]], Node | None]:
    """The path the answers take from the start, and the question that comes next (None: a leaf is reached).

    An answer that is not offered ends the path there: its question is asked again.
    """
    place, path = START, list[tuple[str, Option]]()
    while place in DECISION_TREE:
        node = DECISION_TREE[place]
        option = next((one for one in node.options if one.answer == answers.get(node.question)), None)
        if option is None:
            return path, node
        path.append((node.question, option))
        place = option.leads_to
    return path, None


def written(path: list[tuple[str, Option]]) -> str:
    """The answers as the draft carries them."""
    return ";".join(f"{name}={option.answer}" for name, option in path)


def basis(decision: Decision) -> str:
    """The article of the decision, as the letter writes it: the last answer's and the leaf's own."""
    articles = dict.fromkeys(one.full for one in (decision.article, *decision.leaf.articles[:1]))
    return "、".join(articles)


def objection(case: Case, leaf: Leaf, actor: str, roles: frozenset[str]) -> str:
    """Why the case's history does not allow a draft with this leaf, in the guards' own words; empty when it does."""
    if leaf.code not in dict(DECISIONS):
        step = PROCEDURE.events[ENDINGS[leaf.code]][0]
        return f"“{leaf.title}”不需要答复书，请在案件页用“{step.label}”办理（{step.hint}）"
    data = {"leaf": leaf.code}
    return GUARDS["leaf_fits_history"](Situation(case, actor, roles, clock.today(), data)) or ""


class Wizard(StepPage):
    """One question, or the leaf with its draft."""

    event = "draft"
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """Ask the next question, or show where the answers led."""
        refusal = self.open(request, key)
        answers = {name: request.GET[name] for name in QUESTIONS if name in request.GET}
        path, node = follow(answers)
        context = self.context(key, "七问") | {
            "path": _asked(path),
            "number": len(path) + 1,
            "total": len(QUESTIONS),
            "refusal": refusal,
            "hidden": [(name, option.answer) for name, option in path],
            "direct": "direct" in request.GET,
        }
        if "direct" in request.GET:
            context["form"] = EventForm((*self.move.fields, ON), prefix=self.event)
        elif node is not None:
            wrong = node.question in (request.GET.get("asked"), *answers)
            context |= {"node": node, "ask": ASKS[node.question], "name": QUESTIONS[node.question], "wrong": wrong}
        else:
            context |= self._leaf(path)
        return render(request, "requests/wizard.html", context)

    def _leaf(self, path: list[tuple[str, Option]]) -> dict[str, object]:
        decision = walk({name: option.answer for name, option in path})
        leaf = decision.leaf
        found = objection(self.case, leaf, self.actor.key, self.actor.roles)
        initial = {"leaf": leaf.code, "basis": basis(decision), "answers": written(path)}
        form = EventForm((*self.move.fields, ON), prefix=self.event, initial=initial)
        return {
            "leaf": leaf,
            "basis": basis(decision),
            "objection": found,
            "articles": [one.full for one in leaf.articles],
            "form": None if found else form,
        }


def _asked(path: list[tuple[str, Option]]) -> list[Asked]:
    made, before = [], list[tuple[str, str]]()
    for name, option in path:
        article = option.article.short if option.article else ""
        made.append(Asked(QUESTIONS[name], ASKS[name], option.label, article, f"?{urlencode(before)}"))
        before.append((name, option.answer))
    return made
