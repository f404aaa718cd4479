"""The desk of records: lists, pages, writing, import; what must be published soon and what is to be assessed again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from gongkai.law.attributes import Attribute
from gongkai.law.categories import CATEGORIES
from gongkai.ledger import blobs, clock, uploads
from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Done
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.procedure import Transition
from gongkai.ui.forms import EventForm
from gongkai.ui.pieces import Action, Crumb, Item, Panel, Row

from . import queries, services, vocabulary
from .entry_desk import Choose, Edit, New
from .events import Entry, Piece
from .import_desk import ImportPage, template_file
from .kinds import kinds, label
from .lists import HOME, STATE_KINDS, KindList, PublicationClock, Queue, RecordList, Withheld, actions, time_left
from .models import Record
from .procedure import ATTRIBUTES, SECRECY
from .queries import RIGHT

#: Steps that have a page of their own.
PAGES = ("edit", "change")
_TOLD = ("document_number", "index_number", "body_name", "attribute", "basis", "secrecy", "note", "reason")
_WORDS = {**dict(ATTRIBUTES), **dict(SECRECY)}


class RecordPage(CasePage):
    """One record: what it says, its attribute and numbers, what happened, what may be done."""

    kind, permission, template_name, trail = services.KIND, RIGHT, "records/case.html", (HOME,)

    def name_of(self, state: Piece) -> str:
        """Its 文号, else its title."""
        return state.document_number or state.entry.title

    def describe(self, event: Event) -> str:
        """What the line says."""
        told = [_WORDS.get(str(event.data[name]), str(event.data[name])) for name in _TOLD if event.data.get(name)]
        return "；".join(told)

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """The app's own command: numbers are given by the house."""
        return services.do(key, event, actor, data, day=day, token=token or None)

    def _action(self, request: HttpRequest, move: Transition, form: EventForm | None) -> Action:
        if move.event in PAGES:
            url = reverse("office:records:edit", args=[self.kwargs["key"], move.event])
            return Action(move.label, url, move.hint)
        action = super()._action(request, move, form)
        if move.event == "opinion" and action.form is not None:
            partners = [(name, name) for name in self.opened.entry.bodies]
            action.form.fields["body_name"] = forms.ChoiceField(label="机关", choices=partners, required=False)
        return action

    def _page(self, request: HttpRequest, key: str, past: list[Event], state: Any, *rest: Any) -> HttpResponse:
        self.opened = state
        return super()._page(request, key, past, state, *rest)

    def get_context(self, request: HttpRequest, state: Piece, body: Body) -> dict[str, Any]:
        """The entry, its attribute and numbers, its clock, text and files."""
        key = self.kwargs["key"]
        row = Record.objects.filter(pk=key).first()
        return {
            "title": state.entry.title,
            "kind_label": label(state.kind),
            "pill": STATE_KINDS.get(state.state, ""),
            "clock": _clock(row) if row else None,
            "attribute": _attribute(state),
            "rows": _entry_rows(state, body),
            "own": [Row(*one) for one in _own(state)],
            "files": _files(key, state.entry),
            "text": _text(state.entry.text),
            "pending": state.pending,
            "pending_text": _text(state.pending.text) if state.pending else "",
            "versions": [Row(f"第 {n} 版", f"{one.since.isoformat()} 起") for n, one in enumerate(state.texts, 1)],
            "no_code": not body.credit_code and bool(kinds().get(state.kind) and kinds()[state.kind].indexed),
        }


def _clock(row: Record) -> dict[str, str] | None:
    if row.due_on is None:
        return None
    words, pill = time_left(row)
    return {"due": row.due_on.isoformat(), "words": words, "kind": pill}


def _attribute(piece: Piece) -> list[Row]:
    if not piece.attribute:
        return []
    attribute = Attribute(piece.attribute)
    rows = [Row("公开属性", attribute.label), Row("印制标记", attribute.mark)]
    if piece.reason:
        rows += [Row("理由", piece.reason), Row("法律依据", piece.basis)]
    if piece.secrecy:
        rows.append(Row("保密审查", dict(SECRECY)[piece.secrecy]))
    for one in piece.opinions:
        rows.append(Row(f"{one.body}意见", f"{Attribute(one.attribute).label}{'：' + one.note if one.note else ''}"))
    if piece.reassess_on:
        rows.append(Row("下次评估", piece.reassess_on.isoformat()))
    return rows


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _entry_rows(piece: Piece, body: Body) -> list[Row]:
    entry = piece.entry
    topics, columns, audiences = map(dict, (vocabulary.topic_choices(), vocabulary.columns(), vocabulary.audiences()))
    rows = [
        Row("发文机关", "、".join(filter(None, [entry.issuer or body.name, *entry.bodies]))),
        Row("责任部门", entry.unit),
        Row("发文字号", piece.document_number),
        Row("索引号", piece.index_number),
        Row("成文日期", _iso(entry.written_on or piece.signed_on)),
        Row("发布日期", _iso(piece.published_on)),
        Row("施行日期", _iso(entry.effective_on)),
        Row("主题分类", entry.theme.replace(vocabulary.SEPARATOR, " › ")),
        Row("法定公开类别", CATEGORIES[entry.category].label if entry.category in CATEGORIES else ""),
        Row("服务对象", "、".join(audiences.get(one, one) for one in entry.audience)),
        Row("专题", "、".join(topics.get(one, one) for one in entry.topics)),
        Row("栏目", "、".join(columns.get(one, one) for one in entry.columns)),
        Row("转发的文件", entry.relays),
        Row("来源地址", entry.source_url, entry.source_url),
    ]
    if piece.withdrawn_on:
        rows.append(Row("撤下", f"{piece.withdrawn_on.isoformat()}：{piece.withdrawn_why}"))
    return [row for row in rows if row.detail]


