"""The guards of a request's procedure: each looks at the case and the data and says why not, in Chinese, or nothing."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from gongkai.law.clocks import ClockEvent, ImpossibleSequence
from gongkai.law.decisions import LEAVES, walk
from gongkai.law.fees import charge
from gongkai.papers.linter import check
from gongkai.procedure import Situation

from . import materials
from .letter import letter

#: What proves service, by method (Art 40): what to write as the proof, and whether somebody signs.
PROOFS = {
    "in_person": ("送达回证编号或者说明", "签收人"),
    "mail": ("邮政邮件号（应通过邮政企业邮寄，以交邮之日为送达之日）", ""),
    "email": ("邮件系统回执，或者申请人确认收到的情况", ""),
    "web": ("网上送达的系统记录编号，或者申请人下载、确认的情况", ""),
    "public_notice": ("公告的载体和日期", ""),
}


def _clock(kind: str) -> Callable[[Situation], str | None]:
    """The guard that asks the law's clock whether this event is possible now."""

    def guard(situation: Situation) -> str | None:
        data = situation.data
        try:
            event = ClockEvent(kind, situation.day, days=data.get("days"), until=_day(data.get("until")))
            situation.subject.with_clock_event(event, data.get("whom", "third_party")).deadline(strict=True)
        except ImpossibleSequence as error:
            return str(error)
        return None

    return guard


def _extension_is_open(s: Situation) -> str | None:
    """Asked with the shortest extension there is: whether any would do."""
    return _clock("extended")(replace(s, data={"days": 1}))


def _day(text: Any) -> Any:
    return date.fromisoformat(text) if text else None


def _clarification_has_time(s: Situation) -> str | None:
    return None if _day(s.data["until"]) > s.day else "补正期限应晚于告知日期，给申请人合理的时间"


def _clarification_overdue(s: Situation) -> str | None:
    until = s.subject.clarify_until
    return None if s.day > until else f"补正期限到 {until.isoformat()}，期满后才能按逾期不补正结案"


def _fee_overdue(s: Situation) -> str | None:
    waiting = s.subject.deadline().waiting
    return None if s.day > waiting.due else f"缴费期限到 {waiting.due.isoformat()}，期满后才能按逾期不缴费结案"


def _leaf_fits_history(s: Situation) -> str | None:
    if s.data["leaf"] == "3.4.3" and not s.subject.clarified:
        return "“补正后申请内容仍不明确”须先告知补正并收到补正"
    if s.data["leaf"] == "3.5.4" and not s.subject.reasons_asked:
        return "“无正当理由大量反复申请”须先要求申请人说明理由"
    return None


def _answers_lead_here(s: Situation) -> str | None:
    if "answers" not in s.data:
        return None
    try:
        found = walk(read_answers(s.data["answers"])).leaf
    except ValueError as error:
        return f"七问的回答不完整：{error}"
    leaf = LEAVES[s.data["leaf"]]
    return (
        None
        if found is leaf
        else f"七问的结论是“{found.title}”，与所选“{leaf.title}”不一致，请重新回答七问或者改正处理决定"
    )


def read_answers(text: str) -> dict[str, str]:
    """The seven questions' answers as the draft carries them: ``clarify=clear;subject=information``."""
    return dict(pair.split("=", 1) for pair in text.split(";") if "=" in pair)


def _fee_follows_tariff(s: Situation) -> str | None:
    """The amount is what the tariff says for the pages or items counted: not more, not less."""
    counted = re.search(r"(\d{1,6})\s*(页|件)", s.data["counted"])
    if counted is None:
        return "请写明计费数量：按量计收的写“109 页”，按件计收的写“15 件”"
    number, by_page = int(counted[1]), counted[2] == "页"
    try:
        fee = charge(pages=number) if by_page else charge(items=number, before=int(s.data.get("before", 0)))
    except ValueError as error:
        return str(error)
    if Decimal(s.data["amount"]) != fee.total:
        return f"金额应为 {fee.total} 元。{fee.text}"
    return None if fee.total else f"未达到收费标准，不发缴费通知。{fee.text}"


def _review_is_favourable(s: Situation) -> str | None:
    if s.data["secrecy"] != "cleared":
        return "保密审查未通过的，请用“退回修改”退回承办人"
    return None if s.data["legality"] == "sound" else "合法性审查有问题的，请用“退回修改”退回承办人"


def _approver_did_not_ask(s: Situation) -> str | None:
    asked = s.subject.extension_asked
    return "延期须由他人批准：申请人本人不能批准自己提出的延期" if asked and asked.by == s.actor else None


def _approver_is_not_handler(s: Situation) -> str | None:
    """Four eyes (Art 33), also where a colleague asked for the handler."""
    return "延期须由他人批准：承办人不能批准自己承办案件的延期" if s.subject.handler == s.actor else None


def _several_items(s: Situation) -> str | None:
    return None if s.data["items"] > 1 else "只有一项内容的不需要合并办理；项数应为 2 以上"


def _party_is_awaited(s: Situation) -> str | None:
    number, awaited = s.data["party"], dict(s.subject.awaited)
    return (
        None
        if number in awaited
        else f"没有等待第 {number} 方的意见，现等待：{'、'.join(f'第 {n} 方' for n in awaited)}"
    )


def _letter_is_complete(s: Situation) -> str | None:
    if s.subject.imported:
        return None  # its letter was written and sent elsewhere, before
    missing = check(letter(s.subject), draft_only=True)
    return f"答复书还不完整，请退回补充：{'；'.join(map(str, missing))}" if missing else None


