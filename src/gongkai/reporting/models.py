"""The list row of each annual report. Written only by the projector."""

from django.db import models

from gongkai.organs.models import Body

from .procedure import PROCEDURE


class AnnualReport(models.Model):
    """One report of a body for a year; ``content`` is the hash of what was frozen, empty before."""

    key = models.CharField(max_length=64, primary_key=True)
    body = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="机关", related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    state = models.CharField("状态", max_length=16, choices=[(s.key, s.label) for s in PROCEDURE.states])
    as_of = models.DateField("统计截止日")
    known_at = models.DateTimeField("按何时所知")
    compiled_on = models.DateField("统计日期")
    frozen_on = models.DateField("冻结日期", null=True)
    published_on = models.DateField("公布日期", null=True)
    figures = models.CharField(max_length=64)
    narrative = models.CharField(max_length=64)
    content = models.CharField("校验值", max_length=64, blank=True)
    files = models.JSONField(default=dict)
    pdf_missing = models.TextField(blank=True)

    class Meta:
        ordering = ["-year", "body__order", "key"]
        constraints = [models.UniqueConstraint(fields=["body", "year"], name="one_report_each_year")]

    def __str__(self) -> str:
        return f"{self.body}{self.year}年政府信息公开工作年度报告"
