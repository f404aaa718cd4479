"""Projections of remedies: a list row for each case, and the tallies their figures count."""

from django.db import models

from gongkai.ledger.tally import FOREVER, OPEN, Tally
from gongkai.organs.models import Body

from .procedure import COMPLAINT, CONTESTED, DOORS, FINDINGS, LAWSUIT, MEASURES, RECONSIDERATION, RESULTS, ROUTES


class Proceeding(models.Model):
    """What lists show of a review or a suit. Written only by the projector."""

    key = models.CharField(max_length=64, primary_key=True)
    number = models.CharField("编号", max_length=60, unique=True)
    body = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="机关", related_name="+")
    case_number = models.CharField("案号", max_length=60, blank=True)
    matter = models.CharField("事项", max_length=200)
    contested = models.CharField("不服的行为", max_length=16, choices=CONTESTED)
    request = models.CharField("所涉申请", max_length=64, blank=True, db_index=True)
    personal = models.CharField(max_length=64)
    filed_on = models.DateField("提起日期")
    answer_due_on = models.DateField("答复期限", null=True)
    answered_on = models.DateField("答复日期", null=True)
    ended_on = models.DateField("审结日期", null=True)
    result = models.CharField("结果", max_length=12, blank=True, choices=RESULTS)
    document_number = models.CharField("文书文号", max_length=60, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number


class Reconsideration(Proceeding):
    """One 行政复议 as lists show it."""

    forum = models.CharField("复议机关", max_length=100)
    state = models.CharField("状态", max_length=12, choices=[(s.key, s.label) for s in RECONSIDERATION.states])

    class Meta:
        ordering = ["-filed_on", "-key"]
        indexes = [models.Index(fields=["body", "-filed_on", "-key"], name="reconsideration_newest")]


class Lawsuit(Proceeding):
    """One 行政诉讼 as lists show it."""

    forum = models.CharField("一审法院", max_length=100)
    state = models.CharField("状态", max_length=12, choices=[(s.key, s.label) for s in LAWSUIT.states])
    route = models.CharField("起诉途径", max_length=12, choices=ROUTES)
    reconsideration = models.CharField("对应的复议案件", max_length=64, blank=True, db_index=True)
    review_document = models.CharField("复议决定书文号", max_length=60, blank=True)

    class Meta:
        ordering = ["-filed_on", "-key"]
        indexes = [models.Index(fields=["body", "-filed_on", "-key"], name="lawsuit_newest")]


class Complaint(models.Model):
    """One 投诉举报 as lists show it. Written only by the projector."""

    key = models.CharField(max_length=64, primary_key=True)
    number = models.CharField("编号", max_length=60, unique=True)
    body = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="受理机关", related_name="+")
    state = models.CharField("状态", max_length=12, choices=[(s.key, s.label) for s in COMPLAINT.states])
    door = models.CharField("类别", max_length=16, choices=DOORS)
    against = models.CharField("被投诉机关", max_length=100)
    matter = models.CharField("事项", max_length=200)
    request = models.CharField("所涉申请", max_length=64, blank=True, db_index=True)
    personal = models.CharField(max_length=64)
    received_on = models.DateField("收到日期")
    finding = models.CharField("核查结论", max_length=12, blank=True, choices=FINDINGS)
    measure = models.CharField("处理方式", max_length=20, blank=True, choices=MEASURES)
    handled_on = models.DateField("处理日期", null=True)

    class Meta:
        ordering = ["-received_on", "-key"]
        indexes = [models.Index(fields=["body", "-received_on", "-key"], name="complaint_newest")]

    def __str__(self) -> str:
        return self.number


def _now(*fields: str, name: str) -> models.Index:
    return models.Index(fields=list(fields), name=name, condition=models.Q(known_to=FOREVER))


class ReconsiderationTally(Tally):
    """What table four counts of one review between two instants of knowing."""

    body = models.ForeignKey(Body, models.PROTECT, to_field="key", related_name="+", db_index=False)
    filed_on = models.DateField()
    ended_on = models.DateField()
    result = models.CharField(max_length=12, blank=True)

    class Meta:
        indexes = [_now("body", "ended_on", "filed_on", "result", name="reconsideration_tally_now")]


class LawsuitTally(Tally):
    """What table four counts of one suit. Decisions reopened by an appeal stay, so that any past day can be asked."""

    body = models.ForeignKey(Body, models.PROTECT, to_field="key", related_name="+", db_index=False)
    block = models.CharField(max_length=32)
    filed_on = models.DateField()
    ended1_on = models.DateField(default=OPEN)
    result1 = models.CharField(max_length=12, blank=True)
    reopened1_on = models.DateField(default=OPEN)
    ended2_on = models.DateField(default=OPEN)
    result2 = models.CharField(max_length=12, blank=True)
    reopened2_on = models.DateField(default=OPEN)
    ended_on = models.DateField()
    result = models.CharField(max_length=12, blank=True)

    class Meta:
        indexes = [_now("body", "ended_on", "filed_on", name="lawsuit_tally_now")]


class ComplaintTally(Tally):
    """What the narrative counts of one complaint between two instants of knowing."""

    body = models.ForeignKey(Body, models.PROTECT, to_field="key", related_name="+", db_index=False)
    received_on = models.DateField()
    handled_on = models.DateField()

    class Meta:
        indexes = [_now("body", "received_on", "handled_on", name="complaint_tally_now")]
