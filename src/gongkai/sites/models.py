"""Projections: sites, columns, pages, redirects. And what follows from them and from the library: which records stand in
which column, and the navigation of each site; both can be made anew at any time (:mod:`.filling`)."""

from django.db import models

from gongkai.organs.models import Body
from gongkai.records.models import Record

from .procedure import COLUMN, PAGE, REDIRECT, SITE
from .vocabulary import COLUMN_KINDS, FORMS, PARTS, PERIOD_CHOICES, SPOTS, TINTS


class Site(models.Model):
    """A site as lists and pages show it."""

    key = models.CharField("标识", max_length=24, primary_key=True)
    body = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="主办机关", related_name="+")
    state = models.CharField("状态", max_length=12, choices=[(s.key, s.label) for s in SITE.states])
    main = models.BooleanField("主站", default=False)
    name = models.CharField("网站名称", max_length=60)
    title = models.CharField("副名称", max_length=60, blank=True)
    hosts = models.JSONField("域名", default=list)
    tint = models.CharField("主色调", max_length=12, blank=True, choices=TINTS)
    host = models.CharField("主办单位", max_length=100)
    contact = models.CharField("联系方式", max_length=100)
    code = models.CharField("网站标识码", max_length=10)
    icp = models.CharField("ICP 备案号", max_length=60, blank=True)
    police = models.CharField("公安备案号", max_length=60, blank=True)
    opened_on = models.DateField("开通日期", null=True)
    closed_why = models.CharField("关停原因", max_length=300, blank=True)

    class Meta:
        ordering = ["-main", "key"]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """The address of its front page."""
        return "/" if self.main else f"/s/{self.key}/"


class Column(models.Model):
    """A column. ``key`` is ``<site>_<slug>``; the query fields say which records a column of kind *query* gathers."""

    key = models.CharField(max_length=64, primary_key=True)
    site = models.ForeignKey(Site, models.CASCADE, related_name="columns", verbose_name="网站")
    slug = models.CharField("标识", max_length=30)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="children", db_constraint=False)
    order = models.PositiveIntegerField("排序", default=0)
    state = models.CharField("状态", max_length=12, choices=[(s.key, s.label) for s in COLUMN.states])
    name = models.CharField("栏目", max_length=40)
    kind = models.CharField("种类", max_length=12, choices=COLUMN_KINDS)
    description = models.CharField("说明", max_length=200)
    keywords = models.JSONField("关键词", default=list)
    type = models.CharField("栏目类型", max_length=12)
    period = models.CharField("更新周期", max_length=12, choices=PERIOD_CHOICES)
    spot = models.CharField("首页位置", max_length=12, blank=True, choices=SPOTS)
    part = models.CharField("公开专栏", max_length=12, blank=True, choices=PARTS)
    unlisted = models.BooleanField("不在导航中显示", default=False)
    kinds = models.JSONField(default=list)
    body = models.CharField(max_length=32, blank=True)
    below = models.BooleanField(default=False)
    theme = models.CharField(max_length=60, blank=True)
    topic = models.CharField(max_length=40, blank=True)
    category = models.CharField(max_length=24, blank=True)
    slot = models.CharField(max_length=40, blank=True)
    page = models.CharField(max_length=64, blank=True)
    link = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["site", "order", "key"]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """The address of its first page."""
        return f"{self.site.url}c/{self.slug}/"


class Placed(models.Model):
    """A record an editor put into a column by hand; ``order`` 0 is the latest."""

    column = models.ForeignKey(Column, models.CASCADE, related_name="placed")
    record = models.CharField(max_length=64, db_index=True)
    order = models.PositiveIntegerField()

    class Meta:
        ordering = ["column", "order"]


class Page(models.Model):
    """A page as lists and columns show it; ``shown`` is the SHA-256 of what the public reads, "" when it may read nothing."""

    key = models.CharField(max_length=64, primary_key=True)
    site = models.ForeignKey(Site, models.CASCADE, related_name="pages", verbose_name="网站")
    form = models.CharField("种类", max_length=12, choices=FORMS)
    slug = models.CharField("标识", max_length=40)
    title = models.CharField("标题", max_length=200)
    shown_title = models.CharField(max_length=200, blank=True)
    order = models.PositiveIntegerField("排序", default=0)
    state = models.CharField("状态", max_length=12, choices=[(s.key, s.label) for s in PAGE.states])
    draft = models.CharField(max_length=64)
    shown = models.CharField(max_length=64, blank=True)
    published_on = models.DateField("首次发布", null=True)
    updated_on = models.DateField("最近发布", null=True)
    updated_at = models.DateTimeField(null=True)
    publish_on = models.DateField("定于发布", null=True)
    withdraw_on = models.DateField("定于撤下", null=True)
    withdrawn_on = models.DateField("撤下日期", null=True)
    withdrawn_why = models.CharField("撤下原因", max_length=300, blank=True)

    class Meta:
        ordering = ["site", "form", "order", "key"]
        constraints = [models.UniqueConstraint(fields=["site", "slug"], name="one_page_per_slug")]
        indexes = [
            models.Index(fields=["publish_on"], name="page_publish", condition=models.Q(publish_on__isnull=False)),
            models.Index(fields=["withdraw_on"], name="page_withdraw", condition=models.Q(withdraw_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title


class PageVersion(models.Model):
    """A wording of a page that was published; numbers count from 1."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    since = models.DateField()

    class Meta:
        ordering = ["page", "number"]
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="one_page_version_per_number")]


class Redirect(models.Model):
    """An old address and where it leads."""

    key = models.CharField(max_length=64, primary_key=True)
    site = models.ForeignKey(Site, models.CASCADE, related_name="redirects", verbose_name="网站")
    old = models.CharField("旧地址", max_length=300, db_index=True)
    to = models.CharField("新地址", max_length=500)
    state = models.CharField("状态", max_length=12, choices=[(s.key, s.label) for s in REDIRECT.states])

    class Meta:
        ordering = ["old", "key"]

    def __str__(self) -> str:
        return self.old


class Entry(models.Model):
    """A record stands in a column: what its query finds, what drafters sent there, what editors placed."""

    column = models.ForeignKey(Column, models.CASCADE, related_name="entries", db_constraint=False, db_index=False)
    record = models.ForeignKey(Record, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    on = models.DateField()

    class Meta:
        ordering = ["column", "-on", "-record"]
        indexes = [
            models.Index(fields=["column", "-on", "-record"], name="column_newest"),
            models.Index(fields=["record"], name="column_record"),
        ]
        constraints = [models.UniqueConstraint(fields=["column", "record"], name="one_place_in_column")]


class Shell(models.Model):
    """What every page of a site needs beside its row: the navigation, as nested lists of name, address, children."""

    site = models.OneToOneField(Site, models.CASCADE, primary_key=True, related_name="shell")
    navigation = models.JSONField(default=list)


class Pending(models.Model):
    """Something whose place in the columns is to be looked at again: a ``record``, a ``column`` or a ``site``."""

    what = models.CharField(max_length=8)
    key = models.CharField(max_length=64)
