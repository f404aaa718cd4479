"""Projections of requests: the list row of each case, and the tally its figures count."""

from django.conf import settings
from django.db import models

from gongkai.law.receipt import Channel
from gongkai.ledger.tally import Tally
from gongkai.organs.models import Body

from .procedure import CATEGORIES, DECISIONS, LAPSE_UNCLARIFIED, LAPSE_UNPAID, PROCEDURE


class Request(models.Model):
    """One request as lists show it. Written only by the projector; overdue is derived, never stored."""

    key = models.CharField(max_length=64, primary_key=True)
    number = models.CharField("编号", max_length=60, unique=True)
    body = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="机关", related_name="+")
    title = models.CharField("申请事项", max_length=200)
    state = models.CharField("状态", max_length=16, choices=[(s.key, s.label) for s in PROCEDURE.states])
    channel = models.CharField("渠道", max_length=16, choices=[(c.value, c.label) for c in Channel])
    category = models.CharField("申请人类别", max_length=32, choices=CATEGORIES)
    personal = models.CharField(max_length=64)
    unit = models.CharField("承办处室", max_length=60, blank=True)
    handler = models.CharField("承办人", max_length=40, blank=True)
    received_on = models.DateField("收到日期", null=True)
    due_on = models.DateField("到期日", null=True)
    provisional = models.BooleanField("到期日为暂定", default=False)
    decided_on = models.DateField("处理日期", null=True)
    answered_on = models.DateField("最近答复日期", null=True)
    leaf = models.CharField(
        "处理决定", max_length=8, blank=True,
        choices=[*DECISIONS, (LAPSE_UNCLARIFIED, "其他处理：逾期不补正"), (LAPSE_UNPAID, "其他处理：逾期不缴费")],
    )  # fmt: skip
    document_number = models.CharField("文号", max_length=60, blank=True)
    rounds = models.PositiveSmallIntegerField("办理次数", default=1)
    items = models.PositiveSmallIntegerField("项数", default=1)
    application = models.CharField("分拆自", max_length=60, blank=True)
    archived_on = models.DateField("归档日期", null=True)
    erasure_on = models.DateField("提出清除日期", null=True)

    class Meta:
        ordering = ["-received_on", "-key"]
        indexes = [
            models.Index(fields=["body", "state", "due_on"], name="request_queue"),
            models.Index(fields=["body", "-received_on", "-key"], name="request_newest"),
            models.Index(fields=["handler", "state", "due_on"], name="request_mine"),
            models.Index(
                fields=["body", "archived_on", "key"], name="request_archive", condition=models.Q(state="archived")
            ),
            # Whoever sees many bodies: the newest of all, and what is in hand everywhere.
            models.Index(fields=["-received_on", "-key"], name="request_newest_all"),
            models.Index(fields=["state", "due_on"], name="request_queue_all"),
        ]

    def __str__(self) -> str:
        return self.number


class RequestTally(Tally):
    """What the figures count of one request between two instants of knowing.

    ``workdays`` are those the first answer by letter took, ``late`` whether its period was over; None without one.

    Each index holds every column the count reads, so that the table itself is not read, now or as known before: one
    begins with the body, the other in the order grouped by, so that nothing is sorted for all bodies. A million
    requests are counted in some tenths of a second (``benchmarks/annual_report.py``).
    """

    body = models.ForeignKey(Body, models.PROTECT, to_field="key", related_name="+", db_index=False)
    category = models.PositiveSmallIntegerField()
    received_on = models.DateField()
    decided_on = models.DateField()
    leaf = models.CharField(max_length=8, blank=True)
    channel = models.CharField(max_length=16, blank=True)
    workdays = models.SmallIntegerField(null=True)
    late = models.BooleanField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["body", "category", "leaf", "decided_on", "received_on", "known_from", "known_to"],
                name="request_tally_body",
            ),
            models.Index(
                fields=["category", "leaf", "decided_on", "received_on", "known_from", "known_to", "body"],
                name="request_tally_all",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_on__gte=models.F("received_on")), name="decided_after_received"
            )
        ]


class Deflection(models.Model):
    """A draft application that was shown published information, and how it ended: found there, or sent all the same.

    One row for each form (its token's digest, so that a double click counts once); nothing about the person.
    """

    FOUND, SENT = "found", "sent"

    token = models.CharField(max_length=64, primary_key=True)
    body = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="机关", related_name="+")
    on = models.DateField("日期", db_index=True)
    outcome = models.CharField("结果", max_length=8, choices=[(FOUND, "找到了，不再申请"), (SENT, "仍提交申请")])
    shown = models.PositiveSmallIntegerField("提示条数")

    class Meta:
        ordering = ["-on", "token"]


class Mark(models.Model):
    """A keyed hash by which requests that look alike are found (:mod:`gongkai.requests.similar`); tells nothing itself.

    Not a projection: it is made from what the vault holds, and goes when retention erases that.
    """

    subject = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=1)
    mark = models.CharField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["mark", "-subject"], name="mark_newest")]


class SavedView(models.Model):
    """A list's filters as one person keeps them under a name."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField("名称", max_length=30)
    query = models.CharField(max_length=1000)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="one_view_per_name")]

    def __str__(self) -> str:
        return self.name
