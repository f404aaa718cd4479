"""What pages of the desk say of a norm: its status on a day, its banner, its rows, its relations, a line of its history."""

from datetime import date

from django.db.models import Q
from django.urls import reverse

from gongkai.law.validity import Status, status
from gongkai.ledger import clock
from gongkai.ledger.models import Event
from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.procedure import Procedure
from gongkai.records.models import Relation
from gongkai.records.relations import VERBS
from gongkai.ui.pieces import Row

from . import events, queries
from .models import Norm
from .procedure import KINDS, NORM, REGISTERS

#: Data of a line worth reading in the timeline, in this order.
_TOLD = (
    "document_number", "register_number", "by", "from_on", "valid_until", "until", "received", "adopted", "form", "meeting",
    "filed_with", "filing_number", "conclusion", "verb", "matter", "count", "amount", "reference", "title", "name", "source",
    "note", "reason",
)  # fmt: skip
_UNITS = {
    "from_on": "自{}起", "valid_until": "有效期至 {}", "count": "{} 件", "amount": "{} 元", "until": "至 {}", "received": "收到 {} 条",
    "adopted": "采纳 {} 条", "register_number": "登记号 {}", "filed_with": "报送{}", "filing_number": "备案号 {}",
}  # fmt: skip


def describe(event: Event) -> str:
    """What a line of a norm or an entry says."""
    labels = _CHOICES.get(event.kind, {})
    told = {name: labels.get(str(value), value) for name, value in event.data.items()}
    return "；".join(_UNITS.get(name, "{}").format(told[name]) for name in _TOLD if told.get(name) not in (None, ""))


def _choices(procedure: Procedure) -> dict[str, dict[str, str]]:
    """The words of every choice, by event."""
    return {
        move.event: {value: label for field in move.fields for value, label in field.choices}
        for move in procedure.transitions
    }


_CHOICES = _choices(NORM) | {"enter": dict(REGISTERS)}


def status_words(norm: Norm | events.Norm, day: date) -> tuple[str, str]:
    """A norm's status on a day in words, and the kind of its pill."""
    found = status(norm.validity, day)
    return found.label, found.tone


def today_status(norm: Norm | events.Norm) -> tuple[str, str]:
    """A norm's status today in words, and the kind of its pill; the desk's own state while it is not issued."""
    if norm.issued_on is None or norm.state == "void":
        return NORM.state[norm.state].label, ""
    return status_words(norm, clock.today())


def iso(day: date | None) -> str:
    """A day as pages write it; empty for none."""
    return day.isoformat() if day else ""


def banner(norm: events.Norm) -> tuple[str, str] | None:
    """(kind, sentence) over the page of whatever is no longer, or not yet, or not for long in force."""
    if norm.issued_on is None or norm.state == "void":
        return None
    today = clock.today()
    found = status(norm.validity, today)
    by = f"，依据：{norm.ended_by}" if norm.ended_by and found is not Status.EXPIRED else ""
    since = norm.ceased_on.isoformat()
    said = {
        Status.REPEALED: ("late", f"此件自 {since} 起废止{by}"),
        Status.LAPSED: ("late", f"此件自 {since} 起宣布失效{by}"),
        Status.EXPIRED: ("late", f"此件有效期已满，自 {since} 起失效"),
        Status.PENDING: ("", f"此件自 {iso(norm.effective_on)} 起施行"),
        Status.EXPIRING: ("soon", f"此件有效期至 {iso(norm.valid_until)}，请评估后决定延长、修改、废止或者到期失效"),
    }.get(found)
    if said is None and norm.ended_on:
        return "soon", f"此件已决定自 {since} 起不再有效{by}"
    return said


def relations(key: str, norm: events.Norm, scope: Scope) -> list[Row]:
    """How this norm acts on others, and others on it; linked where the reader may open them."""
    rows = list(Relation.objects.filter(Q(record=key) | Q(target=key)).select_related("record").order_by("since", "id"))
    others = {row.target if row.record_id == key else row.record_id for row in rows}
    open_to = {one.key: one for one in queries.visible_norms(scope).filter(key__in=others)}
    found = []
    for row in rows:
        mine = row.record_id == key
        other = row.target if mine else row.record_id
        title = open_to[other].title if other in open_to else row.name if mine else row.record.title
        url = reverse("office:norms:case", args=[other]) if other in open_to else ""
        found.append(Row(VERBS[row.verb][0 if mine else 1], title or other, url))
    return found


def facts(norm: events.Norm, body: Body) -> list[Row]:
    """What is registered of a norm."""
    days = ("issued_on", "公布日期"), ("effective_on", "施行日期"), ("valid_until", "有效期至")
    rows = [
        Row("类别", dict(KINDS)[norm.kind]),
        Row("制定机关", body.name),
        Row("起草单位", norm.department),
        Row("文号", norm.document_number),
        Row("登记号", norm.register_number),
        *(Row(label, iso(getattr(norm, name))) for name, label in days),
        Row("修改", "、".join(f"自 {day.isoformat()} 起" for day in norm.amended_from)),
    ]
    if norm.filing_due_on or norm.filed_on:
        filed = (
            f"{iso(norm.filed_on)} 报送{norm.filed_with}" if norm.filed_on else f"应在 {iso(norm.filing_due_on)} 前报送"
        )
        rows.append(Row("备案", filed))
    if norm.evaluated_on:
        rows.append(Row("后评估", norm.evaluated_on.isoformat()))
    if norm.ended_on:
        rows += [Row("废止或失效", f"自 {norm.ended_on.isoformat()} 起"), Row("依据", norm.ended_by)]
    return [row for row in rows if row.detail]
