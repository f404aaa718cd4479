"""Public intake: what an applicant does by web or API. Everything here acts as the applicant, through the commands.

``submit`` enters a request once for each key; the rest are the applicant's later steps; :func:`status` is what the
applicant may see, without names of staff or notes made inside the house.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse

from gongkai.law.clocks import Deadline
from gongkai.law.decisions import LEAVES
from gongkai.law.derivation import chinese_day
from gongkai.law.receipt import Channel
from gongkai.ledger import attachments
from gongkai.ledger.attachments import Upload
from gongkai.ledger.models import Event
from gongkai.ledger.services import Done, lines
from gongkai.organs.models import Body
from gongkai.procedure import Field, Invalid, clean

from . import queries, services
from .events import Case
from .models import Request
from .procedure import APPLICATION, PROCEDURE
from .projection import SUBJECT

#: What a citizen must tell beyond what every register needs: identity proof, and how the answer is wanted (Art 29).
_ALSO_REQUIRED = {"id_type", "id_number", "form", "delivery"}
#: Hints that help to find what is asked for; they become part of the content.
HINTS = (
    Field("reference", "文号", required=False, longest=60, hint="知道的话请填写，如 渝府办发〔2020〕12号"),
    Field("year", "年份", required=False, longest=20, hint="信息大约产生于哪一年，如 2020"),
)
#: The form of a citizen, in the order it is asked. ``title`` may be left out: it is then made from what is quoted.
FIELDS: tuple[Field, ...] = (
    *(replace(f, required=f.name in _ALSO_REQUIRED or (f.required and f.name != "title")) for f in APPLICATION),
    *HINTS,
)
#: Which contact a way of delivery needs.
_CONTACT = {"mail": "address", "email": "email"}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_QUOTED = re.compile(r"《[^《》]{2,80}》")
NO_TITLE = "申请公开政府信息"


@dataclass(frozen=True)
class Receipt:
    """What the applicant takes away. ``url`` is the status page; ``repeated`` says the key had been used before."""

    number: str
    query_code: str
    url: str
    subject: str
    repeated: bool


@dataclass(frozen=True)
class Place:
    """Where an application is handed in, when not by internet: a disclosure zone 政务公开专区, by its key and name."""

    key: str
    name: str


def body_of(key: str) -> Body:
    """The body that is asked. Raises ``procedure.Invalid`` naming the field ``body``."""
    found = Body.objects.filter(key=key).first() if key and "\x00" not in key else None
    if found is None:
        raise Invalid(
            [("body", f"没有标识为“{key[:40]}”的行政机关，请从所列机关中选择" if key else "请选择“行政机关”")]
        )
    return found


def check(data: Mapping[str, Any], fields: Sequence[Field] = FIELDS) -> dict[str, Any]:
    """A citizen's entries as the procedure takes them, or every fault of the given fields at once.

    Raises ``procedure.Invalid``. A rule over several fields is checked once all of them are among ``fields``.
    """
    errors: list[tuple[str, str]] = []
    values: dict[str, Any] = {}
    try:
        values = clean(fields, data)
    except Invalid as invalid:
        errors = list(invalid.errors)
    names, faulty = {f.name for f in fields}, {name for name, _ in errors}
    seen = values or {name: str(data.get(name) or "").strip() for name in names}
    for name, message in _across(seen, names):
        if name not in faulty:
            errors.append((name, message))
    if errors:
        raise Invalid(errors)
    return values


def _across(seen: Mapping[str, Any], names: set[str]) -> list[tuple[str, str]]:
    """The rules that look at more than one entry, or at the shape of one."""
    errors = []
    if {"phone", "email", "address"} <= names and not any(seen.get(name) for name in ("phone", "email", "address")):
        errors.append(("phone", "请至少填写一种联系方式：联系电话、电子邮箱或者通信地址（条例第二十九条）"))
    if seen.get("email") and not _EMAIL.fullmatch(seen["email"]):
        errors.append(("email", "“电子邮箱”格式不对，应如 name@example.com"))
    needed = _CONTACT.get(str(seen.get("delivery", "")))
    if needed and needed in names and not seen.get(needed):
        label = {"address": "通信地址", "email": "电子邮箱"}[needed]
        errors.append((needed, f"选择了这种获取方式，请填写“{label}”"))
    return errors


def submit(
    body: Body | str,
    data: Mapping[str, Any],
    *,
    files: Sequence[Upload] = (),
    key: str | None = None,
    place: Place | None = None,
) -> Receipt:
    """Enter a citizen's request; the same ``key`` again gives the same receipt and changes nothing.

    ``data`` are :data:`FIELDS` by name. It arrives by internet and waits for both sides to confirm; handed in at a
    ``place`` of the house it is received at once (Art 31).
    Raises ``procedure.Invalid`` (field, Chinese message), ``procedure.Refused``, ``ledger.services.Conflict``.
    """
    to = body if isinstance(body, Body) else body_of(str(body or ""))
    values, code = prepared(data), services.new_code()
    values |= {"channel": Channel.IN_PERSON.value} if place else {}
    at = place.name if place else ""
    with attachments.keeping(files) as kept:
        done = services.receive(to, services.APPLICANT, values, key=key, attached=kept.told, code=code, place=at)
        if done.repeated:
            kept.forget()
            code = queries.query_code(done.event.subject)
    return Receipt(done.state.number, code, status_url(), done.event.subject, done.repeated)


def prepared(data: Mapping[str, Any]) -> dict[str, Any]:
    """The entries as the register takes them: checked, hints made part of the content, the title made if left out.

    Raises ``procedure.Invalid``.
    """
    values = check(data)
    reference = values.get("reference", "")
    hints = [f"{f.label}：{values.pop(f.name)}" for f in HINTS if f.name in values]
    values["title"] = values.get("title") or _title(values["content"], reference)
    values["content"] = "\n".join((values["content"], *hints))
    return values | {"channel": Channel.WEB.value}


def _title(content: str, reference: str = "") -> str:
    """The titles the content quotes and the number given; the rest may be about the person and stays in the vault."""
    quoted = list(dict.fromkeys(filter(None, (*_QUOTED.findall(content), reference))))
    return f"申请公开{'、'.join(quoted)}"[:200] if quoted else NO_TITLE


def status_url() -> str:
    """Where number and code are entered; neither stands in an address."""
    try:
        return reverse("portal:requests:status")
    except NoReverseMatch:
        return "/apply/status/"


def answer_clarification(subject: str, content: str, *, files: Sequence[Upload] = (), key: str | None = None) -> Done:
    """The applicant's correction 补正 (Art 30); the answer period starts anew. Raises as ``services.do``."""
    return act(subject, "clarify", {"content": content}, files=files, key=key)


