"""The words of a notice: plain text with closed placeholders. Nothing in it can be run."""

import re
from collections.abc import Mapping

#: Every placeholder there is, and what it stands for.
PLACEHOLDERS: dict[str, str] = {
    "kind": "事项种类，如 依申请公开",
    "number": "登记编号",
    "matter": "申请事项或者案由（不含个人信息）",
    "body": "行政机关名称",
    "day": "事情发生的日期",
    "due": "答复到期日",
    "until": "限定的日期",
    "amount": "金额（元）",
    "days": "天数",
    "document_number": "文号",
}
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def check(text: str) -> str:
    """The text itself. Raises ValueError for a brace that is no known placeholder."""
    rest = _PLACEHOLDER.sub("", text)
    unknown = [name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]
    if unknown or "{" in rest or "}" in rest:
        raise ValueError(f"通知模板中不认识的占位符：{unknown or text}")
    return text


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with each placeholder's fact (— where there is none); what is put in is never read as a template."""
    return _PLACEHOLDER.sub(lambda found: facts.get(found[1]) or "—", text)
