"""Tables of notices: the outbox (which is also the inbox), people's wishes, and the daily rounds already made."""

from django.conf import settings
from django.db import models

from gongkai.organs.models import Body

#: The recipient who is no person of the desk; a sign-in name never has this sign.
APPLICANT = "@applicant"


class Message(models.Model):
    """One message to one recipient by one channel, for one cause.

    ``cause`` is a ledger line (``line/812``) or a daily round (``deadlines/2022-01-10``); with recipient and channel it
    is unique, so that nothing is told twice. ``address`` names the vault's entry that holds the address: it is looked
    up when the message is sent and stands nowhere else. ``token`` goes out with every attempt (Message-ID,
    Idempotency-Key): a receiver can drop what reached it twice.
    """

    class Channel(models.TextChoices):
        """How it is told."""

        INBOX = "inbox", "站内消息"
        EMAIL = "email", "电子邮件"
        SMS = "sms", "短信"

    class State(models.TextChoices):
        """How far it got."""

        WAITING = "waiting", "待发送"
        SENT = "sent", "已送出"
        FAILED = "failed", "发送失败"

    cause = models.CharField(max_length=60)
    recipient = models.CharField("收件人", max_length=64)
    channel = models.CharField("方式", max_length=8, choices=Channel)
    body = models.ForeignKey(
        Body, models.PROTECT, to_field="key", verbose_name="机关", related_name="+", db_index=False
    )
    title = models.CharField("标题", max_length=200)
    text = models.TextField("内容")
    url = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=64, blank=True)
    token = models.CharField(max_length=32, unique=True)
    created_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("阅读时间", null=True)
    state = models.CharField("状态", max_length=8, choices=State)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    next_at = models.DateTimeField("下次发送", null=True)
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField("送出时间", null=True)
    error = models.CharField("原因", max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["cause", "recipient", "channel"], name="told_once")]
        indexes = [
            models.Index(
                fields=["recipient", "-id"], name="notices_unread",
                condition=models.Q(channel="inbox", read_at__isnull=True),
            ),
            models.Index(fields=["recipient", "channel", "-id"], name="notices_inbox"),
            models.Index(fields=["channel", "next_at"], name="notices_due", condition=models.Q(state="waiting")),
            models.Index(fields=["body", "-id"], name="notices_failed", condition=models.Q(state="failed")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class Preference(models.Model):
    """Which channels a person wants besides the inbox; the addresses are in the vault (:func:`contact_key`)."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    email = models.BooleanField("电子邮件", default=False)
    sms = models.BooleanField("短信", default=False)


class Round(models.Model):
    """A daily job that was done: once for each legal day."""

    job = models.CharField(max_length=32)
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "day"], name="one_round_a_day")]


def contact_key(username: str) -> str:
    """Where the vault keeps a person's addresses for notices."""
    return f"contact/{username}"