def give_reasons(subject: str, content: str, *, files: Sequence[Upload] = (), key: str | None = None) -> Done:
    """The reasons asked for under Art 35. Raises as ``services.do``."""
    return act(subject, "give_reasons", {"content": content}, files=files, key=key)


def withdraw(subject: str, reason: str, *, key: str | None = None) -> Done:
    """The applicant withdraws. Raises as ``services.do``."""
    return act(subject, "withdraw", {"reason": reason}, key=key)


def act(
    subject: str, event: str, data: Mapping[str, Any], *, files: Sequence[Upload] = (), key: str | None = None
) -> Done:
    """Any event the procedure's table gives to the applicant. Raises as ``services.do``."""
    with attachments.keeping(files) as kept:
        done = services.do(subject, event, services.APPLICANT, data, key=key, attached=kept.told)
        if done.repeated:
            kept.forget()
    return done


# What the applicant may see ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublicEvent:
    """A line of the case as the applicant may read it."""

    on: date
    title: str
    text: str = ""
    by_applicant: bool = False


@dataclass(frozen=True)
class Step:
    """A step of the due date's derivation, in Chinese, with its article."""

    text: str
    article: str


@dataclass(frozen=True)
class Fee:
    """What a fee notice says: ``amount`` in yuan, what was counted, and the last day to pay."""

    amount: str
    counted: str
    due: date | None


