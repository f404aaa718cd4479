"""Why an event of a norm is refused: each guard looks at the norm, the actor, the day and the data, and at nothing else."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from gongkai.procedure import Situation

#: SHA-256 in hexadecimal: what an event carries in place of a text.
_DIGEST = 64


def day_of(text: Any) -> date | None:
    """The day an event's data name, None where they name none."""
    return date.fromisoformat(text) if text else None


def order(issued: date, effective: date, valid_until: date | None, ended: date | None) -> str | None:
    """Why these dates cannot be those of one norm, or None."""
    if effective < issued:
        return "施行日期不能早于公布日期"
    if valid_until and valid_until < effective:
        return "有效期不能在施行日期之前届满"
    if ended and ended < issued:
        return "废止或失效日期不能早于公布日期"
    if ended and valid_until and ended > valid_until + timedelta(1):
        return f"有效期至 {valid_until.isoformat()}，在此之后已经失效，不能再废止或宣布失效"
    return None


def _dates_in_order(s: Situation) -> str | None:
    issued = day_of(s.data.get("issued_on")) or s.day
    if issued > s.day:
        return "公布日期不能晚于登记日期"
    return order(issued, day_of(s.data.get("effective_on")) or issued, day_of(s.data.get("valid_until")), None)


def _still_stands(s: Situation) -> str | None:
    if s.day >= s.subject.ceased_on:
        return f"此件已于 {s.subject.ceased_on.isoformat()} 起失效"
    return None


def _end_in_order(s: Situation) -> str | None:
    ended = day_of(s.data.get("from_on")) or s.day
    if ended < s.day:
        return "废止或失效日期不能早于作出决定的日期"
    norm = s.subject
    return order(norm.issued_on, norm.effective_on, norm.valid_until, ended)


def _period_is_longer(s: Situation) -> str | None:
    until = s.subject.valid_until
    if until is None:
        return "此件未规定有效期，不需要延长"
    return (
        None if date.fromisoformat(s.data["valid_until"]) > until else f"新的有效期应晚于现有效期 {until.isoformat()}"
    )


def _period_is_over(s: Situation) -> str | None:
    until = s.subject.valid_until
    if until is None:
        return "此件未规定有效期"
    return None if s.day > until else f"有效期至 {until.isoformat()}，期满后才能登记"


def _correction(s: Situation) -> str | None:
    norm, data = s.subject, {name: value for name, value in s.data.items() if name != "reason"}
    if all(str(getattr(norm, name)) == str(value) for name, value in data.items()):
        return "更正内容与现有登记相同"
    dates = [day_of(data.get(name)) or getattr(norm, name) for name in ("issued_on", "effective_on", "valid_until")]
    return "公布日期不能晚于登记日期" if dates[0] > s.day else order(*dates, norm.ended_on)


def _not_the_drafter(s: Situation) -> str | None:
    return "起草人不能审核、批准自己的稿件" if s.actor == s.subject.drafted_by else None


def _comments_open_later(s: Situation) -> str | None:
    return None if date.fromisoformat(s.data["until"]) > s.day else "征求意见的截止日期应晚于开始日期"


def _comments_are_over(s: Situation) -> str | None:
    until = s.subject.comment_until
    return f"公开征求意见至 {until.isoformat()}，期满后才能登记结果" if until and s.day <= until else None


def _registered_first(s: Situation) -> str | None:
    if s.subject.kind == "normative_document":
        return "行政规范性文件未经统一登记、统一编号，不得公布，请先办理“统一登记编号”"
    return None


def _has_register_number(s: Situation) -> str | None:
    if s.subject.kind == "normative_document" and not s.subject.register_number:
        return "行政规范性文件没有登记号，不得公布"
    return None


def _text_is_stored(s: Situation) -> str | None:
    text = s.data.get("text", "")
    whole = len(text) == _DIGEST and set(text) <= set("0123456789abcdef")
    return None if not text or whole else "正文应先存入文件库，再登记"


def _text_is_new(s: Situation) -> str | None:
    if s.data["text"] == s.subject.text:
        return "正文与已登记的相同"
    if s.subject.text and s.subject.state != "draft" and not s.data.get("reason"):
        return "正文已经登记，更换正文须写明理由"
    return None


def _not_filed(s: Situation) -> str | None:
    return f"此件已于 {s.subject.filed_on.isoformat()} 报送备案" if s.subject.filed_on else None


def relation_of(data: Any) -> tuple[str, str, str]:
    """(verb, the other norm's key, its name): what makes one relation differ from another."""
    return data["verb"], data.get("target", ""), data.get("name", "")


def _relation_is_new(s: Situation) -> str | None:
    verb, target, name = relation_of(s.data)
    if not target and not name:
        return "请填写所涉文件：已登记的填编号，没有登记的填标题和文号"
    return "这项关系已经登记" if any(one.same(verb, target, name) for one in s.subject.relations) else None


def _relation_stands(s: Situation) -> str | None:
    found = any(one.same(*relation_of(s.data)) for one in s.subject.relations)
    return None if found else "没有登记过这项关系，请核对"


GUARDS: dict[str, Callable[[Situation], str | None]] = {
    "not_the_drafter": _not_the_drafter,
    "comments_open_later": _comments_open_later,
    "comments_are_over": _comments_are_over,
    "registered_first": _registered_first,
    "has_register_number": _has_register_number,
    "dates_in_order": _dates_in_order,
    "still_stands": _still_stands,
    "end_in_order": _end_in_order,
    "period_is_longer": _period_is_longer,
    "period_is_over": _period_is_over,
    "correction": _correction,
    "text_is_stored": _text_is_stored,
    "text_is_new": _text_is_new,
    "not_filed": _not_filed,
    "relation_is_new": _relation_is_new,
    "relation_stands": _relation_stands,
}
