"""Commands on questions and mistakes: the only writers. Each is one transaction and may carry a key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from gongkai.ledger import clock, vault
from gongkai.ledger.services import SYSTEM, Actor, Done, act, next_number, replay, used
from gongkai.organs.models import Body
from gongkai.procedure import Invalid, Refused, Situation
from gongkai.requests import privacy
from gongkai.requests.services import APPLICANT, new_code

from . import repeats
from .events import Message
from .models import Message as MessageRow
from .procedure import MESSAGE, MISTAKE
from .rules import SIMPLE, pack_of

GONE = "留言人信息已经清除，无法再与公开的内容核对，不能公开"
#: States a message may be in for another one to join it.
JOINABLE = ("received", "assigned", "drafted", "returned", "answered", "prepared", "published", "kept")
_LABELS = {"heading": "公开的标题", "question": "公开的问题", "reply": "答复", "result": "改正情况", "reason": "理由"}


def code_key(kind: str, subject: str) -> str:
    """Where the vault keeps the query code of a question or a mistake."""
    return f"{kind}/{subject}/code"


@dataclass(frozen=True)
class _Opening:
    """How a subject begins: its kind and event, who makes it, the letter in its key, the word in its number."""

    kind: str
    event: str
    actor: Actor
    letter: str
    word: str


def send(
    body: Body, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None, place: str = ""
) -> Done:
    """A citizen's question to ``body``; ``place`` is the zone 政务公开专区 whose terminal it was sent from.

    Raises ``procedure.Invalid``, ``procedure.Refused``.
    """
    return _ask(body, "send", APPLICANT, data, {"place": place} if place else {}, day, key)


def enter(
    body: Body, actor: Actor, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None
) -> Done:
    """A question that came by telephone, letter or visit on ``day``, entered by staff: the same clock runs from that day.

    Raises ``procedure.Invalid``, ``procedure.Refused``.
    """
    return _ask(body, "enter", actor, data, {}, day, key)


def _ask(
    body: Body, event: str, actor: Actor, data: Mapping[str, Any], told: Mapping[str, Any], day: date | None,
    key: str | None,
) -> Done:  # fmt: skip
    personal = {name: data.get(name) or "" for name in ("name", "phone", "email")}
    if errors := privacy.objections(personal, {"title": ("主题", str(data.get("title") or ""))}):
        raise Invalid([(field, "“主题”会显示在列表中，请不要写姓名、电话、邮箱") for field, _ in errors])
    pack = pack_of(body)
    rules = {"days": pack.message_days[SIMPLE], "months": pack.unanswered_months, "rule": pack.name}
    return _open(_Opening(MESSAGE.name, event, actor, "m", "咨"), body, data, {**rules, **told}, day, key)


def report(body: Body, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None) -> Done:
    """A mistake somebody found on the site of ``body``. Raises ``procedure.Invalid``, ``procedure.Refused``."""
    page = str(data.get("page") or "").strip()
    if page and not page.startswith(("/", "http://", "https://")):
        raise Invalid([("page", "“网页地址”应以 http:// 或者 https:// 开头，请从浏览器地址栏复制")])
    pack = pack_of(body)
    opening = _Opening(MISTAKE.name, "report", APPLICANT, "e", "错")
    return _open(opening, body, data, {"days": pack.mistake_days, "rule": pack.name}, day, key)


def _open(
    opening: _Opening, body: Body, data: Mapping[str, Any], told: Mapping[str, Any], day: date | None, key: str | None
) -> Done:
    on, kind = day or clock.today(), opening.kind
    with transaction.atomic():
        count = next_number(f"{kind}/{body.key}/{on.year}")
        number = f"{body.document_code or body.short_name}{opening.word}〔{on.year}〕{count}号"
        subject = f"{body.key}-{on.year}-{opening.letter}{count:05d}"
        vault.put(code_key(kind, subject), {"query_code": new_code()})
        told = {"body": body.key, "number": number, **told}
        done = act(
            kind, subject, opening.event, opening.actor, day=on, data=data, system_data=told, key=key, opening=True
        )
        if done.repeated:
            transaction.set_rollback(True)  # gives the number back, also when two tries ran side by side
        elif kind == MESSAGE.name:
            repeats.remember(subject, body.key, data)
        return done


def do(
    kind: str,
    subject: str,
    event: str,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    *,
    day: date | None = None,
    key: str | None = None,
) -> Done:
    """Make any later event of a question or a mistake.

    Whatever leaves the house is held against the sender's data. Raises ``procedure.Invalid``, ``procedure.Refused``,
    ``ledger.services.Conflict``.
    """
    values = dict(data or {})
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        case = replay(kind, subject)
        table = MISTAKE if kind == MISTAKE.name else MESSAGE
        table.may(case.state, event, Situation(case, actor.key, actor.roles, day or clock.today()))
        if kind == MISTAKE.name:
            _hold_against([case.personal], values)
            return act(kind, subject, event, actor, day=day, data=values, key=key)
        if event == "merge":
            return _merge(subject, actor, values, day, key)
        told = _told(subject, case, event, values)
        done = act(kind, subject, event, actor, day=day, data=values, system_data=told, key=key)
        if event == "approve":
            for child in MessageRow.objects.filter(into=subject, state="merged").order_by("key"):
                _answer_with(child.key, done.state.reply, day)
        return done


def _told(subject: str, case: Message, event: str, values: dict[str, Any]) -> dict[str, Any]:
    """What the house adds to a line, once the words in it are in order."""
    if event == "assign" and values.get("difficulty"):
        pack = pack_of(Body.objects.get(key=case.body))
        return {"days": pack.message_days.get(values["difficulty"], case.days), "rule": pack.name}
    if event in {"draft", "refuse", "prepare", "publish", "withdraw"}:
        children = list(MessageRow.objects.filter(into=subject).values_list("key", flat=True))
        senders = [case.personal, *(replay(MESSAGE.name, child).personal for child in children)]
        shown = {"heading": case.heading, "question": case.question, "reply": case.reply} if event == "publish" else {}
        if event == "prepare":
            shown = {"reply": case.reply}
        _hold_against(senders, values | shown, public=event in {"prepare", "publish"})
    if event == "refuse" and MessageRow.objects.filter(into=subject, state="merged").exists():
        raise Refused("有其他留言并入了这一件，请先取消并入", kind="guard")
    return {}


def _hold_against(places: list[str], words: Mapping[str, Any], *, public: bool = False) -> None:
    """Raise ``procedure.Invalid`` where a text holds something of a sender's, or (``public``) of anybody's.

    To be published, there must be something to compare with: raises ``procedure.Refused``.
    """
    texts = {name: (label, str(words.get(name) or "")) for name, label in _LABELS.items()}
    errors = []
    for place in places:
        personal = vault.peek(place)
        if public and not personal:
            raise Refused(GONE, kind="guard")
        errors += privacy.objections(personal, texts)
    if public:
        for name, (label, text) in texts.items():
            if name not in dict(errors) and (hits := privacy.identifying(text)):
                errors.append((name, f"“{label}”中含有{'、'.join(hits)}，请删去后再提交"))
    if errors:
        raise Invalid([(name, message.replace("申请人", "留言人")) for name, message in dict.fromkeys(errors)])


def _merge(subject: str, actor: Actor, values: dict[str, Any], day: date | None, key: str | None) -> Done:
    """Join another message of the same body; where that one is answered already, this one has its answer at once."""
    number = str(values.get("into") or "").strip()
    own = MessageRow.objects.get(pk=subject)
    other = MessageRow.objects.filter(number=number, body=own.body_id).exclude(pk=subject).first() if number else None
    if number and (other is None or other.into or other.state not in JOINABLE):
        raise Invalid([("into", f"没有编号为“{number[:80]}”、可以一并答复的留言，请核对后重新填写")])
    if MessageRow.objects.filter(into=subject).exists():
        raise Refused("有其他留言并入了这一件，不能再并入别的留言", kind="guard")
    told = {"into": other.key} if other else {}
    done = act(MESSAGE.name, subject, "merge", actor, day=day, data=values, system_data=told, key=key)
    if other and other.answered_on:
        done = _answer_with(subject, replay(MESSAGE.name, other.key).reply, day)
    return done


def _answer_with(subject: str, reply: str, day: date | None) -> Done:
    return act(MESSAGE.name, subject, "answer_with", SYSTEM, day=day, system_data={"reply": reply})
