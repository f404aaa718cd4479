"""Bodies, units, people and the roles people hold."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from .rights import GRANTABLE, ROLES


class Body(models.Model):
    """A body 行政机关 in the tree of one government.

    ``path`` lists the keys from the root ("/cq/cq-office/"), so that a subtree is one prefix. ``reported_by`` is the
    body whose annual report also covers this one (the office reports for its government, Art 49 of the Regulation).
    """

    class Kind(models.TextChoices):
        """What a body is in the order of government."""

        GOVERNMENT = "government", "人民政府"
        OFFICE = "office", "政府办公厅（室）"
        DEPARTMENT = "department", "政府部门"
        DISTRICT = "district", "区县人民政府"
        TOWNSHIP = "township", "乡镇（街道）"
        INSTITUTION = "institution", "其他机构"

    key = models.SlugField("标识", max_length=32, unique=True)
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=40)
    kind = models.CharField("类别", max_length=16, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    reported_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="reports_for")
    path = models.CharField(max_length=400, db_index=True)
    order = models.PositiveIntegerField("排序", default=0)
    document_code = models.CharField("机关代字", max_length=20, blank=True)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A unit 处室 inside a body, to which work is handed."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="units")
    key = models.SlugField("标识", max_length=40)
    name = models.CharField("名称", max_length=60)
    order = models.PositiveIntegerField("排序", default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["body", "key"], name="one_unit_per_key")]

    def __str__(self) -> str:
        return self.name


class People(BaseUserManager["Person"]):
    """Finds people by their sign-in name."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(username=username)


class Person(AbstractBaseUser):
    """Somebody who signs in at the desk."""

    username = models.SlugField("登录名", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    body = models.ForeignKey(Body, models.PROTECT, related_name="people")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="people")
    is_active = models.BooleanField("在用", default=True)

    USERNAME_FIELD = "username"
    objects = People()

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


class Grant(models.Model):
    """A role held by a person on a body, alone or with everything below it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="grants")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    role = models.CharField("角色", max_length=16, choices=[(role, ROLES[role]) for role in GRANTABLE])
    below = models.BooleanField("含下级", default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "body", "role"], name="one_grant_each")]

    def __str__(self) -> str:
        return f"{self.person}：{self.body}{'及下级' if self.below else ''} {self.get_role_display()}"


class Leave(models.Model):
    """Somebody away from ``since`` to ``until`` (both included), and who stands in."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="leaves", verbose_name="休假人")
    deputy = models.ForeignKey(Person, models.CASCADE, related_name="deputations", verbose_name="代理人")
    since = models.DateField("开始日期")
    until = models.DateField("结束日期")

    class Meta:
        ordering = ["since", "id"]
        indexes = [models.Index(fields=["deputy", "until"], name="leave_deputy")]
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="leave_ends_after_it_begins"),
            models.CheckConstraint(condition=~models.Q(person=models.F("deputy")), name="deputy_is_another"),
        ]

    def __str__(self) -> str:
        return f"{self.person}休假，{self.deputy}代理"
