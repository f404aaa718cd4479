"""The desk of a norm's texts: every version with what changed, the text entered or replaced, amendments put in one by one."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from gongkai.ledger import clock
from gongkai.ledger.services import Conflict, replay
from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.procedure import Invalid, Refused
from gongkai.text.diff import Change, Difference
from gongkai.text.provisions import Provision, provisions_at
from gongkai.text.reading import CannotRead, read_bytes
from gongkai.text.versions import Action, Amendment
from gongkai.ui.forms import Form
from gongkai.ui.pieces import Crumb

from . import events, services, texts
from .procedure import NORM

RIGHT = "norms.view"
#: Rows for single amendments on the page.
ROWS = 4
_CHANGES = {Change.ADDED: "增加", Change.REMOVED: "删去", Change.CHANGED: "修改", Change.MOVED: "序号调整"}
_KINDS = {Change.ADDED: "ok", Change.REMOVED: "late", Change.CHANGED: "soon", Change.MOVED: ""}


class TextForm(Form):
    """The text pasted, or a file it is read from."""

    text = forms.CharField(label="正文", required=False, widget=forms.Textarea(attrs={"rows": 14}))
    file = forms.FileField(label="或者选择文件", required=False, help_text="DOCX、PDF、HTML、TXT；读出的文字请核对")
    source = forms.CharField(label="正文来源", required=False, max_length=200)
    reason = forms.CharField(label="理由", required=False, help_text="更换已登记的正文须填写")

    def clean(self) -> dict[str, Any]:
        """One of the two, and the file can be read."""
        data = super().clean() or {}
        file = data.get("file")
        if file:
            try:
                data["text"] = read_bytes(file.read(), file.name).text
                data["source"] = data.get("source") or file.name
            except CannotRead as error:
                self.add_error("file", str(error))
        elif not data.get("text"):
            self.add_error("text", "请粘贴正文，或者选择文件")
        return data


class AmendForm(Form):
    """The decision, and either single changes or the whole new text."""

    by = forms.CharField(label="依据的文件或决定", max_length=300, help_text="作出此项决定的文件标题和文号")
    by_norm = forms.CharField(
        label="该文件的登记编号", required=False, max_length=64, help_text="该文件在本系统登记的，填编号"
    )
    from_on = forms.DateField(label="自何日起", required=False, help_text="不填即自今日起")
    renumber = forms.BooleanField(label="增加、删去条文后，条文顺序作相应调整", required=False)
    text = forms.CharField(
        label="修改后的全文",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="已逐条填写的不填；二者都不填的，只登记修改的事实",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for n in range(1, ROWS + 1):
            ways = [("", "不填"), ("replace", "改为"), ("insert", "增加"), ("delete", "删去")]
            self.fields[f"action_{n}"] = forms.ChoiceField(label=f"第 {n} 处", choices=ways, required=False)
            self.fields[f"place_{n}"] = forms.CharField(
                label=f"第 {n} 处的条款", required=False, max_length=60, help_text="如 第三条、第五条第二款"
            )
            self.fields[f"words_{n}"] = forms.CharField(
                label=f"第 {n} 处的新内容", required=False, widget=forms.Textarea(attrs={"rows": 3})
            )

    def amendments(self) -> list[Amendment]:
        """The single changes; a place that cannot be read is an error of its field."""
        found, data = [], self.cleaned_data
        for n in range(1, ROWS + 1):
            if not data.get(f"action_{n}"):
                continue
            place = _place(data.get(f"place_{n}", ""))
            if place is None:
                self.add_error(f"place_{n}", f"“第 {n} 处的条款”读不了，请写成 第三条 或者 第五条第二款第（一）项")
                continue
            action, words = Action(data[f"action_{n}"]), data.get(f"words_{n}", "")
            if action is not Action.DELETE and not words:
                self.add_error(f"words_{n}", f"请填写第 {n} 处的新内容")
            found.append(Amendment(action, place, clock.today(), "", words, renumber=data.get("renumber", False)))
        return found


def _place(written: str) -> Provision | None:
    found = provisions_at(written.strip(), 0)
    return found.provisions[0] if found and found.end == len(written.strip()) and len(found.provisions) == 1 else None


class _NormView(View):
    """A page about one norm, for those who may see it."""

    http_method_names = ["get", "post", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Right first."""
        norm = replay("norm", kwargs["key"])
        if norm is None:
            raise Http404
        self.norm: events.Norm = norm
        self.body = Body.objects.get(key=norm.body)
        self.scope = Scope.of(request.user)
        self.scope.require(RIGHT, self.body)
        return super().dispatch(request, *args, **kwargs)

    def may(self, event: str) -> bool:
        """Whether this person can make the event now."""
        roles = self.scope.roles(self.body)
        return any(move.event == event for move in NORM.allowed(self.norm.state, roles))

    def trail(self, key: str, last: str) -> tuple[Crumb, ...]:
        """The way here."""
        here = Crumb(self.norm.document_number or self.norm.title, reverse("office:norms:case", args=[key]))
        return (Crumb("规范性文件", reverse("office:norms:home")), here, Crumb(last))

    def perform(self, form: Form, make: Any, token: str) -> int:
        """Run the command; refusals go into the form. 0 when done, else the status of the page."""
        try:
            make(token or None)
            return 0
        except Invalid as invalid:
            for name, message in invalid.errors:
                form.add_error(name if name in form.fields else None, message)
        except Refused as refused:
            form.add_error(None, refused.reason)
            return 403 if refused.kind == "role" else 422
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        return 422


