"""Tables of the library: what is waiting to be indexed, citations, the words of the search, what it did not find.

Citations and the index follow from the records and can be made anew at any time (:mod:`.indexing`); they name records
by key, without a foreign key, so that a rebuild of the records leaves them alone.
"""

from django.db import models

from gongkai.organs.models import Body

from .procedure import KINDS, WORD


class Waiting(models.Model):
    """A record that changed since the catalogue last looked at it. Rows go once the index has it, never before."""

    record = models.CharField(max_length=64)


class Citation(models.Model):
    """One place where a record's text cites something: characters ``start`` to ``end`` of the current text.

    ``name`` is the name cited (a 文号, else a title) and ``other`` the title beside a 文号, both in the form of
    :class:`Name`: the way back when a record of this name is published later. A place in the text itself has neither.
    ``target`` is the key of the record meant on the citing day, empty while the library does not hold
    it; ``anchor`` the provision in it, ``words`` what the place says. ``as_of`` is set where the text in force on the
    citing day is no longer the target's newest.
    """

    record = models.CharField(max_length=64)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    words = models.CharField(max_length=300)
    name = models.CharField(max_length=300, blank=True)
    other = models.CharField(max_length=300, blank=True)
    target = models.CharField(max_length=64, blank=True)
    anchor = models.CharField(max_length=64, blank=True)
    as_of = models.DateField(null=True)

    class Meta:
        ordering = ["record", "start"]
        indexes = [
            models.Index(fields=["record", "start"], name="citation_place"),
            models.Index(fields=["target", "record"], name="citation_target"),
            models.Index(fields=["name"], name="citation_name"),
            models.Index(fields=["other"], name="citation_other"),
        ]


class Name(models.Model):
    """A name by which a public record is cited: its title in full and in short, its 文号 in its normal form."""

    record = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=300, db_index=True)


class Shown(models.Model):
    """The lists (:mod:`.listings`) a record stood in when the catalogue last looked at it, and the day it stood at."""

    record = models.CharField(max_length=64, primary_key=True)
    day = models.DateField()
    lists = models.JSONField(default=list)


class Word(models.Model):
    """A word of the search that staff keep: a group of words that mean the same, or a short name and what it stands for."""

    key = models.CharField(max_length=64, primary_key=True)
    body = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="维护机关", related_name="+")
    kind = models.CharField("类别", max_length=16, choices=KINDS)
    state = models.CharField("状态", max_length=16, choices=[(state.key, state.label) for state in WORD.states])
    term = models.CharField("词", max_length=60)
    means = models.CharField("同义词或者全称", max_length=300)

    class Meta:
        ordering = ["kind", "term", "key"]

    def __str__(self) -> str:
        return self.term


class Missed(models.Model):
    """A query whose words no public record has all of: the words as the index folds them, how often, when last. Never who asked."""

    query = models.CharField("搜索词", max_length=100, primary_key=True)
    count = models.PositiveIntegerField("次数", default=1)
    last_on = models.DateField("最近一次")

    class Meta:
        ordering = ["-count", "-last_on", "query"]