#: Private couriers cannot serve an official letter: the law knows the postal enterprise only (邮政法 Art 55).
COURIERS = re.compile("顺丰|圆通|中通|申通|韵达|京东|极兔|德邦|百世")


def _service_is_proven(s: Situation) -> str | None:
    method, proof, until = s.data["method"], s.data.get("proof", ""), _day(s.data.get("until"))
    what, signs = PROOFS[method]
    if s.subject.imported:
        return None  # the register it came from may not say
    if signs and not s.data.get("signer"):
        return "直接送达须填写签收人"
    if not signs and not proof:
        return f"请填写送达凭证：{what}"
    if method == "mail" and (COURIERS.search(proof) or not re.search(r"[0-9]{4}", proof)):
        return "邮寄送达应当通过邮政企业，请填写邮政邮件号（如 EMS 1000000000000），其他快递不作为送达"
    if method == "public_notice":
        if until is None:
            return "公告送达须填写公告期满日"
        if s.day < until:
            return f"公告 {until.isoformat()} 期满，期满后才能登记送达"
    return None


def _material_is_at_hand(s: Situation) -> str | None:
    found = materials.find(s.subject, s.data["material"])
    return None if found else f"本次办理没有第 {s.data['material']} 份文件，请从所列文件中选择"


def _edition_awaits_release(s: Situation) -> str | None:
    found = materials.find(s.subject, s.data["material"])
    return None if found and found.awaits_release else "这份文件没有待审核的区分处理件"


def _releaser_did_not_redact(s: Situation) -> str | None:
    found = materials.find(s.subject, s.data["material"])
    own = found and any(edition.by == s.actor for edition in found.editions)
    return "制作人不能审核自己的区分处理件" if own else None


def _every_copy_is_released(s: Situation) -> str | None:
    waiting = "、".join(f"《{one.title}》" for one in materials.at_hand(s.subject) if one.awaits_release)
    return f"{waiting}的区分处理件还没有审核同意，请先审核或者退回" if waiting else None


def _approver_did_not_propose(s: Situation) -> str | None:
    own = s.subject.erasure and s.subject.erasure.by == s.actor
    return "清除个人信息须由他人批准：提出人不能批准自己的提议" if own else None


def _correction(s: Situation) -> str | None:
    if "leaf" in s.data and s.subject.leaf is None:
        return "尚未作出处理决定，不能更正处理决定"
    new = s.data.get("category", s.subject.category), s.data.get("leaf", s.subject.leaf)
    return "更正内容与现有登记相同" if new == (s.subject.category, s.subject.leaf) else None


_CLOCKED = (
    "clarification_requested", "clarified", "consultation_sent", "extended", "reasonable_delay",
    "fee_noticed", "fee_paid",
)  # fmt: skip

GUARDS: dict[str, Callable[[Situation], str | None]] = {f"clock_{kind}": _clock(kind) for kind in _CLOCKED} | {
    "extension_is_open": _extension_is_open,
    "clarification_has_time": _clarification_has_time,
    "clarification_overdue": _clarification_overdue,
    "fee_overdue": _fee_overdue,
    "reasons_were_given": lambda s: None if s.subject.reasons_given else "申请人说明理由后，才能确定合理延迟期限",
    "was_received": lambda s: None if s.subject.received_on else "此件从未双方确认收到，没有可以重新作出的答复",
    "leaf_fits_history": _leaf_fits_history,
    "reviewer_did_not_draft": lambda s: "拟稿人不能审核自己的稿件" if s.actor == s.subject.drafted_by else None,
    "signatory_did_not_draft": lambda s: "拟稿人不能签发自己的稿件" if s.actor == s.subject.drafted_by else None,
    "letter_is_complete": _letter_is_complete,
    "answers_lead_here": _answers_lead_here,
    "hand_over_says_why": lambda s: (
        "已有承办人，转交须写明理由" if s.subject.handler and not s.data.get("reason") else None
    ),
    "fee_follows_tariff": _fee_follows_tariff,
    "review_is_favourable": _review_is_favourable,
    "approver_did_not_ask": _approver_did_not_ask,
    "approver_is_not_handler": _approver_is_not_handler,
    "none_is_asked": lambda s: "已经申请延期，等待审批" if s.subject.extension_asked else None,
    "extension_is_asked": lambda s: None if s.subject.extension_asked else "没有待审批的延期申请",
    "several_items": _several_items,
    "still_one_application": lambda s: "这件申请已经分拆过" if s.subject.application or s.subject.parts else None,
    "several_are_awaited": lambda s: None if len(s.subject.awaited) > 1 else "只等待一方意见，请直接登记意见",
    "one_is_awaited": lambda s: (
        f"还在等待 {len(s.subject.awaited)} 方的意见，请逐一登记" if len(s.subject.awaited) > 1 else None
    ),
    "party_is_awaited": _party_is_awaited,
    "service_is_proven": _service_is_proven,
    "has_material": lambda s: None if materials.at_hand(s.subject) else "还没有存入待区分处理的文件",
    "material_is_at_hand": _material_is_at_hand,
    "some_edition_awaits_release": lambda s: (
        None if any(one.awaits_release for one in materials.at_hand(s.subject)) else "没有待审核的区分处理件"
    ),
    "edition_awaits_release": _edition_awaits_release,
    "releaser_did_not_redact": _releaser_did_not_redact,
    "every_copy_is_released": _every_copy_is_released,
    "no_erasure_is_proposed": lambda s: "已经提出清除，等待批准" if s.subject.erasure else None,
    "erasure_is_proposed": lambda s: None if s.subject.erasure else "没有待批准的清除提议",
    "approver_did_not_propose": _approver_did_not_propose,
    "correction_changes_something": _correction,
}
