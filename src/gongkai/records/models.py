"""The library: one row for each piece of government information, whatever subject keeps its history.

A record is drafted and published by this room (subject kind ``record``) or kept by another one (a norm, an item of the
disclosure log) that puts its row here with :func:`.shelf.put`. Lists, columns, search, feeds and the public forms know
only these rows.
"""

from django.db import models

from gongkai.law.attributes import Attribute
from gongkai.ledger.tally import FOREVER, OPEN, Tally
from gongkai.organs.models import Body

_PUBLIC = models.Q(public=True)


class Record(models.Model):
    """One piece of government information as the library shows it.

    ``key`` is the key of its subject in the ledger and its readable address; ``bodies`` are the keys of every issuing
    body, the lead first. ``text`` is the SHA-256 of the current text (plain, UTF-8, in ``ledger.blobs``), ``data`` what
    the kind's own schema (:mod:`.kinds`) asks for. ``public`` says whether anybody may read it now. ``ceased_on`` is the
    first day no longer in force; the status on a day is derived from the dates. ``issuer`` names who issued it where that
    is no body of this installation. ``due_on`` is the last day to publish it (Art 26) while that is still to be done,
    ``reassess_on`` when what is withheld is to be assessed again (Art 18). ``attachments`` are dictionaries with name,
    type, size (bytes) and digest (in ``ledger.blobs``).
    """

    key = models.CharField(max_length=64, primary_key=True)
    subject_kind = models.CharField(max_length=24)
    kind = models.CharField("类别", max_length=32)
    state = models.CharField("办理状态", max_length=24)
    body = models.ForeignKey(
        Body, models.PROTECT, to_field="key", verbose_name="发布机关", related_name="+", db_index=False
    )
    bodies = models.JSONField("发文机关", default=list)
    issuer = models.CharField("发文机关名称", max_length=300, blank=True)
    unit = models.CharField("责任部门", max_length=60, blank=True)
    title = models.CharField("标题", max_length=300)
    document_number = models.CharField("发文字号", max_length=80, blank=True)
    register_number = models.CharField("登记号", max_length=60, blank=True)
    index_number = models.CharField("索引号", max_length=60, blank=True, db_index=True)
    theme = models.CharField("主题分类", max_length=60, blank=True)
    topics = models.JSONField("专题", default=list)
    category = models.CharField("法定公开类别", max_length=24, blank=True)
    audience = models.JSONField("服务对象", default=list)
    attribute = models.CharField(
        "公开属性", max_length=16, blank=True, choices=[(one.value, one.label) for one in Attribute]
    )
    written_on = models.DateField("成文日期", null=True)
    published_on = models.DateField("发布日期", null=True)
    effective_on = models.DateField("施行日期", null=True)
    valid_until = models.DateField("有效期至", null=True)
    ceased_on = models.DateField("不再有效之日", default=OPEN)
    ended_how = models.CharField(max_length=24, blank=True)
    ended_by = models.CharField("依据", max_length=300, blank=True)
    issued_on = models.DateField("签发日期", null=True)
    due_on = models.DateField("应公开日期", null=True)
    reassess_on = models.DateField("评估日期", null=True)
    withdrawn_on = models.DateField("撤下日期", null=True)
    withdrawn_why = models.CharField("撤下原因", max_length=300, blank=True)
    text = models.CharField(max_length=64, blank=True)
    attachments = models.JSONField("附件", default=list)
    source_url = models.CharField("来源地址", max_length=500, blank=True)
    data = models.JSONField(default=dict)
    public = models.BooleanField("已公开", default=False)

    class Meta:
        ordering = ["-published_on", "-key"]
        indexes = [
            models.Index(fields=["body", "kind", "-published_on", "-key"], name="record_body_newest"),
            # What the public lists and counts: of public records alone, which is also all that SQLite understands.
            models.Index(fields=["-published_on", "-key"], name="public_newest", condition=_PUBLIC),
            models.Index(fields=["kind", "-published_on", "-key"], name="public_kind_newest", condition=_PUBLIC),
            models.Index(fields=["body", "-published_on", "-key"], name="public_body_newest", condition=_PUBLIC),
            models.Index(fields=["theme"], name="public_theme", condition=_PUBLIC),
            models.Index(fields=["document_number"], name="record_number"),
            models.Index(fields=["due_on"], name="record_due", condition=models.Q(due_on__isnull=False)),
            models.Index(fields=["reassess_on"], name="record_reassess", condition=models.Q(reassess_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def mark(self) -> str:
        """The mark printed on the line below the date: （此件公开发布） …; empty without an attribute."""
        return Attribute(self.attribute).mark if self.attribute else ""


class Version(models.Model):
    """One text of a record: ``since`` is the first day it is the text in force, ``text`` its SHA-256.

    Numbers count from 1. ``by`` names what made it (the document that amended it).
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    since = models.DateField()
    text = models.CharField(max_length=64)
    by = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["record", "number"]
        constraints = [models.UniqueConstraint(fields=["record", "number"], name="one_version_per_number")]


class Placement(models.Model):
    """Where a record is shown: a column of a site, in the order given there. One record, many placements."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="placements", db_index=False)
    column = models.SlugField("栏目", max_length=64, db_index=False)
    order = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["column", "order", "record"], name="placement_column")]
        constraints = [models.UniqueConstraint(fields=["record", "column"], name="one_placement_per_column")]


class Relation(models.Model):
    """One record acts on another: the verb as seen from ``record``, its reverse (:mod:`.relations`) from the target.

    ``target`` is the other record's key; empty when the library does not hold it, then ``name`` alone says what it is.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="relations")
    verb = models.CharField(max_length=16)
    target = models.CharField(max_length=64, blank=True, db_index=True)
    name = models.CharField(max_length=300, blank=True)
    since = models.DateField(null=True)

    class Meta:
        ordering = ["record", "since", "id"]


class RecordTally(Tally):
    """What the figures count of one record between two instants of knowing; days that have not come are ``OPEN``.

    ``tags`` holds what tells figures apart, each between bars: ``|kind:meeting|data.type:executive|topic:chengyu|``.
    """

    body = models.ForeignKey(Body, models.PROTECT, to_field="key", related_name="+", db_index=False)
    kind = models.CharField(max_length=32)
    document = models.BooleanField()
    attribute = models.CharField(max_length=16, blank=True)
    issued_on = models.DateField()
    published_on = models.DateField()
    withdrawn_on = models.DateField()
    due_on = models.DateField()
    tags = models.CharField(max_length=1000)

    class Meta:
        indexes = [
            models.Index(
                fields=["body", "published_on", "kind"],
                name="record_tally_now",
                condition=models.Q(known_to=FOREVER),
            )
        ]
