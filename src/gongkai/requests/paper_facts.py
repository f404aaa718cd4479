"""The facts of a paper, from the case as it stood at the paper's event."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.conf import settings

from gongkai.law import fees
from gongkai.law.calendar import CHINA
from gongkai.law.clocks import SUB_CLOCKS
from gongkai.law.decisions import LEAVES
from gongkai.law.receipt import RULES, Channel
from gongkai.law.remedies import outcome_of, remedy
from gongkai.ledger.models import Event
from gongkai.organs.models import Body
from gongkai.papers.facts import Facts
from gongkai.papers.linter import full_basis

from .consultation import Party
from .events import Case
from .letter import items_of, lines_of, withheld_of
from .procedure import APPLICATION, CATEGORIES, OPINIONS, SERVICES
from .services import code_key

if TYPE_CHECKING:
    from .papers import Issued

#: Reads an entry of the vault.
Opener = Callable[[str], Mapping[str, str]]
CHOICES = {field.name: dict(field.choices) for field in APPLICATION if field.choices}
CONSULTED_KINDS = {"third_party": "第三方", "joint_maker": "共同制作机关", "agency": "其他机关"}
ERASED = "（个人信息已按保存期限删除）"
UNSIGNED = "（签发时编号）"


def facts_of(issued: "Issued", body: Body, opened: Opener) -> Facts:
    """Everything this paper can state."""
    case, event = issued.case, issued.event
    wanted = issued.template.placeholders
    facts = _house(case, body, event) | _case(case) | _people(case, event, wanted, opened)
    facts |= BY_EVENT.get(event.kind, _nothing)(issued, opened)
    first = issued.past[0]
    facts["id_type"] = CHOICES["id_type"].get(first.data.get("id_type", ""), "")
    return Facts(**facts)


def chinese(day: date | None) -> str:
    """2021年3月12日."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _day(text: str | None) -> str:
    return chinese(date.fromisoformat(text)) if text else ""


def listed(lines: Sequence[str]) -> str:
    """As a sentence goes on: ``：one thing。``, or how many and each on its own line."""
    lines = [line.rstrip("。；") for line in lines]
    if not lines:
        return ""
    if len(lines) == 1:
        return f"：{lines[0]}。"
    return f"（共{len(lines)}项）：\n" + "\n".join(f"{n}．{line}。" for n, line in enumerate(lines, 1))


def ended(text: str) -> str:
    """The text as a sentence: with a full stop where the writer left it out."""
    text = text.strip()
    return text if not text or text[-1] in "。！？；：" else f"{text}。"


def forum(body: Body) -> tuple[str, str]:
    """Who reviews this body's decisions and which court hears suits, as letters name them.

    Named in the setting ``FORUMS`` (body key → review body and court), else the body above (行政复议法 Art 24), for a
    body without one its own government, and the court with jurisdiction.
    """
    named: dict[str, tuple[str, str]] = getattr(settings, "FORUMS", {})
    return named.get(body.key, (body.parent.name if body.parent else body.name, "有管辖权的人民法院"))


def _house(case: Case, body: Body, event: Event) -> dict[str, Any]:
    review_body, court = forum(body)
    return {
        "stamp": event.legal_day,
        "date": chinese(event.legal_day),
        "agency": body.name,
        "agency_address": body.address,
        "agency_phone": body.phone,
        "unit": case.unit,
        "review_body": review_body,
        "court": court,
    }


def _case(case: Case) -> dict[str, Any]:
    deadline = case.deadline()
    rule = RULES[Channel(case.channel)]
    waits = "待双方确认（双方确认之日为收到申请之日）"
    return {
        "number": case.number,
        "document_number": case.document_number,
        "title": case.title.removeprefix("申请公开"),
        "channel": rule.label,
        "received_on": chinese(case.received_on) or waits,
        "receipt_rule": f"收到日期的认定：{rule.sentence}（{rule.article.full}）。",
        "due": chinese(deadline.due) if deadline else "自双方确认之日的次日起二十个工作日内",
        "clock": "；".join(step.text for step in deadline.steps).replace(" → ", "，至") + "。" if deadline else "",
        "form": CHOICES["form"].get(case.form, ""),
        "delivery": CHOICES["delivery"].get(case.delivery, ""),
        "category": dict(CATEGORIES)[case.category],
        "you": addressed(case),
        "leaf": case.leaf or "",
    }


