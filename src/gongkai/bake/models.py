"""What the baker knows: what was touched, which pages there are, and what each was made of."""

from django.db import models


class Touched(models.Model):
    """Something changed; the row goes when every page that reads the key has been baked anew."""

    key = models.CharField(max_length=160)


class Page(models.Model):
    """A baked page: its address and family, the day it expires, the generation it is of."""

    address = models.CharField(max_length=300, primary_key=True)
    family = models.CharField(max_length=40)
    until = models.DateField(null=True)
    generation = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["until"], name="page_until", condition=models.Q(until__isnull=False))]

    def __str__(self) -> str:
        return self.address


class Read(models.Model):
    """A page was made of what stands behind a key."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="reads", db_constraint=False)
    key = models.CharField(max_length=160)

    class Meta:
        indexes = [models.Index(fields=["key"], name="read_key")]
