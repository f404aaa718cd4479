"""The list row of a subscription and what is counted of it; what became public, and for whom it waits to be mailed."""

from django.db import models

from gongkai.ledger.tally import FOREVER, Tally
from gongkai.notices.models import Message
from gongkai.organs.models import Body

from .procedure import FREQUENCIES, PROCEDURE


class Subscription(models.Model):
    """One subscription as the desk lists it. The address and the words searched for are in the vault."""

    key = models.CharField(max_length=64, primary_key=True)
    number = models.CharField("编号", max_length=60, unique=True)
    body = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="受理机关", related_name="+")
    state = models.CharField("状态", max_length=12, choices=[(s.key, s.label) for s in PROCEDURE.states])
    kinds = models.JSONField(default=list)
    bodies = models.JSONField(default=list)
    topics = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    words = models.BooleanField("按关键词", default=False)
    frequency = models.CharField("频次", max_length=8, choices=FREQUENCIES)
    asked_on = models.DateField("申请日期")
    confirmed_on = models.DateField("确认日期", null=True)
    ended_on = models.DateField("退订日期", null=True)

    class Meta:
        ordering = ["-asked_on", "-key"]
        indexes = [models.Index(fields=["state", "frequency", "key"], name="subscription_state")]

    def __str__(self) -> str:
        return self.number


class Arrival(models.Model):
    """A record that became public: noted once, ever; ``matched`` when it was held against the subscriptions."""

    record = models.CharField(max_length=64, primary_key=True)
    matched = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["record"], name="arrival_new", condition=models.Q(matched=False))]


class Hit(models.Model):
    """A record for a subscription; ``message`` is the mail that tells of it, once there is one.

    No row of the ledger's projections is referred to, so that a rebuild leaves this alone.
    """

    subscription = models.CharField(max_length=64)
    record = models.CharField(max_length=64)
    found_at = models.DateTimeField()
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "record"], name="told_of_once")]
        indexes = [
            models.Index(fields=["subscription", "found_at"], name="hit_due", condition=models.Q(message__isnull=True))
        ]


class SubscriptionTally(Tally):
    """What is counted of one subscription between two instants of knowing."""

    body = models.ForeignKey(Body, models.PROTECT, to_field="key", related_name="+", db_index=False)
    confirmed_on = models.DateField()
    ended_on = models.DateField()

    class Meta:
        indexes = [
            models.Index(
                fields=["body", "confirmed_on", "ended_on"],
                name="subscription_tally_now",
                condition=models.Q(known_to=FOREVER),
            )
        ]
