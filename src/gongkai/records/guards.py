"""What the table of a record asks: the attribute, four eyes, who must be heard. Each says why not, or nothing."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from gongkai.law.attributes import Attribute, problems
from gongkai.procedure import Situation

from .kinds import kinds


def kind_is_document(s: Situation) -> str | None:
    """Only documents take the long procedure."""
    return _kind(s, True)


def kind_is_information(s: Situation) -> str | None:
    """Only what is no document takes the short one."""
    return _kind(s, False)


def kind_is_known(s: Situation) -> str | None:
    """The kind has a file."""
    found = kinds().get(s.data["kind"])
    if found is None:
        return f"没有“{s.data['kind']}”这个类别"
    return None if found.at_desk else f"“{found.label}”在“规范性文件”中登记"


def _kind(s: Situation, document: bool) -> str | None:
    if objection := kind_is_known(s):
        return objection
    one = kinds()[s.data["kind"]]
    if one.document == document:
        return None
    return f"“{one.label}”是公文，请用“拟稿”" if one.document else f"“{one.label}”不是公文，请用“登记信息”"


def has_content(s: Situation) -> str | None:
    """A text, an attachment, or a kind that has neither."""
    entry, known = s.subject.entry, kinds().get(s.subject.kind)
    needs = known is None or known.has_text
    return "还没有正文也没有附件，请先修改稿件，补上内容" if needs and not (entry.text or entry.attachments) else None


def _resulting(s: Situation) -> tuple[Attribute | None, str, str]:
    """Attribute, reason and basis after this event: what it says, else what stands."""
    if "attribute" in s.data:
        return Attribute(s.data["attribute"]), s.data.get("reason", ""), s.data.get("basis", "")
    standing = Attribute(s.subject.attribute) if s.subject.attribute else None
    return standing, s.subject.reason, s.subject.basis


def attribute_complete(s: Situation) -> str | None:
    """Attribute chosen; reason and basis given where it is not 主动公开."""
    attribute, reason, basis = _resulting(s)
    return next(iter(problems(attribute, reason=reason, basis=basis)), None)


def relay_inherits(s: Situation) -> str | None:
    """A relayed document gives its attribute to the one that relays it."""
    entry, (attribute, _, _) = s.subject.entry, _resulting(s)
    if not entry.relays or attribute is None:
        return None
    if not entry.relayed_attribute:
        return "转发的文件没有标明公开属性，请先在稿件中填写被转发文件的公开属性"
    inherited = Attribute(entry.relayed_attribute)
    if attribute is inherited:
        return None
    return f"转发的文件公开属性为“{inherited.label}”，转发件须与其一致"


def marks_agree(s: Situation) -> str | None:
    """A document disclosed actively carries no content marked otherwise, and none carries another document's mark."""
    attribute, _, _ = _resulting(s)
    return objection_to_marks(attribute, s.subject.entry.marks)


def objection_to_marks(attribute: Attribute | None, marks: Sequence[str]) -> str | None:
    """Why these printed marks cannot stand in a text of this attribute, or None."""
    other = [Attribute(mark) for mark in marks if attribute and mark != attribute.value]
    if not other:
        return None
    words = "、".join(f"“{one.label}”" for one in other)
    if attribute is Attribute.ACTIVE:
        return f"正文中有标为{words}的内容，主动公开的公文不得含有这些内容，请删去或者另行发文"
    return f"正文中印有{words}的标记，与公开属性“{attribute.label if attribute else ''}”不一致，请改正正文"


def pending_marks_agree(s: Situation) -> str | None:
    """The same for a change that waits for approval."""
    return objection_to_marks(Attribute.ACTIVE, s.subject.pending.marks)


def secrecy_allows(s: Situation) -> str | None:
    """What is secret cannot be disclosed actively."""
    if s.data["secrecy"] == "cleared" or s.subject.attribute != Attribute.ACTIVE:
        return None
    return "保密审查未通过，不得主动公开：请退回拟稿人修改公开属性"


def secrecy_cleared(s: Situation) -> str | None:
    """Whatever becomes public passed the secrecy review."""
    return None if s.data["secrecy"] == "cleared" else "保密审查未通过，不得公开，请退回修改"