def _own(piece: Piece) -> list[tuple[str, str]]:
    found = kinds().get(piece.kind)
    return found.shown(piece.entry.data) if found else [(name, str(value)) for name, value in piece.entry.data.items()]


def _files(key: str, entry: Entry) -> list[Row]:
    return [
        Row(str(one["name"]), f"{uploads.KINDS[one['type']].label}，{max(1, one['size'] // 1024):,} KB",
            reverse("office:records:file", args=[key, one["digest"]]))
        for one in entry.attachments
    ]  # fmt: skip


def _text(digest: str) -> str:
    return blobs.get(digest).decode() if digest else ""


@require_GET
def file(request: HttpRequest, key: str, digest: str) -> HttpResponse:
    """An attachment, to be saved; of any state, for those who may see the record."""
    row = Record.objects.select_related("body").filter(pk=key, subject_kind=services.KIND).first()
    if row is None:
        raise Http404
    Scope.of(request.user).require(RIGHT, row.body)
    return answer_file(row, digest)


def answer_file(row: Record, digest: str) -> HttpResponse:
    """An attachment of a record whose reading was allowed. Raises Http404 for a hash the record does not name."""
    one = next((one for one in row.attachments if one["digest"] == digest), None)
    if one is None:
        raise Http404
    headers = {
        "Content-Disposition": content_disposition_header(True, str(one["name"])) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(blobs.get(digest), content_type=uploads.KINDS[one["type"]].mime, headers=headers)


@require_GET
def by_kind(request: HttpRequest) -> HttpResponse:
    """Every kind with how many records it has."""
    from django.db.models import Count

    scope = Scope.of(request.user)
    scope.require(RIGHT)
    counts = dict(queries.visible(scope).order_by().values_list("kind").annotate(Count("key")))
    items = [
        Item(one.label, reverse("office:records:kind", args=[one.key]), one.about, f"{counts.get(one.key, 0):,} 条")
        for one in kinds().values() if one.at_desk
    ]  # fmt: skip
    tabs = RecordList()
    tabs.here = "kinds"
    context = {
        "items": items,
        "tabs": tabs.get_tabs(request),
        "actions": actions(request),
        "trail": (HOME, Crumb("按类别")),
    }
    return render(request, "records/kinds.html", context)


def due(request: HttpRequest) -> Panel | None:
    """What must be published, the most urgent first."""
    scope = Scope.of(request.user)
    if not scope.may(RIGHT):
        return None
    today = clock.today()
    rows = queries.to_publish(queries.visible(scope)).filter(due_on__lte=queries.warned(today))
    items = [_due_item(row) for row in rows[:5]]
    return Panel(
        "临近公开期限的信息", items, reverse("office:records:clock"), "没有临近期限和逾期未公开的信息。", rows.count()
    )


def _due_item(row: Record) -> Item:
    words, pill = time_left(row)
    return Item(row.title, reverse("office:records:case", args=[row.key]), label(row.kind), words, pill)


def reassess(request: HttpRequest) -> Panel | None:
    """What is withheld and to be assessed again, for those who decide."""
    scope = Scope.of(request.user)
    if not scope.anywhere & {"disclosure", "signatory"} or not scope.may(RIGHT):
        return None
    rows = queries.held(queries.visible(scope)).filter(reassess_on__lte=clock.today())
    items = [
        Item(row.title, reverse("office:records:case", args=[row.key]), row.get_attribute_display(),
             f"{_iso(row.reassess_on)}应评估", "soon")
        for row in rows[:5]
    ]  # fmt: skip
    return Panel(
        "到期应评估的不公开信息", items, reverse("office:records:withheld"), "没有到期应评估的公文。", rows.count()
    )


panels = [due, reassess]

urlpatterns = [
    path("", RecordList.as_view(), name="home"),
    path("queue/", Queue.as_view(), name="queue"),
    path("clock/", PublicationClock.as_view(), name="clock"),
    path("withheld/", Withheld.as_view(), name="withheld"),
    path("kinds/", by_kind, name="kinds"),
    path("kinds/<slug:kind>/", KindList.as_view(), name="kind"),
    path("new/<slug:event>/", Choose.as_view(), name="choose"),
    path("new/<slug:event>/<slug:kind>/", New.as_view(), name="new"),
    path("import/", ImportPage.as_view(), name="import"),
    path("import/<slug:kind>/template.xlsx", template_file, name="template"),
    path("record/<slug:key>/", RecordPage.as_view(), name="case"),
    path("record/<slug:key>/<slug:event>/", Edit.as_view(), name="edit"),
    path("record/<slug:key>/files/<slug:digest>/", file, name="file"),
]
