"""The disclosure attribute of a document, fixed while it is drafted (公文公开属性源头认定)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from gongkai.law.articles import Article, article


class Attribute(StrEnum):
    """How a document may be disclosed."""

    ACTIVE = "active"
    ON_REQUEST = "on_request"
    WITHHELD = "withheld"

    @property
    def label(self) -> str:
        """主动公开, 依申请公开 or 不予公开."""
        return RULES[self].label

    @property
    def mark(self) -> str:
        """The mark printed on the line below the date."""
        return RULES[self].mark


@dataclass(frozen=True)
class AttributeRule:
    """Label, printed mark, whether reason and legal basis are required, and the articles a basis may name."""

    label: str
    mark: str
    needs_reason: bool
    bases: tuple[Article, ...]


RULES: dict[Attribute, AttributeRule] = {
    Attribute.ACTIVE: AttributeRule("主动公开", "（此件公开发布）", False, tuple(map(article, ("19", "20", "21")))),
    Attribute.ON_REQUEST: AttributeRule("依申请公开", "（此件依申请公开）", True, tuple(map(article, ("13.2", "27")))),
    Attribute.WITHHELD: AttributeRule(
        "不予公开", "（此件不予公开）", True, tuple(map(article, ("14", "15", "16.1", "16.2")))
    ),
}


def problems(attribute: Attribute | None, *, reason: str = "", basis: str = "") -> Sequence[str]:
    """What keeps the document from being issued, in Chinese; empty when its attribute is complete."""
    if attribute is None:
        return ["未确定公开属性，公文不得印发：请选择主动公开、依申请公开或者不予公开"]
    rule = RULES[attribute]
    if not rule.needs_reason:
        return []
    given = {"理由": reason, "法律依据": basis}
    return [f"公开属性为“{rule.label}”的，请填写{what}" for what, text in given.items() if not text.strip()]
