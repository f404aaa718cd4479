"""Projections of norms and registers: list rows, and the tallies table two counts."""

from datetime import date

from django.db import models

from gongkai.law.validity import Status, Validity
from gongkai.ledger.tally import FOREVER, OPEN, Tally
from gongkai.organs.models import Body

from .cleanup.models import Cleanup, CleanupItem
from .procedure import ENTRY, KINDS, NORM, REGISTERS


class Norm(models.Model):
    """One 规章 or 行政规范性文件 as lists show it. Its status on a day is derived (:mod:`.status`), never stored."""

    key = models.CharField(max_length=64, primary_key=True)
    body = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="制定机关", related_name="+")
    kind = models.CharField("类别", max_length=24, choices=KINDS)
    title = models.CharField("标题", max_length=300)
    state = models.CharField("办理状态", max_length=24, choices=[(s.key, s.label) for s in NORM.states])
    document_number = models.CharField("文号", max_length=60, blank=True)
    register_number = models.CharField("登记号", max_length=60, blank=True)
    issued_on = models.DateField("公布日期", null=True)
    effective_on = models.DateField("施行日期", null=True)
    valid_until = models.DateField("有效期至", null=True)
    ended_on = models.DateField("废止或失效日期", null=True)
    ended_how = models.CharField(max_length=24, blank=True)
    ended_by = models.CharField("依据", max_length=300, blank=True)
    amended_from = models.JSONField(default=list)
    earlier_terms = models.JSONField(default=list)
    stages = models.JSONField(default=list)
    ceased_on = models.DateField("不再有效之日", default=OPEN)
    department = models.CharField("起草单位", max_length=100, blank=True)
    comment_until = models.DateField("意见截止日期", null=True)
    filing_due_on = models.DateField("应备案日期", null=True)
    filed_on = models.DateField("备案日期", null=True)
    evaluated_on = models.DateField("评估日期", null=True)
    text = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-issued_on", "-key"]
        indexes = [
            models.Index(fields=["body", "kind", "-issued_on", "-key"], name="norm_newest"),
            models.Index(fields=["body", "document_number"], name="norm_number"),
            models.Index(fields=["valid_until"], name="norm_ending", condition=models.Q(state="issued")),
            models.Index(fields=["filing_due_on"], name="norm_filing", condition=models.Q(filing_due_on__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["body", name],
                name=f"one_norm_per_{name}",
                condition=~models.Q(**{name: ""}) & ~models.Q(state__in=("void", "abandoned")),
            )
            for name in ("document_number", "register_number")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        """What it is called by: its 文号, else its key."""
        return self.document_number or self.key

    @property
    def validity(self) -> Validity:
        """Its dates, for :func:`gongkai.law.validity.status`."""
        return Validity(
            self.issued_on, self.effective_on, self.valid_until, self.ended_on, self.ended_how,
            tuple(map(date.fromisoformat, self.amended_from)),
            tuple((date.fromisoformat(day), date.fromisoformat(until)) for day, until in self.earlier_terms),
            tuple((date.fromisoformat(day), Status(stage)) for day, stage in self.stages),
        )  # fmt: skip


class Entry(models.Model):
    """One entry of a register as lists show it; ``amount`` is in yuan."""

    key = models.CharField(max_length=64, primary_key=True)
    body = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="机关", related_name="+")
    register = models.CharField("登记类别", max_length=24, choices=REGISTERS)
    state = models.CharField("状态", max_length=24, choices=[(s.key, s.label) for s in ENTRY.states])
    matter = models.CharField("事项", max_length=200)
    decided_on = models.DateField("决定日期")
    count = models.PositiveIntegerField("数量（件）", null=True)
    amount = models.DecimalField("金额（元）", max_digits=15, decimal_places=2, null=True)
    reference = models.CharField("决定书文号或编号", max_length=100, blank=True)

    class Meta:
        ordering = ["-decided_on", "-key"]
        indexes = [
            models.Index(fields=["body", "register", "-decided_on", "-key"], name="entry_newest"),
            models.Index(fields=["body", "reference"], name="entry_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.get_register_display()}：{self.matter}"


class NormTally(Tally):
    """What table two counts of one norm between two instants of knowing."""

    body = models.ForeignKey(Body, models.PROTECT, to_field="key", related_name="+", db_index=False)
    kind = models.CharField(max_length=24)
    issued_on = models.DateField()
    ceased_on = models.DateField()
    ceased_how = models.CharField(max_length=24, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["body", "ceased_on", "issued_on", "kind"],
                name="norm_tally_now",
                condition=models.Q(known_to=FOREVER),
            )
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(ceased_on__gte=models.F("issued_on")), name="ceased_after_issued")
        ]


class EntryTally(Tally):
    """What table two counts of one entry between two instants of knowing: decisions, or money in 分."""

    body = models.ForeignKey(Body, models.PROTECT, to_field="key", related_name="+", db_index=False)
    register = models.CharField(max_length=24)
    decided_on = models.DateField()
    number = models.PositiveIntegerField()
    fen = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["body", "decided_on", "register", "number", "fen"],
                name="entry_tally_now",
                condition=models.Q(known_to=FOREVER),
            )
        ]


__all__ = ["Cleanup", "CleanupItem", "Entry", "EntryTally", "Norm", "NormTally"]