class TextPage(_NormView):
    """The versions of a norm: the text of one, and what it changed in the one before."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The page; ``?version=2``."""
        return self._show(request, key, TextForm())

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Enter or replace the text as issued."""
        form = TextForm(request.POST, request.FILES)
        status = 422
        if form.is_valid():
            data = {
                name: form.cleaned_data[name] for name in ("text", "source", "reason") if form.cleaned_data.get(name)
            }
            if self.norm.state == "draft":
                data.pop("reason", None)
            actor = self.scope.actor(self.body)
            status = self.perform(
                form,
                lambda token: services.do("norm", key, "set_text", actor, data, key=token),
                request.POST.get("token", ""),
            )
            if not status:
                messages.success(request, "正文已登记")
                return redirect(request.path)
        elif not self.may("set_text"):
            status = 403
        return self._show(request, key, form, status)

    def _show(self, request: HttpRequest, key: str, form: TextForm, status: int = 200) -> HttpResponse:
        versions = self.norm.versions or (((clock.today(), self.norm.text, ""),) if self.norm.text else ())
        asked = request.GET.get("version", "")
        number = int(asked) if asked.isdecimal() and 1 <= int(asked) <= len(versions) else len(versions)
        context: dict[str, Any] = {
            "trail": self.trail(key, "正文"), "norm": self.norm, "key": key, "form": form, "token": uuid.uuid4().hex,
            "versions": [(n, since, by) for n, (since, _, by) in enumerate(versions, 1)], "number": number,
            "may_enter": self.may("set_text"), "may_amend": self.may("amend"),
        }  # fmt: skip
        if number:
            context["text"] = texts.load(versions[number - 1][1])
        if number > 1:
            context["changes"] = [
                _told(one)
                for one in texts.compare(versions[number - 2][1], versions[number - 1][1])
                if one.change in _CHANGES
            ]
        return render(request, "norms/text.html", context, status=status)


def _told(one: Difference) -> dict[str, Any]:
    label = one.new_label or one.old_label
    if one.old_label and one.new_label and one.old_label != one.new_label:
        label = f"{one.old_label}→{one.new_label}"
    return {"label": label, "word": _CHANGES[one.change], "kind": _KINDS[one.change], "one": one}


class AmendPage(_NormView):
    """An amendment: the decision, and its changes one by one or the whole new text."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The form."""
        self._require()
        return self._show(request, key, AmendForm(), 200)

    def _require(self) -> None:
        if not self.may("amend"):
            raise PermissionDenied("“登记修改”须由公开办或者签发人办理，且文件已公布、没有废止或者失效")

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Record it."""
        self._require()
        form, status = AmendForm(request.POST), 422
        if form.is_valid():
            amendments, told = form.amendments(), form.cleaned_data
            if form.is_valid():
                since: date | None = told.get("from_on")
                data = {name: told[name] for name in ("by", "by_norm", "text") if told.get(name)}
                data |= {"from_on": since.isoformat()} if since else {}
                actor = self.scope.actor(self.body)
                status = self.perform(
                    form,
                    lambda token: services.amend(key, actor, data, amendments, key=token),
                    request.POST.get("token", ""),
                )
                if not status:
                    messages.success(request, "修改已登记")
                    return redirect("office:norms:text", key=key)
        return self._show(request, key, form, status)

    def _show(self, request: HttpRequest, key: str, form: AmendForm, status: int) -> HttpResponse:
        context = {
            "trail": self.trail(key, "登记修改"),
            "norm": self.norm,
            "key": key,
            "form": form,
            "token": uuid.uuid4().hex,
        }
        context["has_text"] = bool(self.norm.text)
        return render(request, "norms/amend.html", context, status=status)