def _people(case: Case, event: Event, wanted: frozenset[str], opened: Opener) -> dict[str, str]:
    """The applicant and the query code; an entry is opened only for a paper that prints something of it."""
    facts: dict[str, str] = {}
    names = ("id_number", "phone", "email", "address", "content")
    if wanted & {"applicant", *names}:
        person = opened(case.personal)
        facts = {name: person.get(name, "") for name in names}
        facts["applicant"] = person.get("name", "") or ERASED
        facts["content"] = facts["content"] or ERASED
    if "query_code" in wanted:
        facts["query_code"] = opened(code_key(event.subject)).get("query_code", "") or ERASED
    return facts


# What each event adds.


def _nothing(issued: "Issued", opened: Opener) -> dict[str, Any]:
    return {}


def _clarification(issued: "Issued", opened: Opener) -> dict[str, Any]:
    data = issued.event.data
    return {"clarification": ended(data["what"]), "clarification_until": _day(data["until"])}


def _reason(issued: "Issued", opened: Opener) -> dict[str, Any]:
    return {"reason": ended(issued.event.data["reason"])}


def _extension(issued: "Issued", opened: Opener) -> dict[str, Any]:
    before = issued.before.deadline()
    return {
        "reason": issued.event.data["reason"].strip().rstrip("。"),
        "extended_days": str(issued.event.data.get("days", "")),
        "due_before": chinese(before.due) if before else "",
    }


def _consultation_of(event: Event, opened: Opener) -> dict[str, Any]:
    data = event.data
    name = opened(data.get("personal", "")).get("name", "")
    return {
        "consulted": name or ERASED,
        "consulted_kind": CONSULTED_KINDS[data["whom"]],
        "consultation_about": data["about"].rstrip("。"),
        "consulted_on": chinese(event.legal_day),
        "reply_by": chinese(SUB_CLOCKS["third_party"].due(event.legal_day)),
    }


def _consultation(issued: "Issued", opened: Opener) -> dict[str, Any]:
    if "consulted" in issued.template.placeholders:
        return _consultation_of(issued.event, opened)
    # The notice to the applicant never names the other side.
    return _consultation_of(issued.event, lambda key: {})


def _fee(issued: "Issued", opened: Opener) -> dict[str, Any]:
    data = issued.event.data
    deadline = issued.case.deadline()
    waiting = deadline.waiting if deadline else None
    return {
        "fee": data["amount"],
        "fee_counted": data["counted"],
        "fee_derivation": fee_derivation(data["amount"], data["counted"], int(data.get("before", 0))),
        "pay_by": chinese(waiting.due if waiting else CHINA.add_workdays(issued.event.legal_day, 20)),
    }


def fee_derivation(amount: str, counted: str, before: int = 0) -> str:
    """How the tariff comes to the amount, ``before`` items of the month going first; empty where it does not."""
    found = re.search(r"(\d{1,6})\s*([页件])", counted)
    if not found or int(found[1]) == 0:
        return ""
    fee = fees.by_page(int(found[1])) if found[2] == "页" else fees.by_item(int(found[1]), before=before)
    try:
        return f"{fee.text}。" if fee.total == Decimal(amount) else ""
    except InvalidOperation:
        return ""


def _decision(issued: "Issued", opened: Opener) -> dict[str, Any]:
    case, event = issued.case, issued.event
    draft = case.draft
    assert draft is not None, "the table has no signing without a draft"
    leaf, body = LEAVES[draft.leaf], forum(Body.objects.select_related("parent").get(key=case.body))
    facts = {
        "leaf": draft.leaf,
        "transferred_to": draft.transferred_to,
        "decision": leaf.title,
        "document_number": UNSIGNED if event.kind == "draft" else case.document_number,
        "items": listed(items_of(case)),
        "findings": listed(lines_of(draft.findings)),
        "basis": full_basis(draft.basis),
        "history": history(issued.past, addressed(case)),
        "remedy": remedy(outcome_of(draft.leaf), event.legal_day).paragraph(*body),
    }
    kept = ("text", "reason", "provided", "searched", "earlier")
    facts |= {name: ended(getattr(draft, name)) for name in kept}
    facts["withheld"] = "\n".join(ended(line) for line in lines_of(withheld_of(case)))
    if "consulted" in issued.template.placeholders:
        facts |= _third_party(case.parties[issued.party - 1], opened)
    return facts