def secrecy_still_allows(s: Situation) -> str | None:
    """The signatory cannot open what the secrecy review did not clear."""
    attribute, _, _ = _resulting(s)
    if attribute is not Attribute.ACTIVE or s.subject.secrecy == "cleared":
        return None
    return "保密审查未通过，不得主动公开"


def opinions_heard(s: Situation) -> str | None:
    """The lead agency of a joint document decides; first the others' opinions are on record."""
    heard = {opinion.body for opinion in s.subject.opinions}
    missing = [name for name in s.subject.entry.bodies if name not in heard]
    return f"联合发文，还没有{'、'.join(missing)}对公开属性的意见，请先登记" if missing else None


def is_joint(s: Situation) -> str | None:
    """Opinions belong to joint documents."""
    return None if s.subject.entry.bodies else "不是联合发文，没有其他机关的意见"


def opinion_of_a_partner(s: Situation) -> str | None:
    """The opinion is one of the other issuing bodies."""
    partners = s.subject.entry.bodies
    return None if s.data["body_name"] in partners else f"联合发文的其他机关是：{'、'.join(partners)}"


def is_active(s: Situation) -> str | None:
    """Only what is 主动公开 is published."""
    if s.subject.attribute == Attribute.ACTIVE:
        return None
    return (
        f"公开属性为“{Attribute(s.subject.attribute).label}”，不能公开发布" if s.subject.attribute else "没有公开属性"
    )


def is_not_active(s: Situation) -> str | None:
    """What is 主动公开 is published, not put away."""
    return "公开属性为“主动公开”，应当公开" if s.subject.attribute == Attribute.ACTIVE else None


def content_is_free(s: Situation) -> str | None:
    """A text that still carries the mark of a withheld document is not opened as it is."""
    return objection_to_marks(Attribute.ACTIVE, _foreign(s.subject.entry.marks, s.subject.attribute))


def _foreign(marks: Sequence[str], own: str) -> list[str]:
    """Marks other than the document's own, which its attribute explains."""
    return [mark for mark in marks if mark != own]


def existing_is_public(s: Situation) -> str | None:
    """Only what is public already is registered so."""
    attribute = s.data.get("attribute", Attribute.ACTIVE.value)
    return None if attribute == Attribute.ACTIVE else "公开属性不是主动公开的，不能登记为已公开，请用“拟稿”"


def not_the_drafter(s: Situation) -> str | None:
    """Who drafts does not examine."""
    return "拟稿人、编辑人不能审自己的稿件，请由他人办理" if s.actor in s.subject.hands else None


def not_the_secrecy_reviewer(s: Situation) -> str | None:
    """Who reviewed secrecy does not sign."""
    return "保密审查人不能签发同一件公文，请由他人签发" if s.actor == s.subject.secrecy_by else None


def not_the_changer(s: Situation) -> str | None:
    """Who changes a published record does not approve the change."""
    return "修改人不能审核自己的修改，请由他人办理" if s.actor == s.subject.changed_by else None


def dates_in_order(s: Situation) -> str | None:
    """Nothing written or published tomorrow."""
    return next((said for _, said in tomorrows(s.data, s.day)), None)


def tomorrows(data: Mapping[str, Any], day: date) -> list[tuple[str, str]]:
    """Days (成文, 发布) that have not come on ``day``, as (field, Chinese message) pairs."""
    dates = (("written_on", "成文日期"), ("published_on", "发布日期"))
    return [
        (name, f"{label} {data[name]} 晚于登记日期 {day}，请核对")
        for name, label in dates
        if str(data.get(name) or "") > day.isoformat()
    ]


GUARDS = {
    guard.__name__: guard
    for guard in (
        kind_is_document, kind_is_information, kind_is_known, has_content, attribute_complete, relay_inherits,
        marks_agree, pending_marks_agree, secrecy_allows, secrecy_cleared, secrecy_still_allows, opinions_heard,
        is_joint, opinion_of_a_partner, is_active, is_not_active, content_is_free, existing_is_public, not_the_drafter,
        not_the_secrecy_reviewer, not_the_changer, dates_in_order,
    )
}  # fmt: skip