@dataclass(frozen=True)
class PublicStatus:
    """A request as its applicant may see it.

    ``state`` is one of the keys of :data:`WORDS` and ``label``, ``explanation`` its plain words; ``due`` is None before
    receipt and after the answer; ``actions`` are the events open to the applicant now; ``parts`` are number and code of
    the requests split off this one.
    """

    number: str
    title: str
    body: str
    state: str
    label: str
    explanation: str
    received_on: date | None
    due: date | None
    deadline: Deadline | None
    steps: tuple[Step, ...]
    events: tuple[PublicEvent, ...]
    actions: tuple[str, ...]
    clarification: tuple[str, date] | None = None
    fee: Fee | None = None
    decision: tuple[str, str, date] | None = None
    attachments: tuple[Mapping[str, Any], ...] = field(default=())
    parts: tuple[tuple[str, str], ...] = ()


#: States as the applicant reads them: what the house does inside (drafting, checking, signing) is one word outside.
WORDS: dict[str, tuple[str, str]] = {
    "awaiting": (
        "等待确认",
        "您的申请已经送到。工作人员会与您联系确认收到；双方确认之日为收到申请之日，从那时起计算答复期限。",
    ),
    "registered": ("已收到", "已确认收到您的申请，正在转交承办。"),
    "handling": ("办理中", "正在查找和审查您申请的信息。"),
    "clarifying": (
        "等待您补正",
        "申请内容不够明确，需要您补充说明。在您补正之前不计算答复期限；逾期不补正又没有正当理由的，视为放弃申请。",
    ),
    "consulting": ("征求意见中", "您申请的信息涉及他人或者其他机关，正在征求意见；所需时间不计入答复期限。"),
    "explaining": ("等待您说明理由", "您申请的数量、次数较多，请说明理由。"),
    "paying": ("等待您缴费", "请按收费通知缴纳信息处理费。缴费之前不计算答复期限；逾期不缴的，视为放弃申请。"),
    "answered": ("已作出答复", "答复已经作出，正在向您送达。"),
    "served": ("已送达", "答复已经送达。对答复不服的，可以依法申请行政复议或者提起行政诉讼，期限和途径见答复书。"),
    "closed": ("已结束", "这件申请已经结束办理。"),
    "void": ("登记作废", "这个编号的登记已作废。如有疑问，请联系受理机关。"),
}
_OUTSIDE = {"drafted": "handling", "reviewed": "handling", "signed": "answered"}


def _day(text: str) -> str:
    return chinese_day(date.fromisoformat(text))


def _clarification(e: Event) -> str:
    return f"需要补正：{e.data['what']}（请于{_day(e.data['until'])}以前补正）"


#: The lines that concern the applicant, and what each says; every other line stays inside.
TOLD: dict[str, tuple[str, Callable[[Event], str]]] = {
    "submit": ("提交申请", lambda e: ""),
    "register": ("收到申请", lambda e: ""),
    "confirm": ("双方确认收到", lambda e: "从次日起计算答复期限"),
    "request_clarification": ("通知补正", _clarification),
    "clarify": ("收到补正", lambda e: "答复期限重新计算"),
    "lapse_unclarified": ("逾期未补正，办理结束", lambda e: ""),
    "split": ("分为几件分别办理", lambda e: f"另外登记：{'、'.join(e.data['parts'])}"),
    "consult": ("征求意见", lambda e: "所需时间不计入答复期限"),
    "consulted": ("收到意见", lambda e: "继续计算答复期限"),
    "extend": ("延长答复期限", lambda e: f"延长 {e.data['days']} 个工作日"),
    "ask_reasons": ("请您说明理由", lambda e: ""),
    "give_reasons": ("收到您说明的理由", lambda e: ""),
    "delay": ("确定合理延迟答复期限", lambda e: f"延迟至{_day(e.data['until'])}"),
    "notice_fee": ("通知缴费", lambda e: f"{e.data['amount']} 元（{e.data['counted']}）"),
    "report_payment": ("您告知已缴费", lambda e: "等待核对到账"),
    "pay": ("收到缴费", lambda e: "答复期限重新计算"),
    "lapse_unpaid": ("逾期未缴费，办理结束", lambda e: ""),
    "sign": ("作出答复", lambda e: e.data.get("document_number", "")),
    "serve": ("送达答复", lambda e: ""),
    "reopen": ("重新办理", lambda e: ""),
    "withdraw": ("撤回申请", lambda e: ""),
    "void": ("登记作废", lambda e: ""),
}


