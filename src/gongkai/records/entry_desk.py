"""The pages on which a record is written: one form for every kind, made from its file and the event's fields."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from gongkai.ledger import blobs, clock
from gongkai.ledger.services import Conflict, Done, replay
from gongkai.ledger.uploads import KINDS as FILE_KINDS
from gongkai.ledger.uploads import Upload
from gongkai.organs.casework import ON
from gongkai.organs.models import Body
from gongkai.organs.opening import workers
from gongkai.organs.scope import Scope
from gongkai.procedure import NEW, Field, Invalid, Refused, Transition
from gongkai.ui.forms import EventForm
from gongkai.ui.pieces import Crumb, Item
from gongkai.ui.uploading import FilesField

from . import services, vocabulary
from .events import Entry, Piece
from .kinds import Kind, kind, kinds
from .lists import HOME
from .procedure import RECORD
from .queries import RIGHT

COMMANDS = {
    "draft": services.draft,
    "enter": services.enter,
    "register_existing": services.register_existing,
}
TEXT = Field(
    "text",
    "正文",
    "long",
    required=False,
    longest=2_000_000,
    hint="章、条、款各占一行；标记印在成文日期下一行，由系统加印",
)
_OFFERED = {
    "theme": ("choice", vocabulary.theme_choices),
    "audience": ("list", vocabulary.audiences),
    "topics": ("list", vocabulary.topic_choices),
    "columns": ("list", vocabulary.columns),
}
#: Asked first; the text and the kind's own entries follow.
_FIRST = ("title",)


class EntryForm(EventForm):
    """The event's fields with the words of the library to choose from, the text, the kind's own entries, and files."""

    def __init__(self, asked: tuple[Field, ...], data: Any = None, files: Any = None, **kwargs: Any):
        super().__init__(asked, data, **kwargs)
        self.files = files or {}
        accept = ",".join(f".{name}" for name in FILE_KINDS)
        field = FilesField(label="添加附件", accept=accept, help_text="随正文公开的附件；公开前外界读不到")
        field.optional = True  # type: ignore[attr-defined]
        self.fields["files"] = field

    @property
    def uploads(self) -> list[Upload]:
        """The files as they came."""
        return [Upload(one.name, one.read()) for one in self.cleaned_data.get("files", ())]


def asked(move: Transition, one: Kind, before: Entry) -> tuple[Field, ...]:
    """What the form asks for, in order."""
    fields = {field.name: _with_words(field) for field in move.fields if field.name != "kind"}
    first = [fields.pop(name) for name in _FIRST]
    text = [TEXT] if one.has_text else []
    kept = [_kept(before)] if before.attachments else []
    if not one.document:
        for name in ("relays", "relayed_attribute"):
            fields.pop(name, None)
    return (*first, *text, *one.fields, *fields.values(), *kept)


def _with_words(field: Field) -> Field:
    if field.name not in _OFFERED:
        return field
    how, words = _OFFERED[field.name]
    return replace(field, kind=how, choices=words())


def _kept(before: Entry) -> Field:
    names = tuple((str(one["digest"]), str(one["name"])) for one in before.attachments)
    return Field("kept", "保留的附件", "list", required=False, choices=names, hint="取消勾选即删去")


def initial(one: Kind, entry: Entry) -> dict[str, Any]:
    """What the form shows of a standing entry; of a new one, what its kind usually is."""
    if not entry.title:
        return {"category": one.category, "columns": [one.column] if one.column else []}
    values = {name: getattr(entry, name) for name in entry.__dataclass_fields__ if name not in {"text", "data"}}
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    values["bodies"] = "、".join(entry.bodies)
    values["kept"] = [one["digest"] for one in entry.attachments]
    for field in one.fields:
        value = entry.data.get(field.name[5:])
        values[field.name] = "、".join(value) if isinstance(value, list) and not field.choices else value
    return values | {"text": blobs.get(entry.text).decode() if entry.text else ""}


class Choose(View):
    """Which kind of record to begin."""

    def get(self, request: HttpRequest, event: str) -> HttpResponse:
        """The kinds, each with a sentence of what belongs there."""
        move = opening(request, event)[0]
        wanted = [
            one for one in kinds().values()
            if one.at_desk and (event == "register_existing" or one.document == (event == "draft"))
        ]  # fmt: skip
        items = [Item(one.label, reverse("office:records:new", args=[event, one.key]), one.about) for one in wanted]
        return render(
            request, "records/choose.html", {"items": items, "move": move, "trail": (HOME, Crumb(move.label))}
        )


def opening(request: HttpRequest, event: str) -> tuple[Transition, list[Body], Scope]:
    """The opening event, and the bodies this person may make it for. Raises Http404, PermissionDenied."""
    if event not in COMMANDS:
        raise Http404
    move, scope = RECORD.move(NEW, event), Scope.of(request.user)
    bodies = workers(scope, RIGHT, move)
    if not bodies:
        who = "、".join(RECORD.roles[role] for role in move.roles if role != "system")
        raise PermissionDenied(f"“{move.label}”须由{who}办理")
    return move, bodies, scope


class _Writing(View):
    """What both pages share: the form, and a command whose faults go back to it."""

    def _answer(
        self, request: HttpRequest, form: EntryForm, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        token = request.POST.get("token") or uuid.uuid4().hex
        return render(request, "records/entry.html", context | {"form": form, "token": token}, status=status)

    def _try(self, form: EntryForm, command: Any) -> Done | None:
        if not form.is_valid():
            return None
        values = dict(form.event_data)
        on = date.fromisoformat(values.pop("on")) if "on" in values else clock.today()
        kept = values.pop("kept", [])
        try:
            done: Done = command(values, services.Files(form.uploads, kept), on)
            return done
        except Invalid as invalid:
            for name, message in invalid.errors:
                form.add_error(name if name in form.fields else None, message)
        except Refused as refused:
            form.add_error(None, refused.reason)
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        return None


class New(_Writing):
    """Begin a record of a kind."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only for those who may, and for kinds that are written here."""
        self.move, self.bodies, self.scope = opening(request, kwargs["event"])
        found = kinds().get(kwargs["kind"])
        if found is None or not found.at_desk:
            raise Http404
        self.kind = found
        return super().dispatch(request, *args, **kwargs)

    def _form(self, data: Any = None, files: Any = None) -> EntryForm:
        body = Field("body", "机关", "choice", choices=tuple((b.key, b.name) for b in self.bodies))
        fields = (body, ON, *asked(self.move, self.kind, Entry()))
        return EntryForm(fields, data, files, initial={"body": self.bodies[0].key} | initial(self.kind, Entry()))

    def _context(self) -> dict[str, Any]:
        choose = Crumb(self.move.label, reverse("office:records:choose", args=[self.move.event]))
        title = f"{self.move.label}：{self.kind.label}"
        return {
            "title": title,
            "hint": self.move.hint,
            "submit": self.move.label,
            "trail": (HOME, choose, Crumb(self.kind.label)),
        }

    def get(self, request: HttpRequest, event: str, kind: str) -> HttpResponse:
        """The empty form."""
        return self._answer(request, self._form(), self._context())

    def post(self, request: HttpRequest, event: str, kind: str) -> HttpResponse:
        """Begin it."""
        form = self._form(request.POST, request.FILES)

        def command(values: dict[str, Any], files: services.Files, on: date) -> Done:
            body = next(b for b in self.bodies if b.key == values.pop("body"))
            actor, token = self.scope.actor(body), request.POST.get("token") or None
            return COMMANDS[event](
                body, actor, self.kind.key, values, files=services.Files(files.added), day=on, key=token
            )

        done = self._try(form, command)
        if done is None:
            return self._answer(request, form, self._context(), 422)
        return redirect("office:records:case", key=done.event.subject)


