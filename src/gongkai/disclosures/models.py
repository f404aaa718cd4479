"""Projections: the list rows of items and proposals, which request a proposal rests on, and what is counted."""

from django.db import models

from gongkai.ledger.tally import FOREVER, Tally
from gongkai.organs.models import Body

from .procedure import ITEM, OUTCOMES, PROPOSAL


class Item(models.Model):
    """One item of the disclosure log as the desk lists it; what the public reads is its record in the library."""

    key = models.CharField(max_length=64, primary_key=True)
    number = models.CharField("编号", max_length=60, unique=True)
    body = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="机关", related_name="+")
    request = models.CharField("来自申请", max_length=64, db_index=True)
    title = models.CharField("标题", max_length=200)
    outcome = models.CharField("处理决定", max_length=8, choices=OUTCOMES)
    state = models.CharField("状态", max_length=12, choices=[(s.key, s.label) for s in ITEM.states])
    proposed_on = models.DateField("提出日期")
    published_on = models.DateField("公开日期", null=True)
    withdrawn_on = models.DateField("撤下日期", null=True)

    class Meta:
        ordering = ["-proposed_on", "-key"]
        indexes = [models.Index(fields=["body", "state", "-proposed_on", "-key"], name="disclosure_queue")]

    def __str__(self) -> str:
        return self.number


class Proposal(models.Model):
    """One Art 44 proposal as lists show it."""

    key = models.CharField(max_length=64, primary_key=True)
    number = models.CharField("编号", max_length=60, unique=True)
    body = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="机关", related_name="+")
    title = models.CharField("事项", max_length=200)
    state = models.CharField("状态", max_length=12, choices=[(s.key, s.label) for s in PROPOSAL.states])
    count = models.PositiveIntegerField("申请件数")
    suggested = models.PositiveIntegerField("其中申请人建议")
    raised_on = models.DateField("提出日期")
    accepted_on = models.DateField("纳入日期", null=True)
    ended_on = models.DateField("办结日期", null=True)
    record = models.CharField("主动公开的信息", max_length=64, blank=True)

    class Meta:
        ordering = ["-raised_on", "-key"]
        indexes = [models.Index(fields=["body", "state", "-raised_on", "-key"], name="proposal_queue")]

    def __str__(self) -> str:
        return self.number


class Basis(models.Model):
    """A request a proposal rests on. ``suggested``: its applicant suggested it."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="bases")
    request = models.CharField(max_length=64, db_index=True)
    suggested = models.BooleanField(default=False)

    class Meta:
        ordering = ["proposal", "request"]
        constraints = [models.UniqueConstraint(fields=["proposal", "request"], name="one_basis_per_request")]


class ItemTally(Tally):
    """What is counted of one item between two instants of knowing."""

    body = models.ForeignKey(Body, models.PROTECT, to_field="key", related_name="+", db_index=False)
    published_on = models.DateField()

    class Meta:
        indexes = [
            models.Index(
                fields=["body", "published_on"], name="disclosure_tally_now", condition=models.Q(known_to=FOREVER)
            )
        ]


class ProposalTally(Tally):
    """What is counted of one proposal between two instants of knowing."""

    body = models.ForeignKey(Body, models.PROTECT, to_field="key", related_name="+", db_index=False)
    raised_on = models.DateField()
    accepted_on = models.DateField()

    class Meta:
        indexes = [
            models.Index(
                fields=["body", "raised_on", "accepted_on"],
                name="proposal_tally_now",
                condition=models.Q(known_to=FOREVER),
            )
        ]
