"""Projections of clean-ups: the list of campaigns, and the norms of each with what becomes of them."""

from django.db import models

from gongkai.organs.models import Body

from .procedure import CLEANUP, DECISIONS, REACHES


class Cleanup(models.Model):
    """A clean-up campaign or package decision as lists show it."""

    key = models.CharField(max_length=64, primary_key=True)
    body = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="机关", related_name="+")
    title = models.CharField("名称", max_length=200)
    package = models.BooleanField("一揽子决定", default=False)
    reach = models.CharField("范围", max_length=8, choices=REACHES)
    state = models.CharField("状态", max_length=16, choices=[(s.key, s.label) for s in CLEANUP.states])
    drawn_on = models.DateField("清单日期", null=True)
    total = models.PositiveIntegerField("文件（件）", default=0)
    undecided = models.PositiveIntegerField("未提意见（件）", default=0)
    document_number = models.CharField("决定文号", max_length=60, blank=True)
    published_on = models.DateField("公布日期", null=True)

    class Meta:
        ordering = ["-key"]

    def __str__(self) -> str:
        return self.title


class CleanupItem(models.Model):
    """One norm of a clean-up. ``outcome`` is ``done`` after publication, ``passed`` where it had ceased before."""

    id = models.CharField(max_length=130, primary_key=True)
    cleanup = models.ForeignKey(Cleanup, models.CASCADE, related_name="items")
    norm = models.ForeignKey("norms.Norm", models.DO_NOTHING, db_constraint=False, related_name="+")
    position = models.PositiveIntegerField("序号")
    department = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="责任单位", related_name="+")
    decision = models.CharField("处理意见", max_length=16, choices=[("", "未提意见"), *DECISIONS], blank=True)
    reason = models.CharField("理由", max_length=20_000, blank=True)
    outcome = models.CharField(max_length=8, blank=True)

    class Meta:
        ordering = ["cleanup", "position"]
        indexes = [models.Index(fields=["cleanup", "decision", "position"], name="cleanup_item_decision")]

    def __str__(self) -> str:
        return self.norm.title
