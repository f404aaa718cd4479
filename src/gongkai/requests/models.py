"""Projections of requests: the list row of each case, and the tally its figures count."""

from django.db import models

from gongkai.law.receipt import Channel
from gongkai.ledger.tally import FOREVER, Tally
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

    class Meta:
        ordering = ["-received_on", "-key"]
        indexes = [
            models.Index(fields=["body", "state", "due_on"], name="request_queue"),
            models.Index(fields=["body", "-received_on", "-key"], name="request_newest"),
        ]

    def __str__(self) -> str:
        return self.number


class RequestTally(Tally):
    """What table three counts of one request between two instants of knowing.

    Both counting indexes hold every column the count reads, in the order it groups by, so that neither the table is
    read nor (for all bodies) anything sorted: a million requests are counted in some tenths of a second
    (``benchmarks/annual_report.py``). ``known_to`` stands in them although it is constant there, because SQLite
    otherwise opens the table to check it. What was known at an earlier instant uses the plain index on the body.
    """

    body = models.ForeignKey(Body, models.PROTECT, to_field="key", related_name="+")
    category = models.PositiveSmallIntegerField()
    received_on = models.DateField()
    decided_on = models.DateField()
    leaf = models.CharField(max_length=8, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["body", "category", "leaf", "decided_on", "received_on", "known_to"],
                name="request_tally_body",
                condition=models.Q(known_to=FOREVER),
            ),
            models.Index(
                fields=["category", "leaf", "decided_on", "received_on", "known_to"],
                name="request_tally_all",
                condition=models.Q(known_to=FOREVER),
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
