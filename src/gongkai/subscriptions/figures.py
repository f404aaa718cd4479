"""The figures of subscriptions: how many there are, and how many letters went out. Outside the statutory tables."""

from django.db.models import Count, QuerySet

from gongkai.figure import Ask, Family, Figure, register
from gongkai.ledger.tally import known
from gongkai.notices.models import Message

from .letters import DIGEST, READER
from .models import Subscription, SubscriptionTally

_SUBSCRIBERS, _MAILS = "subscribers", "subscription_mails"


def _standing(ask: Ask) -> QuerySet[SubscriptionTally]:
    rows = known(SubscriptionTally.objects.all(), ask.known_at).filter(
        confirmed_on__lte=ask.last, ended_on__gt=ask.last
    )
    return rows if ask.bodies is None else rows.filter(body__in=ask.bodies.values("key"))


def count_subscribers(ask: Ask) -> dict[str, int]:
    """Subscriptions that stand on the last day, in one query."""
    return {_SUBSCRIBERS: _standing(ask).count()}


def count_subscribers_by_body(ask: Ask) -> dict[str, dict[str, int]]:
    """The same for every body."""
    groups = _standing(ask).order_by().values("body_id").annotate(number=Count("id"))
    return {group["body_id"]: {_SUBSCRIBERS: group["number"]} for group in groups}


def subscriber_rows(ask: Ask, figure: str) -> QuerySet[Subscription]:
    """The subscriptions counted, oldest first; a row names no address."""
    found = Subscription.objects.select_related("body").filter(key__in=_standing(ask).values("subject"))
    return found.order_by("confirmed_on", "key")


register(
    Family(
        "subscriptions.standing",
        (Figure(_SUBSCRIBERS, "邮件订阅", "个", "期末已经确认、没有退订也没有停发的邮件订阅。单位：个。"),),
        count_subscribers,
        subscriber_rows,
        count_subscribers_by_body,
    )
)


def _mails(ask: Ask) -> QuerySet[Message]:
    """Sent in the period, and (``known_at``) by then."""
    rows = Message.objects.filter(recipient__startswith=READER, cause__startswith=DIGEST, state=Message.State.SENT)
    rows = rows.filter(sent_at__date__range=(ask.first, ask.last))
    rows = rows.filter(sent_at__lte=ask.known_at) if ask.known_at else rows
    return rows if ask.bodies is None else rows.filter(body__in=ask.bodies.values("key"))


def count_mails(ask: Ask) -> dict[str, int]:
    """Letters sent in the period, in one query."""
    return {_MAILS: _mails(ask).count()}


def count_mails_by_body(ask: Ask) -> dict[str, dict[str, int]]:
    """The same for every body."""
    groups = _mails(ask).order_by().values("body_id").annotate(number=Count("id"))
    return {group["body_id"]: {_MAILS: group["number"]} for group in groups}


def mail_rows(ask: Ask, figure: str) -> QuerySet[Message]:
    """The letters counted, oldest first; a row names neither address nor content."""
    return _mails(ask).select_related("body").order_by("sent_at", "id")


register(
    Family(
        "subscriptions.mails",
        (Figure(_MAILS, "订阅邮件", "封", "本期送出的订阅更新邮件，不含确认邮件。单位：封。"),),
        count_mails,
        mail_rows,
        count_mails_by_body,
    )
)
