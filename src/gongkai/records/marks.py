"""Printed marks of the disclosure attribute, found in a text.

A document disclosed actively carries no content marked 依申请公开 or 不予公开; a mark in its text that contradicts its
attribute is found before it is signed, and again before it is published.
"""

import re

from gongkai.law.attributes import Attribute

#: （此件公开发布）, and the usual variants: 主动公开, （此件不公开）, 公开属性：依申请公开, 〔此件依申请公开〕.
_PRINTED = re.compile(
    r"[（(\[［〔【]\s*(?:此件|本件|此文|附件[\d０-９]*|以上内容|本条|本部分)?\s*"
    r"(?P<bracketed>公开发布|主动公开|依申请公开|不予公开|不公开)\s*[）)\]］〕】]"
    r"|公开(?:属性|方式|类别|形式)\s*[:：]\s*(?P<labelled>主动公开|依申请公开|不予公开|不公开)"
)
_MEANING = {
    "公开发布": Attribute.ACTIVE,
    "主动公开": Attribute.ACTIVE,
    "依申请公开": Attribute.ON_REQUEST,
    "不予公开": Attribute.WITHHELD,
    "不公开": Attribute.WITHHELD,
}


def found(text: str) -> list[str]:
    """The attributes whose marks a text carries, each once, in the order of the text."""
    if not any(word in text for word in _MEANING):
        return []
    words = (match["bracketed"] or match["labelled"] for match in _PRINTED.finditer(text))
    return list(dict.fromkeys(_MEANING[word].value for word in words))


def printed(text: str, attribute: Attribute) -> str:
    """The text with the attribute's mark on its own last line, where it does not carry that mark yet."""
    return text if attribute.value in found(text) else f"{text.rstrip()}\n\n{attribute.mark}\n"


def replaced(text: str, old: Attribute, new: Attribute) -> str:
    """The text with its own printed mark, alone on a line, exchanged for another attribute's."""
    lines = [new.mark if line.strip() == old.mark else line for line in text.split("\n")]
    return printed("\n".join(lines), new)
