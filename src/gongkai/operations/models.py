"""Tables of operations: the worker's pulse, steps that fail, backups made. None holds anything of a person."""

from django.db import models


class Pulse(models.Model):
    """When a process was last seen at work."""

    name = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()
    version = models.CharField(max_length=20)


class Trouble(models.Model):
    """A step of the worker (a follower, the backup …) that fails: since when, how often, where in the code.

    ``error`` is the kind of the exception and the line it came from, never its message: that may hold personal data.
    The row goes when the step succeeds.
    """

    step = models.CharField(max_length=80, primary_key=True)
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)
    error = models.CharField(max_length=200)


class Backup(models.Model):
    """One backup that came to its end. ``checked_at`` is empty where nobody restored it to see whether it holds."""

    file = models.CharField("文件", max_length=200)
    made_at = models.DateTimeField("时间")
    seconds = models.FloatField("用时")
    size = models.BigIntegerField("大小")
    digest = models.CharField("SHA-256", max_length=64)
    lines = models.BigIntegerField("台账记录")
    files = models.PositiveIntegerField("文件数")
    checked_at = models.DateTimeField("核验时间", null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file
