"""The day a request counts as received, by channel (Art 31; oral requests Art 29)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongkai.law.articles import Article, article


class Channel(StrEnum):
    """How a request reached the agency."""

    IN_PERSON = "in-person"
    MAIL_SIGNED = "mail-signed"
    MAIL_ORDINARY = "mail-ordinary"
    WEB = "web"
    EMAIL = "email"
    FAX = "fax"
    ORAL = "oral"

    @property
    def label(self) -> str:
        """The channel in Chinese."""
        return RULES[self].label


class ReceiptDay(StrEnum):
    """Which recorded day decides."""

    SUBMITTED = "submitted"
    SIGNED = "signed"
    CONFIRMED = "confirmed"


@dataclass(frozen=True)
class ReceiptRule:
    """A channel's label, the recorded day that counts, why, and the article."""

    label: str
    counts: ReceiptDay
    sentence: str
    article: Article


_CONFIRMED = "双方确认之日为收到申请之日"

RULES: dict[Channel, ReceiptRule] = {
    Channel.IN_PERSON: ReceiptRule("当面提交", ReceiptDay.SUBMITTED, "当面提交之日为收到申请之日", article("31(1)")),
    Channel.MAIL_SIGNED: ReceiptRule("邮寄（签收）", ReceiptDay.SIGNED, "签收之日为收到申请之日", article("31(2)")),
    Channel.MAIL_ORDINARY: ReceiptRule(
        "平常信函", ReceiptDay.CONFIRMED, "与申请人确认之日为收到申请之日", article("31(2)")
    ),
    Channel.WEB: ReceiptRule("互联网", ReceiptDay.CONFIRMED, _CONFIRMED, article("31(3)")),
    Channel.EMAIL: ReceiptRule("电子邮件", ReceiptDay.CONFIRMED, _CONFIRMED, article("31(3)")),
    Channel.FAX: ReceiptRule("传真", ReceiptDay.CONFIRMED, _CONFIRMED, article("31(3)")),
    # The agency writes the form for the applicant, who hands it in on the spot: Art 29, then as in person.
    Channel.ORAL: ReceiptRule(
        "口头", ReceiptDay.SUBMITTED, "口头申请由工作机构代为填写，提交之日为收到申请之日", article("31(1)")
    ),
}

_MISSING = {
    ReceiptDay.SUBMITTED: "请填写提交日期",
    ReceiptDay.SIGNED: "请填写签收日期",
    ReceiptDay.CONFIRMED: "请填写双方确认日期；未经确认，不能认定为收到",
}


def receipt_day(
    channel: Channel, *, submitted: date | None = None, signed: date | None = None, confirmed: date | None = None
) -> date:
    """The receipt day among the recorded days; ``ValueError`` in Chinese if the one that counts is missing."""
    rule = RULES[channel]
    day = {ReceiptDay.SUBMITTED: submitted, ReceiptDay.SIGNED: signed, ReceiptDay.CONFIRMED: confirmed}[rule.counts]
    if day is None:
        raise ValueError(f"{rule.label}：{_MISSING[rule.counts]}（{rule.article.short}）")
    return day