def status(row: Request) -> PublicStatus:
    """What the applicant of a request may see now; the caller has proved number and code (``queries.by_code``)."""
    past = lines(services.KIND, row.key)
    case: Case = SUBJECT.fold(past)
    deadline = case.deadline()
    kept = case.state in {"archived", "erased"}
    state = _OUTSIDE.get(case.state, "closed" if kept else case.state)
    if kept and case.served_on:
        state = "served"
    running = deadline if deadline and case.answered_on is None and case.state != "void" else None
    waits = deadline.waiting if deadline else None
    return PublicStatus(
        number=case.number,
        title=case.title,
        body=row.body.name,
        state=state,
        label=WORDS[state][0],
        explanation=WORDS[state][1],
        received_on=case.received_on,
        due=running.due if running else None,
        deadline=running,
        steps=tuple(Step(step.text, step.article.short) for step in running.steps) if running else (),
        events=tuple(_told(past)),
        actions=open_to_applicant(case),
        clarification=_asked(past) if case.state == "clarifying" else None,
        fee=_fee(past, waits.due if waits else None) if case.state == "paying" else None,
        decision=_decision(case),
        parts=_parts(past),
        attachments=tuple(one for e in past if _by_applicant(e) for one in e.data.get("attachments", ())),
    )


def _parts(past: Sequence[Event]) -> tuple[tuple[str, str], ...]:
    numbers = [number for e in past if e.kind == "split" for number in e.data["parts"]]
    rows = Request.objects.filter(number__in=numbers).order_by("key") if numbers else ()
    return tuple((row.number, queries.query_code(row.key)) for row in rows)


def open_to_applicant(case: Case) -> tuple[str, ...]:
    """The events the table gives to the applicant in this state."""
    return tuple(move.event for move in PROCEDURE.allowed(case.state, services.APPLICANT.roles))


def _by_applicant(event: Event) -> bool:
    return event.actor == services.APPLICANT.key


def _told(past: Sequence[Event]) -> list[PublicEvent]:
    return [
        PublicEvent(e.legal_day, TOLD[e.kind][0], TOLD[e.kind][1](e), _by_applicant(e)) for e in past if e.kind in TOLD
    ]


def _last(past: Sequence[Event], kind: str) -> Event:
    return next(e for e in reversed(past) if e.kind == kind)


def _asked(past: Sequence[Event]) -> tuple[str, date]:
    data = _last(past, "request_clarification").data
    return data["what"], date.fromisoformat(data["until"])


def _fee(past: Sequence[Event], due: date | None) -> Fee:
    data = _last(past, "notice_fee").data
    return Fee(data["amount"], data["counted"], due)


def _decision(case: Case) -> tuple[str, str, date] | None:
    """Title, number and day of the answer, once it has been served, or of the end a case came to by itself."""
    if case.answered_on is None:
        return None
    if case.served_on and case.draft:
        return LEAVES[case.draft.leaf].title, case.document_number, case.answered_on
    if case.state in {"closed", "archived"} and case.leaf and case.rounds == 1:
        return LEAVES[case.leaf].title, "", case.answered_on
    return None
