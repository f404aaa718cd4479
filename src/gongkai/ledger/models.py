"""Tables of the ledger. Rows of :class:`Event` and :class:`Seal` are never changed: database triggers refuse it."""

from django.db import models


class Event(models.Model):
    """What happened: one line in the ledger of one subject.

    Two times: ``legal_day`` is the day that counts in law (Asia/Shanghai), ``recorded_at`` the instant of writing.
    ``hash`` covers the line and the hash of the subject's line before, so that the chain shows any change.
    """

    subject_kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=64)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=48)
    legal_day = models.DateField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_kind", "subject", "seq"], name="one_line_per_number")]

    def __str__(self) -> str:
        return f"{self.subject_kind}/{self.subject}#{self.seq} {self.kind}"


class Seal(models.Model):
    """One day's digest over every line since the seal before: a missing or rewritten ledger no longer fits it."""

    day = models.DateField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    lines = models.PositiveIntegerField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)


class Command(models.Model):
    """An idempotency key already used: the same key again finds the same line and has no second effect."""

    key = models.CharField(max_length=120, primary_key=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+", db_index=False)


class Checkpoint(models.Model):
    """How far a follower has read."""

    follower = models.CharField(max_length=64, primary_key=True)
    last_id = models.BigIntegerField(default=0)


class Counter(models.Model):
    """The last number given in a gapless series (a register or 文号 of one body and year)."""

    series = models.CharField(max_length=96, primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Secret(models.Model):
    """Personal data outside the ledger: sealed, erasable; events carry only its key."""

    key = models.CharField(max_length=64, primary_key=True)
    sealed = models.BinaryField()


class Reading(models.Model):
    """Who opened which personal data, when and why it was allowed."""

    secret = models.CharField(max_length=64, db_index=True)
    reader = models.CharField(max_length=64)
    at = models.DateTimeField()
    purpose = models.CharField(max_length=200)