class Edit(_Writing):
    """Change a draft (``edit``) or what is published (``change``)."""

    def _open(self, request: HttpRequest, key: str, event: str) -> tuple[Piece, Kind, Transition, Scope, Body]:
        piece = replay(services.KIND, key) if event in {"edit", "change"} else None
        if piece is None:
            raise Http404
        body, scope = Body.objects.get(key=piece.body), Scope.of(request.user)
        scope.require(RIGHT, body)
        try:
            move = RECORD.move(piece.state, event)
        except Refused as refused:
            raise Http404(refused.reason) from refused
        if not scope.roles(body).intersection(move.roles):
            raise PermissionDenied(f"“{move.label}”须由{'、'.join(RECORD.roles[role] for role in move.roles)}办理")
        return piece, kind(piece.kind), move, scope, body

    def _context(self, piece: Piece, key: str, move: Transition) -> dict[str, Any]:
        trail = (HOME, Crumb(piece.entry.title, reverse("office:records:case", args=[key])), Crumb(move.label))
        return {"title": f"{move.label}：{piece.entry.title}", "hint": move.hint, "submit": move.label, "trail": trail}

    def _form(self, piece: Piece, one: Kind, move: Transition, data: Any = None, files: Any = None) -> EntryForm:
        return EntryForm((*asked(move, one, piece.entry), ON), data, files, initial=initial(one, piece.entry))

    def get(self, request: HttpRequest, key: str, event: str) -> HttpResponse:
        """The form with what stands."""
        piece, one, move, *_ = self._open(request, key, event)
        return self._answer(request, self._form(piece, one, move), self._context(piece, key, move))

    def post(self, request: HttpRequest, key: str, event: str) -> HttpResponse:
        """Make the event."""
        piece, one, move, scope, body = self._open(request, key, event)
        form = self._form(piece, one, move, request.POST, request.FILES)

        def command(values: Mapping[str, Any], files: services.Files, on: date) -> Done:
            whole = {"text": "", **values} if one.has_text else values
            token = request.POST.get("token") or None
            return services.do(key, event, scope.actor(body), whole, files=files, day=on, token=token)

        done = self._try(form, command)
        if done is None:
            return self._answer(request, form, self._context(piece, key, move), 422)
        return redirect("office:records:case", key=key)