def addressed(case: Case) -> str:
    """How the applicant is addressed."""
    return "您" if case.category == "natural_person" else "你单位"


def _third_party(party: Party, opened: Opener) -> dict[str, Any]:
    said = "你方逾期未提出意见" if party.opinion in {"", "silent"} else f"你方的意见为：{dict(OPINIONS)[party.opinion]}"
    name = opened(party.personal).get("name", "") or ERASED
    return {"consulted": name, "consulted_on": chinese(party.sent_on), "opinion": said}


def _closing(issued: "Issued", opened: Opener) -> dict[str, Any]:
    """A case that ended without a drafted letter: lapsed, or withdrawn."""
    case, event = issued.case, issued.event
    code = {"lapse_unclarified": "3.6.1", "lapse_unpaid": "3.6.2"}.get(event.kind, "3.6.3")
    body = forum(Body.objects.select_related("parent").get(key=case.body))
    return {
        "leaf": code,
        "decision": LEAVES[code].title,
        "document_number": case.number,
        "items": listed(items_of(case)),
        "basis": "、".join(one.full for one in LEAVES[code].articles),
        "history": history(issued.past[:-1], addressed(case)),
        "reason": ended(event.data["reason"]),
        "remedy": remedy(outcome_of(code), event.legal_day).paragraph(*body),
    }


def _service(issued: "Issued", opened: Opener) -> dict[str, Any]:
    data = issued.event.data
    signer = opened(data["personal"]).get("signer", ERASED) if "personal" in data else ""
    return {
        "method": dict(SERVICES)[data["method"]],
        "served_on": chinese(issued.event.legal_day),
        "proof": data.get("proof", ""),
        "signer": signer,
    }


BY_EVENT: dict[str, Callable[["Issued", Opener], dict[str, Any]]] = {
    "request_clarification": _clarification,
    "ask_reasons": _reason,
    "extend": _extension,
    "delay": _extension,
    "consult": _consultation,
    "notice_fee": _fee,
    "draft": _decision,
    "sign": _decision,
    "serve": _service,
    "lapse_unclarified": _closing,
    "lapse_unpaid": _closing,
    "withdraw": _closing,
}

#: What a decision letter tells of the way so far, by event.
_TOLD: dict[str, Callable[[Mapping[str, Any], str], str]] = {
    "request_clarification": lambda data, you: f"本机关告知{you}补正申请内容",
    "clarify": lambda data, you: f"本机关收到{you}的补正材料",
    "consult": lambda data, you: f"本机关书面征求{CONSULTED_KINDS[data['whom']]}的意见",
    "consulted": lambda data, you: f"被征求意见的一方{dict(OPINIONS)[data['opinion']]}",
    "opinion": lambda data, you: f"被征求意见的一方{dict(OPINIONS)[data['opinion']]}",
    "extend": lambda data, you: f"本机关告知{you}延长答复期限{data['days']}个工作日",
    "ask_reasons": lambda data, you: f"本机关要求{you}说明申请理由",
    "give_reasons": lambda data, you: f"本机关收到{you}对申请理由的说明",
    "no_reasons": lambda data, you: f"{you}未说明申请理由",
    "delay": lambda data, you: f"本机关告知{you}延迟答复的合理期限",
    "notice_fee": lambda data, you: f"本机关通知{you}缴纳信息处理费{data['amount']}元",
    "pay": lambda data, you: f"{you}完成缴费",
    "reopen": lambda data, you: f"本机关重新办理{you}的申请（{data['reason'].rstrip('。')}）",
}


def history(past: Sequence[Event], you: str) -> str:
    """What happened between receipt and decision, in one paragraph; empty where nothing did."""
    told = [f"{chinese(e.legal_day)}，{_TOLD[e.kind](e.data, you)}" for e in past if e.kind in _TOLD]
    return "；".join(told) + "。" if told else ""
