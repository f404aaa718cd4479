"""What the case pages of questions, mistakes and submissions share: units and people to choose from, the sender masked."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from gongkai.ledger import clock, vault
from gongkai.ledger.models import Event
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body, Person, Unit
from gongkai.organs.scope import Scope
from gongkai.procedure import Transition
from gongkai.ui.clock import strip
from gongkai.ui.forms import EventForm
from gongkai.ui.pieces import Action, Happening, Row

from . import queries, showing
from .procedure import CHANNELS, KINDS
from .rules import DIFFICULTIES

_WHO = {"name": "姓名", "phone": "电话", "email": "电子邮箱", "address": "通信地址", "reach": "联系方式"}


class SentPage(CasePage):
    """A case somebody outside sent: the sender is masked unless opened, and opening leaves a line in the reading log."""

    permission, template_name = queries.RIGHT, "interaction/case.html"
    #: What is shown of the clock: what is due; empty without a clock.
    due_word = "答复"

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Opening personal data is a post too."""
        if "reveal" in request.POST:
            opened = self._open(request, key)
            opened[3].require(queries.PERSONAL, opened[2])
            return self._page(request, key, *opened)
        return super().post(request, key)

    def _page(self, request: HttpRequest, key: str, past: Any, state: Any, *rest: Any) -> HttpResponse:
        self.opened = state
        return super()._page(request, key, past, state, *rest)

    def _action(self, request: HttpRequest, move: Transition, form: EventForm | None) -> Action:
        action = super()._action(request, move, form)
        if isinstance(action.form, EventForm) and "handler" in action.form.fields:
            _offer(action.form, self.opened.body)
        return action

    def _timeline(self, past: list[Event]) -> list[Happening]:
        return [replace(one, who="提出人") if one.who == "申请人" else one for one in super()._timeline(past)]

    def sections(self, state: Any, hidden: dict[str, Any]) -> list[tuple[str, str]]:
        """(heading, text) of what is to be read; ``hidden`` is the vault's entry, masked or not."""
        return [("内容", str(hidden.get("content", "")))]

    def rows(self, state: Any) -> list[Row]:
        """What the case is."""
        return []

    def get_context(self, request: HttpRequest, state: Any, body: Body) -> dict[str, Any]:
        """The clock, what was written, the sender."""
        may = Scope.of(request.user).may(queries.PERSONAL, body)
        opened = request.method == "POST" and "reveal" in request.POST and may
        reader = str(request.user.get_username())
        hidden = vault.read(state.personal, reader, "互动交流办理页查看") if opened else vault.masked(state.personal)
        deadline = state.deadline() if self.due_word else None
        erased = [Row("个人信息", f"{state.erased_on.isoformat()} 保存期限届满，已经清除")] if state.erased_on else []
        return {
            "title": getattr(state, "title", ""),
            "kind": showing.STATE_KINDS.get(state.state, ""),
            "kind_label": self.procedure.label,
            "strip": strip(deadline, clock.today(), closed=self.closed(state)) if deadline else None,
            "due_word": self.due_word,
            "parts": [(heading, text) for heading, text in self.sections(state, dict(hidden)) if text],
            "rows": [Row("机关", body.name), *self.rows(state), *erased],
            "sender": [Row(_WHO[name], hidden[name]) for name in _WHO if hidden.get(name)],
            "may_reveal": may and not opened and any(hidden.get(name) for name in _WHO),
        }

    def closed(self, state: Any) -> str:
        """What stands in place of the time left once nothing is owed."""
        return ""


def _offer(form: EventForm, body: str) -> None:
    """The body's own units and handlers in place of free text."""
    units = [("", "请选择"), *((unit.name, unit.name) for unit in Unit.objects.filter(body__key=body))]
    people = Person.objects.filter(is_active=True, grants__body__key=body, grants__role="handler").distinct()
    _choices(form, "unit", units)
    _choices(form, "handler", [("", "由处室确定"), *((one.username, one.name) for one in people)])


def _choices(form: EventForm, name: str, choices: Sequence[tuple[str, str]]) -> None:
    old = form.fields[name]
    made = forms.ChoiceField(choices=choices, label=old.label, help_text=old.help_text, required=False)
    made.optional = getattr(old, "optional", False)  # type: ignore[attr-defined]
    form.fields[name] = made


def handler(state: Any) -> list[Row]:
    """Who works on it."""
    named = Person.objects.filter(username=state.handler).first() if state.handler else None
    return [Row("承办处室", state.unit), Row("承办人", named.name if named else state.handler)] if state.unit else []


def words(name: str, value: str) -> str:
    """A choice in words."""
    return dict({"kind": KINDS, "difficulty": DIFFICULTIES, "channel": CHANNELS}[name]).get(value, value)
